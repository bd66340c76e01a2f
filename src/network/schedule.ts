/**
 * The learning rate of one step of a {@linkcode Schedule}.
 *
 * A step is counted from 0 over the whole training. Where the number of steps per epoch varies
 * (fresh catalogs in batches of equal height), all epochs are taken to be as long as the current.
 */
import { checkBatches } from "../features/dataset.ts";
import type { Architecture, Schedule } from "../model.ts";

/**
 * The learning rate of a step: a linear rise over the warm-up, then constant or half a cosine.
 *
 * @example
 * ```ts
 * import { PRESETS } from "@clusters/terse";
 * import { learningRateAt } from "@clusters/terse/network";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { schedule } = PRESETS.compact; // 100 steps to 4e-3, then down to zero
 * assertAlmostEquals(learningRateAt(schedule, 49, 2500), 2e-3);
 * assertEquals(learningRateAt(schedule, 100, 2500), 4e-3);
 * assertAlmostEquals(learningRateAt(schedule, 1300, 2500), 2e-3);
 * ```
 *
 * @param schedule The schedule, of which learningRate, decay and warmupSteps are read
 * @param step Number of the step, from 0
 * @param steps Number of steps of the whole training
 */
export function learningRateAt(schedule: Schedule, step: number, steps: number): number {
  const { learningRate, warmupSteps, decay } = schedule;
  if (step < warmupSteps) return learningRate * (step + 1) / warmupSteps;
  if (decay === "constant") return learningRate;
  const progress = (step - warmupSteps) / (steps - warmupSteps);
  return learningRate * (1 + Math.cos(Math.PI * progress)) / 2;
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
