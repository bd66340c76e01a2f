/**
 * Convolutions and their gradients as matrix products over patches: with patches as rows, output =
 * patches x filter; hence d filter = patches' x dy, and d patches = dy x filter', which are then
 * added up in place. Any stride, padding and dilation, in two dimensions and in three.
 */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { buildSlice } from "./indexing.ts";
import type { StockKernels, WasmBackend } from "./kernel.ts";
import { consume, floats, runKernel, sizeOf, withShape, zeros } from "./kernel.ts";
import { product } from "./matrix_product.ts";
import type { Chunk } from "./patches.ts";
import { chunksOf, fold, patchWidth, unfold } from "./patches.ts";
import type { Windows } from "./windows.ts";
import { volume } from "./windows.ts";

/** Arguments of all functions here: the backend, its stock kernels and the geometry. */
export interface Convolution {
  readonly stock: StockKernels;
  readonly backend: WasmBackend;
  readonly windows: Windows;
}

/** The first of a chunk's positions in the batch, and their number. */
function positionsOf({ output: [depth, height, width] }: Windows, chunk: Chunk): [number, number] {
  const first = (chunk.first * depth * height + chunk.line) * width;
  return [first, chunk.count * chunk.lines * width];
}

/** The rows [rows x channels] of a chunk's positions of a tensor [images, ..., channels]. */
function withRows<T>(
  { stock, backend, windows }: Convolution,
  tensor: TensorInfo,
  chunk: Chunk,
  use: (rows: TensorInfo) => T,
): T {
  const channels = tensor.shape.at(-1)!;
  const rows = withShape(tensor, [sizeOf(tensor.shape) / channels, channels]);
  const [first, count] = positionsOf(windows, chunk);
  if (count === rows.shape[0]) return use(rows);
  const attrs = { begin: [first, 0], size: [count, channels] };
  return consume(backend, runKernel(buildSlice(stock), backend, { x: rows }, attrs), use);
}

function unfoldChunk(
  { backend, windows }: Convolution,
  x: TensorInfo,
  chunk: Chunk,
  runs: Int32Array,
): TensorInfo {
  const [, rows] = positionsOf(windows, chunk);
  const patches = backend.makeOutput([rows, patchWidth(windows)], "float32");
  const images = floats(backend, x).subarray(
    chunk.first * volume(windows.input) * windows.channels,
  );
  unfold(images, floats(backend, patches), runs, windows, chunk);
  return patches;
}

/** The filter [..., channels, filters] as the matrix by which patches are multiplied. */
function asMatrix(filter: TensorInfo): TensorInfo {
  const filters = filter.shape.at(-1)!;
  return withShape(filter, [sizeOf(filter.shape) / filters, filters]);
}

const isEmpty = (...tensors: TensorInfo[]): boolean =>
  tensors.some(({ shape }) => sizeOf(shape) === 0);

/** The convolution. */
export function convolvePatches(
  convolution: Convolution,
  x: TensorInfo,
  filter: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const { stock, backend, windows } = convolution;
  const result = zeros(backend, shape);
  if (isEmpty(x, filter, result)) return result;
  for (const { runs, ...chunk } of chunksOf(windows)) {
    const patches = unfoldChunk(convolution, x, chunk, runs);
    const attrs = { transposeA: false, transposeB: false };
    const rows = consume(
      backend,
      patches,
      (a) => product(stock, backend, { a, b: asMatrix(filter) }, attrs),
    );
    const start = positionsOf(windows, chunk)[0] * filter.shape.at(-1)!;
    consume(backend, rows, (r) => floats(backend, result).set(floats(backend, r), start));
  }
  return result;
}

/** Most terms of a sum over pixels that is left in float32. */
const LONGEST_SUM = 4096;

/** The gradient by the filter. */
export function differentiateFilter(
  convolution: Convolution,
  x: TensorInfo,
  dy: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const { stock, backend, windows } = convolution;
  const total = zeros(backend, shape);
  if (isEmpty(x, dy, total)) return total;
  const sums = new Float64Array(sizeOf(shape));
  for (const { runs, ...chunk } of chunksOf(windows)) {
    const patches = unfoldChunk(convolution, x, chunk, runs);
    const attrs = { transposeA: true, transposeB: false, longest: LONGEST_SUM };
    const gradient = consume(
      backend,
      patches,
      (a) => withRows(convolution, dy, chunk, (b) => product(stock, backend, { a, b }, attrs)),
    );
    consume(backend, gradient, (g) => {
      const part = floats(backend, g);
      for (let i = 0; i < sums.length; i++) sums[i]! += part[i]!;
    });
  }
  floats(backend, total).set(sums);
  return total;
}

/** The gradient by the input, which is a transposed convolution. */
export function differentiateInput(
  convolution: Convolution,
  dy: TensorInfo,
  filter: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const { stock, backend, windows } = convolution;
  const dx = zeros(backend, shape);
  if (isEmpty(dy, filter, dx)) return dx;
  for (const { runs, ...chunk } of chunksOf(windows)) {
    const attrs = { transposeA: false, transposeB: true };
    const patches = withRows(
      convolution,
      dy,
      chunk,
      (a) => product(stock, backend, { a, b: asMatrix(filter) }, attrs),
    );
    consume(backend, patches, (p) => {
      const start = chunk.first * volume(windows.input) * windows.channels;
      fold(floats(backend, p), floats(backend, dx).subarray(start), runs, windows, chunk);
    });
  }
  return dx;
}
