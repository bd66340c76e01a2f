/**
 * Terse: galaxy cluster cosmology with an interpretable encoder, after Ntampaka and Vikhlinin,
 * "The Importance of Being Interpretable". Here are the names that a run needs, in the order of a run;
 * each room has an entry point of its own with the rest: `@clusters/terse/cosmology`, `/clusters`,
 * `/xray`, `/catalogs`, `/observed`, `/features`, `/network`, `/evaluation`, `/interpretation`,
 * `/safety`, `/report`, `/numerics` and `/formats`.
 *
 * @example sigma8 of a mock survey, by the network that ships
 * ```ts
 * import * as terse from "@clusters/terse";
 * import { assertLess } from "@std/assert";
 *
 * const { run } = await terse.loadPretrained("compact"); // trainRun gives such a record
 * const choices = { ...run.experiment, seed: 7 };
 * const base = terse.drawBaseSample(choices.seed);
 * const [catalog] = terse.drawDesign(choices, base, { from: 0, to: 1 });
 * const features = terse.buildFeatures(catalog!, choices.features, terse.createRandom(1));
 * const engine = await terse.openEngine("core");
 * const model = await terse.openModel(engine, run);
 * const [sigma8] = await model.predict([features]);
 * engine.close();
 * assertLess(Math.abs(sigma8! - features.sigma8), 0.08);
 * ```
 *
 * @module
 */
export {
  experiment,
  type ExperimentChoices,
  type ExperimentName,
  type ExperimentOverrides,
  EXPERIMENTS,
  type Preset,
  type PresetName,
  PRESETS,
} from "./src/experiments/experiments.ts";
export type { BaseSamplePlan, Experiment, ProfileSource } from "./src/experiments/experiment.ts";
export {
  applyOverride,
  mergeExperiment,
  validateExperiment,
} from "./src/experiments/validation.ts";
export { configSchema, type JsonSchema } from "./src/experiments/schema.ts";
export { createRandom, Random } from "./src/numerics/random.ts";
export { type BaseSample, drawBaseSample } from "./src/clusters/base_sample.ts";
export { readSimulationTable } from "./src/clusters/simulation_table.ts";
export {
  type Catalog,
  type CatalogMaker,
  type CatalogPlan,
  drawCatalog,
  prepareCatalogs,
} from "./src/catalogs/catalog.ts";
export { type DesignRange, drawDesign, drawFreshCatalogs } from "./src/runs/catalogs.ts";
export { buildFeatures, type FeatureArray } from "./src/features/features.ts";
export {
  buildSets,
  type FeatureSets,
  prepareTraining,
  splitOf,
  type TrainingSets,
} from "./src/runs/sets.ts";
export type { Engine, Model } from "./src/model.ts";
export {
  type BackendName,
  type BackendOptions,
  chooseBackend,
  openEngine,
} from "./src/network/backends.ts";
export { train, type TrainingEvent } from "./src/network/training.ts";
export { type TrainingProgress, trainRun, type TrainRunOptions } from "./src/runs/training.ts";
export type { Checkpoint } from "./src/network/checkpoint.ts";
export { type OpenModel, openModel, type TrainingRun } from "./src/network/trained_model.ts";
export { evaluateRun, type EvaluationSets, type Results } from "./src/runs/evaluation.ts";
export { measureErrors, type Sigma8Errors } from "./src/evaluation/errors.ts";
export type { Interpretation } from "./src/interpretation/interpretation.ts";
export {
  interpretRun,
  type InterpretRunOptions,
  type JudgedInterpretation,
  type RunGround,
} from "./src/runs/interpretation.ts";
export { type LeaveOneOut, leaveOneOut } from "./src/interpretation/leave_one_out.ts";
export { measureSaliency, type Saliency } from "./src/interpretation/saliency.ts";
export { describeTerseLayer, type TerseLayer } from "./src/interpretation/terse_layer.ts";
export { calibrateByCounts, type SelfCalibration } from "./src/interpretation/self_calibration.ts";
export {
  judgeOverspecialization,
  type Overspecialization,
} from "./src/interpretation/overspecialization.ts";
export type { SourceTable } from "./src/observed/source_table.ts";
export {
  type CatalogPrediction,
  type Prediction,
  type Predictor,
  predictTable,
  type Reading,
} from "./src/runs/prediction.ts";
export type { Safety } from "./src/interpretation/safety/findings.ts";
export { judgeSafety } from "./src/interpretation/safety.ts";
export type { SafetyReference } from "./src/interpretation/safety/reference.ts";
export {
  loadPretrained,
  loadPretrainedReference,
  type Pretrained,
  type PretrainedName,
} from "./src/pretrained/pretrained.ts";
export type { Provenance } from "./src/pretrained/packing.ts";
export { openStream, type RunStream } from "./src/runs/streams.ts";
