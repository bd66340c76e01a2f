/**
 * One posterior from several networks that differ in their seed alone: the mixture of their
 * posteriors with equal weights, its moments by the law of total variance, and its quantiles.
 */
import { findRoot } from "../numerics/calculus.ts";
import { normalProbability, normalQuantile } from "../numerics/distributions.ts";
import type { BoundedNormals } from "../numerics/bounded_normal.ts";
import { boundedProbability, boundedQuantile } from "../numerics/bounded_normal.ts";

/** Posteriors of sigma8, one per catalog: Gaussians unless `probit` is given. */
export interface GaussianPosteriors {
  /** Mean sigma8, [catalogs]. */
  readonly mean: ArrayLike<number>;
  /** Standard deviation of sigma8, above 0, [catalogs]. */
  readonly standardDeviation: ArrayLike<number>;
  /** The exact posteriors, if they are not Gaussians but end at the prior. */
  readonly probit?: BoundedNormals;
}

/** The probability that the posterior of one catalog puts below `sigma8`. */
export function probabilityBelow(
  { mean, standardDeviation, probit }: GaussianPosteriors,
  catalog: number,
  sigma8: number,
): number {
  return probit
    ? boundedProbability(probit, catalog, sigma8)
    : normalProbability((sigma8 - mean[catalog]!) / standardDeviation[catalog]!);
}

/** The value below which the posterior of one catalog has probability p. */
export function quantileOf(
  { mean, standardDeviation, probit }: GaussianPosteriors,
  catalog: number,
  p: number,
): number {
  return probit
    ? boundedQuantile(probit, catalog, p)
    : mean[catalog]! + standardDeviation[catalog]! * normalQuantile(p);
}

/** Moments of the mixture of several networks' posteriors, one entry per catalog. */
export interface EnsemblePosteriors extends GaussianPosteriors {
  /** Mean of the members' means, [catalogs]. */
  readonly mean: Float64Array;
  /** Square root of `within`^2 + `between`^2, [catalogs]. */
  readonly standardDeviation: Float64Array;
  /** Root mean square of the members' widths: uncertainty left by the catalog, [catalogs]. */
  readonly within: Float64Array;
  /** Standard deviation of the members' means: uncertainty left by the training, [catalogs]. */
  readonly between: Float64Array;
}

/** Error of a mixture's quantile, in units of its widest member's width: below Float32's rounding. */
const QUANTILE_TOLERANCE = 1e-9;

/**
 * Throws unless posteriors are finite and have a width.
 *
 * @param posteriors Posteriors of one catalog or more
 * @param action The verb of the message, as in "Cannot combine"
 * @throws {TypeError} If there are not as many widths as means
 * @throws {RangeError} If there are none, a mean is not finite, or a width is not above 0
 */
export function checkGaussians(posteriors: GaussianPosteriors, action: string): void {
  const { mean, standardDeviation } = posteriors;
  if (mean.length !== standardDeviation.length) {
    throw new TypeError(
      `Cannot ${action}: there are ${mean.length} means and ${standardDeviation.length} standard ` +
        "deviations, should be equally many",
    );
  }
  if (mean.length === 0) {
    throw new RangeError(`Cannot ${action}: there are 0 posteriors, at least 1 is needed`);
  }
  for (let c = 0; c < mean.length; c++) {
    const [center, width] = [mean[c]!, standardDeviation[c]!];
    if (!Number.isFinite(center) || !(width > 0 && width < Infinity)) {
      throw new RangeError(
        `Cannot ${action}: the posterior of catalog ${c} is ${center} +- ${width}, ` +
          "should be finite with a width above 0",
      );
    }
  }
}

/**
 * Throws unless posteriors are the members of one ensemble.
 *
 * @throws {TypeError} If members are of different numbers of catalogs
 * @throws {RangeError} If there is no member, or {@linkcode checkGaussians} refuses one
 */
export function checkMembers(members: readonly GaussianPosteriors[], action: string): void {
  if (members.length === 0) {
    throw new RangeError(`Cannot ${action}: the ensemble has 0 members, at least 1 is needed`);
  }
  const count = members[0]!.mean.length;
  for (const [k, member] of members.entries()) {
    if (member.mean.length !== count) {
      throw new TypeError(
        `Cannot ${action}: member ${k} has ${member.mean.length} posteriors, the first ${count}`,
      );
    }
    checkGaussians(member, action);
  }
}

/**
 * Mean and width of an ensemble's posteriors: the variance is the mean of the members' variances
 * plus the variance of their means (law of total variance).
 *
 * @example Two networks that disagree are less sure than either
 * ```ts
 * import { combineEnsemble } from "@clusters/terse/evaluation";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const combined = combineEnsemble([
 *   { mean: [0.79], standardDeviation: [0.03] },
 *   { mean: [0.87], standardDeviation: [0.03] },
 * ]);
 * assertAlmostEquals(combined.mean[0]!, 0.83, 1e-12);
 * assertAlmostEquals(combined.standardDeviation[0]!, 0.05, 1e-12);
 * ```
 *
 * @param members One or more, of the same catalogs in the same order
 * @throws {TypeError | RangeError} If a member is not valid; see {@linkcode checkMembers}
 */
export function combineEnsemble(members: readonly GaussianPosteriors[]): EnsemblePosteriors {
  checkMembers(members, "combine an ensemble");
  const count = members[0]!.mean.length;
  const average = (value: (member: GaussianPosteriors, c: number) => number) =>
    Float64Array.from(
      { length: count },
      (_, c) => members.reduce((sum, member) => sum + value(member, c), 0) / members.length,
    );
  const mean = average((member, c) => member.mean[c]!);
  const within = average((member, c) => member.standardDeviation[c]! ** 2).map(Math.sqrt);
  const between = average((member, c) => (member.mean[c]! - mean[c]!) ** 2).map(Math.sqrt);
  const standardDeviation = within.map((width, c) => Math.hypot(width, between[c]!));
  return { mean, standardDeviation, within, between };
}

/** The probability that an ensemble's posterior of one catalog puts below `sigma8`. */
export function mixtureProbability(
  members: readonly GaussianPosteriors[],
  catalog: number,
  sigma8: number,
): number {
  const sum = members.reduce((all, one) => all + probabilityBelow(one, catalog, sigma8), 0);
  return sum / members.length;
}

/**
 * Quantiles of an ensemble's posteriors, row-major [catalogs x probabilities].
 *
 * The mixture is not Gaussian where members disagree; its quantiles are found as roots, between
 * the least and the largest of the members' own.
 *
 * @param members One or more, of the same catalogs in the same order
 * @param probabilities Between 0 and 1, both excluded
 * @throws {TypeError | RangeError} If a member is not valid, or a probability is out of range
 */
export function mixtureQuantiles(
  members: readonly GaussianPosteriors[],
  probabilities: readonly number[],
): Float64Array {
  checkMembers(members, "take quantiles of an ensemble");
  const columns = probabilities.length;
  return Float64Array.from({ length: members[0]!.mean.length * columns }, (_, at) => {
    const catalog = Math.floor(at / columns);
    const probability = probabilities[at % columns]!;
    const widths = members.map(({ standardDeviation }) => standardDeviation[catalog]!);
    const own = members.map((member) => quantileOf(member, catalog, probability));
    const [least, largest] = [Math.min(...own), Math.max(...own)];
    const tolerance = QUANTILE_TOLERANCE * Math.max(...widths);
    if (largest - least <= tolerance) return (least + largest) / 2;
    const excess = (x: number) => mixtureProbability(members, catalog, x) - probability;
    return findRoot(excess, least, largest, tolerance);
  });
}
