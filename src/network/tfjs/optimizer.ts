/**
 * The update rules of {@linkcode Optimizer}, on all weights as one flat tensor: a dozen kernels a
 * step instead of a dozen for each weight.
 */
import * as tf from "@tensorflow/tfjs";
import type { StepOptions } from "../../model.ts";
import { EPSILON, FIRST_DECAY, SECOND_DECAY } from "../adam.ts";

/** Adam's moments, flat; `null` before the first step of Adam. */
export interface Moments {
  readonly first: tf.Tensor;
  readonly second: tf.Tensor;
}

/** Weights and moments after an update. */
export interface Updated {
  readonly weights: tf.Tensor;
  readonly moments: Moments | null;
}

/** Terms per partial sum; float32 sums of a million squares would lose 1e-4. */
const SUM_LENGTH = 1024;

/** The sum of all values, in two stages. */
function sumInStages(flat: tf.Tensor): tf.Tensor {
  const rows = Math.floor(flat.size / SUM_LENGTH);
  const head = rows * SUM_LENGTH;
  const tail = tf.sum(tf.slice(flat, [head], [flat.size - head]));
  if (rows === 0) return tail;
  const sums = tf.sum(tf.reshape(tf.slice(flat, [0], [head]), [rows, SUM_LENGTH]), 1);
  return tf.add(tf.sum(sums), tail);
}

/** The gradient, scaled to the norm `limit` if it is longer. */
function clipGradient(gradient: tf.Tensor, limit: number): tf.Tensor {
  const norm = tf.sqrt(sumInStages(tf.square(gradient)));
  return tf.mul(gradient, tf.minimum(1, tf.div(limit, norm)));
}

/** old + fraction (target - old). */
function approach(old: tf.Tensor, target: tf.Tensor, fraction: number): tf.Tensor {
  return tf.add(old, tf.mul(tf.sub(target, old), fraction));
}

/**
 * One update; nothing it was given is freed.
 *
 * @param weights All weights, flat
 * @param moments Adam's moments before the step; `null`: zeros
 * @param gradient All gradients, in the order of the weights
 * @param step Number of the step, from 1
 */
export function updateWeights(
  weights: tf.Tensor,
  moments: Moments | null,
  gradient: tf.Tensor,
  { optimizer, learningRate, gradientClip, step }:
    & Pick<StepOptions, "optimizer" | "learningRate" | "gradientClip">
    & { readonly step: number },
): Updated {
  const clip = () => gradientClip === null ? gradient : clipGradient(gradient, gradientClip);
  if (optimizer.kind === "sgd") {
    return { weights: tf.tidy(() => tf.sub(weights, tf.mul(clip(), learningRate))), moments };
  }
  const [updated, first, second] = tf.tidy(() => {
    const g = clip();
    const { first: m, second: v } = moments ??
      { first: tf.zerosLike(weights), second: tf.zerosLike(weights) };
    const first = approach(m, g, 1 - FIRST_DECAY);
    const second = approach(v, tf.square(g), 1 - SECOND_DECAY);
    // lr m^ / (sqrt(v^) + eps) with both bias corrections in scalars, to save two passes.
    const root = Math.sqrt(1 - SECOND_DECAY ** step);
    const rate = learningRate * root / (1 - FIRST_DECAY ** step);
    const change = tf.mul(tf.div(first, tf.add(tf.sqrt(second), EPSILON * root)), rate);
    const shrunk = optimizer.kind === "adamw"
      ? tf.mul(weights, 1 - learningRate * optimizer.weightDecay)
      : weights;
    return [tf.sub(shrunk, change), first, second];
  }) as [tf.Tensor, tf.Tensor, tf.Tensor];
  return { weights: updated, moments: { first, second } };
}
