/**
 * The directions in which clusters differ: the leading principal axes of their pixels. A gradient
 * is fixed by the data only along these; the rest of it is free, and no fault or merit of a
 * network.
 */
import { decomposeSymmetric, momentsOfRows } from "../../numerics/eigen.ts";
import type { Gap } from "./gap.ts";

/** Axes of less variance than this, in normalized pixels, are never kept. */
const LEAST_VARIANCE = 1e-3;

/** Least factor by which the variance must fall after the last axis that is kept. */
const LEAST_GAP = 10;

/** What ends the axes that are kept. */
export type AxisCut =
  /** A gap in the spectrum: profiles without noise. */
  | "at the gap"
  /** {@linkcode LEAST_VARIANCE}: observed profiles, whose noise fills the spectrum. */
  | "at the least variance";

/** The leading principal axes of clusters' pixels. */
export interface PrincipalAxes {
  /** Pixels per cluster. */
  readonly width: number;
  /** Number of axes that are kept. */
  readonly count: number;
  /** Unit vectors of the axes that are kept, [count x width]. */
  readonly vectors: Float64Array;
  /** Variance along every axis, kept or not, descending, [width]. */
  readonly spectrum: Float64Array;
  /** Mean of the pixels, [width]. */
  readonly mean: Float64Array;
  /** What ends the axes that are kept. */
  readonly cut: AxisCut;
  /** Variance of the last axis kept over that of the first left out; Infinity if none is left out. */
  readonly fall: number;
}

/**
 * Finds the axes of normalized pixels.
 *
 * @param pixels Normalized, cluster after cluster, [clusters x width]
 * @param isNoisy Whether profiles are observed: noise then fills the spectrum and needs no gap
 * @returns A gap if no axis has variance, or if nothing ends the axes where something should
 * @throws {RangeError} If there are no clusters or a pixel is not finite
 */
export function findPrincipalAxes(
  pixels: ArrayLike<number>,
  width: number,
  isNoisy = false,
): PrincipalAxes | Gap {
  const { mean, covariance } = momentsOfRows(pixels, width);
  const { values, vectors } = decomposeSymmetric(covariance, width);
  const count = values.filter((value) => value > LEAST_VARIANCE).length;
  if (count === 0) return { gap: "the pixels do not vary from cluster to cluster" };
  // What rounding leaves of a variance of 0 may be negative.
  const fall = count === width ? Infinity : values[count - 1]! / Math.max(values[count]!, 0);
  if (!isNoisy && !(fall >= LEAST_GAP && count < width)) {
    return { gap: describeSpectrum(values, count) };
  }
  return {
    width,
    count,
    vectors: vectors.slice(0, count * width),
    spectrum: values,
    mean,
    cut: isNoisy ? "at the least variance" : "at the gap",
    fall,
  };
}

function describeSpectrum(values: Float64Array, count: number): string {
  const [last, next] = [values[count - 1]!, values[count]];
  const behind = next === undefined
    ? "and none is left out"
    : `and the next ${next.toPrecision(2)}, should be ${LEAST_GAP} times less`;
  return `the spectrum of the pixels has no gap: axis ${count} of ${values.length} has variance ` +
    `${last.toPrecision(2)} ${behind}`;
}

/** The part of a gradient that lies along the axes, [width]. */
export function projectOnAxes(
  { width, count, vectors }: Pick<PrincipalAxes, "width" | "count" | "vectors">,
  gradient: ArrayLike<number>,
): Float64Array {
  const projected = new Float64Array(width);
  for (let k = 0; k < count; k++) {
    let along = 0;
    for (let p = 0; p < width; p++) along += vectors[k * width + p]! * gradient[p]!;
    for (let p = 0; p < width; p++) projected[p]! += along * vectors[k * width + p]!;
  }
  return projected;
}

/** Length of the part of a gradient off the axes over its whole length; 0 for no gradient. */
export function offAxesShare(gradient: ArrayLike<number>, projected: ArrayLike<number>): number {
  let off = 0;
  let all = 0;
  for (let p = 0; p < gradient.length; p++) {
    off += (gradient[p]! - projected[p]!) ** 2;
    all += gradient[p]! ** 2;
  }
  return all > 0 ? Math.sqrt(off / all) : 0;
}
