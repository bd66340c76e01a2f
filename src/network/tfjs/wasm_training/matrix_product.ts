/**
 * Matrix products with transposed operands. The wasm backend multiplies plain matrices with XNNPACK
 * but takes a scalar path, sixteen times slower, if an operand is transposed, as in both products
 * of a dense layer's gradient. Here the operand is transposed first. The stock fused product of a
 * batch of matrices adds the bias in the wrong places; here the bias is added separately.
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { broadcast_util, upcastType } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { activate, finish, isFused } from "./activation.ts";
import { asKernel, consume, consumeBoth, floats, runKernel, sizeOf, zeros } from "./kernel.ts";
import { castTo } from "./sharing.ts";
import { broadcast } from "./strided.ts";
import { LONGEST, longProduct } from "./long_product.ts";
import { isSmall, plainProduct, smallProduct } from "./small_product.ts";
import { swapLastAxes } from "./transposition.ts";

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

/** Cost per value of XNNPACK's packing of its right operand, relative to a transposition. */
const PACKING_COST = 10;

/**
 * Whether the transposed product, a b = (b' a')', costs less than the product itself, in moved
 * values. The left operand is [m x k], the right one [k x n].
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

/**
 * Products of float tensors of rank 2 or more, with any operand transposed.
 *
 * @param attrs Transpositions, and the longest inner axis that is added in float32
 */
export function product(
  stock: StockKernels,
  backend: WasmBackend,
  inputs: ProductInputs,
  attrs: ProductAttributes & { readonly longest?: number },
): TensorInfo {
  const { transposeA, transposeB } = attrs;
  const swap = (x: TensorInfo) => swapLastAxes(backend, x);
  checkInner(inputs, attrs);
  if (sizeOf(inputs.a.shape) === 0 || sizeOf(inputs.b.shape) === 0) {
    return emptyProduct(backend, inputs, attrs);
  }
  const small = smallProduct(backend, inputs, attrs);
  if (small) return small;
  if (areMixed(inputs)) return productOfMixed(stock, backend, inputs, attrs);
  const whole = { transposeA, transposeB };
  const long = longProduct(
    stock,
    backend,
    inputs,
    attrs,
    (operands) => product(stock, backend, operands, whole),
  );
  if (long) return long;
  if ((transposeA || transposeB) && isReversedCheaper(inputs, attrs)) {
    const reversed = multiply(stock, backend, { a: inputs.b, b: inputs.a }, {
      transposeA: !transposeB,
      transposeB: !transposeA,
    });
    return consume(backend, reversed, swap);
  }
  return multiply(stock, backend, inputs, attrs);
}

/** @throws {RangeError} If the operands' inner axes differ, in tfjs's own words */
function checkInner({ a, b }: ProductInputs, { transposeA, transposeB }: ProductAttributes): void {
  const [left, right] = [a.shape.at(transposeA ? -2 : -1)!, b.shape.at(transposeB ? -1 : -2)!];
  if (left !== right) {
    throw new RangeError(
      `Error in matMul: inner shapes (${left}) and (${right}) of Tensors with shapes ${a.shape} and ${b.shape} and transposeA=${transposeA} and transposeB=${transposeB} must match.`,
    );
  }
}

const batchOf = ({ shape }: TensorInfo): number[] => shape.slice(0, -2);

/** Whether each operand has batches, and not the other's: axes of 1 among others, or fewer axes. */
function areMixed({ a, b }: ProductInputs): boolean {
  const [left, right] = [batchOf(a), batchOf(b)];
  const own = (batch: readonly number[]) => String(batch).replace(/^(1,)+/, "");
  return sizeOf(left) > 1 && sizeOf(right) > 1 && own(left) !== own(right);
}

/** A tensor whose batches are repeated to those of a product. */
function repeat(backend: WasmBackend, x: TensorInfo, batch: readonly number[]): TensorInfo {
  const shape = [...batch, ...x.shape.slice(-2)];
  const result = backend.makeOutput(shape, "float32");
  const values = broadcast(floats(backend, x), x.shape, shape);
  floats(backend, result).set(values);
  return result;
}

/** The product of mixed batches, for which the stock kernel, like the cpu backend's, takes wrong matrices. */
function productOfMixed(
  stock: StockKernels,
  backend: WasmBackend,
  { a, b }: ProductInputs,
  attrs: ProductAttributes,
): TensorInfo {
  const batch = broadcast_util.assertAndGetBroadcastShape(batchOf(a), batchOf(b));
  return consumeBoth(
    backend,
    [() => repeat(backend, a, batch), () => repeat(backend, b, batch)],
    (left, right) => product(stock, backend, { a: left, b: right }, attrs),
  );
}

/** The product of operands without elements: empty, or zeros. */
function emptyProduct(
  backend: WasmBackend,
  { a, b }: ProductInputs,
  { transposeA, transposeB }: ProductAttributes,
): TensorInfo {
  const batch = broadcast_util.assertAndGetBroadcastShape(
    a.shape.slice(0, -2),
    b.shape.slice(0, -2),
  );
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  return zeros(backend, [...batch, rows, columns]);
}

/** The plain product of operands, which are transposed first if needed. */
function multiply(
  stock: StockKernels,
  backend: WasmBackend,
  { a, b }: ProductInputs,
  { transposeA, transposeB }: ProductAttributes,
): TensorInfo {
  const swap = (x: TensorInfo) => swapLastAxes(backend, x);
  if (transposeA) {
    const attrs = { transposeA: false, transposeB };
    return consume(backend, swap(a), (aT) => multiply(stock, backend, { a: aT, b }, attrs));
  }
  if (transposeB) {
    return consume(backend, swap(b), (bT) => multiply(stock, backend, { a, b: bT }, PLAIN));
  }
  return withOwnPacking(
    backend,
    b,
    (right) => runKernel(stock("BatchMatMul"), backend, { a, b: right }, { ...PLAIN }),
  );
}

/** The shape in which a right operand's data were first packed. */
const packedShapes = new WeakMap<TensorInfo["dataId"], string>();

/**
 * XNNPACK keeps its packed right operand for the data's lifetime, for one shape only: the same data
 * in another shape give wrong numbers and reads beyond their end, so a copy is used then.
 */
function withOwnPacking<T>(backend: WasmBackend, b: TensorInfo, use: (b: TensorInfo) => T): T {
  const shape = String(b.shape.slice(-2));
  const packed = packedShapes.get(b.dataId);
  if (packed === undefined) packedShapes.set(b.dataId, shape);
  if (packed === undefined || packed === shape) return use(b);
  const copy = backend.makeOutput(b.shape, b.dtype);
  floats(backend, copy).set(floats(backend, b));
  return consume(backend, copy, use);
}

/** The kernel `BatchMatMul`: transpositions first, then the stock kernel. */
function buildBatchMatMul(stock: StockKernels): KernelFunc {
  return asKernel<ProductInputs, ProductAttributes>(({ inputs, attrs, backend }) =>
    productOfAny(stock, backend, inputs, attrs)
  );
}

/** Products of tensors of any types of numbers; those of whole numbers are exact. */
export function productOfAny(
  stock: StockKernels,
  backend: WasmBackend,
  inputs: ProductInputs,
  attrs: ProductAttributes,
): TensorInfo {
  const { a, b } = inputs;
  const dtype = upcastType(a.dtype, b.dtype);
  if (dtype !== "float32") {
    checkInner(inputs, attrs);
    return plainProduct(backend, inputs, attrs, dtype);
  }
  return consumeBoth(
    backend,
    [() => castTo(backend, a, dtype), () => castTo(backend, b, dtype)],
    (left, right) => product(stock, backend, { a: left, b: right }, attrs),
  );
}

/** The fused product as separate kernels, where the stock one is slow or wrong. */
function multiplyInSteps(
  stock: StockKernels,
  backend: WasmBackend,
  { a, b, bias, preluActivationWeights: alpha }: FusedInputs,
  attrs: FusedAttributes,
): TensorInfo {
  const plain = product(stock, backend, { a, b }, attrs);
  return finish(stock, backend, plain, bias, { ...attrs, ...(alpha && { alpha }) });
}

/** The fused product with bias and activation; the leaky ReLU is applied afterwards. */
function buildFusedMatMul(stock: StockKernels): KernelFunc {
  const fused = stock("_FusedMatMul");
  return asKernel<FusedInputs, FusedAttributes>(({ inputs, attrs, backend }) => {
    const { a, b, bias } = inputs;
    const isBatch = [a, b].some(({ shape }) => shape.slice(0, -2).some((n) => n > 1));
    const isPlain = !bias || (bias.shape.length === 1 && bias.shape[0] === b.shape.at(-1));
    const hasFew = isSmall(sizeOf(a.shape) * b.shape.at(attrs.transposeB ? -2 : -1)!);
    const isLong = a.shape.at(attrs.transposeA ? -2 : -1)! > LONGEST;
    if (isBatch || hasFew || isLong || !isPlain || attrs.transposeA || attrs.transposeB) {
      return multiplyInSteps(stock, backend, inputs, attrs);
    }
    if (isFused(attrs.activation)) {
      return withOwnPacking(
        backend,
        b,
        (right) => runKernel(fused, backend, { ...inputs, b: right }, { ...attrs }),
      );
    }
    const linear = withOwnPacking(backend, b, (right) => {
      const operands = { a, b: right, ...(bias && { bias }) };
      return runKernel(fused, backend, operands, { ...attrs, activation: "linear" });
    });
    const alpha = inputs.preluActivationWeights;
    return activate(stock, backend, linear, { ...attrs, ...(alpha && { alpha }) });
  });
}

/** Kernels of matrix products. */
export const MATRIX_PRODUCT_KERNELS: readonly TrainingKernel[] = [
  { name: "BatchMatMul", stock: "slow", build: buildBatchMatMul },
  { name: "_FusedMatMul", stock: "wrong", build: buildFusedMatMul },
];
