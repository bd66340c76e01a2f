/**
 * A small convolutional network in tfjs-core's own words, trained for some steps on one backend. It
 * runs in Deno, Node, Bun and a page. Who imports it may register tfjs-core's gradients.
 */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { registerWasmTraining } from "../../src/network/tfjs/wasm_training.ts";

const STEPS = 5;

function wave(shape: number[], phase: number): tf.Tensor {
  const length = shape.reduce((size, n) => size * n, 1);
  return tf.tensor(Float32Array.from({ length }, (_, i) => Math.sin(1.7 * i + phase)), shape);
}

/** The losses of all steps. */
export async function train(backend: string): Promise<number[]> {
  await tf.setBackend(backend);
  if (backend === "wasm") registerWasmTraining();
  const first = tf.variable(tf.mul(wave([3, 3, 2, 4], 1), 0.3)) as tf.Tensor4D;
  const second = tf.variable(tf.mul(wave([2, 2, 4, 1], 2), 0.3)) as tf.Tensor4D;
  const optimizer = tf.train.sgd(0.05);
  const loss = (): tf.Scalar => {
    const x = tf.relu(tf.conv2d(wave([3, 9, 7, 2], 3) as tf.Tensor4D, first, 2, "same"));
    const y = tf.conv2d(tf.maxPool(x, 2, 1, "same"), second, [1, 3], "same");
    const embedded = tf.gather(tf.reshape(y, [-1]), tf.tensor1d([3, 1, 3, 5], "int32"));
    return tf.add(tf.mean(tf.square(tf.sub(y, 1))), tf.mean(tf.square(embedded)));
  };
  const losses: number[] = [];
  for (let i = 0; i < STEPS; i++) losses.push(optimizer.minimize(loss, true)!.dataSync()[0]!);
  return losses;
}
