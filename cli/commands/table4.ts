/**
 * `table4`: every row of Table 4, and the rows that the paper lacks.
 */
import { BACKEND_OPTIONS } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { RENAMED_OPTIONS } from "../program/experiment_options.ts";
import { wholeNumberOption } from "../program/options.ts";
import { EVALUATE_OPTIONS, SIMULATE_OPTIONS } from "../program/run_options.ts";
import { fillTable4 } from "../stages/table4_run.ts";
import { FILES } from "../storage/run_folder.ts";
import { formatWholeTable4 } from "../text/table4_text.ts";

/** The command `table4`. */
export const TABLE4: Command = defineCommand({
  summary: "fill Table 4: train what is missing; compare with regressions and the limit",
  details: [
    "The run folder is that of Standard. Its folders shuffled/, noWeakLensing/ and ones/ have the other " +
    `networks, trained on its catalogs. Writes ${FILES.table4}. When it was stopped, the same command ` +
    "resumes.",
  ],
  options: {
    ...SIMULATE_OPTIONS,
    ...EVALUATE_OPTIONS,
    "limit-catalogs": wholeNumberOption(2, 400, {
      description: "catalogs to measure each information limit on",
    }),
    ...BACKEND_OPTIONS,
  },
  renamed: RENAMED_OPTIONS,
  async run(values, { progress }) {
    const json = await fillTable4(values, progress);
    return { json, text: formatWholeTable4(json) };
  },
});
