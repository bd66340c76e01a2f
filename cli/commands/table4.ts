/**
 * `table4`: every row of Table 4, and the rows that the paper lacks.
 *
 * @module
 */
import { makeTable4 } from "../../src/evaluation/table4.ts";
import { openStream } from "../../src/runs/streams.ts";
import { BACKEND_OPTIONS, openBackend } from "../program/backend_options.ts";
import { chooseBaseSample } from "../stages/base_sample.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { EVALUATE_OPTIONS } from "./evaluate.ts";
import { chooseExperiment } from "../program/experiment_options.ts";
import { drawFresh } from "../stages/fresh_catalogs.ts";
import { wholeNumberOption } from "../program/options.ts";
import { FILES, hasFile, readExperiment, saveJson } from "../storage/run_folder.ts";
import { SIMULATE_OPTIONS } from "./simulate.ts";
import { simulateCatalogs } from "../stages/simulation.ts";
import { loadCatalogs } from "../storage/simulation_files.ts";
import { limitEntry, measureLimits, measureRows } from "../stages/table4_measurement.ts";
import { checkStandard, table4Folders } from "../stages/table4_networks.ts";
import { formatWholeTable4 } from "../text/table4_text.ts";

/** The command `table4`. */
export const TABLE4: Command = defineCommand({
  summary: "fill Table 4: train what is missing, and hold it against regressions and the limit",
  details: [
    "The run folder is Standard's; shuffled/, noWeakLensing/ and ones/ in it have the other networks,",
    `trained on its catalogs. Writes ${FILES.table4}. Stopped, the same command goes on.`,
  ],
  options: {
    ...SIMULATE_OPTIONS,
    ...EVALUATE_OPTIONS,
    "limit-catalogs": wholeNumberOption(2, 400, {
      description: "catalogs that each information limit is measured on",
    }),
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    const { out: folder, threads = navigator.hardwareConcurrency } = values;
    const asked = chooseExperiment(values, readExperiment(folder));
    checkStandard(asked);
    const choice = { values, folder, threads, progress };
    const { experiment, base } = await chooseBaseSample(asked, choice);
    const engine = await openBackend(values, progress);
    const began = performance.now();
    const design = values["base-sample"] === undefined && hasFile(folder, "catalogs")
      ? loadCatalogs(folder, experiment)
      : simulateCatalogs(experiment, base, folder, progress);
    const fresh = drawFresh(experiment, base, values["fresh-test"], progress);
    const folders = table4Folders(folder);
    const rows = await measureRows(experiment, { base, design, fresh }, engine, {
      folders,
      progress,
    });
    engine.close();
    const trained = performance.now();
    const choices = { folder, catalogs: values["limit-catalogs"], threads, progress };
    const limits = await measureLimits(experiment, base, choices);
    const table = makeTable4(
      {
        ...rows,
        limit: limitEntry(limits.limit),
        limitNoWeakLensing: limitEntry(limits.limitNoWeakLensing),
      },
      openStream(experiment.seed, "comparisons"),
    );
    const seconds = {
      networks: (trained - began) / 1000,
      limits: (performance.now() - trained) / 1000,
    };
    const { seed } = experiment;
    const json = { out: folder, backend: engine.name, seed, ...table, limits, seconds };
    saveJson(folder, "table4", json);
    return { json, text: formatWholeTable4(table) };
  },
});
