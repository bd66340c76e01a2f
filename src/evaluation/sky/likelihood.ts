/**
 * The likelihood of a flux-limited catalog: an inhomogeneous Poisson process in redshift, flux,
 * temperature and gas mass, whose integral over each cluster's mass has a closed form but for the
 * mass function, which seven Gauss-Hermite nodes take.
 *
 * ln L = -N_expected + sum of ln f_i. Selection acts on the observed flux, which is data: it enters
 * N_expected only. A lensing mass is one more Gaussian of the mass, if the cluster has one.
 */
import {
  LIKELIHOOD_NODES,
  prepareSkyAbundance,
  type SkySelection,
} from "../../catalogs/sky/abundance.ts";
import { type SkyParameters, type SkyPriors, skyPriors } from "../../catalogs/sky/parameters.ts";
import {
  FIDUCIAL_OMEGA_M,
  LN_FLUX_FACTOR,
  LN_PIVOT,
  lnKCorrection,
  SKY_H,
  skyScatter,
} from "../../catalogs/sky/relations.ts";
import { LN_LENSING_PIVOT } from "../../catalogs/sky/lensing.ts";
import { MISSING_ERROR, type SkyClusters } from "../../catalogs/sky/sky_clusters.ts";
import { checkSkySurvey, type SkySurvey } from "../../catalogs/sky/survey.ts";
import { tableCosmology } from "../../cosmology/abundance_table.ts";
import { HUBBLE_LENGTH } from "../../cosmology/cosmology.ts";
import {
  type AbundancePlaces,
  meanAbundance,
  meanAbundanceAbove,
  placeRedshifts,
} from "./mean_abundance.ts";
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
  /** Priors of the parameters that it depends on. */
  readonly priors: SkyPriors;
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
  const lensing = placeLensing(survey, clusters);
  const densities = new Float64Array(count);
  const evaluate = (parameters: SkyParameters, out: Float64Array): number => {
    const { expected, lnAbundance, rate } = abundance.compute(parameters);
    const { slopeL: bL, slopeT: bT, slopeG: bG } = parameters;
    const [cLL, cLT, cTT, cLG, cTG, cGG] = skyScatter(parameters).covariance;
    const lnArea = Math.log(survey.area * HUBBLE_LENGTH);
    const { lensingBias = 0 } = parameters;
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
      let center = mass;
      let spread = width;
      let lnLensing = 0;
      const lensingVariance = lensing?.variance[i] ?? 0;
      if (lensingVariance > 0) {
        // The product of two Gaussians of the mass is one of it, times one of their difference.
        const difference = lensing!.lnMass[i]! - lensingBias - mass;
        const sum = variance + lensingVariance;
        center += variance * difference / sum;
        spread *= Math.sqrt(lensingVariance / sum);
        lnLensing = -difference * difference / (2 * sum) - Math.log(2 * Math.PI * sum) / 2;
      }
      const mean = byTrueMass
        ? meanAbundanceAbove(
          lnAbundance,
          places,
          i,
          center + LN_PIVOT,
          spread,
          leastLnMass(survey, parameters, rate, z),
        )
        : meanAbundance(lnAbundance, places, i, center + LN_PIVOT, spread);
      out[i] = lnArea + 2 * lnDistance - lnE +
        Math.log(width * mean / (2 * Math.PI * Math.sqrt(determinant))) - chiSquare / 2 +
        lnLensing;
    }
    return expected;
  };
  return {
    count,
    priors: skyPriors(survey),
    lnLikelihood(parameters) {
      let sum = -evaluate(parameters, densities);
      for (let i = 0; i < count; i++) sum += densities[i]!;
      return sum;
    },
    lnDensities: (parameters, out) => void evaluate(parameters, out),
  };
}

/** What does not depend on parameters, by cluster. */
interface Places extends AbundancePlaces {
  /** ln L less twice ln of the comoving distance [Mpc/h]. */
  readonly lnLuminosity: Float64Array;
  /** ln gas mass less 2.5 ln of the comoving distance [Mpc/h]. */
  readonly lnGasMass: Float64Array;
  readonly varianceL: Float64Array;
  readonly varianceT: Float64Array;
  readonly varianceG: Float64Array;
}

function placeClusters(clusters: SkyClusters, redshifts: Float64Array): Places {
  const { redshift, lnFlux, lnTemperature, lnGasMass } = clusters;
  const fiducial = expansionRate(tableCosmology(FIDUCIAL_OMEGA_M, 1));
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
    ...placeRedshifts(redshift, redshifts),
  };
}

/** Lensing masses as the integral over the mass takes them. */
interface PlacedLensing {
  /** ln of each mass over the pivot's. */
  readonly lnMass: Float64Array;
  /** Variance of scatter and error together; 0 where there is no lensing mass. */
  readonly variance: Float64Array;
}

function placeLensing(survey: SkySurvey, { lensing }: SkyClusters): PlacedLensing | undefined {
  if (lensing === undefined) return undefined;
  if (survey.lensing === undefined) {
    throw new RangeError(
      "Cannot take likelihood: the catalog has lensing masses, the survey has none",
    );
  }
  const { scatter } = survey.lensing;
  return {
    lnMass: lensing.lnMass.map((ln) => ln - LN_LENSING_PIVOT),
    variance: lensing.lnMassError.map((error) =>
      error < MISSING_ERROR ? scatter * scatter + error * error : 0
    ),
  };
}
