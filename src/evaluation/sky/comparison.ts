/** Tests whether a catalog's statistics are typical of mock catalogs. */
import { fastNormalQuantile } from "../../numerics/fast_normal.ts";
import { lowerBound } from "../../numerics/lower_bound.ts";
import { mean } from "../../numerics/statistics.ts";
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
  /** Share of mocks whose statistics, all together, are as far from the center as the catalog's. */
  readonly distanceProbability: number;
  /** Share of mocks whose least probable statistic is as improbable as the catalog's. */
  readonly extremeProbability: number;
  /** Every statistic that the catalog and the mocks have, least probable first. */
  readonly statistics: readonly ComparedStatistic[];
}

/** Added to the variance of each score, which is about 1. */
const RIDGE = 1e-4;

/** The first of the mocks, by share, give the scores; the others are what the catalog is held against. */
const SCORING_SHARE = 2 / 3;

/** Fewest mocks that a catalog can be compared with. */
export const FEWEST_MOCKS = 100;

/**
 * Compares a catalog with mocks by normal scores of its statistics: their Mahalanobis distance and
 * the largest of them.
 *
 * Scores and their covariance are of two thirds of the mocks. The catalog is compared with the
 * others, which these scores know as little as it, so that an honest catalog's probabilities are
 * uniform. With all mocks in both roles 5% of honest catalogs had one below 0.2%.
 *
 * @param names Names of the statistics
 * @param observed Statistics of the catalog
 * @param mocks Statistics of the mocks, a few hundred or more, in random order
 * @throws {RangeError} If fewer than 100 mocks have the catalog's statistics
 */
export function compareStatistics(
  names: readonly string[],
  observed: Float64Array,
  mocks: readonly Float64Array[],
): StatisticComparison {
  const used = names.map((_, s) => s).filter((s) => !Number.isNaN(observed[s]!));
  const complete = mocks.filter((mock) => used.every((s) => !Number.isNaN(mock[s]!)));
  if (complete.length < FEWEST_MOCKS) {
    throw new RangeError(
      `Cannot compare catalog: ${complete.length} mocks have its statistics, ${FEWEST_MOCKS} or more are needed`,
    );
  }
  const first = Math.round(SCORING_SHARE * complete.length);
  const columns = used.map((s) => columnOf(complete, s));
  const scales = columns.map((column) => createScoreScale(column.slice(0, first).sort()));
  const scoresOf = (statistics: Float64Array): Float64Array => {
    const scores = new Float64Array(used.length);
    for (let i = 0; i < used.length; i++) scores[i] = score(scales[i]!, statistics[used[i]!]!);
    return scores;
  };
  const scored = complete.slice(0, first).map(scoresOf);
  const center = Float64Array.from(used, (_, i) => mean(columnOf(scored, i)));
  const centered = (row: Float64Array) => row.map((value, i) => value - center[i]!);
  const whitening = fitWhitening(scored.map(centered), RIDGE);
  const scores = complete.slice(first).map(scoresOf);
  const own = scoresOf(observed);
  const distance = (row: Float64Array) =>
    whiten(whitening, centered(row)).reduce((sum, value) => sum + value * value, 0);
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
      .map((s, i) => {
        const sorted = columns[i]!.sort();
        return {
          name: names[s]!,
          value: observed[s]!,
          median: sorted[sorted.length >> 1]!,
          probability: bothSides(sorted, observed[s]!),
        };
      })
      .sort((a, b) => a.probability - b.probability),
  };
}

/** One number of every row. */
function columnOf(rows: readonly Float64Array[], s: number): Float64Array {
  const column = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) column[i] = rows[i]![s]!;
  return column;
}

/** Number of values below a value; equal values count as half. */
function rank(sorted: Float64Array, value: number): number {
  const first = lowerBound(sorted, value);
  let beyond = first;
  while (sorted[beyond] === value) beyond++;
  return (first + beyond) / 2;
}

/** A statistic's scale of normal scores. */
interface ScoreScale {
  /** Values of the mocks, ascending. */
  readonly sorted: Float64Array;
  /** The quantiles at {@linkcode SHOULDER} and {@linkcode EDGE}, and those as far from the upper end. */
  readonly low: readonly [shoulder: number, edge: number];
  readonly high: readonly [shoulder: number, edge: number];
}

/** Beyond the edge, few mocks tell how improbable a value is: the tail goes on as an exponential. */
const EDGE = 0.025;
/** From the shoulder to the edge the exponential is measured. */
const SHOULDER = 0.16;
/** The smallest probability of a value: 8 standard deviations. */
const LEAST_TAIL = 1e-15;

function createScoreScale(sorted: Float64Array): ScoreScale {
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return {
    sorted,
    low: [at(SHOULDER), at(EDGE)],
    high: [at(1 - SHOULDER), at(1 - EDGE)],
  };
}

function score({ sorted, low, high }: ScoreScale, value: number): number {
  const below = tailBeyond(low[1] - value, low[0] - low[1]);
  if (below !== null) return fastNormalQuantile(below);
  const above = tailBeyond(value - high[1], high[1] - high[0]);
  if (above !== null) return -fastNormalQuantile(above);
  return fastNormalQuantile((rank(sorted, value) + 0.5) / (sorted.length + 1));
}

/** Probability of a value so far beyond the edge; null within it, or where shoulder and edge are one. */
function tailBeyond(distance: number, scale: number): number | null {
  if (!(distance > 0 && scale > 0)) return null;
  return Math.max(LEAST_TAIL, EDGE * (EDGE / SHOULDER) ** (distance / scale));
}

function bothSides(sorted: Float64Array, value: number): number {
  const share = (rank(sorted, value) + 0.5) / (sorted.length + 1);
  return 2 * Math.min(share, 1 - share);
}
