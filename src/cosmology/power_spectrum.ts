/**
 * The linear power spectrum of matter, normalized to sigma8, and the rms fluctuation sigma of
 * spheres by radius and by mass (section 2.2.1).
 */
import { differentiateCubicSpline, evaluateCubicSpline } from "../numerics/calculus.ts";
import { checkCosmology, type Cosmology, growthFactor, matterDensity } from "./cosmology.ts";
import {
  integrateSigma,
  RADIUS_RANGE,
  SIGMA_NODES,
  type SigmaNodes,
  type SigmaTable,
  tabulateSigma,
} from "./sigma_table.ts";
import { type Transfer, TRANSFER_FUNCTIONS, type TransferName } from "./transfer_function.ts";

/**
 * A cosmology's linear power spectrum at z = 0, with its sigma(R) tabulated. Its shape does not
 * depend on sigma8, so {@linkcode scalePowerSpectrum} reuses all of it.
 */
export interface PowerSpectrum {
  /** The cosmology that the spectrum belongs to. */
  readonly cosmology: Cosmology;
  /** Transfer function T(k), with k in h/Mpc. */
  readonly transfer: Transfer;
  /** ln sigma by ln R for the power k^ns T(k)^2, before normalization. */
  readonly shape: SigmaTable;
  /** Factor from the sigma of `shape` to that of the cosmology. */
  readonly amplitude: number;
}

/**
 * The linear power spectrum of a cosmology, normalized by the integral for sigma8 itself.
 *
 * @example
 * ```ts
 * import { MAGNETICUM, computeSigma, createPowerSpectrum } from "@clusters/terse/cosmology";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const fine = createPowerSpectrum(MAGNETICUM, { nodes: "fine" });
 * assertAlmostEquals(computeSigma(fine, 8), 0.809, 1e-6);
 * const asColossus = createPowerSpectrum(MAGNETICUM);
 * assertAlmostEquals(computeSigma(asColossus, 8), 0.809, 1e-3);
 * ```
 *
 * @param cosmology A physical cosmology
 * @param options Which transfer function, and at which radii sigma is tabulated
 * @throws {RangeError} If the cosmology is not physical or there is no such option
 */
export function createPowerSpectrum(
  cosmology: Cosmology,
  options: PowerSpectrumOptions = {},
): PowerSpectrum {
  checkCosmology(cosmology);
  const { transfer = "eisenstein98", nodes = "colossus" } = options;
  checkName("transfer function", transfer, TRANSFER_FUNCTIONS);
  checkName("kind of nodes", nodes, SIGMA_NODES);
  const t = TRANSFER_FUNCTIONS[transfer](cosmology);
  const sigma = integrateSigma((k) => k ** cosmology.ns * t(k) ** 2);
  const amplitude = cosmology.sigma8 / sigma(NORMALIZATION_RADIUS);
  return { cosmology, transfer: t, shape: tabulateSigma(sigma, nodes), amplitude };
}

/** Options of {@linkcode createPowerSpectrum}. */
export interface PowerSpectrumOptions {
  /** The transfer function; "eisenstein98" by default. */
  readonly transfer?: TransferName;
  /** Where sigma is tabulated; "colossus" by default. */
  readonly nodes?: SigmaNodes;
}

/** Radius of the spheres that define sigma8 [Mpc/h]. */
const NORMALIZATION_RADIUS = 8;

/** The spectrum scaled to another sigma8. Throws a RangeError if that is not allowed. */
export function scalePowerSpectrum(spectrum: PowerSpectrum, sigma8: number): PowerSpectrum {
  const cosmology = { ...spectrum.cosmology, sigma8 };
  checkCosmology(cosmology);
  const amplitude = spectrum.amplitude * sigma8 / spectrum.cosmology.sigma8;
  return { ...spectrum, cosmology, amplitude };
}

/**
 * The linear power P(k, z) in (Mpc/h)^3.
 *
 * @param spectrum From {@linkcode createPowerSpectrum}
 * @param k Wavenumber in h/Mpc (comoving), above 0
 * @param z Redshift, 0 to 100
 * @throws {RangeError} If k is not above 0 or z is out of range
 */
export function computePower(spectrum: PowerSpectrum, k: number, z = 0): number {
  if (!(k > 0 && k < Infinity)) {
    throw new RangeError(`Cannot compute power: k is ${k} h/Mpc, should be above 0`);
  }
  const growth = growthFactor(spectrum.cosmology, z);
  return (spectrum.amplitude * growth * spectrum.transfer(k)) ** 2 * k ** spectrum.cosmology.ns;
}

/**
 * The linear rms fluctuation in spheres of radius R (a top hat).
 *
 * @param spectrum From {@linkcode createPowerSpectrum}
 * @param radius Comoving radius in Mpc/h, 0.05 to 500
 * @param z Redshift, 0 to 100
 * @throws {RangeError} If the radius or z is out of range
 */
export function computeSigma(spectrum: PowerSpectrum, radius: number, z = 0): number {
  checkRadius(radius);
  return spectrum.amplitude * growthFactor(spectrum.cosmology, z) *
    Math.exp(evaluateCubicSpline(spectrum.shape, Math.log(radius)));
}

/** d ln sigma / d ln R at a comoving radius in Mpc/h, 0.05 to 500; the same at every redshift. */
export function computeSigmaSlope(spectrum: PowerSpectrum, radius: number): number {
  checkRadius(radius);
  return differentiateCubicSpline(spectrum.shape, Math.log(radius));
}

/**
 * The comoving radius in Mpc/h of the sphere that holds a mass at the mean density.
 *
 * @param cosmology A physical cosmology
 * @param mass In Msun/h
 */
export function lagrangianRadius(cosmology: Cosmology, mass: number): number {
  return Math.cbrt(3 * mass / (4 * Math.PI * matterDensity(cosmology)));
}

/**
 * The linear rms fluctuation in spheres that hold a mass at the mean density.
 *
 * @param spectrum From {@linkcode createPowerSpectrum}
 * @param mass In Msun/h
 * @param z Redshift, 0 to 100
 * @throws {RangeError} If the sphere's radius or z is out of range
 */
export function computeSigmaOfMass(spectrum: PowerSpectrum, mass: number, z = 0): number {
  return computeSigma(spectrum, lagrangianRadius(spectrum.cosmology, mass), z);
}

function checkRadius(radius: number): void {
  const [low, high] = RADIUS_RANGE;
  if (!(radius >= low && radius <= high)) {
    throw new RangeError(
      `Cannot compute sigma: radius is ${radius} Mpc/h, should be from ${low} to ${high}`,
    );
  }
}

function checkName(what: string, name: string, table: Readonly<Record<string, unknown>>): void {
  if (!Object.hasOwn(table, name)) {
    throw new RangeError(
      `Cannot make a power spectrum: ${what} is ${name}, should be one of ` +
        Object.keys(table).join(", "),
    );
  }
}
