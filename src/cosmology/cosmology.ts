/**
 * The homogeneous universe (section 2.2.1): flat LCDM with photons and massless neutrinos, its
 * expansion, distances, densities and the linear growth of structure.
 *
 * Conventions are those of COLOSSUS (Diemer 2018), which the paper uses: dark energy fills what
 * matter and radiation leave, and growth is that of matter and Lambda alone.
 */
import { gaussLegendre, gaussLegendreRule } from "../numerics/calculus.ts";

/** Flat LCDM, described at z = 0. */
export interface Cosmology {
  /** Density of all matter over the critical density: cold matter and baryons. */
  readonly omegaM: number;
  /** Density of baryons over the critical density. */
  readonly omegaB: number;
  /** Hubble's constant in 100 km/s/Mpc. */
  readonly h: number;
  /** Slope of the primordial power spectrum. */
  readonly ns: number;
  /** Linear rms fluctuation of matter in spheres of 8 Mpc/h at z = 0. */
  readonly sigma8: number;
}

/**
 * The Magneticum simulation's cosmology (WMAP7, Komatsu et al. 2011; section 2.1). The paper prints
 * Omega_m = 0.226, which is the cold part: with baryons and Lambda = 0.728 the total is 0.272.
 */
export const MAGNETICUM: Cosmology = {
  omegaM: 0.272,
  omegaB: 0.0456,
  h: 0.704,
  ns: 0.963,
  sigma8: 0.809,
};

/** Temperature of the microwave background in K (Fixsen 2009). */
export const CMB_TEMPERATURE = 2.7255;

/** Neutrino species, counted by their energy (Mangano et al. 2005). */
const NEUTRINO_SPECIES = 3.046;

/** Speed of light over 100 km/s/Mpc: the Hubble length in Mpc/h. */
export const HUBBLE_LENGTH = 2997.92458;

/** Critical density at z = 0, 3 (100 km/s/Mpc)^2 / (8 pi G), in Msun/h per (Mpc/h)^3. */
export const CRITICAL_DENSITY = 2.7753663e11;

/** Omega_photon h^2 at {@linkcode CMB_TEMPERATURE}: 4 sigma_SB T^4 / c^3 over the critical density. */
const PHOTON_DENSITY = 2.4729e-5;

/** Energy of a massless neutrino species over that of the photons, 7/8 (4/11)^(4/3). */
const NEUTRINO_TO_PHOTON = 7 / 8 * (4 / 11) ** (4 / 3);

/** Limits of each parameter: far wider than any measurement, but where the fits stay finite. */
const LIMITS: Readonly<Record<keyof Cosmology, readonly [number, number]>> = {
  omegaM: [0.01, 1],
  omegaB: [1e-4, 1],
  h: [0.1, 2],
  ns: [0, 2],
  sigma8: [0.01, 5],
};

/** The earliest redshift of the functions here, beyond which growth would be wrong by over 2%. */
const MAX_REDSHIFT = 100;

/**
 * Checks that a cosmology is physical; every function that starts from one calls it.
 *
 * @throws {RangeError} If a parameter is not a number within its limits, or baryons are all matter
 */
export function checkCosmology(cosmology: Cosmology): void {
  for (const [name, [low, high]] of Object.entries(LIMITS)) {
    const value = cosmology[name as keyof Cosmology];
    if (!(value >= low && value <= high)) {
      throw new RangeError(
        `Cannot use cosmology: ${name} is ${value}, should be from ${low} to ${high}`,
      );
    }
  }
  if (!(cosmology.omegaB < cosmology.omegaM)) {
    throw new RangeError(
      `Cannot use cosmology: omegaB is ${cosmology.omegaB}, should be below omegaM, ${cosmology.omegaM}`,
    );
  }
}

/**
 * The expansion rate H(z) / H(0).
 *
 * @example
 * ```ts
 * import { MAGNETICUM, hubbleE } from "@clusters/terse/cosmology";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(hubbleE(MAGNETICUM, 0), 1, 1e-12);
 * assertAlmostEquals(hubbleE(MAGNETICUM, 0.07), 1.0302, 1e-4);
 * ```
 *
 * @throws {RangeError} If the cosmology is not physical or z is not from 0 to 100
 */
export function hubbleE(cosmology: Cosmology, z: number): number {
  checkDoor(cosmology, z);
  return expansion(cosmology, z);
}

/** Matter density over the critical density at z. Throws as {@linkcode hubbleE} does. */
export function omegaMatter(cosmology: Cosmology, z: number): number {
  checkDoor(cosmology, z);
  return omegaMatterUnchecked(cosmology, z);
}

/** {@linkcode omegaMatter} for loops over redshifts, which have checked both before. */
export function omegaMatterUnchecked(cosmology: Cosmology, z: number): number {
  return cosmology.omegaM * (1 + z) ** 3 / expansion(cosmology, z) ** 2;
}

/** The critical density at z [Msun/h per *physical* (Mpc/h)^3]. Throws as {@linkcode hubbleE}. */
export function criticalDensity(cosmology: Cosmology, z: number): number {
  return CRITICAL_DENSITY * hubbleE(cosmology, z) ** 2;
}

/**
 * The mean density of matter at z in Msun/h per *physical* (Mpc/h)^3; at z = 0, the default, it is
 * the comoving density of every redshift. Throws as {@linkcode hubbleE} does.
 */
export function matterDensity(cosmology: Cosmology, z = 0): number {
  checkDoor(cosmology, z);
  return CRITICAL_DENSITY * cosmology.omegaM * (1 + z) ** 3;
}

/** Quadrature of distance and growth integrals; errors are below 1e-9 up to the last redshift. */
const QUADRATURE = gaussLegendreRule(48);

/** Line-of-sight comoving distance in Mpc/h. Throws as {@linkcode hubbleE} does. */
export function comovingDistance(cosmology: Cosmology, z: number): number {
  checkDoor(cosmology, z);
  const perLogStep = (u: number) => Math.exp(u) / expansion(cosmology, Math.expm1(u));
  return HUBBLE_LENGTH * gaussLegendre(perLogStep, 0, Math.log1p(z), QUADRATURE);
}

/** Luminosity distance in Mpc/h. Throws as {@linkcode hubbleE} does. */
export function luminosityDistance(cosmology: Cosmology, z: number): number {
  return comovingDistance(cosmology, z) * (1 + z);
}

/** Angular diameter distance in physical Mpc/h. Throws as {@linkcode hubbleE} does. */
export function angularDiameterDistance(cosmology: Cosmology, z: number): number {
  return comovingDistance(cosmology, z) / (1 + z);
}

/**
 * Linear growth D(z) / D(0) of matter fluctuations (Heath 1977; Eisenstein and Hu 1999, Eq. 8) under
 * matter and Lambda alone, which is also COLOSSUS's choice at low redshift. Leaving the radiation out
 * of the integral gives growth with radiation to 0.03% up to z = 2, 0.2% to z = 10 and 2% to 100;
 * putting it into E(z) there would not, as the integral then solves no equation of growth.
 *
 * @throws {RangeError} If the cosmology is not physical or z is not from 0 to 100
 */
export function growthFactor(cosmology: Cosmology, z: number): number {
  checkDoor(cosmology, z);
  return growthIntegral(cosmology, 1 / (1 + z)) / growthIntegral(cosmology, 1);
}

/** H(a) times the integral of (a H)^-3 da, whose integrand goes like a^1.5: smooth in u = sqrt(a). */
function growthIntegral({ omegaM }: Cosmology, a: number): number {
  const squaredRate = (x: number) => omegaM / x ** 3 + 1 - omegaM;
  const integrand = (u: number) => 2 * u / (u ** 4 * squaredRate(u * u)) ** 1.5;
  return Math.sqrt(squaredRate(a)) * gaussLegendre(integrand, 0, Math.sqrt(a), QUADRATURE);
}

/** H(z) / H(0) without the checks. */
function expansion({ omegaM, h }: Cosmology, z: number): number {
  const radiation = PHOTON_DENSITY / h ** 2 * (1 + NEUTRINO_TO_PHOTON * NEUTRINO_SPECIES);
  const darkEnergy = 1 - omegaM - radiation;
  return Math.sqrt(omegaM * (1 + z) ** 3 + radiation * (1 + z) ** 4 + darkEnergy);
}

function checkDoor(cosmology: Cosmology, z: number): void {
  checkCosmology(cosmology);
  checkRedshift(z, MAX_REDSHIFT);
}

/** Checks a redshift. Throws a RangeError unless it is from 0 to `most`. */
export function checkRedshift(z: number, most: number): void {
  if (!(z >= 0 && z <= most)) {
    throw new RangeError(`Cannot use redshift: z is ${z}, should be from 0 to ${most}`);
  }
}
