/**
 * What a survey on the sky depends on: cosmology, three scaling relations with their scatter, the
 * priors of all numbers, and the map from standard normal numbers to them.
 */
import { checkTableCosmology } from "../../cosmology/abundance_table.ts";
import { fastNormalProbability, fastNormalQuantile } from "../../numerics/fast_normal.ts";
import { readNumbers, readOptionalNumbers } from "./record.ts";

/**
 * Cosmology and relations, at M500 = 4e14 Msun (h = 0.7). "ln" is natural; L is in 1e44 erg/s from
 * 0.1 to 2.4 keV in the rest frame, T in keV, gas mass in 1e14 Msun.
 */
export interface SkyParameters {
  /** sigma8 (omegaM / 0.3)^0.5, which cluster counts measure best. */
  readonly S8: number;
  /** Density of matter over the critical density. */
  readonly omegaM: number;
  /** ln L of the pivot mass at z = 0. */
  readonly lnL: number;
  /** d ln L / d ln M. */
  readonly slopeL: number;
  /** ln T of the pivot mass at z = 0. */
  readonly lnT: number;
  /** d ln T / d ln M. */
  readonly slopeT: number;
  /** ln of the pivot mass's gas mass. */
  readonly lnG: number;
  /** d ln Mgas / d ln M. */
  readonly slopeG: number;
  /** Standard deviation of ln L at given mass. */
  readonly scatterL: number;
  /** Standard deviation of ln T at given mass. */
  readonly scatterT: number;
  /** Standard deviation of ln Mgas at given mass. */
  readonly scatterG: number;
  /** Correlation of the scatters of L and T. */
  readonly pLT: number;
  /** Correlation of the scatters of L and Mgas. */
  readonly pLG: number;
  /** Partial correlation of the scatters of T and Mgas at given L. */
  readonly pTG: number;
  /** Bias of all lensing masses, ln M_WL - ln M500 on average; 0 if left out. */
  readonly lensingBias?: number;
}

/** A parameter of every survey. */
export type SkyParameterName = Exclude<keyof SkyParameters, "lensingBias">;

/** Names of every survey's parameters, in the order of every array of them. */
export const SKY_PARAMETER_NAMES: readonly SkyParameterName[] = [
  "S8",
  "omegaM",
  "lnL",
  "slopeL",
  "lnT",
  "slopeT",
  "lnG",
  "slopeG",
  "scatterL",
  "scatterT",
  "scatterG",
  "pLT",
  "pLG",
  "pTG",
];

/** A parameter's prior; `"lognormal"` is normal in the logarithm, with that median. */
export type SkyPrior =
  | { readonly kind: "uniform"; readonly min: number; readonly max: number }
  | { readonly kind: "normal"; readonly mean: number; readonly deviation: number }
  | { readonly kind: "lognormal"; readonly median: number; readonly deviation: number };

/** The priors of all parameters, which are independent. */
export interface SkyPriors extends Readonly<Record<SkyParameterName, SkyPrior>> {
  /** Prior of the lensing masses' bias; without one the bias is 0. */
  readonly lensingBias?: SkyPrior;
}

/** Slope of the temperature relation that the normalization of `massScalePrior` is quoted with. */
const TEMPERATURE_SLOPE = 0.63;

/**
 * The prior of `lnT` by a mass scale.
 *
 * @param mass M500 E(z) of a cluster of 5 keV [1e14 Msun, h = 0.7]
 * @param deviation Standard deviation of ln of that mass
 */
export function massScalePrior(mass: number, deviation: number): SkyPrior {
  return {
    kind: "normal",
    mean: Math.log(5) + TEMPERATURE_SLOPE * Math.log(4 / mass),
    deviation: TEMPERATURE_SLOPE * deviation,
  };
}

/** M500 E(z) of a cluster of 5 keV [1e14 Msun, h = 0.7] and its error in ln: {@linkcode SKY_PRIORS}. */
export const MASS_SCALE: readonly [number, number] = [4.3, 0.1];

/**
 * Priors of a survey without lensing masses. S8 and omegaM are uniform in a box, which ends where
 * Tinker's mass function does. The mass scale is from hydrostatic masses: 4.31 of Vikhlinin et al. 2009,
 * 4.10 of Arnaud et al. 2005 and 4.65 of Lovisari et al. 2020, all within its 10%. The gas fraction at
 * the pivot is 0.11 to 20%.
 */
export const SKY_PRIORS: SkyPriors = {
  S8: { kind: "uniform", min: 0.55, max: 0.95 },
  omegaM: { kind: "uniform", min: 0.16, max: 0.6 },
  lnL: { kind: "normal", mean: Math.log(1.8), deviation: 0.3 },
  slopeL: { kind: "normal", mean: 1.6, deviation: 0.2 },
  lnT: massScalePrior(...MASS_SCALE),
  slopeT: { kind: "normal", mean: TEMPERATURE_SLOPE, deviation: 0.05 },
  lnG: { kind: "normal", mean: Math.log(0.44), deviation: 0.2 },
  slopeG: { kind: "normal", mean: 1.2, deviation: 0.1 },
  scatterL: { kind: "lognormal", median: 0.42, deviation: 0.25 },
  scatterT: { kind: "lognormal", median: 0.11, deviation: 0.3 },
  scatterG: { kind: "lognormal", median: 0.14, deviation: 0.3 },
  pLT: { kind: "uniform", min: -0.8, max: 0.8 },
  pLG: { kind: "uniform", min: -0.8, max: 0.8 },
  pTG: { kind: "uniform", min: -0.8, max: 0.8 },
};

/** The priors for a survey: lensing masses add that of their bias. */
export function skyPriors(
  { lensing }: { readonly lensing?: { readonly biasError: number } },
): SkyPriors {
  if (lensing === undefined) return SKY_PRIORS;
  const { biasError: deviation } = lensing;
  return { ...SKY_PRIORS, lensingBias: { kind: "normal", mean: 0, deviation } };
}

/** Names of the parameters that have priors, in the order of every array of them. */
export function parameterNames(priors: SkyPriors): readonly (keyof SkyParameters)[] {
  return priors.lensingBias === undefined
    ? SKY_PARAMETER_NAMES
    : [...SKY_PARAMETER_NAMES, "lensingBias"];
}

/** A parameter's value; a bias that is left out is 0. */
export function parameterOf(parameters: SkyParameters, name: keyof SkyParameters): number {
  return parameters[name] ?? 0;
}

/** A parameter's prior. */
export function priorOf(priors: SkyPriors, name: keyof SkyParameters): SkyPrior {
  const prior = priors[name];
  if (prior === undefined) throw new TypeError(`Cannot find prior: ${name} has none`);
  return prior;
}

/** The middle of the priors' box, near what X-ray samples give: the design's parameters "A". */
export const FIDUCIAL_SKY: SkyParameters = {
  S8: 0.75,
  omegaM: 0.3,
  lnL: Math.log(1.8),
  slopeL: 1.6,
  lnT: 1.563876,
  slopeT: 0.63,
  lnG: Math.log(0.44),
  slopeG: 1.2,
  scatterL: 0.42,
  scatterT: 0.11,
  scatterG: 0.14,
  pLT: -0.3,
  pLG: 0.3,
  pTG: 0.2,
};

/** The parameter value that a standard normal number stands for. */
export function priorValue(prior: SkyPrior, u: number): number {
  switch (prior.kind) {
    case "uniform":
      return prior.min + (prior.max - prior.min) * fastNormalProbability(u);
    case "normal":
      return prior.mean + prior.deviation * u;
    case "lognormal":
      return prior.median * Math.exp(prior.deviation * u);
  }
}

/** The standard normal number that stands for a value: the inverse of {@linkcode priorValue}. */
export function priorCoordinate(prior: SkyPrior, value: number): number {
  switch (prior.kind) {
    case "uniform":
      return fastNormalQuantile((value - prior.min) / (prior.max - prior.min));
    case "normal":
      return (value - prior.mean) / prior.deviation;
    case "lognormal":
      return Math.log(value / prior.median) / prior.deviation;
  }
}

/** Parameters from standard normal numbers, one for each parameter that has a prior. */
export function skyParametersAt(u: ArrayLike<number>, priors: SkyPriors): SkyParameters {
  const common: SkyParameters = {
    S8: priorValue(priors.S8, u[0]!),
    omegaM: priorValue(priors.omegaM, u[1]!),
    lnL: priorValue(priors.lnL, u[2]!),
    slopeL: priorValue(priors.slopeL, u[3]!),
    lnT: priorValue(priors.lnT, u[4]!),
    slopeT: priorValue(priors.slopeT, u[5]!),
    lnG: priorValue(priors.lnG, u[6]!),
    slopeG: priorValue(priors.slopeG, u[7]!),
    scatterL: priorValue(priors.scatterL, u[8]!),
    scatterT: priorValue(priors.scatterT, u[9]!),
    scatterG: priorValue(priors.scatterG, u[10]!),
    pLT: priorValue(priors.pLT, u[11]!),
    pLG: priorValue(priors.pLG, u[12]!),
    pTG: priorValue(priors.pTG, u[13]!),
  };
  const { lensingBias } = priors;
  if (lensingBias === undefined) return common;
  return { ...common, lensingBias: priorValue(lensingBias, u[14]!) };
}

/** Standard normal numbers of parameters, the inverse of {@linkcode skyParametersAt}. */
export function skyCoordinates(parameters: SkyParameters, priors: SkyPriors): Float64Array {
  return Float64Array.from(
    parameterNames(priors),
    (name) => priorCoordinate(priorOf(priors, name), parameterOf(parameters, name)),
  );
}

/** sigma8 of parameters: S8 (omegaM / 0.3)^-0.5. */
export function sigma8Of({ S8, omegaM }: Pick<SkyParameters, "S8" | "omegaM">): number {
  return S8 * Math.sqrt(0.3 / omegaM);
}

/** Allowed range of each parameter but omegaM: far beyond any measurement. */
const LIMITS: Readonly<
  Record<Exclude<keyof SkyParameters, "omegaM">, readonly [number, number]>
> = {
  S8: [0.2, 2],
  lnL: [-5, 5],
  slopeL: [0.2, 4],
  lnT: [-1, 4],
  slopeT: [0.1, 2],
  lnG: [-5, 3],
  slopeG: [0.2, 4],
  scatterL: [0.001, 3],
  scatterT: [0.001, 3],
  scatterG: [0.001, 3],
  pLT: [-0.999, 0.999],
  pLG: [-0.999, 0.999],
  pTG: [-0.999, 0.999],
  lensingBias: [-2, 2],
};

/** The first parameter but omegaM that is out of its range. */
function findOutside(parameters: SkyParameters): keyof typeof LIMITS | undefined {
  return LIMITED.find((name) => {
    const value = parameterOf(parameters, name);
    return !(value >= LIMITS[name][0] && value <= LIMITS[name][1]);
  });
}

const LIMITED = Object.keys(LIMITS) as (keyof typeof LIMITS)[];

/**
 * Whether all parameters but omegaM are in their ranges, the ends of every posterior: a catalog may pull
 * as far as that against its priors, and still be drawn again.
 */
export function isWithinLimits(parameters: SkyParameters): boolean {
  return findOutside(parameters) === undefined;
}

/**
 * Checks parameters.
 *
 * @throws {RangeError} Naming the parameter, its value and its range
 */
export function checkSkyParameters(parameters: SkyParameters): void {
  const name = findOutside(parameters);
  if (name !== undefined) {
    const [min, max] = LIMITS[name];
    throw new RangeError(
      `Cannot use parameters: ${name} is ${
        parameterOf(parameters, name)
      }, should be from ${min} to ${max}`,
    );
  }
  checkTableCosmology(parameters.omegaM, sigma8Of(parameters));
}

/**
 * Parameters from a record of unknown content, such as a JSON file's.
 *
 * @throws {RangeError} If it is not a record, or a field is missing, unknown or out of range
 */
export function readSkyParameters(record: unknown): SkyParameters {
  const values = readNumbers(record, "parameters", SKY_PARAMETER_NAMES, {}, ["lensingBias"]);
  const bias = readOptionalNumbers(record, "parameters", ["lensingBias"]);
  const parameters = { ...values, ...bias } as unknown as SkyParameters;
  checkSkyParameters(parameters);
  return parameters;
}
