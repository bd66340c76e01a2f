/** Gradients of sums, extremes, products, and normalizations along an axis. */
import * as tf from "@tensorflow/tfjs-core";
import { factors, gradient } from "./rule.ts";

/** The reduced axes; all if none are named. */
function axesOf(axis: unknown, x: tf.Tensor): number[] {
  return tf.util.parseAxisParam(axis as number[], x.shape);
}

/** A reduced tensor with its axes restored, each of length 1. */
function unreduced(y: tf.Tensor, x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  return tf.reshape(
    y,
    tf.backend_util.expandShapeToKeepDim(
      tf.backend_util.computeOutAndReduceShapes(x.shape, [...axes])[0],
      [...axes],
    ),
  );
}

/** For each element, the product of all others along some axes. */
function productsOfOthers(x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const order = [...kept, ...axes];
  const moved = tf.transpose(x, order);
  const width = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  const rows = tf.reshape(moved, [-1, width]);
  const others = tf.mul(tf.cumprod(rows, 1, true), tf.cumprod(rows, 1, true, true));
  return tf.transpose(
    tf.reshape(others, moved.shape),
    tf.backend_util.getUndoAxesPermutation(order),
  );
}

const extreme = (name: string, attribute: string) =>
  gradient(name, { inputs: ["x"], output: true }, ({ dy, saved: [x, y], attrs }) => {
    const axes = axesOf(attrs[attribute], x!);
    const isIt = () => factors(tf.equal(x!, unreduced(y!, x!, axes)));
    return { x: () => tf.mul(unreduced(dy, x!, axes), isIt()) };
  });

/** Gradients of reductions. */
export const REDUCTION_GRADIENTS: readonly tf.GradConfig[] = [
  gradient("Sum", { inputs: ["x"] }, ({ dy, saved: [x], attrs }) => ({
    x: () => tf.mul(unreduced(dy, x!, axesOf(attrs["axis"], x!)), tf.ones(x!.shape)),
  })),
  gradient("Mean", { inputs: ["x"] }, ({ dy, saved: [x], attrs }) => ({
    x: () => {
      const axes = axesOf(attrs["axis"], x!);
      const count = axes.reduce((product, axis) => product * x!.shape[axis]!, 1);
      return tf.mul(unreduced(dy, x!, axes), tf.fill(x!.shape, 1 / count));
    },
  })),
  gradient("Prod", { inputs: ["x"] }, ({ dy, saved: [x], attrs }) => ({
    x: () => {
      const axes = axesOf(attrs["axis"], x!);
      return tf.mul(unreduced(dy, x!, axes), productsOfOthers(x!, axes));
    },
  })),
  extreme("Max", "reductionIndices"),
  extreme("Min", "axis"),
  ...["ArgMax", "ArgMin"].map((name) =>
    gradient(name, { inputs: ["x"] }, ({ saved: [x] }) => ({ x: () => tf.zeros(x!.shape) }))
  ),
  gradient("Cumsum", {}, ({ dy, attrs }) => ({
    x: () =>
      tf.cumsum(dy, attrs["axis"] as number, attrs["exclusive"] as boolean, !attrs["reverse"]),
  })),
  gradient("Softmax", { output: true }, ({ dy, saved: [y], attrs }) => ({
    logits: () => {
      const weighted = tf.mul(dy, y!);
      return tf.sub(weighted, tf.mul(tf.sum(weighted, [attrs["dim"] as number], true), y!));
    },
  })),
  gradient("LogSoftmax", { output: true }, ({ dy, saved: [y], attrs }) => ({
    logits: () => tf.sub(dy, tf.mul(tf.sum(dy, attrs["axis"] as number, true), tf.exp(y!))),
  })),
];
