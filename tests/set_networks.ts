/**
 * Set networks and batches of normal numbers for the tests of the WASM core.
 */
import { assertEquals, assertLessOrEqual } from "@std/assert";
import type { Batch } from "../src/features/dataset.ts";
import { joinCatalogs } from "../src/features/dataset.ts";
import type { Architecture, InputWidths } from "../src/model.ts";
import { initialWeights } from "../src/network/weights.ts";
import type { NamedArrays } from "../src/numerics/arrays.ts";
import { createRandom } from "../src/numerics/random.ts";

export const INPUTS: InputWidths = { pixels: 5, supplementary: 2 };
/** A narrow set without a context. */
export const SET: Architecture = {
  encoder: [12, 9, 4],
  regression: "set",
  convolution: [],
  pooling: "mean",
  globalPooling: "mean",
  cluster: [10, 17],
  context: [],
  frequencies: [],
  dense: [9, 6],
  dropout: { encoder: 0, dense: 0 },
  normalization: "z-score",
  label: "linear",
  outputs: "mean and log variance",
};

/** Wide enough for products of several panels. */
export const WIDER: Architecture = {
  ...SET,
  encoder: [70, 33],
  cluster: [64, 40],
  context: [32, 20, 16],
  frequencies: [2, 4, 8, 16, 32],
  dense: [40, 24],
  dropout: { encoder: 0.25, dense: 0.3 },
};

/** Catalogs of these numbers of clusters. */
export function makeBatch(
  heights: readonly number[],
  inputs: InputWidths,
  seed = 1,
  labels = 1,
): Batch {
  const random = createRandom(seed);
  const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
  const batch = joinCatalogs(heights.map((count) => ({
    count,
    pixels: normals(count * inputs.pixels),
    supplementary: normals(count * inputs.supplementary),
    label: random.normal() + 1,
    tie: normals(count),
  })));
  return labels === 1 ? batch : { ...batch, labels: normals(labels * heights.length) };
}

/**
 * Start values, and biases that are not zero, so that padding would show. With this seed no sum in a
 * gradient cancels so far that float32 rounding passes the tolerance.
 */
export function makeWeights(architecture: Architecture, inputs: InputWidths): NamedArrays {
  const random = createRandom(8);
  const weights = initialWeights(architecture, inputs, random);
  for (const [name, { data }] of Object.entries(weights)) {
    if (name.endsWith("/bias")) data.set(data.map(() => 0.3 * random.normal()));
  }
  return weights;
}

/** How far a value may be from the reference, as a fraction of its array's largest. */
export const TOLERANCE = 1e-5;

/** Compares arrays, element by element. */
export function assertClose(
  found: ArrayLike<number>,
  wanted: ArrayLike<number>,
  name: string,
): void {
  assertEquals(found.length, wanted.length, name);
  const largest = Array.from(wanted).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(found[i]! - wanted[i]!);
    assertLessOrEqual(difference, TOLERANCE * largest, `${name}[${i}] of ${largest}`);
  }
}
