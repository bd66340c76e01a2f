/**
 * The regression that ignores the order of clusters (`regression: "set"`): from terse and
 * supplementary values through layers of each cluster, their mean and dense layers to the outputs,
 * and back. Rows are not padded.
 */
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../../features/dataset.ts";
import { MEAN_CLUSTERS } from "../../model.ts";
import { SIZE_INPUTS } from "../weights.ts";
import type { CatalogRows } from "./catalog_rows.ts";
import { averageRows, layOutRows, spreadRows, spreadShares, sumRows } from "./catalog_rows.ts";
import type { ChainTrace } from "./dense_chain.ts";
import { runChain, runChainBackward } from "./dense_chain.ts";
import type { Gradients, Layer } from "./layers.ts";

/** The layers of a set regression, with their weights on the device. */
export interface SetLayers {
  /** Layers of the learned context; the last one takes the mean over a catalog. */
  readonly context: readonly Layer[];
  /** Layers that are applied to each cluster. */
  readonly cluster: readonly Layer[];
  /** The dense layers and the output layer. */
  readonly dense: readonly Layer[];
}

/** A batch in the form of a set regression. */
export interface SetInputs {
  readonly batch: Batch;
  readonly supplementaryWidth: number;
  /** Frequencies of the architecture. */
  readonly frequencies: readonly number[];
  /** Dropout factors after each dense layer, [1 x catalogs x width]. */
  readonly factors: readonly (tf.Tensor | null)[];
}

/** Outputs of the learned context's layers, before and after the mean over the catalog. */
interface ContextTrace {
  readonly rows: ChainTrace;
  readonly catalog: ChainTrace;
}

/** Sines and cosines of the terse value's deviation, [1 x rows x frequencies]. */
interface WaveTrace {
  readonly frequencies: tf.Tensor;
  readonly sines: tf.Tensor;
  readonly cosines: tf.Tensor;
}

/** Values that the regression's backward pass needs. */
export interface SetTrace {
  readonly rows: CatalogRows;
  /** Number of terse and supplementary values per cluster. */
  readonly seen: number;
  readonly waves: WaveTrace | null;
  readonly context: ContextTrace | null;
  readonly cluster: ChainTrace;
  /** Outputs of the dense layers; the last is the network's output, [1 x catalogs x outputs]. */
  readonly dense: ChainTrace;
}

/** Computes the outputs from terse values [1 x rows x 1]. */
export function runSetRegression(
  layers: SetLayers,
  terse: tf.Tensor,
  { batch, supplementaryWidth, frequencies, factors }: SetInputs,
): SetTrace {
  const rows = layOutRows(batch);
  const seen = 1 + supplementaryWidth;
  const clusters = supplementaryWidth === 0 ? terse : tf.concat([
    terse,
    tf.tensor3d(batch.supplementary, [1, batch.rowOffsets[batch.count]!, supplementaryWidth]),
  ], 2);
  const means = averageRows(rows, clusters);
  const deviations = tf.sub(clusters, spreadRows(rows, means));
  const size = sizeTensor(rows.heights);

  const inputs = [clusters, deviations];
  const waves = frequencies.length > 0
    ? runWaves(takeColumns(deviations, 0, 1), frequencies)
    : null;
  if (waves) inputs.push(waves.sines, waves.cosines);
  const context = layers.context.length > 0 ? runContext(layers, rows, clusters, size) : null;
  if (context) inputs.push(spreadRows(rows, context.catalog.values.at(-1)!));

  const cluster = runChain(layers.cluster, tf.concat(inputs, 2), []);
  const pooled = averageRows(rows, cluster.values.at(-1)!);
  const dense = runChain(layers.dense, tf.concat([pooled, size, means], 2), factors);
  return { rows, seen, waves, context, cluster, dense };
}

/** N/80 - 1 and ln(N/80) of each catalog. */
function sizeTensor(heights: Float32Array): tf.Tensor {
  const values = Array.from(heights, (n) => [n / MEAN_CLUSTERS - 1, Math.log(n / MEAN_CLUSTERS)]);
  return tf.tensor3d([values]);
}

function runWaves(deviations: tf.Tensor, frequencies: readonly number[]): WaveTrace {
  const factors = tf.tensor3d([...frequencies], [1, 1, frequencies.length]);
  const angles = tf.mul(deviations, factors);
  return { frequencies: factors, sines: tf.sin(angles), cosines: tf.cos(angles) };
}

function runContext(
  { context }: SetLayers,
  rows: CatalogRows,
  clusters: tf.Tensor,
  size: tf.Tensor,
): ContextTrace {
  const onRows = runChain(context.slice(0, -1), clusters, []);
  const mean = averageRows(rows, onRows.values.at(-1)!);
  return { rows: onRows, catalog: runChain(context.slice(-1), tf.concat([mean, size], 2), []) };
}

/**
 * The gradient of the terse values, [1 x rows x 1]. Adds those of the regression's weights to
 * `gradients`.
 */
export function runSetBackward(
  layers: SetLayers,
  trace: SetTrace,
  dOutputs: tf.Tensor,
  gradients: Gradients,
): tf.Tensor {
  const { rows, seen, waves, context, cluster, dense } = trace;
  const wanted = { gradients, input: "needed" } as const;
  const dPooled = runChainBackward(layers.dense, dense, dOutputs, wanted)!;
  const width = dPooled.shape[2]! - SIZE_INPUTS - seen;
  const dRows = spreadShares(rows, takeColumns(dPooled, 0, width));
  const dInputs = runChainBackward(layers.cluster, cluster, dRows, wanted)!;

  // Only the terse value of each part depends on weights, so its column is enough.
  let dTerse = takeColumns(dInputs, 0, 1);
  let dDeviation = takeColumns(dInputs, seen, 1);
  let place = 2 * seen;
  if (waves) {
    const count = waves.sines.shape[2]!;
    const dSines = takeColumns(dInputs, place, count);
    const dCosines = takeColumns(dInputs, place + count, count);
    dDeviation = tf.add(dDeviation, wavesGradient(waves, dSines, dCosines));
    place += 2 * count;
  }
  if (context) {
    const dContext = sumRows(rows, takeColumns(dInputs, place, dInputs.shape[2]! - place));
    dTerse = tf.add(dTerse, contextGradient(layers, trace.rows, context, dContext, gradients));
  }
  const dMean = takeColumns(dPooled, width + SIZE_INPUTS, 1);
  const dMeans = tf.sub(dMean, sumRows(rows, dDeviation));
  return tf.add(tf.add(dTerse, dDeviation), spreadShares(rows, dMeans));
}

/** d sum / d deviation, [1 x rows x 1], through its sines and cosines. */
function wavesGradient(
  { frequencies, sines, cosines }: WaveTrace,
  dSines: tf.Tensor,
  dCosines: tf.Tensor,
): tf.Tensor {
  const dAngles = tf.sub(tf.mul(dSines, cosines), tf.mul(dCosines, sines));
  return tf.sum(tf.mul(dAngles, frequencies), 2, true);
}

/** d sum / d terse through the learned context, [1 x rows x 1]. */
function contextGradient(
  { context }: SetLayers,
  rows: CatalogRows,
  trace: ContextTrace,
  dContext: tf.Tensor,
  gradients: Gradients,
): tf.Tensor {
  const wanted = { gradients, input: "needed" } as const;
  const dJoined = runChainBackward(context.slice(-1), trace.catalog, dContext, wanted)!;
  const dMean = takeColumns(dJoined, 0, dJoined.shape[2]! - SIZE_INPUTS);
  const dRows = spreadShares(rows, dMean);
  return takeColumns(runChainBackward(context.slice(0, -1), trace.rows, dRows, wanted)!, 0, 1);
}

/** Columns of [1 x rows x width]. */
function takeColumns(values: tf.Tensor, first: number, count: number): tf.Tensor {
  return tf.slice(values, [0, 0, first], [1, values.shape[1]!, count]);
}
