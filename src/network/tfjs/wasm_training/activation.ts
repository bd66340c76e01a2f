/** The activations that fused kernels apply to their result. */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { hasSimd, prelu, relu, relu6 } from "./elementwise.ts";
import type { StockKernels, WasmBackend } from "./kernel.ts";
import { consume, runKernel } from "./kernel.ts";
import { leaky } from "./leaky_relu.ts";

/** An activation as fused kernels are given it. */
export interface Activation {
  readonly activation: string;
  readonly leakyreluAlpha?: number;
  /** Slopes of "prelu". */
  readonly alpha?: TensorInfo;
}

/** Kernels of activations that have their own. */
const KERNELS: Readonly<Record<string, string>> = {
  sigmoid: "Sigmoid",
  elu: "Elu",
};

/** Activations that the stock fused kernels apply correctly and fast. */
const FUSED: readonly string[] = ["linear", "relu", "sigmoid", "elu"];

/** Whether the stock fused kernels apply an activation correctly. */
export function isFused(activation: string): boolean {
  return FUSED.includes(activation) && (activation !== "relu" || hasSimd());
}

/**
 * Applies an activation to a result that is no longer needed.
 *
 * @throws {Error} If the activation is unknown
 */
export function activate(
  stock: StockKernels,
  backend: WasmBackend,
  z: TensorInfo,
  { activation, leakyreluAlpha, alpha }: Activation,
): TensorInfo {
  if (activation === "linear") return z;
  return consume(backend, z, (x) => {
    if (activation === "leakyrelu") return leaky(stock, backend, x, leakyreluAlpha ?? 0);
    if (activation === "relu") return relu(stock, backend, x);
    if (activation === "relu6") return relu6(stock, backend, x);
    if (activation === "prelu") return prelu(stock, backend, x, alpha!);
    const kernel = KERNELS[activation];
    if (kernel === undefined) {
      throw new Error(
        `Cannot apply activation ${activation} on wasm: linear, relu, relu6, elu, sigmoid, leakyrelu or prelu is needed`,
      );
    }
    return runKernel(stock(kernel), backend, { x }, {});
  });
}

/** Adds a bias and applies an activation to a result that is no longer needed. */
export function finish(
  stock: StockKernels,
  backend: WasmBackend,
  z: TensorInfo,
  bias: TensorInfo | undefined,
  activation: Activation,
): TensorInfo {
  const biased = bias
    ? consume(backend, z, (a) => runKernel(stock("Add"), backend, { a, b: bias }, {}))
    : z;
  return activate(stock, backend, biased, activation);
}
