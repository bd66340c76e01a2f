import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createRandom, drawBaseSample } from "../mod.ts";
import { encodeFits } from "../src/formats/mod.ts";
import { baseSampleToTable } from "../src/runs/cluster_tables.ts";
import {
  assertRefused,
  command,
  decode,
  documentOf,
  makeTestFolder,
  readFolder,
  SMALL,
  terse,
} from "./cli_process.ts";
import { FEW_CLUSTERS, NETWORK, ONE_COLUMN } from "./cli_runs.ts";

const folder = makeTestFolder("failures");

const TABLE = Deno.readTextFileSync(new URL("../fixtures/magneticum_table.csv", import.meta.url));
const HEADING = TABLE.split("\n", 1)[0]!;

/** The fixture table with the value of one cell of its first row replaced. */
function withCell(column: string, text: string): string {
  const [heading, first, ...rest] = TABLE.split("\n");
  const cells = first!.split(",").with(heading!.split(",").indexOf(column), text);
  return [heading, cells.join(","), ...rest].join("\n");
}

/** Runs `simulate` with this base sample; nothing may be written. */
async function refuseBaseSample(content: string | Uint8Array, ...words: string[]): Promise<void> {
  await refuseSimulation(content, `${folder}/base.csv`, ...words);
}

/** Runs `simulate` with a base sample; the line need not name its file. */
async function refuseSimulation(content: string | Uint8Array, ...words: string[]): Promise<void> {
  const path = `${folder}/base.csv`;
  if (typeof content === "string") Deno.writeTextFileSync(path, content);
  else Deno.writeFileSync(path, content);
  const out = `${folder}/refused`;
  const found = await terse(folder, "simulate", `--out=${out}`, `--base-sample=${path}`, ...SMALL);
  assertRefused(found, 1, ...words);
  assertEquals(Object.keys(readFolder(folder)), ["base.csv"]);
  Deno.removeSync(path);
}

Deno.test("A base sample that cannot be used is refused with column, row and expectation", async () => {
  const mass = "m500c[Msol/h]";
  const gasless = TABLE.replaceAll("gas_frac", "gasfrac");
  await refuseSimulation(gasless, "reads logGasMassProfile, which the base sample does not have");
  await refuseBaseSample(withCell(mass, "heavy"), `row 1, column ${mass} is "heavy"`, "number");
  await refuseBaseSample(withCell("T[kev]", "NaN"), `column T[kev] is "NaN"`, "a decimal number");
  await refuseBaseSample(withCell(mass, "-5e13"), `"-5e13"`, "above 0");
  await refuseBaseSample(
    withCell(mass, "5e13,7"),
    "row 1 has 13 fields, should have 12, one per name",
  );
  await refuseBaseSample("", "the file is empty");
  await refuseBaseSample(`${HEADING}\n`, "the table has no rows");
  await refuseBaseSample(TABLE.split("\n").slice(0, 6).join("\n"), "at least 10");
  await refuseBaseSample(Uint8Array.of(0xff, 0xfe, 0x00), "the table has no rows");
  await refuseBaseSample("SIMPLE  = nonsense", "Cannot read FITS");
});

Deno.test("A FITS base sample with a column missing or a value not finite is refused", async () => {
  const table = baseSampleToTable(drawBaseSample(createRandom(1)));
  const columns = table.columns.filter(({ name }) => name !== "logGasMass");
  await refuseBaseSample(encodeFits([{ ...table, columns }]), "column logGasMass is missing");
  const broken = table.columns.map((column) =>
    column.name === "logMass"
      ? { ...column, data: new Float64Array(table.count).fill(NaN) }
      : column
  );
  await refuseBaseSample(encodeFits([{ ...table, columns: broken }]), "logMass in row 1", "NaN");
  await refuseBaseSample(encodeFits([{ ...table, header: [] }]), "OMEGA_M", "missing");
  await refuseBaseSample(encodeFits([]), "table CLUSTERS is missing");
});

Deno.test("The simulation's own table is a base sample, and so is the base_sample.fits it makes", async () => {
  const path = new URL("../fixtures/magneticum_table.csv", import.meta.url).pathname;
  const args = ["simulate", ...SMALL, "--json"];
  const first = await terse(folder, ...args, `--out=${folder}/csv`, `--base-sample=${path}`);
  assertEquals(documentOf(first).baseClusters, 56);
  assertStringIncludes(first.stderr, "4 clusters below the mass limit were left out");
  const fits = `--base-sample=${folder}/csv/base_sample.fits`;
  documentOf(await terse(folder, ...args, `--out=${folder}/fits`, fits));
  assertEquals(readFolder(`${folder}/fits`), readFolder(`${folder}/csv`));
  const other = await terse(folder, ...args, `--out=${folder}/csv`);
  assertRefused(other, 1, "base_sample.fits", "another base sample", "--out");
  Deno.removeSync(`${folder}/csv`, { recursive: true });
  Deno.removeSync(`${folder}/fits`, { recursive: true });
});

const LATE: readonly string[] = ["--fresh-test=10", "--backend=wasm"];

/** Makes a finished run folder once. */
let finished: Promise<string> | undefined;
function finishedRun(): Promise<string> {
  return finished ??= (async () => {
    const out = `${folder}/finished`;
    const args = ["reproduce", `--out=${out}`, ...SMALL, "--epochs=1", ...LATE, "--json"];
    documentOf(await terse(folder, ...args));
    return out;
  })();
}

Deno.test("A run folder of another experiment is refused and left as it was", async () => {
  const out = await finishedRun();
  const before = readFolder(out);
  const refuse = async (words: string[], ...args: string[]) =>
    assertRefused(
      await terse(folder, ...args, `--out=${out}`),
      1,
      out,
      "another experiment",
      ...words,
    );
  await refuse(["seed is 1, expected 2"], "simulate", "--seed=2");
  await refuse(
    ["volumeFraction is 0.5, expected 0.3"],
    "train",
    "--set=catalog.survey.volumeFraction=0.3",
  );
  await refuse(["schedule.epochs is 1, expected 2"], "train", "--epochs=2");
  await refuse(
    ['"luminosity", expected "shuffled"'],
    "reproduce",
    ...SMALL,
    "--experiment=shuffled",
    "--epochs=1",
  );
  assertEquals(readFolder(out), before);
});

Deno.test("Files of another run, cut short or damaged are refused by name", async () => {
  const out = await finishedRun();
  const before = readFolder(out);
  const refuse = async (file: string, bytes: Uint8Array, verb: string, ...words: string[]) => {
    Deno.writeFileSync(`${out}/${file}`, bytes);
    assertRefused(await terse(folder, verb, `--out=${out}`, "--backend=wasm"), 1, file, ...words);
    Deno.writeFileSync(`${out}/${file}`, before[file]!);
  };
  const half = (file: string) => before[file]!.subarray(0, before[file]!.length / 2);
  await refuse("weights.safetensors", half("weights.safetensors"), "evaluate", "the file has");
  await refuse("weights.safetensors", new Uint8Array(), "evaluate", "the file has 0 bytes");
  await refuse("catalogs.fits", half("catalogs.fits"), "evaluate", "the file has");
  await refuse("base_sample.fits", half("base_sample.fits"), "evaluate");
  await refuse("checkpoints/last.safetensors", half("checkpoints/last.safetensors"), "train");
  await refuse("experiment.json", half("experiment.json"), "evaluate", "not JSON");
  await refuse("experiment.json", new TextEncoder().encode("{}"), "evaluate", "missing");
  const flipped = before["weights.safetensors"]!.slice();
  flipped[flipped.length - 1]! ^= 1;
  await refuse("weights.safetensors", flipped, "evaluate", "damaged");

  const other = `${folder}/other`;
  const args = [
    "reproduce",
    `--out=${other}`,
    ...SMALL,
    "--epochs=1",
    "--seed=3",
    ...LATE,
    "--json",
  ];
  documentOf(await terse(folder, ...args));
  const foreign = readFolder(other);
  const weights = foreign["weights.safetensors"]!;
  await refuse(
    "weights.safetensors",
    weights,
    "evaluate",
    "another experiment",
    "seed is 3, expected 1",
  );
  await refuse("catalogs.fits", foreign["catalogs.fits"]!, "evaluate", "SEED is 3, expected 1");
  await refuse("base_sample.fits", foreign["base_sample.fits"]!, "evaluate", "exchanged");
  await refuse("checkpoints/last.safetensors", foreign["checkpoints/last.safetensors"]!, "train");
  assertEquals(readFolder(out), before);
});

Deno.test("A stage that comes too early names the command to run first", async () => {
  const out = `--out=${folder}/early`;
  assertRefused(await terse(folder, "train", out), 1, 'run "simulate" first');
  assertRefused(await terse(folder, "evaluate", out), 1, 'run "simulate" first');
  documentOf(await terse(folder, "simulate", out, ...SMALL, "--json"));
  assertRefused(await terse(folder, "evaluate", out), 1, "weights", 'run "train" first');
});

Deno.test("A folder that cannot be written to is refused, and so is one that is a file", async () => {
  const denied = await terse(folder, "simulate", "--out=/proc/terse", ...SMALL);
  assertRefused(denied, 1, "/proc/terse");
  Deno.writeTextFileSync(`${folder}/file`, "kept");
  assertRefused(await terse(folder, "simulate", `--out=${folder}/file`, ...SMALL), 1, "file");
  assertEquals(Deno.readTextFileSync(`${folder}/file`), "kept");
});

const EPOCHS = 60;
/** A network of a few hundred weights: its epochs are short. */
const WIDTHS = NETWORK.slice(0, -1);

/** Starts a training of many short epochs, or resumes it, and stops it by a signal at one of some epochs. */
async function stopTraining(
  out: string,
  signal: Deno.Signal,
  epochs: RegExp,
): Promise<ReturnType<typeof decode>> {
  const process = command(folder, "train", `--out=${out}`, "--backend=wasm").spawn();
  let hasEnded = false;
  const output = process.output().finally(() => hasEnded = true);
  while (!hasEnded && !epochs.test(readHistory(out))) {
    await new Promise((done) => setTimeout(done, 5));
  }
  assert(!hasEnded, "the training ended before it could be stopped");
  process.kill(signal);
  return decode(await output);
}

function readHistory(out: string): string {
  try {
    return Deno.readTextFileSync(`${out}/history.csv`);
  } catch {
    return ""; // not written yet
  }
}

Deno.test("A training that is stopped and then killed resumes and ends with the same bytes", async () => {
  const whole = `${folder}/whole`;
  const plan = [...SMALL, ...WIDTHS, ...ONE_COLUMN, FEW_CLUSTERS, `--epochs=${EPOCHS}`];
  documentOf(await terse(folder, "reproduce", `--out=${whole}`, ...plan, ...LATE, "--json"));
  const out = `${folder}/interrupted`;
  documentOf(await terse(folder, "simulate", `--out=${out}`, ...plan, "--json"));
  const hasWeights = () => Object.keys(readFolder(out)).includes("weights.safetensors");
  const stopped = await stopTraining(out, "SIGINT", /^[3-9],/m);
  assertEquals(stopped.code, 1);
  assertStringIncludes(stopped.stderr, "terse: Stopped; the same command resumes");
  assert(!stopped.stderr.includes("    at "), stopped.stderr);
  assert(!hasWeights());
  const killed = await stopTraining(out, "SIGKILL", /^(2[0-9]|3[0-9]),/m);
  assert(/Resuming after epoch \d of 60/.test(killed.stderr), killed.stderr.slice(0, 300));
  assert(!hasWeights());
  const resumed = await terse(folder, "train", `--out=${out}`, "--backend=wasm", "--json");
  assertEquals(documentOf(resumed).epochs, EPOCHS);
  assert(/Resuming after epoch [1-5]\d of 60/.test(resumed.stderr), resumed.stderr.slice(0, 300));
  const [left, right] = [readFolder(out), readFolder(whole)];
  for (const name of ["weights.safetensors", "history.csv", "checkpoints/last.safetensors"]) {
    assert(left[name]!.every((byte, i) => byte === right[name]![i]), name);
    assertEquals(left[name]!.length, right[name]!.length);
  }
});
