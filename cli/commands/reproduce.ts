/**
 * `reproduce`: simulate, train and evaluate in one go; Table 4's row of an experiment.
 *
 * @module
 */
import { BACKEND_OPTIONS, openBackend } from "../program/backend_options.ts";
import { makeBaseSample } from "../stages/base_sample.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { EVALUATE_OPTIONS } from "./evaluate.ts";
import { evaluateRun } from "../../src/runs/evaluation.ts";
import { drawFresh } from "../stages/fresh_catalogs.ts";
import { chooseExperiment } from "../program/experiment_options.ts";
import { buildSets } from "../../src/runs/sets.ts";
import { formatSeconds } from "../program/progress.ts";
import { readExperiment, saveResults } from "../storage/run_folder.ts";
import { SIMULATE_OPTIONS } from "./simulate.ts";
import { simulateCatalogs } from "../stages/simulation.ts";
import { formatTable4 } from "../text/table4_text.ts";
import { trainNetwork } from "../stages/training.ts";

/** The command `reproduce`. */
export const REPRODUCE: Command = defineCommand({
  summary: "simulate, train and evaluate: Table 4's row of an experiment",
  details: [
    "Writes all files of a run folder. Stopped, the same command resumes the training.",
    "The same seed and backend give the same numbers.",
  ],
  options: { ...SIMULATE_OPTIONS, ...EVALUATE_OPTIONS, ...BACKEND_OPTIONS },
  async run(values, { progress }) {
    const seconds: Record<string, number> = {};
    const timed = async <T>(stage: string, action: () => T | Promise<T>): Promise<T> => {
      const began = performance.now();
      const result = await action();
      seconds[stage] = (performance.now() - began) / 1000;
      return result;
    };
    const { out: folder, threads } = values;
    const asked = chooseExperiment(values, readExperiment(folder));
    const { experiment, base, sets } = await timed("simulate", async () => {
      const choices = { values, folder, threads, progress };
      const { experiment, base } = await makeBaseSample(asked, choices);
      const catalogs = simulateCatalogs(experiment, base, folder, progress);
      return { experiment, base, sets: buildSets(experiment, catalogs) };
    });
    const engine = await timed("open", () => openBackend(values, progress));
    const run = await timed(
      "train",
      () =>
        trainNetwork(experiment, { sets, base }, engine, {
          folder,
          progress,
        }),
    );
    const results = await timed(
      "evaluate",
      () => {
        const fresh = drawFresh(experiment, base, values["fresh-test"], progress);
        return evaluateRun(engine, run, { sets, fresh });
      },
    );
    engine.close();
    const json = { ...results, seconds };
    saveResults(folder, json);
    const times = Object.entries(seconds).map(([stage, time]) => `${stage} ${formatSeconds(time)}`);
    return { json, text: `${formatTable4(results)}\n\n${times.join(", ")}; results in ${folder}` };
  },
});
