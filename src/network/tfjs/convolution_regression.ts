/**
 * Table 3's regression (`regression: "convolution"`): from terse and supplementary values over
 * convolutions, poolings and dense layers to the outputs, and back. Rows are padded to images of
 * one height.
 */
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../../features/dataset.ts";
import type { Architecture } from "../../model.ts";
import type { BatchLayout, Level } from "./batch_layout.ts";
import {
  batchRows,
  layOutBatch,
  meanWeights,
  paddedRows,
  padSupplementary,
  pairFactors,
  pairShares,
  rowMask,
  rowPenalty,
} from "./batch_layout.ts";
import type { ChainTrace } from "./dense_chain.ts";
import { runChain, runChainBackward } from "./dense_chain.ts";
import type { Gradients, Layer } from "./layers.ts";
import {
  activationGradient,
  addConvolutionGradients,
  applyConvolution,
  convolutionInputGradient,
  poolMax,
  poolMaxGradient,
  poolMean,
  repeatRows,
} from "./layers.ts";

/** The layers of the regression, with their weights on the device. */
export interface ConvolutionLayers {
  readonly convolution: readonly Layer[];
  /** The dense layers and the output layer. */
  readonly dense: readonly Layer[];
}

/** Values of one convolution and its pooling that its gradient needs. */
interface ConvolutionTrace {
  readonly x: tf.Tensor;
  /** Values after the activation, and after {@linkcode rowMask} for a mean. */
  readonly y: tf.Tensor;
  readonly mask: tf.Tensor | null;
  /** Input of a maximum, and the result before its mask. */
  readonly maximum: { readonly of: tf.Tensor; readonly result: tf.Tensor } | null;
  /** Which of the pooled rows exist, for a maximum of a ragged batch. */
  readonly pooledMask: tf.Tensor | null;
}

/** Values that the regression's backward pass needs. */
export interface ConvolutionsTrace {
  readonly layout: BatchLayout;
  readonly convolutions: readonly ConvolutionTrace[];
  /** The rows that the global pooling sees. */
  readonly last: tf.Tensor;
  readonly globalMaximum: { readonly of: tf.Tensor; readonly result: tf.Tensor } | null;
  readonly dense: ChainTrace;
}

function rowTensor(values: Float32Array, catalogs: number): tf.Tensor {
  return tf.tensor4d(values, [catalogs, values.length / catalogs, 1, 1]);
}

/** Joins terse values [1 x rows x 1] with the supplementary ones, as images. */
function joinSupplementary(
  terse: tf.Tensor,
  batch: Batch,
  layout: BatchLayout,
  supplementaryWidth: number,
): tf.Tensor {
  const level = layout.levels[0]!;
  const shape = [batch.count, level.height, 1] as const;
  const image = tf.reshape(
    level.full ? terse : tf.gather(
      tf.concat([tf.reshape(terse, [terse.size]), tf.zeros([1])]),
      tf.tensor1d(paddedRows(batch, level), "int32"),
    ),
    [...shape, 1],
  );
  if (supplementaryWidth === 0) return image;
  const supplementary = padSupplementary(batch, level, supplementaryWidth);
  return tf.concat([image, tf.tensor4d(supplementary, [...shape, supplementaryWidth])], 3);
}

/** The terse values' gradient [catalogs x height x 1 x 1] by row of the batch. */
function unpadRows(image: tf.Tensor, batch: Batch, level: Level): tf.Tensor {
  const rows = level.full
    ? image
    : tf.gather(tf.reshape(image, [image.size]), tf.tensor1d(batchRows(batch, level), "int32"));
  return tf.reshape(rows, [1, batch.rowOffsets[batch.count]!, 1]);
}

function runMeanLevel(layer: Layer, x: tf.Tensor, level: Level): [tf.Tensor, ConvolutionTrace] {
  const catalogs = level.rows.length;
  const activated = applyConvolution(layer, x);
  const mask = level.full ? null : rowTensor(rowMask(level), catalogs);
  const y = mask ? tf.mul(activated, mask) : activated;
  const pooled = poolMean(y, 2, "same");
  const output = level.full ? pooled : tf.mul(pooled, rowTensor(pairFactors(level), catalogs));
  return [output, { x, y, mask, maximum: null, pooledMask: null }];
}

function runMaxLevel(
  layer: Layer,
  x: tf.Tensor,
  level: Level,
  next: Level,
): [tf.Tensor, ConvolutionTrace] {
  const catalogs = level.rows.length;
  const y = applyConvolution(layer, x);
  const of = level.full ? y : tf.add(y, rowTensor(rowPenalty(level), catalogs));
  const result = poolMax(of, 2, "same");
  const pooledMask = next.full ? null : rowTensor(rowMask(next), catalogs);
  const output = pooledMask ? tf.mul(result, pooledMask) : result;
  return [output, { x, y, mask: null, maximum: { of, result }, pooledMask }];
}

/** The gradient before the activation of one convolution, from that after its pooling. */
function convolutionGradient(
  layer: Layer,
  trace: ConvolutionTrace,
  dPooled: tf.Tensor,
  level: Level,
): tf.Tensor {
  if (trace.maximum) {
    const { of, result } = trace.maximum;
    const dResult = trace.pooledMask ? tf.mul(dPooled, trace.pooledMask) : dPooled;
    const dy = poolMaxGradient(of, result, dResult, { rows: 2, pad: "same" });
    return activationGradient(layer, trace.y, dy, null);
  }
  const shares = level.full && level.height % 2 === 0
    ? tf.scalar(0.5)
    : rowTensor(pairShares(level), level.rows.length);
  const dy = repeatRows(tf.mul(dPooled, shares), level.height);
  return activationGradient(layer, trace.y, dy, trace.mask);
}

/** The global pooling of Table 3: [1 x catalogs x channels], a mean before a maximum. */
function poolGlobally(
  x: tf.Tensor,
  level: Level,
  kind: Architecture["globalPooling"],
): { pooled: tf.Tensor; maximum: ConvolutionsTrace["globalMaximum"] } {
  const catalogs = level.rows.length;
  const pooled: tf.Tensor[] = [];
  let maximum: ConvolutionsTrace["globalMaximum"] = null;
  if (kind !== "max") {
    const mean = poolMean(x, level.height, "valid");
    const factors = () => Float32Array.from(level.rows, (n) => level.height / n);
    pooled.push(level.full ? mean : tf.mul(mean, rowTensor(factors(), catalogs)));
  }
  if (kind !== "mean") {
    const of = level.full ? x : tf.add(x, rowTensor(rowPenalty(level), catalogs));
    const result = poolMax(of, level.height, "valid");
    maximum = { of, result };
    pooled.push(result);
  }
  const joined = pooled.length === 1 ? pooled[0]! : tf.concat(pooled, 3);
  return { pooled: tf.reshape(joined, [1, catalogs, joined.shape[3]!]), maximum };
}

/** The gradient of the rows that the global pooling saw. */
function globalPoolingGradient(
  { last, globalMaximum }: ConvolutionsTrace,
  dPooled: tf.Tensor,
  level: Level,
  kind: Architecture["globalPooling"],
): tf.Tensor {
  const catalogs = level.rows.length;
  const channels = last.shape[3]!;
  const joined = tf.reshape(dPooled, [catalogs, 1, 1, dPooled.size / catalogs]);
  const part = (start: number) =>
    kind === "mean+max" ? tf.slice(joined, [0, 0, 0, start], [catalogs, 1, 1, channels]) : joined;
  const parts: tf.Tensor[] = [];
  if (kind !== "max") parts.push(tf.mul(part(0), rowTensor(meanWeights(level), catalogs)));
  if (globalMaximum) {
    const { of, result } = globalMaximum;
    const dMax = part(kind === "mean+max" ? channels : 0);
    parts.push(poolMaxGradient(of, result, dMax, { rows: level.height, pad: "valid" }));
  }
  return parts.length === 1 ? parts[0]! : tf.add(parts[0]!, parts[1]!);
}

/** Computes the outputs [1 x catalogs x outputs] from terse values [1 x rows x 1]. */
export function runConvolutions(
  architecture: Architecture,
  layers: ConvolutionLayers,
  terse: tf.Tensor,
  { batch, supplementaryWidth, factors }: {
    readonly batch: Batch;
    readonly supplementaryWidth: number;
    /** Dropout factors after each dense layer, [1 x catalogs x width]. */
    readonly factors: readonly (tf.Tensor | null)[];
  },
): ConvolutionsTrace {
  const layout = layOutBatch(batch, architecture);
  let x = joinSupplementary(terse, batch, layout, supplementaryWidth);
  const convolutions: ConvolutionTrace[] = [];
  for (const [i, layer] of layers.convolution.entries()) {
    const level = layout.levels[i]!;
    const [output, trace] = architecture.pooling === "mean"
      ? runMeanLevel(layer, x, level)
      : runMaxLevel(layer, x, level, layout.levels[i + 1]!);
    convolutions.push(trace);
    x = output;
  }
  const { pooled, maximum } = poolGlobally(x, layout.levels.at(-1)!, architecture.globalPooling);
  const dense = runChain(layers.dense, pooled, factors);
  return { layout, convolutions, last: x, globalMaximum: maximum, dense };
}

/**
 * The gradient of the terse values, [1 x rows x 1]. Adds those of the regression's weights to
 * `gradients`.
 */
export function runConvolutionsBackward(
  architecture: Architecture,
  layers: ConvolutionLayers,
  trace: ConvolutionsTrace,
  { batch, dOutputs, gradients }: {
    readonly batch: Batch;
    readonly dOutputs: tf.Tensor;
    readonly gradients: Gradients;
  },
): tf.Tensor {
  const wanted = { gradients, input: "needed" } as const;
  const { layout } = trace;
  const dPooled = runChainBackward(layers.dense, trace.dense, dOutputs, wanted)!;
  const lastLevel = layout.levels.at(-1)!;
  let dx = globalPoolingGradient(trace, dPooled, lastLevel, architecture.globalPooling);
  for (let i = layers.convolution.length - 1; i >= 0; i--) {
    const layer = layers.convolution[i]!;
    const convolution = trace.convolutions[i]!;
    const dPooledRows = dx;
    const dz = tf.tidy(() =>
      convolutionGradient(layer, convolution, dPooledRows, layout.levels[i]!)
    );
    addConvolutionGradients(gradients, layer, convolution.x, dz);
    // Only the terse value of the first layer's input depends on weights.
    dx = convolutionInputGradient(layer, dz, i === 0 ? 1 : convolution.x.shape[3]!);
    dz.dispose();
  }
  const terse = layers.convolution.length > 0
    ? dx
    : tf.slice(dx, [0, 0, 0, 0], [...dx.shape.slice(0, 3), 1]);
  return unpadRows(terse, batch, layout.levels[0]!);
}
