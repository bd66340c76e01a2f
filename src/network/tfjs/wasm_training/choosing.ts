/**
 * `Select` and `OneHot`. The stock kernels assume four bytes per element: for bool tensors they
 * overwrite what follows their result on the heap, and `OneHot` writes whole numbers where floats are
 * requested.
 */
import type { DataType, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { upcastType } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, Values } from "./kernel.ts";
import { asKernel, runKernel, sizeOf } from "./kernel.ts";

type Choice = {
  readonly condition: TensorInfo;
  readonly t: TensorInfo;
  readonly e: TensorInfo;
};

function buildSelect(stock: StockKernels): KernelFunc {
  const shipped = stock("Select");
  return asKernel<Choice, Readonly<Record<string, unknown>>>(({ inputs, attrs, backend }) => {
    const { condition, t, e } = inputs;
    if (t.dtype === e.dtype && t.dtype !== "bool") {
      return runKernel(shipped, backend, inputs, attrs);
    }
    const result = backend.makeOutput(t.shape, upcastType(t.dtype, e.dtype));
    const [isChosen, whereTrue, whereFalse, to] = [condition, t, e, result]
      .map((tensor) => backend.typedArrayFromHeap(tensor)) as [Values, Values, Values, Values];
    // A condition with fewer elements selects whole rows.
    const row = to.length / Math.max(1, isChosen.length);
    for (let i = 0; i < to.length; i++) {
      to[i] = isChosen[row === 1 ? i : Math.floor(i / row)] ? whereTrue[i]! : whereFalse[i]!;
    }
    return result;
  });
}

interface OneHotAttributes {
  readonly dtype: DataType;
  readonly depth: number;
  readonly onValue: number;
  readonly offValue: number;
}

const oneHot: KernelFunc = asKernel<{ readonly indices: TensorInfo }, OneHotAttributes>(
  ({ inputs: { indices }, attrs: { dtype, depth, onValue, offValue }, backend }) => {
    const result = backend.makeOutput([...indices.shape, depth], dtype);
    const [places, to] = [indices, result].map((tensor) => backend.typedArrayFromHeap(tensor));
    to!.fill(offValue);
    for (let i = 0; i < sizeOf(indices.shape); i++) {
      const place = places![i]!;
      if (place >= 0 && place < depth) to![i * depth + place] = onValue;
    }
    return result;
  },
);

/** Kernels of elements chosen from two tensors, and of one-hot rows. */
export const CHOOSING_KERNELS: readonly TrainingKernel[] = [
  { name: "Select", stock: "wrong", build: buildSelect },
  { name: "OneHot", stock: "wrong", build: () => oneHot },
];
