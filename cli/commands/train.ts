/**
 * `train`: the supervised encoder (section 3).
 *
 * @module
 */
import type { Schedule } from "../../src/model.ts";
import { inputWidths } from "../../src/network/checkpoint.ts";
import { countParameters } from "../../src/network/weights.ts";
import { BACKEND_OPTIONS, openBackend } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { chooseExperiment, EXPERIMENT_OPTIONS } from "../program/experiment_options.ts";
import { buildSets } from "../../src/runs/sets.ts";
import { textOption } from "../program/options.ts";
import { formatSeconds } from "../program/progress.ts";
import { claimRunFolder, FILES, requireExperiment } from "../storage/run_folder.ts";
import { SAFETY_FILE, saveReference } from "../stages/safety_reference.ts";
import { loadBaseSample, loadCatalogs } from "../storage/simulation_files.ts";
import { trainNetwork } from "../stages/training.ts";

/** What a network was trained on, in words. */
const CATALOGS: Readonly<Record<Schedule["catalogs"], string>> = {
  "fixed": "fixed catalogs",
  "fresh": "fresh catalogs",
  "fresh clusters": "fresh catalogs of fresh clusters",
};

/** The command `train`. */
export const TRAIN: Command = defineCommand({
  summary: "train the supervised encoder on the run folder's catalogs (section 3)",
  details: [
    `Writes ${FILES.weights}, ${FILES.history} and, after every epoch, ${FILES.checkpoint}; then`,
    `measures the network on mock catalogs for predict's verdict (${SAFETY_FILE}).`,
    "Stopped by Ctrl-C or killed, the same command resumes after the last epoch, with the same bits.",
  ],
  options: {
    ...EXPERIMENT_OPTIONS,
    out: textOption("DIR", "runs/standard", { description: "the run folder" }),
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    const { out: folder } = values;
    const experiment = chooseExperiment(values, requireExperiment(folder));
    claimRunFolder(folder, experiment);
    const sets = buildSets(experiment, loadCatalogs(folder, experiment));
    const base = loadBaseSample(folder);
    const engine = await openBackend(values, progress);
    const began = performance.now();
    const run = await trainNetwork(experiment, { sets, base }, engine, {
      folder,
      progress,
    });
    const trained = performance.now();
    await saveReference(folder, run, engine, progress);
    engine.close();
    const json = {
      out: folder,
      backend: engine.name,
      seed: experiment.seed,
      parameters: countParameters(experiment.architecture, inputWidths(experiment.features)),
      catalogs: sets.train.length,
      catalogsAre: experiment.schedule.catalogs,
      epochs: run.history.length,
      selectedEpoch: run.selectedEpoch,
      validationMse: run.history[run.selectedEpoch - 1]!.validationMse,
      seconds: {
        train: (trained - began) / 1000,
        safety: (performance.now() - trained) / 1000,
      },
    };
    const text = `${json.epochs} epochs over ${json.catalogs} ${CATALOGS[json.catalogsAre]}, ` +
      `${json.parameters} parameters, ` +
      `${
        formatSeconds(json.seconds.train)
      } on ${json.backend}: epoch ${json.selectedEpoch} selected, ` +
      `validation error ${json.validationMse.toPrecision(4)} (scaled, squared)`;
    return { json, text };
  },
});
