/** Training on fresh catalogs, as its users run it. */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { decodeSafetensors } from "../src/formats/mod.ts";
import {
  assertRefused,
  command,
  documentOf,
  makeTestFolder,
  readFolder,
  SMALL,
  terse,
} from "./cli_process.ts";
import { BACKEND, FEW_CLUSTERS, NETWORK, ONE_COLUMN, ONE_THREAD } from "./cli_runs.ts";

const folder = makeTestFolder("fresh");

const EPOCHS = 60;
/** Epochs of runs that draw a base sample for each. */
const FEW_EPOCHS = 6;
const NARROW = [...SMALL, ...NETWORK.slice(0, -1), ...ONE_COLUMN, FEW_CLUSTERS];
const TINY = [...NARROW, `--epochs=${EPOCHS}`];
const LATE = ["--fresh-test=10", "--json"];

/** One run of every kind, made once. */
const runs = new Map<string, Promise<Record<string, Uint8Array>>>();
function reproduced(
  name: string,
  args: readonly string[] = [],
  epochs = EPOCHS,
  engine = ONE_THREAD,
): Promise<Record<string, Uint8Array>> {
  const make = async () => {
    const out = `${folder}/${name}`;
    const all = [`--out=${out}`, ...NARROW, `--epochs=${epochs}`, ...engine, ...LATE, ...args];
    documentOf(await terse(folder, "reproduce", ...all));
    return readFolder(out);
  };
  if (!runs.has(name)) runs.set(name, make());
  return runs.get(name)!;
}

function experimentOf(files: Record<string, Uint8Array>): { schedule: Record<string, unknown> } {
  return JSON.parse(new TextDecoder().decode(files["experiment.json"]));
}

/** What training wrote down beside the weights. */
function headerOf(files: Record<string, Uint8Array>): { normalization: unknown } {
  return JSON.parse(decodeSafetensors(files["weights.safetensors"]!).metadata.header!);
}

Deno.test("--fresh-training is a field of the schedule, and changes what is trained on and nothing else", async () => {
  const [fresh, fixed] = [
    await reproduced("fresh", ["--fresh-training"]),
    await reproduced("fixed"),
  ];
  const { schedule } = experimentOf(fresh);
  assertEquals(experimentOf(fixed).schedule, { ...schedule, catalogs: "fixed" });
  assertEquals(schedule.catalogs, "fresh");
  for (const name of ["base_sample.fits", "catalogs.fits"]) assertEquals(fresh[name], fixed[name]);
  type Scales = { readonly pixels: unknown; readonly supplementary: unknown };
  const [one, other] = [fresh, fixed].map((run) => headerOf(run).normalization as Scales);
  assertEquals([one!.pixels, one!.supplementary], [other!.pixels, other!.supplementary]);
  assertNotEquals(fresh["weights.safetensors"], fixed["weights.safetensors"]);
  const results = JSON.parse(new TextDecoder().decode(fresh["results.json"]));
  assertEquals([results.test.count, results.fresh.count], [1, 10]);
});

Deno.test("Training on fresh catalogs that is killed resumes and ends with the same bytes", async () => {
  const whole = await reproduced("fresh", ["--fresh-training"]);
  const out = `${folder}/killed`;
  documentOf(
    await terse(folder, "simulate", `--out=${out}`, ...TINY, "--fresh-training", "--json"),
  );
  const process = command(folder, "train", `--out=${out}`, ...ONE_THREAD).spawn();
  let hasEnded = false;
  const output = process.output().finally(() => hasEnded = true);
  const history = () => {
    try {
      return Deno.readTextFileSync(`${out}/history.csv`);
    } catch {
      return ""; // not written yet
    }
  };
  while (!hasEnded && !/^[3-9],/m.test(history())) {
    await new Promise((done) => setTimeout(done, 5));
  }
  assert(!hasEnded, "the training ended before it could be killed");
  process.kill("SIGKILL");
  await output;
  assert(!("weights.safetensors" in readFolder(out)));
  const resumed = await terse(folder, "train", `--out=${out}`, ...ONE_THREAD);
  assert(/Resuming after epoch \d+ of 60/.test(resumed.stderr), resumed.stderr);
  assertStringIncludes(resumed.stdout, "60 epochs over 10 fresh catalogs");
  for (const name of ["weights.safetensors", "history.csv", "checkpoints/last.safetensors"]) {
    assertEquals(readFolder(out)[name], whole[name], name);
  }
});

Deno.test("Fresh clusters come from a new base sample in every epoch, and the run's own stays", async () => {
  const clusters = "--set=schedule.catalogs=fresh clusters";
  const [fresh, again] = [
    await reproduced("few fresh", ["--fresh-training"], FEW_EPOCHS),
    await reproduced("clusters", [clusters], FEW_EPOCHS),
  ];
  for (const name of ["base_sample.fits", "catalogs.fits"]) assertEquals(again[name], fresh[name]);
  assertNotEquals(again["weights.safetensors"], fresh["weights.safetensors"]);
  const second = await reproduced("clusters again", [clusters], FEW_EPOCHS, [
    BACKEND,
    "--threads=2",
  ]);
  assertEquals(second["weights.safetensors"], again["weights.safetensors"]);
});

Deno.test("Fresh clusters are refused where the base sample is a file's, before anything is trained", async () => {
  const fresh = await reproduced("fresh", ["--fresh-training"]);
  const table = `${folder}/clusters.fits`;
  Deno.writeFileSync(table, fresh["base_sample.fits"]!);
  const out = `${folder}/other`;
  const clusters = "--set=schedule.catalogs=fresh clusters";
  // The same clusters under another seed are a file's.
  const made = [`--out=${out}`, ...TINY, clusters, "--seed=2", `--base-sample=${table}`];
  const refused = await terse(folder, "reproduce", ...made, ...ONE_THREAD, ...LATE);
  assertRefused(refused, 1, "Cannot train", "new base samples", "from a file or observed");
  assert(!("weights.safetensors" in readFolder(out)));
});

Deno.test("A training that began on fixed catalogs does not resume with fresh ones", async () => {
  await reproduced("fixed");
  const refused = await terse(folder, "train", `--out=${folder}/fixed`, "--fresh-training");
  assertRefused(refused, 1, "another experiment", 'schedule.catalogs is "fixed", expected "fresh"');
});

Deno.test("The catalogs of Appendix B can be drawn fresh, too", async () => {
  const args = ["--experiment=overspecialized", "--fresh-training"];
  const files = await reproduced("overspecialized", args);
  const { validationMse } = JSON.parse(
    decodeSafetensors(files["weights.safetensors"]!).metadata.header!,
  ).history.at(-1);
  assert(validationMse > 0 && validationMse < 1, `${validationMse}`);
});
