/**
 * Pools of two and three dimensions and their gradients. The stock kernels start the search for the
 * largest value at the smallest positive float, so that windows of negative numbers lose value and
 * gradient; and XNNPACK refuses windows of 1 x 1, which leaves the result unwritten. XNNPACK still
 * pools images where it can, which is faster.
 *
 * Of equal values the first takes the gradient, in volumes the last, as on the cpu backend. Two
 * gradients of the cpu backend are not derivatives; they are followed unless exact ones are asked
 * for: mean pools with padding divide by the whole window, and max pools of volumes lose gradients
 * where the window's height is not its width.
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { backend_util, util } from "@tensorflow/tfjs-core";
import type { PlacementAttributes } from "./convolution.ts";
import { explicitPlacement } from "./convolution.ts";
import type { BuildOptions, StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, floats, hasNaN, runKernel, share, zeros } from "./kernel.ts";
import { largestPlaces, maxima, means, spreadMeans, volumePlaces } from "./pool_loops.ts";
import type { Windows } from "./windows.ts";
import { windowsOf2D, windowsOf3D } from "./windows.ts";

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
      if (placement && !isPoint && !hasNaN(floats(backend, x))) {
        const filterSize = [g.filterHeight, g.filterWidth];
        return runKernel(stock(name), backend, { x }, { filterSize, ...placement });
      }
      const result = zeros(backend, g.outShape);
      pool(floats(backend, x), floats(backend, result), windowsOf2D(g));
      return result;
    });
}

function pool3D(pool: Pooled): KernelFunc {
  return asKernel<Input, Attributes3D>(({ inputs: { x }, attrs, backend }) => {
    const g = geometry3D(x.shape, attrs);
    const result = zeros(backend, g.outShape);
    pool(floats(backend, x), floats(backend, result), windowsOf3D(g));
    return result;
  });
}

type GradientInputs = { readonly dy: TensorInfo; readonly input: TensorInfo };
type FindPlaces = (x: Float32Array, w: Windows) => Int32Array;

function scatter(
  backend: WasmBackend,
  { dy, input }: GradientInputs,
  w: Windows,
  find: FindPlaces,
): TensorInfo {
  const result = zeros(backend, input.shape);
  const places = find(floats(backend, input), w);
  const [from, dx] = [floats(backend, dy), floats(backend, result)];
  for (let i = 0; i < places.length; i++) if (places[i]! >= 0) dx[places[i]!]! += from[i]!;
  return result;
}

const maxPoolGrad: KernelFunc = asKernel<GradientInputs, Attributes2D>(
  ({ inputs, attrs, backend }) =>
    scatter(backend, inputs, windowsOf2D(geometry2D(inputs.input.shape, attrs)), largestPlaces),
);

function buildMaxPool3DGrad(_stock: StockKernels, { exact }: BuildOptions): KernelFunc {
  const find: FindPlaces = (x, w) => volumePlaces(x, w, exact);
  return asKernel<GradientInputs, Attributes3D>(({ inputs, attrs, backend }) =>
    scatter(backend, inputs, windowsOf3D(geometry3D(inputs.input.shape, attrs)), find)
  );
}

function spread(
  backend: WasmBackend,
  { dy, input }: GradientInputs,
  w: Windows,
  exact: boolean,
): TensorInfo {
  const result = zeros(backend, input.shape);
  spreadMeans(floats(backend, dy), floats(backend, result), w, exact);
  return result;
}

function buildAvgPoolGrad(_stock: StockKernels, { exact }: BuildOptions): KernelFunc {
  return asKernel<GradientInputs, Attributes2D>(({ inputs, attrs, backend }) =>
    spread(backend, inputs, windowsOf2D(geometry2D(inputs.input.shape, attrs)), exact)
  );
}

function buildAvgPool3DGrad(_stock: StockKernels, { exact }: BuildOptions): KernelFunc {
  return asKernel<GradientInputs, Attributes3D>(({ inputs, attrs, backend }) =>
    spread(backend, inputs, windowsOf3D(geometry3D(inputs.input.shape, attrs)), exact)
  );
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
  { name: "MaxPoolGrad", stock: "wrong", build: () => maxPoolGrad },
  { name: "AvgPoolGrad", stock: "wrong", build: buildAvgPoolGrad },
  { name: "MaxPool3D", stock: "wrong", build: () => pool3D(maxima) },
  { name: "MaxPool3DGrad", stock: "wrong", build: buildMaxPool3DGrad },
  { name: "AvgPool3DGrad", stock: "slow", build: buildAvgPool3DGrad },
  { name: "MaxPoolWithArgmax", stock: "wrong", build: () => maxPoolWithArgmax },
];
