/**
 * Conversion between named arrays and one flat array, in the order of their shapes. Weights,
 * moments and gradients are stored this way on the device: one tensor each.
 */
import type { ArrayData, NamedArray } from "../../numerics/arrays.ts";
import { joinFloats, sizeOf } from "../../numerics/arrays.ts";

/** Shapes by name, in the order of the arrays. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** Joins the arrays that `dataOf` gives for each name. */
export function joinArrays(
  shapes: Shapes,
  dataOf: (name: string) => ArrayData,
): Float32Array {
  return joinFloats(Object.keys(shapes).map((name) => dataOf(name)));
}

/** Cuts a flat array into named ones. */
export function nameArrays(
  shapes: Shapes,
  flat: Float32Array,
): Record<string, NamedArray> {
  const arrays: Record<string, NamedArray> = {};
  let start = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    arrays[name] = { shape, data: flat.slice(start, start + sizeOf(shape)) };
    start += sizeOf(shape);
  }
  return arrays;
}
