/**
 * Copies and casts. The stock `Identity` copies the data where other backends share them, so that
 * every gradient that keeps a tensor looks like a leak to tfjs (tfjs#6518); the stock `Cast` to
 * bool keeps numbers such as 3, and converts fractions to false.
 */
import type { DataType, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, runKernel, share } from "./kernel.ts";

type Inputs = { readonly x: TensorInfo };

function buildIdentity(stock: StockKernels): KernelFunc {
  const copy = stock("Identity");
  return asKernel<Inputs, Record<never, never>>(({ inputs: { x }, backend }) =>
    x.dtype === "string" ? runKernel(copy, backend, { x }, {}) : share(backend, x)
  );
}

/** A tensor of another type, as the cpu backend casts: towards zero to int32, "not 0" to bool. */
export function castTo(backend: WasmBackend, x: TensorInfo, dtype: DataType): TensorInfo {
  if (x.dtype === dtype) return share(backend, x);
  const result = backend.makeOutput(x.shape, dtype);
  const from = backend.typedArrayFromHeap(x);
  const to = backend.typedArrayFromHeap(result);
  if (dtype === "bool") {
    for (let i = 0; i < to.length; i++) to[i] = from[i] !== 0 ? 1 : 0;
  } else {
    to.set(from);
  }
  return result;
}

const PLAIN: readonly string[] = ["float32", "int32", "bool"];

function buildCast(stock: StockKernels): KernelFunc {
  const slow = stock("Cast");
  return asKernel<Inputs, { readonly dtype: DataType }>(({ inputs: { x }, attrs, backend }) =>
    PLAIN.includes(x.dtype) && PLAIN.includes(attrs.dtype)
      ? castTo(backend, x, attrs.dtype)
      : runKernel(slow, backend, { x }, { ...attrs })
  );
}

/** Kernels of copies that share the data, and of casts. */
export const SHARING_KERNELS: readonly TrainingKernel[] = [
  { name: "Identity", stock: "wrong", build: buildIdentity },
  { name: "Cast", stock: "wrong", build: buildCast },
];
