/** Networks that differ in the seed of their training alone, each in a folder of its own. */
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { Engine } from "../../src/model.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import type { TrainingSets } from "../../src/runs/sets.ts";
import type { Progress } from "../program/progress.ts";
import { hasFile } from "../storage/run_folder.ts";
import { trainNetwork } from "./training.ts";
import { loadTrainingRun } from "../storage/training_files.ts";

/**
 * The networks of the seeds that follow the experiment's own, trained where they are missing.
 *
 * @param experiment Of the run folder
 * @param origin Its catalogs, which all the networks share, and what they were drawn from
 * @param count How many
 * @param first The first that is wanted, from 1
 */
export async function* trainSeeds(
  experiment: Experiment,
  origin: TrainingSets,
  engine: Engine,
  { folder, progress, count, first = 1 }: {
    readonly folder: string;
    readonly progress: Progress;
    readonly count: number;
    readonly first?: number;
  },
): AsyncGenerator<TrainingRun<Experiment>, void, void> {
  for (let k = first; k <= count; k++) {
    const seed = experiment.seed + k;
    const own = { folder: seedFolder(folder, seed), progress };
    const seeded = { ...experiment, seed };
    progress.say(`Network ${k} of ${count}, seed ${seed} (${own.folder})`);
    yield hasFile(own.folder, "weights")
      ? loadTrainingRun(own.folder, seeded)
      : await trainNetwork(seeded, origin, engine, own);
  }
}

/** The network of the seed that is `k + 1` after the experiment's own. */
export function seedTask(
  folder: string,
  experiment: Experiment,
  k: number,
): { readonly folder: string; readonly experiment: Experiment } {
  const seed = experiment.seed + k + 1;
  return { folder: seedFolder(folder, seed), experiment: { ...experiment, seed } };
}

/** The folder of a seed's network. */
export function seedFolder(folder: string, seed: number): string {
  return `${folder}/seeds/${seed}`;
}
