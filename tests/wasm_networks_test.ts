/**
 * Whole networks trained on tfjs's wasm backend with the training kernels: the losses are those of
 * the cpu backend, to 1e-5.
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { assertEquals, assertLess } from "@std/assert";
import { registerWasmTraining } from "../src/network/tfjs/wasm_training.ts";
import { createRandom } from "../src/numerics/random.ts";

tf.enableProdMode();

const STEPS = 6;
const TOLERANCE = 1e-5;

/** Normal numbers from a seed, the same on every backend. */
function normals(shape: number[], seed: number, scale = 1): tf.Tensor {
  const random = createRandom(seed);
  const length = shape.reduce((size, n) => size * n, 1);
  return tf.tensor(Float32Array.from({ length }, () => scale * random.normal()), shape);
}

type Train = () => Promise<number[]>;

async function assertLossesFollowCpu(train: Train): Promise<void> {
  await tf.setBackend("wasm");
  registerWasmTraining();
  const onWasm = await train();
  await tf.setBackend("cpu");
  const onCpu = await train();
  for (const [i, loss] of onCpu.entries()) {
    const difference = Math.abs(onWasm[i]! - loss);
    assertLess(difference, TOLERANCE * loss, `step ${i}: ${onWasm[i]} is not ${loss}`);
  }
  assertLess(onCpu.at(-1)!, onCpu[0]!, `the losses do not fall: ${onCpu}`);
}

/** The losses of some steps; from the second on, none may leave data on the backend. */
async function trainSteps(step: () => Promise<number>): Promise<number[]> {
  const losses = [await step(), await step()];
  const data = tf.backend().numDataIds();
  while (losses.length < STEPS) losses.push(await step());
  assertEquals(tf.backend().numDataIds(), data, `data left on ${tf.getBackend()}`);
  return losses;
}

/** Trains a Keras-like model, with weights from a seed, on one batch. */
async function trainModel(
  build: (input: tf.SymbolicTensor) => tf.SymbolicTensor,
  inputShape: number[],
  batch: number,
  rate = 0.02,
): Promise<number[]> {
  const input = tf.input({ shape: inputShape });
  const model = tf.model({ inputs: input, outputs: build(input) });
  const weights = model.getWeights().map((w, i) => normals(w.shape, i + 1, 0.3));
  model.setWeights(weights);
  model.compile({ optimizer: tf.train.momentum(rate, 0.9), loss: "meanSquaredError" });
  const xs = normals([batch, ...inputShape], 101);
  const ys = normals([batch, ...model.outputShape.slice(1) as number[]], 102, 0.5);
  const losses = await trainSteps(() => model.trainOnBatch(xs, ys) as Promise<number>);
  tf.dispose([weights, xs, ys]);
  model.optimizer.dispose();
  model.dispose();
  return losses;
}

const { layers } = tf;
type Symbolic = tf.SymbolicTensor;

const apply = (layer: tf.layers.Layer, x: Symbolic | Symbolic[]): Symbolic =>
  layer.apply(x) as Symbolic;

/** Two levels down by strides and pools, up again by transposed convolutions and upsampling. */
function buildUNet(input: Symbolic): Symbolic {
  const convolve = (filters: number, strides = 1) =>
    layers.conv2d({ filters, kernelSize: 3, strides, padding: "same", activation: "relu" });
  const top = apply(convolve(4), input);
  const middle = apply(convolve(6, 2), top);
  const bottom = apply(convolve(8), apply(layers.maxPooling2d({ poolSize: 2 }), middle));
  const up = apply(
    layers.conv2dTranspose({ filters: 6, kernelSize: 3, strides: 2, padding: "same" }),
    bottom,
  );
  const joined = apply(convolve(6), apply(layers.concatenate(), [up, middle]));
  const wide = apply(layers.upSampling2d({ size: [2, 2], interpolation: "bilinear" }), joined);
  const last = apply(convolve(4), apply(layers.concatenate(), [wide, top]));
  return apply(layers.conv2d({ filters: 1, kernelSize: 1 }), last);
}

function buildSeparable(input: Symbolic): Symbolic {
  const separate = (filters: number, strides: number) =>
    layers.separableConv2d({
      filters,
      kernelSize: 3,
      strides,
      padding: "same",
      depthMultiplier: 2,
    });
  let x = apply(separate(6, 2), input);
  x = apply(layers.leakyReLU({ alpha: 0.2 }), apply(layers.batchNormalization(), x));
  x = apply(layers.depthwiseConv2d({ kernelSize: [2, 3], padding: "same", activation: "relu" }), x);
  x = apply(layers.prelu(), apply(separate(5, 1), x));
  x = apply(layers.averagePooling2d({ poolSize: 2, padding: "same" }), x);
  return apply(layers.dense({ units: 2 }), apply(layers.flatten(), x));
}

Deno.test("a U-Net with transposed convolutions trains on wasm as on cpu", async () => {
  await assertLossesFollowCpu(() => trainModel(buildUNet, [8, 8, 2], 3));
});

Deno.test("a separable convnet trains on wasm as on cpu", async () => {
  await assertLossesFollowCpu(() => trainModel(buildSeparable, [9, 7, 3], 4));
});

Deno.test("an LSTM trains on wasm as on cpu", async () => {
  await assertLossesFollowCpu(() =>
    trainModel(
      (x) =>
        apply(
          layers.dense({ units: 1 }),
          apply(
            layers.lstm({ units: 7 }),
            apply(layers.lstm({ units: 6, returnSequences: true }), x),
          ),
        ),
      [9, 3],
      5,
    )
  );
});

Deno.test("a network of volumes trains on wasm as on cpu", async () => {
  await assertLossesFollowCpu(() =>
    trainModel(
      (input) => {
        const x = apply(layers.conv3d({ filters: 3, kernelSize: 2, padding: "same" }), input);
        const y = apply(layers.maxPooling3d({ poolSize: 2, strides: [2, 1, 2] }), x);
        return apply(layers.dense({ units: 1 }), apply(layers.flatten(), y));
      },
      [4, 5, 6, 2],
      3,
      0.001,
    )
  );
});

const [BATCH, LENGTH, WIDTH, HEADS, SIZE] = [2, 6, 8, 2, 4];

/** x normalized over its last axis, times a gain. */
function normalize(x: tf.Tensor, gain: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), gain);
}

/** A transformer's block: attention of many heads by einsum, then two dense layers. */
function transform(x: tf.Tensor, w: readonly tf.Tensor[]): tf.Tensor {
  const [query, key, value, out, wide, narrow, gain1, gain2] = w as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const normal = normalize(x, gain1);
  const [q, k, v] = [query, key, value].map((m) => tf.einsum("btw,whd->bthd", normal, m)) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const scores = tf.softmax(tf.mul(tf.einsum("bqhd,bkhd->bhqk", q, k), 1 / Math.sqrt(SIZE)));
  const attended = tf.einsum("bhqk,bkhd->bqhd", scores, v);
  const first = tf.add(x, tf.einsum("bqhd,hdw->bqw", attended, out));
  const hidden = tf.elu(tf.einsum("btw,wu->btu", normalize(first, gain2), wide));
  return tf.add(first, tf.einsum("btu,uw->btw", hidden, narrow));
}

const TRANSFORMER_SHAPES = [
  [WIDTH, HEADS, SIZE],
  [WIDTH, HEADS, SIZE],
  [WIDTH, HEADS, SIZE],
  [HEADS, SIZE, WIDTH],
  [WIDTH, 16],
  [16, WIDTH],
  [WIDTH],
  [WIDTH],
];

Deno.test("a transformer's block with einsum trains on wasm as on cpu", async () => {
  await assertLossesFollowCpu(async () => {
    const optimizer = tf.train.momentum(0.02, 0.9);
    const embedding = tf.variable(normals([11, WIDTH], 50));
    const weights = TRANSFORMER_SHAPES.map((shape, i) => tf.variable(normals(shape, 60 + i, 0.4)));
    const words = tf.tensor2d(
      Array.from({ length: BATCH * LENGTH }, (_, i) => (i * 7) % 11),
      [BATCH, LENGTH],
      "int32",
    );
    const target = normals([BATCH, LENGTH, WIDTH], 70);
    const lossOf = (): tf.Scalar =>
      tf.losses.meanSquaredError(target, transform(tf.gather(embedding, words), weights));
    const losses = await trainSteps(() => {
      const loss = optimizer.minimize(lossOf, true)!;
      const [value] = loss.dataSync();
      loss.dispose();
      return Promise.resolve(value!);
    });
    tf.dispose([embedding, weights, words, target]);
    optimizer.dispose();
    return losses;
  });
});
