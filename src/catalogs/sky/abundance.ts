/** How many clusters a survey on the sky finds, by redshift and mass. */
import {
  GRID_LN_MASS,
  GRID_LN_STEP,
  GRID_MASSES,
  prepareAbundance,
  tableCosmology,
} from "../../cosmology/abundance_table.ts";
import {
  type ExpansionRate,
  expansionRate,
  fastComovingDistance,
  fastExpansion,
} from "../../cosmology/fast_distance.ts";
import { HUBBLE_LENGTH } from "../../cosmology/cosmology.ts";
import { gaussLegendreRule } from "../../numerics/calculus.ts";
import { fastExp } from "../../numerics/fast_exp.ts";
import { fastNormalProbability } from "../../numerics/fast_normal.ts";
import { detectedShare, detectionRow, type DetectionTable } from "./detection.ts";
import { libraryProbability, type SkyOffsets } from "./offsets.ts";
import { sigma8Of, type SkyParameters } from "./parameters.ts";
import { LN_FLUX_FACTOR, LN_PIVOT, lnKOfInverse, SKY_H } from "./relations.ts";
import type { SkySurvey } from "./survey.ts";

/** What decides whether a cluster is found, other than the survey's own numbers. */
export interface SkySelection {
  /** Scatter about the relations; Gaussian by default. */
  readonly offsets?: SkyOffsets;
  /** Probability of detection above the flux limit; 1 by default. */
  readonly detection?: DetectionTable;
  /**
   * `"flux"`, by default: the observed flux is above the limit. `"true mass"`: the flux of a
   * cluster on the mean relation is; wrong for real surveys, and here to show by how much.
   */
  readonly by?: "flux" | "true mass";
}

/** Clusters expected at some parameters; the arrays are overwritten by the next computation. */
export interface SkyRates {
  /** Clusters in the catalog. */
  readonly expected: number;
  /** ln of the mass function [(Mpc/h)^-3], [nodes x masses]. */
  readonly lnAbundance: Float64Array;
  /** Detected clusters per ln M and (Mpc/h)^3, [nodes x masses]. */
  readonly detected: Float64Array;
  /** Detected clusters per unit of ln z, by node. */
  readonly perLnRedshift: Float64Array;
  /** The expansion rate of the cosmology. */
  readonly rate: ExpansionRate;
}

/** Computes {@linkcode SkyRates} of one survey at any parameters. */
export interface SkyAbundance {
  /** Redshifts of the nodes, ascending. */
  readonly redshifts: Float64Array;
  /** Weights of the nodes in ln z. */
  readonly weights: Float64Array;
  /**
   * The rates at some parameters.
   *
   * @throws {RangeError} If omegaM or sigma8 is outside the mass function's range
   */
  compute(parameters: SkyParameters): SkyRates;
}

/**
 * Nodes in ln z: `"legendre"` for integrals (10 nodes are within 0.01%), `"simpson"` for drawing, an
 * odd number at equal steps from the first redshift to the last.
 */
export interface SkyNodes {
  /** Kind of rule. */
  readonly kind: "legendre" | "simpson";
  /** Number of nodes. */
  readonly count: number;
}

/** The nodes of integrals that are taken many times. */
export const LIKELIHOOD_NODES: SkyNodes = { kind: "legendre", count: 10 };

/** The nodes of a number that is taken once. */
export const FINE_NODES: SkyNodes = { kind: "legendre", count: 48 };

/** Redshifts and weights of a rule between two redshifts. */
export function layNodes(
  { redshiftMin, redshiftMax }: SkySurvey,
  { kind, count }: SkyNodes,
): { readonly redshifts: Float64Array; readonly weights: Float64Array } {
  const [from, to] = [Math.log(redshiftMin), Math.log(redshiftMax)];
  if (kind === "legendre") {
    const rule = gaussLegendreRule(count);
    const half = (to - from) / 2;
    return {
      redshifts: rule.nodes.map((x) => Math.exp((from + to) / 2 + half * x)),
      weights: rule.weights.map((w) => w * half),
    };
  }
  const step = (to - from) / (count - 1);
  const share = (j: number) => j === 0 || j === count - 1 ? 1 : j % 2 === 1 ? 4 : 2;
  return {
    redshifts: Float64Array.from({ length: count }, (_, j) => Math.exp(from + j * step)),
    weights: Float64Array.from({ length: count }, (_, j) => share(j) * step / 3),
  };
}

/** ln(M / pivot mass) of each grid mass. */
const GRID_M: Float64Array = GRID_LN_MASS.map((ln) => ln - LN_PIVOT);

/** The least temperature at which the K-correction is evaluated, 0.7 keV. */
const LN_LEAST = Math.log(0.7);
const LEAST_INVERSE = 1 / 0.7;

/** Prepares the abundance of a survey; `survey` and `selection` have been checked. */
export function prepareSkyAbundance(
  survey: SkySurvey,
  nodes: SkyNodes,
  selection: SkySelection = {},
): SkyAbundance {
  const { redshifts, weights } = layNodes(survey, nodes);
  const tables = prepareAbundance(redshifts);
  const size = redshifts.length * GRID_MASSES;
  const lnAbundance = new Float64Array(size);
  const detected = new Float64Array(size);
  const perLnRedshift = new Float64Array(redshifts.length);
  const inverse = new Float64Array(GRID_MASSES);
  const prepareProbability = probabilityMaker(survey, redshifts, selection);
  const compute = (parameters: SkyParameters): SkyRates => {
    const { omegaM, lnL, slopeL, lnT, slopeT } = parameters;
    const sigma8 = sigma8Of(parameters);
    tables.fill(omegaM, sigma8, lnAbundance);
    const rate = expansionRate(tableCosmology(omegaM, sigma8));
    const probability = prepareProbability(parameters);
    for (let k = 0; k < GRID_MASSES; k++) inverse[k] = fastExp(-lnT - slopeT * GRID_M[k]!);
    let expected = 0;
    for (let j = 0; j < redshifts.length; j++) {
      const z = redshifts[j]!;
      const lnScale = Math.log(1 + z);
      const expansion = fastExpansion(rate, z);
      const lnE = Math.log(expansion);
      const distance = fastComovingDistance(rate, z);
      const lnLimit = lnLuminosityLimit(survey.fluxLimit, distance, lnScale);
      const shiftL = lnL + 2 * lnE - lnLimit;
      const shiftT = lnT + 2 / 3 * lnE;
      const inverseFactor = Math.exp(-2 / 3 * lnE);
      let sum = 0;
      for (let k = 0; k < GRID_MASSES; k++) {
        const m = GRID_M[k]!;
        const temperature = shiftT + slopeT * m;
        const lnK = temperature > LN_LEAST
          ? lnKOfInverse(temperature, inverse[k]! * inverseFactor, lnScale)
          : lnKOfInverse(LN_LEAST, LEAST_INVERSE, lnScale);
        const p = probability(shiftL + slopeL * m + lnK, j);
        const found = p > 0 ? p * fastExp(lnAbundance[j * GRID_MASSES + k]!) : 0;
        detected[j * GRID_MASSES + k] = found;
        sum += found;
      }
      const volume = survey.area * distance * distance * HUBBLE_LENGTH / expansion;
      perLnRedshift[j] = z * volume * sum * GRID_LN_STEP;
      expected += weights[j]! * perLnRedshift[j]!;
    }
    return { expected, lnAbundance, detected, perLnRedshift, rate };
  };
  return { redshifts, weights, compute };
}

/**
 * ln of the luminosity [1e44 erg/s] whose flux without K-correction is the limit.
 *
 * @param fluxLimit [1e-12 erg/s/cm2]
 * @param distance Comoving [Mpc/h]
 * @param lnScale ln(1 + z)
 */
export function lnLuminosityLimit(fluxLimit: number, distance: number, lnScale: number): number {
  return LN_FLUX_FACTOR + 2 * (Math.log(distance / SKY_H) + lnScale) + Math.log(fluxLimit);
}

/** Probability of detection at mean x of ln(flux / limit), by node of redshift. */
type Probability = (x: number, node: number) => number;

/** Standard deviation of ln observed flux at given mass. */
export function fluxWidth({ fluxError }: SkySurvey, { scatterL }: SkyParameters): number {
  return Math.sqrt(scatterL * scatterL + fluxError * fluxError);
}

function probabilityMaker(
  survey: SkySurvey,
  redshifts: Float64Array,
  { offsets, detection, by = "flux" }: SkySelection,
): (parameters: SkyParameters) => Probability {
  if (by === "true mass") {
    // The limit cuts through a step of the mass grid, which counts in part.
    return ({ slopeL }) => (x) => Math.min(Math.max(0.5 + x / (slopeL * GRID_LN_STEP), 0), 1);
  }
  if (offsets?.kind === "library") {
    if (detection !== undefined) {
      throw new RangeError(
        "Cannot select clusters: a library of offsets goes with a sharp flux limit only, not with " +
          "a detection table",
      );
    }
    const share = libraryProbability(offsets.library.luminosity, Math.max(survey.fluxError, 1e-3));
    return () => share;
  }
  if (detection !== undefined) {
    const rows = Array.from(redshifts, (z) => detectionRow(detection, survey.fluxLimit, z));
    return (parameters) => {
      const width = fluxWidth(survey, parameters);
      return (x, node) => detectedShare(rows[node]!, x, width);
    };
  }
  return (parameters) => {
    const inverseWidth = 1 / fluxWidth(survey, parameters);
    return (x) => fastNormalProbability(x * inverseWidth);
  };
}

/** What a survey expects, in single numbers. */
export interface SkyExpectation {
  /** Clusters in the catalog. */
  readonly expected: number;
  /** Mean redshift of the clusters. */
  readonly meanRedshift: number;
  /** Mean ln redshift of the clusters. */
  readonly meanLnRedshift: number;
  /** Mean ln M500 of the clusters [Msun/h]. */
  readonly meanLnMass: number;
}

/** Number and means of the clusters that a survey expects at some parameters. */
export function expectClusters(
  survey: SkySurvey,
  parameters: SkyParameters,
  selection: SkySelection = {},
): SkyExpectation {
  const abundance = prepareSkyAbundance(survey, FINE_NODES, selection);
  const { expected, detected, perLnRedshift } = abundance.compute(parameters);
  let [redshift, lnRedshift, lnMass] = [0, 0, 0];
  abundance.redshifts.forEach((z, j) => {
    const share = abundance.weights[j]! * perLnRedshift[j]! / expected;
    let [sum, moment] = [0, 0];
    for (let k = 0; k < GRID_MASSES; k++) {
      sum += detected[j * GRID_MASSES + k]!;
      moment += detected[j * GRID_MASSES + k]! * GRID_LN_MASS[k]!;
    }
    redshift += share * z;
    lnRedshift += share * Math.log(z);
    if (sum > 0) lnMass += share * moment / sum;
  });
  return {
    expected,
    meanRedshift: redshift,
    meanLnRedshift: lnRedshift,
    meanLnMass: lnMass,
  };
}
