/**
 * Kernels that read and write pieces of tensors: gather and its gradient `UnsortedSegmentSum`,
 * which the wasm backend lacks, and slices, for which it first copies the whole tensor (the
 * gradient of a concatenation is one slice per part).
 */
import * as tf from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, Values } from "./kernel.ts";
import { asKernel, floats, runKernel } from "./kernel.ts";

type SegmentInputs = { readonly x: tf.TensorInfo; readonly segmentIds: tf.TensorInfo };

/** Adds row i of x to row segmentIds[i] of the result; numbers of no segment are ignored. */
const unsortedSegmentSum: tf.KernelFunc = asKernel<
  SegmentInputs,
  { readonly numSegments: number }
>(({ inputs: { x, segmentIds }, attrs: { numSegments }, backend }) => {
  const inner = x.shape.slice(segmentIds.shape.length);
  const width = tf.util.sizeFromShape(inner);
  // The sum is in float32 for every type of x, as on the other backends.
  const result = backend.makeOutput([numSegments, ...inner], "float32");
  const sums = new Float64Array(numSegments * width);
  const values = backend.typedArrayFromHeap(x);
  const ids = backend.typedArrayFromHeap(segmentIds);
  for (let row = 0; row < ids.length; row++) {
    const segment = ids[row]!;
    if (segment < 0 || segment >= numSegments) continue;
    for (let j = 0; j < width; j++) sums[segment * width + j]! += values[row * width + j]!;
  }
  floats(backend, result).set(sums);
  return result;
});

/** Length below which rows of slices are copied value by value, since a view costs more. */
const SHORT_ROW = 32;

/** Copies `length` values between arrays that do not overlap. */
function copyValues(
  from: Values,
  fromStart: number,
  to: Values,
  toStart: number,
  length: number,
): void {
  if (length < SHORT_ROW) {
    for (let i = 0; i < length; i++) to[toStart + i] = from[fromStart + i]!;
  } else {
    to.set(from.subarray(fromStart, fromStart + length), toStart);
  }
}

type GatherInputs = { readonly x: tf.TensorInfo; readonly indices: tf.TensorInfo };
type GatherAttributes = { readonly axis: number; readonly batchDims: number };

/** Gather that copies whole rows; the stock kernel gets a wrong place for batches. */
function buildGather(stock: StockKernels): tf.KernelFunc {
  const shipped = stock("GatherV2");
  return asKernel<GatherInputs, GatherAttributes>(({ inputs: { x, indices }, attrs, backend }) => {
    if (x.dtype === "string") return runKernel(shipped, backend, { x, indices }, { ...attrs });
    const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0]!;
    const info = tf.backend_util.segment_util.collectGatherOpShapeInfo(
      x,
      indices,
      axis,
      attrs.batchDims,
    );
    const { batchSize, outerSize, dimSize: rows, sliceSize: width } = info;
    const result = backend.makeOutput(info.outputShape, x.dtype);
    const ids = backend.typedArrayFromHeap(indices);
    const [from, to] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(result)];
    const count = ids.length / batchSize;
    for (let i = 0; i < ids.length; i++) {
      if (!(ids[i]! >= 0 && ids[i]! < rows)) {
        backend.disposeData(result.dataId);
        // tfjs's own message, which programs and its specs look for.
        throw new RangeError(`GatherV2: the index value ${ids[i]} is not in [0, ${rows - 1}]`);
      }
    }
    for (let row = 0, place = 0; row < batchSize * outerSize; row++) {
      const first = Math.floor(row / outerSize) * count;
      for (let i = first; i < first + count; i++, place += width) {
        copyValues(from, (row * rows + ids[i]!) * width, to, place, width);
      }
    }
    return result;
  });
}

type SliceAttributes = {
  readonly begin: number | readonly number[];
  readonly size: number | readonly number[];
};

/** Copies a block of x, `size` from `begin` on, without the stock kernel's copy of all of x. */
function sliceFloats(
  x: Float32Array,
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
  result: Float32Array,
): void {
  const strides = tf.util.computeStrides([...shape]).concat(1);
  // The innermost axes that are copied whole form one run with the first one that is not.
  let axis = shape.length - 1;
  while (axis > 0 && size[axis] === shape[axis]) axis--;
  const run = size[axis]! * strides[axis]!;
  const counters = begin.slice(0, axis);
  let from = begin.reduce((offset, start, i) => offset + start * strides[i]!, 0);
  for (let to = 0; to < result.length; to += run) {
    copyValues(x, from, result, to, run);
    for (let i = axis - 1; i >= 0; i--) {
      from += strides[i]!;
      counters[i]!++;
      if (counters[i]! < begin[i]! + size[i]!) break;
      from -= size[i]! * strides[i]!;
      counters[i] = begin[i]!;
    }
  }
}

/** The kernel `Slice`. */
export function buildSlice(stock: StockKernels): tf.KernelFunc {
  const slow = stock("Slice");
  return asKernel<{ readonly x: tf.TensorInfo }, SliceAttributes>(
    ({ inputs: { x }, attrs, backend }) => {
      if (x.dtype !== "float32" || x.shape.length === 0) {
        return runKernel(slow, backend, { x }, { ...attrs });
      }
      const [begin, size] = tf.slice_util.parseSliceParams(
        x,
        attrs.begin as number[],
        attrs.size as number[],
      );
      tf.slice_util.assertParamsValid(x, begin!, size!);
      const result = backend.makeOutput(size!, "float32");
      sliceFloats(floats(backend, x), x.shape, begin!, size!, floats(backend, result));
      return result;
    },
  );
}

type SplitAttributes = {
  readonly numOrSizeSplits: number | number[];
  readonly axis: number;
};

function buildSplit(stock: StockKernels): tf.KernelFunc {
  const slice = buildSlice(stock);
  return asKernel<{ readonly x: tf.TensorInfo }, SplitAttributes>(
    ({ inputs: { x }, attrs, backend }) => {
      const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0]!;
      const sizes = tf.backend_util.prepareSplitSize(
        x as tf.Tensor,
        attrs.numOrSizeSplits,
        axis,
      );
      let start = 0;
      return sizes.map((length) => {
        const begin = x.shape.map((_, i) => i === axis ? start : 0);
        const size = x.shape.map((all, i) => i === axis ? length : all);
        start += length;
        return runKernel(slice, backend, { x }, { begin, size });
      });
    },
  );
}

/** Kernels of gather, its gradient, and slices. */
export const INDEXING_KERNELS: readonly TrainingKernel[] = [
  { name: "UnsortedSegmentSum", stock: "missing", build: () => unsortedSegmentSum },
  { name: "GatherV2", stock: "wrong", build: buildGather },
  { name: "Slice", stock: "slow", build: buildSlice },
  { name: "SplitV", stock: "slow", build: buildSplit },
];
