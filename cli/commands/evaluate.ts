/**
 * `evaluate`: how well sigma8 is recovered (section 4).
 */
import { BACKEND_OPTIONS, openBackend } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { evaluateRun } from "../../src/runs/evaluation.ts";
import { buildSets } from "../../src/runs/sets.ts";
import { EVALUATE_OPTIONS, OUT_OPTION } from "../program/run_options.ts";
import { SURVEY_NETWORK_OPTION } from "../program/survey_options.ts";
import { drawFresh } from "../stages/fresh_catalogs.ts";
import { requireWork } from "../stages/needed_room.ts";
import { FILES, requireExperiment, saveResults } from "../storage/run_folder.ts";
import { loadBaseSample, loadCatalogs } from "../storage/simulation_files.ts";
import { SKY_FILES } from "../storage/sky_network_files.ts";
import { surveyEvaluation } from "../text/survey_outcomes.ts";
import { formatTable4 } from "../text/table4_text.ts";
import { loadTrainingRun } from "../storage/training_files.ts";

/** The command `evaluate`. */
export const EVALUATE: Command = defineCommand({
  summary: "measure the scatter of sigma8 on test and fresh catalogs (section 4, Table 4)",
  details: [
    `Writes ${FILES.results} to the run folder. Of the network of a survey on the sky (train-survey), ` +
    `errors and calibration of S8, omegaM and sigma8 on new catalogs: ${SKY_FILES.evaluation}.`,
  ],
  options: {
    out: OUT_OPTION,
    survey: SURVEY_NETWORK_OPTION,
    ...EVALUATE_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    const survey = await surveyEvaluation(values, progress);
    if (survey) return survey;
    const experiment = requireExperiment(values.out);
    const base = loadBaseSample(values.out);
    requireWork(experiment, base, {
      action: "evaluate",
      design: "catalogs",
      fresh: values["fresh-test"],
      network: "applied",
      backend: values.backend,
    });
    const run = loadTrainingRun(values.out, experiment);
    const sets = buildSets(experiment, loadCatalogs(values.out, experiment));
    const began = performance.now();
    const engine = await openBackend(values, progress);
    const fresh = drawFresh(experiment, base, values["fresh-test"], progress);
    const results = await evaluateRun(engine, run, { sets, fresh });
    engine.close();
    const json = { ...results, seconds: { evaluate: (performance.now() - began) / 1000 } };
    saveResults(values.out, json);
    return { json, text: formatTable4(results) };
  },
});
