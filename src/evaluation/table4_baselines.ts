/**
 * The rows of Table 4 without a network.
 *
 * @module
 */
import type { Catalog } from "../catalogs/catalog.ts";
import { fitCountBaseline, predictFromCounts } from "./count_baseline.ts";
import { fitSummariesBaseline, predictFromSummaries } from "./summaries_baseline.ts";

/** sigma8 as predicted from the test catalogs and the fresh ones. */
export interface Table4Predictions {
  /** One value per test catalog. */
  readonly test: Float64Array;
  /** One value per fresh catalog. */
  readonly fresh: Float64Array;
}

/** What the baselines learn from and are tested on. */
export interface BaselineCatalogs {
  /** The design's training catalogs. */
  readonly train: readonly Catalog[];
  /** The catalogs that were held back. */
  readonly test: readonly Catalog[];
  /** New catalogs of the same priors. */
  readonly fresh: readonly Catalog[];
}

/** sigma8 from the number of clusters (section 4.2.2). */
export function predictByCounts({ train, test, fresh }: BaselineCatalogs): Table4Predictions {
  const count = ({ clusters, parameters }: Catalog) => ({
    count: clusters.count,
    sigma8: parameters.sigma8,
  });
  const baseline = fitCountBaseline(train.map(count));
  const predict = (catalogs: readonly Catalog[]) =>
    predictFromCounts(baseline, catalogs.map(count));
  return { test: predict(test), fresh: predict(fresh) };
}

/** sigma8 from eleven summaries; in words, why there is none. */
export function predictBySummaries(
  { train, test, fresh }: BaselineCatalogs,
): Table4Predictions | string {
  try {
    const baseline = fitSummariesBaseline(train);
    return {
      test: predictFromSummaries(baseline, test),
      fresh: predictFromSummaries(baseline, fresh),
    };
  } catch (error) {
    if (error instanceof RangeError) return error.message; // catalogs are too few, or too alike
    throw error;
  }
}
