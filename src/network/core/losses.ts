/** Losses as operations on some catalogs. */
import type { Loss } from "../../model.ts";
import * as op from "./opcodes.ts";
import type { Setting } from "./setting.ts";
import type { Group } from "./shards.ts";

const LOSSES: Readonly<Record<Loss, number>> = {
  mae: op.MAE,
  mse: op.MSE,
  gaussian: op.GAUSSIAN,
  "joint gaussian": op.JOINT_GAUSSIAN,
};

/** The loss that is minimized. */
export interface Objective {
  readonly loss: Loss;
  /** Factor on the loss that ties terse values to a column; 0 for none. */
  readonly tieWeight: number;
}

/**
 * Loss of some catalogs and its gradient.
 *
 * @param output Address of catalog 0's outputs
 * @param gradient Address of their gradient
 */
export function addLoss(
  { plan, program }: Setting,
  { thread, from, to }: Group,
  { output, gradient }: { readonly output: number; readonly gradient: number },
  loss: Loss,
): void {
  const { labels, losses, count } = plan;
  program.add(op.LOSS, thread, [output, labels, gradient, losses, from, to, count, LOSSES[loss]]);
}

/**
 * Ties the terse values of some catalogs to a column, if it has a weight.
 *
 * @param values Address to which a row's place is added
 * @param gradients Address of the gradients, which must be there
 * @param places Table of the places of the batch's rows
 */
export function addTie(
  { plan, program }: Setting,
  { thread, from, to }: Group,
  { values, gradients, places }: {
    readonly values: number;
    readonly gradients: number;
    readonly places: number;
  },
  weight: number,
): void {
  if (weight === 0) return;
  const { tie, offsets, losses, count } = plan;
  const ints = [values, gradients, places, tie, offsets, from, to, losses, count];
  program.add(op.TIE, thread, ints, [weight]);
}
