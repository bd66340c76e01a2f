/**
 * The mass function of Tinker et al. 2008 (ApJ 688, 709), for spherical overdensities of 200 to
 * 3200 times the mean matter density.
 */
import { interpolateLinear } from "../../numerics/calculus.ts";
import {
  matterOverdensity,
  type Multiplicity,
  type MultiplicityFit,
  type MultiplicitySetting,
} from "./multiplicity.ts";

/** Table 2: parameters at z = 0 by overdensity over the mean matter density. */
const OVERDENSITY = [200, 300, 400, 600, 800, 1200, 1600, 2400, 3200];
const A = [0.186, 0.200, 0.212, 0.218, 0.248, 0.255, 0.260, 0.260, 0.260];
const SLOPE = [1.47, 1.52, 1.56, 1.61, 1.87, 2.13, 2.30, 2.53, 2.66]; // a
const B = [2.57, 2.25, 2.05, 1.87, 1.59, 1.51, 1.46, 1.44, 1.41];
const C = [1.19, 1.27, 1.34, 1.45, 1.58, 1.80, 1.97, 2.24, 2.44];

/**
 * Tinker et al. 2008. Between the overdensities of Table 2 the parameters are interpolated linearly
 * in the overdensity, rounded to a whole number, as COLOSSUS does; the paper also offers splines in
 * its logarithm. A definition outside 200 to 3200 is a RangeError.
 */
export const TINKER08: MultiplicityFit = {
  reference: "Tinker et al. 2008, ApJ 688, 709, Eqs. 3-8 and Table 2",
  definitions: ["500c", "200c", "200m"],
  maxRedshift: 2.5,
  prepare,
};

function prepare(setting: MultiplicitySetting): Multiplicity {
  const delta = Math.round(matterOverdensity(setting));
  const last = OVERDENSITY[OVERDENSITY.length - 1]!;
  if (!(delta >= OVERDENSITY[0]! && delta <= last)) {
    throw new RangeError(
      `Cannot evaluate tinker08: ${setting.definition} is ${delta} times the matter ` +
        `density, should be from ${OVERDENSITY[0]} to ${last}`,
    );
  }
  const { amplitude, slope, b, c } = tinkerParameters(delta, setting.redshift);
  return (sigma) => amplitude * ((b / sigma) ** slope + 1) * Math.exp(-c / sigma ** 2); // Eq. 3
}

/** f(sigma) = amplitude ((b / sigma)^slope + 1) exp(-c / sigma^2), Eq. 3. */
export interface TinkerParameters {
  /** Amplitude A of Eq. 5. */
  readonly amplitude: number;
  /** Slope a of Eq. 6. */
  readonly slope: number;
  /** Scale b of Eq. 7. */
  readonly b: number;
  /** Cutoff c of Table 2, which does not evolve. */
  readonly c: number;
}

/** The highest overdensity of Table 2. */
export const TINKER_MOST_OVERDENSITY = 3200;

/**
 * The fit's parameters at an overdensity that is not rounded, linear between those of Table 2: smooth
 * in the cosmology, as a likelihood needs it. Overdensities off the table take its nearest end.
 *
 * @param delta Overdensity over the mean matter density
 * @param redshift From 0 on
 */
export function tinkerParameters(delta: number, redshift: number): TinkerParameters {
  const scale = 1 + redshift;
  const within = Math.min(Math.max(delta, OVERDENSITY[0]!), TINKER_MOST_OVERDENSITY);
  const alpha = 10 ** -((0.75 / Math.log10(within / 75)) ** 1.2); // Eq. 8
  return {
    amplitude: interpolateLinear(OVERDENSITY, A, within) * scale ** -0.14, // Eq. 5
    slope: interpolateLinear(OVERDENSITY, SLOPE, within) * scale ** -0.06, // Eq. 6
    b: interpolateLinear(OVERDENSITY, B, within) * scale ** -alpha, // Eq. 7
    c: interpolateLinear(OVERDENSITY, C, within),
  };
}
