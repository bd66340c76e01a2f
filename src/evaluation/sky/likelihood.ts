/**
 * The likelihood of a flux-limited catalog: an inhomogeneous Poisson process in redshift, flux,
 * temperature and gas mass, whose integral over each cluster's mass has a closed form but for the
 * mass function, which seven Gauss-Hermite nodes take.
 *
 * ln L = -N_expected + sum of ln f_i. Selection acts on the observed flux, which is data: it enters
 * N_expected only.
 *
 * @module
 */
import {
  LIKELIHOOD_NODES,
  prepareSkyAbundance,
  type SkySelection,
} from "../../catalogs/sky/abundance.ts";
import type { SkyParameters } from "../../catalogs/sky/parameters.ts";
import {
  FIDUCIAL_OMEGA_M,
  LN_FLUX_FACTOR,
  LN_PIVOT,
  lnKCorrection,
  SKY_H,
  skyScatter,
} from "../../catalogs/sky/relations.ts";
import type { SkyClusters } from "../../catalogs/sky/sky_clusters.ts";
import { checkSkySurvey, type SkySurvey } from "../../catalogs/sky/survey.ts";
import {
  GRID_LN_MASS,
  GRID_LN_STEP,
  GRID_MASSES,
  tableCosmology,
} from "../../cosmology/abundance_table.ts";
import { HUBBLE_LENGTH } from "../../cosmology/cosmology.ts";
import { gaussLegendreRule } from "../../numerics/calculus.ts";
import { leastLnMass } from "./mean_flux.ts";
import {
  expansionRate,
  fastComovingDistance,
  fastExpansion,
} from "../../cosmology/fast_distance.ts";

/** The likelihood of one catalog at any parameters. */
export interface SkyLikelihood {
  /** Clusters in the catalog. */
  readonly count: number;
  /**
   * ln of the likelihood; densities are per unit of redshift and of ln flux, ln T and ln gas mass.
   *
   * @throws {RangeError} If omegaM or sigma8 is outside the mass function's range
   */
  lnLikelihood(parameters: SkyParameters): number;
  /**
   * ln of each cluster's density f_i. The likelihood without cluster i is the one with it less
   * f_i's logarithm.
   *
   * @param out Receives them, one per cluster
   */
  lnDensities(parameters: SkyParameters, out: Float64Array): void;
}

/** Nodes of the Gauss-Hermite rule of weight exp(-x^2 / 2), of unit sum. */
const HERMITE_NODES = Float64Array.of(
  -3.750439717725742,
  -2.366759410734541,
  -1.154405394739968,
  0,
  1.154405394739968,
  2.366759410734541,
  3.750439717725742,
);
const HERMITE_WEIGHTS = Float64Array.of(
  5.482688559722182e-4,
  0.03075712396758648,
  0.2401231786050127,
  0.4571428571428573,
  0.2401231786050127,
  0.03075712396758648,
  5.482688559722182e-4,
);

/**
 * Prepares the likelihood of a catalog; clusters have been checked with `checkSkyClusters`.
 *
 * With selection by true mass, the probability to be found belongs inside each cluster's integral.
 */
export function prepareSkyLikelihood(
  survey: SkySurvey,
  clusters: SkyClusters,
  selection: SkySelection = {},
): SkyLikelihood {
  checkSkySurvey(survey);
  const abundance = prepareSkyAbundance(survey, LIKELIHOOD_NODES, selection);
  const byTrueMass = selection.by === "true mass";
  const count = clusters.redshift.length;
  const places = placeClusters(clusters, abundance.redshifts);
  const densities = new Float64Array(count);
  const evaluate = (parameters: SkyParameters, out: Float64Array): number => {
    const { expected, lnAbundance, rate } = abundance.compute(parameters);
    const { slopeL: bL, slopeT: bT, slopeG: bG } = parameters;
    const [cLL, cLT, cTT, cLG, cTG, cGG] = skyScatter(parameters).covariance;
    const lnArea = Math.log(survey.area * HUBBLE_LENGTH);
    for (let i = 0; i < count; i++) {
      const z = clusters.redshift[i]!;
      const expansion = fastExpansion(rate, z);
      const lnE = Math.log(expansion);
      const lnDistance = Math.log(fastComovingDistance(rate, z));
      const yL = places.lnLuminosity[i]! + 2 * lnDistance - parameters.lnL - 2 * lnE;
      const yT = clusters.lnTemperature[i]! - parameters.lnT - 2 / 3 * lnE;
      const yG = places.lnGasMass[i]! + 2.5 * lnDistance - parameters.lnG;
      // The inverse W of scatter plus errors by its adjugate.
      const a = cLL + places.varianceL[i]!;
      const d = cTT + places.varianceT[i]!;
      const f = cGG + places.varianceG[i]!;
      const mLL = d * f - cTG * cTG;
      const mLT = cLG * cTG - cLT * f;
      const mLG = cLT * cTG - cLG * d;
      const determinant = a * mLL + cLT * mLT + cLG * mLG;
      const mTT = a * f - cLG * cLG;
      const mTG = cLT * cLG - a * cTG;
      const mGG = a * d - cLT * cLT;
      const inverse = 1 / determinant;
      const wbL = (mLL * bL + mLT * bT + mLG * bG) * inverse;
      const wbT = (mLT * bL + mTT * bT + mTG * bG) * inverse;
      const wbG = (mLG * bL + mTG * bT + mGG * bG) * inverse;
      const variance = 1 / (wbL * bL + wbT * bT + wbG * bG);
      const mass = variance * (wbL * yL + wbT * yT + wbG * yG);
      // Chi-square of what the best mass leaves, which loses no digits to a difference.
      const rL = yL - bL * mass;
      const rT = yT - bT * mass;
      const rG = yG - bG * mass;
      const chiSquare = (mLL * rL * rL + mTT * rT * rT + mGG * rG * rG +
        2 * (mLT * rL * rT + mLG * rL * rG + mTG * rT * rG)) * inverse;
      const width = Math.sqrt(variance);
      const mean = byTrueMass
        ? meanAbundanceAbove(
          lnAbundance,
          places,
          i,
          mass + LN_PIVOT,
          width,
          leastLnMass(survey, parameters, rate, z),
        )
        : meanAbundance(lnAbundance, places, i, mass + LN_PIVOT, width);
      out[i] = lnArea + 2 * lnDistance - lnE +
        Math.log(width * mean / (2 * Math.PI * Math.sqrt(determinant))) - chiSquare / 2;
    }
    return expected;
  };
  return {
    count,
    lnLikelihood(parameters) {
      let sum = -evaluate(parameters, densities);
      for (let i = 0; i < count; i++) sum += densities[i]!;
      return sum;
    },
    lnDensities: (parameters, out) => void evaluate(parameters, out),
  };
}

/** What does not depend on parameters, by cluster. */
interface Places {
  /** ln L less twice ln of the comoving distance [Mpc/h]. */
  readonly lnLuminosity: Float64Array;
  /** ln gas mass less 2.5 ln of the comoving distance [Mpc/h]. */
  readonly lnGasMass: Float64Array;
  readonly varianceL: Float64Array;
  readonly varianceT: Float64Array;
  readonly varianceG: Float64Array;
  /** Where the first of three nodes of redshift begins in the table. */
  readonly start: Int32Array;
  /** Weights of the three nodes, [clusters x 3]. */
  readonly weights: Float64Array;
}

function placeClusters(clusters: SkyClusters, redshifts: Float64Array): Places {
  const { redshift, lnFlux, lnTemperature, lnGasMass } = clusters;
  const fiducial = expansionRate(tableCosmology(FIDUCIAL_OMEGA_M, 1));
  const lnNodes = redshifts.map(Math.log);
  const start = new Int32Array(redshift.length);
  const weights = new Float64Array(3 * redshift.length);
  redshift.forEach((z, i) => {
    const x = Math.log(z);
    // Three nodes, the middle one nearest.
    let middle = 1;
    const last = redshifts.length - 2;
    while (middle < last && Math.abs(lnNodes[middle + 1]! - x) < Math.abs(lnNodes[middle]! - x)) {
      middle++;
    }
    start[i] = (middle - 1) * GRID_MASSES;
    const [a, b, c] = [lnNodes[middle - 1]!, lnNodes[middle]!, lnNodes[middle + 1]!];
    weights[3 * i] = (x - b) * (x - c) / ((a - b) * (a - c));
    weights[3 * i + 1] = (x - a) * (x - c) / ((b - a) * (b - c));
    weights[3 * i + 2] = (x - a) * (x - b) / ((c - a) * (c - b));
  });
  const square = (errors: Float64Array) => errors.map((error) => error * error);
  return {
    lnLuminosity: redshift.map((z, i) => {
      const lnScale = Math.log1p(z);
      return LN_FLUX_FACTOR + 2 * (lnScale - Math.log(SKY_H)) + lnFlux[i]! -
        lnKCorrection(lnTemperature[i]!, lnScale);
    }),
    lnGasMass: redshift.map((z, i) =>
      lnGasMass[i]! - 2.5 * Math.log(fastComovingDistance(fiducial, z))
    ),
    varianceL: square(clusters.lnFluxError),
    varianceT: square(clusters.lnTemperatureError),
    varianceG: square(clusters.lnGasMassError),
    start,
    weights,
  };
}

/** ln dn/dlnM at cluster i's redshift, `exact` steps along the grid of masses. */
function lnAbundanceAt(
  table: Float64Array,
  { start, weights }: Places,
  i: number,
  exact: number,
): number {
  const at = exact < 0 ? 0 : exact > GRID_MASSES - 1 ? GRID_MASSES - 1 : exact;
  let first = Math.floor(at) - 1;
  if (first < 0) first = 0;
  else if (first > GRID_MASSES - 4) first = GRID_MASSES - 4;
  // Cubic through the four masses about it.
  const p0 = at - first;
  const p1 = p0 - 1;
  const p2 = p0 - 2;
  const p3 = p0 - 3;
  const l0 = -p1 * p2 * p3 / 6;
  const l1 = p0 * p2 * p3 / 2;
  const l2 = -p0 * p1 * p3 / 2;
  const l3 = p0 * p1 * p2 / 6;
  const k = start[i]! + first;
  const a = k + GRID_MASSES;
  const b = a + GRID_MASSES;
  const [w0, w1, w2] = [weights[3 * i]!, weights[3 * i + 1]!, weights[3 * i + 2]!];
  return w0 * (l0 * table[k]! + l1 * table[k + 1]! + l2 * table[k + 2]! + l3 * table[k + 3]!) +
    w1 * (l0 * table[a]! + l1 * table[a + 1]! + l2 * table[a + 2]! + l3 * table[a + 3]!) +
    w2 * (l0 * table[b]! + l1 * table[b + 1]! + l2 * table[b + 2]! + l3 * table[b + 3]!);
}

/** The mean of dn/dlnM over a normal distribution of ln M, at cluster i's redshift. */
function meanAbundance(
  table: Float64Array,
  places: Places,
  i: number,
  lnMass: number,
  width: number,
): number {
  const center = (lnMass - GRID_LN_MASS[0]!) / GRID_LN_STEP;
  const scale = width / GRID_LN_STEP;
  let mean = 0;
  for (let q = 0; q < 7; q++) {
    const ln = lnAbundanceAt(table, places, i, center + scale * HERMITE_NODES[q]!);
    mean += HERMITE_WEIGHTS[q]! * Math.exp(ln);
  }
  return mean;
}

const LEGENDRE = gaussLegendreRule(24);

/** Widths that an integral over part of a normal distribution reaches. */
const REACH = 6;

/** The mean abundance of the masses from `least` up, the others counting as 0. */
function meanAbundanceAbove(
  table: Float64Array,
  places: Places,
  i: number,
  lnMass: number,
  width: number,
  least: number,
): number {
  const from = Math.max(least, lnMass - REACH * width);
  const half = (Math.max(least, lnMass) + REACH * width - from) / 2;
  let sum = 0;
  LEGENDRE.nodes.forEach((node, q) => {
    const ln = from + half * (1 + node);
    const shift = (ln - lnMass) / width;
    const lnAbundance = lnAbundanceAt(table, places, i, (ln - GRID_LN_MASS[0]!) / GRID_LN_STEP);
    sum += LEGENDRE.weights[q]! * Math.exp(lnAbundance - shift * shift / 2);
  });
  return Math.max(sum * half / (width * Math.sqrt(2 * Math.PI)), Number.MIN_VALUE);
}
