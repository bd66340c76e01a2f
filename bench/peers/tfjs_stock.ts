/**
 * The same training step on tfjs as it is published: its own gradients and its own Adam. The wasm
 * backend has no gradient for convolution filters, so that each convolution is four shifted slices,
 * joined and multiplied by one matrix; and none that is right for max pooling, so that is `tf.max`.
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import type { Batch } from "../../src/features/dataset.ts";
import type { Architecture } from "../../src/model.ts";
import { CONVOLUTION_ROWS, LEAKY_SLOPE } from "../../src/model.ts";
import { initialWeights } from "../../src/network/weights.ts";
import { createRandom } from "../../src/numerics/random.ts";
import { INPUTS, ROWS } from "../networks.ts";

/** Makes a function that takes one step of Adam on a batch of equal heights. */
export async function createStockStep(
  architecture: Architecture,
  batch: Batch,
): Promise<() => Promise<void>> {
  tf.enableProdMode();
  await tf.setBackend("wasm");
  await tf.ready();
  const weights = Object.fromEntries(
    Object.entries(initialWeights(architecture, INPUTS, createRandom(1))).map((
      [name, { shape, data }],
    ) => [
      name,
      tf.variable(
        tf.tensor(
          data as Float32Array,
          shape.length === 3 ? [shape[0]! * shape[1]!, shape[2]!] : [...shape],
        ),
      ),
    ]),
  );
  const { count } = batch;
  const pixels = tf.tensor2d(batch.pixels, [count * ROWS, INPUTS.pixels]);
  const supplementary = tf.tensor3d(batch.supplementary, [count, ROWS, INPUTS.supplementary]);
  const labels = tf.tensor2d(batch.labels, [count, 1]);
  const optimizer = tf.train.adam(1e-3);
  const layer = (x: tf.Tensor, name: string): tf.Tensor =>
    tf.add(
      tf.matMul(x as tf.Tensor2D, weights[`${name}/kernel`] as tf.Tensor2D),
      weights[`${name}/bias`]!,
    );
  const loss = () => {
    const { encoder, dense, dropout } = architecture;
    let x: tf.Tensor = pixels;
    encoder.forEach((_, i) => {
      x = layer(x, `encoder/${i}`);
      if (i < encoder.length - 1) x = tf.leakyRelu(x, LEAKY_SLOPE);
      if (i === 0) x = tf.dropout(x, dropout.encoder);
    });
    x = tf.concat([tf.reshape(layer(x, "terse"), [count, ROWS, 1]), supplementary], 2);
    architecture.convolution.forEach((_, i) => {
      const [, height, channels] = x.shape as [number, number, number];
      const padded = tf.pad(x, [[0, 0], [1, CONVOLUTION_ROWS - 2], [0, 0]]);
      const shifted = Array.from(
        { length: CONVOLUTION_ROWS },
        (_, t) => tf.slice(padded, [0, t, 0], [count, height, channels]),
      );
      const joined = tf.reshape(tf.concat(shifted, 2), [
        count * height,
        CONVOLUTION_ROWS * channels,
      ]);
      const z = tf.leakyRelu(layer(joined, `convolution/${i}`), LEAKY_SLOPE);
      const out = z.shape[1]!;
      const even = height - height % 2;
      const rows = tf.reshape(z, [count, height, out]);
      const pairs = tf.reshape(tf.slice(rows, [0, 0, 0], [count, even, out]), [
        count,
        even / 2,
        2,
        out,
      ]);
      const pooled = tf.mean(pairs, 2);
      const rest = tf.slice(rows, [0, even, 0], [count, height - even, out]);
      x = even === height ? pooled : tf.concat([pooled, rest], 1);
    });
    x = tf.max(x, 1);
    dense.forEach((_, i) => {
      x = layer(x, `dense/${i}`);
      if (i < dense.length - 1) x = tf.dropout(tf.leakyRelu(x, LEAKY_SLOPE), dropout.dense);
    });
    return tf.mean(tf.abs(tf.sub(layer(x, "output"), labels))) as tf.Scalar;
  };
  return async () => {
    const cost = optimizer.minimize(loss, true)!;
    await cost.data();
    cost.dispose();
  };
}
