/**
 * Sums, differences, products and quotients of tensors with more than six axes, which XNNPACK leaves
 * unwritten, and paddings of such tensors. A padding by NaN takes the stock kernel to another one's
 * padding: it looks its plans up by the value, and NaN is less than none.
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { backend_util } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, consume, consumeBoth, runKernel, share, sizeOf, withShape } from "./kernel.ts";
import { broadcast, stridesOf } from "./strided.ts";
import { buildTranspose } from "./transposition.ts";

/** Most axes of a tensor in XNNPACK. */
const MOST_AXES = 6;

type Pair = { readonly a: TensorInfo; readonly b: TensorInfo };
type Attributes = Readonly<Record<string, unknown>>;

/** A tensor as a vector of as many elements as a shape has, repeated if it has fewer. */
function flatten(backend: WasmBackend, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const size = sizeOf(shape);
  if (sizeOf(x.shape) === size) return share(backend, x, [size]);
  const result = backend.makeOutput([size], x.dtype);
  const [from, to] = [x, result].map((tensor) => backend.typedArrayFromHeap(tensor));
  to!.set(broadcast(from!, x.shape, shape));
  return result;
}

/** A kernel of two tensors that takes those of many axes as vectors. */
export function takingManyAxes(kernel: KernelFunc): KernelFunc {
  return asKernel<Pair, Attributes>(({ inputs, attrs, backend }) => {
    const { a, b } = inputs;
    const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    if (shape.length <= MOST_AXES) return runKernel(kernel, backend, inputs, attrs);
    const result = consumeBoth(
      backend,
      [() => flatten(backend, a, shape), () => flatten(backend, b, shape)],
      (left, right) => runKernel(kernel, backend, { a: left, b: right }, attrs),
    );
    return withShape(result, shape);
  });
}

interface PadAttributes {
  readonly paddings: readonly (readonly [number, number])[];
  readonly constantValue: number;
}

function pad(backend: WasmBackend, x: TensorInfo, attrs: PadAttributes): TensorInfo {
  const { paddings, constantValue } = attrs;
  const shape = x.shape.map((n, axis) => paddings[axis]![0] + n + paddings[axis]![1]);
  const result = backend.makeOutput(shape, x.dtype);
  const [from, to] = [x, result].map((tensor) => backend.typedArrayFromHeap(tensor));
  to!.fill(constantValue);
  const strides = stridesOf(shape);
  const width = x.shape.at(-1) ?? 1;
  for (let row = 0; row * width < from!.length; row++) {
    let place = 0;
    let rest = row;
    for (let axis = x.shape.length - 1; axis >= 0; axis--) {
      const index = axis === x.shape.length - 1 ? 0 : rest % x.shape[axis]!;
      if (axis < x.shape.length - 1) rest = (rest - index) / x.shape[axis]!;
      place += (index + paddings[axis]![0]) * strides[axis]!;
    }
    to!.set(from!.subarray(row * width, (row + 1) * width), place);
  }
  return result;
}

function buildPad(stock: StockKernels): KernelFunc {
  const shipped = stock("PadV2");
  type Input = { readonly x: TensorInfo };
  return asKernel<Input, PadAttributes>(({ inputs: { x }, attrs, backend }) => {
    const isPlain = Number.isFinite(attrs.constantValue) || x.dtype === "float32";
    return x.shape.length <= MOST_AXES && isPlain && !Number.isNaN(attrs.constantValue)
      ? runKernel(shipped, backend, { x }, { ...attrs })
      : pad(backend, x, attrs);
  });
}

interface SpaceToBatchAttributes {
  readonly blockShape: readonly number[];
  readonly paddings: readonly (readonly [number, number])[];
}

/** Blocks of space to batches: a padding, which has to take any number of axes, and a transposition. */
function buildSpaceToBatch(stock: StockKernels): KernelFunc {
  const shipped = stock("SpaceToBatchND");
  const transpose = buildTranspose(stock);
  type Input = { readonly x: TensorInfo };
  return asKernel<Input, SpaceToBatchAttributes>(({ inputs: { x }, attrs, backend }) => {
    if (x.shape.length <= MOST_AXES) return runKernel(shipped, backend, { x }, { ...attrs });
    const block = [...attrs.blockShape];
    const paddings = x.shape.map((_, axis) => attrs.paddings[axis - 1] ?? [0, 0] as const);
    return consume(backend, pad(backend, x, { paddings, constantValue: 0 }), (padded) => {
      const { shape } = padded;
      const split = backend_util.getReshaped(shape, block, sizeOf(block), false);
      const perm = backend_util.getPermuted(split.length, block.length, false);
      const moved = runKernel(transpose, backend, { x: withShape(padded, split) }, { perm });
      const joined = backend_util.getReshapedPermuted(shape, block, sizeOf(block), false);
      return withShape(moved, joined);
    });
  });
}

/** Kernels of arithmetic and padding that take any number of axes. */
export const MANY_AXES_KERNELS: readonly TrainingKernel[] = [
  ...["Add", "Sub", "Multiply", "SquaredDifference"].map((name): TrainingKernel => ({
    name,
    stock: "wrong",
    build: (stock) => takingManyAxes(stock(name)),
  })),
  { name: "PadV2", stock: "wrong", build: buildPad },
  { name: "SpaceToBatchND", stock: "wrong", build: buildSpaceToBatch },
];
