/**
 * Networks (sections 3.1 and 3.3): engines, architectures, weights, training and checkpoints. Imported
 * alone as `@clusters/terse/network`.
 *
 * @example A network of a kind, and what it says of a catalog before any training
 * ```ts
 * import { PRESETS, createRandom } from "@clusters/terse";
 * import { countParameters, initialWeights, openEngine } from "@clusters/terse/network";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const { architecture } = PRESETS.compact;
 * const inputs = { pixels: 3, supplementary: 1 };
 * const engine = await openEngine("core");
 * const weights = initialWeights(architecture, inputs, createRandom(1));
 * const network = await engine.create(architecture, inputs, weights);
 * const outputs = await network.predict({
 *   count: 1,
 *   rowOffsets: Uint32Array.of(0, 2), // two clusters
 *   pixels: Float32Array.of(0.1, 0.2, 0.3, -1, 0, 1),
 *   supplementary: Float32Array.of(0.5, -0.5),
 *   labels: new Float32Array(1),
 *   tie: new Float32Array(0),
 * });
 * engine.close();
 * assertEquals(outputs.length, 2); // a mean and the logarithm of a variance
 * assert(outputs.every(Number.isFinite));
 * assert(countParameters(architecture, inputs) > 1000);
 * ```
 *
 * @module
 */
export type { TfjsInspection } from "./tfjs/inspection.ts";
export type { SavedArrays } from "./saved_arrays.ts";
export type { CatalogSource, TrainingData } from "./training_data.ts";
export { type LayersModel, toLayersModel } from "./layers_model.ts";
export {
  type Architecture,
  CONVOLUTION_ROWS,
  CONVOLUTION_ROWS_BEFORE,
  type Engine,
  type Epoch,
  type InputWidths,
  type Loss,
  type LossGradients,
  MEAN_CLUSTERS,
  type Model,
  type Network,
  type Optimizer,
  type Schedule,
  type StepOptions,
  type TerseArray,
  type Tie,
} from "../model.ts";
export {
  countParameters,
  initialWeights,
  type LayerShape,
  layerShapes,
  weightShapes,
} from "./weights.ts";
export {
  type AdapterDescription,
  type Backend,
  type BackendChoice,
  type BackendInspection,
  type BackendName,
  type BackendOptions,
  BACKENDS,
  type BackendState,
  chooseBackend,
  describeAdapter,
  inspectBackends,
  openEngine,
} from "./backends.ts";
export {
  type Checkpoint,
  checkpointFromArrays,
  checkpointToArrays,
  inputWidths,
  type NetworkChoices,
  type SelectedWeights,
  type TrainingOrigin,
} from "./checkpoint.ts";
export { learningRateAt } from "./schedule.ts";
export {
  type EndEvent,
  type EpochEvent,
  type StepEvent,
  train,
  type TrainingEvent,
} from "./training.ts";
export {
  createModel,
  type OpenModel,
  openModel,
  predictCatalogs,
  type Sigma8Posteriors,
  type TrainedModel,
  type TrainingRun,
  trainingRunFromArrays,
  trainingRunToArrays,
} from "./trained_model.ts";
