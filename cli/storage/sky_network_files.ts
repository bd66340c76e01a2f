/**
 * The run folder of a survey's network: its training as it proceeds, the network at the end, and
 * what was measured of it.
 */
import { decodeSafetensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import type { SkySurvey } from "../../src/catalogs/sky/survey.ts";
import { type Calibration, calibrationColumns } from "../../src/evaluation/calibration.ts";
import { formatCsv } from "../../src/formats/csv.ts";
import { findDifference } from "../../src/numerics/difference.ts";
import type { SavedArrays } from "../../src/network/saved_arrays.ts";
import {
  type SkyRun,
  skyRunFromArrays,
  skyRunToArrays,
  skyStateFromArrays,
  skyStateToArrays,
} from "../../src/runs/sky_network.ts";
import type { SkyRecipe } from "../../src/runs/sky_recipe.ts";
import type { SkyTrainingState } from "../../src/runs/sky_training.ts";
import { inFile, RunError } from "../program/errors.ts";
import { exists, readBytes } from "../program/files.ts";
import { type Output, writeFile, writeFiles } from "../program/outputs.ts";
import { makeFolder } from "../program/targets.ts";
import { plainRecord } from "./calibration_files.ts";

/** The folder's files. */
export const SKY_FILES = {
  network: "network.safetensors",
  training: "training.safetensors",
  evaluation: "evaluation.json",
  calibration: "calibration.json",
  robustness: "robustness.json",
  report: "report.html",
} as const;

function save(folder: string, file: keyof typeof SKY_FILES, saved: SavedArrays): void {
  makeFolder(folder);
  writeFile(`${folder}/${SKY_FILES[file]}`, encodeSafetensors(saved.arrays, saved.metadata));
}

function load<T>(
  folder: string,
  file: keyof typeof SKY_FILES,
  decode: (saved: SavedArrays) => T,
): T | null {
  const path = `${folder}/${SKY_FILES[file]}`;
  return exists(path) ? inFile(path, () => decode(decodeSafetensors(readBytes(path)))) : null;
}

/** Saves a training after an epoch. */
export function saveSkyTraining(folder: string, recipe: SkyRecipe, state: SkyTrainingState): void {
  save(folder, "training", skyStateToArrays(recipe, state));
}

/**
 * The training that a folder has begun; null if there is none.
 *
 * @throws {RunError} If it is of another recipe, or damaged
 */
export function loadSkyTraining(folder: string, recipe: SkyRecipe): SkyTrainingState | null {
  const found = load(folder, "training", skyStateFromArrays);
  if (found === null) return null;
  refuseOtherRecipe(folder, found.recipe, recipe);
  return found.state;
}

/** Saves a trained network. */
export function saveSkyRun(folder: string, run: SkyRun): void {
  save(folder, "network", skyRunToArrays(run));
}

/** The trained network of a folder; null if it has none yet. */
export function findSkyRun(folder: string): SkyRun | null {
  return load(folder, "network", skyRunFromArrays);
}

/**
 * Refuses to go on with a folder whose training is another.
 *
 * @throws {RunError} Naming the first field that differs
 */
export function refuseOtherRecipe(folder: string, found: SkyRecipe, wanted: SkyRecipe): void {
  const difference = findDifference(found, wanted);
  if (difference === null) return;
  throw new RunError(
    `Cannot train in ${folder}: its training has ${difference.path} ${difference.found}, this one ` +
      `${difference.expected}; take another folder`,
  );
}

/**
 * Refuses a network of another survey.
 *
 * @param name What the wanted survey is called
 * @throws {RunError} Naming the first field that differs
 */
export function refuseOtherSurvey(
  folder: string,
  found: SkySurvey,
  wanted: SkySurvey,
  name: string,
): void {
  const difference = findDifference(found, wanted);
  if (difference === null) return;
  throw new RunError(
    `Cannot use ${folder}: its network is of a survey with ${difference.path} ${difference.found}, ` +
      `${name} has ${difference.expected}`,
  );
}

/** Saves what a command measured. */
export function saveSkyRecord(
  folder: string,
  file: "evaluation" | "robustness",
  record: unknown,
): void {
  writeFile(`${folder}/${SKY_FILES[file]}`, `${JSON.stringify(plainRecord(record), null, 2)}\n`);
}

/** Saves a calibration, and the numbers of its plots as CSV, by number of cosmology. */
export function saveSkyCalibration(
  folder: string,
  record: unknown,
  calibrations: Readonly<Record<string, Calibration>>,
): void {
  const figures = Object.entries(calibrations).flatMap(([name, calibration]) =>
    Object.entries(calibrationColumns(calibration)).map(([plot, columns]): Output => [
      `${folder}/figures/calibration_${name}_${plot}.csv`,
      formatCsv(columns),
    ])
  );
  const text = `${JSON.stringify(plainRecord(record), null, 1)}\n`;
  writeFiles([...figures, [`${folder}/${SKY_FILES.calibration}`, text]]);
}
