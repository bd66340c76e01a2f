/**
 * Distributions on an interval that are normal after the probit transformation: x = min + (max - min)
 * Phi(z) with z normal, Phi the normal distribution. A standard normal z is the flat distribution, and
 * no mass lies outside the interval. Moments have closed forms.
 *
 * @module
 */
import { gaussLegendreRule } from "./calculus.ts";
import { normalProbability, normalQuantile } from "./distributions.ts";

/** Several probit-normal distributions on one interval: means and widths of z, one entry each. */
export interface ProbitNormals {
  /** Lower end of the interval. */
  readonly min: number;
  /** Upper end of the interval. */
  readonly max: number;
  /** Means of z. */
  readonly center: ArrayLike<number>;
  /** Standard deviations of z, above 0. */
  readonly width: ArrayLike<number>;
}

/** Means and standard deviations in the interval's own units. */
export interface Moments {
  /** One entry per distribution. */
  readonly mean: Float64Array;
  /** One entry per distribution. */
  readonly standardDeviation: Float64Array;
}

/** Nodes for {@linkcode owensT}, whose integrand is analytic about [0, 1]: exact to rounding. */
const RULE = gaussLegendreRule(32);

/**
 * Owen's T function for a from 0 to 1: the probability that X > h and 0 < Y < a X for independent
 * standard normal X and Y (Owen 1956, Ann. Math. Statist. 27, 1075), by Gauss-Legendre quadrature.
 */
export function owensT(h: number, a: number): number {
  let sum = 0;
  for (let i = 0; i < RULE.nodes.length; i++) {
    const x = a * (RULE.nodes[i]! + 1) / 2;
    sum += RULE.weights[i]! * Math.exp(-h * h * (1 + x * x) / 2) / (1 + x * x);
  }
  return sum * a / (4 * Math.PI);
}

/**
 * The mean of Phi(z) for z normal with this mean and standard deviation: Phi(h) with
 * h = center / sqrt(1 + width^2).
 */
export function probitMean(center: number, width: number): number {
  return normalProbability(center / Math.sqrt(1 + width * width));
}

/**
 * The variance of Phi(z): the mean of Phi(z)^2 is the probability that two normal numbers with
 * correlation width^2 / (1 + width^2) are both below h, Phi(h) - 2 T(h, 1 / sqrt(1 + 2 width^2)).
 */
export function probitVariance(center: number, width: number): number {
  const mean = probitMean(center, width);
  const h = center / Math.sqrt(1 + width * width);
  const square = mean - 2 * owensT(h, 1 / Math.sqrt(1 + 2 * width * width));
  return Math.max(0, square - mean * mean); // rounding can reach -1e-17
}

/**
 * Means and standard deviations.
 *
 * @example A standard normal z is flat
 * ```ts
 * import { probitMoments } from "./probit_normal.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { mean, standardDeviation } = probitMoments({ min: 2, max: 5, center: [0], width: [1] });
 * assertAlmostEquals(mean[0]!, 3.5, 1e-14);
 * assertAlmostEquals(standardDeviation[0]!, 3 / Math.sqrt(12), 1e-14);
 * ```
 */
export function probitMoments({ min, max, center, width }: ProbitNormals): Moments {
  const range = max - min;
  return {
    mean: Float64Array.from(center, (m, i) => min + range * probitMean(m, width[i]!)),
    standardDeviation: Float64Array.from(
      center,
      (m, i) => range * Math.sqrt(probitVariance(m, width[i]!)),
    ),
  };
}

/** The probability that distribution `index` puts below x. */
export function probitProbability(
  { min, max, center, width }: ProbitNormals,
  index: number,
  x: number,
): number {
  const place = (x - min) / (max - min);
  if (place <= 0) return 0;
  if (place >= 1) return 1;
  return normalProbability((normalQuantile(place) - center[index]!) / width[index]!);
}

/**
 * The value below which distribution `index` has probability p.
 *
 * @throws {RangeError} If p is not between 0 and 1
 */
export function probitQuantile(
  { min, max, center, width }: ProbitNormals,
  index: number,
  p: number,
): number {
  return min + (max - min) * normalProbability(center[index]! + width[index]! * normalQuantile(p));
}
