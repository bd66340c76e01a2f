/**
 * Pools of two and three dimensions and their gradients. The stock kernels start the search for the
 * largest value at the smallest positive float, so that windows of negative numbers lose value and
 * gradient; and XNNPACK refuses windows of 1 x 1, which leaves the result unwritten, and gives pixels
 * for windows wholly in the padding. It still pools images where it can, which is faster.
 *
 * Of equal values the first takes the gradient, in volumes the last, as on the cpu backend. Two
 * gradients of the cpu backend are not derivatives; they are followed unless exact ones are asked
 * for: mean pools with padding divide by the whole window, and max pools of volumes lose gradients
 * where the window's height is not its width.
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { backend_util, util } from "@tensorflow/tfjs-core";
import type { PlacementAttributes } from "./convolution.ts";
import { checkOutput, explicitPlacement, fitOutputs, takeOutputs } from "./convolution.ts";
import type { BuildOptions, StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, consume, floats, hasNaN, runKernel, share, zeros } from "./kernel.ts";
import {
  largestPlaces,
  maxima,
  means,
  spreadMeans,
  volumeMeans,
  volumePlaces,
} from "./pool_loops.ts";
import type { Windows } from "./windows.ts";
import { hasEmptyWindow, volume, windowsOf2D, windowsOf3D } from "./windows.ts";

interface Attributes2D extends PlacementAttributes {
  readonly filterSize: number | [number, number];
}

interface Attributes3D {
  readonly filterSize: number | [number, number, number];
  readonly strides: number | [number, number, number];
  readonly pad: "valid" | "same" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

function geometry2D(shape: readonly number[], attrs: Attributes2D): backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  return backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

function geometry3D(shape: readonly number[], attrs: Attributes3D): backend_util.Conv3DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  return backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

type Pooled = (x: Float32Array, y: Float32Array, w: Windows) => void;
type Input = { readonly x: TensorInfo };

/** Most pixels of a window that XNNPACK adds in float32 without losing digits that matter. */
const LARGEST_WINDOW = 1024;

/** A pool of images: by XNNPACK where possible, by loops otherwise. */
function buildPool2D(name: "MaxPool" | "AvgPool", pool: Pooled) {
  return (stock: StockKernels): KernelFunc =>
    asKernel<Input, Attributes2D>(({ inputs: { x }, attrs, backend }) => {
      const g = geometry2D(x.shape, attrs);
      const isPoint = g.filterHeight === 1 && g.filterWidth === 1;
      // For any padding and strides, as on the cpu backend.
      if (isPoint && util.arraysEqual(g.inShape, g.outShape)) return share(backend, x);
      if (x.dtype !== "float32") {
        throw new TypeError(
          `Cannot pool on wasm: the images are of ${x.dtype}, float32 is needed`,
        );
      }
      const placement = explicitPlacement(g);
      const w = windowsOf2D(g);
      const isPlain = !isPoint && !hasEmptyWindow(w) && volume(w.filter) <= LARGEST_WINDOW;
      if (placement && isPlain && !hasNaN(floats(backend, x))) {
        const filterSize = [g.filterHeight, g.filterWidth];
        return runKernel(stock(name), backend, { x }, { filterSize, ...placement });
      }
      const result = zeros(backend, g.outShape);
      pool(floats(backend, x), floats(backend, result), w);
      return result;
    });
}

function pool3D(pool: Pooled): KernelFunc {
  return asKernel<Input, Attributes3D>(({ inputs: { x }, attrs, backend }) => {
    const g = geometry3D(x.shape, attrs);
    checkOutput(g.outShape);
    const result = zeros(backend, g.outShape);
    pool(floats(backend, x), floats(backend, result), windowsOf3D(g));
    return result;
  });
}

type GradientInputs = { readonly dy: TensorInfo; readonly input: TensorInfo };
/** The gradient of a pool, from the geometry of its gradient. */
type Differentiate = (
  backend: WasmBackend,
  inputs: GradientInputs,
  w: Windows,
  exact: boolean,
) => TensorInfo;

function scatterTo(
  find: (x: Float32Array, w: Windows, exact: boolean) => Int32Array,
): Differentiate {
  return (backend, { dy, input }, w, exact) => {
    const result = zeros(backend, input.shape);
    const places = find(floats(backend, input), w, exact);
    const [from, dx] = [floats(backend, dy), floats(backend, result)];
    for (let i = 0; i < places.length; i++) if (places[i]! >= 0) dx[places[i]!]! += from[i]!;
    return result;
  };
}

const spread: Differentiate = (backend, { dy, input }, w, exact) => {
  const result = zeros(backend, input.shape);
  spreadMeans(floats(backend, dy), floats(backend, result), w, exact);
  return result;
};

type BuildGradient = (stock: StockKernels, options: BuildOptions) => KernelFunc;

function buildGradient2D(differentiate: Differentiate): BuildGradient {
  return (stock, { exact }) =>
    asKernel<GradientInputs, Attributes2D>(({ inputs: { dy, input }, attrs, backend }) => {
      const g = fitOutputs(geometry2D(input.shape, attrs), dy, exact);
      return consume(
        backend,
        takeOutputs(stock, backend, dy, g.outShape),
        (outputs) => differentiate(backend, { dy: outputs, input }, windowsOf2D(g), exact),
      );
    });
}

function buildGradient3D(differentiate: Differentiate): BuildGradient {
  return (stock, { exact }) =>
    asKernel<GradientInputs, Attributes3D>(({ inputs: { dy, input }, attrs, backend }) => {
      const g = geometry3D(input.shape, attrs);
      return consume(
        backend,
        takeOutputs(stock, backend, dy, g.outShape),
        (outputs) => differentiate(backend, { dy: outputs, input }, windowsOf3D(g), exact),
      );
    });
}

const maxPoolWithArgmax: KernelFunc = asKernel<
  Input,
  Attributes2D & { readonly includeBatchInIndex: boolean }
>(({ inputs: { x }, attrs, backend }) => {
  if (x.shape.length !== 4) {
    throw new RangeError(
      `Error in maxPool: input must be rank 4 but got rank ${x.shape.length}.`,
    );
  }
  const g = geometry2D(x.shape, attrs);
  checkOutput(g.outShape);
  const w = windowsOf2D(g);
  const pooled = zeros(backend, g.outShape);
  const indexes = zeros(backend, g.outShape, "int32");
  const places = largestPlaces(floats(backend, x), w);
  maxima(floats(backend, x), floats(backend, pooled), w);
  const image = g.inHeight * g.inWidth * g.inChannels;
  const to = backend.typedArrayFromHeap(indexes);
  for (let i = 0; i < places.length; i++) {
    to[i] = attrs.includeBatchInIndex || places[i]! < 0 ? places[i]! : places[i]! % image;
  }
  return [pooled, indexes];
});

/** Kernels of pools and their gradients. */
export const POOLING_KERNELS: readonly TrainingKernel[] = [
  { name: "MaxPool", stock: "wrong", build: buildPool2D("MaxPool", maxima) },
  {
    name: "AvgPool",
    stock: "wrong",
    build: buildPool2D("AvgPool", means),
  },
  { name: "MaxPoolGrad", stock: "wrong", build: buildGradient2D(scatterTo(largestPlaces)) },
  { name: "AvgPoolGrad", stock: "wrong", build: buildGradient2D(spread) },
  { name: "MaxPool3D", stock: "wrong", build: () => pool3D(maxima) },
  { name: "MaxPool3DGrad", stock: "wrong", build: buildGradient3D(scatterTo(volumePlaces)) },
  { name: "AvgPool3D", stock: "wrong", build: () => pool3D(volumeMeans) },
  { name: "AvgPool3DGrad", stock: "slow", build: buildGradient3D(spread) },
  { name: "MaxPoolWithArgmax", stock: "wrong", build: () => maxPoolWithArgmax },
];
