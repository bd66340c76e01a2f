/**
 * `robustness`: one trained network on catalogs unlike those it was trained on.
 */
import { BACKEND_OPTIONS } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { wholeNumberOption } from "../program/options.ts";
import { OUT_OPTION } from "../program/run_options.ts";
import { SURVEY_NETWORK_OPTION } from "../program/survey_options.ts";
import { measureRunRobustness } from "../stages/robustness_run.ts";
import { FILES } from "../storage/run_folder.ts";
import { formatRobustness } from "../text/robustness_text.ts";
import { surveyRobustness } from "../text/survey_outcomes.ts";

/** The command `robustness`. */
export const ROBUSTNESS: Command = defineCommand({
  summary: "measure a trained network on other base samples, mass functions, scatters, and units",
  details: [
    `Writes ${FILES.robustness}. All variants draw the same random numbers, so that their rows differ ` +
    "in what is varied and in little else.",
    "Of the network of a survey on the sky (train-survey): what moves S8, omegaM and sigma8, in widths.",
  ],
  options: {
    out: OUT_OPTION,
    survey: SURVEY_NETWORK_OPTION,
    catalogs: wholeNumberOption(2, 1000, { description: "new catalogs of each variant" }),
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    const survey = await surveyRobustness(values, progress);
    if (survey) return survey;
    const json = await measureRunRobustness(values, progress);
    return { json, text: formatRobustness(json.rows) };
  },
});
