/**
 * One cluster from its row in the base sample to its measured gas, end to end (section 2.1.2):
 * density model, photons, mask, profile, fit. The steps can be called alone; this file only joins
 * them.
 */
import type { ClusterTable } from "../clusters/cluster_table.ts";
import { type Cosmology, criticalDensity } from "../cosmology/cosmology.ts";
import type { Random } from "../numerics/random.ts";
import { type CoreKind, coreOfCluster, densityOfCluster } from "./base_density.ts";
import { type DensityFit, fitGasDensity } from "./density_fit.ts";
import { type GasMeasurement, measureGas } from "./gas_measurement.ts";
import { type DensityModel, integrateShells, squaredDensity } from "./gas_density.ts";
import {
  type Instrument,
  photonsPerLuminosity,
  type Pointing,
  pointInstrument,
  STANDARD_INSTRUMENT,
} from "./instrument.ts";
import { drawPhotons, expectImage, type SkyCluster, type SkySource } from "./photons.ts";
import type { Quality } from "./quality.ts";
import { createProjection, projectEmission, type Projection, sampleOnGrid } from "./projection.ts";
import {
  drawAxisRatio,
  drawClumps,
  drawNeighbors,
  type SkyOptions,
  STANDARD_SKY,
} from "./sky_model.ts";
import { type BrightnessProfile, findCenter, measureProfile } from "./surface_brightness.ts";
import { findSubstructure, type Substructure } from "./substructure.ts";

/** Data that all observations of one sample share; plain, so that it can be sent to a worker. */
export interface Observatory {
  /** Instrument, redshift and distance. */
  readonly pointing: Pointing;
  /** The Abel integral on the grid of radii. */
  readonly projection: Projection;
  /** Departures of images from one round, smooth cluster. */
  readonly sky: SkyOptions;
  /** Critical density at the redshift [Msun/h (Mpc/h)^-3, physical] */
  readonly criticalDensity: number;
}

/** Options of an observation; each has a default. */
export interface ObservationOptions {
  /** The telescope; {@linkcode STANDARD_INSTRUMENT} if left out. */
  readonly instrument?: Instrument;
  /** Departures of images from one round, smooth cluster; {@linkcode STANDARD_SKY} if left out. */
  readonly sky?: SkyOptions;
}

/**
 * Prepares to observe clusters of one redshift.
 *
 * @throws {RangeError} If the cosmology is not physical or the redshift is not above 0
 */
export function prepareObservatory(
  cosmology: Cosmology,
  redshift: number,
  options: ObservationOptions = {},
): Observatory {
  return {
    pointing: pointInstrument(options.instrument ?? STANDARD_INSTRUMENT, cosmology, redshift),
    projection: createProjection(),
    sky: options.sky ?? STANDARD_SKY,
    criticalDensity: criticalDensity(cosmology, redshift),
  };
}

/** R500 [Mpc/h, physical]: the mean density inside is 500 times critical. */
export function r500OfMass({ criticalDensity }: Observatory, logMass: number): number {
  return Math.cbrt(10 ** logMass / (4 / 3 * Math.PI * 500 * criticalDensity));
}

/** The truth behind a mock observation. */
export interface TrueCluster {
  /** R500 [Mpc/h] */
  readonly r500: number;
  /** The gas density. */
  readonly density: DensityModel;
  /** Whether the density has a cool core. */
  readonly core: CoreKind;
  /** Place, shape and brightness on the sky. */
  readonly onSky: SkyCluster;
  /** Clumps and neighbors. */
  readonly sources: readonly SkySource[];
  /**
   * Photons for a unit of the volume integral of rho^2 [(Msun/h)^-2 (Mpc/h)^3]: the plasma's
   * emissivity, distance and exposure in one number. It makes the luminosity inside R500, clumps
   * included, the row's L_X, and is known to the reduction as an emissivity is from a temperature.
   */
  readonly photonsPerEmission: number;
}

/** Largest distance of the field's center from the cluster's, along x and y [pixels]. */
const POINTING_ERROR = 1;

/**
 * The cluster that row `row` stands for.
 *
 * @param random Draws core, place, shape, clumps and neighbors, each from a stream of its own
 * @throws {RangeError} If no density model has the row's shell masses and slopes
 */
export function buildCluster(
  observatory: Observatory,
  clusters: ClusterTable,
  row: number,
  random: Random,
): TrueCluster {
  const { pointing, projection, sky } = observatory;
  const r500 = r500OfMass(observatory, clusters.logMass[row]!);
  const core = coreOfCluster(clusters, row, sky.coolCoreSlope);
  const density = densityOfCluster(clusters, row, r500, {
    kind: core,
    random: random.fork("core"),
  });
  const place = random.fork("place");
  const offset = () => POINTING_ERROR * (2 * place.uniform() - 1);
  const center = { x: pointing.side / 2 + offset(), y: pointing.side / 2 + offset() };
  const perLuminosity = photonsPerLuminosity(pointing, 10 ** clusters.logTemperature[row]!);
  const photons = perLuminosity * 10 ** clusters.logLuminosity[row]!;
  const clumps = drawClumps(
    sky.clumps,
    { photons, center, r500, pixel: pointing.pixel },
    random.fork("clumps"),
  );
  const inClumps = clumps
    .filter(({ center: c }) => Math.hypot(c.x - center.x, c.y - center.y) * pointing.pixel < r500)
    .reduce((sum, clump) => sum + clump.photons, 0);
  const emission = integrateShells((r) => squaredDensity(density, r), r500)
    .reduce((sum, shell) => sum + shell, 0);
  const photonsPerEmission = (photons - inClumps) / emission;
  const squared = sampleOnGrid(projection.grid, (r) => squaredDensity(density, r));
  const shape = random.fork("shape");
  return {
    r500,
    density,
    core,
    onSky: {
      center,
      brightness: projectEmission(projection, squared).map((s) => s * photonsPerEmission),
      axisRatio: drawAxisRatio(sky.ellipticity, shape),
      positionAngle: Math.PI * shape.uniform(),
    },
    sources: [
      ...clumps,
      ...drawNeighbors(sky.neighbors, perLuminosity, pointing, random.fork("neighbours")),
    ],
    photonsPerEmission,
  };
}

/** Fewest unmasked photons inside R500 for a profile of seven shells. */
export const LEAST_PHOTONS = 200;
/** Largest deviance per degree of freedom of a fit; 1165 usual clusters stay below 2.8. */
const POOR_FIT = 4;
/** The profile is fitted out to this many R500: deprojection needs what lies outside R500. */
const FIT_REACH = 2;
/** Share of the cluster's photons from which on a masked source leaves wings that bias the gas. */
const BLEND_SHARE = 0.1;

/** Farther from the pointing than this [R500], a centroid is another source's ... */
const CENTER_REACH = 0.04;
/** ... if it is also this many pixels away; both are over twice what 389 usual clusters reach. */
const CENTER_REACH_PIXELS = 4;

/** The result of reducing an image. */
export interface Reduction {
  /** How the observation ended; see `QUALITIES`. */
  readonly quality: Quality;
  /** Mask, regions and shape. */
  readonly substructure: Substructure;
  /** Counts in annuli, or undefined without photons. */
  readonly profile: BrightnessProfile | undefined;
  /** The fit, converged or not, or undefined with too few photons. */
  readonly fit: DensityFit | undefined;
  /** Gas masses and slopes, or undefined where the quality says so. */
  readonly gas: GasMeasurement | undefined;
}

/** What is known of a cluster before its image is reduced. */
export interface ClusterSettings {
  /** R500 [Mpc/h] */
  readonly r500: number;
  /** Photons for a unit of the volume integral of rho^2, see {@linkcode TrueCluster}. */
  readonly photonsPerEmission: number;
}

/** Version of mock and reduction, raised with every change of an observation. */
export const OBSERVATION_VERSION = 2;

/**
 * Reduces a photon image: finds and masks substructure, measures the brightness profile about the
 * centroid, fits the density model and derives the gas. The cluster is sought where the telescope
 * points, the middle of the image: neither the center nor the mask starts from the brightest peak.
 *
 * @param photons Row-major [side x side]
 * @throws {TypeError} If the image does not have the pointing's size
 */
export function reduceImage(
  { pointing, projection }: Observatory,
  photons: ArrayLike<number>,
  { r500, photonsPerEmission }: ClusterSettings,
): Reduction {
  const { side, pixel } = pointing;
  if (photons.length !== side * side) {
    throw new TypeError(
      `Cannot reduce image: it has ${photons.length} pixels, should have ${side * side}`,
    );
  }
  const middle = { x: side / 2, y: side / 2 };
  const substructure = findSubstructure(photons, side, middle, r500 / pixel);
  const { mask } = substructure;
  const center = findCenter(photons, mask, side, {
    start: substructure.center,
    r500: r500 / pixel,
  }) ?? middle;
  const failed = (quality: Quality, fit?: DensityFit, profile?: BrightnessProfile): Reduction => ({
    quality,
    substructure,
    profile,
    fit,
    gas: undefined,
  });
  const profile = measureProfile(photons, mask, pointing, projection, {
    center,
    outerRadius: FIT_REACH * r500,
    ellipse: substructure,
  });
  const inside = profile.counts.reduce(
    (sum, n, a) => sum + (profile.edges[a + 1]! <= r500 ? n : 0),
    0,
  );
  if (profile.counts.every((n) => n === 0)) return failed("no photons");
  if (inside < LEAST_PHOTONS) return failed("too few photons", undefined, profile);
  const offset = Math.hypot(center.x - middle.x, center.y - middle.y);
  if (offset > Math.max(CENTER_REACH_PIXELS, CENTER_REACH * r500 / pixel)) {
    return failed("off center", undefined, profile);
  }
  const fit = fitGasDensity(profile, projection.grid, { r500, photonsPerEmission });
  if (!fit.converged) return failed("not converged", fit, profile);
  const toEdge = Math.min(center.x, center.y, side - center.x, side - center.y) * pixel;
  const cluster = fit.expected.reduce((sum, n) => sum + n, 0);
  const isBlended = substructure.regions.some(({ center: { x, y }, excess }) =>
    excess > BLEND_SHARE * cluster &&
    Math.hypot(x - center.x, y - center.y) * pixel < FIT_REACH * r500
  );
  const isPoor = fit.deviance > POOR_FIT * fit.degreesOfFreedom;
  const quality = r500 > toEdge
    ? "larger than field"
    : isBlended
    ? "blended"
    : isPoor
    ? "poor fit"
    : "good";
  return { quality, substructure, profile, fit, gas: measureGas(fit, r500) };
}

/** A mock observation: the truth, the photons, and the reduction. */
export interface Observation extends Reduction {
  /** The true cluster. */
  readonly truth: TrueCluster;
  /** Photons, row-major [side x side]. */
  readonly photons: Uint32Array;
}

/**
 * Observes one cluster of a table.
 *
 * @example
 * ```ts
 * import { createRandom, drawBaseSample } from "@clusters/terse";
 * import { observeCluster, prepareObservatory } from "@clusters/terse/xray";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const base = drawBaseSample(createRandom(1));
 * const observatory = prepareObservatory(base.cosmology, base.redshift);
 * const observation = observeCluster(observatory, base.clusters, 17, createRandom(2));
 * assertEquals(observation.quality, "good");
 * assertAlmostEquals(observation.gas!.logGasMass, base.clusters.logGasMass[17]!, 0.03);
 * ```
 *
 * @param row Row of the cluster
 * @param random Stream of all the observation's random numbers
 * @throws {RangeError} If no density model has the row's shell masses and slopes
 */
export function observeCluster(
  observatory: Observatory,
  clusters: ClusterTable,
  row: number,
  random: Random,
): Observation {
  const truth = buildCluster(observatory, clusters, row, random);
  const { pointing, projection } = observatory;
  const expected = expectImage(truth.onSky, truth.sources, projection.grid, pointing);
  const photons = drawPhotons(expected, random.fork("photons"));
  return { truth, photons, ...reduceImage(observatory, photons, truth) };
}
