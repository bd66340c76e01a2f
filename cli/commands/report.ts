/**
 * `report`: every figure and table of a run next to the paper's, as one page.
 */
import { BACKEND_OPTIONS, openBackend } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { flag, textOption } from "../program/options.ts";
import { EVALUATE_OPTIONS, OUT_OPTION } from "../program/run_options.ts";
import { SURVEY_CATALOG_OPTION, SURVEY_NETWORK_OPTION } from "../program/survey_options.ts";
import { makeReport, requireReport } from "../stages/report_stage.ts";
import { saveReport } from "../storage/report_files.ts";
import { listGaps } from "../stages/report_gaps.ts";
import { FILES, requireExperiment } from "../storage/run_folder.ts";
import { formatReport } from "../text/report_text.ts";
import { surveyReport } from "../text/survey_outcomes.ts";

/** The command `report`. */
export const REPORT: Command = defineCommand({
  summary: "draw every figure and table of a run next to the paper's, on one self-contained page",
  details: [
    `Writes ${FILES.report}, figures/figure_NN.svg and the numbers of each as CSV.`,
    "The networks of Table 4 and the overspecialized one are used where the run folder has them. " +
    "Missing networks are listed on the page and here, with the command that computes them.",
    "Of a survey's network: contours, verdict and influences of --catalog, calibration, conclusions.",
  ],
  options: {
    out: OUT_OPTION,
    survey: SURVEY_NETWORK_OPTION,
    catalog: SURVEY_CATALOG_OPTION,
    "no-wl": textOption("DIR", undefined, {
      description: "a run folder of noWeakLensing with the same catalogs, for Fig. 12",
      fallbackText: "noWeakLensing in the run folder, if there is one",
      role: "input run",
    }),
    overspecialized: textOption("DIR", undefined, {
      description: "a run folder of the overspecialized experiment, for Figs. 19 to 21",
      fallbackText: "overspecialized in the run folder, if there is one",
      role: "input run",
    }),
    "train-missing": flag("first train the other networks that the run folder does not have"),
    ...EVALUATE_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    const survey = await surveyReport(values, progress);
    if (survey) return survey;
    const [folder, began] = [values.out, performance.now()];
    requireReport(values, values.backend);
    const engine = await openBackend(values, progress);
    const data = await makeReport(values, engine, progress);
    engine.close();
    const written = await saveReport(folder, data);
    const missing = listGaps(folder, requireExperiment(folder), data);
    const seconds = { report: (performance.now() - began) / 1000 };
    const text = formatReport(folder, written, missing);
    return { json: { out: folder, backend: engine.name, ...written, missing, seconds }, text };
  },
});
