/** `interpret` as its users run it, on tiny networks. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import {
  assertRefused,
  documentOf,
  makeTestFolder,
  readFolder,
  SMALL,
  terse,
} from "./cli_process.ts";
import { makeRun, NETWORK, ONE_THREAD } from "./cli_runs.ts";

const folder = makeTestFolder("interpret");

const RUN = `${folder}/run`;

type Numbers = Record<string, number | null>;

function interpret(out: string, ...args: string[]) {
  return terse(folder, "interpret", `--out=${out}`, ...ONE_THREAD, ...args);
}

function readText(path: string): string {
  return Deno.readTextFileSync(path);
}

Deno.test("interpret prints headline numbers beside the paper's and writes a CSV a panel", async () => {
  await makeRun(folder, RUN);
  const before = Object.keys(readFolder(RUN));
  const found = documentOf(await interpret(RUN, "--json"));
  const headlines = found.headlines as Numbers;
  const paper = found.paper as Record<string, string>;
  assertEquals(paper["terse layer: terse scatter percent"], "16.1");
  for (const name of Object.keys(paper).filter((name) => !name.startsWith("no weak lensing"))) {
    assert(name in headlines, name);
  }
  const partial = headlines["terse layer: r(terse, sigma8 | log M)"]!;
  const error = headlines["terse layer: error of r(terse, sigma8 | log M)"]!;
  assertAlmostEquals(partial / error, headlines["overspecialization: partial significance"]!, 1e-9);
  const { overspecialized } = found.verdict as { overspecialized: boolean };

  const files = readFolder(RUN);
  const added = Object.keys(files).filter((name) => !before.includes(name));
  assert(added.includes("interpretation.json"));
  const lines = (panel: string) => readText(`${RUN}/figures/${panel}.csv`).trim().split("\n");
  assertEquals(lines("terse_layer_clusters").length, 1 + (found.clusters as number));
  assertEquals(lines("leave_one_out_clusters").length, 1 + (found.clusters as number));
  assertStringIncludes(lines("saliency_medians")[0]!, "logTemperature");
  for (const panel of ["transition_logYx", "self_calibration_cells", "larger_survey_cells"]) {
    assert(lines(panel).length > 1, panel);
  }
  const record = JSON.parse(readText(`${RUN}/interpretation.json`));
  assertEquals(record.headlines, headlines);
  assertEquals(record.network.overspecialization.overspecialized, overspecialized);
  assertEquals(record.network.leaveOneOut.original.length, 42);

  const { stdout } = await interpret(RUN);
  for (const word of ["42 test catalogs", "0.003", "17.9", "verspecialized"]) {
    assertStringIncludes(stdout, word);
  }
  assertEquals(readFolder(RUN), files);
});

Deno.test("interpret --seeds trains networks on the same catalogs and gives each number's spread", async () => {
  const first = await interpret(RUN, "--seeds=2", "--json");
  const { seeds, headlines } = documentOf(first) as {
    seeds: (Numbers & { name: string })[];
    headlines: Numbers;
  };
  const spread = seeds.find(({ name }) => name === "leave one out: half width")!;
  const own = headlines["leave one out: half width"]!;
  assertEquals([spread.count, spread.missing], [2, 0]);
  assert(spread.min! < spread.max! && (own === spread.min || own === spread.max));
  assertAlmostEquals(spread.mean!, (spread.min! + spread.max!) / 2, 1e-15);
  const { seed, ...experiment } = JSON.parse(readText(`${RUN}/seeds/2/experiment.json`));
  assertEquals({ ...experiment, seed: 1 }, JSON.parse(readText(`${RUN}/experiment.json`)));
  assertEquals(seed, 2);

  // The proxies that need no network say that both looked at the same clusters.
  const gasMass = seeds.find(({ name }) => name === "terse layer: gas mass scatter percent")!;
  assertEquals(gasMass.standardDeviation, 0);
  const second = await interpret(RUN, "--seeds=2", "--json");
  assertEquals(documentOf(second).seeds, seeds);
  assert(first.stderr.includes("Epoch 1") && !second.stderr.includes("Epoch 1"));
});

Deno.test("interpret compares with a network that sees no weak lensing, and with no other", async () => {
  const other = `${folder}/blind`;
  await makeRun(folder, other, "--experiment=noWeakLensing");
  const found = documentOf(await interpret(RUN, `--no-wl=${other}`, "--json"));
  const peak = (found.headlines as Numbers)["no weak lensing: saliency: gas mass peak log M"]!;
  assert(peak > 13.5 && peak < 16);
  assertStringIncludes(readText(`${RUN}/figures/no_wl_saliency_means.csv`), "from,to,count");
  assertRefused(await interpret(RUN, `--no-wl=${RUN}`), 1, RUN, "sees weak lensing masses");
  const path = `${other}/experiment.json`;
  Deno.writeTextFileSync(path, readText(path).replace('"seed": 1', '"seed": 3'));
  assertRefused(await interpret(RUN, `--no-wl=${other}`), 1, other, "seed is 3, expected 1");
  assertRefused(await interpret(RUN, `--no-wl=${folder}/none`), 1, `${folder}/none`);
});

Deno.test("interpret gives no verdict and says why where catalogs are too few", async () => {
  const out = `${folder}/few`;
  const args = [...SMALL, ...NETWORK, ...ONE_THREAD, "--fresh-test=2", "--json"];
  documentOf(await terse(folder, "reproduce", `--out=${out}`, ...args));
  const { code, stdout, stderr } = await interpret(out);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "No verdict on overspecialization: there are too few");
  assertStringIncludes(stdout, "not defined");
  const { verdict, headlines } = documentOf(await interpret(out, "--json"));
  assertEquals([verdict, (headlines as Numbers)["self-calibration: scatter in A"]], [null, null]);
});

Deno.test("interpret refuses a run without weights and catalogs of another experiment", async () => {
  const out = `${folder}/untrained`;
  assertRefused(await interpret(out), 1, out, 'run "simulate" first');
  documentOf(await terse(folder, "simulate", `--out=${out}`, ...SMALL, ...NETWORK, "--json"));
  const files = readFolder(out);
  assertRefused(await interpret(out), 1, "weights.safetensors", 'run "train" first');
  assertEquals(readFolder(out), files);

  const catalogs = Deno.readFileSync(`${RUN}/catalogs.fits`);
  Deno.writeFileSync(`${RUN}/catalogs.fits`, files["catalogs.fits"]!);
  const before = readFolder(RUN);
  assertRefused(await interpret(RUN), 1, "catalogs.fits", "another experiment");
  assertEquals(readFolder(RUN), before);
  Deno.writeFileSync(`${RUN}/catalogs.fits`, catalogs);
  assertRefused(await interpret(RUN, "--seeds=0"), 2, "--seeds", "from 1 on");
});
