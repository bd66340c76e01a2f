/**
 * What a {@linkcode Schedule} asks of one step: the learning rate, and the supplementary columns
 * that are hidden so that the network leans on the encoder.
 *
 * A step is counted from 0 over the whole training. Where the number of steps an epoch varies
 * (fresh catalogs in batches of equal height), all epochs are taken to be as long as the current.
 *
 * @module
 */
import type { Batch } from "../features/dataset.ts";
import { checkBatches } from "../features/dataset.ts";
import type { Architecture, Schedule } from "../model.ts";
import type { Random } from "../numerics/random.ts";

/**
 * The learning rate of a step: a linear rise over the warm-up, then constant or half a cosine.
 *
 * @example
 * ```ts
 * import { PRESETS } from "@clusters/terse";
 * import { learningRateAt } from "@clusters/terse/network";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { schedule } = PRESETS.compact; // 100 steps to 2e-3, then down to zero
 * assertAlmostEquals(learningRateAt(schedule, 49, 2500), 1e-3);
 * assertEquals(learningRateAt(schedule, 100, 2500), 2e-3);
 * assertAlmostEquals(learningRateAt(schedule, 1300, 2500), 1e-3);
 * ```
 *
 * @param schedule Its learningRate, decay and warmupSteps are read
 * @param step From 0
 * @param steps Steps of the whole training
 */
export function learningRateAt(schedule: Schedule, step: number, steps: number): number {
  const { learningRate, warmupSteps, decay } = schedule;
  if (step < warmupSteps) return learningRate * (step + 1) / warmupSteps;
  if (decay === "constant") return learningRate;
  const progress = (step - warmupSteps) / (steps - warmupSteps);
  return learningRate * (1 + Math.cos(Math.PI * progress)) / 2;
}

/** The probability of hiding a supplementary column at a step; see {@linkcode learningRateAt}. */
export function supplementaryDropoutAt(schedule: Schedule, step: number, steps: number): number {
  if (schedule.supplementaryDropout === null) return 0;
  const { probability, until } = schedule.supplementaryDropout;
  return probability * Math.max(0, 1 - step / (steps * until));
}

/**
 * Sets whole supplementary columns of whole catalogs to scaled zero, each with its own draw: the
 * mean of the column under "z-score", its least value under "range".
 *
 * With luminosity and weak lensing mass at hand, the network hardly needs the terse value, whose
 * correlation with mass is then a lottery over seeds (0.02 to 0.94). Hiding them at random early in
 * training, from an encoder that starts linear, makes it 0.9 and more at no cost in sigma8. This
 * departs from the paper.
 *
 * @param batch Left as it is
 * @param probability Of hiding one column of one catalog, 0 to 1
 * @param random One draw for each catalog and column, in that order
 */
export function hideSupplementary(batch: Batch, probability: number, random: Random): Batch {
  const { count, rowOffsets } = batch;
  const width = batch.supplementary.length / Math.max(1, rowOffsets[count]!);
  const supplementary = batch.supplementary.slice();
  for (let c = 0; c < count; c++) {
    for (let column = 0; column < width; column++) {
      if (random.uniform() >= probability) continue;
      for (let row = rowOffsets[c]!; row < rowOffsets[c + 1]!; row++) {
        supplementary[row * width + column] = 0;
      }
    }
  }
  return { ...batch, supplementary };
}

/**
 * Checks that a network of this architecture can be trained by this schedule.
 *
 * @throws {RangeError} If it cannot, naming the field
 */
export function checkSchedule(schedule: Schedule, architecture: Architecture): void {
  const { epochs, batches, loss, shards } = schedule;
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new RangeError(`Cannot train: epochs is ${epochs}, should be a whole number from 1 on`);
  }
  checkBatches(batches, "train");
  if (!Number.isInteger(shards) || shards < 1) {
    throw new RangeError(`Cannot train: shards is ${shards}, should be a whole number from 1 on`);
  }
  const outputs = loss === "gaussian" ? "mean and log variance" : "value";
  if (architecture.outputs !== outputs) {
    throw new RangeError(
      `Cannot train: outputs is "${architecture.outputs}", should be "${outputs}" for the loss "${loss}"`,
    );
  }
}
