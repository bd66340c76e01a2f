/**
 * The data of Fig. 2: squared density profiles of observed clusters with error bars, and their
 * fits.
 */
import { thereAre } from "../numerics/counted.ts";
import { squaredDensity } from "./gas_density.ts";
import type { Observation } from "./observe.ts";
import type { BrightnessProfile } from "./surface_brightness.ts";

/** One cluster of Fig. 2. */
export interface DensityProfile {
  /** Mean radius of each annulus, in units of R500. */
  readonly radii: Float64Array;
  /** Squared density from the photons of each annulus [(Msun/h)^2 (Mpc/h)^-6] */
  readonly squaredDensity: Float64Array;
  /** Poisson error of the squared density. */
  readonly error: Float64Array;
  /** Fitted squared density at the same radii. */
  readonly fit: Float64Array;
  /** True squared density at the same radii. */
  readonly truth: Float64Array;
}

/** Annuli with fewer photons are joined with the next one out, so that errors are normal. */
const LEAST_PHOTONS = 20;

/**
 * Fig. 2 for one observation: the photons of each annulus over the fit's expected ones, times the
 * fitted squared density there. A point lies on the fit where the brightness does, with its Poisson
 * error.
 *
 * @throws {RangeError} If the observation has no measured gas
 */
export function densityProfile(observation: Observation): DensityProfile {
  const { profile, fit, truth, gas, quality } = observation;
  if (profile === undefined || fit === undefined || gas === undefined) {
    throw new RangeError(
      `Cannot make a density profile: the observation is "${quality}", should be measured`,
    );
  }
  const annuli = joinAnnuli(profile, fit.expected);
  const at = (f: (radius: number) => number) => Float64Array.from(annuli, ({ r }) => f(r));
  const fitted = at((r) => squaredDensity(fit.model, r));
  return {
    radii: at((r) => r / truth.r500),
    squaredDensity: fitted.map((value, i) => value * annuli[i]!.counts / annuli[i]!.expected),
    error: fitted.map((value, i) => value * Math.sqrt(annuli[i]!.counts) / annuli[i]!.expected),
    fit: fitted,
    truth: at((r) => squaredDensity(truth.density, r)),
  };
}

interface Annulus {
  readonly r: number;
  readonly counts: number;
  readonly expected: number;
}

function joinAnnuli(profile: BrightnessProfile, expected: Float64Array): Annulus[] {
  const joined: Annulus[] = [];
  let counts = 0;
  let photons = 0;
  let weighted = 0;
  profile.counts.forEach((n, a) => {
    counts += n;
    photons += expected[a]!;
    weighted += expected[a]! * profile.radii[a]!;
    if (counts < LEAST_PHOTONS) return;
    joined.push({ r: weighted / photons, counts, expected: photons });
    counts = photons = weighted = 0;
  });
  return joined;
}

/** Fig. 2's three kinds of cluster. */
export type ProfileKind = "flat core" | "peaked core" | "cool core";

/**
 * The clusters of a table that look like Fig. 2's three: in the upper half in mass, the one with
 * the flattest core slope, the median one, and the steepest.
 *
 * @returns Rows of the table
 * @throws {RangeError} If there are fewer than six clusters
 */
export function exampleClusters(
  logMass: Float64Array,
  coreSlope: ArrayLike<number>,
): Readonly<Record<ProfileKind, number>> {
  if (logMass.length < 6) {
    throw new RangeError(
      `Cannot choose examples: ${thereAre(logMass.length, "cluster")}, should be 6 or more`,
    );
  }
  const byMass = Array.from(logMass, (_, i) => i).sort((a, b) => logMass[a]! - logMass[b]!);
  const bySlope = byMass.slice(byMass.length >> 1).sort((a, b) => coreSlope[b]! - coreSlope[a]!);
  const at = (share: number) => bySlope[Math.floor(share * (bySlope.length - 1))]!;
  // The extremes are unusual; the 5th percentiles are typical of their kind.
  return { "flat core": at(0.05), "peaked core": at(0.5), "cool core": at(0.95) };
}
