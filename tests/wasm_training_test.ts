/**
 * The kernels registered on tfjs's wasm backend: each against tfjs's cpu backend, an ordinary
 * tf.layers network against the same on cpu, and what the shipped backend does without them.
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { registerWasmTraining, WASM_TRAINING_KERNELS } from "../src/network/tfjs/wasm_training.ts";
import { createRandom } from "../src/numerics/random.ts";

tf.enableProdMode();

type Inputs = Record<string, tf.Tensor>;

/** A tensor of normal numbers, of either sign; the same on every backend. */
function normals(shape: number[], seed: number): tf.Tensor {
  const random = createRandom(seed);
  const length = shape.reduce((size, n) => size * n, 1);
  return tf.tensor(Float32Array.from({ length }, () => random.normal()), shape);
}

/** Runs on one backend and reads the results. */
async function on(backend: string, run: () => tf.Tensor[]): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const dataBefore = tf.backend().numDataIds();
  const results = tf.tidy(run).map((tensor) => {
    const values = tensor.dataSync().slice() as Float32Array;
    tensor.dispose();
    return values;
  });
  assertEquals(tf.memory().numTensors, before, `tensors left on ${backend}`);
  assertEquals(tf.backend().numDataIds(), dataBefore, `intermediate values left on ${backend}`);
  return results;
}

/** float32 sums in another order: a few parts in 1e7 a term. */
const TOLERANCE = 1e-5;

function assertClose(actual: Float32Array, expected: Float32Array, what: string): void {
  assertEquals(actual.length, expected.length, what);
  const largest = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    assert(
      difference <= TOLERANCE * largest + 1e-30,
      `${what}[${i}]: ${actual[i]} is not ${expected[i]}, largest ${largest}`,
    );
  }
}

/** Throws unless a program gives the same on wasm, with the kernels, as on cpu. */
async function assertFollowsCpu(what: string, run: () => tf.Tensor[]): Promise<void> {
  const expected = await on("cpu", run);
  await tf.setBackend("wasm");
  registerWasmTraining();
  const actual = await on("wasm", run);
  assertEquals(actual.length, expected.length);
  for (const [i, values] of expected.entries()) assertClose(actual[i]!, values, `${what}, ${i}`);
}

function runKernel(name: string, inputs: Inputs, attributes: tf.NamedAttrMap): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attributes) as tf.Tensor;
}

// The first tests see the backend as shipped: registering cannot be undone.

Deno.test("tfjs as shipped cannot train a convolution on wasm", async () => {
  await tf.setBackend("wasm");
  const image = normals([1, 4, 4, 1], 1) as tf.Tensor4D;
  const loss = (filter: tf.Tensor) => tf.conv2d(image, filter as tf.Tensor4D, 1, "same").sum();
  assertThrows(
    () => tf.tidy(() => tf.grad(loss)(tf.ones([2, 2, 1, 1]))),
    Error,
    "Conv2DBackpropFilter",
  );
  const embed = (x: tf.Tensor) => tf.gather(x, [0, 2]).sum();
  assertThrows(() => tf.tidy(() => tf.grad(embed)(tf.ones([3, 2]))), Error, "UnsortedSegmentSum");
});

const NEGATIVE = [-3, -1, -2, -4];

function maxPoolGradient(): tf.Tensor[] {
  const loss = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid").sum();
  return [tf.grad(loss)(tf.tensor4d(NEGATIVE, [1, 2, 2, 1]))];
}

Deno.test("tfjs as shipped loses max pooling's gradient where all inputs are negative", async () => {
  const [correct] = await on("cpu", maxPoolGradient);
  assertEquals([...correct!], [0, 1, 0, 0]);
  const [shipped] = await on("wasm", maxPoolGradient);
  assert(shipped![1] !== 1, `the shipped kernel gives ${shipped}`);
});

function batchWithBias(): tf.Tensor[] {
  const bias = tf.tensor1d([1, 2, 3]);
  return [tf.fused.matMul({ a: tf.zeros([2, 2, 4]), b: tf.zeros([2, 4, 3]), bias })];
}

Deno.test("tfjs as shipped adds a bias to a batch of products in wrong places", async () => {
  const [correct] = await on("cpu", batchWithBias);
  assertEquals([...correct!], [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
  const [shipped] = await on("wasm", batchWithBias);
  assert(shipped!.some((x, i) => x !== correct![i]), `the shipped kernel gives ${shipped}`);
});

Deno.test("registering tells its kernels once and changes nothing when repeated", async () => {
  await tf.setBackend("wasm");
  const shippedNames = new Set(tf.getKernelsForBackend("wasm").map((kernel) => kernel.kernelName));
  for (const { name, stock } of WASM_TRAINING_KERNELS) {
    assertEquals(shippedNames.has(name), stock !== "missing", name);
  }
  assertEquals(registerWasmTraining(), WASM_TRAINING_KERNELS.map(({ name }) => name));
  const kernel = tf.getKernel("MaxPoolGrad", "wasm");
  assertEquals(registerWasmTraining(), []);
  assertEquals(tf.getKernel("MaxPoolGrad", "wasm"), kernel);
});

Deno.test("matrix products with transposed operands follow the cpu backend", async () => {
  for (const [rows, inner, columns] of [[1, 1, 1], [5, 7, 3], [3, 40, 9], [65, 130, 4]]) {
    for (const batch of [[], [1], [4]]) {
      for (const transposeA of [false, true]) {
        for (const transposeB of [false, true]) {
          const what = `[${batch}] ${rows} ${inner} ${columns} ${transposeA} ${transposeB}`;
          await assertFollowsCpu(what, () => {
            const a = normals([...batch, ...(transposeA ? [inner!, rows!] : [rows!, inner!])], 1);
            const b = normals(
              [...batch, ...(transposeB ? [columns!, inner!] : [inner!, columns!])],
              2,
            );
            const bias = normals([columns!], 3) as tf.Tensor1D;
            const activations = ["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu", "prelu"];
            const fused = activations.map((activation) =>
              tf.fused.matMul({
                a,
                b,
                transposeA,
                transposeB,
                bias,
                activation: activation as tf.fused.Activation,
                preluActivationWeights: tf.tensor1d([0.4]),
                leakyreluAlpha: 0.2,
              })
            );
            return [tf.matMul(a, b, transposeA, transposeB), ...fused];
          });
        }
      }
    }
  }
});

Deno.test("a product of one matrix with a batch of them follows the cpu backend", async () => {
  await assertFollowsCpu("broadcast", () => [
    tf.matMul(normals([3, 4, 5], 1), normals([1, 6, 5], 2), false, true),
    tf.matMul(normals([1, 5, 4], 1), normals([3, 5, 6], 2), true, false),
  ]);
});

Deno.test("leaky ReLU and its gradient follow the cpu backend", async () => {
  for (const alpha of [0.3, 0, 1.5]) {
    await assertFollowsCpu(`alpha ${alpha}`, () => {
      const x = tf.concat([
        normals([3, 7], 1),
        tf.tensor2d([0, -0, 1e30, -1e30, 1, -1, 2], [1, 7]),
      ]);
      const activate = (x: tf.Tensor) => tf.leakyRelu(x, alpha);
      return [activate(x), tf.grad(activate)(x, normals([4, 7], 2))];
    });
  }
  await assertFollowsCpu("integers", () => [tf.leakyRelu(tf.tensor1d([-2, 0, 3], "int32"), 0.5)]);
});

/** Height, width, filter height and width, strides, and padding of the convolutions compared. */
const GEOMETRIES: readonly {
  readonly image: [number, number];
  readonly filter: [number, number];
  readonly strides: [number, number];
  readonly pad: "same" | "valid" | number;
}[] = [
  { image: [1, 1], filter: [1, 1], strides: [1, 1], pad: "valid" },
  { image: [5, 7], filter: [3, 3], strides: [1, 1], pad: "same" },
  { image: [5, 7], filter: [3, 2], strides: [1, 1], pad: "valid" },
  { image: [8, 6], filter: [2, 3], strides: [2, 2], pad: "same" },
  { image: [9, 9], filter: [3, 3], strides: [2, 3], pad: "valid" },
  { image: [6, 6], filter: [3, 3], strides: [1, 1], pad: 2 },
  { image: [4, 4], filter: [2, 2], strides: [3, 3], pad: "valid" },
  { image: [3, 1], filter: [4, 1], strides: [1, 1], pad: "same" },
  { image: [2, 3], filter: [5, 5], strides: [1, 1], pad: "same" },
];

/** Channels in and out, and images. */
const SIZES: readonly [number, number, number][] = [[1, 1, 1], [3, 5, 2], [8, 2, 3]];

for (const [name, conv] of [["", tf.conv2d], ["depthwise ", tf.depthwiseConv2d]] as const) {
  Deno.test(`both gradients of a ${name}convolution follow the cpu backend`, async () => {
    for (const { image, filter, strides, pad } of GEOMETRIES) {
      for (const [channels, filters, images] of SIZES) {
        await assertFollowsCpu(JSON.stringify({ image, filter, strides, pad, channels }), () => {
          const x = normals([images, ...image, channels], 1);
          const w = normals([...filter, channels, filters], 2);
          const convolve = (x: tf.Tensor, w: tf.Tensor) =>
            conv(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad);
          const y = convolve(x, w);
          return [y, ...tf.grads(convolve)([x, w], normals(y.shape, 3))];
        });
      }
    }
  });
}

Deno.test("a convolution whose patches take many passes follows the cpu backend", async () => {
  // 12 images of 40 x 40 x 25 taps x 10 channels: 4.8 million patch values, more than one pass.
  await assertFollowsCpu("large", () => {
    const x = normals([12, 40, 40, 10], 1);
    const dy = normals([12, 40, 40, 1], 2);
    const w = normals([5, 5, 10, 1], 3);
    const attributes = { strides: [1, 1], pad: "same", dataFormat: "NHWC" };
    return [
      runKernel("Conv2DBackpropFilter", { x, dy }, { ...attributes, filterShape: w.shape }),
      runKernel("Conv2DBackpropInput", { dy, filter: w }, { ...attributes, inputShape: x.shape }),
    ];
  });
});

Deno.test("a convolution with bias and leaky ReLU in one kernel follows the cpu backend", async () => {
  await assertFollowsCpu("fused", () => {
    const run = (activation: "leakyrelu" | "relu") =>
      tf.fused.conv2d({
        x: normals([2, 5, 5, 3], 1) as tf.Tensor4D,
        filter: normals([3, 3, 3, 4], 2) as tf.Tensor4D,
        strides: 1,
        pad: "same",
        bias: normals([4], 3),
        activation,
        leakyreluAlpha: 0.3,
      });
    return [run("leakyrelu"), run("relu")];
  });
});

Deno.test("the gradients of max and mean pooling follow the cpu backend", async () => {
  for (const { image, filter, strides, pad } of GEOMETRIES) {
    if (pad === 2) continue; // tfjs itself pools only with padding below half the window
    for (const shift of [0, -10]) {
      await assertFollowsCpu(JSON.stringify({ image, filter, strides, pad, shift }), () => {
        const x = tf.add(normals([2, ...image, 3], 1), shift);
        const pools = [tf.maxPool, tf.avgPool].map((pool) => (x: tf.Tensor) =>
          pool(x as tf.Tensor4D, filter, strides, pad)
        );
        return pools.map((pool) => tf.grad(pool)(x, normals(pool(x).shape, 2)));
      });
    }
  }
});

Deno.test("of equal values the first takes the gradient of max pooling", async () => {
  await assertFollowsCpu("ties", () => {
    const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, [2, 1], [2, 1], "same").sum();
    return [tf.grad(pool)(tf.tensor4d([1, 1, -2, -2, 0], [1, 5, 1, 1]))];
  });
});

Deno.test("gather and its gradient follow the cpu backend", async () => {
  for (const [shape, axis] of [[[5], 0], [[4, 3], 0], [[4, 3], 1], [[2, 5, 40], 1]] as const) {
    for (const indices of [[0], [2, 0, 2, 1], [[1, 2], [0, 0]]]) {
      await assertFollowsCpu(`[${shape}] ${axis}`, () => {
        const take = (x: tf.Tensor) => tf.gather(x, tf.tensor(indices, undefined, "int32"), axis);
        const x = normals([...shape], 1);
        const y = take(x);
        return [y, tf.grad(take)(x, normals(y.shape, 2))];
      });
    }
  }
  await assertFollowsCpu("integers, batches", () => [
    tf.gather(tf.tensor1d([3, 4, 5], "int32"), [2, 0]),
    tf.gather(normals([2, 3, 4], 1), tf.tensor2d([[0, 2], [1, 1]], [2, 2], "int32"), 1, 1),
  ]);
  await tf.setBackend("wasm");
  assertThrows(() => tf.tidy(() => tf.gather(tf.ones([3]), [3])), RangeError, "index value 3");
});

Deno.test("sums over segments leave out rows with negative numbers, as on cpu", async () => {
  await assertFollowsCpu("segments", () => [
    tf.unsortedSegmentSum(normals([5, 3], 1), tf.tensor1d([0, -1, 2, 2, 0], "int32"), 4),
  ]);
});

Deno.test("slices, splits and the gradient of a concatenation follow the cpu backend", async () => {
  await assertFollowsCpu("slices", () => {
    const x = normals([3, 4, 5, 40], 1);
    const join = (a: tf.Tensor, b: tf.Tensor) => tf.concat([a, b], 1);
    const parts = [normals([2, 3, 2], 2), normals([2, 4, 2], 3)];
    return [
      tf.slice(x, [1, 0, 0, 0], [2, 4, 5, 40]),
      tf.slice(x, [0, 1, 2, 3], [3, 2, 1, 33]),
      tf.slice(x, [2, 3, 0, 39], [1, 1, 5, 1]),
      tf.slice(normals([100], 4), [7], [50]),
      tf.slice(normals([6, 5], 4), [1, 2], [3, 2]),
      tf.slice(tf.tensor1d([1, 2, 3], "int32"), [1], [2]),
      ...tf.split(x, 2, 1),
      ...tf.split(x, [1, 3, 1], 2),
      ...tf.split(x, [7, 33], 3),
      ...tf.grads(join)(parts, normals([2, 7, 2], 5)),
    ];
  });
});

/** An ordinary image classifier, with the layers that tutorials use. */
function buildClassifier(): tf.Sequential {
  const initializer = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential();
  model.add(tf.layers.conv2d({
    inputShape: [12, 12, 1],
    kernelSize: 3,
    filters: 6,
    activation: "relu",
    kernelInitializer: initializer(1),
  }));
  model.add(tf.layers.batchNormalization());
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.separableConv2d({
    kernelSize: 3,
    filters: 8,
    padding: "same",
    depthwiseInitializer: initializer(2),
    pointwiseInitializer: initializer(3),
  }));
  model.add(tf.layers.leakyReLU());
  model.add(tf.layers.averagePooling2d({ poolSize: 2, strides: 1 }));
  model.add(tf.layers.conv2d({
    kernelSize: 3,
    strides: 2,
    filters: 8,
    padding: "same",
    kernelInitializer: initializer(4),
  }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 12, activation: "relu", kernelInitializer: initializer(5) }));
  model.add(
    tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer: initializer(6) }),
  );
  model.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy" });
  return model;
}

/** With this seed no ReLU comes within rounding of zero, where backends would part for good. */
const NOISE_SEED = 4;

/** Losses of some steps on one batch: stripes along rows, along columns, or neither. */
async function trainClassifier(backend: string, steps: number): Promise<number[]> {
  await tf.setBackend(backend);
  const model = buildClassifier();
  const noise = normals([24, 12, 12, 1], NOISE_SEED);
  const stripes = tf.tensor4d(
    Float32Array.from({ length: 24 * 144 }, (_, i) => {
      const [image, y, x] = [Math.floor(i / 144), Math.floor(i / 12) % 12, i % 12];
      return [y % 2, x % 2, 0.5][image % 3]!;
    }),
    [24, 12, 12, 1],
  );
  const images = tf.tidy(() => tf.add(stripes, tf.mul(noise, 0.2)));
  const labels = tf.tidy(() =>
    tf.oneHot(tf.range(0, 24, 1, "int32").mod(tf.scalar(3, "int32")), 3)
  );
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push(await model.trainOnBatch(images, labels) as number);
  tf.dispose([noise, stripes, images, labels]);
  model.dispose();
  return losses;
}

Deno.test("an ordinary tf.layers convnet trains on wasm and follows the cpu backend", async () => {
  await tf.setBackend("wasm");
  registerWasmTraining();
  const onWasm = await trainClassifier("wasm", 12);
  const onCpu = await trainClassifier("cpu", 12);
  for (const [i, loss] of onCpu.entries()) {
    assertLess(Math.abs(onWasm[i]! - loss), 1e-4 * loss, `step ${i}: ${onWasm[i]}, ${loss}`);
  }
  assertLess(onWasm.at(-1)!, 0.5 * onWasm[0]!, `losses ${onWasm}`);
});
