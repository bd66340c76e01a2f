/**
 * The best single number that temperature and gas mass give a cluster: an upper bound on what a
 * network with one terse value per cluster can know of its mass.
 */
import type { BaseSample } from "../clusters/base_sample.ts";
import { scalingOffsets } from "../clusters/scaling_relation.ts";

/** Weights of t = temperature log T + gasMass log Mgas, an estimate of log M of slope 1. */
export interface OneNumber {
  /** Weight of log T. */
  readonly temperature: number;
  /** Weight of log Mgas. */
  readonly gasMass: number;
  /** Scatter of t at fixed mass in the base sample [dex]. */
  readonly scatter: number;
}

/** Covariance of the offsets from the fitted relations [dex^2]: luminosity, temperature, gas mass. */
export function offsetCovariance({ clusters, relations }: BaseSample): Float64Array {
  const { luminosity, temperature, gasMass } = scalingOffsets(clusters, relations);
  const offsets = [luminosity, temperature, gasMass];
  return Float64Array.from({ length: 9 }, (_, k) => {
    const [a, b] = [offsets[Math.floor(k / 3)]!, offsets[k % 3]!];
    return a.reduce((sum, value, i) => sum + value * b[i]!, 0) / clusters.count;
  });
}

/** Least ratio of the determinant to the product of the variances; the rest is rounding. */
const LEAST_DETERMINANT = 1e-9;

/**
 * The generalized least-squares weights w = C^-1 a / (a' C^-1 a), with a the slopes of log T and
 * log Mgas against log M and C the covariance of their offsets in the base sample.
 *
 * Of all weights with slope 1 they have the least scatter at fixed mass, 1 / sqrt(a' C^-1 a).
 *
 * @example On the stand-in, temperature weighs about 2.7 times as much as gas mass
 * ```ts
 * import { createRandom, drawBaseSample } from "@clusters/terse";
 * import { oneNumberOf } from "./one_number.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { temperature, gasMass } = oneNumberOf(drawBaseSample(createRandom(1)));
 * assertAlmostEquals(temperature / gasMass, 2.7, 0.15);
 * ```
 *
 * @throws {RangeError} If the offsets of the two follow from each other, or both slopes are 0
 */
export function oneNumberOf(base: BaseSample): OneNumber {
  const covariance = offsetCovariance(base);
  const [tt, tg, gg] = [covariance[4]!, covariance[5]!, covariance[8]!];
  const { temperature: { slope: t }, gasMass: { slope: g } } = base.relations;
  const determinant = tt * gg - tg * tg;
  if (!(determinant > LEAST_DETERMINANT * tt * gg)) {
    throw new RangeError(
      "Cannot combine temperature and gas mass: the offsets of one follow from those of the other, " +
        "they should scatter on their own",
    );
  }
  const [u, v] = [(gg * t - tg * g) / determinant, (tt * g - tg * t) / determinant];
  const precision = u * t + v * g;
  if (!(precision > 0)) {
    throw new RangeError(
      `Cannot combine temperature and gas mass: their slopes against mass are ${t} and ${g}, ` +
        "one at least should not be 0",
    );
  }
  return {
    temperature: u / precision,
    gasMass: v / precision,
    scatter: 1 / Math.sqrt(precision),
  };
}
