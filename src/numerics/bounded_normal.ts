/**
 * Posteriors of a flat prior on an interval and a likelihood that is a Gaussian in y, 1/x or ln x: the density
 * of x is proportional to exp(p y + q y^2), and none of its mass lies outside. Each is given by the mean and the
 * variance of its probit z, x = min + (max - min) Phi(z), Phi the normal distribution, which are what a
 * network learns: z runs over the whole real line, and is standard normal where nothing is known.
 *
 * The number of clusters of some mass depends on sigma8 through the height of their peaks in the density
 * field, which varies as 1/sigma8. A Gaussian in z would be too heavy in its tails, since the probit
 * stretches what is near the ends; one in sigma8 would miss the longer tail upward.
 */
import {
  type Bend,
  type Coordinate,
  momentsOfPlace,
  probabilityOf,
  solveBounded,
} from "./bounded_density.ts";
import { FARTHEST } from "./probit_table.ts";
import { normalProbability, normalQuantile } from "./distributions.ts";
import type { RankMap } from "./rank_map.ts";
import { mapRank } from "./rank_map.ts";

/** What the posteriors of a family share: interval, coordinate of the likelihood, rank map. */
export interface BoundedFamily {
  /** Lower end of the interval, above 0. */
  readonly min: number;
  /** Upper end of the interval. */
  readonly max: number;
  /** Function of x in which the likelihood is a Gaussian; 1/x if left out. */
  readonly coordinate?: Coordinate;
  /** Map of ranks within posteriors, for truths that do not fall evenly; none if left out. */
  readonly ranks?: RankMap;
}

/** Posteriors of one family on one interval, one entry each. */
export interface BoundedNormals extends BoundedFamily {
  /** Mean of z of each posterior. */
  readonly center: ArrayLike<number>;
  /** Standard deviation of z of each posterior, above 0. */
  readonly width: ArrayLike<number>;
}

/** Means and standard deviations in the interval's own units. */
export interface Moments {
  /** Mean of each distribution. */
  readonly mean: Float64Array;
  /** Standard deviation of each distribution. */
  readonly standardDeviation: Float64Array;
}

const NO_MAP: RankMap = [];

/** The mean of one posterior, from the mean and standard deviation of its z. */
export function boundedMean(center: number, width: number, family: BoundedFamily): number {
  const { min, max, coordinate = "inverse", ranks = NO_MAP } = family;
  const bend: Bend = { ratio: max / min, coordinate };
  return min + (max - min) * momentsOfPlace(solveBounded(center, width, bend), ranks)[0];
}

/**
 * Mean and standard deviation of each posterior, in the interval's own units; a width of z above 1
 * counts as 1.
 *
 * @example A standard normal z is flat
 * ```ts
 * import { boundedMoments } from "./bounded_normal.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { mean, standardDeviation } = boundedMoments({ min: 2, max: 5, center: [0], width: [1] });
 * assertAlmostEquals(mean[0]!, 3.5, 1e-9);
 * assertAlmostEquals(standardDeviation[0]!, 3 / Math.sqrt(12), 1e-9);
 * ```
 */
export function boundedMoments(
  { min, max, coordinate = "inverse", ranks = NO_MAP, center, width }: BoundedNormals,
): Moments {
  const bend: Bend = { ratio: max / min, coordinate };
  const count = center.length;
  const mean = new Float64Array(count);
  const standardDeviation = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const [place, square] = momentsOfPlace(solveBounded(center[i]!, width[i]!, bend), ranks);
    mean[i] = min + (max - min) * place;
    standardDeviation[i] = (max - min) * Math.sqrt(Math.max(0, square - place * place));
  }
  return { mean, standardDeviation };
}

/** The probability that posterior `index` puts below x. */
export function boundedProbability(
  { min, max, coordinate = "inverse", ranks = NO_MAP, center, width }: BoundedNormals,
  index: number,
  x: number,
): number {
  const place = (x - min) / (max - min);
  if (place <= 0) return 0;
  if (place >= 1) return 1;
  const bend: Bend = { ratio: max / min, coordinate };
  const solution = solveBounded(center[index]!, width[index]!, bend);
  return mapRank(probabilityOf(solution, normalQuantile(place)), ranks);
}

/** Halvings that narrow the range of z to below 1e-12. */
const HALVINGS = 44;

/**
 * The value below which posterior `index` has probability p.
 *
 * @throws {RangeError} If p is not between 0 and 1
 */
export function boundedQuantile(
  { min, max, coordinate = "inverse", ranks = NO_MAP, center, width }: BoundedNormals,
  index: number,
  p: number,
): number {
  if (!(p > 0 && p < 1)) {
    throw new RangeError(`Cannot take a quantile: p is ${p}, should be between 0 and 1`);
  }
  const bend: Bend = { ratio: max / min, coordinate };
  const solution = solveBounded(center[index]!, width[index]!, bend);
  let [from, to] = [-FARTHEST, FARTHEST];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (from + to) / 2;
    if (mapRank(probabilityOf(solution, middle), ranks) < p) from = middle;
    else to = middle;
  }
  return min + (max - min) * normalProbability((from + to) / 2);
}
