/** The run folder: which file holds what, and the rule that one folder holds one experiment. */
import type { Experiment } from "../../src/experiments/experiment.ts";
import { validateExperiment } from "../../src/experiments/validation.ts";
import { findDifference } from "../../src/numerics/difference.ts";
import { crc32 } from "../../src/formats/crc32.ts";
import { inFile, RunError } from "../program/errors.ts";
import { exists, readBytes, readJson } from "../program/files.ts";
import { holdFolder } from "../program/folder_lock.ts";
import { holdFile, writeFile } from "../program/outputs.ts";
import { fileIn, FILES } from "../program/run_files.ts";
import {
  ABOVE_0,
  CHECKSUM,
  COUNT,
  NUMBER,
  type ReadFields,
  readRecord,
  TEXT,
} from "./record_fields.ts";

export { fileIn, FILES };

/** Whether a folder has a file. */
export function hasFile(folder: string, file: keyof typeof FILES): boolean {
  return exists(fileIn(folder, file));
}

/**
 * The path of a file that an earlier command wrote.
 *
 * @throws {RunError} If it is not there, naming the command
 */
export function requireFile(folder: string, file: keyof typeof FILES, command: string): string {
  const path = fileIn(folder, file);
  if (exists(path)) return path;
  throw new RunError(`Cannot read ${path}: there is no such file, run "${command}" first`);
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
 * Makes a folder the experiment's, with the first result that is written to it: before training has begun, base sample, catalogs and seed must be those of
 * the experiment that is there; afterwards, everything must.
 *
 * @throws {RunError} If the folder is another experiment's, naming the first field that differs, or another
 * process works in it
 */
export function claimRunFolder(folder: string, experiment: Experiment): void {
  holdFolder(folder);
  const stored = checkRunFolder(folder, experiment);
  if (stored && findDifference(stored, experiment) === null) return;
  // In one order, whichever command writes it.
  const { base, catalog, features, architecture, schedule, seed } = experiment;
  const ordered = { base, catalog, features, architecture, schedule, seed };
  holdFile(fileIn(folder, "experiment"), `${JSON.stringify(ordered, null, 2)}\n`);
}

/**
 * Throws if a folder cannot become an experiment's; see {@linkcode claimRunFolder}.
 *
 * @returns The experiment that the folder holds
 */
export function checkRunFolder(folder: string, experiment: Experiment): Experiment | null {
  const stored = readExperiment(folder);
  if (stored) {
    const isTrained = exists(fileIn(folder, "checkpoint")) || exists(fileIn(folder, "weights"));
    const relevant = ({ base, catalog, seed, ...rest }: Experiment) =>
      isTrained ? { base, catalog, seed, ...rest } : { base, catalog, seed };
    refuseOther(folder, FILES.experiment, relevant(stored), relevant(experiment));
  }
  return stored;
}

/**
 * Throws if a file of a folder belongs to another experiment.
 *
 * @throws {RunError} Naming the first field that differs
 */
export function refuseOther(folder: string, file: string, found: unknown, expected: unknown): void {
  const difference = findDifference(found, expected);
  if (difference === null) return;
  throw new RunError(
    `Cannot use run folder ${folder}: ${file} is of another experiment, its ${difference.path} is ` +
      `${difference.found}, expected ${difference.expected}; choose another --out`,
  );
}

/** Saves what was measured of a network, with the CRC-32 of its weights and one of the record itself. */
export function saveResults(folder: string, results: object): void {
  const record = { ...results, weights: weightsChecksum(folder) };
  saveJson(folder, "results", { ...record, checksum: recordChecksum(record) });
}

/** CRC-32 of a record as it is read again. */
function recordChecksum(record: object): number {
  return crc32(new TextEncoder().encode(JSON.stringify(record)));
}

/** CRC-32 of a folder's weights, which names what was measured with them. */
export function weightsChecksum(folder: string): number {
  return crc32(readBytes(requireFile(folder, "weights", "train")));
}

/** What is read of each set's errors in `results.json`. */
const ERRORS: ReadFields = {
  count: COUNT,
  scatter: { kind: "number", from: 0 }, // 0 of a single catalog
  scatterError: { kind: "number", from: 0 },
  bias: NUMBER,
};

const RESULTS: ReadFields = {
  "fresh.scatter": ABOVE_0,
  ...Object.fromEntries(
    ["test?", "fresh?", "countBaseline?"].flatMap((set) =>
      Object.entries(ERRORS).map(([name, field]) => [`${set}.${name}?`, field])
    ),
  ),
  "experiment?": TEXT,
  "seed?": { kind: "whole number", from: 0 },
  "selectedEpoch?": COUNT,
  "weights?": CHECKSUM,
  "checksum?": CHECKSUM,
};

/** What `results.json` records of the network whose weights are in the same folder. */
export interface MeasuredScatter {
  /** Scatter of sigma8 on fresh catalogs; `null` if it was not measured with these weights. */
  readonly scatter: number | null;
  /** Why a scatter that is there is not taken; "" if it is. */
  readonly reason: string;
}

/**
 * The scatter that was measured with a folder's weights.
 *
 * @throws {RunError} If `results.json` is there and not what evaluate writes
 */
export function loadScatter(folder: string): MeasuredScatter {
  if (!hasFile(folder, "results")) return { scatter: null, reason: "" };
  const path = fileIn(folder, "results");
  const { checksum, ...record } = readRecord(path, RESULTS, "evaluate") as {
    readonly fresh: { readonly scatter: number };
    readonly weights?: number;
    readonly checksum?: number;
  };
  const { fresh: { scatter }, weights } = record;
  if (weights === weightsChecksum(folder)) {
    if (checksum === undefined || checksum === recordChecksum(record)) {
      return { scatter, reason: "" };
    }
    throw new RunError(
      `Cannot read ${path}: its numbers were changed since they were written, they do not match ` +
        `checksum ${checksum}; run "evaluate" again`,
    );
  }
  const reason = weights === undefined
    ? `${path} does not say with which weights`
    : `${path} was measured with other weights`;
  return { scatter: null, reason: `${reason}; "evaluate" measures these` };
}

/** Saves a record that a command made. */
export function saveJson(folder: string, file: keyof typeof FILES, record: unknown): void {
  writeFile(fileIn(folder, file), `${JSON.stringify(record, null, 2)}\n`);
}
