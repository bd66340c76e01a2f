/**
 * Einstein sums, which the wasm backend lacks (tfjs#7439), from sums, transpositions and matrix
 * products; and their gradient, which no backend has: an Einstein sum again.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, consume, runKernel, share, sizeOf, withShape } from "./kernel.ts";
import { productOfAny } from "./matrix_product.ts";
import { sumFloats } from "./reductions.ts";
import { castTo } from "./sharing.ts";
import { buildTranspose } from "./transposition.ts";

/** A tensor with a number for each of its axes; axes of the same number correspond. */
interface Labeled {
  readonly tensor: tf.TensorInfo;
  readonly labels: readonly number[];
}

interface Kernels {
  readonly stock: StockKernels;
  readonly backend: WasmBackend;
}

/** Sums over the axes that are not kept; always returns a tensor of its own. */
function reduce({ stock, backend }: Kernels, x: Labeled, kept: ReadonlySet<number>): Labeled {
  const axis = x.labels.flatMap((label, i) => kept.has(label) ? [] : [i]);
  if (axis.length === 0) return { tensor: share(backend, x.tensor), labels: x.labels };
  const tensor = x.tensor.dtype === "float32"
    ? sumFloats(stock, backend, x.tensor, axis)
    : runKernel(stock("Sum"), backend, { x: x.tensor }, { axis, keepDims: false });
  return { tensor, labels: x.labels.filter((label) => kept.has(label)) };
}

/** The axes in the order of `labels`. */
function order({ stock, backend }: Kernels, x: Labeled, labels: readonly number[]): tf.TensorInfo {
  const perm = labels.map((label) => x.labels.indexOf(label));
  return perm.every((axis, i) => axis === i)
    ? share(backend, x.tensor)
    : runKernel(buildTranspose(stock), backend, { x: x.tensor }, { perm });
}

/** A product summed over the labels that both operands have and the result does not. */
function contract(
  kernels: Kernels,
  a: Labeled,
  b: Labeled,
  result: ReadonlySet<number>,
): Labeled {
  const { stock, backend } = kernels;
  const [inA, inB] = [new Set(a.labels), new Set(b.labels)];
  const batch = a.labels.filter((label) => inB.has(label) && result.has(label));
  const summed = a.labels.filter((label) => inB.has(label) && !result.has(label));
  const rows = a.labels.filter((label) => !inB.has(label));
  const columns = b.labels.filter((label) => !inA.has(label));
  const size = new Map<number, number>();
  for (const { tensor, labels } of [a, b]) labels.forEach((l, i) => size.set(l, tensor.shape[i]!));
  const sizes = (labels: readonly number[]) => labels.map((label) => size.get(label)!);
  const [n, m, k, p] = [batch, rows, summed, columns].map((labels) => sizeOf(sizes(labels)));
  const left = order(kernels, a, [...batch, ...rows, ...summed]);
  const right = order(kernels, b, [...batch, ...summed, ...columns]);
  const operands = {
    a: withShape(left, [n!, m!, k!]),
    b: withShape(right, [n!, k!, p!]),
  };
  const plain = { transposeA: false, transposeB: false };
  const tensor = productOfAny(stock, backend, operands, plain);
  for (const used of [left, right]) backend.disposeData(used.dataId);
  const labels = [...batch, ...rows, ...columns];
  return { tensor: withShape(tensor, sizes(labels)), labels };
}

/** The type in which a sum of products is taken: floats if an operand has any, else whole numbers. */
function commonType(tensors: readonly tf.TensorInfo[]): tf.DataType {
  return tensors.some(({ dtype }) => dtype === "float32") ? "float32" : "int32";
}

function buildEinsum(stock: StockKernels): tf.KernelFunc {
  type Inputs = Readonly<Record<string, tf.TensorInfo>>;
  return asKernel<Inputs, { readonly equation: string }>(({ inputs, attrs, backend }) => {
    const tensors = Object.values(inputs);
    const { allDims, summedDims, idDims } = tf.backend_util.decodeEinsumEquation(
      attrs.equation,
      tensors.length,
    );
    tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as tf.Tensor[]);
    const dtype = commonType(tensors);
    const kernels: Kernels = { stock, backend };
    const summed = new Set(summedDims);
    const output = new Set(allDims.map((_, i) => i).filter((label) => !summed.has(label)));
    const operands = tensors.map((tensor, i): Labeled => {
      const elsewhere = idDims.flatMap((labels, j) => j === i ? [] : labels);
      const kept = new Set([...output, ...elsewhere]);
      return consume(
        backend,
        castTo(backend, tensor, dtype),
        (cast) => reduce(kernels, { tensor: cast, labels: idDims[i]! }, kept),
      );
    });
    const [first, second] = operands as [Labeled, Labeled | undefined];
    const whole = second ? contract(kernels, first, second, output) : first;
    if (second) {
      for (const { tensor } of operands) backend.disposeData(tensor.dataId);
    }
    return consume(
      backend,
      whole.tensor,
      (tensor) => order(kernels, { ...whole, tensor }, [...output]),
    );
  });
}

/** Kernel of Einstein sums. */
export const EINSUM_KERNELS: readonly TrainingKernel[] = [
  { name: "Einsum", stock: "missing", build: buildEinsum },
];

/** The gradient by one operand: the result's gradient contracted with the other operand. */
function gradientBy(
  place: number,
  labels: readonly string[],
  result: string,
  dy: tf.Tensor,
  operands: readonly tf.Tensor[],
): tf.Tensor {
  const own = labels[place]!;
  const { shape } = operands[place]!;
  const others = labels.flatMap((l, i) => i === place ? [] : [{ l, x: operands[i]! }]);
  const known = new Set(result + others.map(({ l }) => l).join(""));
  const kept = [...own].filter((label) => known.has(label)).join("");
  const equation = `${[result, ...others.map(({ l }) => l)].join(",")}->${kept}`;
  const gradient = tf.einsum(equation, dy, ...others.map(({ x }) => x));
  // Axes that only this operand has were summed, so their elements share one gradient.
  const thin = shape.map((n, i) => known.has(own[i]!) ? n : 1);
  return tf.tile(tf.reshape(gradient, thin), shape.map((n, i) => known.has(own[i]!) ? 1 : n));
}

/** Gradient of Einsum for every backend that has the kernel. */
export const EINSUM_GRADIENT: tf.GradConfig = {
  kernelName: "Einsum",
  saveAllInputs: true,
  gradFunc: (dy, saved, attrs) => {
    const [left, result] = (attrs["equation"] as string).replace(/\s/g, "").split("->");
    const labels = left!.split(",");
    const gradients = saved.map((_, i) =>
      [String(i), () => gradientBy(i, labels, result!, dy as tf.Tensor, saved)] as const
    );
    return Object.fromEntries(gradients);
  },
};
