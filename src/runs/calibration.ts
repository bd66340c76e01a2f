/** What a calibration finds, and the posteriors that one network gives. */
import type { Calibration } from "../evaluation/calibration.ts";
import type { EnsemblePosteriors, GaussianPosteriors } from "../evaluation/ensemble_posterior.ts";
import type { PosteriorComparison } from "../evaluation/posterior_comparison.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { FeatureArray } from "../features/features.ts";
import type { Engine } from "../model.ts";
import type { TrainingRun } from "../network/trained_model.ts";
import { openModel } from "../network/trained_model.ts";
import type { PosteriorRecord } from "./posteriors.ts";

/** What is found. */
export interface CalibratedRun {
  /** Coverage, ranks and their tests. */
  readonly calibration: Calibration;
  /** Comparison with explicit posteriors; null without them. */
  readonly comparison: PosteriorComparison | null;
  /** sigma8 of each catalog. */
  readonly truth: readonly number[];
  /** Posteriors of the network, or of the ensemble. */
  readonly posteriors: EnsemblePosteriors;
  /** Explicit posteriors of the first catalogs. */
  readonly explicit: readonly PosteriorRecord[];
}

/** The posteriors that a network gives of some catalogs. */
export async function predictPosteriors(
  engine: Engine,
  run: TrainingRun<Experiment>,
  inputs: readonly FeatureArray[],
): Promise<GaussianPosteriors> {
  const model = await openModel(engine, run);
  const posteriors = await model.predictDistribution(inputs);
  model.dispose();
  return posteriors;
}
