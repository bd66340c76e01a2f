/**
 * Operations on each element that the stock kernels have wrong: `ClipByValue`, `Relu6`, `Maximum`
 * and `Minimum` lose NaN, `ClipByValue` reads integers as floats, `Prelu` ignores the shape of alpha,
 * and `FloorDiv` gives floats where the other backends give integers.
 *
 * @module
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { backend_util } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, Values, WasmBackend } from "./kernel.ts";
import { asKernel, consume, runKernel } from "./kernel.ts";
import { castTo } from "./sharing.ts";
import { broadcast } from "./strided.ts";

type ClipAttributes = { readonly clipValueMin: number; readonly clipValueMax: number };

const clip: KernelFunc = asKernel<{ readonly x: TensorInfo }, ClipAttributes>(
  ({ inputs: { x }, attrs: { clipValueMin: least, clipValueMax: most }, backend }) => {
    const result = backend.makeOutput(x.shape, x.dtype);
    const from = backend.typedArrayFromHeap(x);
    const to = backend.typedArrayFromHeap(result);
    for (let i = 0; i < to.length; i++) {
      const value = from[i]!;
      to[i] = value > most ? most : value < least ? least : value;
    }
    return result;
  },
);

/** x from 0 to 6. */
export function relu6(backend: WasmBackend, x: TensorInfo): TensorInfo {
  const result = backend.makeOutput(x.shape, x.dtype);
  const from = backend.typedArrayFromHeap(x);
  const to = backend.typedArrayFromHeap(result);
  for (let i = 0; i < to.length; i++) to[i] = Math.min(Math.max(0, from[i]!), 6);
  return result;
}

const relu6Kernel: KernelFunc = asKernel<{ readonly x: TensorInfo }, unknown>(
  ({ inputs: { x }, backend }) => relu6(backend, x),
);

/** Fills `result` from two arrays of its length. */
type Loop = (a: Values, b: Values, result: Values) => void;

function combine(
  backend: WasmBackend,
  a: TensorInfo,
  b: TensorInfo,
  dtype: TensorInfo["dtype"],
  loop: Loop,
): TensorInfo {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const result = backend.makeOutput(shape, dtype);
  const values = (x: TensorInfo) => broadcast(backend.typedArrayFromHeap(x), x.shape, shape);
  loop(values(a), values(b), backend.typedArrayFromHeap(result));
  return result;
}

// One function each, and not one with the operation as an argument: a call per element is slow.

function fillMaxima(a: Values, b: Values, result: Values): void {
  for (let i = 0; i < result.length; i++) result[i] = Math.max(a[i]!, b[i]!);
}

function fillMinima(a: Values, b: Values, result: Values): void {
  for (let i = 0; i < result.length; i++) result[i] = Math.min(a[i]!, b[i]!);
}

function fillPrelu(x: Values, alpha: Values, result: Values): void {
  for (let i = 0; i < result.length; i++) {
    const value = x[i]!;
    result[i] = value < 0 ? value * alpha[i]! : value;
  }
}

type Pair = { readonly a: TensorInfo; readonly b: TensorInfo };

function extreme(loop: Loop): KernelFunc {
  return asKernel<Pair, unknown>(({ inputs: { a, b }, backend }) =>
    combine(backend, a, b, a.dtype, loop)
  );
}

/** x where it is not below zero, alpha x elsewhere; alpha broadcasts to the shape of x. */
export function prelu(backend: WasmBackend, x: TensorInfo, alpha: TensorInfo): TensorInfo {
  return combine(backend, x, alpha, "float32", fillPrelu);
}

const preluKernel: KernelFunc = asKernel<
  { readonly x: TensorInfo; readonly alpha: TensorInfo },
  unknown
>(({ inputs: { x, alpha }, backend }) => prelu(backend, x, alpha));

function buildFloorDiv(stock: StockKernels): KernelFunc {
  const divide = stock("FloorDiv");
  return asKernel<Pair, unknown>(({ inputs, backend }) => {
    const quotient = runKernel(divide, backend, { ...inputs }, {});
    return consume(backend, quotient, (q) => castTo(backend, q, "int32"));
  });
}

/** Clipping, extremes, and leaky ReLU with slopes that are learned. */
export const ELEMENTWISE_KERNELS: readonly TrainingKernel[] = [
  { name: "ClipByValue", stock: "wrong", build: () => clip },
  { name: "Relu6", stock: "wrong", build: () => relu6Kernel },
  { name: "Maximum", stock: "wrong", build: () => extreme(fillMaxima) },
  { name: "Minimum", stock: "wrong", build: () => extreme(fillMinima) },
  { name: "Prelu", stock: "wrong", build: () => preluKernel },
  { name: "FloorDiv", stock: "wrong", build: buildFloorDiv },
];
