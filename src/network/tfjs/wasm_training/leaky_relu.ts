/**
 * Leaky ReLU without branches. The stock kernel branches on the sign of every value, which a
 * processor cannot predict, and its gradient (Greater, then Select) does so twice; multiplying by 1
 * or the slope is more than ten times as fast.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, consume, runKernel } from "./kernel.ts";
import { takingTruths } from "./number_types.ts";

/** x where it is positive, alpha x elsewhere, in the shape of x. */
export function leaky(
  stock: StockKernels,
  backend: WasmBackend,
  x: tf.TensorInfo,
  alpha: number,
): tf.TensorInfo {
  return consume(
    backend,
    runKernel(stock("Step"), backend, { x }, { alpha }),
    (factor) => runKernel(stock("Multiply"), backend, { a: x, b: factor }, {}),
  );
}

function buildLeakyRelu(stock: StockKernels): tf.KernelFunc {
  const slow = takingTruths(stock("LeakyRelu"), "float32");
  return asKernel<{ readonly x: tf.TensorInfo }, { readonly alpha: number }>(
    ({ inputs: { x }, attrs: { alpha }, backend }) =>
      x.dtype === "float32"
        ? leaky(stock, backend, x, alpha)
        : runKernel(slow, backend, { x }, { alpha }),
  );
}

/** Kernel of the activation; its gradient is {@linkcode LEAKY_RELU_GRADIENT}. */
export const LEAKY_RELU_KERNELS: readonly TrainingKernel[] = [
  { name: "LeakyRelu", stock: "slow", build: buildLeakyRelu },
];

/** Gradient of LeakyRelu with tfjs's own values, from kernels that every backend has. */
export const LEAKY_RELU_GRADIENT: tf.GradConfig = {
  kernelName: "LeakyRelu",
  inputsToSave: ["x"],
  gradFunc: (dy, saved, attrs) => ({
    x: () => tf.mul(dy as tf.Tensor, tf.step(saved[0]!, attrs["alpha"] as number)),
  }),
};
