/**
 * Elements taken from places, or put there, that a tensor of indices gives. The stock kernels check no
 * index: a place outside reads, or overwrites, whatever lies beyond the tensor on the heap.
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, runKernel, sizeOf } from "./kernel.ts";

/**
 * Throws unless every row of indices lies in a shape.
 *
 * @throws {RangeError} If one does not, in tfjs's own words
 */
function checkPlaces(
  backend: WasmBackend,
  indices: TensorInfo,
  depth: number,
  shape: readonly number[],
): void {
  const places = backend.typedArrayFromHeap(indices);
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    if (place >= 0 && place < shape[i % depth]!) continue;
    const first = i - i % depth;
    const row = places.slice(first, first + depth);
    throw new RangeError(`Invalid indices: ${row} does not index into ${shape}`);
  }
}

type Inputs = Readonly<Record<string, TensorInfo>>;
type Attributes = Readonly<Record<string, unknown>>;

/** A stock kernel behind a check of its indices. */
function buildChecked(
  name: string,
  indices: string,
  shapeOf: (inputs: Inputs, attrs: Attributes) => readonly number[],
): (stock: StockKernels) => KernelFunc {
  return (stock) => {
    const shipped = stock(name);
    return asKernel<Inputs, Attributes>(({ inputs, attrs, backend }) => {
      const shape = shapeOf(inputs, attrs);
      const own = inputs[indices]!.shape;
      // A single axis of indices is one place for a gather, and a list of places for the others.
      const depth = own.length === 1 && name !== "GatherNd" ? 1 : own.at(-1) ?? 1;
      if (sizeOf(shape) > 0) checkPlaces(backend, inputs[indices]!, depth, shape);
      return runKernel(shipped, backend, inputs, attrs);
    });
  };
}

/** Kernels of gathers and scatters at places of several coordinates. */
export const PLACING_KERNELS: readonly TrainingKernel[] = [
  {
    name: "GatherNd",
    stock: "wrong",
    build: buildChecked("GatherNd", "indices", ({ params }) => params!.shape),
  },
  {
    name: "ScatterNd",
    stock: "wrong",
    build: buildChecked("ScatterNd", "indices", (_, { shape }) => shape as number[]),
  },
  {
    name: "TensorScatterUpdate",
    stock: "wrong",
    build: buildChecked("TensorScatterUpdate", "indices", ({ tensor }) => tensor!.shape),
  },
  {
    name: "SparseToDense",
    stock: "wrong",
    build: buildChecked(
      "SparseToDense",
      "sparseIndices",
      (_, { outputShape }) => outputShape as number[],
    ),
  },
];
