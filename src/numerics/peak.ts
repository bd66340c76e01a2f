/**
 * The peak of a smooth density in some dimensions, and the Gaussian that fits it there: where a
 * sampler starts.
 */
import { factorCholesky, invertCholesky } from "./cholesky.ts";
import type { LnDensity } from "./ensemble_sampler.ts";
import type { PointMoments } from "./importance_sampler.ts";

/** Step of the finite differences, for a density that changes over about one unit or less. */
const GRADIENT_STEP = 1e-3;
const CURVATURE_STEP = 0.02;

/** Step over which the curvature is measured once more, if the peak seems wider than it can be. */
const WIDE_STEP = 0.1;

/** Most steps of the ascent. */
const MOST_STEPS = 60;

/** The ascent ends where a step gains less than this in ln density. */
const LEAST_GAIN = 0.01;

/** Halvings of a step that does not gain. */
const MOST_HALVINGS = 12;

/** Longest step of the ascent, in the density's coordinates. */
const LONGEST = 3;

/**
 * The peak of a density, found by the method of Broyden, Fletcher, Goldfarb and Shanno, with the
 * inverse of the curvature there as the covariance.
 *
 * @example The peak of a Gaussian is its moments
 * ```ts
 * import { findPeak } from "./peak.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const lnDensity = ([x, y]: Float64Array) => -((x! - 1) ** 2) / 2 - (y! - x!) ** 2 / 0.02;
 * const { mean, covariance } = findPeak(lnDensity, Float64Array.of(0, 3))!;
 * assertAlmostEquals(mean[1]!, 1, 0.01);
 * assertAlmostEquals(covariance[3]!, 1.01, 0.01);
 * ```
 *
 * @param lnDensity Natural log of the density, up to a constant, in coordinates of comparable scale
 * @param start A point at which the density is not 0
 * @param widest The largest standard deviation that is believed. A density from a table is bent where the
 * table's nodes are, and even in between: over a small step it may seem flat
 * @returns Null where the curvature is not that of a peak, or not finite
 */
export function findPeak(
  lnDensity: LnDensity,
  start: Float64Array,
  widest: number = Infinity,
): PointMoments | null {
  const size = start.length;
  const point = start.slice();
  let value = lnDensity(point);
  const gradientAt = (at: Float64Array): Float64Array =>
    at.map((_, d) => {
      const difference = changed(at, d, GRADIENT_STEP) - changed(at, d, -GRADIENT_STEP);
      return difference / (2 * GRADIENT_STEP);
    });
  const changed = (at: Float64Array, d: number, by: number): number => {
    const moved = at.slice();
    moved[d]! += by;
    return lnDensity(moved);
  };
  /** The current estimate of the covariance. */
  const inverse = new Float64Array(size * size);
  for (let d = 0; d < size; d++) inverse[d * size + d] = 0.1;
  let gradient = gradientAt(point);
  for (let step = 0; step < MOST_STEPS; step++) {
    const direction = multiply(inverse, gradient);
    const length = Math.sqrt(dot(direction, direction));
    let share = Math.min(1, LONGEST / length);
    let next = point.slice();
    let gained = -Infinity;
    for (let k = 0; k < MOST_HALVINGS && !(gained > 0); k++) {
      next = point.map((x, d) => x + share * direction[d]!);
      gained = lnDensity(next) - value;
      share /= 2;
    }
    if (!(gained > 0)) break;
    const moved = next.map((x, d) => x - point[d]!);
    const after = gradientAt(next);
    const bent = gradient.map((g, d) => g - after[d]!); // curvature times the move
    point.set(next);
    value += gained;
    gradient = after;
    if (gained < LEAST_GAIN) break;
    updateInverse(inverse, moved, bent);
  }
  const found = gaussianAt(lnDensity, point, CURVATURE_STEP);
  if (found === null || isWithin(found, widest)) return found;
  const wider = gaussianAt(lnDensity, point, WIDE_STEP);
  return wider === null || isWithin(wider, widest) ? wider : null;
}

/** Whether no standard deviation is above a limit. */
function isWithin({ mean, covariance }: PointMoments, widest: number): boolean {
  return mean.every((_, d) => covariance[d * mean.length + d]! <= widest * widest);
}

/** The estimate of the inverse after a move and the change of the gradient along it. */
function updateInverse(inverse: Float64Array, move: Float64Array, bent: Float64Array): void {
  const along = dot(move, bent);
  if (!(along > 1e-10)) return; // not concave along the move: nothing is learned
  const size = move.length;
  const image = multiply(inverse, bent);
  const factor = (1 + dot(bent, image) / along) / along;
  for (let d = 0; d < size; d++) {
    for (let e = 0; e < size; e++) {
      inverse[d * size + e]! += factor * move[d]! * move[e]! -
        (image[d]! * move[e]! + move[d]! * image[e]!) / along;
    }
  }
}

/** The Gaussian of the curvature at a point. */
function gaussianAt(
  lnDensity: LnDensity,
  point: Float64Array,
  step: number,
): PointMoments | null {
  const size = point.length;
  const at = (d: number, e: number, sign: number): number => {
    const moved = point.slice();
    moved[d]! += step;
    moved[e]! += sign * step;
    const other = point.map((x, i) => 2 * x - moved[i]!);
    return lnDensity(moved) + lnDensity(other);
  };
  const curvature = new Float64Array(size * size);
  const twice = 2 * lnDensity(point);
  for (let d = 0; d < size; d++) {
    // Moves by two steps along d: the same formula with e = d.
    curvature[d * size + d] = (twice - at(d, d, 1)) / (4 * step ** 2);
    for (let e = 0; e < d; e++) {
      const mixed = (at(d, e, -1) - at(d, e, 1)) / (4 * step ** 2);
      curvature[d * size + e] = mixed;
      curvature[e * size + d] = mixed;
    }
  }
  const factor = curvature.every(Number.isFinite) ? factorCholesky(curvature, size) : null;
  return factor && { mean: point, covariance: invertCholesky(factor) };
}

function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, d) => dot(matrix.subarray(d * size, (d + 1) * size), vector));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
