/**
 * `calibrate`: may the network's posteriors of sigma8 be believed?
 */
import { BACKEND_OPTIONS, openBackend } from "../program/backend_options.ts";
import { SURVEY_NETWORK_OPTION } from "../program/survey_options.ts";
import { calibrateRun, requireCalibration, requireDistribution } from "../stages/calibration.ts";
import { plainRecord, saveCalibration } from "../storage/calibration_files.ts";
import { surveyCalibration } from "../text/survey_outcomes.ts";
import { formatCalibration } from "../text/calibration_text.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { wholeNumberOption } from "../program/options.ts";
import { OUT_OPTION } from "../program/run_options.ts";
import { FILES, requireExperiment } from "../storage/run_folder.ts";

/** The command `calibrate`. */
export const CALIBRATE: Command = defineCommand({
  summary:
    "test a network's posteriors: coverage, rank statistics (SBC), TARP, and explicit posteriors",
  details: [
    "For networks that give a mean and a variance, as compact and best do. With --seeds, trains " +
    "more networks, in seeds/, and tests the mixture of their posteriors.",
    `Writes ${FILES.calibration} and figures/calibration_*.csv. The catalogs are those of "limit", ` +
    `whose posteriors are used, and extended where they are too few (${FILES.limit}).`,
    "Knows a survey's network, too (train-survey): S8, omegaM and sigma8.",
  ],
  options: {
    out: OUT_OPTION,
    survey: SURVEY_NETWORK_OPTION,
    seeds: wholeNumberOption(1, 1, { description: "number of networks, including this one" }),
    catalogs: wholeNumberOption(10, 3000, { description: "fresh catalogs to test on" }),
    explicit: wholeNumberOption(0, 50, { description: "how many also get an explicit posterior" }),
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    const survey = await surveyCalibration(values, progress);
    if (survey) return survey;
    const { out: folder, threads = navigator.hardwareConcurrency } = values;
    const experiment = requireDistribution(folder, requireExperiment(folder));
    const choices = { ...values, folder, threads, progress };
    requireCalibration(experiment, choices);
    const engine = await openBackend(values, progress);
    const began = performance.now();
    const found = await calibrateRun(experiment, engine, choices);
    engine.close();
    const json = plainRecord({
      out: folder,
      backend: engine.name,
      seed: experiment.seed,
      networks: values.seeds,
      calibration: found.calibration,
      comparison: found.comparison,
      seconds: { calibrate: (performance.now() - began) / 1000 },
    });
    saveCalibration(folder, json, found);
    return { json, text: formatCalibration(found) };
  },
});
