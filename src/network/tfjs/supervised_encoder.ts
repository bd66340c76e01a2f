/**
 * The supervised encoder (Table 3) on tfjs: its layers, the encoder, and the gradient of a batch.
 *
 * The encoder runs on the rows of all catalogs, one after the other and without padding, since a
 * cluster's terse value depends on no other cluster.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../../features/dataset.ts";
import type { Architecture, InputWidths, Loss, StepOptions } from "../../model.ts";
import { sizeOf } from "../../numerics/arrays.ts";
import { dropoutMask, layerDropoutKey } from "../dropout.ts";
import { layOutBatch } from "./batch_layout.ts";
import type { ChainTrace } from "./dense_chain.ts";
import { runChain, runChainBackward } from "./dense_chain.ts";
import type { Shapes } from "./flat_arrays.ts";
import { joinFloats } from "./flat_arrays.ts";
import type { Gradients, Layer } from "./layers.ts";
import { lossGradient } from "./losses.ts";
import type { RegressionLayers } from "./regression.ts";
import { runRegression, runRegressionBackward } from "./regression.ts";

/** What a network knows from its birth. */
export interface NetworkForm {
  readonly architecture: Architecture;
  readonly inputs: InputWidths;
  /** Of all weights, from `network/weights.ts`. */
  readonly shapes: Shapes;
  /** Outputs a catalog. */
  readonly outputs: number;
}

/** The network's layers in data order, with their weights on the device. */
export interface Layers extends RegressionLayers {
  /** The encoder's hidden layers and the terse layer. */
  readonly encoder: readonly Layer[];
}

/** Puts weights, by the names of `network/weights.ts`, in their layers. */
export function arrangeLayers(
  architecture: Architecture,
  weights: Readonly<Record<string, tf.Tensor>>,
): Layers {
  const layer = (name: string, activation: Layer["activation"]): Layer => ({
    name,
    kernel: weights[`${name}/kernel`]!,
    bias: weights[`${name}/bias`]!,
    activation,
  });
  // Leaky ReLU follows each listed layer but the last, which is linear (Table 3).
  const listed = (room: string, widths: readonly number[]) =>
    widths.map((_, i) => layer(`${room}/${i}`, i === widths.length - 1 ? "linear" : "leaky"));
  return {
    encoder: [...listed("encoder", architecture.encoder), layer("terse", "linear")],
    convolution: architecture.convolution.map((_, i) => layer(`convolution/${i}`, "leaky")),
    dense: [...listed("dense", architecture.dense), layer("output", "linear")],
  };
}

/** Values a row as [1 x rows x width]. */
export function rowsTensor(values: Float32Array, batch: Batch): tf.Tensor {
  const rows = batch.rowOffsets[batch.count]!;
  return tf.tensor3d(values, [1, rows, values.length / rows]);
}

/** Runs the encoder on all rows of a batch. The last of the values are the terse ones. */
export function runEncoder({ encoder }: Layers, batch: Batch): ChainTrace {
  return runChain(encoder, rowsTensor(batch.pixels, batch), []);
}

/** The outputs [1 x catalogs x outputs] for terse values [1 x rows x 1], without dropout. */
export function predictFromTerse(
  { architecture, inputs }: NetworkForm,
  layers: Layers,
  terse: tf.Tensor,
  batch: Batch,
): tf.Tensor {
  const trace = runRegression(architecture, layers, terse, {
    batch,
    layout: layOutBatch(batch, architecture),
    supplementaryWidth: inputs.supplementary,
    factors: [],
  });
  return trace.dense.values.at(-1)!;
}

/** A batch's outputs, [1 x catalogs x outputs], and the loss's gradient by all weights, flat. */
export function takeGradient(
  { architecture, inputs, shapes }: NetworkForm,
  layers: Layers,
  batch: Batch,
  { loss, dropoutKey }: { readonly loss: Loss; readonly dropoutKey: StepOptions["dropoutKey"] },
): { outputs: tf.Tensor; gradient: tf.Tensor } {
  return tf.tidy(() => {
    const layout = layOutBatch(batch, architecture);
    const pixels = rowsTensor(batch.pixels, batch);
    const factors = dropoutFactors(architecture, batch, dropoutKey);
    const encoding = runChain(layers.encoder, pixels, factors.encoder);
    const trace = runRegression(architecture, layers, encoding.values.at(-1)!, {
      batch,
      layout,
      supplementaryWidth: inputs.supplementary,
      factors: factors.dense,
    });
    const outputs = trace.dense.values.at(-1)!;
    const gradients: Gradients = {};
    const dOutputs = lossGradient(loss, outputs, batch.labels);
    const dTerse = runRegressionBackward(architecture, layers, trace, {
      batch,
      layout,
      dOutputs,
      gradients,
    });
    runChainBackward(layers.encoder, encoding, dTerse, { gradients, input: "unused" });
    const flattened = Object.entries(shapes).map(([name, shape]) =>
      tf.reshape(gradients[name]!, [sizeOf(shape)])
    );
    return { outputs, gradient: tf.concat(flattened) };
  });
}

/** Dropout factors after each layer of the two dense chains; see `network/dropout.ts`. */
function dropoutFactors(
  architecture: Architecture,
  batch: Batch,
  stepKey: StepOptions["dropoutKey"],
): { encoder: (tf.Tensor | null)[]; dense: (tf.Tensor | null)[] } {
  const { encoder, dense, dropout } = architecture;
  if (stepKey === null) return { encoder: [], dense: [] };
  const layerFactors = (layer: number, width: number, rate: number, rowsOf: number[]) => {
    if (rate === 0) return null;
    const key = layerDropoutKey(stepKey, layer);
    const masks = rowsOf.map((rows, c) => dropoutMask(key, c, rows, width, rate));
    const joined = joinFloats(masks);
    return tf.tensor3d(joined, [1, joined.length / width, width]);
  };
  const heights = Array.from(
    { length: batch.count },
    (_, c) => batch.rowOffsets[c + 1]! - batch.rowOffsets[c]!,
  );
  const ones = heights.map(() => 1);
  return {
    encoder: encoder.slice(0, 1).map((width) => layerFactors(0, width, dropout.encoder, heights)),
    dense: dense.slice(0, -1).map((width, i) => layerFactors(1 + i, width, dropout.dense, ones)),
  };
}
