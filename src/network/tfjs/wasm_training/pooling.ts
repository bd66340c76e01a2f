/**
 * The gradient of max pooling. The stock kernel starts its search for the largest value at the
 * smallest positive float, so where all values of a window are negative it finds none, and the
 * gradient is silently lost. Of equal values the first takes the gradient, as on the cpu backend.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { TrainingKernel } from "./kernel.ts";
import { asKernel, floats } from "./kernel.ts";

type Geometry = tf.backend_util.Conv2DInfo;

interface Attributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

type Inputs = { readonly dy: tf.TensorInfo; readonly input: tf.TensorInfo };

const maxPoolGrad: tf.KernelFunc = asKernel<Inputs, Attributes>(
  ({ inputs: { dy, input }, attrs, backend }) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    const g = tf.backend_util.computePool2DInfo(
      input.shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const gradient = backend.makeOutput(input.shape, "float32");
    const dx = floats(backend, gradient);
    dx.fill(0);
    scatterToMaxima(floats(backend, input), floats(backend, dy), dx, g);
    return gradient;
  },
);

/** Adds each output's gradient to the place of the largest value of its window. */
function scatterToMaxima(
  x: Float32Array,
  dy: Float32Array,
  dx: Float32Array,
  g: Geometry,
): void {
  const channels = g.inChannels;
  let output = 0;
  for (let b = 0; b < g.batchSize; b++) {
    for (let outY = 0; outY < g.outHeight; outY++) {
      const top = outY * g.strideHeight - g.padInfo.top;
      const yEnd = Math.min(g.inHeight, top + g.effectiveFilterHeight);
      for (let outX = 0; outX < g.outWidth; outX++) {
        const left = outX * g.strideWidth - g.padInfo.left;
        const xEnd = Math.min(g.inWidth, left + g.effectiveFilterWidth);
        for (let c = 0; c < channels; c++, output++) {
          let largest = -Infinity;
          let place = -1;
          for (let iy = Math.max(0, top); iy < yEnd; iy++) {
            for (let ix = Math.max(0, left); ix < xEnd; ix++) {
              const i = ((b * g.inHeight + iy) * g.inWidth + ix) * channels + c;
              if (x[i]! > largest) {
                largest = x[i]!;
                place = i;
              }
            }
          }
          if (place >= 0) dx[place]! += dy[output]!;
        }
      }
    }
  }
}

/** The gradient of max pooling. */
export const POOLING_KERNELS: readonly TrainingKernel[] = [
  { name: "MaxPoolGrad", stock: "wrong", build: () => maxPoolGrad },
];
