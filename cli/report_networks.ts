/**
 * What a report shows of trained networks: the run's own, the one without weak lensing, and the
 * overspecialized one.
 *
 * @module
 */
import type { Catalog } from "../src/catalogs/catalog.ts";
import { measureErrors } from "../src/evaluation/errors.ts";
import type { Experiment } from "../src/experiments.ts";
import type { Interpretation } from "../src/interpretation/interpretation.ts";
import type { Engine } from "../src/model.ts";
import type { TrainingRun } from "../src/network/trained_model.ts";
import { createRandom } from "../src/numerics/random.ts";
import type { Predictions } from "../src/report/figures/predictions.ts";
import type { OverspecializedRun } from "../src/report/report_data.ts";
import { RunError } from "./errors.ts";
import { splitOf } from "./feature_sets.ts";
import { interpretRun } from "./interpretation.ts";
import { requireExperiment } from "./run_folder.ts";
import { loadCatalogs } from "./simulation_files.ts";
import { loadTrainingRun } from "./training_files.ts";

/** A network on its test catalogs. */
export interface Examined {
  /** With a saliency map of every test catalog. */
  readonly interpretation: Interpretation;
  readonly predictions: Predictions;
}

/** Catalogs of Figs. 6 and 10. */
const SAMPLES = 4;

/** Places of the catalogs that stand for all: the design is in order of sigma8, so are the tests. */
export function samplePlaces(count: number): number[] {
  const places = Array.from({ length: SAMPLES }, (_, k) => Math.floor((k + 0.5) * count / SAMPLES));
  return [...new Set(places)];
}

/** Interprets a network, and measures its errors as `evaluate` does. */
export async function examineRun(
  run: TrainingRun<Experiment>,
  origin: Experiment,
  catalogs: readonly Catalog[],
  engine: Engine,
): Promise<Examined> {
  const { test } = splitOf(origin, catalogs.length);
  const shown = samplePlaces(test.length);
  const rest = Array.from(test, (_, i) => i).filter((i) => !shown.includes(i));
  const maps = [...shown, ...rest];
  const interpretation = await interpretRun(run, origin, catalogs, engine, { saliency: { maps } });
  const predicted = interpretation.leaveOneOut.original;
  const truth = Float64Array.from(test, (row) => catalogs[row]!.parameters.sigma8);
  const random = createRandom(run.experiment.seed).fork("bootstrap").fork("test");
  const errors = measureErrors(predicted, truth, random);
  return { interpretation, predictions: { predicted, truth, errors } };
}

/** An overspecialized run and what belongs to it, read before anything is computed. */
export interface OverspecializedSource {
  readonly run: TrainingRun<Experiment>;
  readonly catalogs: readonly Catalog[];
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

/** Figs. 19 to 21, and the verdict. */
export async function examineOverspecialized(
  { run, catalogs }: OverspecializedSource,
  engine: Engine,
): Promise<OverspecializedRun> {
  const { predictions, interpretation } = await examineRun(run, run.experiment, catalogs, engine);
  const { terseTable, overspecialization: verdict } = interpretation;
  return { predictions, history: run.history, terseTable, ...(verdict ? { verdict } : {}) };
}
