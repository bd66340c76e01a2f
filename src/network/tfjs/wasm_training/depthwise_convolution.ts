/**
 * Depthwise 2D convolutions, with XNNPACK where it is given the padding in full, and their
 * gradients, which the wasm backend lacks: direct sums, since each channel meets only its own
 * filters and there is no matrix product to gain from.
 */
import type { backend_util, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { finish, isFused } from "./activation.ts";
import type { PlacementAttributes } from "./convolution.ts";
import { explicitPlacement, geometryOf, isPlainBias } from "./convolution.ts";
import type { StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, floats, hasNaN, runKernel, sizeOf, zeros } from "./kernel.ts";

type Shape = [number, number, number, number];
type Geometry = backend_util.Conv2DInfo;

/**
 * Visits every pair of an input and an output pixel that a filter tap joins, by the offsets of
 * their first channel and of the tap's first weight.
 */
function forEachTap(
  g: Geometry,
  visit: (input: number, output: number, tap: number) => void,
): void {
  const taps = g.inChannels * (g.outChannels / g.inChannels);
  for (let b = 0; b < g.batchSize; b++) {
    for (let y = 0; y < g.outHeight; y++) {
      for (let x = 0; x < g.outWidth; x++) {
        const output = ((b * g.outHeight + y) * g.outWidth + x) * g.outChannels;
        for (let fy = 0; fy < g.filterHeight; fy++) {
          const iy = y * g.strideHeight - g.padInfo.top + fy * g.dilationHeight;
          if (iy < 0 || iy >= g.inHeight) continue;
          for (let fx = 0; fx < g.filterWidth; fx++) {
            const ix = x * g.strideWidth - g.padInfo.left + fx * g.dilationWidth;
            if (ix < 0 || ix >= g.inWidth) continue;
            const input = ((b * g.inHeight + iy) * g.inWidth + ix) * g.inChannels;
            visit(input, output, (fy * g.filterWidth + fx) * taps);
          }
        }
      }
    }
  }
}

/** Direct sums, for geometries that XNNPACK does not support. */
function sumTaps(
  backend: WasmBackend,
  { x, filter }: ForwardInputs,
  g: Geometry,
): TensorInfo {
  const result = zeros(backend, g.outShape);
  const [values, weights] = [floats(backend, x), floats(backend, filter)];
  const y = floats(backend, result);
  const multiplier = g.outChannels / g.inChannels;
  forEachTap(g, (input, output, tap) => {
    for (let j = 0; j < g.outChannels; j++) {
      y[output + j]! += values[input + ((j / multiplier) | 0)]! * weights[tap + j]!;
    }
  });
  return result;
}

type ForwardInputs = {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
  readonly bias?: TensorInfo;
  readonly preluActivationWeights?: TensorInfo;
};

function convolve(
  stock: StockKernels,
  backend: WasmBackend,
  { x, filter }: ForwardInputs,
  g: Geometry,
): TensorInfo {
  const placement = explicitPlacement(g);
  return placement && !hasNaN(floats(backend, x))
    ? runKernel(stock("DepthwiseConv2dNative"), backend, { x, filter }, { ...placement })
    : sumTaps(backend, { x, filter }, g);
}

function buildDepthwise(stock: StockKernels): KernelFunc {
  return asKernel<ForwardInputs, PlacementAttributes>(({ inputs, attrs, backend }) => {
    const g = geometryOf(inputs.x.shape, inputs.filter.shape, attrs, true);
    return convolve(stock, backend, inputs, g);
  });
}

interface FusedAttributes extends PlacementAttributes {
  readonly activation: string;
  readonly leakyreluAlpha?: number;
}

function buildFusedDepthwise(stock: StockKernels): KernelFunc {
  return asKernel<ForwardInputs, FusedAttributes>(({ inputs, attrs, backend }) => {
    const g = geometryOf(inputs.x.shape, inputs.filter.shape, attrs, true);
    const placement = explicitPlacement(g);
    const { bias, preluActivationWeights: alpha } = inputs;
    if (
      placement && isPlainBias(bias, g.outChannels) &&
      isFused(attrs.activation) && !hasNaN(floats(backend, inputs.x))
    ) {
      const exact = { ...attrs, ...placement, dataFormat: "NHWC", dimRoundingMode: undefined };
      return runKernel(stock("FusedDepthwiseConv2D"), backend, { ...inputs }, exact);
    }
    const result = convolve(stock, backend, inputs, g);
    return finish(stock, backend, result, bias, { ...attrs, ...(alpha && { alpha }) });
  });
}

type FilterInputs = { readonly x: TensorInfo; readonly dy: TensorInfo };
type FilterAttributes = PlacementAttributes & { readonly filterShape: Shape };

const backpropFilter: KernelFunc = asKernel<FilterInputs, FilterAttributes>(
  ({ inputs: { x, dy }, attrs, backend }) => {
    const g = geometryOf(x.shape, attrs.filterShape, attrs, true);
    const multiplier = g.outChannels / g.inChannels;
    const gradient = backend.makeOutput(attrs.filterShape, "float32");
    const sums = new Float64Array(sizeOf(attrs.filterShape));
    const values = floats(backend, x);
    const dyValues = floats(backend, dy);
    forEachTap(g, (input, output, tap) => {
      for (let j = 0; j < g.outChannels; j++) {
        sums[tap + j]! += values[input + ((j / multiplier) | 0)]! * dyValues[output + j]!;
      }
    });
    floats(backend, gradient).set(sums);
    return gradient;
  },
);

type InputInputs = { readonly dy: TensorInfo; readonly filter: TensorInfo };
type InputAttributes = PlacementAttributes & { readonly inputShape: Shape };

const backpropInput: KernelFunc = asKernel<InputInputs, InputAttributes>(
  ({ inputs: { dy, filter }, attrs, backend }) => {
    const g = geometryOf(attrs.inputShape, filter.shape, attrs, true);
    const multiplier = g.outChannels / g.inChannels;
    const gradient = backend.makeOutput(attrs.inputShape, "float32");
    const dx = floats(backend, gradient);
    const dyValues = floats(backend, dy);
    const weights = floats(backend, filter);
    dx.fill(0);
    forEachTap(g, (input, output, tap) => {
      for (let j = 0; j < g.outChannels; j++) {
        dx[input + ((j / multiplier) | 0)]! += dyValues[output + j]! * weights[tap + j]!;
      }
    });
    return gradient;
  },
);

/** Kernels of depthwise convolutions, alone and with bias and activation, and both gradients. */
export const DEPTHWISE_CONVOLUTION_KERNELS: readonly TrainingKernel[] = [
  { name: "DepthwiseConv2dNative", stock: "wrong", build: buildDepthwise },
  { name: "FusedDepthwiseConv2D", stock: "wrong", build: buildFusedDepthwise },
  { name: "DepthwiseConv2dNativeBackpropFilter", stock: "missing", build: () => backpropFilter },
  { name: "DepthwiseConv2dNativeBackpropInput", stock: "missing", build: () => backpropInput },
];
