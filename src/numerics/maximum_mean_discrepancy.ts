/**
 * The maximum mean discrepancy of two samples (Gretton et al. 2012), with a permutation test: how
 * far two distributions are apart in any respect, not in their means alone.
 */
import type { Random } from "./random.ts";

/**
 * The squared discrepancy of two samples of numbers with the kernel exp(-(x - y)^2 / (2 width^2)),
 * biased (Gretton's Eq. 5): 0 for equal samples, below 2.
 *
 * @param ownKernel {@linkcode meanOwnKernel} of `b`, where many samples are compared with one
 * @throws {RangeError} If a sample is empty or the width not above 0
 */
export function maximumMeanDiscrepancy(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  width: number,
  ownKernel: number = meanOwnKernel(b, width),
): number {
  checkSamples(a, b, width);
  return meanOwnKernel(a, width) + ownKernel - 2 * meanKernel(a, b, width);
}

/** A discrepancy, and the probability of one at least as large. */
export interface DiscrepancyTest {
  /** See {@linkcode maximumMeanDiscrepancy}. */
  readonly discrepancy: number;
  /** Share of random divisions of the samples whose discrepancy is at least as large. */
  readonly probability: number;
}

/**
 * Tests by permutation whether two samples have one parent; each value counts as independent.
 *
 * @example
 * ```ts
 * import { createRandom } from "@clusters/terse";
 * import { testDiscrepancy } from "@clusters/terse/numerics";
 * import { assert } from "@std/assert";
 *
 * const near = Array.from({ length: 40 }, (_, i) => i / 40);
 * const far = near.map((value) => value + 2);
 * assert(testDiscrepancy(near, far, 1, createRandom(1)).probability < 0.01);
 * ```
 *
 * @param random Draws the permutations
 * @param permutations How many, 1 or more
 * @throws {RangeError} If a sample is empty, the width not above 0, or there is no permutation
 */
export function testDiscrepancy(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  width: number,
  random: Random,
  permutations = 300,
): DiscrepancyTest {
  checkSamples(a, b, width);
  if (!Number.isInteger(permutations) || permutations < 1) {
    throw new RangeError(
      `Cannot test: permutations is ${permutations}, should be a whole number from 1 on`,
    );
  }
  const joined = Float64Array.of(...Array.from(a), ...Array.from(b));
  const count = joined.length;
  const kernel = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const value = gaussian(joined[i]!, joined[j]!, width);
      kernel[i * count + j] = value;
      kernel[j * count + i] = value;
    }
  }
  // The discrepancy is w K w, with weight 1 / n for the first sample and -1 / m for the second.
  const weights = Float64Array.from(joined, (_, i) => i < a.length ? 1 / a.length : -1 / b.length);
  const formOf = prepareForms(kernel, [a.length, b.length]);
  const identity = Uint32Array.from(joined, (_, i) => i);
  const least = formOf(identity);
  let asLarge = 1;
  for (let p = 0; p < permutations; p++) {
    if (formOf(random.permutation(count)) >= least) asLarge++;
  }
  return {
    discrepancy: quadraticForm(kernel, weights),
    probability: asLarge / (permutations + 1),
  };
}

/**
 * The form w K w of a division by an order, whose first numbers are the first sample, from the kernel
 * among the smaller of the two samples alone: with one weight for all but them, the rest of the sum is
 * that of whole rows, and the same for every division. Equal divisions give equal bits.
 */
function prepareForms(
  kernel: Float64Array,
  [first, second]: readonly [number, number],
): (order: ArrayLike<number>) => number {
  const count = first + second;
  const isFirst = first <= second;
  const [inside, outside] = isFirst ? [1 / first, -1 / second] : [-1 / second, 1 / first];
  const step = inside - outside;
  const rows = new Float64Array(count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let j = 0; j < count; j++) sum += kernel[i * count + j]!;
    rows[i] = sum;
    total += sum;
  }
  const members = new Uint32Array(Math.min(first, second));
  return (order) => {
    let found = 0;
    for (let i = 0; i < count; i++) if (order[i]! < first === isFirst) members[found++] = i;
    let among = 0;
    let along = 0;
    for (let k = 0; k < found; k++) {
      const row = members[k]! * count;
      let sum = 0; // over pairs of two different members, each once
      for (let l = 0; l < k; l++) sum += kernel[row + members[l]!]!;
      among += 2 * sum + kernel[row + members[k]!]!;
      along += rows[members[k]!]!;
    }
    return outside * outside * total + 2 * outside * step * along + step * step * among;
  };
}

function quadraticForm(matrix: Float64Array, vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) {
    let row = 0;
    for (let j = 0; j < vector.length; j++) row += matrix[i * vector.length + j]! * vector[j]!;
    sum += vector[i]! * row;
  }
  return sum;
}

/** The mean of the kernel over all pairs of a sample; 1 for equal values, with any width. */
export function meanOwnKernel(a: ArrayLike<number>, width: number): number {
  let sum = 0; // over pairs of two different values, each once
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) sum += gaussian(a[i]!, a[j]!, width);
  }
  return (a.length + 2 * sum) / a.length ** 2;
}

function meanKernel(a: ArrayLike<number>, b: ArrayLike<number>, width: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) sum += gaussian(a[i]!, b[j]!, width);
  }
  return sum / (a.length * b.length);
}

function gaussian(x: number, y: number, width: number): number {
  return x === y ? 1 : Math.exp(-(((x - y) / width) ** 2) / 2);
}

function checkSamples(a: ArrayLike<number>, b: ArrayLike<number>, width: number): void {
  if (a.length < 1 || b.length < 1) {
    throw new RangeError(
      `Cannot compare samples: they have ${a.length} and ${b.length} values, should be 1 or more each`,
    );
  }
  if (!(width > 0)) {
    throw new RangeError(
      `Cannot compare samples: the kernel's width is ${width}, should be above 0`,
    );
  }
}
