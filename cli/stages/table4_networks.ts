/**
 * The networks of Table 4: one folder's Standard run, and its sisters, which see the same catalogs
 * with other columns or in another order; each trained if it is not there.
 */
import type { Catalog } from "../../src/catalogs/catalog.ts";
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import { EXPERIMENTS } from "../../src/experiments/experiments.ts";
import type { Engine } from "../../src/model.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import { openModel } from "../../src/network/trained_model.ts";
import { UsageError } from "../program/errors.ts";
import type { Table4Network } from "../../src/experiments/names.ts";
import { canonicalJson, table4Sister } from "../../src/experiments/names.ts";
import type { Table4Predictions } from "../../src/evaluation/table4_baselines.ts";
import { buildAll, buildSets } from "../../src/runs/sets.ts";
import { openStream } from "../../src/runs/streams.ts";
import type { Progress } from "../program/progress.ts";
import { hasFile } from "../storage/run_folder.ts";
import { trainNetwork } from "./training.ts";
import { loadTrainingRun } from "../storage/training_files.ts";

/** The catalogs that all networks of a table see. */
export interface Table4Catalogs {
  /** What they were drawn from. */
  readonly base: BaseSample;
  /** The folder's. */
  readonly design: readonly Catalog[];
  readonly fresh: readonly Catalog[];
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
  standard: Experiment,
  { base, design, fresh }: Table4Catalogs,
  engine: Engine,
  own: { readonly folder: string; readonly progress: Progress },
): Promise<Table4Predictions> {
  const experiment = table4Sister(standard, name);
  const sets = buildSets(experiment, design);
  const run: TrainingRun<Experiment> = hasFile(own.folder, "weights")
    ? loadTrainingRun(own.folder, experiment)
    : await trainNetwork(experiment, { sets, base }, engine, own);
  const model = await openModel(engine, run);
  const predictions = {
    test: await model.predict(sets.test),
    fresh: await model.predict(buildAll(experiment, fresh, openStream(experiment.seed, "fresh"))),
  };
  model.dispose();
  return predictions;
}
