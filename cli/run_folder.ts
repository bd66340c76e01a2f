/**
 * The run folder: which file holds what, and the rule that one folder holds one experiment.
 *
 * @module
 */
import type { Catalog } from "../src/catalogs/catalog.ts";
import type { BaseSample } from "../src/clusters/base_sample.ts";
import type { Experiment } from "../src/experiments.ts";
import { validateExperiment } from "../src/experiments/validation.ts";
import { crc32 } from "../src/formats/crc32.ts";
import type { FitsTable } from "../src/formats/fits.ts";
import { encodeFits } from "../src/formats/fits.ts";
import { headerValue } from "../src/formats/fits_header.ts";
import { decodeFits } from "../src/formats/fits_reader.ts";
import { decodeSafetensors, encodeSafetensors } from "../src/formats/safetensors.ts";
import type { Epoch } from "../src/model.ts";
import type { Checkpoint } from "../src/network/checkpoint.ts";
import { checkpointFromArrays, checkpointToArrays } from "../src/network/checkpoint.ts";
import type { TrainingRun } from "../src/network/trained_model.ts";
import { trainingRunFromArrays, trainingRunToArrays } from "../src/network/trained_model.ts";
import { stringify } from "@std/csv/stringify";
import {
  baseSampleFromTables,
  baseSampleToTable,
  catalogsFromTables,
  catalogsToTables,
} from "./cluster_tables.ts";
import { inFile, RunError } from "./errors.ts";
import { canonicalJson } from "./experiment_options.ts";
import { exists, makeFolder, readBytes, readJson, writeFile } from "./files.ts";

/** A run folder's files. */
export const FILES = {
  experiment: "experiment.json",
  baseSample: "base_sample.fits",
  observedProfiles: "observed_profiles.fits",
  catalogs: "catalogs.fits",
  catalogShard: "catalogs_shard.fits",
  weights: "weights.safetensors",
  checkpoint: "checkpoints/last.safetensors",
  history: "history.csv",
  results: "results.json",
  limit: "limit.json",
  limitWithoutLensing: "limit_no_wl.json",
  interpretation: "interpretation.json",
  table4: "table4.json",
  robustness: "robustness.json",
  calibration: "calibration.json",
  report: "report.html",
} as const;

/** The path of one of a folder's files. */
export function fileIn(folder: string, file: keyof typeof FILES): string {
  return `${folder}/${FILES[file]}`;
}

/** The experiment that a folder holds; null if it holds none. */
export function readExperiment(folder: string): Experiment | null {
  const path = fileIn(folder, "experiment");
  if (!exists(path)) return null;
  const json = readJson(path);
  return inFile(path, () => validateExperiment(json));
}

/**
 * The experiment that a folder must hold for a stage that reads it.
 *
 * @throws {RunError} If it holds none
 */
export function requireExperiment(folder: string): Experiment {
  const stored = readExperiment(folder);
  if (stored) return stored;
  throw new RunError(
    `Cannot use run folder ${folder}: it has no ${FILES.experiment}, run "simulate" first`,
  );
}

/**
 * Makes a folder the experiment's: before training has begun, catalogs and seed must be those of
 * the experiment that is there; afterwards, everything must.
 *
 * @throws {RunError} If the folder is another experiment's, naming the first field that differs
 */
export function claimRunFolder(folder: string, experiment: Experiment): void {
  const stored = readExperiment(folder);
  if (stored) {
    const isTrained = exists(fileIn(folder, "checkpoint")) || exists(fileIn(folder, "weights"));
    const relevant = ({ catalog, seed, ...rest }: Experiment) =>
      isTrained ? { catalog, seed, ...rest } : { catalog, seed };
    refuseOther(folder, FILES.experiment, relevant(stored), relevant(experiment));
  }
  makeFolder(folder);
  writeFile(fileIn(folder, "experiment"), `${JSON.stringify(experiment, null, 2)}\n`);
}

/**
 * Throws if what a file of a folder says of its experiment is not what is expected.
 *
 * @throws {RunError} Naming the first field that differs
 */
export function refuseOther(folder: string, file: string, found: unknown, expected: unknown): void {
  const difference = findDifference(found, expected, "");
  if (difference === null) return;
  throw new RunError(
    `Cannot use run folder ${folder}: ${file} is of another experiment, ${difference}; ` +
      `choose another --out`,
  );
}

/** "seed is 1, expected 2" for the first place where two JSON values differ; null if none. */
function findDifference(found: unknown, expected: unknown, path: string): string | null {
  const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null;
  if (isRecord(found) && isRecord(expected)) {
    for (const key of new Set([...Object.keys(found), ...Object.keys(expected)])) {
      const inner = findDifference(found[key], expected[key], path ? `${path}.${key}` : key);
      if (inner !== null) return inner;
    }
    return null;
  }
  if (found === expected) return null;
  const show = (value: unknown) => value === undefined ? "missing" : JSON.stringify(value);
  return `its ${path} is ${show(found)}, expected ${show(expected)}`;
}

/**
 * Saves the base sample; one that is there must be the same.
 *
 * @throws {RunError} If the folder has another base sample
 */
export function saveBaseSample(folder: string, base: BaseSample): void {
  const path = fileIn(folder, "baseSample");
  const bytes = encodeFits([baseSampleToTable(base)]);
  if (exists(path) && crc32(readBytes(path)) !== crc32(bytes)) {
    throw new RunError(`Cannot write ${path}: it holds another base sample; choose another --out`);
  }
  writeFile(path, bytes);
}

/** The base sample of a folder; see {@linkcode requireFile} and `decodeFits` for errors. */
export function loadBaseSample(folder: string): BaseSample {
  const path = requireFile(folder, "baseSample", "simulate");
  return inFile(path, () => baseSampleFromTables(decodeFits(readBytes(path)).tables));
}

/** CRC-32 of a folder's base sample, which names what was drawn from it. */
export function baseSampleChecksum(folder: string): number {
  return crc32(readBytes(requireFile(folder, "baseSample", "simulate")));
}

/** What catalogs are drawn by, as header cards; the base sample must have been saved. */
function originCards(folder: string, { catalog, seed }: Experiment, shard: string | undefined) {
  const base = baseSampleChecksum(folder);
  return [
    ...shard === undefined ? [] : [{ keyword: "SHARD", value: shard }],
    { keyword: "SEED", value: seed, comment: "root of the random streams" },
    { keyword: "BASECRC", value: base, comment: "CRC-32 of base_sample.fits" },
    { keyword: "PLAN", value: canonicalJson(catalog) },
  ];
}

/**
 * Saves the catalogs, with what they were drawn by.
 *
 * @param sets The set of each catalog
 * @param shard Which share of all catalogs they are, "2/3"; all of them if left out
 */
export function saveCatalogs(
  folder: string,
  experiment: Experiment,
  catalogs: readonly Catalog[],
  sets: readonly string[],
  shard?: string,
): void {
  const tables = catalogsToTables(catalogs, sets, originCards(folder, experiment, shard));
  writeFile(fileIn(folder, shard === undefined ? "catalogs" : "catalogShard"), encodeFits(tables));
}

/**
 * The catalogs of a folder.
 *
 * @param shard Which share they must be; all of them if left out
 * @throws {RunError} If there are none, or they were not drawn by this experiment
 */
export function loadCatalogs(folder: string, experiment: Experiment, shard?: string): Catalog[] {
  const tables = loadCatalogTables(folder, experiment, shard);
  const path = fileIn(folder, shard === undefined ? "catalogs" : "catalogShard");
  return inFile(path, () => catalogsFromTables(tables));
}

/** The tables that hold the catalogs of a folder; see {@linkcode loadCatalogs} for errors. */
export function loadCatalogTables(
  folder: string,
  experiment: Experiment,
  shard?: string,
): readonly FitsTable[] {
  const file = shard === undefined ? "catalogs" : "catalogShard";
  const path = requireFile(folder, file, "simulate");
  return inFile(path, () => {
    const { tables } = decodeFits(readBytes(path));
    const header = tables[0]?.header ?? [];
    for (const { keyword, value } of originCards(folder, experiment, shard)) {
      if (headerValue(header, keyword) !== value) {
        throw new RunError(
          `Cannot use ${path}: it was drawn by another experiment or ${FILES.baseSample}, its ${keyword} ` +
            `is ${headerValue(header, keyword)}, expected ${value}; run "simulate" again`,
        );
      }
    }
    return tables;
  });
}

/** The path of a file that an earlier command wrote. */
function requireFile(folder: string, file: keyof typeof FILES, command: string): string {
  const path = fileIn(folder, file);
  if (exists(path)) return path;
  throw new RunError(`Cannot read ${path}: there is no such file, run "${command}" first`);
}

/** Saves the state of a training, and its history for people and plots. */
export function saveCheckpoint(folder: string, checkpoint: Checkpoint): void {
  const { arrays, metadata } = checkpointToArrays(checkpoint);
  makeFolder(`${folder}/checkpoints`);
  writeFile(fileIn(folder, "checkpoint"), encodeSafetensors(arrays, metadata));
  saveHistory(folder, checkpoint.history);
}

/** The state of the training that was stopped in a folder; null if none was. */
export function loadCheckpoint(folder: string): Checkpoint | null {
  const path = fileIn(folder, "checkpoint");
  if (!exists(path)) return null;
  return inFile(path, () => checkpointFromArrays(decodeSafetensors(readBytes(path))));
}

function saveHistory(folder: string, history: readonly Epoch[]): void {
  const columns = ["epoch", "trainMse", "validationMse", "selected"];
  writeFile(
    fileIn(folder, "history"),
    stringify(history.map((epoch) => ({ ...epoch })), { columns }),
  );
}

/** Saves a trained network with all that is needed to predict. */
export function saveTrainingRun(folder: string, run: TrainingRun<Experiment>): void {
  const { arrays, metadata } = trainingRunToArrays(run);
  // Once more: a training that was killed after its last checkpoint has not written the last row.
  saveHistory(folder, run.history);
  writeFile(fileIn(folder, "weights"), encodeSafetensors(arrays, metadata));
}

/**
 * The trained network of a folder.
 *
 * @throws {RunError} If there is none, it is damaged, or of another experiment than the folder
 */
export function loadTrainingRun(folder: string, experiment: Experiment): TrainingRun<Experiment> {
  const path = requireFile(folder, "weights", "train");
  const run = inFile(
    path,
    () => trainingRunFromArrays(decodeSafetensors(readBytes(path)), validateExperiment),
  );
  refuseOther(folder, FILES.weights, run.experiment, experiment);
  return run;
}

/** Whether a folder has a file. */
export function hasFile(folder: string, file: keyof typeof FILES): boolean {
  return exists(fileIn(folder, file));
}

/**
 * The network without weak lensing of another folder, for use on the catalogs of an experiment.
 *
 * @throws {RunError} If there is none, it was trained on other catalogs, or sees weak lensing
 */
export function loadRunWithoutLensing(
  folder: string,
  { catalog, seed }: Experiment,
): TrainingRun<Experiment> {
  const other = requireExperiment(folder);
  const { catalog: plan, seed: root } = other;
  refuseOther(folder, FILES.experiment, { catalog: plan, seed: root }, { catalog, seed });
  const { pixels, supplementary } = other.features;
  if ([...pixels, ...supplementary].includes("logWeakLensingMass")) {
    throw new RunError(
      `Cannot compare with ${folder}: its network sees weak lensing masses, one that does not is needed`,
    );
  }
  return loadTrainingRun(folder, other);
}

/** Saves what was measured. */
export function saveResults(folder: string, results: unknown): void {
  saveJson(folder, "results", results);
}

/** Saves a record that a command made. */
export function saveJson(folder: string, file: keyof typeof FILES, record: unknown): void {
  writeFile(fileIn(folder, file), `${JSON.stringify(record, null, 2)}\n`);
}
