/**
 * Gradients of 2D convolutions as matrix products over unfolded patches. The wasm backend has no
 * `Conv2DBackpropFilter`, and its `Conv2DBackpropInput` is a scalar loop.
 *
 * A patch is what one filter position sees, zeros beyond the edges, so that with patches as rows
 * [positions x filter height, width, channels] output = patches x filter; hence
 * d filter = patches' x dy, and d patches = dy x filter', which are then added up in place.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, consume, floats, runKernel, withShape } from "./kernel.ts";
import { leaky } from "./leaky_relu.ts";
import { product } from "./matrix_product.ts";

/** Geometry of one convolution, from tfjs. */
type Geometry = tf.backend_util.Conv2DInfo;

interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

interface FilterAttributes extends ConvolutionAttributes {
  readonly filterShape: [number, number, number, number];
}

interface InputAttributes extends ConvolutionAttributes {
  readonly inputShape: [number, number, number, number];
}

/** Patches are unfolded for as many images at a time as fit in this many floats (16 MB). */
const PATCH_FLOATS = 1 << 22;

function geometryOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dataFormat, dimRoundingMode }: ConvolutionAttributes,
): Geometry {
  if (dataFormat !== "NHWC") {
    throw new TypeError(
      `Cannot take a convolution's gradient on wasm: its data format is ${dataFormat}, NHWC is needed`,
    );
  }
  type Shape = [number, number, number, number];
  return tf.backend_util.computeConv2DInfo(
    inputShape as Shape,
    filterShape as Shape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

function patchWidth(g: Geometry): number {
  return g.filterHeight * g.filterWidth * g.inChannels;
}

function positionsPerImage(g: Geometry): number {
  return g.outHeight * g.outWidth;
}

/** A run of values that lies in one piece both in an image and in a patch. */
interface Run {
  readonly image: number;
  readonly patch: number;
  readonly length: number;
}

/**
 * The pieces of every patch of one image, as offsets into the image and into its patches. They
 * are the same for all images.
 */
function listRuns(g: Geometry): Run[] {
  const { inHeight, inWidth, inChannels, filterHeight, filterWidth } = g;
  const width = patchWidth(g);
  const runs: Run[] = [];
  for (let y = 0; y < g.outHeight; y++) {
    for (let x = 0; x < g.outWidth; x++) {
      const top = y * g.strideHeight - g.padInfo.top;
      const left = x * g.strideWidth - g.padInfo.left;
      const first = Math.max(0, -left);
      const end = Math.min(filterWidth, inWidth - left);
      if (end <= first) continue;
      const patchStart = (y * g.outWidth + x) * width;
      for (let fy = Math.max(0, -top); fy < filterHeight && top + fy < inHeight; fy++) {
        const image = ((top + fy) * inWidth + left + first) * inChannels;
        const patch = patchStart + (fy * filterWidth + first) * inChannels;
        const length = (end - first) * inChannels;
        const last = runs.at(-1);
        // Filters as wide as the image make rows that follow each other in both.
        if (
          last && last.image + last.length === image && last.patch + last.length === patch
        ) {
          runs[runs.length - 1] = { ...last, length: last.length + length };
        } else {
          runs.push({ image, patch, length });
        }
      }
    }
  }
  return runs;
}

/** Copies images' values to their patches; values beyond an edge are zero. */
function unfold(x: Float32Array, patches: Float32Array, runs: readonly Run[], g: Geometry): void {
  const imageSize = g.inHeight * g.inWidth * g.inChannels;
  const patchSize = positionsPerImage(g) * patchWidth(g);
  patches.fill(0);
  for (let b = 0; b * patchSize < patches.length; b++) {
    for (const { image, patch, length } of runs) {
      const from = b * imageSize + image;
      const to = b * patchSize + patch;
      for (let i = 0; i < length; i++) patches[to + i] = x[from + i]!;
    }
  }
}

/** Adds patches' values to the images they came from. */
function fold(patches: Float32Array, x: Float32Array, runs: readonly Run[], g: Geometry): void {
  const imageSize = g.inHeight * g.inWidth * g.inChannels;
  const patchSize = positionsPerImage(g) * patchWidth(g);
  for (let b = 0; b * patchSize < patches.length; b++) {
    for (const { image, patch, length } of runs) {
      const to = b * imageSize + image;
      const from = b * patchSize + patch;
      for (let i = 0; i < length; i++) x[to + i]! += patches[from + i]!;
    }
  }
}

/** Images `first` to `first + count - 1` of each part of a batch. */
function* imageChunks(g: Geometry): Generator<{ first: number; count: number }> {
  const most = Math.max(1, Math.floor(PATCH_FLOATS / (positionsPerImage(g) * patchWidth(g))));
  for (let first = 0; first < g.batchSize; first += most) {
    yield { first, count: Math.min(most, g.batchSize - first) };
  }
}

/** The rows [rows x width] of some images of a tensor [images, ...]; a copy if not all of them. */
function takeImages(
  stock: StockKernels,
  backend: WasmBackend,
  tensor: tf.TensorInfo,
  { first, count }: { first: number; count: number },
): tf.TensorInfo {
  const [, ...image] = tensor.shape;
  const begin = [first, ...image.map(() => 0)];
  const attrs = { begin, size: [count, ...image] };
  return runKernel(stock("Slice"), backend, { x: tensor }, attrs);
}

function flattenRows(tensor: tf.TensorInfo): tf.TensorInfo {
  const channels = tensor.shape.at(-1)!;
  return withShape(tensor, [tf.util.sizeFromShape(tensor.shape) / channels, channels]);
}

function buildBackpropFilter(stock: StockKernels): tf.KernelFunc {
  type Inputs = { readonly x: tf.TensorInfo; readonly dy: tf.TensorInfo };
  return asKernel<Inputs, FilterAttributes>(({ inputs: { x, dy }, attrs, backend }) => {
    const g = geometryOf(x.shape, attrs.filterShape, attrs);
    const runs = listRuns(g);
    const gradientOf = (chunk: { first: number; count: number }) => {
      const rows = chunk.count * positionsPerImage(g);
      const patches = backend.makeOutput([rows, patchWidth(g)], "float32");
      const imageSize = g.inHeight * g.inWidth * g.inChannels;
      const images = floats(backend, x).subarray(chunk.first * imageSize);
      unfold(images, floats(backend, patches), runs, g);
      const isWhole = chunk.count === g.batchSize;
      const part = isWhole ? dy : takeImages(stock, backend, dy, chunk);
      const gradient = consume(
        backend,
        patches,
        (a) =>
          product(stock, backend, { a, b: flattenRows(part) }, {
            transposeA: true,
            transposeB: false,
          }),
      );
      if (!isWhole) backend.disposeData(part.dataId);
      return gradient;
    };
    let total: tf.TensorInfo | null = null;
    for (const chunk of imageChunks(g)) {
      const gradient = gradientOf(chunk);
      if (total === null) {
        total = gradient;
      } else {
        const sum = floats(backend, total);
        const part = floats(backend, gradient);
        for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
        backend.disposeData(gradient.dataId);
      }
    }
    if (total === null) {
      total = backend.makeOutput(attrs.filterShape, "float32");
      floats(backend, total).fill(0);
    }
    return withShape(total, attrs.filterShape);
  });
}

function buildBackpropInput(stock: StockKernels): tf.KernelFunc {
  type Inputs = { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo };
  return asKernel<Inputs, InputAttributes>(({ inputs: { dy, filter }, attrs, backend }) => {
    const g = geometryOf(attrs.inputShape, filter.shape, attrs);
    const runs = listRuns(g);
    const imageSize = g.inHeight * g.inWidth * g.inChannels;
    const dx = backend.makeOutput(attrs.inputShape, "float32");
    floats(backend, dx).fill(0);
    for (const chunk of imageChunks(g)) {
      const isWhole = chunk.count === g.batchSize;
      const part = isWhole ? dy : takeImages(stock, backend, dy, chunk);
      const patches = product(stock, backend, { a: flattenRows(part), b: flattenRows(filter) }, {
        transposeA: false,
        transposeB: true,
      });
      if (!isWhole) backend.disposeData(part.dataId);
      consume(backend, patches, (p) => {
        const images = floats(backend, dx).subarray(chunk.first * imageSize);
        fold(floats(backend, p), images, runs, g);
      });
    }
    return dx;
  });
}

/** The leaky ReLU after the convolution and not in it, for its branches; see leaky_relu.ts. */
function buildFusedConvolution(stock: StockKernels): tf.KernelFunc {
  const fused = stock("FusedConv2D");
  type Inputs = Readonly<Record<string, tf.TensorInfo>>;
  type Attributes = { readonly activation: string; readonly leakyreluAlpha?: number };
  return asKernel<Inputs, Attributes>(({ inputs, attrs, backend }) => {
    if (attrs.activation !== "leakyrelu") return runKernel(fused, backend, inputs, { ...attrs });
    const linear = runKernel(fused, backend, inputs, { ...attrs, activation: "linear" });
    return consume(backend, linear, (z) => leaky(stock, backend, z, attrs.leakyreluAlpha ?? 0));
  });
}

/** Both gradients of a convolution, and the convolution with bias and leaky ReLU. */
export const CONVOLUTION_KERNELS: readonly TrainingKernel[] = [
  { name: "Conv2DBackpropFilter", stock: "missing", build: buildBackpropFilter },
  { name: "Conv2DBackpropInput", stock: "slow", build: buildBackpropInput },
  { name: "FusedConv2D", stock: "slow", build: buildFusedConvolution },
];
