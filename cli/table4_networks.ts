/**
 * The networks of Table 4: one folder's Standard run, and its sisters, which see the same catalogs
 * with other columns or in another order; each trained if it is not there.
 *
 * @module
 */
import type { Catalog } from "../src/catalogs/catalog.ts";
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
import { hasFile, loadTrainingRun } from "./run_folder.ts";
import { trainNetwork } from "./training.ts";

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

/** Predicts sigma8 with one network of the table. */
export async function predictWith(
  name: Table4Network,
  standard: Experiment,
  { design, fresh }: Table4Catalogs,
  engine: Engine,
  { folder, progress }: { readonly folder: string; readonly progress: Progress },
): Promise<Table4Predictions> {
  const experiment = { ...standard, features: EXPERIMENTS[name].features };
  const own = { folder: name === "standard" ? folder : `${folder}/${name}`, progress };
  const sets = buildSets(experiment, design);
  const run: TrainingRun<Experiment> = hasFile(own.folder, "weights")
    ? loadTrainingRun(own.folder, experiment)
    : await trainNetwork(experiment, sets, engine, own);
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
