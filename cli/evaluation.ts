/**
 * The stage that evaluates: sigma8 on the test catalogs, on fresh ones, and from counts alone.
 *
 * @module
 */
import type { BaseSample } from "../src/clusters/base_sample.ts";
import { fitCountBaseline, predictFromCounts } from "../src/evaluation/count_baseline.ts";
import type { Sigma8Errors } from "../src/evaluation/errors.ts";
import { measureErrors } from "../src/evaluation/errors.ts";
import type { Experiment } from "../src/experiments.ts";
import type { FeatureArray } from "../src/features/features.ts";
import type { Engine } from "../src/model.ts";
import { inputWidths } from "../src/network/checkpoint.ts";
import type { TrainingRun } from "../src/network/trained_model.ts";
import { createModel } from "../src/network/trained_model.ts";
import { createRandom } from "../src/numerics/random.ts";
import type { EvaluateValues } from "./evaluate.ts";
import { nameExperiment } from "./experiment_options.ts";
import type { FeatureSets } from "./feature_sets.ts";
import { buildAll } from "./feature_sets.ts";
import { drawFreshCatalogs, freshRandom } from "./fresh_catalogs.ts";
import type { Progress } from "./progress.ts";

/** What an evaluation measures; with the time it took it becomes `results.json`. */
export interface Results {
  readonly experiment: string;
  readonly backend: string;
  readonly seed: number;
  readonly selectedEpoch: number;
  /** On the catalogs that were held back. */
  readonly test: Sigma8Errors;
  /** On new catalogs of the same priors and base sample. */
  readonly fresh: Sigma8Errors;
  /** N_cluster alone, on the test catalogs (section 4.2.2). */
  readonly countBaseline: Sigma8Errors;
}

/** Measures a trained network on its test catalogs and on fresh ones. */
export async function evaluateRun(
  run: TrainingRun<Experiment>,
  { sets, base }: { readonly sets: FeatureSets; readonly base: BaseSample },
  engine: Engine,
  { "fresh-test": count, progress }: EvaluateValues & { readonly progress: Progress },
): Promise<Results> {
  const { experiment, normalization, weights, selectedEpoch } = run;
  const { architecture, features, seed } = experiment;
  const random = createRandom(seed).fork("bootstrap");
  const drawn = drawFreshCatalogs(experiment, base, count, progress);
  const fresh = buildAll(experiment, drawn, freshRandom(seed));
  const network = await engine.create(architecture, inputWidths(features), weights);
  const model = createModel(network, normalization, architecture);
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
  network.dispose();
  return results;
}
