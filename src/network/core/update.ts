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

/** Elements of the flat array for each thread, in whole blocks of the norm. */
function cutBlocks(
  { plan, layers }: Setting,
): { thread: number; from: number; to: number }[] {
  const blocks = Math.ceil(layers.size / op.NORM_BLOCK);
  const cuts: { thread: number; from: number; to: number }[] = [];
  for (let thread = 0; thread < plan.threads; thread++) {
    const from = Math.floor(blocks * thread / plan.threads);
    cuts.push({ thread, from, to: Math.floor(blocks * (thread + 1) / plan.threads) });
  }
  return cuts;
}

/** The elements of some blocks. */
function elements({ layers }: Setting, from: number, to: number): [number, number] {
  return [from * op.NORM_BLOCK, Math.min(layers.size, to * op.NORM_BLOCK)];
}

/** Adds all shards' gradients in their order, the same elements on a thread as the update. */
export function addSum(setting: Setting): void {
  const { plan, program, layers, gradients } = setting;
  const others = plan.shards.length - 1;
  if (others === 0) return;
  for (const { thread, from, to } of cutBlocks(setting)) {
    const [start, end] = elements(setting, from, to);
    const { shardGradients } = plan;
    const ints = [gradients, shardGradients, shardBytes(layers), others, start, end];
    program.add(op.SUM, thread, ints);
  }
}

/** The norm of the gradient if it is limited, then the update. */
export function addUpdate(
  setting: Setting,
  { first, second, step, options }: Update,
): void {
  const { plan, program, layers, weights, gradients } = setting;
  const { optimizer, learningRate, gradientClip } = options;
  const blocks = Math.ceil(layers.size / op.NORM_BLOCK);
  const cuts = cutBlocks(setting);
  if (gradientClip !== null) {
    for (const { thread, from, to } of cuts) {
      program.add(op.NORM, thread, [gradients, layers.size, from, to, plan.sums]);
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
  for (const { thread, from, to } of cuts) {
    const [start, end] = elements(setting, from, to);
    program.add(op.UPDATE, thread, [
      weights,
      gradients,
      first,
      second,
      start,
      end,
      plan.losses,
      plan.count,
      plan.sums,
      gradientClip === null ? 0 : blocks,
      optimizer.kind === "sgd" ? op.SGD : op.ADAM,
    ], floats);
  }
}
