/**
 * The halo mass function dn/dlnM (section 2.2.1): how many halos of a mass there are, by a
 * published fit and a linear power spectrum.
 */
import { differentiateCubicSpline, evaluateCubicSpline } from "../numerics/calculus.ts";
import {
  checkCosmology,
  checkRedshift,
  type Cosmology,
  growthFactor,
  matterDensity,
} from "./cosmology.ts";
import { BOCQUET16_DMO, BOCQUET16_HYDRO } from "./mass_functions/bocquet16.ts";
import { DESPALI16 } from "./mass_functions/despali16.ts";
import type { MassDefinition, MultiplicityFit } from "./mass_functions/multiplicity.ts";
import { TINKER08 } from "./mass_functions/tinker08.ts";
import {
  createPowerSpectrum,
  lagrangianRadius,
  type PowerSpectrum,
  scalePowerSpectrum,
} from "./power_spectrum.ts";

/** Names of the published mass functions. */
export type MassFunctionName = "tinker08" | "bocquet16-hydro" | "bocquet16-dmo" | "despali16";

/** Published mass functions by name; the toolkit's default is Tinker et al. 2008 at 500c. */
export const MASS_FUNCTIONS: Readonly<Record<MassFunctionName, MultiplicityFit>> = {
  "tinker08": TINKER08,
  "bocquet16-hydro": BOCQUET16_HYDRO,
  "bocquet16-dmo": BOCQUET16_DMO,
  "despali16": DESPALI16,
};

/** A mass function and the universe to which it applies. */
export interface MassFunctionPlan {
  /** A physical cosmology. */
  readonly cosmology: Cosmology;
  /** The published fit. */
  readonly fit: MassFunctionName;
  /** One of the fit's mass definitions. */
  readonly definition: MassDefinition;
  /** Redshift, from 0 to the last one that the fit was made for. */
  readonly redshift: number;
}

/** A mass function as columns, one row per mass. */
export interface MassFunction {
  /** log10 M [Msun/h], [masses]. */
  readonly logMass: Float64Array;
  /** Linear rms fluctuation in spheres of that mass at the redshift, [masses]. */
  readonly sigma: Float64Array;
  /** Halos per comoving (Mpc/h)^3 and per unit of ln M, [masses]. */
  readonly dndlnM: Float64Array;
}

/** Lowest and highest log10 mass [Msun/h] for which sigma is tabulated, at any omegaM. */
export const LOG_MASS_RANGE: readonly [number, number] = [9, 17];

/**
 * The mass function dn/dlnM = f(sigma) rho_m / M dln(1/sigma)/dlnM at given masses.
 *
 * This is COLOSSUS's value to a few tenths of a percent; how well a fit matches the halos of a
 * simulation its paper tells, usually 5-10% for masses of 10^11 to 10^15.5 Msun/h.
 *
 * @example
 * ```ts
 * import { MAGNETICUM, computeMassFunction } from "@clusters/terse/cosmology";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { dndlnM } = computeMassFunction(
 *   { cosmology: MAGNETICUM, fit: "tinker08", definition: "500c", redshift: 0.07 },
 *   [14, 15],
 * );
 * assertAlmostEquals(Math.log10(dndlnM[0]!), -4.87, 0.1);
 * ```
 *
 * @param plan Cosmology, fit, mass definition and redshift
 * @param logMass log10 of the masses [Msun/h], each from 9 to 17
 * @param spectrum The power spectrum, where one for this cosmology with any sigma8 exists already;
 * without it one with the transfer function "eisenstein98" is made, which takes most of the time
 * @throws {RangeError} If the cosmology is not physical, there is no such fit, the fit does not
 * provide the definition, or a redshift or mass is out of range
 */
export function computeMassFunction(
  plan: MassFunctionPlan,
  logMass: ArrayLike<number>,
  spectrum?: PowerSpectrum,
): MassFunction {
  const { cosmology, definition, redshift } = plan;
  checkCosmology(cosmology);
  const multiplicity = findFit(plan).prepare({ cosmology, definition, redshift });
  const { shape, amplitude } = spectrum === undefined
    ? createPowerSpectrum(cosmology)
    : matchPowerSpectrum(spectrum, cosmology);
  const factor = amplitude * growthFactor(cosmology, redshift);
  const density = matterDensity(cosmology);
  const sigma = new Float64Array(logMass.length);
  const dndlnM = new Float64Array(logMass.length);
  for (let i = 0; i < logMass.length; i++) {
    const mass = 10 ** checkLogMass(logMass[i]!);
    const lnRadius = Math.log(lagrangianRadius(cosmology, mass));
    sigma[i] = factor * Math.exp(evaluateCubicSpline(shape, lnRadius));
    const slope = -differentiateCubicSpline(shape, lnRadius) / 3; // d ln(1/sigma) / d ln M
    checkSlope(slope, logMass[i]!, cosmology);
    dndlnM[i] = checkCount(
      multiplicity(sigma[i]!, logMass[i]!) * density / mass * slope,
      logMass[i]!,
    );
  }
  return { logMass: Float64Array.from(logMass), sigma, dndlnM };
}

function findFit({ fit, definition, redshift }: MassFunctionPlan): MultiplicityFit {
  if (!Object.hasOwn(MASS_FUNCTIONS, fit)) {
    throw new RangeError(
      `Cannot compute mass function: fit is ${fit}, should be one of ` +
        Object.keys(MASS_FUNCTIONS).join(", "),
    );
  }
  const found = MASS_FUNCTIONS[fit];
  if (!found.definitions.includes(definition)) {
    throw new RangeError(
      `Cannot compute mass function: definition is ${definition}, should be one that ${fit} ` +
        `provides: ${found.definitions.join(", ")}`,
    );
  }
  checkRedshift(redshift, found.maxRedshift);
  return found;
}

/** The given spectrum scaled to the cosmology's sigma8; throws if any other parameter differs. */
function matchPowerSpectrum(spectrum: PowerSpectrum, cosmology: Cosmology): PowerSpectrum {
  for (const name of ["omegaM", "omegaB", "h", "ns"] as const) {
    if (spectrum.cosmology[name] !== cosmology[name]) {
      throw new RangeError(
        `Cannot reuse power spectrum: its ${name} is ${spectrum.cosmology[name]}, should be ` +
          `${cosmology[name]}`,
      );
    }
  }
  return scalePowerSpectrum(spectrum, cosmology.sigma8);
}

/** Throws unless sigma falls with mass, as it must where halos are counted by sigma. */
function checkSlope(slope: number, logMass: number, { omegaB, omegaM, ns }: Cosmology): void {
  if (slope > 0) return;
  throw new RangeError(
    `Cannot compute mass function: sigma(M) rises at log mass ${logMass} (dln(1/sigma)/dlnM is ` +
      `${slope.toPrecision(3)}), it should fall; omegaB/omegaM is ${
        (omegaB / omegaM).toPrecision(3)
      } ` +
      `and ns ${ns}`,
  );
}

function checkCount(dndlnM: number, logMass: number): number {
  if (dndlnM >= 0 && Number.isFinite(dndlnM)) return dndlnM;
  throw new RangeError(
    `Cannot compute mass function: dn/dlnM is ${dndlnM} at log mass ${logMass}, should be finite ` +
      `and not negative; the fit does not hold for these parameters`,
  );
}

function checkLogMass(logMass: number): number {
  const [low, high] = LOG_MASS_RANGE;
  if (!(logMass >= low && logMass <= high)) {
    throw new RangeError(
      `Cannot compute mass function: log mass is ${logMass}, should be from ${low} to ${high}`,
    );
  }
  return logMass;
}
