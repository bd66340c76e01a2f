/** Convolutions of images so large that tfjs's wasm kernels unfold the patches of one a part at a time. */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { assertLess } from "@std/assert";
import { registerWasmTraining } from "../src/network/tfjs/wasm_training.ts";

tf.enableProdMode();

await tf.setBackend("wasm");
registerWasmTraining();

const wave = (shape: readonly number[], step: number) =>
  tf.sin(tf.reshape(tf.range(0, step * tf.util.sizeFromShape([...shape]), step), [...shape]));

interface Case {
  readonly image: readonly number[];
  readonly filter: readonly number[];
  convolve(image: tf.Tensor, filter: tf.Tensor): tf.Tensor;
}

/** Both have a little more than 4 million numbers in an image's patches, with a short last part. */
const CASES: Readonly<Record<string, Case>> = {
  images: {
    image: [2, 250, 250, 9],
    filter: [5, 3, 9, 1],
    convolve: (image, filter) =>
      tf.conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, [1, 2], "same"),
  },
  volumes: {
    image: [1, 7, 40, 40, 14],
    filter: [3, 3, 3, 14, 1],
    convolve: (image, filter) =>
      tf.conv3d(image as tf.Tensor5D, filter as tf.Tensor5D, [1, 1, 1], "same"),
  },
};

for (const [name, { image, filter, convolve }] of Object.entries(CASES)) {
  Deno.test(`${name} with more patches than are unfolded together: convolution and gradients as on cpu`, async () => {
    const found: Float32Array[][] = [];
    for (const backend of ["cpu", "wasm"]) {
      await tf.setBackend(backend);
      tf.tidy(() => {
        const { value, grads } = tf.valueAndGrads((x, by) =>
          tf.mean(tf.square(convolve(x!, by!))) as tf.Scalar
        )([wave(image, 0.7), wave(filter, 1.3)]);
        found.push([value, ...grads].map((x) => x.dataSync() as Float32Array));
      });
    }
    const [cpu, wasm] = found as [Float32Array[], Float32Array[]];
    for (const [i, right] of cpu.entries()) {
      const scale = right.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      const error = right.reduce((most, x, k) => Math.max(most, Math.abs(x - wasm[i]![k]!)), 0);
      assertLess(error, 1e-4 * scale, `result ${i}`);
    }
  });
}
