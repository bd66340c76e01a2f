/**
 * Gradients of depthwise 2D convolutions, which the wasm backend lacks: direct sums, since each
 * channel meets only its own filters and there is no matrix product to gain from.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { TrainingKernel } from "./kernel.ts";
import { asKernel, floats } from "./kernel.ts";

type Shape = [number, number, number, number];
type Geometry = tf.backend_util.Conv2DInfo;

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dilations: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

function geometryOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: Attributes,
): Geometry {
  return tf.backend_util.computeConv2DInfo(
    inputShape as Shape,
    filterShape as Shape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
}

/**
 * Visits every pair of an input pixel and an output pixel that a filter tap joins, by the offsets
 * of their first channel and of the tap's first weight.
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

type FilterInputs = { readonly x: tf.TensorInfo; readonly dy: tf.TensorInfo };
type FilterAttributes = Attributes & { readonly filterShape: Shape };

const backpropFilter: tf.KernelFunc = asKernel<FilterInputs, FilterAttributes>(
  ({ inputs: { x, dy }, attrs, backend }) => {
    const g = geometryOf(x.shape, attrs.filterShape, attrs);
    const multiplier = g.outChannels / g.inChannels;
    const gradient = backend.makeOutput(attrs.filterShape, "float32");
    const sums = new Float64Array(tf.util.sizeFromShape(attrs.filterShape));
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

type InputInputs = { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo };
type InputAttributes = Attributes & { readonly inputShape: Shape };

const backpropInput: tf.KernelFunc = asKernel<InputInputs, InputAttributes>(
  ({ inputs: { dy, filter }, attrs, backend }) => {
    const g = geometryOf(attrs.inputShape, filter.shape, attrs);
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

/** Both gradients of a depthwise convolution. */
export const DEPTHWISE_CONVOLUTION_KERNELS: readonly TrainingKernel[] = [
  { name: "DepthwiseConv2dNativeBackpropFilter", stock: "missing", build: () => backpropFilter },
  { name: "DepthwiseConv2dNativeBackpropInput", stock: "missing", build: () => backpropInput },
];
