/**
 * `robustness`: one trained network on catalogs unlike those it was trained on.
 *
 * @module
 */
import type { RobustnessRow } from "../../src/evaluation/robustness.ts";
import { measureRobustness, ROBUSTNESS_VARIANTS } from "../../src/evaluation/robustness.ts";
import { openModel } from "../../src/network/trained_model.ts";
import { openStream } from "../../src/runs/streams.ts";
import { BACKEND_OPTIONS, openBackend } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { wholeNumberOption } from "../program/options.ts";
import { OUT_OPTION } from "../program/run_options.ts";
import { requireWork } from "../stages/needed_room.ts";
import { FILES, requireExperiment, saveJson } from "../storage/run_folder.ts";
import { loadBaseSample } from "../storage/simulation_files.ts";
import { loadTrainingRun } from "../storage/training_files.ts";
import { formatRobustness } from "../text/robustness_text.ts";

/** The command `robustness`. */
export const ROBUSTNESS: Command = defineCommand({
  summary: "measure a trained network on other base samples, mass functions, scatters, and units",
  details: [
    `Writes ${FILES.robustness}. All variants draw the same random numbers, so that their rows differ ` +
    "in what is varied and in little else.",
  ],
  options: {
    out: OUT_OPTION,
    catalogs: wholeNumberOption(2, 1000, { description: "new catalogs of each variant" }),
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    const { out: folder, catalogs: count } = values;
    const experiment = requireExperiment(folder);
    const { catalog: plan, features, seed } = experiment;
    const base = loadBaseSample(folder);
    const work = { fresh: count, network: "applied", backend: values.backend } as const;
    requireWork(experiment, base, { action: "measure robustness", ...work });
    const run = loadTrainingRun(folder, experiment);
    const engine = await openBackend(values, progress);
    const model = await openModel(engine, run);
    const began = performance.now();
    const random = openStream(seed, "robustness");
    const bar = progress.start("Robustness", ROBUSTNESS_VARIANTS.length, "variants");
    const rows: RobustnessRow[] = [];
    const setting = { model, features, base, plan, count };
    for await (const row of measureRobustness(setting, ROBUSTNESS_VARIANTS, random)) {
      rows.push(row);
      bar.update(rows.length, row.variant.name);
    }
    bar.end();
    model.dispose();
    engine.close();
    const seconds = { robustness: (performance.now() - began) / 1000 };
    const json = { out: folder, backend: engine.name, seed, rows, seconds };
    saveJson(folder, "robustness", json);
    return { json, text: formatRobustness(rows) };
  },
});
