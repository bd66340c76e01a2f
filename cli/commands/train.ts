/**
 * `train`: the supervised encoder (section 3).
 */
import { BACKEND_OPTIONS } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { EXPERIMENT_OPTIONS, RENAMED_OPTIONS } from "../program/experiment_options.ts";
import { OUT_OPTION } from "../program/run_options.ts";
import { trainFolder } from "../stages/training_run.ts";
import { FILES } from "../storage/run_folder.ts";
import { formatTraining } from "../text/training_text.ts";

/** The command `train`. */
export const TRAIN: Command = defineCommand({
  summary: "train the supervised encoder on the run folder's catalogs (section 3)",
  details: [
    `Writes ${FILES.weights}, ${FILES.history} and, after every epoch, ${FILES.checkpoint}; then ` +
    `measures the network on mock catalogs for the verdict of predict (${FILES.safety}).`,
    "When it was stopped or killed, the same command resumes after the last epoch, to the same bits.",
  ],
  renamed: RENAMED_OPTIONS,
  options: {
    ...EXPERIMENT_OPTIONS,
    out: OUT_OPTION,
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    const json = await trainFolder(values, progress);
    return { json, text: formatTraining(json) };
  },
});
