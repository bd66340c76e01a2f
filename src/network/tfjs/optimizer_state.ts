/**
 * The optimizer's state as named arrays, the form that engines exchange: "step" [1], and Adam's
 * moments of each weight as "encoder/0/kernel/m" and "encoder/0/kernel/v".
 */
import * as tf from "@tensorflow/tfjs";
import type { NamedArray, NamedArrays } from "../../numerics/arrays.ts";
import type { Shapes } from "./flat_arrays.ts";
import { joinArrays, nameArrays } from "./flat_arrays.ts";
import type { Moments } from "./optimizer.ts";

const STEP = "step";
const FIRST = "m";
const SECOND = "v";

/** State of an optimizer between steps. */
export interface OptimizerState {
  /** Adam's moments; `null` before its first step. */
  readonly moments: Moments | null;
  /** Number of steps taken. */
  readonly steps: number;
}

/** Reads the state back from the device; empty before the first step. */
export async function readOptimizerState(
  { moments, steps }: OptimizerState,
  shapes: Shapes,
): Promise<NamedArrays> {
  if (steps === 0) return {};
  const arrays: Record<string, NamedArray> = {
    [STEP]: { shape: [1], data: Float32Array.of(steps) },
  };
  if (moments === null) return arrays;
  for (const [moment, tensor] of [[FIRST, moments.first], [SECOND, moments.second]] as const) {
    const values = await tensor.data() as Float32Array;
    for (const [name, array] of Object.entries(nameArrays(shapes, values))) {
      arrays[`${name}/${moment}`] = array;
    }
  }
  return arrays;
}

/** Writes a state to the device that {@linkcode checkOptimizerState} has checked. */
export function writeOptimizerState(state: NamedArrays, shapes: Shapes): OptimizerState {
  const tensorOf = (moment: string) =>
    tf.tensor1d(joinArrays(shapes, (name) => state[`${name}/${moment}`]!.data));
  const moments = hasMoments(state) ? { first: tensorOf(FIRST), second: tensorOf(SECOND) } : null;
  return { moments, steps: state[STEP]?.data[0] ?? 0 };
}

function hasMoments(state: NamedArrays): boolean {
  return Object.keys(state).some((name) => name !== STEP);
}
