/**
 * The Bayes-optimal gradient of log mass to each pixel: how the best single number that temperature
 * and gas mass give a cluster changes with the pixels that an encoder sees.
 *
 * Pixels of a cluster follow from fewer numbers than there are pixels, so infinitely many gradients
 * give the same estimate. The one in the span of the pixels' principal axes is unique. It is the
 * least-squares regression of t on the pixels along these axes, which equals J (J'J)^-1 e with J the
 * derivatives of the pixels to temperature, gas mass and shape. Where profiles are observed, the
 * regression weighs every shell by its own noise, as (J'N^-1 J + prior^-2)^-1 J'N^-1 does.
 */
import type { BaseSample } from "../../clusters/base_sample.ts";
import type { OneNumber } from "../../evaluation/one_number.ts";
import { oneNumberOf } from "../../evaluation/one_number.ts";
import type { Gap } from "./gap.ts";
import { isGap, orGap } from "./gap.ts";
import type { PrincipalAxes } from "./principal_axes.ts";
import { findPrincipalAxes } from "./principal_axes.ts";

/** Normalized pixels of some clusters with the two observables that their best number is made of. */
export interface PixelRows {
  /** Pixels per cluster. */
  readonly width: number;
  /** Normalized, cluster after cluster, [clusters x width]. */
  readonly pixels: Float32Array;
  /** log10 T [keV], [clusters] */
  readonly logTemperature: Float64Array;
  /** log10 Mgas [Msun/h], [clusters] */
  readonly logGasMass: Float64Array;
}

/** The optimum that a saliency is compared with. */
export interface OptimalGradient {
  /** d log10 M / d normalized pixel [dex], [width]. */
  readonly gradient: Float64Array;
  /** Weights of log T and log Mgas. */
  readonly weights: OneNumber;
  /** The axes that the gradient lies along. */
  readonly axes: PrincipalAxes;
  /** Share of the variance of t that the axes do not give. */
  readonly unexplained: number;
}

/** More of t's variance than this may not be left: the pixels then do not hold the two observables. */
const MOST_UNEXPLAINED = 0.5;

/**
 * The optimal gradient for the clusters of a base sample's catalogs.
 *
 * @param base The sample that the catalogs are drawn from
 * @param rows Clusters of any catalogs of it, some hundreds or more
 * @param isNoisy Whether profiles are observed
 * @returns A gap if the spectrum has none, the two observables cannot be combined, or the pixels do
 * not hold them
 */
export function findOptimalGradient(
  base: BaseSample,
  rows: PixelRows,
  isNoisy = false,
): OptimalGradient | Gap {
  const weights = orGap(() => oneNumberOf(base));
  if (isGap(weights)) return weights;
  const axes = orGap(() => findPrincipalAxes(rows.pixels, rows.width, isNoisy));
  if (isGap(axes)) return axes;
  const { temperature: u, gasMass: v } = weights;
  const t = rows.logTemperature.map((x, i) => u * x + v * rows.logGasMass[i]!);
  if (!t.every(Number.isFinite)) {
    return { gap: "log T or log Mgas of a cluster is missing" };
  }
  const { gradient, unexplained } = regressAlongAxes(axes, rows.pixels, t);
  if (!(unexplained <= MOST_UNEXPLAINED)) {
    return {
      gap: "the pixels do not hold temperature and gas mass: they leave " +
        `${(100 * unexplained).toFixed(0)}% of the variance of their best combination`,
    };
  }
  return { gradient, weights, axes, unexplained };
}

/** Least squares of t on the pixels along the axes, whose coordinates are uncorrelated. */
function regressAlongAxes(
  { width, count, vectors, spectrum, mean }: PrincipalAxes,
  pixels: Float32Array,
  t: Float64Array,
): { gradient: Float64Array; unexplained: number } {
  const meanT = t.reduce((sum, x) => sum + x, 0) / t.length;
  const covariance = new Float64Array(width);
  let variance = 0;
  for (let i = 0; i < t.length; i++) {
    const share = (t[i]! - meanT) / t.length;
    variance += share * (t[i]! - meanT);
    for (let p = 0; p < width; p++) covariance[p]! += share * (pixels[i * width + p]! - mean[p]!);
  }
  const gradient = new Float64Array(width);
  let explained = 0;
  for (let k = 0; k < count; k++) {
    let along = 0;
    for (let p = 0; p < width; p++) along += vectors[k * width + p]! * covariance[p]!;
    const slope = along / spectrum[k]!;
    explained += slope * along;
    for (let p = 0; p < width; p++) gradient[p]! += slope * vectors[k * width + p]!;
  }
  return { gradient, unexplained: variance > 0 ? Math.max(0, 1 - explained / variance) : 1 };
}
