/** From clusters to rows: the constant part of a neighbor's row, and what the quantities add. */
import { theJob } from "./job";

/**
 * Writes the rows, one vector of all of them after the other, so that slopes stay in registers. A
 * row's last vector reaches into the next row: the last goes first, and is overwritten there.
 */
export function writeRows(firstRow: i32, count: i32): void {
  const job = theJob();
  const pixelStride = <usize> job.pixelWidth * 4;
  const supplementaryStride = <usize> job.supplementaryWidth * 4;
  const pixels = job.pixels + <usize> firstRow * pixelStride;
  const supplementary = job.supplementary + <usize> firstRow * supplementaryStride;
  for (let v = job.supplementaryVectors - 1; v >= 0; v--) {
    writeVector(job.pixelVectors + v, supplementary + <usize> v * 16, supplementaryStride, count);
  }
  for (let v = job.pixelVectors - 1; v >= 0; v--) {
    writeVector(v, pixels + <usize> v * 16, pixelStride, count);
  }
}

/** Writes one vector of every row, with as many terms as it has. */
function writeVector(vector: i32, to: usize, stride: usize, count: i32): void {
  const job = theJob();
  const ends = job.termEnds + <usize> vector * 4;
  const first = vector > 0 ? load<i32>(ends - 4) : 0;
  const terms = load<i32>(ends) - first;
  const slopes = job.slopes + <usize> first * 16;
  const sources = job.sources + <usize> first * 4;
  let origin = job.orderedTags;
  const end = origin + <usize> count * 8;
  const offset = <usize> vector * 16;
  let quantities = job.orderedQuantities;
  if (terms == 0) {
    for (; origin < end; origin += 8) {
      v128.store(to, v128.load(load<usize>(origin) + offset));
      to += stride;
    }
    return;
  }
  const slopeA = v128.load(slopes);
  const sourceA = <usize> load<u32>(sources);
  if (terms == 1) {
    for (; origin < end; origin += 8) {
      const added = f32x4.mul(slopeA, v128.load_splat<f32>(quantities + sourceA));
      v128.store(to, f32x4.add(v128.load(load<usize>(origin) + offset), added));
      to += stride;
      quantities += 16;
    }
    return;
  }
  for (; origin < end; origin += 8) {
    let value = v128.load(load<usize>(origin) + offset);
    for (let term: usize = 0; term < <usize> terms; term++) {
      const quantity = v128.load_splat<f32>(quantities + <usize> load<u32>(sources + term * 4));
      value = f32x4.add(value, f32x4.mul(v128.load(slopes + term * 16), quantity));
    }
    v128.store(to, value);
    to += stride;
    quantities += 16;
  }
}
