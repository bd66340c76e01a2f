/** Reductions of tensors without elements, whose result the stock kernels leave unwritten. */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel } from "./kernel.ts";
import { asKernel, runKernel, sizeOf } from "./kernel.ts";

/** Results of the cpu backend for tensors without elements. */
const OF_NOTHING: Readonly<Record<string, number>> = {
  Sum: 0,
  Mean: 0,
  Prod: 1,
  Max: NaN,
  Min: NaN,
  All: 0,
  Any: 0,
};

function buildReduction(name: string, value: number): (stock: StockKernels) => KernelFunc {
  return (stock) => {
    const shipped = stock(name);
    return asKernel<{ readonly x: TensorInfo }, Record<string, unknown>>(
      ({ inputs: { x }, attrs, backend }) => {
        const result = runKernel(shipped, backend, { x }, attrs);
        if (sizeOf(x.shape) === 0) backend.typedArrayFromHeap(result).fill(value);
        return result;
      },
    );
  };
}

/** Kernels of sums, products, extremes and the like. */
export const REDUCTION_KERNELS: readonly TrainingKernel[] = Object.entries(OF_NOTHING).map(
  ([name, value]) => ({ name, stock: "wrong", build: buildReduction(name, value) }),
);
