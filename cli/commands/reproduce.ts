/**
 * `reproduce`: simulate, train and evaluate in one go; Table 4's row of an experiment.
 */
import { BACKEND_OPTIONS } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { RENAMED_OPTIONS } from "../program/experiment_options.ts";
import { formatSeconds } from "../program/progress.ts";
import { EVALUATE_OPTIONS, SIMULATE_OPTIONS } from "../program/run_options.ts";
import { reproduceRun } from "../stages/reproduction.ts";
import { formatTable4 } from "../text/table4_text.ts";

/** The command `reproduce`. */
export const REPRODUCE: Command = defineCommand({
  summary: "simulate, train and evaluate: Table 4's row of an experiment",
  details: [
    "Writes all files of a run folder. When it was stopped, the same command resumes the training. " +
    "The same seed and backend give the same numbers.",
  ],
  options: { ...SIMULATE_OPTIONS, ...EVALUATE_OPTIONS, ...BACKEND_OPTIONS },
  renamed: RENAMED_OPTIONS,
  async run(values, { progress }) {
    const json = await reproduceRun(values, progress);
    const times = Object.entries(json.seconds)
      .map(([stage, time]) => `${stage} ${formatSeconds(time)}`);
    const text = `${formatTable4(json)}\n\n${times.join(", ")}; results in ${values.out}`;
    return { json, text };
  },
});
