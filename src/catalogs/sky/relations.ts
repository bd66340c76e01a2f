/**
 * The scaling relations of the sky survey at given parameters, their scatter, and the flux that a
 * luminosity is seen with.
 */
import type { SkyParameters } from "./parameters.ts";

/** ln of the pivot mass [Msun/h]: 4e14 Msun at h = 0.7. */
export const LN_PIVOT: number = Math.log(4e14 * 0.7);

/** Gas masses are quoted at the distances of this omegaM. */
export const FIDUCIAL_OMEGA_M = 0.3;

/** h of every luminosity, gas mass and distance in Mpc of this room. */
export const SKY_H = 0.7;

/**
 * ln of the factor between flux [1e-12 erg/s/cm2] times dL^2 [Mpc^2] and luminosity [1e44 erg/s]:
 * ln L = c + 2 ln dL + ln F - ln K.
 */
export const LN_FLUX_FACTOR: number = Math.log(4 * Math.PI * 3.0856776e24 ** 2 * 1e-12 / 1e44);

/** Temperatures below this are outside the K-correction's fit, which is then taken here [keV]. */
export const LEAST_TEMPERATURE = 0.7;

/**
 * ln K of a cluster: its flux from 0.1 to 2.4 keV is L K / (4 pi dL^2), with L in the same band of
 * the rest frame. A fit, good to 0.2% for 0.7 to 16 keV and z to 0.3, of the integral
 * I(0.1 (1 + z), 2.4 (1 + z)) / I(0.1, 2.4) of thermal bremsstrahlung with the Born Gaunt factor;
 * it agrees with APEC spectra with metals to 1% from 3 keV on.
 *
 * @param lnTemperature ln T [keV]
 * @param lnScale ln(1 + z)
 */
export function lnKCorrection(lnTemperature: number, lnScale: number): number {
  const lnT = Math.max(lnTemperature, LN_LEAST_TEMPERATURE);
  const inverse = Math.exp(-lnT);
  return lnKOfInverse(lnT, inverse, lnScale);
}

const LN_LEAST_TEMPERATURE = Math.log(LEAST_TEMPERATURE);

/** As {@linkcode lnKCorrection}, from ln T and 1 / T within the fit's range. */
export function lnKOfInverse(lnT: number, inverse: number, lnScale: number): number {
  return lnScale *
    (0.5128 + 0.087 * lnT - 0.823 * inverse + 0.2612 * inverse * inverse -
      (0.097 + 0.1047 * inverse) * lnScale);
}

/** The scatter about the three relations, in the order L, T, gas mass. */
export interface SkyScatter {
  /** Rows of the lower Cholesky factor: LL, TL, TT, GL, GT, GG. */
  readonly factor: readonly [number, number, number, number, number, number];
  /** The covariance: LL, LT, TT, LG, TG, GG. */
  readonly covariance: readonly [number, number, number, number, number, number];
}

/** The scatter's covariance, positive definite for any partial correlations within -1 to 1. */
export function skyScatter(parameters: SkyParameters): SkyScatter {
  const { scatterL: sL, scatterT: sT, scatterG: sG, pLT, pLG, pTG } = parameters;
  const rootT = Math.sqrt(1 - pLT * pLT);
  const rootG = Math.sqrt(1 - pLG * pLG);
  const shared = pTG * rootG;
  const rTG = pTG * rootT * rootG + pLT * pLG;
  return {
    factor: [
      sL,
      sT * pLT,
      sT * rootT,
      sG * pLG,
      sG * shared,
      sG * Math.sqrt(1 - pLG * pLG - shared * shared),
    ],
    covariance: [sL * sL, sL * sT * pLT, sT * sT, sL * sG * pLG, sT * sG * rTG, sG * sG],
  };
}
