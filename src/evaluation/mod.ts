/**
 * How well sigma8 is known (section 4): errors, baselines, the likelihood and its information limit,
 * calibration, robustness and Table 4. Imported alone as `@clusters/terse/evaluation`.
 *
 * @example The scatter that counting clusters alone leaves in sigma8
 * ```ts
 * import { fitCountBaseline, measureErrors, predictFromCounts } from "@clusters/terse/evaluation";
 * import { createRandom } from "@clusters/terse/numerics";
 * import { assert } from "@std/assert";
 *
 * const random = createRandom(1);
 * const catalogs = Array.from({ length: 2000 }, () => {
 *   const sigma8 = 0.7 + 0.22 * random.uniform();
 *   return { sigma8, count: random.poisson(60 * (sigma8 / 0.8) ** 6) };
 * });
 * const baseline = fitCountBaseline(catalogs.slice(0, 1500));
 * const test = catalogs.slice(1500);
 * const { scatter, scatterError } = measureErrors(
 *   predictFromCounts(baseline, test),
 *   test.map(({ sigma8 }) => sigma8),
 * );
 * assert(scatter > 0.015 && scatter < 0.025); // d ln N = 6 d ln sigma8, with 8 to 20% of N
 * assert(scatterError < 0.1 * scatter);
 * ```
 *
 * @module
 */
export {
  measureErrors,
  SIGMA8_EDGES,
  type Sigma8Bin,
  type Sigma8Errors,
  sigma8Errors,
} from "./errors.ts";
export {
  type CountBaseline,
  type CountBin,
  type CountedCatalog,
  fitCountBaseline,
  predictFromCounts,
} from "./count_baseline.ts";
export {
  fitSummariesBaseline,
  predictFromSummaries,
  SUMMARIES,
  type SummariesBaseline,
  summarizeCatalog,
} from "./summaries_baseline.ts";
export {
  type LikelihoodModel,
  prepareLikelihood,
  type ScatterForm,
  type WeakLensingUse,
} from "./likelihood_model.ts";
export { catalogLnLikelihood } from "./likelihood.ts";
export {
  FEWEST_EFFECTIVE_SAMPLES,
  POSTERIOR_QUANTILES,
  POSTERIOR_SAMPLING,
  type PosteriorSampling,
  type SampledPosterior,
  type Sigma8Posterior,
} from "./posterior_points.ts";
export {
  type InformationLimit,
  type JudgedPosterior,
  measureLimit,
  sampleSigma8,
} from "./posterior.ts";
export {
  comparePosteriors,
  type PosteriorComparison,
  type PosteriorSummary,
} from "./posterior_comparison.ts";
export {
  combineEnsemble,
  type EnsemblePosteriors,
  type GaussianPosteriors,
  mixtureProbability,
  mixtureQuantiles,
} from "./ensemble_posterior.ts";
export {
  type PosteriorView,
  type PredictedPosteriors,
  viewPosteriors,
} from "./predicted_posteriors.ts";
export {
  CREDIBILITIES,
  type ExpectedCoverage,
  type RandomPointTest,
  testRandomPoints,
} from "./tarp.ts";
export {
  COVERAGE_LEVELS,
  type CoverageThird,
  type IntervalCoverage,
  measureCoverage,
  measureThirds,
  QUOTED_LEVELS,
  type RankedCatalogs,
} from "./coverage.ts";
export {
  type Calibration,
  measureCalibration,
  type PullSummary,
  type RankTest,
} from "./calibration.ts";
export {
  compareScatters,
  type MeasuredScatter,
  type ScatterComparison,
} from "./scatter_comparison.ts";
export {
  type PaperScatter,
  TABLE4_ROWS,
  type Table4RowKind,
  type Table4RowName,
} from "./table4_rows.ts";
export {
  makeTable4,
  type OrderedPair,
  type OrderVerdict,
  type Table4,
  type Table4Cell,
  type Table4Entries,
  type Table4Entry,
  type Table4Order,
  type Table4Row,
  type Table4Set,
} from "./table4.ts";
export {
  changePlan,
  measureRobustness,
  measureVariant,
  type PlanChange,
  ROBUSTNESS_VARIANTS,
  type RobustnessRow,
  type RobustnessSetting,
  type RobustnessVariant,
} from "./robustness.ts";
export type { CountsTable } from "./expected_counts.ts";
export type { OneNumber } from "./one_number.ts";
export { OBSERVABLES } from "./cluster_densities.ts";
