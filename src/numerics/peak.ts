/**
 * The peak of a smooth density in some dimensions, and the Gaussian that fits it there: where a
 * sampler starts.
 */
import { factorCholesky, invertCholesky } from "./cholesky.ts";
import { decomposeSymmetric } from "./eigen.ts";
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
 * table's nodes are, and even in between: over a small step it may seem flat. Directions along which the
 * density does not fall over a longer step either get this width
 * @returns Null where the curvature is not that of a peak, and no width is given, or is not finite
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
  const found = invertCurvature(curvatureAt(lnDensity, point, CURVATURE_STEP), size);
  if (found !== null && isWithin(found, size, widest)) return { mean: point, covariance: found };
  if (widest === Infinity) return null;
  const wider = curvatureAt(lnDensity, point, WIDE_STEP);
  const peaked = invertCurvature(wider, size);
  if (peaked !== null && !isWithin(peaked, size, widest)) return null;
  const covariance = peaked ?? limitWidth(wider, size, widest);
  return covariance && { mean: point, covariance };
}

/** Whether no standard deviation is above a limit. */
function isWithin(covariance: Float64Array, size: number, widest: number): boolean {
  for (let d = 0; d < size; d++) {
    if (!(covariance[d * size + d]! <= widest * widest)) return false;
  }
  return true;
}

/** The covariance of a peak's Gaussian; null if the curvature is not that of a peak. */
function invertCurvature(curvature: Float64Array, size: number): Float64Array | null {
  const factor = curvature.every(Number.isFinite) ? factorCholesky(curvature, size) : null;
  return factor && invertCholesky(factor);
}

/** The covariance with the largest width in directions along which the curvature is less, or none. */
function limitWidth(curvature: Float64Array, size: number, widest: number): Float64Array | null {
  if (!curvature.every(Number.isFinite)) return null;
  const { values, vectors } = decomposeSymmetric(curvature, size);
  const covariance = new Float64Array(size * size);
  values.forEach((value, k) => {
    const variance = 1 / Math.max(value, 1 / (widest * widest));
    const along = vectors.subarray(k * size, (k + 1) * size);
    for (let d = 0; d < size; d++) {
      for (let e = 0; e < size; e++) covariance[d * size + e]! += variance * along[d]! * along[e]!;
    }
  });
  return covariance;
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

/** Less the matrix of second derivatives at a point. */
function curvatureAt(lnDensity: LnDensity, point: Float64Array, step: number): Float64Array {
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
  return curvature;
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
