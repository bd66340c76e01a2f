/**
 * The run folder of a survey's network: its training as it proceeds, the network at the end, and what
 * was measured of it.
 *
 * @module
 */
import { decodeSafetensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { findDifference } from "../../src/numerics/difference.ts";
import type { SavedArrays } from "../../src/network/saved_arrays.ts";
import {
  type SkyRun,
  skyRunFromArrays,
  skyRunToArrays,
  skyStateFromArrays,
  skyStateToArrays,
} from "../../src/runs/sky_network.ts";
import type { SkyRecipe, SkyTrainingState } from "../../src/runs/sky_training.ts";
import { inFile, RunError } from "../program/errors.ts";
import { exists, readBytes } from "../program/files.ts";
import { writeFile } from "../program/outputs.ts";
import { makeFolder } from "../program/targets.ts";

/** The folder's files. */
export const SKY_FILES = {
  network: "network.safetensors",
  training: "training.safetensors",
  evaluation: "evaluation.json",
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
