/**
 * Matrix products with transposed operands. The wasm backend multiplies plain matrices with
 * XNNPACK but takes a scalar path, sixteen times slower, when an operand is transposed, as both
 * products of a dense layer's gradient are. Here the transposition is made first, by itself. The
 * fused product of a batch of matrices adds the bias in wrong places; here it is a sum of its own.
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

/** XNNPACK repacks its right operand, at about ten times the cost a value of a transposition. */
const PACKING_COST = 10;

/**
 * Whether the transposed product, a b = (b' a')', costs less than the product itself, in values
 * moved. The left operand is [m x k], the right one [k x n].
 */
function isReversedCheaper(
  { a, b }: ProductInputs,
  { transposeA, transposeB }: ProductAttributes,
): boolean {
  const [m, k] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : a.shape.slice(-2);
  const n = b.shape.at(transposeB ? -2 : -1)!;
  const [left, right] = [m! * k!, k! * n];
  const direct = (transposeA ? left : 0) + (transposeB ? right : 0) + PACKING_COST * right;
  const reversed = (transposeA ? 0 : left) + (transposeB ? 0 : right) + PACKING_COST * left +
    m! * n;
  return reversed < direct;
}

/** Products of float tensors of rank 2 or more, with any operand transposed. */
export function product(
  stock: StockKernels,
  backend: WasmBackend,
  inputs: ProductInputs,
  attrs: ProductAttributes,
): TensorInfo {
  const { transposeA, transposeB } = attrs;
  const swap = (x: TensorInfo) => swapLastAxes(stock, backend, x);
  if ((transposeA || transposeB) && isReversedCheaper(inputs, attrs)) {
    const reversed = multiply(stock, backend, { a: inputs.b, b: inputs.a }, {
      transposeA: !transposeB,
      transposeB: !transposeA,
    });
    return consume(backend, reversed, swap);
  }
  return multiply(stock, backend, inputs, attrs);
}

/** The plain product of operands that are transposed, where they have to be, by themselves. */
function multiply(
  stock: StockKernels,
  backend: WasmBackend,
  { a, b }: ProductInputs,
  { transposeA, transposeB }: ProductAttributes,
): TensorInfo {
  const swap = (x: TensorInfo) => swapLastAxes(stock, backend, x);
  if (transposeA) {
    const attrs = { transposeA: false, transposeB };
    return consume(backend, swap(a), (aT) => multiply(stock, backend, { a: aT, b }, attrs));
  }
  if (transposeB) {
    return consume(backend, swap(b), (bT) => multiply(stock, backend, { a, b: bT }, PLAIN));
  }
  return runKernel(stock("BatchMatMul"), backend, { a, b }, { ...PLAIN });
}

/** The transpositions first, then the stock kernel: `BatchMatMul`. */
function buildBatchMatMul(stock: StockKernels): KernelFunc {
  return asKernel<ProductInputs, ProductAttributes>(({ inputs, attrs, backend }) =>
    product(stock, backend, inputs, attrs)
  );
}

/** Kernels of the activations that can follow a fused product; "linear" has none. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: "Relu",
  relu6: "Relu6",
  sigmoid: "Sigmoid",
  elu: "Elu",
};

/** Applies a fused product's activation to its result. */
function activate(
  stock: StockKernels,
  backend: WasmBackend,
  z: TensorInfo,
  { activation, leakyreluAlpha, alpha }: FusedAttributes & { readonly alpha?: TensorInfo },
): TensorInfo {
  if (activation === "leakyrelu") return leaky(stock, backend, z, leakyreluAlpha ?? 0);
  if (activation === "prelu") {
    return runKernel(stock("Prelu"), backend, { x: z, alpha: alpha! }, {});
  }
  const kernel = ACTIVATIONS[activation];
  return runKernel(stock(kernel ?? "Identity"), backend, { x: z }, {});
}

/** One kernel after the other, for what the fused one has slow or, for batches with bias, wrong. */
function multiplyInSteps(
  stock: StockKernels,
  backend: WasmBackend,
  { a, b, bias, preluActivationWeights: alpha }: FusedInputs,
  attrs: FusedAttributes,
): TensorInfo {
  const plain = product(stock, backend, { a, b }, attrs);
  const biased = bias
    ? consume(backend, plain, (z) => runKernel(stock("Add"), backend, { a: z, b: bias }, {}))
    : plain;
  return consume(
    backend,
    biased,
    (z) => activate(stock, backend, z, { ...attrs, ...(alpha && { alpha }) }),
  );
}

/** The same for the product with bias and activation; the leaky ReLU comes after it. */
function buildFusedMatMul(stock: StockKernels): KernelFunc {
  const fused = stock("_FusedMatMul");
  return asKernel<FusedInputs, FusedAttributes>(({ inputs, attrs, backend }) => {
    const isBatch = [inputs.a, inputs.b].some(({ shape }) => shape.slice(0, -2).some((n) => n > 1));
    if (isBatch || attrs.transposeA || attrs.transposeB) {
      return multiplyInSteps(stock, backend, inputs, attrs);
    }
    if (attrs.activation !== "leakyrelu") {
      return runKernel(fused, backend, { ...inputs }, { ...attrs });
    }
    const linear = runKernel(fused, backend, { ...inputs }, { ...attrs, activation: "linear" });
    return consume(backend, linear, (z) => activate(stock, backend, z, attrs));
  });
}

/** The two products with transposed operands. */
export const MATRIX_PRODUCT_KERNELS: readonly TrainingKernel[] = [
  { name: "BatchMatMul", stock: "slow", build: buildBatchMatMul },
  { name: "_FusedMatMul", stock: "wrong", build: buildFusedMatMul },
];
