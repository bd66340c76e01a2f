/**
 * The losses of {@linkcode Loss}: their values, from outputs that were read back, and their
 * gradients on the device, so that a step waits for no read.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Loss } from "../../model.ts";

/** A loss of `width` outputs per catalog, averaged over catalogs. */
interface LossFunction {
  /** Outputs per catalog that it needs. */
  readonly outputs: number;
  /** The loss of one catalog; its outputs begin at `outputs[start]`. */
  value(outputs: Float32Array, start: number, label: number): number;
  /** The gradient of the sum over catalogs, [1 x catalogs x outputs], labels [1 x catalogs x 1]. */
  gradient(outputs: tf.Tensor, labels: tf.Tensor): tf.Tensor;
}

const LOSSES: Readonly<Record<Loss, LossFunction>> = {
  mae: {
    outputs: 1,
    value: (outputs, i, label) => Math.abs(outputs[i]! - label),
    gradient: (outputs, labels) => tf.sign(tf.sub(outputs, labels)),
  },
  mse: {
    outputs: 1,
    value: (outputs, i, label) => (outputs[i]! - label) ** 2,
    gradient: (outputs, labels) => tf.mul(tf.sub(outputs, labels), 2),
  },
  gaussian: {
    outputs: 2,
    value: (outputs, i, label) => {
      const lnVariance = outputs[i + 1]!;
      return 0.5 * (lnVariance + (outputs[i]! - label) ** 2 * Math.exp(-lnVariance));
    },
    gradient: (outputs, labels) => {
      const [mean, lnVariance] = tf.split(outputs, 2, 2) as [tf.Tensor, tf.Tensor];
      const residual = tf.sub(mean, labels);
      const weighted = tf.mul(residual, tf.exp(tf.neg(lnVariance)));
      return tf.concat([weighted, tf.mul(tf.sub(1, tf.mul(residual, weighted)), 0.5)], 2);
    },
  },
};

/** The mean loss of a batch, summed in Float64. */
export function lossValue(loss: Loss, outputs: Float32Array, labels: Float32Array): number {
  const width = LOSSES[loss].outputs;
  let sum = 0;
  for (const [c, label] of labels.entries()) {
    sum += LOSSES[loss].value(outputs, c * width, label);
  }
  return sum / labels.length;
}

/** d mean loss / d outputs, [1 x catalogs x outputs]. */
export function lossGradient(loss: Loss, outputs: tf.Tensor, labels: Float32Array): tf.Tensor {
  const count = labels.length;
  return tf.mul(
    LOSSES[loss].gradient(outputs, tf.tensor3d(labels, [1, count, 1])),
    1 / count,
  );
}
