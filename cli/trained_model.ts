/**
 * A trained network, opened on an engine.
 *
 * @module
 */
import type { Experiment } from "../src/experiments.ts";
import type { Engine } from "../src/model.ts";
import { inputWidths } from "../src/network/checkpoint.ts";
import type { TrainedModel, TrainingRun } from "../src/network/trained_model.ts";
import { createModel } from "../src/network/trained_model.ts";

/** A model in physical units, and the end of its network. */
export interface OpenedModel {
  readonly model: TrainedModel;
  dispose(): void;
}

/** Opens the network of a training. */
export async function openTrainedModel(
  engine: Engine,
  { experiment, weights, normalization }: TrainingRun<Experiment>,
): Promise<OpenedModel> {
  const { architecture, features } = experiment;
  const network = await engine.create(architecture, inputWidths(features), weights);
  const model = createModel(network, normalization, architecture);
  return { model, dispose: () => network.dispose() };
}
