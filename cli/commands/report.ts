/**
 * `report`: every figure and table of a run next to the paper's, as one page.
 *
 * @module
 */
import { BACKEND_OPTIONS, openBackend } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { flag, textOption } from "../program/options.ts";
import { EVALUATE_OPTIONS, OUT_OPTION } from "../program/run_options.ts";
import { makeReport, requireReport } from "../stages/report_stage.ts";
import { saveReport } from "../storage/report_files.ts";
import { listGaps } from "../stages/report_gaps.ts";
import { FILES, requireExperiment } from "../storage/run_folder.ts";

/** The command `report`. */
export const REPORT: Command = defineCommand({
  summary: "draw every figure and table of a run next to the paper's, on one self-contained page",
  details: [
    `Writes ${FILES.report}, figures/figure_NN.svg and the numbers of each as CSV.`,
    "The networks of Table 4 and the overspecialized one are used where the run folder has them. " +
    "Missing networks are listed on the page and here, with the command that computes them.",
  ],
  options: {
    out: OUT_OPTION,
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
    const { out: folder } = values;
    const began = performance.now();
    requireReport(values, values.backend);
    const engine = await openBackend(values, progress);
    const data = await makeReport(values, engine, progress);
    engine.close();
    const written = await saveReport(folder, data);
    const missing = listGaps(folder, requireExperiment(folder), data);
    const seconds = { report: (performance.now() - began) / 1000 };
    const drawings = written.figures.filter((path) => /figure_\d+\.svg$/.test(path)).length;
    const text = [
      `${written.page}: ${(written.bytes / 1e6).toFixed(1)} MB, ${drawings} of 21 figures; ` +
      `drawings and numbers in ${folder}/figures`,
      ...(missing.length > 0 ? ["Not computed:"] : []),
      ...missing.map(({ what, remedy }) => `  ${what} (${remedy})`),
    ].join("\n");
    return { json: { out: folder, backend: engine.name, ...written, missing, seconds }, text };
  },
});
