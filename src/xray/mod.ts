/**
 * Mock X-ray observations of clusters (section 2.1.2): photons, substructure, brightness profile, density fit
 * and the gas profiles of a whole sample, in the order of the data. Imported alone as
 * `@clusters/terse/xray`.
 *
 * @example The image of a cluster without clumps, its photons and their profile
 * ```ts
 * import { createRandom } from "@clusters/terse";
 * import { MAGNETICUM } from "@clusters/terse/cosmology";
 * import * as xray from "@clusters/terse/xray";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const projection = xray.createProjection();
 * const pointing = xray.pointInstrument(xray.STANDARD_INSTRUMENT, MAGNETICUM, 0.07);
 * const squared = xray.sampleOnGrid(projection.grid, (r) => (1 + (r / 0.1) ** 2) ** -2);
 * const brightness = xray.projectEmission(projection, squared).map((emission) => 1e7 * emission);
 * const center = { x: pointing.side / 2, y: pointing.side / 2 };
 * const cluster = { center, brightness, axisRatio: 1, positionAngle: 0 };
 * const expected = xray.expectImage(cluster, [], projection.grid, pointing);
 * const photons = xray.drawPhotons(expected, createRandom(1));
 * const sum = (image: ArrayLike<number>) => Array.from(image).reduce((total, pixel) => total + pixel);
 * assertAlmostEquals(sum(photons) / sum(expected), 1, 0.01);
 * ```
 *
 * @module
 */
export {
  createProjection,
  projectEmission,
  type Projection,
  type RadialGrid,
  sampleOnGrid,
} from "./projection.ts";
export { type CoreKind, coreOfCluster, densityOfCluster } from "./base_density.ts";
export { drawPhotons, expectImage, type SkyCluster, type SkySource } from "./photons.ts";
export { RELAXED_SKY, type SkyOptions, STANDARD_SKY } from "./sky_model.ts";
export type { Ellipse, Place } from "./ellipse.ts";
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
export {
  type Instrument,
  meanPhotonEnergy,
  photonsPerLuminosity,
  type Pointing,
  pointInstrument,
  STANDARD_INSTRUMENT,
} from "./instrument.ts";
export {
  type DensityModel,
  densitySlope,
  gasDensity,
  integrateShells,
  shellGasMasses,
  shellSlopes,
  squaredDensity,
  STEEPENING_WIDTH,
  totalGasMass,
} from "./gas_density.ts";
export { QUALITIES, type Quality } from "./quality.ts";
export {
  buildCluster,
  type ClusterSettings,
  LEAST_PHOTONS,
  type Observation,
  OBSERVATION_VERSION,
  type ObservationOptions,
  type Observatory,
  observeCluster,
  prepareObservatory,
  r500OfMass,
  reduceImage,
  type Reduction,
  type TrueCluster,
} from "./observe.ts";
export {
  collectProfiles,
  type ObservedProfile,
  type ObservedProfiles,
  observedProfiles,
  observeRows,
  replaceProfiles,
} from "./observed_profiles.ts";
export {
  type DensityProfile,
  densityProfile,
  exampleClusters,
  type ProfileKind,
} from "./density_profile.ts";
