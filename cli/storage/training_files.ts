/**
 * The training of a run folder: its checkpoint and history as it proceeds, its network at the end.
 *
 * @module
 */
import { stringify } from "@std/csv/stringify";
import type { Experiment } from "../../src/experiments/experiment.ts";
import { validateExperiment } from "../../src/experiments/validation.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import type { Epoch } from "../../src/model.ts";
import type { Checkpoint } from "../../src/network/checkpoint.ts";
import { checkpointFromArrays, checkpointToArrays } from "../../src/network/checkpoint.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import { trainingRunFromArrays, trainingRunToArrays } from "../../src/network/trained_model.ts";
import { inFile, RunError } from "../program/errors.ts";
import { exists, makeFolder, readBytes, writeFile } from "../program/files.ts";
import { fileIn, FILES, refuseOther, requireExperiment, requireFile } from "./run_folder.ts";

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

/**
 * The network without weak lensing of another folder, for use on the catalogs of an experiment.
 *
 * @throws {RunError} If there is none, it was trained on other catalogs, or sees weak lensing
 */
export function loadRunWithoutLensing(
  folder: string,
  experiment: Experiment,
): TrainingRun<Experiment> {
  const other = requireExperiment(folder);
  const catalogsOf = ({ base, catalog, seed }: Experiment) => ({ base, catalog, seed });
  refuseOther(folder, FILES.experiment, catalogsOf(other), catalogsOf(experiment));
  const { pixels, supplementary } = other.features;
  if ([...pixels, ...supplementary].includes("logWeakLensingMass")) {
    throw new RunError(
      `Cannot compare with ${folder}: its network sees weak lensing masses, one that does not is needed`,
    );
  }
  return loadTrainingRun(folder, other);
}
