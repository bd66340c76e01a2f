/** Options by which `predict` answers with the likelihood of a survey on the sky. */
import { SKY_PRESETS } from "../../src/catalogs/sky/presets.ts";
import { MAGNETICUM } from "../../src/cosmology/cosmology.ts";
import { SURVEY_COSMOLOGY } from "../../src/observed/sky_units.ts";
import { UsageError } from "./errors.ts";
import type { Option } from "./options.ts";
import { numberOption, textOption } from "./options.ts";

/** What a survey is named by, as help and completion show it. */
export const SURVEY_PLACEHOLDER: string = `${Object.keys(SKY_PRESETS).join("|")}|FILE`;

/** Values of {@linkcode SKY_OPTIONS}. */
export interface SkyValues {
  readonly h: number | undefined;
  readonly survey: string | undefined;
  readonly "source-omega-m": number;
}

/** The survey, and the cosmology of the catalog's masses. */
export const SKY_OPTIONS: { readonly [K in keyof SkyValues]: Option<SkyValues[K]> } = {
  h: numberOption(undefined, {
    description: "the Hubble parameter h in expressions, and of gas masses with --survey",
    fallbackText: `${MAGNETICUM.h}, or ${SURVEY_COSMOLOGY.h} with --survey`,
  }),
  survey: textOption(SURVEY_PLACEHOLDER, undefined, {
    description: "answer with the likelihood of this flux-limited survey",
    fallbackText: "none: a network answers",
    role: "input",
  }),
  "source-omega-m": numberOption(SURVEY_COSMOLOGY.omegaM, {
    description: "omegaM of gas masses with --survey; 1 for Einstein and de Sitter",
  }),
};

/** @throws {UsageError} If no universe has this Hubble parameter */
export function checkHubble(h: number | undefined): void {
  if (h === undefined || (h >= 0.1 && h <= 2)) return;
  throw new UsageError(`Cannot use --h: it is ${h}, expected a number from 0.1 to 2`);
}

/** @throws {UsageError} If no universe without curvature has this density of matter */
export function checkOmegaM(omegaM: number): void {
  if (omegaM > 0 && omegaM <= 1) return;
  throw new UsageError(
    `Cannot convert masses: --source-omega-m is ${omegaM}, should be above 0, up to 1 for ` +
      "Einstein and de Sitter's universe",
  );
}
