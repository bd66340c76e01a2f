/**
 * The other networks that a report shows, each in a folder inside the run's, where `table4` puts
 * them: which are there, and the training of those that are not.
 *
 * @module
 */
import type { BaseSample } from "../src/clusters/base_sample.ts";
import type { Experiment } from "../src/experiments.ts";
import { EXPERIMENTS, PRESETS } from "../src/experiments.ts";
import type { Engine } from "../src/model.ts";
import { canonicalJson } from "./experiment_options.ts";
import { buildSets } from "./feature_sets.ts";
import type { Progress } from "./progress.ts";
import { hasFile } from "./run_folder.ts";
import { simulateCatalogs } from "./simulation.ts";
import type { Table4Folders, Table4Network } from "./table4_networks.ts";
import { TABLE4_NETWORKS, table4Folders } from "./table4_networks.ts";
import { trainNetwork } from "./training.ts";

/** Whether a report trains what is not there. */
export type MissingNetworks = "leave out" | "train";

/** The row of Table 4 that an experiment fills, by what its network sees; undefined if none. */
export function table4Row({ features, catalog }: Experiment): Table4Network | undefined {
  if (catalog.recipe !== "neighbor") return undefined;
  const own = canonicalJson(features);
  return TABLE4_NETWORKS.find((name) => canonicalJson(EXPERIMENTS[name].features) === own);
}

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

/** Where the overspecialized experiment is, if not said otherwise. */
export function overspecializedFolder(folder: string): string {
  return `${folder}/overspecialized`;
}

/** App. B's experiment with a run's survey, priors and seed; a run made shorter makes it as short. */
export function overspecialize(experiment: Experiment): Experiment {
  const { catalog, features, architecture, schedule } = EXPERIMENTS.overspecialized;
  const preset = experiment.schedule.optimizer.kind === "sgd" ? "paper" : "compact";
  const usual = PRESETS[preset].schedule.epochs;
  const { epochs = usual, ...changes } = schedule[preset];
  const share = experiment.schedule.epochs / usual;
  return {
    ...experiment,
    catalog: { ...experiment.catalog, recipe: catalog.recipe },
    features,
    architecture: { ...experiment.architecture, ...architecture },
    schedule: {
      ...experiment.schedule,
      ...changes,
      epochs: Math.max(1, Math.round(epochs * share)),
    },
  };
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
  await trainNetwork(own, { sets, base, seed: experiment.seed }, engine, { folder, progress });
}
