/**
 * Integer and bool tensors for stock kernels that support floats only. Most of those leave their
 * result unwritten, some write four bytes per bool, beyond its end, and tests such as IsNan read
 * the bits of an integer as a float.
 */
import type { DataType, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, consume, floats, hasNaN, runKernel, sizeOf } from "./kernel.ts";
import { takingManyAxes } from "./many_axes.ts";
import { relu } from "./elementwise.ts";
import { castTo } from "./sharing.ts";

type Inputs = Readonly<Record<string, TensorInfo>>;
type Attributes = Readonly<Record<string, unknown>>;
type Unary = { readonly x: TensorInfo };

/** Stock kernels that support floats only. */
const OF_FLOATS = [
  ...[
    "Acos",
    "Acosh",
    "Asin",
    "Asinh",
    "Atan",
    "Atanh",
    "Ceil",
    "Cos",
    "Cosh",
    "Elu",
    "Erf",
    "Exp",
  ],
  ...["Expm1", "Floor", "Log", "Log1p", "RealDiv", "Reciprocal", "Round", "Rsqrt", "Selu"],
  ...["Sigmoid", "Sin", "Sinh", "Softplus", "Sqrt", "Tan", "Tanh"],
];
/** Stock kernels that support floats and integers. */
const OF_NUMBERS = ["Abs", "Atan2", "Neg", "Relu", "Sign", "Square", "Step"];
/** Results of these tests for integers. */
const OF_WHOLE_NUMBERS: Readonly<Record<string, number>> = { IsNan: 0, IsInf: 0, IsFinite: 1 };

/** Converts floats to another type as the cpu backend does: without the fraction. */
function store(backend: WasmBackend, x: TensorInfo, dtype: DataType): TensorInfo {
  const result = backend.makeOutput(x.shape, dtype);
  const [from, to] = [x, result].map((tensor) => backend.typedArrayFromHeap(tensor));
  to!.set(from!);
  return result;
}

/** Runs `use` on inputs, with unsupported types cast to one that the kernel supports. */
function withCast(
  backend: WasmBackend,
  inputs: Inputs,
  foreign: readonly DataType[],
  dtype: DataType,
  use: (inputs: Inputs) => TensorInfo,
): TensorInfo {
  const found = Object.entries(inputs).find(([, x]) => foreign.includes(x.dtype));
  if (!found) return use(inputs);
  const [name, x] = found;
  return consume(
    backend,
    castTo(backend, x, dtype),
    (cast) => withCast(backend, { ...inputs, [name]: cast }, foreign, dtype, use),
  );
}

function buildOfFloats(name: string): (stock: StockKernels) => KernelFunc {
  return (stock) => {
    const shipped = name === "RealDiv" ? takingManyAxes(stock(name)) : stock(name);
    return asKernel<Inputs, Attributes>(({ inputs, attrs, backend }) => {
      const { dtype } = Object.values(inputs)[0]!;
      const run = (inputs: Inputs) => runKernel(shipped, backend, inputs, attrs);
      const result = withCast(backend, inputs, ["int32", "bool"], "float32", run);
      return name === "Exp" || dtype === "float32"
        ? result
        : consume(backend, result, (found) => store(backend, found, dtype));
    });
  };
}

/**
 * A kernel that takes bools as the integers 0 and 1.
 *
 * @param kernel A kernel with one output, of the type of its inputs
 * @param result Type of the output if all inputs are bools
 */
export function takingTruths(kernel: KernelFunc, result: DataType = "bool"): KernelFunc {
  return asKernel<Inputs, Attributes>(({ inputs, attrs, backend }) => {
    const run = (inputs: Inputs) => runKernel(kernel, backend, inputs, attrs);
    const output = withCast(backend, inputs, ["bool"], "int32", run);
    const isOfTruths = Object.values(inputs).every(({ dtype }) => dtype === "bool");
    if (!isOfTruths || output.dtype === result) return output;
    return consume(backend, output, (x) => castTo(backend, x, result));
  });
}

function buildQuestion(name: string, answer: number): (stock: StockKernels) => KernelFunc {
  return (stock) => {
    const shipped = stock(name);
    return asKernel<Unary, Attributes>(({ inputs, attrs, backend }) => {
      if (inputs.x.dtype === "float32") return runKernel(shipped, backend, inputs, attrs);
      const result = backend.makeOutput(inputs.x.shape, "bool");
      backend.typedArrayFromHeap(result).fill(answer);
      return result;
    });
  };
}

/** The largest numbers of each row in order, NaN after all others; the stock order loses numbers by it. */
function largestNumbers(backend: WasmBackend, x: TensorInfo, k: number): TensorInfo[] {
  const shape = [...x.shape.slice(0, -1), k];
  const [values, places] = [
    backend.makeOutput(shape, "float32"),
    backend.makeOutput(shape, "int32"),
  ];
  const [from, to] = [floats(backend, x), floats(backend, values)];
  const indices = backend.typedArrayFromHeap(places);
  const width = x.shape.at(-1)!;
  const rank = (value: number) => Number.isNaN(value) ? -1 : 1;
  for (let row = 0; row * width < from.length; row++) {
    const own = from.subarray(row * width, (row + 1) * width);
    const order = [...own.keys()].sort((i, j) => {
      const [a, b] = [own[i]!, own[j]!];
      return a === b ? i - j : rank(b) - rank(a) || (b > a ? 1 : b < a ? -1 : i - j);
    });
    for (let i = 0; i < k; i++) {
      indices[row * k + i] = order[i]!;
      to[row * k + i] = own[order[i]!]!;
    }
  }
  return [values, places];
}

function buildTopK(stock: StockKernels): KernelFunc {
  const shipped = stock("TopK");
  return asKernel<Unary, Attributes>(({ inputs: { x }, attrs, backend }) => {
    if (sizeOf(x.shape) === 0 || attrs["k"] === 0) {
      const shape = [...x.shape.slice(0, -1), attrs["k"] as number];
      return [backend.makeOutput(shape, x.dtype), backend.makeOutput(shape, "int32")];
    }
    if (x.dtype === "float32" && hasNaN(floats(backend, x))) {
      return largestNumbers(backend, x, attrs["k"] as number);
    }
    const run = (x: TensorInfo) =>
      runKernel(shipped, backend, { x }, attrs) as unknown as TensorInfo[];
    if (x.dtype !== "bool") return run(x);
    const [values, places] = consume(backend, castTo(backend, x, "int32"), run);
    return [consume(backend, values!, (found) => castTo(backend, found, "bool")), places!];
  });
}

/** A stock kernel, or the one that keeps NaN. */
function kernelOf(name: string, stock: StockKernels): KernelFunc {
  if (name !== "Relu") return stock(name);
  return asKernel<Unary, unknown>(({ inputs: { x }, backend }) => relu(stock, backend, x));
}

function kernelsOf(
  names: readonly string[],
  build: (name: string) => TrainingKernel["build"],
): TrainingKernel[] {
  return names.map((name) => ({ name, stock: "wrong", build: build(name) }));
}

/** Functions of each element, and the largest elements, for every type of number. */
export const NUMBER_TYPE_KERNELS: readonly TrainingKernel[] = [
  ...kernelsOf(OF_FLOATS, buildOfFloats),
  ...kernelsOf(OF_NUMBERS, (name) => (stock) => takingTruths(kernelOf(name, stock))),
  ...kernelsOf(
    Object.keys(OF_WHOLE_NUMBERS),
    (name) => buildQuestion(name, OF_WHOLE_NUMBERS[name]!),
  ),
  { name: "TopK", stock: "wrong", build: buildTopK },
];
