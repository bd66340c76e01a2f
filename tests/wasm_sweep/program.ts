/**
 * Random programs for tfjs, run on two backends and compared: an operation with inputs and
 * geometry drawn from a seed, its result, and its gradient with respect to every input.
 */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../src/numerics/random.ts";

/** One input, kept outside of tfjs so that both backends get the same bits. */
export interface Input {
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32" | "bool";
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** One operation on given inputs. */
export interface Program {
  /** The operation and its geometry, as printed where backends differ. */
  readonly what: string;
  readonly inputs: readonly Input[];
  /** Which inputs to differentiate by; none of them where the operation has no gradient. */
  readonly by: readonly number[];
  /** Size of the numbers whose rounding shows, where it is above that of the results. */
  readonly scale?: number;
  readonly run: (inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
}

/** Draws a program. */
export type Draw = (random: Random) => Program;

/** Programs by the name of their operation. */
export type Programs = Readonly<Record<string, Draw>>;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/** A whole number from `least` to `most`. */
export function between(random: Random, least: number, most: number): number {
  return least + random.integer(most - least + 1);
}

export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.integer(choices.length)]!;
}

export function shapeOf(random: Random, rank: number, most = 4): number[] {
  return Array.from({ length: rank }, () => between(random, 1, most));
}

/** Normal numbers; negative or positive ones; with NaN ("holes"), or NaN and infinities. */
export function floats(
  random: Random,
  shape: readonly number[],
  kind: "normal" | "negative" | "positive" | "special" | "holes" = "normal",
): Input {
  const specials = [NaN, Infinity, -Infinity, 0, -0, 1e30, -1e30, 0.5, -0.5, 1.5, 2.5, -2.5, 1, -1];
  const values = Float32Array.from({ length: sizeOf(shape) }, () => {
    const x = random.normal();
    if (kind === "negative") return -Math.abs(x) - 0.1;
    if (kind === "positive") return Math.abs(x) + 0.1;
    if (kind === "holes") return random.uniform() < 0.1 ? NaN : x;
    return kind === "special" && random.uniform() < 0.4 ? pick(random, specials) : x;
  });
  return { shape, dtype: "float32", values };
}

export function integers(
  random: Random,
  shape: readonly number[],
  least = -5,
  most = 5,
): Input {
  const values = Int32Array.from({ length: sizeOf(shape) }, () => between(random, least, most));
  return { shape, dtype: "int32", values };
}

export function booleans(random: Random, shape: readonly number[]): Input {
  const values = Uint8Array.from({ length: sizeOf(shape) }, () => random.integer(2));
  return { shape, dtype: "bool", values };
}

/** What a program gave, or why it did not run. */
export type Outcome = { readonly values: readonly Result[] } | { readonly refusal: string };

interface Result {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: ArrayLike<number>;
}

/** Fixed weights of every output's elements, so that gradients are not all ones. */
function weightsFor(y: tf.Tensor, index: number): tf.Tensor {
  const values = Float32Array.from({ length: y.size }, (_, i) => Math.sin(1.3 * i + index) + 0.2);
  return tf.tensor(values, y.shape);
}

function weightedSum(outputs: tf.Tensor | tf.Tensor[]): tf.Scalar {
  const list = Array.isArray(outputs) ? outputs : [outputs];
  const parts = list.map((y, i) => tf.sum(tf.mul(tf.cast(y, "float32"), weightsFor(y, i))));
  return tf.addN(parts) as tf.Scalar;
}

function compute({ inputs, by, run }: Program): Result[] {
  const tensors = inputs.map(({ values, shape, dtype }) =>
    tf.tensor(values.slice(), [...shape], dtype)
  );
  const outputs = run(tensors);
  const results = Array.isArray(outputs) ? outputs : [outputs];
  const named = results.map((y, i) => ({ name: `output ${i}`, y }));
  if (by.length > 0) {
    const loss = (...xs: tf.Tensor[]) => {
      const all = [...tensors];
      for (const [i, place] of by.entries()) all[place] = xs[i]!;
      return weightedSum(run(all));
    };
    const gradients = tf.grads(loss)(by.map((place) => tensors[place]!));
    for (const [i, y] of gradients.entries()) named.push({ name: `gradient ${by[i]}`, y });
  }
  return named.map(({ name, y }) => ({
    name,
    shape: y.shape,
    dtype: y.dtype,
    values: y.dataSync().slice() as unknown as ArrayLike<number>,
  }));
}

/** Runs a program on the current backend; tensors and the backend's data left behind are said. */
export function runProgram(program: Program): Outcome {
  const before = [tf.memory().numTensors, tf.backend().numDataIds()];
  let outcome: Outcome;
  try {
    outcome = {
      values: tf.tidy(() => compute(program) as unknown as tf.Tensor) as unknown as Result[],
    };
  } catch (error) {
    return { refusal: String((error as Error).message ?? error) };
  }
  const after = [tf.memory().numTensors, tf.backend().numDataIds()];
  if (String(after) !== String(before)) {
    return { refusal: `left ${after} tensors and data of ${before}` };
  }
  return outcome;
}

const TOLERANCE = 1e-5;

/** How an outcome differs from the expected one, or "" if it does not. */
export function difference(program: Program, expected: Outcome, actual: Outcome): string {
  if ("refusal" in expected) return "";
  if ("refusal" in actual) return `refused: ${actual.refusal}`;
  for (const [i, e] of expected.values.entries()) {
    const a = actual.values[i]!;
    if (a.dtype !== e.dtype || String(a.shape) !== String(e.shape)) {
      return `${e.name} is ${a.dtype} [${a.shape}], not ${e.dtype} [${e.shape}]`;
    }
    let largest = 0;
    for (let j = 0; j < e.values.length; j++) {
      const magnitude = Math.abs(e.values[j]!);
      if (magnitude < Infinity) largest = Math.max(largest, magnitude);
    }
    const allowed = TOLERANCE * Math.max(largest, program.scale ?? 0.02);
    for (let j = 0; j < e.values.length; j++) {
      const [x, y] = [a.values[j]!, e.values[j]!];
      if (!(Object.is(x, y) || x === y || Math.abs(x - y) <= allowed)) {
        return `${e.name}[${j}] is ${x}, not ${y}`;
      }
    }
  }
  return "";
}
