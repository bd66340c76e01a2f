/**
 * The other networks that a report shows, each in a folder inside the run's, where `table4` puts
 * them: which are there, and the training of those that are not.
 */
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import { overspecialize, table4Row } from "../../src/experiments/names.ts";
import type { Engine } from "../../src/model.ts";
import { buildSets } from "../../src/runs/sets.ts";
import type { Progress } from "../program/progress.ts";
import { RunError } from "../program/errors.ts";
import type { OverspecializedSource } from "../../src/runs/report_networks.ts";
import { hasFile, requireExperiment } from "../storage/run_folder.ts";
import { loadCatalogs } from "../storage/simulation_files.ts";
import { loadTrainingRun } from "../storage/training_files.ts";
import { simulateCatalogs } from "./simulation.ts";
import type { Table4Folders } from "./table4_networks.ts";
import { table4Folders } from "./table4_networks.ts";
import { trainNetwork } from "./training.ts";

/** Whether a report trains missing networks. */
export type MissingNetworks = "leave out" | "train";

/** The networks of Table 4 that a run folder has, or is to have. */
export function sisterFolders(
  folder: string,
  experiment: Experiment,
  missing: MissingNetworks,
): Table4Folders {
  const own = table4Row(experiment);
  if (own !== "standard") return own === undefined ? {} : { [own]: folder };
  const all = Object.entries(table4Folders(folder));
  return Object.fromEntries(
    all.filter(([, sister]) => missing === "train" || hasFile(sister, "weights")),
  );
}

/** The folder of the overspecialized experiment, unless another is given. */
export function overspecializedFolder(folder: string): string {
  return `${folder}/overspecialized`;
}

/** Simulates and trains the overspecialized experiment inside a run's folder. */
export async function trainOverspecialized(
  experiment: Experiment,
  base: BaseSample,
  engine: Engine,
  { folder: parent, progress }: { readonly folder: string; readonly progress: Progress },
): Promise<void> {
  const folder = overspecializedFolder(parent);
  const own = overspecialize(experiment);
  progress.say(`Overspecialized experiment (${folder})`);
  const catalogs = simulateCatalogs(own, base, folder, progress);
  const sets = buildSets(own, catalogs);
  await trainNetwork(own, { sets, base }, engine, { folder, progress });
}

/**
 * The overspecialized run of a folder.
 *
 * @throws {RunError} If there is none, or its catalogs do not follow App. B's recipe
 */
export function loadOverspecialized(folder: string): OverspecializedSource {
  const experiment = requireExperiment(folder);
  const { recipe } = experiment.catalog;
  if (recipe !== "prescriptive") {
    throw new RunError(
      `Cannot show ${folder} as the overspecialized experiment: its recipe is "${recipe}", ` +
        `"prescriptive" is needed`,
    );
  }
  return { run: loadTrainingRun(folder, experiment), catalogs: loadCatalogs(folder, experiment) };
}
