/**
 * Matrix products with transposed operands. The wasm backend multiplies plain matrices with
 * XNNPACK but takes a scalar path, sixteen times slower, when an operand is transposed, as both
 * products of a dense layer's gradient are. Here the transposition is made first, by itself.
 *
 * @module
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import type { StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, consume, runKernel } from "./kernel.ts";
import { leaky } from "./leaky_relu.ts";

interface ProductInputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

interface ProductAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

interface FusedInputs extends ProductInputs {
  readonly bias?: TensorInfo;
  readonly preluActivationWeights?: TensorInfo;
}

interface FusedAttributes extends ProductAttributes {
  readonly activation: string;
  readonly leakyreluAlpha?: number;
}

const PLAIN: ProductAttributes = { transposeA: false, transposeB: false };

/** Swaps the last two axes. */
function swapLastAxes(stock: StockKernels, backend: WasmBackend, x: TensorInfo): TensorInfo {
  const rank = x.shape.length;
  const perm = x.shape.map((_, axis) => axis);
  perm[rank - 2] = rank - 1;
  perm[rank - 1] = rank - 2;
  return runKernel(stock("Transpose"), backend, { x }, { perm });
}

/** Products of float tensors of rank 2 or more, with any operand transposed. */
export function product(
  stock: StockKernels,
  backend: WasmBackend,
  { a, b }: ProductInputs,
  { transposeA, transposeB }: ProductAttributes,
): TensorInfo {
  const multiply = (left: TensorInfo, right: TensorInfo) =>
    runKernel(stock("BatchMatMul"), backend, { a: left, b: right }, { ...PLAIN });
  const swap = (x: TensorInfo) => swapLastAxes(stock, backend, x);
  // XNNPACK repacks its right operand, at ten times the cost a value of a transposition. Where the
  // left one has fewer columns, the transposed product is the cheaper: a' b = (b' a)'.
  if (transposeA && !transposeB && a.shape.at(-1)! < b.shape.at(-1)!) {
    const reversed = consume(backend, swap(b), (bT) => multiply(bT, a));
    return consume(backend, reversed, swap);
  }
  if (transposeA) {
    return consume(
      backend,
      swap(a),
      (aT) => product(stock, backend, { a: aT, b }, { transposeA: false, transposeB }),
    );
  }
  if (transposeB) return consume(backend, swap(b), (bT) => multiply(a, bT));
  return multiply(a, b);
}

/** The transpositions first, then the stock kernel: `BatchMatMul`. */
function buildBatchMatMul(stock: StockKernels): KernelFunc {
  return asKernel<ProductInputs, ProductAttributes>(({ inputs, attrs, backend }) =>
    product(stock, backend, inputs, attrs)
  );
}

/** The same for the product with bias and activation; the leaky ReLU comes after it. */
function buildFusedMatMul(stock: StockKernels): KernelFunc {
  const fused = stock("_FusedMatMul");
  function run(
    backend: WasmBackend,
    inputs: FusedInputs,
    attrs: FusedAttributes,
  ): TensorInfo {
    if (attrs.transposeA) {
      return consume(
        backend,
        swapLastAxes(stock, backend, inputs.a),
        (a) => run(backend, { ...inputs, a }, { ...attrs, transposeA: false }),
      );
    }
    if (attrs.transposeB) {
      return consume(
        backend,
        swapLastAxes(stock, backend, inputs.b),
        (b) => run(backend, { ...inputs, b }, { ...attrs, transposeB: false }),
      );
    }
    if (attrs.activation === "leakyrelu") {
      const linear = run(backend, inputs, { ...attrs, activation: "linear" });
      return consume(backend, linear, (z) => leaky(stock, backend, z, attrs.leakyreluAlpha ?? 0));
    }
    return runKernel(fused, backend, { ...inputs }, { ...attrs });
  }
  return asKernel<FusedInputs, FusedAttributes>(({ inputs, attrs, backend }) =>
    run(backend, inputs, attrs)
  );
}

/** The two products with transposed operands. */
export const MATRIX_PRODUCT_KERNELS: readonly TrainingKernel[] = [
  { name: "BatchMatMul", stock: "slow", build: buildBatchMatMul },
  { name: "_FusedMatMul", stock: "slow", build: buildFusedMatMul },
];
