/** The survey: which share of the clusters of a mass it finds (section 2.1.1, Eq. 1; App. A). */
import type { ScalingRelation } from "../clusters/scaling_relation.ts";
import { LOG_MASS_PIVOT } from "../clusters/scaling_relation.ts";
import { BASE_LOG_MASS_MIN, BASE_REDSHIFT } from "../clusters/base_sample.ts";
import type { CatalogParameters } from "./priors.ts";

/** An X-ray survey that is flux limited below a mass and volume limited above it. */
export interface Survey {
  /** Share of the simulation's (352 Mpc/h)^3 that is searched; above 0 to 1000. */
  readonly volumeFraction: number;
  /** Redshift of the mass function. */
  readonly redshift: number;
  /** Clusters below this are not in the survey, log10 [Msun/h]; 13.58 to 15.99. */
  readonly logMassMin: number;
  /** Above this the whole volume is searched, at the baseline luminosity relation, log10 [Msun/h]. */
  readonly logMassBreak: number;
  /** A of V_obs ~ M^A below the break; 0 or more. */
  readonly slope: number;
  /** The mass at which a changed luminosity slope leaves L_X as it was, log10 [Msun/h]. */
  readonly slopePivot: number;
  /** Width of the Gaussian that smooths the abundance [dex]; 0 for a sharp break. */
  readonly smoothing: number;
}

/**
 * Section 2.1.1's survey.
 *
 * The paper gives its two masses in Msun and all others in Msun/h. They are read in Msun/h:
 * 13.6 is then just above the base sample's limit of 13.58, and the flux limit gives 14.48.
 */
export const STANDARD_SURVEY: Survey = {
  volumeFraction: 0.5, // "half the box"; two thirds of the sky to z = 0.07
  redshift: BASE_REDSHIFT,
  logMassMin: 13.6,
  logMassBreak: 14.4,
  slope: 2.4,
  slopePivot: LOG_MASS_PIVOT, // Table 1's; turned about 10^15, mean N is 92, nearer the paper's "~ 100"
  smoothing: 0,
};

/** App. A's width: the scatter of log M500 at given L_X, 0.13 / 1.74 [dex]. */
const APPENDIX_A_SMOOTHING = 0.076;

/** App. A's smaller survey: 30% of the box, with a smooth transition. */
export const SMALLER_SURVEY: Survey = {
  ...STANDARD_SURVEY,
  volumeFraction: 0.3,
  smoothing: APPENDIX_A_SMOOTHING,
};

/** App. A's larger survey: 80% of the box, with a smooth transition. */
export const LARGER_SURVEY: Survey = {
  ...STANDARD_SURVEY,
  volumeFraction: 0.8,
  smoothing: APPENDIX_A_SMOOTHING,
};

/** No catalog has clusters above this; the whole box at sigma8 0.92 would hold 5e-9 of them. */
export const SURVEY_LOG_MASS_MAX = 16;

/** Lowest and highest allowed value of each field. */
const LIMITS: Readonly<Record<keyof Survey, readonly [number, number]>> = {
  volumeFraction: [Number.MIN_VALUE, 1000],
  redshift: [0, 2],
  logMassMin: [BASE_LOG_MASS_MIN, SURVEY_LOG_MASS_MAX - 0.01],
  logMassBreak: [10, 20],
  slope: [0, 10],
  slopePivot: [10, 20],
  smoothing: [0, 1],
};

/**
 * Throws unless every field of a survey is in its range.
 *
 * @throws {RangeError} Naming the field, its value and its range
 */
export function checkSurvey(survey: Survey): void {
  for (const name of Object.keys(LIMITS) as (keyof Survey)[]) {
    const [min, max] = LIMITS[name];
    const value = survey[name];
    if (!(value >= min && value <= max)) {
      const range = name === "volumeFraction" ? `above 0 to ${max}` : `from ${min} to ${max}`;
      throw new RangeError(`Cannot use survey: ${name} is ${value}, should be ${range}`);
    }
  }
}

/**
 * The mass at which a catalog's survey turns from flux to volume limited, log10 [Msun/h].
 *
 * The flux limit is a luminosity, so the break moves to where the catalog's luminosity relation has
 * the value that the baseline relation has at `survey.logMassBreak` ("appropriately scaled",
 * section 2.1.1), with both the relation's normalization and its slope. The branch's slope A stays.
 */
export function breakLogMass(
  survey: Survey,
  luminosity: ScalingRelation,
  parameters: Pick<CatalogParameters, "luminosityBias" | "luminositySlopeFactor">,
): number {
  const rise = luminosity.slope * (survey.logMassBreak - survey.slopePivot) -
    Math.log10(parameters.luminosityBias);
  return survey.slopePivot + rise / (luminosity.slope * parameters.luminositySlopeFactor);
}

/** S_obs of Eq. 1: min(1, (M / M_break)^A), and 0 below the survey's least mass. */
export function selectionFunction(survey: Survey, logMassBreak: number, logMass: number): number {
  if (logMass < survey.logMassMin) return 0;
  return fluxLimit(survey, logMassBreak, logMass);
}

/** Eq. 1 without the cut at the least mass. */
export function fluxLimit(survey: Survey, logMassBreak: number, logMass: number): number {
  return logMass < logMassBreak ? 10 ** (survey.slope * (logMass - logMassBreak)) : 1;
}
