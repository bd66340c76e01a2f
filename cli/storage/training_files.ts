/**
 * The training of a run folder: its checkpoint and history as it proceeds, its network at the end.
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
import { exists, readBytes } from "../program/files.ts";
import { type Output, writeFiles } from "../program/outputs.ts";
import {
  fileIn,
  FILES,
  hasFile,
  refuseOther,
  requireExperiment,
  requireFile,
} from "./run_folder.ts";
import { baseSampleChecksum } from "./simulation_files.ts";

/**
 * Saves the state of a training, and its history for people and plots.
 *
 * @param backend The engine that trained
 */
export function saveCheckpoint(folder: string, checkpoint: Checkpoint, backend: string): void {
  const { arrays, metadata } = checkpointToArrays(checkpoint);
  writeFiles([
    [fileIn(folder, "checkpoint"), encodeSafetensors(arrays, { ...metadata, backend })],
    historyFile(folder, checkpoint.history),
  ]);
}

/** A training that was stopped. */
export interface StoppedTraining {
  readonly checkpoint: Checkpoint;
  /** The engine that trained; undefined if the file does not say. */
  readonly backend: string | undefined;
}

/** The state of the training that was stopped in a folder; null if none was. */
export function loadCheckpoint(folder: string): StoppedTraining | null {
  const path = fileIn(folder, "checkpoint");
  if (!exists(path)) return null;
  return inFile(path, () => {
    const saved = decodeSafetensors(readBytes(path));
    return { checkpoint: checkpointFromArrays(saved), backend: saved.metadata.backend };
  });
}

function historyFile(folder: string, history: readonly Epoch[]): Output {
  const columns = ["epoch", "trainMse", "validationMse", "selected"];
  return [
    fileIn(folder, "history"),
    stringify(history.map((epoch) => ({ ...epoch })), { columns }),
  ];
}

/** Saves a trained network with all that is needed to predict. */
export function saveTrainingRun(folder: string, run: TrainingRun<Experiment>): void {
  const { arrays, metadata } = trainingRunToArrays(run);
  const origin = hasFile(folder, "baseSample")
    ? { baseSample: String(baseSampleChecksum(folder)) }
    : {};
  writeFiles([
    // Once more: a training that was killed after its last checkpoint may not have written the last row.
    historyFile(folder, run.history),
    [fileIn(folder, "weights"), encodeSafetensors(arrays, { ...metadata, ...origin })],
  ]);
}

/**
 * The trained network of a folder.
 *
 * @throws {RunError} If there is none, it is damaged, or of another experiment or base sample than
 * the folder
 */
export function loadTrainingRun(folder: string, experiment: Experiment): TrainingRun<Experiment> {
  const path = requireFile(folder, "weights", "train");
  const saved = inFile(path, () => decodeSafetensors(readBytes(path)));
  const run = inFile(path, () => trainingRunFromArrays(saved, validateExperiment));
  refuseOther(folder, FILES.weights, run.experiment, experiment);
  refuseOtherBase(folder, saved.metadata.baseSample);
  return run;
}

/** Weights of before the base sample was written down, and folders without one, are not checked. */
function refuseOtherBase(folder: string, trained: string | undefined): void {
  if (trained === undefined || !hasFile(folder, "baseSample")) return;
  const found = String(baseSampleChecksum(folder));
  if (found === trained) return;
  throw new RunError(
    `Cannot use run folder ${folder}: its ${FILES.baseSample} was exchanged, its CRC-32 is ${found}, ` +
      `${FILES.weights} was trained on the one with ${trained}`,
  );
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
