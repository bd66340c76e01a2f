/**
 * Small matrix products in plain loops with sums in double precision, as on the cpu backend: no
 * slower than calling a kernel, and closer to the cpu backend's numbers.
 */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "./kernel.ts";
import { floats, sizeOf } from "./kernel.ts";

/** Most multiplications of a small product, which takes about 10 us. */
const SMALL = 1 << 13;

interface Operands {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

interface Transpositions {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The product if it is small and its batches have equal shapes, else null. */
export function smallProduct(
  backend: WasmBackend,
  { a, b }: Operands,
  { transposeA, transposeB }: Transpositions,
): TensorInfo | null {
  const batch = a.shape.slice(0, -2);
  const [m, inner] = [a.shape.at(transposeA ? -1 : -2)!, a.shape.at(transposeA ? -2 : -1)!];
  const n = b.shape.at(transposeB ? -2 : -1)!;
  const count = sizeOf(batch);
  if (count * m * inner * n > SMALL || String(batch) !== String(b.shape.slice(0, -2))) return null;
  const result = backend.makeOutput([...batch, m, n], "float32");
  const [x, y, z] = [floats(backend, a), floats(backend, b), floats(backend, result)];
  const [rowA, stepA] = transposeA ? [1, m] : [inner, 1];
  const [columnB, stepB] = transposeB ? [inner, 1] : [1, n];
  let place = 0;
  for (let s = 0; s < count; s++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        let atA = s * m * inner + i * rowA;
        let atB = s * inner * n + j * columnB;
        for (let k = 0; k < inner; k++, atA += stepA, atB += stepB) sum += x[atA]! * y[atB]!;
        z[place++] = sum;
      }
    }
  }
  return result;
}

/** Whether a product of this many multiplications is small. */
export function isSmall(multiplications: number): boolean {
  return multiplications <= SMALL;
}
