/**
 * Draws mock catalogs of a survey on the sky. Only clusters that the survey finds are ever drawn:
 * their number, redshifts and masses from the table of detected clusters, then the scatter of their
 * fluxes given that they are detected, then all else given that.
 */
import {
  GRID_LN_MASS,
  GRID_LN_STEP,
  GRID_MASSES,
  tableCosmology,
} from "../../cosmology/abundance_table.ts";
import {
  expansionRate,
  fastComovingDistance,
  fastExpansion,
} from "../../cosmology/fast_distance.ts";
import { fastNormalProbability, fastNormalQuantile } from "../../numerics/fast_normal.ts";
import type { Random } from "../../numerics/random.ts";
import {
  fluxWidth,
  lnLuminosityLimit,
  prepareSkyAbundance,
  type SkyRates,
  type SkySelection,
} from "./abundance.ts";
import { checkDetectionTable, detectionRow, drawDetected } from "./detection.ts";
import { drawLensingMasses, type LensingSample } from "./lensing.ts";
import { checkOffsets, GAUSSIAN_OFFSETS, type OffsetLibrary } from "./offsets.ts";
import type { SkyParameters, SkyPriors } from "./parameters.ts";
import { checkSkyParameters, parameterNames, skyParametersAt, skyPriors } from "./parameters.ts";
import { FIDUCIAL_OMEGA_M, LN_PIVOT, lnKCorrection, skyScatter } from "./relations.ts";
import type { SkyMock } from "./sky_clusters.ts";
import { checkSkySurvey, type SkySurvey } from "./survey.ts";

/**
 * How catalogs are drawn, other than by the survey's numbers. Selected `by` "true mass", clusters of
 * any observed flux are in the catalog, as in a volume-limited survey of masses.
 */
export interface SkyDrawing extends SkySelection {
  /** Errors of ln T of a real catalog, one of which each cluster takes; the survey's unless given. */
  readonly temperatureErrors?: ArrayLike<number>;
  /** Which clusters have lensing masses, and their errors; the survey's unless given. */
  readonly lensingSample?: LensingSample;
}

/** Draws catalogs of one survey; see {@linkcode prepareSkyDrawing}. */
export interface SkyDrawer {
  /** Priors of the parameters of the survey's catalogs. */
  readonly priors: SkyPriors;
  /**
   * Draws a catalog at some parameters.
   *
   * @param parameters Checked against their ranges
   * @param random Streams "number", "places", "fluxes", "measurements" and "lensing" are forked from it
   */
  draw(parameters: SkyParameters, random: Random): SkyMock;
  /**
   * Draws a catalog only if its number of clusters is wanted: {@linkcode SkyDrawer.draw}'s bits, or null at
   * a part of the time.
   */
  drawIf(
    parameters: SkyParameters,
    random: Random,
    isWanted: (count: number) => boolean,
  ): SkyMock | null;
}

/** Wants catalogs of any number of clusters. */
export function always(): boolean {
  return true;
}

/** Nodes in ln z of the table that clusters are drawn from. */
export const DRAWING_NODES = 41;

/**
 * Prepares drawing, which then takes under a millisecond for a catalog of a hundred clusters.
 *
 * @throws {RangeError} If the survey, the offsets or the detection table are not what they should be
 */
export function prepareSkyDrawing(survey: SkySurvey, drawing: SkyDrawing = {}): SkyDrawer {
  checkSkySurvey(survey);
  const { offsets = GAUSSIAN_OFFSETS, detection, temperatureErrors, by = "flux" } = drawing;
  checkOffsets(offsets);
  if (by === "true mass" && (offsets.kind === "library" || detection !== undefined)) {
    throw new RangeError(
      "Cannot draw catalogs: selection by true mass goes without a library of offsets and without a " +
        "detection table",
    );
  }
  if (detection !== undefined) checkDetectionTable(detection);
  const abundance = prepareSkyAbundance(survey, { kind: "simpson", count: DRAWING_NODES }, drawing);
  const drawIf: SkyDrawer["drawIf"] = (parameters, random, isWanted) => {
    checkSkyParameters(parameters);
    const rates = abundance.compute(parameters);
    const count = random.fork("number").poisson(rates.expected);
    if (!isWanted(count)) return null;
    const { redshift, lnMass } = drawPlaces(abundance.redshifts, rates, count, random);
    const mock = emptyMock(redshift, lnMass);
    const fiducial = expansionRate(tableCosmology(FIDUCIAL_OMEGA_M, 1));
    const scatter = skyScatter(parameters).factor;
    const width = fluxWidth(survey, parameters);
    const fluxes = random.fork("fluxes");
    const measurements = random.fork("measurements");
    for (let i = 0; i < count; i++) {
      const z = redshift[i]!;
      const m = lnMass[i]! - LN_PIVOT;
      const lnScale = Math.log(1 + z);
      const lnE = Math.log(fastExpansion(rates.rate, z));
      const distance = fastComovingDistance(rates.rate, z);
      const meanT = parameters.lnT + parameters.slopeT * m + 2 / 3 * lnE;
      const lnLimit = lnLuminosityLimit(survey.fluxLimit, distance, lnScale);
      const x = parameters.lnL + parameters.slopeL * m + 2 * lnE + lnKCorrection(meanT, lnScale) -
        lnLimit;
      let observed: number;
      let offsetL: number;
      let offsetT: number;
      let offsetG: number;
      if (offsets.kind === "library") {
        const row = drawFromLibrary(offsets.library, x, survey.fluxError, fluxes);
        offsetL = offsets.library.luminosity[row]!;
        offsetT = offsets.library.temperature[row]!;
        offsetG = offsets.library.gasMass[row]!;
        observed = x + offsetL + drawAbove(x + offsetL, survey.fluxError, fluxes);
      } else {
        observed = by === "true mass"
          ? x + width * fluxes.normal()
          : detection === undefined
          ? x + drawAbove(x, width, fluxes)
          : drawDetected(detectionRow(detection, survey.fluxLimit, z), x, width, fluxes);
        const share = parameters.scatterL ** 2 / width ** 2;
        offsetL = (observed - x) * share +
          parameters.scatterL * survey.fluxError / width * fluxes.normal();
        const zL = offsetL / scatter[0];
        const stretch = offsets.kind === "student"
          ? Math.sqrt((offsets.degrees - 2) / drawChiSquare(offsets.degrees, measurements))
          : 1;
        const e1 = stretch * measurements.normal();
        const e2 = stretch * measurements.normal();
        offsetT = scatter[1] * zL + scatter[2] * e1;
        offsetG = scatter[3] * zL + scatter[4] * e1 + scatter[5] * e2;
      }
      const errorT = temperatureErrors === undefined
        ? survey.temperatureError
        : temperatureErrors[measurements.integer(temperatureErrors.length)]!;
      const lnDistances = Math.log(distance / fastComovingDistance(fiducial, z));
      mock.lnFlux[i] = observed + Math.log(survey.fluxLimit);
      mock.lnTemperature[i] = meanT + offsetT + errorT * measurements.normal();
      mock.lnGasMass[i] = parameters.lnG + parameters.slopeG * m + offsetG - 2.5 * lnDistances +
        survey.gasMassError * measurements.normal();
      mock.lnFluxError[i] = survey.fluxError;
      mock.lnTemperatureError[i] = errorT;
      mock.lnGasMassError[i] = survey.gasMassError;
      mock.luminosityOffset[i] = offsetL;
    }
    return addLensing(survey, drawing, mock, parameters, random);
  };
  const draw: SkyDrawer["draw"] = (parameters, random) => drawIf(parameters, random, always)!;
  return { priors: skyPriors(survey), draw, drawIf };
}

/** Adds the survey's lensing masses to a mock, from a stream of their own. */
export function addLensing(
  { lensing }: SkySurvey,
  { lensingSample }: SkyDrawing,
  mock: SkyMock,
  { lensingBias = 0 }: SkyParameters,
  random: Random,
): SkyMock {
  if (lensing === undefined) return mock;
  const stream = random.fork("lensing");
  return { ...mock, lensing: drawLensingMasses(lensing, mock, lensingBias, stream, lensingSample) };
}

function emptyMock(redshift: Float64Array, lnMass: Float64Array): SkyMock {
  const column = () => new Float64Array(redshift.length);
  return {
    redshift,
    lnMass,
    lnFlux: column(),
    lnTemperature: column(),
    lnGasMass: column(),
    lnFluxError: column(),
    lnTemperatureError: column(),
    lnGasMassError: column(),
    luminosityOffset: column(),
  };
}

/** Draws parameters from their priors. */
export function drawSkyParameters(priors: SkyPriors, random: Random): SkyParameters {
  const { length } = parameterNames(priors);
  return skyParametersAt(Float64Array.from({ length }, () => random.normal()), priors);
}

/**
 * Redshifts, then masses: at the same share of the clusters at the nodes on either side, and between
 * the two masses. A mass of either node at random would blur the limit and thus widen the scatter.
 */
function drawPlaces(
  redshifts: Float64Array,
  { perLnRedshift, detected }: SkyRates,
  count: number,
  random: Random,
): { redshift: Float64Array; lnMass: Float64Array } {
  const stream = random.fork("places");
  const alongRedshift = accumulate(perLnRedshift, 0, redshifts.length);
  const alongMass = new Array<Float64Array | undefined>(redshifts.length);
  const massAt = (node: number, share: number): number => {
    const start = node * GRID_MASSES;
    const cumulative = alongMass[node] ??= accumulate(detected, start, GRID_MASSES);
    return invert(detected, start, cumulative, share);
  };
  const lnFirst = Math.log(redshifts[0]!);
  const step = (Math.log(redshifts[redshifts.length - 1]!) - lnFirst) / (redshifts.length - 1);
  const redshift = new Float64Array(count);
  const lnMass = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = invert(perLnRedshift, 0, alongRedshift, stream.uniform());
    const cell = Math.min(Math.floor(at), redshifts.length - 2);
    const share = stream.uniform();
    const low = massAt(cell, share);
    redshift[i] = Math.exp(lnFirst + at * step);
    lnMass[i] = GRID_LN_MASS[0]! +
      GRID_LN_STEP * (low + (at - cell) * (massAt(cell + 1, share) - low));
  }
  return { redshift, lnMass };
}

/** Densities whose ln changes by less over a step are taken as constant, by more as exponential. */
const FLAT = 1e-6;

/** The integral of a density, exponential between unit steps, up to each of them. */
function accumulate(density: Float64Array, start: number, count: number): Float64Array {
  const sums = new Float64Array(count);
  for (let i = 1; i < count; i++) {
    const p0 = density[start + i - 1]!;
    const p1 = density[start + i]!;
    const rise = p0 > 0 && p1 > 0 ? Math.log(p1 / p0) : 0;
    sums[i] = sums[i - 1]! + (Math.abs(rise) > FLAT ? (p1 - p0) / rise : (p0 + p1) / 2);
  }
  return sums;
}

/** Position [steps] at which the integral of a density reaches a share of the whole. */
function invert(
  density: Float64Array,
  start: number,
  cumulative: Float64Array,
  share: number,
): number {
  const target = share * cumulative[cumulative.length - 1]!;
  let low = 0;
  let high = cumulative.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! <= target) low = middle;
    else high = middle;
  }
  const p0 = density[start + low]!;
  const p1 = density[start + high]!;
  const part = (target - cumulative[low]!) / (cumulative[high]! - cumulative[low]!);
  if (!(p0 > 0 && p1 > 0 && Math.abs(p1 / p0 - 1) > FLAT)) return low + part;
  return low + Math.log1p(part * (p1 / p0 - 1)) / Math.log(p1 / p0);
}

/** Draws a normal number of mean 0 and some width, given that it exceeds -x. */
function drawAbove(x: number, width: number, random: Random): number {
  if (width === 0) return 0;
  const share = fastNormalProbability(x / width) * (1 - random.uniform());
  return -width * fastNormalQuantile(Math.max(share, 1e-300));
}

/** Draws a chi-square number. */
function drawChiSquare(degrees: number, random: Random): number {
  let sum = 0;
  for (let k = 0; k < degrees; k++) sum += random.normal() ** 2;
  return sum;
}

/** Draws a row of the library, by the probability that its cluster is above the limit. */
function drawFromLibrary(
  { luminosity }: OffsetLibrary,
  x: number,
  fluxError: number,
  random: Random,
): number {
  const error = Math.max(fluxError, 1e-3);
  const shares = luminosity.map((offset) => fastNormalProbability((x + offset) / error));
  let rest = random.uniform() * shares.reduce((sum, share) => sum + share, 0);
  for (let row = 0; row < shares.length - 1; row++) {
    rest -= shares[row]!;
    if (rest < 0) return row;
  }
  return shares.length - 1;
}
