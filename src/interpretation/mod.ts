/**
 * What a network has learned (section 5, App. A and B): leave-one-out, saliency, the terse layer,
 * self-calibration and overspecialization. Imported alone as `@clusters/terse/interpretation`.
 *
 * @example Leave-one-out of a model that only counts: every cluster changes sigma8 alike
 * ```ts
 * import { buildFeatures, createRandom, drawBaseSample, drawDesign, experiment } from "@clusters/terse";
 * import { leaveOneOut } from "@clusters/terse/interpretation";
 * import type { FeatureArray } from "@clusters/terse/features";
 * import type { TerseArray } from "@clusters/terse/network";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const choices = experiment("standard", "compact");
 * const catalogs = [...drawDesign(choices, drawBaseSample(1), { from: 0, to: 3 })];
 * const random = createRandom(1);
 * const features = catalogs.map((catalog) => buildFeatures(catalog, choices.features, random));
 * const model = {
 *   encode: ({ count }: FeatureArray) => Promise.resolve(new Float32Array(count)),
 *   regress: (all: readonly TerseArray[]) =>
 *     Promise.resolve(Float64Array.from(all, ({ count }) => 0.7 + 0.001 * count)),
 * };
 * const { change } = await leaveOneOut(model, features, catalogs);
 * for (const each of change) assertAlmostEquals(each, -0.001, 1e-12);
 * ```
 *
 * @module
 */
export {
  type ClusterColumns,
  joinClusters,
  tabulateTerse,
  type TerseTable,
} from "./terse_table.ts";
export { type CatalogCorrelation, correlateAtFixed } from "./catalog_correlation.ts";
export type { Columns, FigureColumns, Headlines } from "./columns.ts";
export {
  binByMass,
  type FilledMassBin,
  type FilledMassBins,
  type MassBinOptions,
  type SparseBin,
} from "./mass_bins.ts";
export {
  type ChangeBand,
  type ChangeDistribution,
  type LeaveOneOut,
  leaveOneOut,
  type LeaveOneOutOptions,
} from "./leave_one_out.ts";
export {
  labelPixels,
  measureSaliency,
  type PixelLabel,
  type PixelSaliency,
  type Saliency,
  type SaliencyBin,
  type SaliencyMap,
  type SaliencyOptions,
} from "./saliency.ts";
export {
  type SaliencyProfile,
  saliencyProfile,
  type SaliencyTrend,
  saliencyTrend,
} from "./saliency_trends.ts";
export {
  type CatalogMassRanges,
  catalogMassRanges,
  type MassRange,
  type TransitionMass,
} from "./transition.ts";
export {
  describeTerseLayer,
  TERSE_COMPANIONS,
  type TerseCompanion,
  type TerseLayer,
} from "./terse_layer.ts";
export {
  fitMassProxies,
  fitOptimalProxy,
  MASS_PROXIES,
  type MassProxy,
  type ProxyName,
} from "./mass_proxy.ts";
export {
  calibrateByCounts,
  type CalibrationCell,
  type CalibrationRegion,
  type CatalogSummaries,
  type SelfCalibration,
  type SelfCalibrationOptions,
  summarizeCatalogs,
} from "./self_calibration.ts";
export {
  type AverageDistribution,
  type CatalogSet,
  compareTransitions,
  type TransitionProxies,
} from "./transition_proxies.ts";
export {
  FEWEST_CATALOGS,
  type JudgedColumns,
  judgeOverspecialization,
  type Overspecialization,
  type OverspecializationNumbers,
} from "./overspecialization.ts";
export { type ExplainedVariance, explainedVariance } from "./explained_variance.ts";
export { type SeedSpread, summarizeSeeds } from "./ensemble.ts";
export {
  interpret,
  type Interpretation,
  interpretationColumns,
  interpretationHeadlines,
  type InterpretOptions,
} from "./interpretation.ts";
export { type Gap, isGap } from "./exact/gap.ts";
export {
  answerExactly,
  type ExactAnswers,
  type ExactCatalog,
  type ExactLeaveOneOut,
  type ExactSensitivity,
  type ObservableName,
} from "./exact/exact_catalog.ts";
export { type AxisCut, findPrincipalAxes, type PrincipalAxes } from "./exact/principal_axes.ts";
export {
  findOptimalGradient,
  type OptimalGradient,
  type PixelRows,
} from "./exact/optimal_gradient.ts";
export {
  type ExactBand,
  type ExactChoiceSummary,
  type ExactSummary,
  type MassedAnswers,
  summarizeExact,
} from "./exact/summary.ts";
export {
  type Faithfulness,
  faithfulnessColumns,
  type FaithfulnessDetails,
  type JudgingGround,
  measureFaithfulness,
} from "./faithfulness/faithfulness.ts";
export { FAITHFUL_LIMITS, type FaithfulnessVerdict } from "./faithfulness/verdict.ts";
export type {
  LeaveOneOutBin,
  LeaveOneOutComparison,
  LeaveOneOutScore,
} from "./faithfulness/leave_one_out_score.ts";
export type {
  JudgedSaliency,
  SaliencyScore,
  SaliencyScoreBin,
} from "./faithfulness/saliency_score.ts";
export type { SensitivityComparison, WeightScore } from "./faithfulness/sensitivity_score.ts";
export type { ComparedProxy, ProxyFit, ProxyFits, ProxyScore } from "./faithfulness/proxy_score.ts";
export type { PatternPixel } from "./faithfulness/activation_pattern.ts";
export type { MassSlopeBin } from "./faithfulness/mass_slopes.ts";
export {
  compareSeeds,
  type PairSpread,
  type SeedAgreement,
  type SeedFindings,
} from "./faithfulness/seed_agreement.ts";
export {
  type ConclusionMeasures,
  type FurtherMeasures,
  type MassCurve,
  measuresOfExact,
  measuresOfNetwork,
} from "./faithfulness/conclusion_measures.ts";
export {
  type Conclusion,
  CONCLUSION_LIMITS,
  type ConclusionOutcome,
  drawConclusions,
} from "./faithfulness/conclusions.ts";
