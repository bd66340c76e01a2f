/**
 * `survey`: what a flux-limited survey on the sky finds, and what a catalog of it says.
 */
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { SURVEY_PLACEHOLDER } from "../program/sky_options.ts";
import { flag, textOption, wholeNumberOption } from "../program/options.ts";
import { surveySky } from "../stages/sky_survey.ts";
import { describeSurvey, formatSurvey, SURVEY_DETAILS } from "../text/survey_text.ts";

/** The command `survey`. */
export const SURVEY: Command = defineCommand({
  summary: "show what a flux-limited survey on the sky finds, and what a catalog of it says",
  details: SURVEY_DETAILS,
  options: {
    survey: textOption(SURVEY_PLACEHOLDER, "hiflugcs", {
      description: "the survey",
      role: "input",
    }),
    parameters: textOption("FILE", undefined, {
      description: "cosmology and scaling relations",
      fallbackText: "S8 0.75, omegaM 0.3 and the middle of the priors",
      role: "input",
    }),
    catalog: textOption("FILE", undefined, {
      description: "clusters that the survey found: FITS, CSV or plain ASCII",
      fallbackText: "none",
      role: "input",
    }),
    posterior: flag("sample the catalog's posterior of sigma8, omegaM and S8"),
    detection: textOption("FILE", undefined, {
      description: "probability of detection above the limit: columns flux, z, probability",
      fallbackText: "1",
      role: "input",
    }),
    seed: wholeNumberOption(0, 1, { description: "root of the posterior's random streams" }),
    out: textOption("DIR", "runs/survey", {
      description: "the folder of figure and CSV",
      role: "export folder",
    }),
  },
  workFolder: ({ json, out }) => json ? undefined : out,
  run(values) {
    const found = surveySky(values);
    if (!values.json) found.saveFigure(values.out);
    const written = values.json ? "" : `\nWritten to ${values.out}`;
    return Promise.resolve({ json: describeSurvey(found), text: formatSurvey(found) + written });
  },
});
