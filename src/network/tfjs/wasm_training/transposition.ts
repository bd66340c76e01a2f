/**
 * Transposed matrices, in blocks that stay in the cache: the stock kernel takes about 15 ns per
 * number of a large one, as long as the product for which it is needed.
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, floats, runKernel, sizeOf } from "./kernel.ts";
import { stridesOf } from "./strided.ts";

/** Rows and columns per block. */
const BLOCK = 16;

/** Transposes one matrix [rows x columns] that begins at `start` of both arrays. */
function transposeMatrix(
  from: Float32Array,
  to: Float32Array,
  start: number,
  rows: number,
  columns: number,
): void {
  for (let top = 0; top < rows; top += BLOCK) {
    const bottom = Math.min(rows, top + BLOCK);
    for (let left = 0; left < columns; left += BLOCK) {
      const right = Math.min(columns, left + BLOCK);
      for (let j = left; j < right; j++) {
        const column = start + j * rows;
        let place = start + top * columns + j;
        for (let i = top; i < bottom; i++, place += columns) to[column + i] = from[place]!;
      }
    }
  }
}

/** Floats with their last two axes swapped. */
export function swapLastAxes(backend: WasmBackend, x: TensorInfo): TensorInfo {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const result = backend.makeOutput([...x.shape.slice(0, -2), columns, rows], "float32");
  const [from, to] = [floats(backend, x), floats(backend, result)];
  for (let start = 0; start < from.length; start += rows * columns) {
    transposeMatrix(from, to, start, rows, columns);
  }
  return result;
}

/** Axes in another order, but for the last: whole rows are moved. */
function moveRows(
  from: Float32Array,
  to: Float32Array,
  shape: readonly number[],
  perm: readonly number[],
): void {
  const width = shape.at(-1)!;
  const strides = stridesOf(shape);
  const steps = perm.slice(0, -1).map((axis) => strides[axis]!);
  const sizes = perm.slice(0, -1).map((axis) => shape[axis]!);
  const index = new Array<number>(sizes.length).fill(0);
  let start = 0;
  for (let place = 0; place < to.length; place += width) {
    for (let i = 0; i < width; i++) to[place + i] = from[start + i]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      start += steps[axis]!;
      if (++index[axis]! < sizes[axis]!) break;
      start -= sizes[axis]! * steps[axis]!;
      index[axis] = 0;
    }
  }
}

/** The kernel `Transpose`. */
export function buildTranspose(stock: StockKernels): KernelFunc {
  const slow = stock("Transpose");
  type Inputs = { readonly x: TensorInfo };
  return asKernel<Inputs, { readonly perm: number[] }>(({ inputs: { x }, attrs, backend }) => {
    const { perm } = attrs;
    if (sizeOf(x.shape) === 0) return backend.makeOutput(perm.map((i) => x.shape[i]!), x.dtype);
    const last = perm.length - 1;
    if (x.dtype !== "float32" || last < 1 || perm.every((axis, i) => axis === i)) {
      return runKernel(slow, backend, { x }, { ...attrs });
    }
    if (perm[last] === last) {
      const result = backend.makeOutput(perm.map((axis) => x.shape[axis]!), "float32");
      moveRows(floats(backend, x), floats(backend, result), x.shape, perm);
      return result;
    }
    const isSwap = perm.every((axis, i) => axis === (i < last - 1 ? i : 2 * last - 1 - i));
    return isSwap ? swapLastAxes(backend, x) : runKernel(slow, backend, { x }, { ...attrs });
  });
}

/** Kernel of transpositions. */
export const TRANSPOSITION_KERNELS: readonly TrainingKernel[] = [
  { name: "Transpose", stock: "slow", build: buildTranspose },
];
