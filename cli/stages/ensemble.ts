/**
 * The networks of an ensemble: run folders whose networks answer the same question as a first one.
 */
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import { findDifference } from "../../src/numerics/difference.ts";
import { fingerprintWeights } from "../../src/network/saved_arrays.ts";
import { RunError } from "../program/errors.ts";
import { requireExperiment } from "../storage/run_folder.ts";
import { loadTrainingRun } from "../storage/training_files.ts";

/** What networks must have in common: what they read, what they tell, and the catalogs it is true of. */
function sharedBy({ base, catalog, features, architecture }: Experiment) {
  const { label, outputs } = architecture;
  return { base, catalog, features, architecture: { label, outputs } };
}

/**
 * The networks of some run folders, which answer as the first network does.
 *
 * @throws {RunError} If a folder has none, its network reads or tells something else, or it is there twice
 */
export function loadMembers(
  folders: readonly string[],
  first: TrainingRun<Experiment>,
): TrainingRun<Experiment>[] {
  const known = new Map([[fingerprintWeights(first.weights), "the first network"]]);
  return folders.map((folder) => {
    const run = loadTrainingRun(folder, requireExperiment(folder));
    const difference = findDifference(sharedBy(run.experiment), sharedBy(first.experiment));
    if (difference !== null) {
      const { path, found, expected } = difference;
      throw new RunError(
        `Cannot mix the network in ${folder} in: its ${path} is ${found}, expected ${expected}, as of ` +
          "the first network",
      );
    }
    const print = fingerprintWeights(run.weights);
    const same = known.get(print);
    if (same !== undefined) {
      throw new RunError(
        `Cannot mix the network in ${folder} in: it has the weights of ${same}, expected others, of ` +
          "another seed",
      );
    }
    known.set(print, folder);
    return run;
  });
}
