/**
 * Products of two matrices with a long inner axis. XNNPACK adds its terms in float32 one after the
 * other, so that a sum of a million equal terms is off by several percent; here it adds a part of the
 * axis at a time, and the parts are added in double precision.
 */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { buildSlice } from "./indexing.ts";
import type { StockKernels, WasmBackend } from "./kernel.ts";
import { consume, floats, runKernel, sizeOf } from "./kernel.ts";
import type { Operands, Transpositions } from "./small_product.ts";
import { axesOf, plainProduct } from "./small_product.ts";

/** Longest inner axis that XNNPACK is given whole: it keeps packed weights for the next product. */
export const LONGEST: number = 1 << 15;

/** Terms that XNNPACK adds at a time, with an error of some 1e-5 at most. */
const PART = 1024;

/** Most results that are summed in plain loops, which copy nothing. */
const FEW = 16;

/** Part of an operand along the inner axis, which is its last or the one before. */
function cut(
  stock: StockKernels,
  backend: WasmBackend,
  x: TensorInfo,
  isLast: boolean,
  start: number,
): TensorInfo {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const length = Math.min(PART, (isLast ? columns : rows) - start);
  const [begin, size] = isLast ? [[0, start], [rows, length]] : [[start, 0], [length, columns]];
  const matrix = { ...x, shape: [rows, columns] };
  return runKernel(buildSlice(stock), backend, { x: matrix }, { begin, size });
}

/**
 * A product in parts, or null if the inner axis is no longer than `longest`, or there are batches.
 *
 * @param multiply Product of two matrices
 */
export function longProduct(
  stock: StockKernels,
  backend: WasmBackend,
  operands: Operands,
  transpositions: Transpositions & { readonly longest?: number },
  multiply: (operands: Operands) => TensorInfo,
): TensorInfo | null {
  const { a, b } = operands;
  const { transposeA, transposeB, longest = LONGEST } = transpositions;
  const { m, inner, n } = axesOf(operands, transpositions);
  const batch = sizeOf([...a.shape.slice(0, -2), ...b.shape.slice(0, -2)]);
  if (inner <= longest || batch !== 1) return null;
  if (m * n <= FEW) return plainProduct(backend, operands, transpositions);
  const sums = new Float64Array(m * n);
  for (let start = 0; start < inner; start += PART) {
    const part = consume(
      backend,
      cut(stock, backend, a, !transposeA, start),
      (left) =>
        consume(
          backend,
          cut(stock, backend, b, transposeB, start),
          (right) => multiply({ a: left, b: right }),
        ),
    );
    consume(backend, part, (p) => {
      const values = floats(backend, p);
      for (let i = 0; i < sums.length; i++) sums[i]! += values[i]!;
    });
  }
  const shape = [a, b].map((x) => x.shape.slice(0, -2)).sort((x, y) => y.length - x.length)[0]!;
  const result = backend.makeOutput([...shape, m, n], "float32");
  floats(backend, result).set(sums);
  return result;
}
