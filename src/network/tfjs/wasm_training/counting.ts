/**
 * Counts, and sums and products up to each element. The stock `Bincount` of an image gives another
 * shape than the cpu backend, which counts the whole image, and both kernels of counts overlook
 * negative numbers; the stock `Cumsum` and `Cumprod` refuse truths, and axes counted from the end make
 * them overwrite the heap.
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { util } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, consume, runKernel, share, sizeOf, withShape } from "./kernel.ts";
import { castTo } from "./sharing.ts";

type Attributes = Readonly<Record<string, unknown>>;
type Counted = { readonly x: TensorInfo; readonly weights: TensorInfo };

/** @throws {RangeError} If a number to be counted is negative, in tfjs's own words */
function checkCounted(backend: WasmBackend, x: TensorInfo): void {
  if (backend.typedArrayFromHeap(x).some((value) => value < 0)) {
    throw new RangeError("Input x must be non-negative!");
  }
}

function buildCount(name: string): (stock: StockKernels) => KernelFunc {
  return (stock) => {
    const shipped = stock(name);
    return asKernel<Counted, Attributes>(({ inputs: { x, weights }, attrs, backend }) => {
      checkCounted(backend, x);
      const counted = name === "Bincount" ? withShape(x, [sizeOf(x.shape)]) : x;
      return runKernel(shipped, backend, { x: counted, weights }, attrs);
    });
  };
}

function buildRunning(name: string): (stock: StockKernels) => KernelFunc {
  return (stock) => {
    const shipped = stock(name);
    type Input = { readonly x: TensorInfo };
    return asKernel<Input, Attributes>(({ inputs: { x }, attrs, backend }) => {
      if (sizeOf(x.shape) === 0 || x.shape.length === 0) {
        // Of a scalar the sum up to itself is itself, and without itself it is of nothing.
        return runningOfFew(backend, x, name, attrs["exclusive"] === true);
      }
      const axis = util.parseAxisParam(attrs["axis"] as number, x.shape)[0]!;
      const numbers = x.dtype === "bool" ? castTo(backend, x, "int32") : share(backend, x);
      return consume(
        backend,
        numbers,
        (values) => runKernel(shipped, backend, { x: values }, { ...attrs, axis }),
      );
    });
  };
}

/** The running sum or product of a tensor without elements or axes. */
function runningOfFew(
  backend: WasmBackend,
  x: TensorInfo,
  name: string,
  isExclusive: boolean,
): TensorInfo {
  const result = castTo(backend, x, x.dtype === "bool" ? "int32" : x.dtype);
  if (!isExclusive || sizeOf(x.shape) === 0) return result;
  return consume(backend, result, ({ shape, dtype }) => {
    const start = backend.makeOutput(shape, dtype);
    backend.typedArrayFromHeap(start).fill(name === "Cumsum" ? 0 : 1);
    return start;
  });
}

/** Kernels of counts, and of running sums and products. */
export const COUNTING_KERNELS: readonly TrainingKernel[] = [
  { name: "Bincount", stock: "wrong", build: buildCount("Bincount") },
  { name: "DenseBincount", stock: "wrong", build: buildCount("DenseBincount") },
  { name: "Cumsum", stock: "wrong", build: buildRunning("Cumsum") },
  { name: "Cumprod", stock: "wrong", build: buildRunning("Cumprod") },
];
