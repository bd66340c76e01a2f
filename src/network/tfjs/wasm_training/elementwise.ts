/**
 * Elementwise operations that the stock kernels get wrong: `ClipByValue`, `Relu6`, `Maximum` and
 * `Minimum` lose NaN, `ClipByValue` reads integers as floats, `Prelu` ignores the shape of alpha,
 * `FloorDiv` gives floats where other backends give integers, and `Mod` stops at a divisor of 0.
 */
import type { DataType, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { backend_util, env, util } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, Values, WasmBackend } from "./kernel.ts";
import { asKernel, consume, floats, hasNaN, runKernel, sizeOf } from "./kernel.ts";
import { castTo } from "./sharing.ts";
import { broadcast } from "./strided.ts";

// Stock kernels handle inputs without NaN; they are faster than loops, which branch on every
// element.

function hasNoNaN(backend: WasmBackend, x: TensorInfo): boolean {
  return x.dtype !== "float32" || !hasNaN(floats(backend, x));
}

type ClipAttributes = { readonly clipValueMin: number; readonly clipValueMax: number };

function clip(backend: WasmBackend, x: TensorInfo, least: number, most: number): TensorInfo {
  const result = backend.makeOutput(x.shape, x.dtype);
  const [from, to] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(result)];
  for (let i = 0; i < to.length; i++) {
    const value = from[i]!;
    to[i] = value > most ? most : value < least ? least : value;
  }
  return result;
}

function buildClip(stock: StockKernels): KernelFunc {
  const shipped = stock("ClipByValue");
  return asKernel<{ readonly x: TensorInfo }, ClipAttributes>(
    ({ inputs: { x }, attrs, backend }) =>
      x.dtype === "float32" && hasNoNaN(backend, x)
        ? runKernel(shipped, backend, { x }, { ...attrs })
        : clip(backend, x, attrs.clipValueMin, attrs.clipValueMax),
  );
}

/** Whether XNNPACK was built with SIMD; without it, its relu of NaN is 0. */
export function hasSimd(): boolean {
  try {
    return env().getBool("WASM_HAS_SIMD_SUPPORT");
  } catch {
    return false; // not yet known
  }
}

/** x where it is not negative, 0 elsewhere. */
export function relu(stock: StockKernels, backend: WasmBackend, x: TensorInfo): TensorInfo {
  return hasSimd() || hasNoNaN(backend, x)
    ? runKernel(stock("Relu"), backend, { x }, {})
    : clip(backend, x, 0, Infinity);
}

/** x limited to the range 0 to 6. */
export function relu6(stock: StockKernels, backend: WasmBackend, x: TensorInfo): TensorInfo {
  return x.dtype !== "bool" && hasNoNaN(backend, x)
    ? runKernel(stock("Relu6"), backend, { x }, {})
    : clip(backend, x, 0, 6);
}

function buildRelu6(stock: StockKernels): KernelFunc {
  return asKernel<{ readonly x: TensorInfo }, unknown>(({ inputs: { x }, backend }) =>
    relu6(stock, backend, x)
  );
}

/** Fills `result` from two arrays of its length. */
type Loop = (a: Float32Array, b: Float32Array, result: Float32Array) => void;

function combine(backend: WasmBackend, a: TensorInfo, b: TensorInfo, loop: Loop): TensorInfo {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const result = backend.makeOutput(shape, "float32");
  const values = (x: TensorInfo) => broadcast(floats(backend, x), x.shape, shape);
  loop(values(a), values(b), floats(backend, result));
  return result;
}

function fillMaxima(a: Float32Array, b: Float32Array, result: Float32Array): void {
  for (let i = 0; i < result.length; i++) result[i] = Math.max(a[i]!, b[i]!);
}

function fillMinima(a: Float32Array, b: Float32Array, result: Float32Array): void {
  for (let i = 0; i < result.length; i++) result[i] = Math.min(a[i]!, b[i]!);
}

function fillPrelu(x: Float32Array, alpha: Float32Array, result: Float32Array): void {
  for (let i = 0; i < result.length; i++) {
    const value = x[i]!;
    result[i] = value < 0 ? value * alpha[i]! : value;
  }
}

type Pair = { readonly a: TensorInfo; readonly b: TensorInfo };

function buildExtreme(name: "Maximum" | "Minimum", loop: Loop) {
  return (stock: StockKernels): KernelFunc =>
    asKernel<Pair, unknown>(({ inputs: { a, b }, backend }) =>
      a.dtype === "float32" && b.dtype === "float32"
        ? combine(backend, a, b, loop)
        : runKernel(stock(name), backend, { a, b }, {})
    );
}

/** x where it is not negative, alpha x elsewhere; alpha broadcasts to the shape of x. */
export function prelu(
  stock: StockKernels,
  backend: WasmBackend,
  x: TensorInfo,
  alpha: TensorInfo,
): TensorInfo {
  if (sizeOf(x.shape) === 0) return backend.makeOutput(x.shape, "float32");
  const isPlain = x.dtype === "float32" && alpha.dtype === "float32" &&
    util.arraysEqual(x.shape, alpha.shape);
  if (isPlain && hasNoNaN(backend, x)) {
    return runKernel(stock("Prelu"), backend, { x, alpha }, {});
  }
  return consume(
    backend,
    castTo(backend, x, "float32"),
    (values) =>
      consume(
        backend,
        castTo(backend, alpha, "float32"),
        (slopes) => combine(backend, values, slopes, fillPrelu),
      ),
  );
}

function buildPrelu(stock: StockKernels): KernelFunc {
  type Inputs = { readonly x: TensorInfo; readonly alpha: TensorInfo };
  return asKernel<Inputs, unknown>(({ inputs: { x, alpha }, backend }) =>
    prelu(stock, backend, x, alpha)
  );
}

/** A loop over whole numbers, where stock kernels stop or are wrong. */
function overWholeNumbers(
  backend: WasmBackend,
  { a, b }: Pair,
  dtype: DataType,
  of: (x: number, y: number) => number,
): TensorInfo {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const result = backend.makeOutput(shape, dtype);
  const [x, y] = [a, b].map((one) =>
    broadcast(backend.typedArrayFromHeap(one), one.shape, shape)
  ) as [Values, Values];
  const to = backend.typedArrayFromHeap(result);
  for (let i = 0; i < to.length; i++) to[i] = of(x[i]!, y[i]!);
  return result;
}

const areFloats = ({ a, b }: Pair): boolean => a.dtype === "float32" && b.dtype === "float32";

function buildFloorDiv(stock: StockKernels): KernelFunc {
  const divide = stock("FloorDiv");
  return asKernel<Pair, unknown>(({ inputs, backend }) => {
    if (!areFloats(inputs)) {
      return overWholeNumbers(backend, inputs, "int32", (x, y) => y === 0 ? 0 : Math.floor(x / y));
    }
    const quotient = runKernel(divide, backend, { ...inputs }, {});
    return consume(backend, quotient, (q) => castTo(backend, q, "int32"));
  });
}

function buildMod(stock: StockKernels): KernelFunc {
  const shipped = stock("Mod");
  return asKernel<Pair, unknown>(({ inputs, backend }) =>
    areFloats(inputs)
      ? runKernel(shipped, backend, { ...inputs }, {})
      : overWholeNumbers(backend, inputs, inputs.a.dtype, (x, y) =>
        y === 0 ? 0 : x - y * Math.floor(x / y))
  );
}

/** Powers of whole numbers as the cpu backend rounds them; the stock kernel stops at the largest. */
function buildPow(stock: StockKernels): KernelFunc {
  const shipped = stock("Pow");
  return asKernel<Pair, unknown>(({ inputs, backend }) => {
    if (inputs.a.dtype !== "int32" || inputs.b.dtype !== "int32") {
      return runKernel(shipped, backend, { ...inputs }, {});
    }
    return overWholeNumbers(backend, inputs, "int32", Math.pow);
  });
}

/** Kernels of clipping, extremes, and leaky ReLU with learned slopes. */
export const ELEMENTWISE_KERNELS: readonly TrainingKernel[] = [
  { name: "ClipByValue", stock: "wrong", build: buildClip },
  { name: "Relu6", stock: "wrong", build: buildRelu6 },
  { name: "Maximum", stock: "wrong", build: buildExtreme("Maximum", fillMaxima) },
  { name: "Minimum", stock: "wrong", build: buildExtreme("Minimum", fillMinima) },
  { name: "Prelu", stock: "wrong", build: buildPrelu },
  { name: "FloorDiv", stock: "wrong", build: buildFloorDiv },
  { name: "Mod", stock: "wrong", build: buildMod },
  { name: "Pow", stock: "wrong", build: buildPow },
];
