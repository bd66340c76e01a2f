/** `report` as its users run it, on tiny networks. */
import { assert, assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { EXPERIMENTS } from "../mod.ts";
import {
  assertRefused,
  documentOf,
  makeTestFolder,
  readFolder,
  SMALL,
  terse,
} from "./cli_process.ts";
import { makeRun, NETWORK, ONE_THREAD } from "./cli_runs.ts";

const folder = makeTestFolder("report");

const RUN = `${folder}/run`;
const LATE = [...ONE_THREAD, "--fresh-test=20"];

interface Report {
  readonly page: string;
  readonly bytes: number;
  readonly figures: readonly string[];
  readonly missing: readonly { readonly what: string; readonly remedy: string }[];
}

function report(out: string, ...args: string[]) {
  return terse(folder, "report", `--out=${out}`, ...LATE, ...args);
}

async function reportOf(out: string, ...args: string[]): Promise<Report> {
  return documentOf(await report(out, ...args, "--json")) as unknown as Report;
}

function readPage(out: string): string {
  return Deno.readTextFileSync(`${out}/report.html`);
}

/** The text of a figure's card. */
function figureOf(page: string, number: number): string {
  return new RegExp(`<figure class="card" id="figure-${number}">[\\s\\S]*?</figure>`).exec(
    page,
  )![0];
}

/** The cells of Table 4's row. */
function rowOf(page: string, head: string): string[] {
  const row = page.split("<tr>").find((row) => row.startsWith(`<th scope="row">${head}`))!;
  return Array.from(row.matchAll(/<td>(.*?)<\/td>/g), ([, cell]) => cell!);
}

/** The report that takes the other networks from folders that are named; it is made once. */
let named: Promise<Report> | undefined;
const reportNamed = (): Promise<Report> =>
  named ??= reportOf(
    RUN,
    `--no-wl=${RUN}/noWeakLensing`,
    `--overspecialized=${RUN}/overspecialized`,
  );

/** The figures of other networks, which a run alone does not have. */
const OTHERS: readonly number[] = [12, 19, 20, 21];

Deno.test("report writes one page with every section, and drawings and numbers beside it", async () => {
  await makeRun(folder, RUN);
  const before = readFolder(RUN);
  const { page, bytes, figures } = await reportOf(RUN);
  const html = readPage(RUN);
  assertEquals([page, bytes], [`${RUN}/report.html`, new TextEncoder().encode(html).length]);
  assertLess(bytes, 5e6);
  const headings = Array.from(html.matchAll(/<h2>(.*?)<\/h2>/g), ([, text]) => text!.split(":")[0]);
  const sections = ["Section 2", "Section 3", "Section 4", "Section 5"];
  assertEquals(headings, ["What this network tells", ...sections, "Appendix A", "Appendix B"]);
  for (let number = 1; number <= 21; number++) {
    assertEquals(figureOf(html, number).includes("<svg "), !OTHERS.includes(number), `${number}`);
  }
  for (const text of ["<h1>Custom experiment, custom network, seed 1</h1>", "Table 2.", "414: "]) {
    assertStringIncludes(html, text);
  }

  const after = readFolder(RUN);
  const added = Object.keys(after).filter((name) => !(name in before)).map((n) => `${RUN}/${n}`);
  assertEquals(added.sort(), [page, ...figures].sort());
  for (const name of Object.keys(before)) assertEquals(after[name], before[name], name);
  assertEquals(figures.filter((path) => path.endsWith(".svg")).length, 18);
  for (const path of figures) {
    const text = Deno.readTextFileSync(path);
    if (path.endsWith(".svg")) assert(text.startsWith("<svg ") && html.includes(text), path);
    else assertGreater(text.trimEnd().split("\n").length, 1, path);
  }
});

Deno.test("the report's page names no address but that of SVG, and loads nothing", () => {
  const html = readPage(RUN);
  const addresses = new Set(html.match(/[a-z]+:\/\/[^\s"'<>)]+/g));
  assertEquals([...addresses], ["http://www.w3.org/2000/svg"]);
  assert(!/<(link|img|iframe|object|embed|base)\b|@import|\ssrc=/.test(html));
  assertStringIncludes(html, "default-src 'none'");
});

Deno.test("the report has the numbers of evaluate, and says in which rows there are none", async () => {
  const { test, fresh } = documentOf(
    await terse(folder, "evaluate", `--out=${RUN}`, ...LATE, "--json"),
  );
  const show = ({ scatter, scatterError, count }: Record<string, number>) =>
    `${scatter!.toFixed(4)} ± ${scatterError!.toFixed(4)} (${count})`;
  const html = readPage(RUN);
  const [onTest, onFresh, paper] = rowOf(html, "Standard");
  assertEquals(onTest, show(test as Record<string, number>));
  assertEquals(onFresh!.split(" ")[0], show(fresh as Record<string, number>).split(" ")[0]);
  assertEquals(paper, "0.0212 ± 0.0009");
  assertEquals(rowOf(html, "No WL").slice(0, 2), Array(2).fill("not computed in this run"));
  assertStringIncludes(html, "Spread over trainings: not computed in this run");
  assertStringIncludes(html, "synthetic stand-in");
});

Deno.test("report prints what it lacks with the command that computes it, and repeats its bytes", async () => {
  const before = readFolder(RUN);
  const { code, stdout, stderr } = await report(RUN);
  assertEquals(code, 0, stderr);
  for (
    const line of [
      `${RUN}/report.html: `,
      "17 of 21 figures",
      `Table 4: Shuffled (table4 --out ${RUN})`,
      `Table 4: Information limit (table4 --out ${RUN})`,
      `Spread over trainings (interpret --out ${RUN} --seeds 10)`,
      `Fig. 12: Saliency without weak lensing (report --out ${RUN} --train-missing)`,
      `Fig. 21: Overspecialized terse layer (report --out ${RUN} --train-missing)`,
    ]
  ) assertStringIncludes(stdout, line);
  assertEquals(readFolder(RUN), before);
});

Deno.test("report --train-missing trains the other networks, which later reports use", async () => {
  const first = await report(RUN, "--train-missing", "--json");
  const { missing } = documentOf(first) as unknown as Report;
  assertEquals(missing.map(({ what }) => what), [
    "Table 4: Information limit",
    "Table 4: Information limit, no WL",
    "Spread over trainings",
    "Fig. 9, exact: Leave one out, compared with the exact answer",
    "Fig. 12, exact: Which clusters carry σ8, compared with the exact answer",
  ]);
  const html = readPage(RUN);
  for (const number of OTHERS) assertStringIncludes(figureOf(html, number), "<svg ");
  for (const head of ["Shuffled", "No WL", "Array of Ones"]) {
    assert(/^0\.\d{4} ± 0\.\d{4} \(42\)$/.test(rowOf(html, head)[0]!), head);
  }
  const own = JSON.parse(Deno.readTextFileSync(`${RUN}/overspecialized/experiment.json`));
  assertEquals(own.catalog.recipe, "prescriptive");
  const { epochs } = EXPERIMENTS.overspecialized.schedule.compact; // for the preset's 16
  assertEquals([own.architecture.encoder, own.schedule.epochs], [[8, 4], epochs! * 2 / 16]);
  const second = await report(RUN, "--json");
  assert(first.stderr.includes("Epoch 1") && !second.stderr.includes("Epoch 1"), second.stderr);
  assertEquals((documentOf(second) as unknown as Report).missing, missing);
  assertEquals(readPage(RUN), html);
});

Deno.test("report shows the spread over trainings that interpret left, if it is of this network", async () => {
  documentOf(
    await terse(folder, "interpret", `--out=${RUN}`, ...ONE_THREAD, "--seeds=2", "--json"),
  );
  const { missing } = await reportNamed();
  assert(!missing.some(({ what }) => what === "Spread over trainings"));
  assertStringIncludes(readPage(RUN), `<th scope="row">leave one out: half width</th><td>2</td>`);

  const path = `${RUN}/interpretation.json`;
  const record = JSON.parse(Deno.readTextFileSync(path));
  const before = readFolder(RUN);
  const refuse = async (changed: unknown, ...words: string[]) => {
    Deno.writeTextFileSync(path, JSON.stringify(changed));
    assertRefused(await report(RUN), 1, "interpretation.json", ...words);
  };
  const headlines = { ...record.headlines, "sigma8 scatter": 0.5 };
  await refuse({ ...record, headlines }, "its network scatters by 0.5");
  await refuse(
    { ...record, seeds: [{ name: "x", mean: "NaN" }] },
    "seeds is not a list of spreads",
  );
  await refuse(null, "it has no scatter");
  Deno.writeFileSync(path, before["interpretation.json"]!);
  assertEquals(readFolder(RUN), before);
});

Deno.test("report takes the other networks from folders that are named, and refuses wrong ones", async () => {
  const before = readFolder(folder);
  assertRefused(await report(RUN, `--no-wl=${RUN}`), 1, RUN, "sees weak lensing masses");
  assertRefused(
    await report(RUN, `--overspecialized=${RUN}`),
    1,
    RUN,
    `its recipe is "neighbor", "prescriptive" is needed`,
  );
  assertRefused(await report(RUN, `--overspecialized=${folder}/none`), 1, `${folder}/none`);
  assertEquals(readFolder(folder), before);
  assertEquals((await reportNamed()).missing.length, 4);
});

Deno.test("report refuses a run without weights or with another's catalogs, and writes nothing", async () => {
  const out = `${folder}/untrained`;
  assertRefused(await report(out), 1, out, 'run "simulate" first');
  documentOf(await terse(folder, "simulate", `--out=${out}`, ...SMALL, ...NETWORK, "--json"));
  const files = readFolder(out);
  assertRefused(await report(out), 1, "weights.safetensors", 'run "train" first');
  assertEquals(readFolder(out), files);

  const catalogs = Deno.readFileSync(`${RUN}/catalogs.fits`);
  Deno.writeFileSync(`${RUN}/catalogs.fits`, files["catalogs.fits"]!);
  const before = readFolder(RUN);
  assertRefused(await report(RUN), 1, "catalogs.fits", "another experiment");
  assertEquals(readFolder(RUN), before);
  Deno.writeFileSync(`${RUN}/catalogs.fits`, catalogs);
  const few = await terse(folder, "report", `--out=${RUN}`, "--fresh-test=1");
  assertRefused(few, 2, "--fresh-test", "from 2 on");
});

Deno.test("report of a network beside Standard has its row alone, and names no command that would refuse it", async () => {
  const out = `${folder}/ones`;
  await makeRun(folder, out, "--experiment=ones");
  const { missing } = await reportOf(out);
  assertStringIncludes(rowOf(readPage(out), "Array of Ones")[0]!, "(42)");
  const rows = missing.filter(({ what }) => what.startsWith("Table 4"));
  assertEquals(rows.length, 5);
  const lensing = missing.filter(({ what }) => what.startsWith("Fig. 12:"));
  for (const { what, remedy } of [...rows, ...lensing]) {
    assertEquals(remedy, "needs a run folder of standard", what);
  }
});

Deno.test("report of too few catalogs has gaps instead of numbers", async () => {
  const out = `${folder}/few`;
  const args = [...SMALL, ...NETWORK, ...LATE, "--json"];
  documentOf(await terse(folder, "reproduce", `--out=${out}`, ...args));
  const { missing } = await reportOf(out);
  const regression = missing.find(({ what }) => what.startsWith("Table 4: Eleven"))!;
  assertStringIncludes(regression.remedy, "78 are needed");
  const html = readPage(out);
  assertEquals(rowOf(html, "Standard")[0], "fewer than 2 catalogs");
  assertStringIncludes(html, "too few catalogs for a verdict");
  assertStringIncludes(figureOf(html, 9), "too few clusters in every bin");
  assert(!/NaN|undefined|Infinity/.test(html.replace(/<script[\s\S]*?<\/script>/g, "")));
});
