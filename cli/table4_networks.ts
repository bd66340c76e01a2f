/**
 * The networks of Table 4: one folder's Standard run, and its sisters, which see the same catalogs
 * with other columns or in another order; each trained if it is not there.
 *
 * @module
 */
import type { Catalog } from "../src/catalogs/catalog.ts";
import type { BaseSample } from "../src/clusters/base_sample.ts";
import type { Experiment } from "../src/experiments.ts";
import { EXPERIMENTS } from "../src/experiments.ts";
import type { Engine } from "../src/model.ts";
import { inputWidths } from "../src/network/checkpoint.ts";
import type { TrainingRun } from "../src/network/trained_model.ts";
import { createModel } from "../src/network/trained_model.ts";
import { UsageError } from "./errors.ts";
import { canonicalJson } from "./experiment_options.ts";
import { buildAll, buildSets } from "./feature_sets.ts";
import { freshRandom } from "./fresh_catalogs.ts";
import type { Progress } from "./progress.ts";
import { hasFile } from "./run_folder.ts";
import { trainNetwork } from "./training.ts";
import { loadTrainingRun } from "./training_files.ts";

/** The networks of Table 4. */
export type Table4Network = "standard" | "shuffled" | "noWeakLensing" | "ones";

/** Their names, in the table's order. */
export const TABLE4_NETWORKS: readonly Table4Network[] = [
  "standard",
  "shuffled",
  "noWeakLensing",
  "ones",
];

/** The catalogs that all networks of a table see. */
export interface Table4Catalogs {
  /** What they were drawn from. */
  readonly base: BaseSample;
  /** The folder's. */
  readonly design: readonly Catalog[];
  readonly fresh: readonly Catalog[];
}

/** sigma8 as predicted from the test catalogs and the fresh ones. */
export interface Table4Predictions {
  readonly test: Float64Array;
  readonly fresh: Float64Array;
}

/** Throws unless an experiment's columns are Standard's, on which Table 4 is built. */
export function checkStandard({ features }: Experiment): void {
  if (canonicalJson(features) === canonicalJson(EXPERIMENTS.standard.features)) return;
  throw new UsageError(
    "Cannot make Table 4: the experiment's features are not those of standard, from which the " +
      "other rows differ",
  );
}

/** Where the networks of a table are, each trained there if it is not; others are left out. */
export type Table4Folders = Readonly<Partial<Record<Table4Network, string>>>;

/** The folders of all networks of a table in Standard's run folder. */
export function table4Folders(folder: string): Record<Table4Network, string> {
  return {
    standard: folder,
    shuffled: `${folder}/shuffled`,
    noWeakLensing: `${folder}/noWeakLensing`,
    ones: `${folder}/ones`,
  };
}

/** Predicts sigma8 with one network of the table, which is trained in its folder if it is not. */
export async function predictWith(
  name: Table4Network,
  sister: Experiment,
  { base, design, fresh }: Table4Catalogs,
  engine: Engine,
  own: { readonly folder: string; readonly progress: Progress },
): Promise<Table4Predictions> {
  const experiment = { ...sister, features: EXPERIMENTS[name].features };
  const sets = buildSets(experiment, design);
  const run: TrainingRun<Experiment> = hasFile(own.folder, "weights")
    ? loadTrainingRun(own.folder, experiment)
    : await trainNetwork(experiment, { sets, base, seed: experiment.seed }, engine, own);
  const { architecture, features, seed } = experiment;
  const network = await engine.create(architecture, inputWidths(features), run.weights);
  const model = createModel(network, run.normalization, architecture);
  const predictions = {
    test: await model.predict(sets.test),
    fresh: await model.predict(buildAll(experiment, fresh, freshRandom(seed))),
  };
  network.dispose();
  return predictions;
}
