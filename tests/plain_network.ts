/** Layers in plain loops and Float64, and how close to them a network's numbers have to be. */
import { assert, assertEquals } from "@std/assert";
import type { Batch } from "../src/features/dataset.ts";
import { LEAKY_SLOPE } from "../src/model.ts";
import type { BackendName } from "../src/network/backends.ts";
import { BACKENDS } from "../src/network/backends.ts";
import type { NamedArrays } from "../src/numerics/arrays.ts";

/** Rows of numbers. */
export type Matrix = number[][];

/** Rows times a layer's kernel, plus its bias, activated. */
export function layer(
  rows: Matrix,
  weights: NamedArrays,
  name: string,
  activation: "leaky" | "linear" = "leaky",
): Matrix {
  const kernel = weights[`${name}/kernel`]!.data;
  const bias = weights[`${name}/bias`]!.data;
  return rows.map((row) =>
    Array.from(bias, (b, j) => {
      let z = b;
      for (let i = 0; i < row.length; i++) z += row[i]! * kernel[i * bias.length + j]!;
      return activation === "leaky" && z < 0 ? LEAKY_SLOPE * z : z;
    })
  );
}

/** Mean of each column. */
export function meanOf(rows: Matrix): number[] {
  return rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length);
}

/** Rows times the factors of dropout, if any. */
export function drop(rows: Matrix, mask: Float32Array | null): Matrix {
  return mask ? rows.map((row, r) => row.map((x, j) => x * mask[r * row.length + j]!)) : rows;
}

/** Rows of one catalog of a batch, out of values of so many columns. */
export function rowsOf(batch: Batch, catalog: number, values: Float32Array, width: number): Matrix {
  const [start, end] = [batch.rowOffsets[catalog]!, batch.rowOffsets[catalog + 1]!];
  return Array.from(
    { length: end - start },
    (_, r) => [...values.subarray((start + r) * width, (start + r + 1) * width)],
  );
}

/** Engines and backends agree to this part of each tensor's maximum (src/model.ts). */
export const PARITY = 1e-5;

/** Largest absolute value. */
export function largestOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

/** Throws unless arrays agree to `tolerance` of the largest expected value. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance: number = PARITY,
): void {
  assertEquals(actual.length, expected.length, what);
  const largest = largestOf(expected);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    assert(
      difference <= tolerance * largest + 1e-12,
      `${what}[${i}]: ${actual[i]} is not ${expected[i]} (largest ${largest})`,
    );
  }
}

const adapter = await navigator.gpu?.requestAdapter() ?? null;

/** Backends that this machine has. */
export const NAMES: readonly BackendName[] = (Object.keys(BACKENDS) as BackendName[]).filter((
  name,
) => name !== "webgpu" || adapter);
