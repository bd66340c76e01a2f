/** How well the number of clusters alone predicts sigma8 (section 4.2.2), without a network. */
import type { FeatureArray } from "../features/features.ts";
import { median } from "../numerics/statistics.ts";

/** Width of section 4.2.2's bins in N_cluster. */
const BIN_WIDTH = 10;

/** The fields that the baseline reads: the number of clusters, and sigma8 for training. */
export type CountedCatalog = Pick<FeatureArray, "count" | "sigma8">;

/** Catalogs of similar N_cluster. */
export interface CountBin {
  /** The bin holds N from `from` to `from + 9`. */
  readonly from: number;
  /** Training catalogs in the bin, 1 or more. */
  readonly catalogs: number;
  /** Median sigma8 of the training catalogs in the bin: the prediction. */
  readonly sigma8: number;
}

/** Bins that hold a training catalog, ascending. */
export type CountBaseline = readonly CountBin[];

/**
 * The median sigma8 of the training catalogs in each bin of ten N_cluster.
 *
 * @example
 * ```ts
 * import { fitCountBaseline, predictFromCounts } from "@clusters/terse/evaluation";
 * import { assertEquals } from "@std/assert";
 *
 * const baseline = fitCountBaseline([{ count: 41, sigma8: 0.7 }, { count: 87, sigma8: 0.9 }]);
 * assertEquals([...predictFromCounts(baseline, [{ count: 45 }, { count: 120 }])], [0.7, 0.9]);
 * ```
 *
 * @throws {RangeError} If there is no catalog
 */
export function fitCountBaseline(training: readonly CountedCatalog[]): CountBaseline {
  if (training.length === 0) {
    throw new RangeError("Cannot fit the count baseline: there are 0 catalogs, 1 is needed");
  }
  const sigma8ByBin = new Map<number, number[]>();
  for (const { count, sigma8 } of training) {
    const from = Math.floor(count / BIN_WIDTH) * BIN_WIDTH;
    const values = sigma8ByBin.get(from);
    if (values) values.push(sigma8);
    else sigma8ByBin.set(from, [sigma8]);
  }
  return Array.from(sigma8ByBin, ([from, values]) => ({
    from,
    catalogs: values.length,
    sigma8: median(values),
  })).sort((a, b) => a.from - b.from);
}

/**
 * Predicts each catalog's sigma8 from its number of clusters. A catalog whose bin held no training
 * catalog gets the nearest bin that did, the lower of two equally near.
 */
export function predictFromCounts(
  baseline: CountBaseline,
  catalogs: readonly Pick<CountedCatalog, "count">[],
): Float64Array {
  return Float64Array.from(catalogs, ({ count }) => {
    const from = Math.floor(count / BIN_WIDTH) * BIN_WIDTH;
    let nearest = baseline[0]!;
    for (const bin of baseline) {
      if (Math.abs(bin.from - from) < Math.abs(nearest.from - from)) nearest = bin;
    }
    return nearest.sigma8;
  });
}
