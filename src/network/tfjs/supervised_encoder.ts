/**
 * The supervised encoder on tfjs: its layers, the encoder, both forms of regression, and the
 * gradient of a batch.
 *
 * The encoder runs on the rows of all catalogs, one after the other and without padding, since a
 * cluster's terse value depends on no other cluster.
 */
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../../features/dataset.ts";
import type { Architecture, StepOptions } from "../../model.ts";
import { sizeOf } from "../../numerics/arrays.ts";
import type { NetworkForm } from "../checks.ts";
import { dropoutMask, layerDropoutKey } from "../dropout.ts";
import type { ConvolutionLayers } from "./convolution_regression.ts";
import { runConvolutions, runConvolutionsBackward } from "./convolution_regression.ts";
import type { ChainTrace } from "./dense_chain.ts";
import { runChain, runChainBackward } from "./dense_chain.ts";
import type { Shapes } from "./flat_arrays.ts";
import { joinFloats } from "../../numerics/arrays.ts";
import type { Gradients, Layer } from "./layers.ts";
import { lossGradient } from "./losses.ts";
import type { SetLayers } from "./set_regression.ts";
import { runSetBackward, runSetRegression } from "./set_regression.ts";
import type { TieLoss } from "./tie.ts";
import { takeTieLoss } from "./tie.ts";

/** The form of a network, fixed when it is created. */
export interface TfjsForm extends NetworkForm {
  /** Shapes of all weights, from `network/weights.ts`. */
  readonly shapes: Shapes;
  /** Outputs per catalog. */
  readonly outputs: number;
}

/** The network's layers in data order, with their weights on the device. */
export interface Layers extends ConvolutionLayers, SetLayers {
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
  const listed = (room: string, widths: readonly number[], last: Layer["activation"]) =>
    widths.map((_, i) => layer(`${room}/${i}`, i === widths.length - 1 ? last : "leaky"));
  const { encoder, regression, convolution, context, cluster, dense } = architecture;
  return {
    encoder: [...listed("encoder", encoder, "linear"), layer("terse", "linear")],
    convolution: listed("convolution", convolution, "leaky"),
    context: listed("context", context, "leaky"),
    cluster: listed("cluster", cluster, "leaky"),
    // Table 3's last one is linear.
    dense: [
      ...listed("dense", dense, regression === "set" ? "leaky" : "linear"),
      layer("output", "linear"),
    ],
  };
}

/** Values per row as [1 x rows x width]. */
export function rowsTensor(values: Float32Array, batch: Batch): tf.Tensor {
  const rows = batch.rowOffsets[batch.count]!;
  return tf.tensor3d(values, [1, rows, values.length / rows]);
}

/** Runs the encoder on all rows of a batch. The last of the values are the terse ones. */
export function runEncoder({ encoder }: Layers, batch: Batch): ChainTrace {
  return runChain(encoder, rowsTensor(batch.pixels, batch), []);
}

/** A regression after its forward pass, with its backward pass. */
interface Regression {
  /** Outputs, [1 x catalogs x outputs]. */
  readonly outputs: tf.Tensor;
  /**
   * Computes the gradient of the terse values, [1 x rows x 1]; adds those of the weights to
   * `gradients`.
   */
  goBack(dOutputs: tf.Tensor, gradients: Gradients): tf.Tensor;
}

/** Runs the architecture's regression on terse values [1 x rows x 1]. */
function runRegression(
  { architecture, inputs }: TfjsForm,
  layers: Layers,
  terse: tf.Tensor,
  { batch, factors }: {
    readonly batch: Batch;
    /** Dropout factors after each dense layer, [1 x catalogs x width]. */
    readonly factors: readonly (tf.Tensor | null)[];
  },
): Regression {
  const given = { batch, supplementaryWidth: inputs.supplementary, factors };
  if (architecture.regression === "set") {
    const { frequencies } = architecture;
    const trace = runSetRegression(layers, terse, { ...given, frequencies });
    return {
      outputs: trace.dense.values.at(-1)!,
      goBack: (dOutputs, gradients) => runSetBackward(layers, trace, dOutputs, gradients),
    };
  }
  const trace = runConvolutions(architecture, layers, terse, given);
  return {
    outputs: trace.dense.values.at(-1)!,
    goBack: (dOutputs, gradients) =>
      runConvolutionsBackward(architecture, layers, trace, { batch, dOutputs, gradients }),
  };
}

/** The outputs [1 x catalogs x outputs] for terse values [1 x rows x 1], without dropout. */
export function predictFromTerse(
  form: TfjsForm,
  layers: Layers,
  terse: tf.Tensor,
  batch: Batch,
): tf.Tensor {
  return runRegression(form, layers, terse, { batch, factors: [] }).outputs;
}

/** Results of one pass over a batch. */
export interface BatchGradient {
  /** Outputs, [1 x catalogs x outputs]. */
  readonly outputs: tf.Tensor;
  /** Gradient of the loss by all weights, flat. */
  readonly gradient: tf.Tensor;
  /** The tie's part of the loss, a scalar; `null` without a tie. */
  readonly tieLoss: tf.Tensor | null;
}

/** Runs a batch forward and back. */
export function takeGradient(
  form: TfjsForm,
  layers: Layers,
  batch: Batch,
  { loss, dropoutKey, tieWeight = 0 }: Pick<StepOptions, "loss" | "dropoutKey" | "tieWeight">,
): BatchGradient {
  // tfjs keeps what a tidy returns, which may not be null.
  const { tieLoss, ...kept } = tf.tidy(() => {
    const factors = dropoutFactors(form.architecture, batch, dropoutKey);
    const encoding = runChain(layers.encoder, rowsTensor(batch.pixels, batch), factors.encoder);
    const terse = encoding.values.at(-1)!;
    const regression = runRegression(form, layers, terse, { batch, factors: factors.dense });
    const { outputs } = regression;
    const gradients: Gradients = {};
    const tie: TieLoss | null = tieWeight > 0 ? takeTieLoss(terse, batch, tieWeight) : null;
    const dRegressed = regression.goBack(lossGradient(loss, outputs, batch.labels), gradients);
    const dTerse = tie ? tf.add(dRegressed, tie.gradient) : dRegressed;
    runChainBackward(layers.encoder, encoding, dTerse, { gradients, input: "unused" });
    const flattened = Object.entries(form.shapes).map(([name, shape]) =>
      tf.reshape(gradients[name]!, [sizeOf(shape)])
    );
    const result = { outputs, gradient: tf.concat(flattened) };
    return tie ? { ...result, tieLoss: tie.loss } : result;
  }) as Omit<BatchGradient, "tieLoss"> & { readonly tieLoss?: tf.Tensor };
  return { ...kept, tieLoss: tieLoss ?? null };
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
