/**
 * `train-survey`: the network of a flux-limited survey on the sky.
 */
import { BACKEND_OPTIONS } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { SURVEY_PLACEHOLDER } from "../program/sky_options.ts";
import { numberOption, textOption, wholeNumberOption } from "../program/options.ts";
import { PROXY_TIE, SKY_TIE, SKY_TRAINING } from "../../src/runs/sky_recipe.ts";
import { trainSurvey } from "../stages/sky_network.ts";
import { SKY_FILES } from "../storage/sky_network_files.ts";
import { formatTrainedSurvey } from "../text/sky_network_text.ts";

/** The command `train-survey`. */
export const TRAIN_SURVEY: Command = defineCommand({
  summary: "train the network of a flux-limited survey: S8 and omegaM with their covariance",
  details: [
    `Writes ${SKY_FILES.training} after every epoch, ${SKY_FILES.network} at the end, and ` +
    `${SKY_FILES.evaluation}: errors, coverage, ranks (SBC) and TARP on new catalogs.`,
    "When it was stopped or killed, the same command resumes after the last epoch, to the same bits. " +
    '"predict --survey ... --run DIR" answers with the network.',
  ],
  options: {
    survey: textOption(SURVEY_PLACEHOLDER, "hiflugcs", {
      description: "the survey",
      role: "input",
    }),
    out: textOption("DIR", "runs/survey_network", {
      description: "the run folder",
      role: "run folder",
    }),
    seed: wholeNumberOption(0, 1, { description: "root of all random streams" }),
    epochs: wholeNumberOption(1, SKY_TRAINING.epochs, {
      description: "passes over the catalogs at hand",
      most: 1e6,
    }),
    catalogs: wholeNumberOption(64, SKY_TRAINING.catalogs, {
      description: "mock catalogs at hand",
      most: 1e6,
    }),
    fresh: wholeNumberOption(0, SKY_TRAINING.fresh, {
      description: "how many of them are new in each epoch",
      most: 1e6,
    }),
    tie: numberOption(undefined, {
      description: "weight of the loss that ties terse values to lensing masses, or else to T Mgas",
      fallbackText: `${SKY_TIE} for a survey with lensing masses, ${PROXY_TIE} for others; 0: none`,
    }),
    test: wholeNumberOption(10, 3000, { description: "new catalogs to measure on", most: 1e6 }),
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    const json = await trainSurvey(values, progress);
    return { json, text: formatTrainedSurvey(json) };
  },
});
