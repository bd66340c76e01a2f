/** Surveys of the sky by name, each with the source of its numbers. */
import type { SkySurvey } from "./survey.ts";

/** A survey that has a name. */
export interface SkyPreset {
  /** The survey. */
  readonly survey: SkySurvey;
  /** Where the survey's numbers are from, and which of them are choices. */
  readonly source: string;
}

/** Names of the surveys. */
export type SkyPresetName = "hiflugcs-lensing" | "hiflugcs" | "reflex-like" | "erass1-like";

/** Square degrees of a steradian. */
const SQUARE_DEGREES = (180 / Math.PI) ** 2;

/** HIFLUGCS above z = 0.02. */
const HIFLUGCS: SkySurvey = {
  area: 8.14,
  redshiftMin: 0.02,
  redshiftMax: 0.25,
  fluxLimit: 20,
  fluxError: 0.05,
  temperatureError: 0.05,
  gasMassError: 0.1,
};

const HIFLUGCS_SOURCE =
  "Reiprich & Boehringer 2002 (ApJ 567, 716): 8.14 sr, 2e-11 erg/s/cm2 in 0.1-2.4 keV. " +
  "Choices: z > 0.02, as nearer counts are dominated by sample variance; errors of 5, 5 and 10%.";

/** Every survey by name. */
export const SKY_PRESETS: Readonly<Record<SkyPresetName, SkyPreset>> = {
  "hiflugcs-lensing": {
    survey: {
      ...HIFLUGCS,
      lensing: { fraction: 0.5, scatter: 0.2, error: 0.15, biasError: 0.07 },
    },
    source:
      `${HIFLUGCS_SOURCE} Lensing masses are choices, too: half of the clusters, a scatter of ` +
      "25% in all (Ntampaka & Vikhlinin have 20 to 40% in Table 1, 10 to 30% in the text), of which " +
      "15% are in the errors, and a shared bias known to 7%.",
  },
  "hiflugcs": { survey: HIFLUGCS, source: HIFLUGCS_SOURCE },
  "reflex-like": {
    survey: {
      area: 13924 / SQUARE_DEGREES,
      redshiftMin: 0.02,
      redshiftMax: 0.3,
      fluxLimit: 3,
      fluxError: 0.1,
      temperatureError: 0.05,
      gasMassError: 0.1,
    },
    source: "REFLEX (Boehringer et al. 2004, A&A 425, 367): 13 924 deg2, 3e-12 erg/s/cm2 in " +
      "0.1-2.4 keV. Choices: z from 0.02 to 0.3, where the K-correction ends; errors of 10, 5 and " +
      "10%, and temperatures and gas masses of all clusters, which REFLEX lacks.",
  },
  "erass1-like": {
    survey: {
      area: 12791 / SQUARE_DEGREES,
      redshiftMin: 0.1,
      redshiftMax: 0.3,
      fluxLimit: 0.3,
      fluxError: 0.15,
      temperatureError: 0.15,
      gasMassError: 0.15,
    },
    source: "eRASS1's cosmology sample (Bulbul et al. 2024, A&A 685, A106): 12 791 deg2, from " +
      "z = 0.1. Choices: 3e-13 erg/s/cm2 in 0.1-2.4 keV as a sharp limit, which finds thousands of " +
      "clusters, in place of eRASS1's selection by detection likelihood and extent; z to 0.3, where " +
      "the K-correction ends; errors of 15%.",
  },
};
