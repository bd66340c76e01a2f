/**
 * The usual values of a statistic for a catalog of N clusters: its mean and spread as functions of
 * N, and the range of 95% of the reference catalogs.
 */
import { fitLine, mean, quantiles } from "../../numerics/statistics.ts";

/** Usual values of one statistic, in its own unit. */
export interface UsualRange {
  /** Mean of the statistic at ln N = 0. */
  readonly intercept: number;
  /** Rise of the mean with ln N. */
  readonly rise: number;
  /** Part of the variance that does not depend on N; the whole is `floor` + `perCluster` / N. */
  readonly floor: number;
  /** The part of the variance that falls with N, times N. */
  readonly perCluster: number;
  /** Quantile 2.5% of the deviations, in standard deviations. */
  readonly low: number;
  /** Quantile 50% of the deviations. */
  readonly middle: number;
  /** Quantile 97.5% of the deviations. */
  readonly high: number;
}

/** Quantiles of the middle 95%. */
const MIDDLE_95: readonly number[] = [0.025, 0.5, 0.975];

/** Least share of the variance that does not depend on N. */
const LEAST_FLOOR = 0.05;

/** Smallest spread of a statistic that varies; the least real ones are about 1e-4. */
const LEAST_SPREAD = 1e-6;

/**
 * The usual range of a statistic over catalogs.
 *
 * @param values One per catalog
 * @param counts Clusters of each catalog
 * @returns `null` if the statistic does not vary
 */
export function fitUsualRange(values: Float64Array, counts: Float64Array): UsualRange | null {
  const { slope: rise, intercept } = fitTrend(counts.map(Math.log), values);
  const squares = values.map((value, i) => (value - intercept - rise * Math.log(counts[i]!)) ** 2);
  const variance = mean(squares);
  if (!(variance > LEAST_SPREAD ** 2)) return null;
  const range = { intercept, rise, ...splitVariance(squares, counts, variance) };
  const unscaled = { ...range, low: -1, middle: 0, high: 1 };
  const deviations = values.map((value, i) => deviationOf(unscaled, value, counts[i]!));
  const [low, middle, high] = quantiles(deviations, MIDDLE_95);
  return { ...range, low: low!, middle: middle!, high: high! };
}

/** A line, or a constant if all x are equal. */
function fitTrend(x: Float64Array, y: Float64Array): { slope: number; intercept: number } {
  return x.every((value) => value === x[0]) ? { slope: 0, intercept: mean(y) } : fitLine(x, y);
}

function splitVariance(
  squares: Float64Array,
  counts: Float64Array,
  variance: number,
): Pick<UsualRange, "floor" | "perCluster"> {
  const inverse = counts.map((count) => 1 / count);
  const { slope, intercept } = fitTrend(inverse, squares);
  if (slope <= 0) return { floor: variance, perCluster: 0 };
  if (intercept >= LEAST_FLOOR * variance) return { floor: intercept, perCluster: slope };
  const floor = LEAST_FLOOR * variance;
  return { floor, perCluster: (variance - floor) / mean(inverse) };
}

function centerAndSpread(
  { intercept, rise, floor, perCluster }: UsualRange,
  count: number,
): [number, number] {
  return [intercept + rise * Math.log(count), Math.sqrt(floor + perCluster / count)];
}

/** Deviation from the mean of catalogs of this many clusters, in standard deviations. */
export function deviationOf(range: UsualRange, value: number, count: number): number {
  const [center, spread] = centerAndSpread(range, count);
  return (value - center) / spread;
}

/** Distance of a deviation from the middle; 1 at the edge of the middle 95% on its side. */
export function excessOf({ low, middle, high }: UsualRange, deviation: number): number {
  return deviation >= middle
    ? (deviation - middle) / (high - middle)
    : (middle - deviation) / (middle - low);
}

/** The range of 95% of the reference catalogs, for catalogs of this many clusters. */
export function rangeAt(range: UsualRange, count: number): { low: number; high: number } {
  const [center, spread] = centerAndSpread(range, count);
  return { low: center + range.low * spread, high: center + range.high * spread };
}
