/**
 * The losses of {@linkcode Loss}: their values, from outputs that have been read back, and their
 * gradients on the device, so that a step waits for no read.
 */
import * as tf from "@tensorflow/tfjs";
import type { Loss } from "../../model.ts";

/** A loss of `width` outputs per catalog, averaged over catalogs. */
interface LossFunction {
  /** Outputs that the loss needs per catalog. */
  readonly outputs: number;
  /** Labels per catalog. */
  readonly labels: number;
  /** The loss of one catalog from its outputs and labels. */
  value(outputs: Float32Array, labels: Float32Array): number;
  /** The gradient of the sum over catalogs, [1 x catalogs x outputs]; labels [1 x catalogs x labels]. */
  gradient(outputs: tf.Tensor, labels: tf.Tensor): tf.Tensor;
}

type Five = [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];

const LOSSES: Readonly<Record<Loss, LossFunction>> = {
  mae: {
    outputs: 1,
    labels: 1,
    value: ([value], [label]) => Math.abs(value! - label!),
    gradient: (outputs, labels) => tf.sign(tf.sub(outputs, labels)),
  },
  mse: {
    outputs: 1,
    labels: 1,
    value: ([value], [label]) => (value! - label!) ** 2,
    gradient: (outputs, labels) => tf.mul(tf.sub(outputs, labels), 2),
  },
  gaussian: {
    outputs: 2,
    labels: 1,
    value: ([mean, lnVariance], [label]) =>
      0.5 * (lnVariance! + (mean! - label!) ** 2 * Math.exp(-lnVariance!)),
    gradient: (outputs, labels) => {
      const [mean, lnVariance] = tf.split(outputs, 2, 2) as [tf.Tensor, tf.Tensor];
      const residual = tf.sub(mean, labels);
      const weighted = tf.mul(residual, tf.exp(tf.neg(lnVariance)));
      return tf.concat([weighted, tf.mul(tf.sub(1, tf.mul(residual, weighted)), 0.5)], 2);
    },
  },
  "joint gaussian": {
    outputs: 5,
    labels: 2,
    value: ([mean1, mean2, ln1, ln2, slope], [label1, label2]) => {
      const second = mean2! - label2!;
      const first = Math.exp(ln1!) * (mean1! - label1! + slope! * second);
      return 0.5 * (first ** 2 + (Math.exp(ln2!) * second) ** 2) - ln1! - ln2!;
    },
    gradient: (outputs, labels) => {
      const [mean1, mean2, ln1, ln2, slope] = tf.split(outputs, 5, 2) as Five;
      const [label1, label2] = tf.split(labels, 2, 2) as [tf.Tensor, tf.Tensor];
      const residual = tf.sub(mean2, label2);
      const first = tf.mul(
        tf.exp(ln1),
        tf.add(tf.sub(mean1, label1), tf.mul(slope, residual)),
      );
      const second = tf.mul(tf.exp(ln2), residual);
      const pull = tf.mul(first, tf.exp(ln1));
      return tf.concat([
        pull,
        tf.add(tf.mul(pull, slope), tf.mul(second, tf.exp(ln2))),
        tf.sub(tf.square(first), 1),
        tf.sub(tf.square(second), 1),
        tf.mul(pull, residual),
      ], 2);
    },
  },
};

/** The mean loss of a batch, summed in Float64. */
export function lossValue(loss: Loss, outputs: Float32Array, labels: Float32Array): number {
  const { outputs: width, labels: labelWidth, value } = LOSSES[loss];
  const count = labels.length / labelWidth;
  let sum = 0;
  for (let c = 0; c < count; c++) {
    sum += value(
      outputs.subarray(c * width, (c + 1) * width),
      labels.subarray(c * labelWidth, (c + 1) * labelWidth),
    );
  }
  return sum / count;
}

/** d mean loss / d outputs, [1 x catalogs x outputs]. */
export function lossGradient(loss: Loss, outputs: tf.Tensor, labels: Float32Array): tf.Tensor {
  const { gradient, labels: width } = LOSSES[loss];
  const count = labels.length / width;
  return tf.mul(gradient(outputs, tf.tensor3d(labels, [1, count, width])), 1 / count);
}
