/** Tests whether a catalog's statistics are typical of mock catalogs. */
import { fastNormalQuantile } from "../../numerics/fast_normal.ts";
import { fitWhitening, whiten } from "../../numerics/whitening.ts";

/** One statistic of the catalog, compared with the mocks. */
export interface ComparedStatistic {
  /** The statistic's name. */
  readonly name: string;
  /** The catalog's value. */
  readonly value: number;
  /** Median of the mocks. */
  readonly median: number;
  /** Share of mocks that lie as far out or further, on both sides together. */
  readonly probability: number;
}

/** A catalog compared with mocks. */
export interface StatisticComparison {
  /**
   * Share of mocks whose statistics, all together, are as far from their center as the catalog's.
   */
  readonly distanceProbability: number;
  /** Share of mocks whose least probable statistic is as improbable as the catalog's. */
  readonly extremeProbability: number;
  /** Every statistic that the catalog and the mocks have, least probable first. */
  readonly statistics: readonly ComparedStatistic[];
}

/** Added to the variance of each score, which is 1. */
const RIDGE = 0.01;

/**
 * Compares a catalog with mocks by normal scores of the ranks of its statistics: their Mahalanobis
 * distance and the largest of them, each compared with those of the mocks themselves.
 *
 * @param names Names of the statistics
 * @param observed Statistics of the catalog
 * @param mocks Statistics of the mocks, a few hundred or more
 */
export function compareStatistics(
  names: readonly string[],
  observed: Float64Array,
  mocks: readonly Float64Array[],
): StatisticComparison {
  const used = names.map((_, s) => s).filter((s) => !Number.isNaN(observed[s]!));
  const complete = mocks.filter((mock) => used.every((s) => !Number.isNaN(mock[s]!)));
  if (complete.length < 100) {
    throw new RangeError(
      `Cannot compare catalog: ${complete.length} mocks have its statistics, 100 or more are needed`,
    );
  }
  const sorted = used.map((s) => Float64Array.from(complete, (mock) => mock[s]!).sort());
  const scoresOf = (statistics: Float64Array) =>
    Float64Array.from(used, (s, i) => score(sorted[i]!, statistics[s]!));
  const scores = complete.map(scoresOf);
  const own = scoresOf(observed);
  const whitening = fitWhitening(scores, RIDGE);
  const distance = (row: Float64Array) =>
    whiten(whitening, row).reduce((sum, value) => sum + value * value, 0);
  const extreme = (row: Float64Array) => row.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const shareBeyond = (of: (row: Float64Array) => number) => {
    const value = of(own);
    const beyond = scores.filter((row) => of(row) >= value).length;
    return (beyond + 1) / (scores.length + 1);
  };
  return {
    distanceProbability: shareBeyond(distance),
    extremeProbability: shareBeyond(extreme),
    statistics: used
      .map((s, i) => ({
        name: names[s]!,
        value: observed[s]!,
        median: sorted[i]![sorted[i]!.length >> 1]!,
        probability: bothSides(sorted[i]!, observed[s]!),
      }))
      .sort((a, b) => a.probability - b.probability),
  };
}

/** Number of values below a value; equal values count as half. */
function rank(sorted: Float64Array, value: number): number {
  const first = lowerBound(sorted, (x) => x >= value);
  return (first + lowerBound(sorted, (x) => x > value)) / 2;
}

function lowerBound(sorted: Float64Array, isBeyond: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBeyond(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function score(sorted: Float64Array, value: number): number {
  return fastNormalQuantile((rank(sorted, value) + 0.5) / (sorted.length + 1));
}

function bothSides(sorted: Float64Array, value: number): number {
  const share = (rank(sorted, value) + 0.5) / (sorted.length + 1);
  return 2 * Math.min(share, 1 - share);
}
