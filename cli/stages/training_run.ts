/** The stages of `train`: the network of a run folder, and its reference for the verdict. */
import type { Schedule } from "../../src/model.ts";
import { inputWidths } from "../../src/network/checkpoint.ts";
import { countParameters } from "../../src/network/weights.ts";
import { buildSets } from "../../src/runs/sets.ts";
import type { BackendValues } from "../program/backend_options.ts";
import { openBackend } from "../program/backend_options.ts";
import type { ExperimentValues } from "../program/experiment_options.ts";
import { chooseExperiment } from "../program/experiment_options.ts";
import type { Progress } from "../program/progress.ts";
import { claimRunFolder, requireExperiment } from "../storage/run_folder.ts";
import { loadBaseSample, loadCatalogs } from "../storage/simulation_files.ts";
import { requireWork } from "./needed_room.ts";
import { saveReference } from "./safety_reference.ts";
import { trainNetwork } from "./training.ts";

/** A training in numbers, which are the document of `--json`. */
export interface TrainingSummary {
  /** The run folder. */
  readonly out: string;
  readonly backend: string;
  readonly seed: number;
  readonly parameters: number;
  /** Number of training catalogs in each epoch. */
  readonly catalogs: number;
  readonly catalogsAre: Schedule["catalogs"];
  readonly epochs: number;
  readonly selectedEpoch: number;
  readonly validationMse: number;
  readonly seconds: { readonly train: number; readonly safety: number };
}

/** Trains the network of a run folder, and measures it on mock catalogs for the verdict. */
export async function trainFolder(
  values: ExperimentValues & BackendValues & { readonly out: string },
  progress: Progress,
): Promise<TrainingSummary> {
  const { out: folder } = values;
  const experiment = chooseExperiment(values, requireExperiment(folder));
  claimRunFolder(folder, experiment);
  const base = loadBaseSample(folder);
  const work = { design: "catalogs", network: "trained", backend: values.backend } as const;
  requireWork(experiment, base, { action: "train", ...work });
  const sets = buildSets(experiment, loadCatalogs(folder, experiment));
  const engine = await openBackend(values, progress);
  const began = performance.now();
  const run = await trainNetwork(experiment, { sets, base }, engine, { folder, progress });
  const trained = performance.now();
  await saveReference(folder, run, engine, progress);
  engine.close();
  return {
    out: folder,
    backend: engine.name,
    seed: experiment.seed,
    parameters: countParameters(experiment.architecture, inputWidths(experiment.features)),
    catalogs: sets.train.length,
    catalogsAre: experiment.schedule.catalogs,
    epochs: run.history.length,
    selectedEpoch: run.selectedEpoch,
    validationMse: run.history[run.selectedEpoch - 1]!.validationMse,
    seconds: { train: (trained - began) / 1000, safety: (performance.now() - trained) / 1000 },
  };
}
