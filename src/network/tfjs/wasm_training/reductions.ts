/**
 * Reductions. The stock `Sum`, `Mean` and `Prod` add in float32 one after the other, so that the mean
 * of ten million times 0.1 is 0.1088; here sums and products are in double precision, as on the cpu
 * backend. The stock kernels leave the result for a tensor without elements unwritten.
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { backend_util, util } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, Values, WasmBackend } from "./kernel.ts";
import { asKernel, consume, runKernel, share, sizeOf } from "./kernel.ts";
import { buildTranspose } from "./transposition.ts";

type Input = { readonly x: TensorInfo };

interface Attributes {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/** Reduces the middle axis of values [outer x count x inner]. */
type Loop = (x: Values, y: Values, count: number, inner: number) => void;

/** Sums times `factor`. */
function fillSums(x: Values, y: Values, count: number, inner: number, factor: number): void {
  if (inner === 1) {
    for (let o = 0, at = 0; o < y.length; o++) {
      // Four sums, since one would wait for each addition.
      let [a, b, c, d] = [0, 0, 0, 0];
      const end = at + count;
      for (; at + 4 <= end; at += 4) {
        a += x[at]!;
        b += x[at + 1]!;
        c += x[at + 2]!;
        d += x[at + 3]!;
      }
      for (; at < end; at++) a += x[at]!;
      y[o] = (a + b + (c + d)) * factor;
    }
    return;
  }
  const sums = new Float64Array(inner);
  for (let start = 0, at = 0; start < y.length; start += inner) {
    sums.fill(0);
    for (let k = 0; k < count; k++) for (let i = 0; i < inner; i++) sums[i]! += x[at++]!;
    for (let i = 0; i < inner; i++) y[start + i] = sums[i]! * factor;
  }
}

const addUp: Loop = (x, y, count, inner) => fillSums(x, y, count, inner, 1);
const average: Loop = (x, y, count, inner) => fillSums(x, y, count, inner, 1 / count);

const multiply: Loop = (x, y, count, inner) => {
  const products = new Float64Array(inner);
  for (let start = 0, at = 0; start < y.length; start += inner) {
    products.fill(1);
    for (let k = 0; k < count; k++) for (let i = 0; i < inner; i++) products[i]! *= x[at++]!;
    for (let i = 0; i < inner; i++) y[start + i] = products[i]!;
  }
};

/** A tensor whose reduced axes are neighbors, with its sizes before, of and after them. */
interface Block {
  readonly tensor: TensorInfo;
  readonly count: number;
  readonly inner: number;
}

/** The reduced axes side by side, moved behind the others if they are not. */
function bringTogether(
  stock: StockKernels,
  backend: WasmBackend,
  x: TensorInfo,
  axes: readonly number[],
): Block {
  if (axes.length === 0) return { tensor: share(backend, x), count: 1, inner: 1 };
  const count = sizeOf(axes.map((axis) => x.shape[axis]!));
  const [first, last] = [Math.min(...axes), Math.max(...axes)];
  if (last - first + 1 === axes.length) {
    return { tensor: share(backend, x), count, inner: sizeOf(x.shape.slice(last + 1)) };
  }
  const kept = [...x.shape.keys()].filter((axis) => !axes.includes(axis));
  const perm = [...kept, ...axes];
  return { tensor: runKernel(buildTranspose(stock), backend, { x }, { perm }), count, inner: 1 };
}

/** Sum or other reduction of floats over some axes, in double precision. */
function reduce(
  stock: StockKernels,
  backend: WasmBackend,
  x: TensorInfo,
  { axis, keepDims }: Attributes,
  loop: Loop,
): TensorInfo {
  const axes = [...new Set(util.parseAxisParam(axis, x.shape))].sort((a, b) => a - b);
  const [kept] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept;
  const { tensor, count, inner } = bringTogether(stock, backend, x, axes);
  return consume(backend, tensor, (values) => {
    const result = backend.makeOutput(shape, "float32");
    loop(backend.typedArrayFromHeap(values), backend.typedArrayFromHeap(result), count, inner);
    return result;
  });
}

/** Sums of floats over some axes. */
export function sumFloats(
  stock: StockKernels,
  backend: WasmBackend,
  x: TensorInfo,
  axis: number[],
): TensorInfo {
  return reduce(stock, backend, x, { axis, keepDims: false }, addUp);
}

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

/** Reductions in double precision; the means of whole numbers are floats. */
const LOOPS: Readonly<Record<string, Loop>> = { Sum: addUp, Mean: average, Prod: multiply };

function buildReduction(name: string, value: number): (stock: StockKernels) => KernelFunc {
  return (stock) => {
    const shipped = stock(name);
    const loop = LOOPS[name];
    return asKernel<Input, Attributes>(({ inputs: { x }, attrs, backend }) => {
      const isEmpty = sizeOf(x.shape) === 0;
      if (loop && !isEmpty && (x.dtype === "float32" || name === "Mean")) {
        return reduce(stock, backend, x, attrs, loop);
      }
      const result = runKernel(shipped, backend, { x }, { ...attrs });
      if (isEmpty) backend.typedArrayFromHeap(result).fill(value);
      return result;
    });
  };
}

type Logits = { readonly logits: TensorInfo };

/** The stock kernel behind a check of its axis: a scalar has none, and would be left unwritten. */
function buildSoftmax(stock: StockKernels): KernelFunc {
  const shipped = stock("Softmax");
  return asKernel<Logits, { readonly dim: number }>(({ inputs, attrs, backend }) => {
    util.parseAxisParam(attrs.dim, inputs.logits.shape);
    return runKernel(shipped, backend, inputs, { ...attrs });
  });
}

/** Kernels of sums, products, extremes and the like. */
export const REDUCTION_KERNELS: readonly TrainingKernel[] = [
  ...Object.entries(OF_NOTHING).map(([name, value]): TrainingKernel => ({
    name,
    stock: "wrong",
    build: buildReduction(name, value),
  })),
  { name: "Softmax", stock: "wrong", build: buildSoftmax },
];
