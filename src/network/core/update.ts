/**
 * The update of the weights: the gradient's norm where it is limited, then the optimiser.
 *
 * @module
 */
import type { StepOptions } from "../../model.ts";
import * as op from "./opcodes.ts";
import type { Setting } from "./setting.ts";

/** Addresses and numbers of an update. */
export interface Update {
  readonly first: number;
  readonly second: number;
  /** From 1. */
  readonly step: number;
  readonly options: Pick<StepOptions, "optimizer" | "learningRate" | "gradientClip">;
}

/** Adam's decays of the moments. */
const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;

/** The norm of the gradient if it is limited, then the update. */
export function addUpdate(
  { plan, program, layers, weights, gradients }: Setting,
  { first, second, step, options }: Update,
): void {
  const { optimizer, learningRate, gradientClip } = options;
  const blocks = Math.ceil(layers.size / op.NORM_BLOCK);
  const share = (thread: number) => Math.floor(blocks * thread / plan.threads);
  if (gradientClip !== null) {
    for (let t = 0; t < plan.threads; t++) {
      program.add(op.NORM, t, [gradients, layers.size, share(t), share(t + 1), plan.sums]);
    }
    program.barrier();
  }
  for (let t = 0; t < plan.threads; t++) {
    const range = [share(t), share(t + 1)].map((b) => Math.min(layers.size, b * op.NORM_BLOCK));
    program.add(op.UPDATE, t, [
      ...[weights, gradients, first, second, ...range, plan.losses, plan.count],
      ...[plan.sums, gradientClip === null ? 0 : blocks],
      optimizer.kind === "sgd" ? op.SGD : op.ADAM,
    ], [
      ...[gradientClip ?? 0, learningRate],
      optimizer.kind === "adamw" ? optimizer.weightDecay : 0,
      ...[1 - FIRST_DECAY ** step, 1 - SECOND_DECAY ** step],
    ]);
  }
}
