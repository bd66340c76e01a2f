/** Copies between arrays of any strides, as in reversals, strided slices and broadcasts. */
import type { Values } from "./kernel.ts";

/** Row-major strides of a shape. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

/** Fills `to`, of `shape`, with `from[offset + sum of index times stride]`. */
export function copyStrided(
  from: Values,
  to: Values,
  shape: readonly number[],
  offset: number,
  strides: readonly number[],
): void {
  if (to.length === 0) return;
  if (shape.length === 0) {
    to[0] = from[offset]!;
    return;
  }
  const last = shape.length - 1;
  const width = shape[last]!;
  const step = strides[last]!;
  const index = new Array<number>(last).fill(0);
  let start = offset;
  for (let place = 0; place < to.length; place += width) {
    for (let i = 0, at = start; i < width; i++, at += step) to[place + i] = from[at]!;
    for (let axis = last - 1; axis >= 0; axis--) {
      start += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      start -= shape[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
}

/** Values of `shape` repeated to a broadcast shape; the same array if the shapes are equal. */
export function broadcast<T extends Values>(
  values: T,
  shape: readonly number[],
  result: readonly number[],
): T {
  const size = result.reduce((product, n) => product * n, 1);
  if (values.length === size) return values;
  const repeated = new (values.constructor as new (length: number) => T)(size);
  if (values.length === 1) return repeated.fill(values[0]!) as T;
  const own = stridesOf(shape);
  const missing = result.length - shape.length;
  const strides = result.map((_, i) =>
    i < missing || shape[i - missing] === 1 ? 0 : own[i - missing]!
  );
  copyStrided(values, repeated, result, 0, strides);
  return repeated;
}
