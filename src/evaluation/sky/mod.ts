/**
 * A flux-limited survey on the sky: its clusters' abundance and mock catalogs, the likelihood of a
 * catalog, and the posterior of (sigma8, omegaM) with the scaling relations.
 *
 * @example What a survey finds, a mock catalog of it, and what that says of S8
 * ```ts ignore
 * import * as sky from "@clusters/terse/sky";
 *
 * const { survey } = sky.SKY_PRESETS.hiflugcs;
 * const { expected } = sky.expectClusters(survey, sky.FIDUCIAL_SKY);
 * const mock = sky.prepareSkyDrawing(survey).draw(sky.FIDUCIAL_SKY, sky.createRandom(1));
 * const posterior = sky.sampleSkyPosterior(
 *   sky.prepareSkyLikelihood(survey, mock),
 *   sky.createRandom(2),
 * );
 * const { mean, deviation } = sky.summarizeSky(posterior, ({ S8 }) => S8);
 * ```
 *
 * @module
 */
export { createRandom, Random, type RandomState, type StreamName } from "../../numerics/random.ts";
export type { MixtureOptions } from "../../numerics/mixture_sampler.ts";
export type { EnsembleOptions } from "../../numerics/ensemble_sampler.ts";
export type { ExpansionRate } from "../../cosmology/fast_distance.ts";
export * from "../../catalogs/sky/abundance.ts";
export * from "../../catalogs/sky/detection.ts";
export * from "../../catalogs/sky/draw.ts";
export * from "../../catalogs/sky/offsets.ts";
export * from "../../catalogs/sky/parameters.ts";
export * from "../../catalogs/sky/presets.ts";
export * from "../../catalogs/sky/relations.ts";
export * from "../../catalogs/sky/sky_clusters.ts";
export {
  checkSkySurvey,
  FLUX_BAND,
  readSkySurvey,
  type SkySurvey,
} from "../../catalogs/sky/survey.ts";
export * from "./coverage.ts";
export * from "./likelihood.ts";
export * from "./posterior.ts";
export * from "./score_test.ts";
export type { IntervalCoverage } from "../coverage.ts";
