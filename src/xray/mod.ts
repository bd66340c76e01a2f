/**
 * Mock X-ray observations of clusters (section 2.1.2): photons, substructure, brightness profile, density fit
 * and the gas profiles of a whole sample, in the order of the data. Imported alone as
 * `@clusters/terse/xray`.
 *
 * @module
 */
export { createRandom, Random, type RandomState, type StreamName } from "../numerics/random.ts";
export { type Cosmology, MAGNETICUM } from "../cosmology/cosmology.ts";
export { type ClusterTable, SHELL_EDGES, SHELLS } from "../clusters/cluster_table.ts";
export { type BaseSample, drawBaseSample } from "../clusters/base_sample.ts";
export type { ScalingRelation, ScalingRelations } from "../clusters/scaling_relation.ts";
export * from "./instrument.ts";
export * from "./gas_density.ts";
export {
  createProjection,
  createRadialGrid,
  projectEmission,
  type Projection,
  type RadialGrid,
  sampleOnGrid,
} from "./projection.ts";
export { type CoreKind, coreOfCluster, densityOfCluster } from "./base_density.ts";
export { drawPhotons, expectImage, type SkyCluster, type SkySource } from "./photons.ts";
export { RELAXED_SKY, type SkyOptions, STANDARD_SKY } from "./sky_model.ts";
export { type Ellipse, type Place } from "./ellipse.ts";
export { transformWavelets, type WaveletPlane } from "./wavelets.ts";
export { findSubstructure, type MaskedRegion, type Substructure } from "./substructure.ts";
export {
  type BrightnessProfile,
  findCenter,
  findCentroid,
  measureProfile,
  surfaceBrightness,
} from "./surface_brightness.ts";
export { type Expansion, minimize, type Minimum } from "./levenberg_marquardt.ts";
export {
  type DensityCandidate,
  type DensityFit,
  fitGasDensity,
  type FitSettings,
} from "./density_fit.ts";
export { type GasMeasurement, measureGas } from "./gas_measurement.ts";
export * from "./quality.ts";
export * from "./observe.ts";
export * from "./observed_profiles.ts";
export * from "./density_profile.ts";
