/**
 * The whole state of a training between two epochs: a run that is stopped and resumed from it ends
 * with the same bits as one that was not.
 *
 * Random streams are not among it. Every draw of epoch e comes from a stream forked by the names
 * of its use and e, so the key of the root and the number of epochs done say all.
 */
import type { FeatureSpec } from "../features/features.ts";
import { widthOf } from "../features/features.ts";
import type { Architecture, Epoch, InputWidths, Schedule } from "../model.ts";
import type { NamedArrays } from "../numerics/arrays.ts";
import { findDifference } from "../numerics/difference.ts";
import type { SavedArrays } from "./saved_arrays.ts";
import { checkCheckpointHeader, checkFinite } from "./saved_fields.ts";
import { arraysUnder, openArrays, prefixArrays, sealArrays } from "./saved_arrays.ts";

/** Choices from which a network is made and trained; an `Experiment` has these fields and more. */
export interface NetworkChoices {
  /** What the network sees. */
  readonly features: FeatureSpec;
  /** How the network is built. */
  readonly architecture: Architecture;
  /** How the network is trained. */
  readonly schedule: Schedule;
}

/** The start of a training; a checkpoint can be resumed with no other. */
export interface TrainingOrigin extends NetworkChoices {
  /** Key of the random stream. */
  readonly key: readonly [number, number];
  /**
   * Fingerprint of the catalogs, in hexadecimal; of the validation catalogs for fresh ones.
   */
  readonly data: string;
}

/** The best weights so far by validation error. */
export interface SelectedWeights {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Weights after that epoch. */
  readonly weights: NamedArrays;
}

/** A training between two epochs. */
export interface Checkpoint {
  /** The start of the training. */
  readonly origin: TrainingOrigin;
  /** The epochs that are done, in order. */
  readonly history: readonly Epoch[];
  /** Weights after the last epoch that is done. */
  readonly weights: NamedArrays;
  /** Optimizer's moments and step count, by the engine's names. */
  readonly optimizerState: NamedArrays;
  /** The best weights so far; `null` before the first epoch that may be selected. */
  readonly selected: SelectedWeights | null;
}

const KIND = "terse checkpoint";

/** Widths of the network's inputs for these columns. */
export function inputWidths(features: FeatureSpec): InputWidths {
  return { pixels: widthOf(features.pixels), supplementary: widthOf(features.supplementary) };
}

/** A checkpoint as arrays and text: "weights/...", "optimizer/..." and "selected/..." by name. */
export function checkpointToArrays(checkpoint: Checkpoint): SavedArrays {
  const { origin, history, selected } = checkpoint;
  return sealArrays(KIND, { origin, history, selectedEpoch: selected?.epoch ?? null }, {
    ...prefixArrays("weights/", checkpoint.weights),
    ...prefixArrays("optimizer/", checkpoint.optimizerState),
    ...prefixArrays("selected/", selected?.weights ?? {}),
  });
}

/**
 * The checkpoint that {@linkcode checkpointToArrays} saved.
 *
 * @throws {SyntaxError} If the arrays are not a checkpoint, or are damaged
 * @throws {TypeError | RangeError} If a field is not what it should be, or a number not finite
 */
export function checkpointFromArrays(saved: SavedArrays): Checkpoint {
  const found = openArrays(KIND, saved);
  checkCheckpointHeader(found);
  checkFinite(saved.arrays, "read checkpoint");
  const header = found as {
    origin: TrainingOrigin;
    history: Epoch[];
    selectedEpoch: number | null;
  };
  return {
    origin: header.origin,
    history: header.history,
    weights: arraysUnder("weights/", saved.arrays),
    optimizerState: arraysUnder("optimizer/", saved.arrays),
    selected: header.selectedEpoch === null
      ? null
      : { epoch: header.selectedEpoch, weights: arraysUnder("selected/", saved.arrays) },
  };
}

/**
 * Throws unless a checkpoint belongs to the training that is to be resumed.
 *
 * @throws {RangeError} If it belongs to another, naming the first field that differs
 */
export function checkOrigin(checkpoint: Checkpoint, origin: TrainingOrigin): void {
  const difference = findDifference(checkpoint.origin, origin);
  if (difference === null) return;
  const { path, found, expected } = difference;
  throw new RangeError(
    `Cannot resume training: ${path} of the checkpoint is ${found}, of this training ${expected}`,
  );
}
