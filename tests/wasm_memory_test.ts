/**
 * What training on tfjs's wasm backend leaves behind in memory, and what kernels write beside their
 * results.
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { assertEquals } from "@std/assert";
import { registerWasmTraining } from "../src/network/tfjs/wasm_training.ts";

tf.enableProdMode();

const STEPS = 1000;

/** Bytes of the backend's heap, which grows and never shrinks. */
function heapBytes(): number {
  return (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
}

Deno.test("a thousand steps of training leave no tensor, no data and no heap", async () => {
  await tf.setBackend("wasm");
  registerWasmTraining();
  const filter = tf.variable(tf.randomNormal([3, 3, 2, 3], 0, 0.3, "float32", 1)) as tf.Variable;
  const slope = tf.variable(tf.fill([3], 0.2));
  const head = tf.variable(tf.randomNormal([48, 5], 0, 0.1, "float32", 2));
  const images = tf.randomNormal([4, 8, 8, 2], 0, 1, "float32", 3) as tf.Tensor4D;
  const labels = tf.tensor1d([0, 3, 1, 4], "int32");
  const optimizer = tf.train.adam(1e-3);
  const step = () => {
    optimizer.minimize(() => {
      const x = tf.prelu(
        tf.conv2d(images, filter as unknown as tf.Tensor4D, 1, "same"),
        slope as tf.Tensor,
      );
      const pooled = tf.maxPool(x as tf.Tensor4D, 2, 2, "same");
      const resized = tf.image.resizeBilinear(pooled, [4, 4]);
      const scores = tf.matMul(tf.dropout(tf.reshape(resized, [4, 48]), 0.1, undefined, 5), head);
      return tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 5), scores) as tf.Scalar;
    });
  };
  const state = () => [tf.memory().numTensors, tf.backend().numDataIds(), heapBytes()];
  for (let i = 0; i < 20; i++) step();
  const before = state();
  for (let i = 0; i < STEPS; i++) step();
  assertEquals(state(), before);
  for (const x of [filter, slope, head, images, labels]) x.dispose();
  optimizer.dispose();
});

Deno.test("kernels of truth values leave their neighbors on the heap as they were", async () => {
  await tf.setBackend("wasm");
  registerWasmTraining();
  const truths = [1, 0, 1, 1, 0];
  tf.tidy(() => {
    const x = tf.tensor1d(truths, "bool");
    const runs: Record<string, () => tf.Tensor> = {
      Select: () => tf.where(x, x, x),
      OneHot: () => tf.oneHot(tf.tensor1d([0, 2, 1], "int32"), 3, 1, 0, "bool"),
      Asinh: () => tf.asinh(x),
      Reciprocal: () => tf.reciprocal(x),
      Relu: () => tf.relu(x),
      Reverse: () => tf.reverse(x),
      TopK: () => tf.topk(x, 3).values,
    };
    for (const [name, run] of Object.entries(runs)) {
      const results = Array.from({ length: 20 }, run);
      const neighbors = Array.from({ length: 20 }, () => tf.tensor1d(truths, "bool"));
      const first = [...results[0]!.dataSync()];
      for (let i = 0; i < 20; i++) run();
      for (const result of results) assertEquals([...result.dataSync()], first, name);
      for (const neighbor of neighbors) assertEquals([...neighbor.dataSync()], truths, name);
    }
  });
});

Deno.test("every image of a batch is transformed as it is alone", async () => {
  await tf.setBackend("wasm");
  registerWasmTraining();
  tf.tidy(() => {
    const images = tf.randomNormal([3, 4, 5, 2], 0, 1, "float32", 7) as tf.Tensor4D;
    const moves = tf.tensor2d([
      [1, 0.2, -1, 0.1, 0.9, 1, 0, 0],
      [0.8, 0, 2, 0, 1.1, -1, 0.02, 0],
      [1, 0, 0, 0, 1, 0, 0, 0],
    ]);
    const together = tf.image.transform(images, moves, "bilinear", "reflect", 0, [6, 3]);
    for (let i = 0; i < 3; i++) {
      const [image, move] = [images, moves].map((x) => tf.slice(x, i, 1));
      const alone = tf.image.transform(
        image as tf.Tensor4D,
        move as tf.Tensor2D,
        "bilinear",
        "reflect",
        0,
        [6, 3],
      );
      assertEquals([...tf.slice(together, i, 1).dataSync()], [...alone.dataSync()]);
    }
    const identity = tf.slice(images, 2, 1);
    const moved = tf.image.transform(identity, tf.slice(moves, 2, 1) as tf.Tensor2D);
    assertEquals([...moved.dataSync()], [...identity.dataSync()]);
  });
});
