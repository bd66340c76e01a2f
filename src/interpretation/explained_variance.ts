/**
 * How much of a catalog property's variance one cluster's value explains, in any form, linear or
 * not (the correlation ratio), with what chance would explain (App. B).
 */
import { thereAre } from "../numerics/counted.ts";
import { quantiles } from "../numerics/statistics.ts";

/** Bins of equal numbers of clusters that the explaining value is cut into. */
const BINS = 20;

/** Shares of variance, of 1. */
export interface ExplainedVariance {
  /** Variance of the bins' means over the whole variance, both weighted by clusters. */
  readonly share: number;
  /** What `share` would be on average if the catalogs' labels were dealt out anew at random. */
  readonly chance: number;
  /** (share - chance) / (1 - chance): 0 on average for a value that knows nothing, at most 1. */
  readonly beyondChance: number;
}

/**
 * The share of a label's variance that lies between bins of one cluster's value.
 *
 * All clusters of a catalog have its label, so a value that merely tells catalogs apart explains
 * something by chance: with w_bc the share of catalog c among the clusters of bin b and C catalogs,
 * relabeled bin means have (C sum_c w_bc^2 - 1) / (C - 1) times the variance of the labels.
 *
 * @example
 * ```ts
 * import { explainedVariance } from "@clusters/terse/interpretation";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const catalog = [0, 0, 1, 1, 2, 2];
 * const sigma8 = [0.9, 0.9, 0.7, 0.7, 0.9, 0.9];
 * const terse = [1, -1, 0, 0, -1, 1]; // large, of either sign, where sigma8 is high
 * assertAlmostEquals(explainedVariance(terse, sigma8, catalog).share, 1);
 * ```
 *
 * @param value One value per cluster; equal values stay in one bin
 * @param label The catalog's label, repeated for each cluster
 * @param catalog The catalog of each cluster, whole numbers from 0
 * @throws {RangeError} If there are fewer than two catalogs, or all labels are equal
 */
export function explainedVariance(
  value: ArrayLike<number>,
  label: ArrayLike<number>,
  catalog: ArrayLike<number>,
): ExplainedVariance {
  const bins = assignBins(value);
  const binSums = new Float64Array(BINS);
  const binCounts = new Float64Array(BINS);
  const shares = new Map<number, Float64Array>();
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < bins.length; i++) {
    const bin = bins[i]!;
    const deviation = label[i]! - label[0]!; // small numbers: their squares do not cancel
    binSums[bin]! += deviation;
    binCounts[bin]! += 1;
    sum += deviation;
    squares += deviation * deviation;
    const counts = shares.get(catalog[i]!) ?? new Float64Array(BINS);
    counts[bin]! += 1;
    shares.set(catalog[i]!, counts);
  }
  const total = squares - sum * sum / bins.length;
  if (shares.size < 2 || !(total > 0)) {
    throw new RangeError(
      `Cannot explain a variance: ${thereAre(shares.size, "catalog")} and the variance is ` +
        `${total / bins.length}, should be 2 or more and above 0`,
    );
  }
  const between = binSums.reduce(
    (found, s, b) => binCounts[b]! > 0 ? found + s * s / binCounts[b]! : found,
    -sum * sum / bins.length,
  );
  const share = between / total;
  const chance = expectedShare([...shares.values()], binCounts, bins.length);
  return { share, chance, beyondChance: chance < 1 ? (share - chance) / (1 - chance) : 0 };
}

/** The mean of `share` over all ways to deal the labels out. */
function expectedShare(
  catalogs: readonly Float64Array[],
  binCounts: Float64Array,
  count: number,
): number {
  const spread = (total: number, part: (counts: Float64Array) => number) => {
    const squares = catalogs.reduce((sum, counts) => sum + (part(counts) / total) ** 2, 0);
    return (catalogs.length * squares - 1) / (catalogs.length - 1);
  };
  // The label's mean over clusters moves with the labels too, in the bins and in the whole alike.
  const ofMean = spread(count, (counts) => counts.reduce((a, b) => a + b));
  let between = -ofMean;
  binCounts.forEach((inBin, b) => {
    if (inBin > 0) between += inBin / count * spread(inBin, (counts) => counts[b]!);
  });
  return between / (1 - ofMean);
}

/** The bin of each value; edges are quantiles, and bins between equal edges stay empty. */
function assignBins(values: ArrayLike<number>): Uint8Array {
  const edges = quantiles(values, Array.from({ length: BINS - 1 }, (_, i) => (i + 1) / BINS));
  return Uint8Array.from(values, (value) => {
    let bin = 0;
    while (bin < edges.length && value > edges[bin]!) bin++;
    return bin;
  });
}
