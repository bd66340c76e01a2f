/** The update of the weights: the gradient's norm where it is limited, then the optimizer. */
import type { StepOptions } from "../../model.ts";
import { FIRST_DECAY, SECOND_DECAY } from "../adam.ts";
import * as op from "./opcodes.ts";
import type { Setting } from "./setting.ts";
import { shardBytes } from "./shards.ts";

/** Addresses and numbers of an update. */
export interface Update {
  readonly first: number;
  readonly second: number;
  /** Number of this update, from 1. */
  readonly step: number;
  readonly options: Pick<StepOptions, "optimizer" | "learningRate" | "gradientClip">;
}

/** Elements of the flat array in one cache line. */
const LINE = 16;

/** Elements of the flat array for each thread, in whole parts of so many. */
function cutElements(
  { plan, layers }: Setting,
  part: number,
): { thread: number; from: number; to: number }[] {
  const parts = Math.ceil(layers.size / part);
  const end = (t: number) => Math.min(layers.size, part * Math.floor(parts * t / plan.threads));
  return Array.from(
    { length: plan.threads },
    (_, thread) => ({ thread, from: end(thread), to: end(thread + 1) }),
  );
}

/** Adds all shards' gradients in their order, each thread in whole parts of so many elements. */
export function addSum(setting: Setting, part: number = LINE): void {
  const { plan, program, layers, gradients } = setting;
  const others = plan.shards.length - 1;
  if (others === 0) return;
  for (const { thread, from, to } of cutElements(setting, part)) {
    const { shardGradients } = plan;
    const ints = [gradients, shardGradients, shardBytes(layers), others, from, to];
    program.add(op.SUM, thread, ints);
  }
}

/** The sum over shards, the norm of the gradient if it is limited, then the update. */
export function addUpdate(
  setting: Setting,
  { first, second, step, options }: Update,
): void {
  const { plan, program, layers, weights, gradients } = setting;
  const { optimizer, learningRate, gradientClip } = options;
  const blocks = Math.ceil(layers.size / op.NORM_BLOCK);
  // What a thread has summed, it reads next.
  addSum(setting, gradientClip === null ? LINE : op.NORM_BLOCK);
  if (gradientClip !== null) {
    for (const { thread, from, to } of cutElements(setting, op.NORM_BLOCK)) {
      const [first, end] = [from / op.NORM_BLOCK, Math.ceil(to / op.NORM_BLOCK)];
      program.add(op.NORM, thread, [gradients, layers.size, first, end, plan.sums]);
    }
    program.barrier();
  }
  const floats = [
    gradientClip ?? 0,
    learningRate,
    optimizer.kind === "adamw" ? optimizer.weightDecay : 0,
    1 - FIRST_DECAY ** step,
    1 - SECOND_DECAY ** step,
  ];
  for (const { thread, from, to } of cutElements(setting, LINE)) {
    program.add(op.UPDATE, thread, [
      weights,
      gradients,
      first,
      second,
      from,
      to,
      plan.losses,
      plan.count,
      plan.sums,
      gradientClip === null ? 0 : blocks,
      optimizer.kind === "sgd" ? op.SGD : op.ADAM,
    ], floats);
  }
}
