/** The rows of Table 4 without a network. */
import type { Catalog } from "../catalogs/catalog.ts";
import { fitCountBaseline, predictFromCounts } from "./count_baseline.ts";
import { fitSummariesBaseline, predictFromSummaries } from "./summaries_baseline.ts";

/** Predicted sigma8 of the test catalogs and the fresh ones. */
export interface Table4Predictions {
  /** One value per test catalog. */
  readonly test: Float64Array;
  /** One value per fresh catalog. */
  readonly fresh: Float64Array;
}

/** Catalogs from which the baselines learn and on which they are tested. */
export interface BaselineCatalogs {
  /** The design's training catalogs. */
  readonly train: readonly Catalog[];
  /** The design's catalogs that were held back. */
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

/** Predicts sigma8 from eleven summaries; returns the reason in words if it cannot. */
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
