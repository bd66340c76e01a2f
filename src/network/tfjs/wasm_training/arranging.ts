/**
 * Reversals and strided slices. The stock `Reverse` copies four bytes per element, so that a bool
 * tensor is overwritten together with what follows it on the heap; the stock `StridedSlice` gives
 * floats for every type.
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { slice_util, util } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel } from "./kernel.ts";
import { asKernel, runKernel, sizeOf } from "./kernel.ts";
import { copyStrided, stridesOf } from "./strided.ts";

type Inputs = { readonly x: TensorInfo };

function buildReverse(stock: StockKernels): KernelFunc {
  const floats = stock("Reverse");
  return asKernel<Inputs, { readonly dims: number | number[] }>(
    ({ inputs: { x }, attrs, backend }) => {
      if (x.dtype === "float32") return runKernel(floats, backend, { x }, { ...attrs });
      const result = backend.makeOutput(x.shape, x.dtype);
      const axes = new Set(util.parseAxisParam(attrs.dims, x.shape));
      const strides = stridesOf(x.shape);
      let offset = 0;
      for (const axis of axes) {
        offset += (x.shape[axis]! - 1) * strides[axis]!;
        strides[axis] = -strides[axis]!;
      }
      const [from, to] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(result)];
      copyStrided(from, to, x.shape, offset, strides);
      return result;
    },
  );
}

interface SliceAttributes {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

function buildStridedSlice(stock: StockKernels): KernelFunc {
  const shipped = stock("StridedSlice");
  return asKernel<Inputs, SliceAttributes>(({ inputs: { x }, attrs, backend }) => {
    const info = slice_util.sliceInfo(
      x.shape,
      attrs.begin,
      attrs.end,
      attrs.strides,
      attrs.beginMask,
      attrs.endMask,
      attrs.ellipsisMask,
      attrs.newAxisMask,
      attrs.shrinkAxisMask,
    );
    if (info.isIdentity || x.dtype === "string") {
      return runKernel(shipped, backend, { x }, { ...attrs });
    }
    const shape = slice_util.computeOutShape(info.begin, info.end, info.strides)
      .map((size) => Math.max(0, size));
    const result = backend.makeOutput(info.finalShape, x.dtype);
    if (sizeOf(shape) === 0) return result;
    const strides = stridesOf(x.shape);
    const offset = info.begin.reduce((sum, first, i) => sum + first * strides[i]!, 0);
    const steps = strides.map((stride, i) => stride * info.strides[i]!);
    const [from, to] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(result)];
    copyStrided(from, to, shape, offset, steps);
    return result;
  });
}

/** Reversals and strided slices. */
export const ARRANGING_KERNELS: readonly TrainingKernel[] = [
  { name: "Reverse", stock: "wrong", build: buildReverse },
  { name: "StridedSlice", stock: "wrong", build: buildStridedSlice },
];
