/**
 * Matrix products in plain loops with sums in double precision, as on the cpu backend: for small
 * matrices no slower than calling a kernel, and closer to the cpu backend's numbers; for whole numbers
 * exact.
 */
import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import { broadcast_util } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "./kernel.ts";
import { sizeOf } from "./kernel.ts";
import { stridesOf } from "./strided.ts";

/** Most multiplications of a small product, which takes about 10 us. */
const SMALL = 1 << 13;

/** The operands of a product. */
export interface Operands {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

/** Which operands are transposed. */
export interface Transpositions {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The axes of a product: a is [m x inner] and b [inner x n] in each batch, once transposed. */
export function axesOf({ a, b }: Operands, { transposeA, transposeB }: Transpositions): {
  readonly m: number;
  readonly inner: number;
  readonly n: number;
} {
  return {
    m: a.shape.at(transposeA ? -1 : -2)!,
    inner: a.shape.at(transposeA ? -2 : -1)!,
    n: b.shape.at(transposeB ? -2 : -1)!,
  };
}

/** For each batch of the result, the number of an operand's matrix. */
function matricesOf(shape: readonly number[], batch: readonly number[]): Int32Array {
  const own = shape.slice(0, -2);
  const strides = stridesOf(own);
  const missing = batch.length - own.length;
  const places = new Int32Array(sizeOf(batch));
  for (let s = 0; s < places.length; s++) {
    let rest = s;
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      const at = rest % batch[axis]!;
      rest = (rest - at) / batch[axis]!;
      if (axis >= missing && own[axis - missing] !== 1) places[s]! += at * strides[axis - missing]!;
    }
  }
  return places;
}

/** The product of matrices whose batches broadcast to one another, of any type of number. */
export function plainProduct(
  backend: WasmBackend,
  operands: Operands,
  transpositions: Transpositions,
  dtype: DataType = "float32",
): TensorInfo {
  const { a, b } = operands;
  const { m, inner, n } = axesOf(operands, transpositions);
  const batch = broadcast_util.assertAndGetBroadcastShape(
    a.shape.slice(0, -2),
    b.shape.slice(0, -2),
  );
  const [ofA, ofB] = [matricesOf(a.shape, batch), matricesOf(b.shape, batch)];
  const result = backend.makeOutput([...batch, m, n], dtype);
  const [x, y, z] = [a, b, result].map((tensor) => backend.typedArrayFromHeap(tensor));
  const [rowA, stepA] = transpositions.transposeA ? [1, m] : [inner, 1];
  const [columnB, stepB] = transpositions.transposeB ? [inner, 1] : [1, n];
  let place = 0;
  for (let s = 0; s < ofA.length; s++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        let atA = ofA[s]! * m * inner + i * rowA;
        let atB = ofB[s]! * inner * n + j * columnB;
        for (let k = 0; k < inner; k++, atA += stepA, atB += stepB) sum += x![atA]! * y![atB]!;
        z![place++] = sum;
      }
    }
  }
  return result;
}

/** The product if it is small and its batches have equal shapes, else null. */
export function smallProduct(
  backend: WasmBackend,
  operands: Operands,
  transpositions: Transpositions,
): TensorInfo | null {
  const { a, b } = operands;
  const { m, inner, n } = axesOf(operands, transpositions);
  const batch = a.shape.slice(0, -2);
  if (!isSmall(sizeOf(batch) * m * inner * n)) return null;
  if (String(batch) !== String(b.shape.slice(0, -2))) return null;
  return plainProduct(backend, operands, transpositions);
}

/** Whether a product of this many multiplications is small. */
export function isSmall(multiplications: number): boolean {
  return multiplications <= SMALL;
}
