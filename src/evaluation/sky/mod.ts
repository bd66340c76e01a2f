/**
 * A flux-limited survey on the sky: its clusters' abundance and mock catalogs, the likelihood of a
 * catalog, and the posterior of (sigma8, omegaM) with the scaling relations.
 *
 * @example What a survey finds, a mock catalog of it, and which cosmology that is likelier in
 * ```ts
 * import * as sky from "@clusters/terse/sky";
 * import { assertGreater, assertLess } from "@std/assert";
 *
 * const { survey } = sky.SKY_PRESETS.hiflugcs;
 * const truth = sky.FIDUCIAL_SKY;
 * const { expected } = sky.expectClusters(survey, truth);
 * const mock = sky.prepareSkyDrawing(survey).draw(truth, sky.createRandom(1));
 * assertLess(Math.abs(mock.redshift.length - expected), 4 * Math.sqrt(expected));
 * const { lnLikelihood } = sky.prepareSkyLikelihood(survey, mock);
 * assertGreater(lnLikelihood(truth), lnLikelihood({ ...truth, S8: 1.3 * truth.S8 }));
 * ```
 *
 * @module
 */
export { createRandom, Random, type RandomState, type StreamName } from "../../numerics/random.ts";
export type { KernelOptions } from "../../numerics/kernel_sampler.ts";
export type { EnsembleOptions } from "../../numerics/ensemble_sampler.ts";
export type { ExpansionRate } from "../../cosmology/fast_distance.ts";
export {
  expectClusters,
  FINE_NODES,
  fluxWidth,
  LIKELIHOOD_NODES,
  lnLuminosityLimit,
  prepareSkyAbundance,
  type SkyAbundance,
  type SkyExpectation,
  type SkyNodes,
  type SkyRates,
  type SkySelection,
} from "../../catalogs/sky/abundance.ts";
export {
  checkDetectionTable,
  detectedShare,
  type DetectionRow,
  detectionRow,
  type DetectionTable,
  drawDetected,
} from "../../catalogs/sky/detection.ts";
export { prepareSkyCoreDrawing } from "../../catalogs/sky/core/draw_core.ts";
export {
  drawSkyParameters,
  prepareSkyDrawing,
  type SkyDrawer,
  type SkyDrawing,
} from "../../catalogs/sky/draw.ts";
export {
  countLensing,
  drawLensingMasses,
  type LensedClusters,
  type LensingMasses,
  type LensingSample,
  type SkyLensing,
} from "../../catalogs/sky/lensing.ts";
export {
  checkOffsets,
  GAUSSIAN_OFFSETS,
  libraryProbability,
  type OffsetLibrary,
  type SkyOffsets,
  STUDENT_OFFSETS,
} from "../../catalogs/sky/offsets.ts";
export {
  checkSkyParameters,
  FIDUCIAL_SKY,
  MASS_SCALE,
  massScalePrior,
  parameterNames,
  parameterOf,
  priorCoordinate,
  priorValue,
  readSkyParameters,
  sigma8Of,
  SKY_PARAMETER_NAMES,
  SKY_PRIORS,
  skyCoordinates,
  type SkyParameterName,
  type SkyParameters,
  skyParametersAt,
  type SkyPrior,
  type SkyPriors,
  skyPriors,
} from "../../catalogs/sky/parameters.ts";
export { SKY_PRESETS, type SkyPreset, type SkyPresetName } from "../../catalogs/sky/presets.ts";
export {
  FIDUCIAL_OMEGA_M,
  LN_FLUX_FACTOR,
  LN_PIVOT,
  lnKCorrection,
  lnKOfInverse,
  SKY_H,
  type SkyScatter,
  skyScatter,
} from "../../catalogs/sky/relations.ts";
export {
  checkSkyClusters,
  MISSING_ERROR,
  type SkyClusters,
  type SkyMock,
  takeSkyClusters,
} from "../../catalogs/sky/sky_clusters.ts";
export {
  checkSkySurvey,
  FLUX_BAND,
  readSkySurvey,
  type SkySurvey,
} from "../../catalogs/sky/survey.ts";
export {
  type JudgedCosmology,
  type JudgedNumber,
  type JudgedSkyMock,
  judgePosterior,
  judgeSkyMock,
  measureSkyCoverage,
  SKY_COSMOLOGY,
  type SkyCosmologyName,
  type SkyCoverage,
} from "./coverage.ts";
export { prepareSkyLikelihood, type SkyLikelihood } from "./likelihood.ts";
export {
  correlateSky,
  sampleSkyPosterior,
  shareBelow,
  SKY_QUANTILES,
  SKY_SAMPLING,
  type SkyPosterior,
  type SkySampling,
  type SkySummary,
  summarizeSky,
  type WeightedParameters,
  weightedQuantiles,
} from "./posterior.ts";
export type { SkyCosmology } from "./joint_posterior.ts";
export { type ImpliedBias, testScore } from "./score_check.ts";
export {
  leaveLensingOut,
  senseSky,
  type SkyObservable,
  type SkySensitivity,
} from "./sensitivity.ts";
export type { IntervalCoverage } from "../coverage.ts";
