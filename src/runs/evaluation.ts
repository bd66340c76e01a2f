/** The stage that evaluates: sigma8 on the test catalogs, on fresh ones, and from counts alone. */
import type { Catalog } from "../catalogs/catalog.ts";
import { fitCountBaseline, predictFromCounts } from "../evaluation/count_baseline.ts";
import type { Sigma8Errors } from "../evaluation/errors.ts";
import { measureErrors } from "../evaluation/errors.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { FeatureArray } from "../features/features.ts";
import type { Engine } from "../model.ts";
import type { TrainingRun } from "../network/trained_model.ts";
import { openModel } from "../network/trained_model.ts";
import { nameExperiment } from "../experiments/names.ts";
import type { FeatureSets } from "./sets.ts";
import { buildAll } from "./sets.ts";
import { openStream } from "./streams.ts";

/** What an evaluation measures; with the time it took it becomes `results.json`. */
export interface Results {
  /** Name of the experiment; "custom" if it has none. */
  readonly experiment: string;
  /** The engine that ran the network. */
  readonly backend: string;
  /** Seed of the run. */
  readonly seed: number;
  /** The epoch, from 1, whose weights were measured. */
  readonly selectedEpoch: number;
  /** Errors on the catalogs that were held back. */
  readonly test: Sigma8Errors;
  /** Errors on new catalogs of the same priors and base sample. */
  readonly fresh: Sigma8Errors;
  /** N_cluster alone, on the test catalogs (section 4.2.2). */
  readonly countBaseline: Sigma8Errors;
}

/** What a network is measured on. */
export interface EvaluationSets {
  /** The catalogs of the run; the test set is used. */
  readonly sets: FeatureSets;
  /** New catalogs, of `drawFreshCatalogs`. */
  readonly fresh: readonly Catalog[];
}

/** Measures a trained network on its test catalogs and on fresh ones. */
export async function evaluateRun(
  engine: Engine,
  run: TrainingRun<Experiment>,
  { sets, fresh }: EvaluationSets,
): Promise<Results> {
  return await evaluateOn(engine, run, sets, buildFresh(run.experiment, fresh));
}

/** Network inputs of a run's fresh catalogs. */
export function buildFresh(experiment: Experiment, fresh: readonly Catalog[]): FeatureArray[] {
  return buildAll(experiment, fresh, openStream(experiment.seed, "fresh"));
}

/**
 * Measures a trained network on inputs that are there.
 *
 * @param fresh Of {@linkcode buildFresh}
 */
export async function evaluateOn(
  engine: Engine,
  run: TrainingRun<Experiment>,
  sets: FeatureSets,
  fresh: readonly FeatureArray[],
): Promise<Results> {
  const { experiment, selectedEpoch } = run;
  const { seed } = experiment;
  const random = openStream(seed, "bootstrap");
  const model = await openModel(engine, run);
  const measure = (predicted: Float64Array, catalogs: readonly FeatureArray[], name: string) =>
    measureErrors(predicted, catalogs.map(({ sigma8 }) => sigma8), random.fork(name));
  const counts = predictFromCounts(fitCountBaseline(sets.train), sets.test);
  const results = {
    experiment: nameExperiment(experiment),
    backend: engine.name,
    seed,
    selectedEpoch,
    test: measure(await model.predict(sets.test), sets.test, "test"),
    fresh: measure(await model.predict(fresh), fresh, "fresh"),
    countBaseline: measure(counts, sets.test, "count baseline"),
  };
  model.dispose();
  return results;
}
