/**
 * Training on tfjs's wasm backend. As shipped (4.22) that backend lacks gradient kernels, has one
 * that is silently wrong, and takes scalar paths in others; {@linkcode registerWasmTraining}
 * registers correct and fast ones, for any tfjs program.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import "@tensorflow/tfjs-backend-wasm";
 * import { registerWasmTraining } from "@clusters/terse/tfjs-wasm-training";
 * import { assertEquals } from "@std/assert";
 *
 * await tf.setBackend("wasm");
 * registerWasmTraining();
 * const gradient = tf.tidy(() => {
 *   const image = tf.ones([1, 5, 5, 1]) as tf.Tensor4D;
 *   const loss = (filter: tf.Tensor) => tf.conv2d(image, filter as tf.Tensor4D, 1, "valid").sum();
 *   return tf.grad(loss)(tf.zeros([3, 3, 1, 1])).dataSync();
 * });
 * assertEquals([...gradient], Array(9).fill(9));
 * ```
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { ARRANGING_KERNELS } from "./wasm_training/arranging.ts";
import { CHOOSING_KERNELS } from "./wasm_training/choosing.ts";
import { CONVOLUTION_KERNELS } from "./wasm_training/convolution.ts";
import { COUNTING_KERNELS } from "./wasm_training/counting.ts";
import { DEPTHWISE_CONVOLUTION_KERNELS } from "./wasm_training/depthwise_convolution.ts";
import { DILATION_KERNELS } from "./wasm_training/dilation.ts";
import { EINSUM_GRADIENT, EINSUM_KERNELS } from "./wasm_training/einsum.ts";
import { ELEMENTWISE_KERNELS } from "./wasm_training/elementwise.ts";
import { registerMissingGradients } from "./wasm_training/gradients/missing.ts";
import { IMAGE_MOVING_KERNELS } from "./wasm_training/image_moves.ts";
import { INDEXING_KERNELS } from "./wasm_training/indexing.ts";
import type { StockKernels, TrainingKernel } from "./wasm_training/kernel.ts";
import { LEAKY_RELU_GRADIENT, LEAKY_RELU_KERNELS } from "./wasm_training/leaky_relu.ts";
import { MANY_AXES_KERNELS } from "./wasm_training/many_axes.ts";
import { MATRIX_PRODUCT_KERNELS } from "./wasm_training/matrix_product.ts";
import { NUMBER_TYPE_KERNELS } from "./wasm_training/number_types.ts";
import { PLACING_KERNELS } from "./wasm_training/placing.ts";
import { POOLING_KERNELS } from "./wasm_training/pooling.ts";
import { freeingOnError } from "./wasm_training/refusals.ts";
import { REDUCTION_KERNELS } from "./wasm_training/reductions.ts";
import { RESIZING_KERNELS } from "./wasm_training/resizing.ts";
import { SHARING_KERNELS } from "./wasm_training/sharing.ts";
import { TRANSPOSITION_KERNELS } from "./wasm_training/transposition.ts";
import { VOLUME_CONVOLUTION_KERNELS } from "./wasm_training/volume_convolution.ts";

const KERNELS: readonly TrainingKernel[] = [
  ...MATRIX_PRODUCT_KERNELS,
  ...LEAKY_RELU_KERNELS,
  ...CONVOLUTION_KERNELS,
  ...DEPTHWISE_CONVOLUTION_KERNELS,
  ...VOLUME_CONVOLUTION_KERNELS,
  ...POOLING_KERNELS,
  ...DILATION_KERNELS,
  ...RESIZING_KERNELS,
  ...INDEXING_KERNELS,
  ...PLACING_KERNELS,
  ...COUNTING_KERNELS,
  ...TRANSPOSITION_KERNELS,
  ...ARRANGING_KERNELS,
  ...ELEMENTWISE_KERNELS,
  ...SHARING_KERNELS,
  ...MANY_AXES_KERNELS,
  ...REDUCTION_KERNELS,
  ...CHOOSING_KERNELS,
  ...NUMBER_TYPE_KERNELS,
  ...IMAGE_MOVING_KERNELS,
  ...EINSUM_KERNELS,
];

/** A kernel that training needs on the wasm backend, and the state of tfjs's own. */
export interface WasmTrainingKernel {
  /** tfjs's name of the kernel. */
  readonly name: string;
  /** The state of tfjs 4.22's kernel of that name. */
  readonly stock: "missing" | "wrong" | "slow";
}

/** How {@linkcode registerWasmTraining} builds the kernels. */
export interface WasmTrainingOptions {
  /**
   * "as cpu", the default, gives what tfjs's cpu backend gives, so that a program's losses agree.
   * "exact" gives derivatives where the cpu backend does not: of padded mean pools, of max pools of
   * volumes whose window is higher than wide or the reverse, of images resized to the nearest
   * neighbor in batches, of images resized with half-pixel centers, and of convolutions and pools of
   * images whose number of outputs is rounded up.
   */
  readonly gradients?: "as cpu" | "exact";
}

/** The kernels that {@linkcode registerWasmTraining} registers. */
export const WASM_TRAINING_KERNELS: readonly WasmTrainingKernel[] = KERNELS.map(
  ({ name, stock }) => ({ name, stock }),
);

/**
 * Registers the kernels of {@linkcode WASM_TRAINING_KERNELS} on tfjs's wasm backend, and a faster
 * gradient of LeakyRelu, with the same values, on all. Where tfjs-core's gradients are not registered,
 * as in a program that imports tfjs-core alone, registers others in their place. Calling it again
 * changes nothing.
 *
 * @returns The kernels' names; none if all were registered before
 * @throws {Error} If the wasm backend is not registered, because its package is not imported
 */
export function registerWasmTraining(options: WasmTrainingOptions = {}): string[] {
  if (!tf.getKernel("BatchMatMul", "wasm")) {
    throw new Error(
      "Cannot register training kernels: tfjs has no wasm backend, import @tensorflow/tfjs-backend-wasm first",
    );
  }
  if (isRegistered(KERNELS[0]!.name)) return [];
  const stockKernels = new Map(
    tf.getKernelsForBackend("wasm").map((kernel) => [kernel.kernelName, kernel] as const),
  );
  const stock: StockKernels = (name) => stockKernels.get(name)!.kernelFunc;
  for (const { name, build } of KERNELS) {
    const config: MarkedConfig = {
      ...stockKernels.get(name),
      kernelName: name,
      backendName: "wasm",
      kernelFunc: freeingOnError(build(stock, { exact: options.gradients === "exact" })),
      registeredBy: MARK,
    };
    if (stockKernels.has(name)) tf.unregisterKernel(name, "wasm");
    tf.registerKernel(config);
  }
  registerMissingGradients();
  tf.registerGradient(LEAKY_RELU_GRADIENT);
  tf.registerGradient(EINSUM_GRADIENT);
  return KERNELS.map(({ name }) => name);
}

/** A mark in the record of our kernels, which distinguishes them from stock ones. */
const MARK = "@clusters/terse";

interface MarkedConfig extends tf.KernelConfig {
  readonly registeredBy: string;
}

function isRegistered(name: string): boolean {
  return (tf.getKernel(name, "wasm") as Partial<MarkedConfig>).registeredBy === MARK;
}
