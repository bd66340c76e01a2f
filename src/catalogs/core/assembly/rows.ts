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
  const terms = termsUpTo(vector) - termsUpTo(vector - 1);
  if (terms == 0) return copyConstants(vector, to, stride, count);
  if (terms == 1) return addOne(vector, to, stride, count);
  if (terms == 2) return addTwo(vector, to, stride, count);
  addMany(vector, to, stride, count);
}

@inline
function termsUpTo(vector: i32): i32 {
  return vector < 0 ? 0 : load<i32>(theJob().termEnds + <usize> vector * 4);
}

/** The constant part of the row of a tag. */
@inline
function constantOf(tag: usize, vector: i32): v128 {
  return v128.load(load<usize>(tag) + <usize> (vector + 1) * 16);
}

function copyConstants(vector: i32, to: usize, stride: usize, count: i32): void {
  let tag = theJob().orderedTags;
  const end = tag + <usize> count * 8;
  for (; tag < end; tag += 8) {
    v128.store(to, constantOf(tag, vector));
    to += stride;
  }
}

function addOne(vector: i32, to: usize, stride: usize, count: i32): void {
  const first = termsUpTo(vector - 1);
  const slope = slopeOf(first), source = sourceOf(first);
  let quantities = theJob().orderedQuantities;
  let tag = theJob().orderedTags;
  const end = tag + <usize> count * 8;
  for (; tag < end; tag += 8) {
    v128.store(to, addTerm(constantOf(tag, vector), slope, quantities + source));
    to += stride;
    quantities += 16;
  }
}

function addTwo(vector: i32, to: usize, stride: usize, count: i32): void {
  const first = termsUpTo(vector - 1);
  const slopeA = slopeOf(first), slopeB = slopeOf(first + 1);
  const sourceA = sourceOf(first), sourceB = sourceOf(first + 1);
  let quantities = theJob().orderedQuantities;
  let tag = theJob().orderedTags;
  const end = tag + <usize> count * 8;
  for (; tag < end; tag += 8) {
    const value = addTerm(constantOf(tag, vector), slopeA, quantities + sourceA);
    v128.store(to, addTerm(value, slopeB, quantities + sourceB));
    to += stride;
    quantities += 16;
  }
}

function addMany(vector: i32, to: usize, stride: usize, count: i32): void {
  const first = termsUpTo(vector - 1), last = termsUpTo(vector);
  let quantities = theJob().orderedQuantities;
  let tag = theJob().orderedTags;
  const end = tag + <usize> count * 8;
  for (; tag < end; tag += 8) {
    let value = constantOf(tag, vector);
    for (let term = first; term < last; term++) {
      value = addTerm(value, slopeOf(term), quantities + sourceOf(term));
    }
    v128.store(to, value);
    to += stride;
    quantities += 16;
  }
}

@inline
function slopeOf(term: i32): v128 {
  return v128.load(theJob().slopes + <usize> term * 16);
}

/** Where the quantity of a term is among the four, in bytes. */
@inline
function sourceOf(term: i32): usize {
  return load<usize>(theJob().sources + <usize> term * 4);
}

@inline
function addTerm(value: v128, slope: v128, quantity: usize): v128 {
  return f32x4.add(value, f32x4.mul(slope, v128.load_splat<f32>(quantity)));
}
