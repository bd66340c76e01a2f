/**
 * Files of a run whose checksum is right and whose fields are not: each is refused by the field's name.
 */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readRecord } from "../cli/storage/record_fields.ts";
import { loadVerdict } from "../cli/storage/interpretation_files.ts";
import { loadCalibration } from "../cli/storage/calibration_files.ts";
import { loadScatter } from "../cli/storage/run_folder.ts";
import { loadCheckpoint, loadTrainingRun } from "../cli/storage/training_files.ts";
import { requireExperiment } from "../cli/storage/run_folder.ts";
import { decodeSafetensors, encodeSafetensors } from "../src/formats/safetensors.ts";
import { openArrays, sealArrays } from "../src/network/saved_arrays.ts";
import { decodeReference } from "../src/pretrained/reference_file.ts";
import type { NamedArrays } from "../src/numerics/arrays.ts";
import { documentOf, makeTestFolder, terse } from "./cli_process.ts";
import { makeRun, ONE_THREAD } from "./cli_runs.ts";

const folder = makeTestFolder("fields");

const RUN = `${folder}/run`;
await makeRun(folder, RUN);
documentOf(await terse(folder, "train", `--out=${RUN}`, ...ONE_THREAD, "--json"));

type Json = Record<string, unknown>;

/** The file with a field of its header replaced, sealed again as if it had been written so. */
function reseal(
  bytes: Uint8Array,
  kind: string,
  path: string,
  value: unknown,
  change: (arrays: NamedArrays) => NamedArrays = (arrays) => arrays,
): Uint8Array {
  const saved = decodeSafetensors(bytes);
  const header = openArrays(kind, saved) as Json;
  if (path !== "") put(header, path, value);
  const sealed = sealArrays(kind, header, change(saved.arrays));
  return encodeSafetensors(sealed.arrays, { ...saved.metadata, ...sealed.metadata });
}

function put(json: Json, path: string, value: unknown): void {
  const names = path.split(".");
  const last = names.pop()!;
  const inner = names.reduce((at, name) => at[name] as Json, json);
  inner[last] = value;
}

/** Replaces the last number of the first array. */
const spoil = (arrays: NamedArrays): NamedArrays => {
  const [name, array] = Object.entries(arrays)[0]!;
  const data = array.data.slice();
  data[data.length - 1] = NaN;
  return { ...arrays, [name]: { ...array, data } } as NamedArrays;
};

/** Checks that reading is refused with these words once a field is replaced, and works before. */
function refuseFields(
  file: string,
  kind: string,
  read: () => unknown,
  faults: readonly (readonly [path: string, value: unknown, words: string])[],
): void {
  const path = `${RUN}/${file}`;
  const whole = Deno.readFileSync(path);
  read();
  for (const [field, value, words] of faults) {
    const change = field === "" ? spoil : undefined;
    Deno.writeFileSync(path, reseal(whole, kind, field, value, change));
    const { message } = assertThrows(read, Error, undefined, `${file} ${field}`);
    assertStringIncludes(message, words);
  }
  Deno.writeFileSync(path, whole);
}

const HISTORY_FAULTS = [
  ["history", "none", "expected a list"],
  ["history.0.trainMse", "small", 'history.0.trainMse is "small", expected a number'],
  ["history.1.validationMse", null, "history.1.validationMse is null, expected a number"],
  ["history.1.selected", 1, "history.1.selected is 1, expected true or false"],
  ["history.1.epoch", 5, "history.1.epoch is 5, expected 2"],
  ["history.0.extra", 5, "history.0.extra is an unknown field"],
  ["selectedEpoch", 7, "selectedEpoch is 7, expected at most 2"],
  ["selectedEpoch", 0.5, "selectedEpoch is 0.5, expected"],
  ["", NaN, "is NaN, expected a finite number"],
] as const;

Deno.test("Weights are refused by the field that is not what it should be", () => {
  const experiment = requireExperiment(RUN);
  const read = () => loadTrainingRun(RUN, experiment);
  refuseFields("weights.safetensors", "terse training run", read, [
    ...HISTORY_FAULTS,
    ["normalization.pixels.0.scale", 0, "normalization.pixels.0.scale is 0, expected another"],
    ["normalization.pixels.0.offset", "low", 'normalization.pixels.0.offset is "low", expected'],
    ["normalization.pixels", [{ offset: 0, scale: 1 }], "is a list of 1, expected 15"],
    ["normalization.sigma8", { offset: 1 }, "normalization.sigma8"],
    ["normalization.sigma8.widening", -1, "normalization.sigma8.widening is -1"],
    ["experiment.schedule", 1, "schedule is 1, expected a record"],
  ]);
});

Deno.test("A checkpoint is refused by the field that is not what it should be", () => {
  refuseFields("checkpoints/last.safetensors", "terse checkpoint", () => loadCheckpoint(RUN), [
    ...HISTORY_FAULTS,
    ["origin.key", [1], "origin.key is [1], expected a list of 2 to 2"],
    ["origin.data", 5, "origin.data is 5, expected text"],
  ]);
});

Deno.test("A safety reference is refused by the field that is not what it should be", () => {
  const read = () => decodeReference(Deno.readFileSync(`${RUN}/safety.safetensors`));
  refuseFields("safety.safetensors", "terse safety reference", read, [
    ["spec.order", "up", 'spec.order is "up", expected one of'],
    ["terse.scale", 0, "terse.scale is 0, expected"],
    ["network.reasons", "bad", 'network.reasons is "bad", expected a list'],
    ["usual.0.sides", "none", 'usual.0.sides is "none", expected one of "both", "upper"'],
    ["usual.0.place", -1, "usual.0.place is -1, expected a whole number from 0"],
    ["faults.0", "none", "faults.0"],
    ["", NaN, "is NaN, expected a finite number"],
  ]);
});

/** Checks that a record in JSON is refused by its field. */
function refuseRecord(
  file: string,
  record: Json,
  read: () => unknown,
  faults: readonly (readonly [path: string, value: unknown, words: string])[],
): void {
  for (const [field, value, words] of faults) {
    const changed = structuredClone(record);
    put(changed, field, value);
    Deno.writeTextFileSync(`${RUN}/${file}`, JSON.stringify(changed));
    const { message } = assertThrows(read, Error);
    assertStringIncludes(message, `${RUN}/${file}`);
    assertStringIncludes(message, words);
    assertStringIncludes(message, "again");
  }
}

Deno.test("Results, verdicts and calibrations are refused by the field that is not what it should be", () => {
  const path = `${RUN}/results.json`;
  const results = JSON.parse(Deno.readTextFileSync(path)) as Json;
  assertEquals(loadScatter(RUN).scatter, (results.fresh as Json).scatter);
  refuseRecord("results.json", results, () => loadScatter(RUN), [
    ["fresh.scatter", -1, "fresh.scatter is -1, expected a number above 0"],
    ["fresh.scatter", null, "fresh.scatter is null"],
    ["fresh", null, "fresh.scatter is"],
    ["test.bias", "none", 'test.bias is "none", expected a number'],
    ["countBaseline.count", 0, "countBaseline.count is 0, expected a whole number from 1"],
    ["selectedEpoch", 0, "selectedEpoch is 0, expected a whole number from 1"],
    ["weights", 1e12, "weights is 1000000000000"],
    // Each could have been measured, but was not.
    ["fresh.scatter", 0.0001, "its numbers were changed since they were written"],
    ["fresh.count", 2999, "its numbers were changed since they were written"],
    ["test.bias", 0, "its numbers were changed since they were written"],
    ["checksum", 1, "its numbers were changed since they were written"],
  ]);
  const verdict = { faithful: true, measure: "r", value: 0.9, limit: 0.8, text: "faithful" };
  refuseRecord("interpretation.json", { faithfulness: { verdict } }, () => loadVerdict(RUN), [
    ["faithfulness.verdict.faithful", "yes", 'faithfulness.verdict.faithful is "yes"'],
    ["faithfulness.verdict.value", "high", 'faithfulness.verdict.value is "high"'],
    ["faithfulness.verdict", "good", "faithfulness.verdict"],
  ]);
  const judged = (weights: number) => {
    Deno.writeTextFileSync(
      `${RUN}/interpretation.json`,
      JSON.stringify({ faithfulness: { verdict }, weights }),
    );
    return loadVerdict(RUN);
  };
  assertEquals(judged(results.weights as number), verdict);
  assertEquals(judged((results.weights as number) + 1), null);
  Deno.writeTextFileSync(`${RUN}/interpretation.json`, `{"faithfulness":null}`);
  assertEquals(loadVerdict(RUN), null);
  const coverage = [0.68, 0.95].map((level) => ({ level, covered: level }));
  const calibration = { count: 10, coverage, ranks: { chiSquareProbability: 0.5 } };
  Deno.writeTextFileSync(`${RUN}/calibration.json`, JSON.stringify({ calibration }));
  assertEquals(loadCalibration(RUN)?.catalogs, 10);
  refuseRecord("calibration.json", { calibration }, () => loadCalibration(RUN), [
    ["calibration.count", 0, "calibration.count is 0"],
    ["calibration.coverage.0.covered", 2, "calibration.coverage.0.covered is 2, expected"],
    ["calibration.coverage", [], "has no level 0.68 or 0.95"],
    ["calibration.ranks.chiSquareProbability", null, "chiSquareProbability is null"],
  ]);
});

Deno.test("A training that resumes on another backend says so", async () => {
  const path = `${RUN}/checkpoints/last.safetensors`;
  const saved = decodeSafetensors(Deno.readFileSync(path));
  const metadata = { ...saved.metadata, backend: "wasm" };
  Deno.writeFileSync(path, encodeSafetensors(saved.arrays, metadata));
  const resumed = await terse(folder, "train", `--out=${RUN}`, ...ONE_THREAD, "--json");
  documentOf(resumed);
  assertStringIncludes(
    resumed.stderr,
    "it was trained on wasm, core continues with other rounding",
  );
});

Deno.test("Fields that nobody reads are not judged", () => {
  const path = `${folder}/record.json`;
  Deno.writeTextFileSync(path, `{"a":{"b":1,"c":null}}`);
  readRecord(path, { "a.b": { kind: "number" }, "a.d?.e": { kind: "number" } }, "evaluate");
});
