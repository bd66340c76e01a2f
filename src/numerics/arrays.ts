/**
 * Named arrays, the plain form in which weights and tables are saved, and what is done with arrays:
 * to join some, to find the order of a column, to take a column in an order, and to give memory
 * back.
 */

/** The typed arrays that a {@linkcode NamedArray} may hold. */
export type ArrayData = Float32Array | Float64Array | Int32Array | Uint32Array;

/** A row-major array with its shape; `data.length` is the product of `shape`. */
export interface NamedArray {
  /** Lengths, slowest first. */
  readonly shape: readonly number[];
  /** All elements, the last index running fastest. */
  readonly data: ArrayData;
}

/** Arrays by name: the weights of a network, the state of an optimizer, the columns of a table. */
export type NamedArrays = Readonly<Record<string, NamedArray>>;

/** The number of elements an array of this shape has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** The elements of several arrays in one array, one array after the other. */
export function joinFloats(parts: readonly ArrayLike<number>[]): Float32Array {
  const joined = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let start = 0;
  for (const part of parts) {
    joined.set(part, start);
    start += part.length;
  }
  return joined;
}

/**
 * The order that sorts values ascending; equal values keep their places.
 *
 * @example
 * ```ts
 * import { argsort } from "@clusters/terse/numerics";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...argsort([3, 1, 2])], [1, 2, 0]);
 * ```
 */
export function argsort(values: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i);
  return order.sort((a, b) => values[a]! - values[b]! || a - b);
}

/** The rows of a row-major array (`width` values per row) in the order that `rows` lists. */
export function gather<T extends Float32Array | Float64Array>(
  values: T,
  rows: ArrayLike<number>,
  width = 1,
): T {
  const result = new (values.constructor as new (length: number) => T)(rows.length * width);
  for (let r = 0; r < rows.length; r++) {
    const from = rows[r]! * width;
    for (let j = 0; j < width; j++) result[r * width + j] = values[from + j]!;
  }
  return result;
}

/**
 * Gives an array's memory back at once, where a collector of garbage would wait for more of it. The array, and
 * all others on its buffer, have no elements afterwards.
 */
export function release({ buffer }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
