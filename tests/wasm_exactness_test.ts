/**
 * What the training kernels for tfjs's wasm backend give beyond the cpu backend's values: gradients
 * that agree with finite differences where the cpu backend's do not, and nothing left behind.
 *
 * The kernels are registered with exact gradients here, for the whole file.
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { registerWasmTraining } from "../src/network/tfjs/wasm_training.ts";
import { createRandom } from "../src/numerics/random.ts";

tf.enableProdMode();
await tf.setBackend("wasm");
registerWasmTraining({ gradients: "exact" });

/** Numbers that lie apart, so that a small step changes no maximum. */
function separate(shape: number[], seed: number): Float32Array {
  const length = shape.reduce((size, n) => size * n, 1);
  const order = createRandom(seed).permutation(length);
  return Float32Array.from(order, (rank) => 0.1 * rank - 2);
}

type Operation = (x: tf.Tensor) => tf.Tensor;

/** The largest difference between a gradient and central finite differences. */
async function errorOf(backend: string, operation: Operation, shape: number[]): Promise<number> {
  await tf.setBackend(backend);
  const values = separate(shape, 3);
  const loss = (x: tf.Tensor): tf.Scalar => {
    const y = operation(x);
    const weights = Float32Array.from({ length: y.size }, (_, i) => Math.cos(1.1 * i));
    return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)));
  };
  const lossAt = (place: number, step: number): number => {
    const moved = values.slice();
    moved[place]! += step;
    return tf.tidy(() => loss(tf.tensor(moved, shape)).dataSync()[0]!);
  };
  const step = 0.03;
  const gradient = tf.tidy(() => tf.grad(loss)(tf.tensor(values, shape)).dataSync());
  return values.reduce((worst, _, i) => {
    const slope = (lossAt(i, step) - lossAt(i, -step)) / (2 * step);
    return Math.max(worst, Math.abs(slope - gradient[i]!));
  }, 0);
}

type Images = tf.Tensor4D;
type Volumes = tf.Tensor5D;

/** Operations whose gradient on the cpu backend is none; the last number is its least error. */
const BENT: readonly [string, Operation, number[], number][] = [
  ["avgPool, same", (x) => tf.avgPool(x as Images, 3, 2, "same"), [2, 5, 5, 2], 0.1],
  ["avgPool3d, same", (x) => tf.avgPool3d(x as Volumes, 2, 2, "same"), [1, 3, 3, 3, 2], 0.1],
  [
    "maxPool3d, 1x2x1",
    (x) => tf.maxPool3d(x as Volumes, [1, 2, 1], 1, "valid"),
    [2, 2, 3, 3, 1],
    0.5,
  ],
  [
    "conv2d, rounded up",
    (x) =>
      tf.conv2d(
        x as Images,
        tf.tensor(separate([3, 2, 2, 2], 5), [3, 2, 2, 2]) as Images,
        [3, 2],
        0,
        "NHWC",
        1,
        "ceil",
      ),
    [1, 7, 5, 2],
    0.1,
  ],
  ["maxPool, rounded up", (x) => tf.maxPool(x as Images, 2, 2, 0, "ceil"), [1, 5, 5, 2], 0.5],
  ["avgPool, rounded up", (x) => tf.avgPool(x as Images, 2, 2, 0, "ceil"), [1, 5, 5, 2], 0.1],
  [
    "nearest, batch of 2",
    (x) => tf.image.resizeNearestNeighbor(x as Images, [4, 6]),
    [2, 2, 3, 1],
    0.5,
  ],
  ["nearest, half-pixel", (x) => tf.image.resizeNearestNeighbor(x as Images, [5, 3], false, true), [
    1,
    3,
    4,
    1,
  ], 0.5],
  ["bilinear, half-pixel", (x) => tf.image.resizeBilinear(x as Images, [5, 7], false, true), [
    2,
    3,
    3,
    1,
  ], 0.1],
];

for (const [name, operation, shape, cpuError] of BENT) {
  Deno.test(`the exact gradient of ${name} agrees with finite differences, unlike cpu's`, async () => {
    assertLess(await errorOf("wasm", operation, shape), 2e-3);
    assert(await errorOf("cpu", operation, shape) > cpuError);
  });
}

/** Operations that the cpu backend cannot differentiate, or no backend could. */
const MISSING: readonly [string, Operation, number[]][] = [
  ["bilinear, not square", (x) => tf.image.resizeBilinear(x as Images, [5, 4]), [2, 3, 2, 2]],
  [
    "conv3dTranspose by its volumes",
    (x) =>
      tf.conv3dTranspose(
        x as Volumes,
        tf.tensor(separate([2, 1, 3, 2, 3], 5), [2, 1, 3, 2, 3]) as Volumes,
        [2, 4, 4, 6, 2],
        2,
        "same",
      ),
    [2, 2, 2, 3, 3],
  ],
  [
    "conv3dTranspose by its filter",
    (x) =>
      tf.conv3dTranspose(
        tf.tensor(separate([2, 2, 2, 3, 3], 5), [2, 2, 2, 3, 3]) as Volumes,
        x as Volumes,
        [2, 3, 2, 5, 2],
        1,
        "valid",
      ),
    [2, 1, 3, 2, 3],
  ],
  ["einsum of one operand", (x) => tf.einsum("abc->ca", x), [2, 3, 4]],
];

for (const [name, operation, shape] of MISSING) {
  Deno.test(`the gradient of ${name} agrees with finite differences`, async () => {
    assertLess(await errorOf("wasm", operation, shape), 2e-3);
  });
}

Deno.test("both gradients of an einsum of two operands agree with products'", async () => {
  await tf.setBackend("wasm");
  tf.tidy(() => {
    const a = tf.tensor(separate([2, 3, 4], 1), [2, 3, 4]);
    const b = tf.tensor(separate([2, 4, 5], 2), [2, 4, 5]);
    const dy = tf.tensor(separate([2, 5, 3], 3), [2, 5, 3]);
    const viaEinsum = tf.grads((x, y) => tf.einsum("bij,bjk->bki", x, y))([a, b], dy);
    const viaProducts = tf.grads((x, y) => tf.transpose(tf.matMul(x, y), [0, 2, 1]))([a, b], dy);
    for (const [i, gradient] of viaEinsum.entries()) {
      assertEquals([...gradient.dataSync()], [...viaProducts[i]!.dataSync()]);
    }
  });
});

Deno.test("a tensor multiplied from the right in two shapes gives the numbers of both", async () => {
  await tf.setBackend("wasm");
  tf.tidy(() => {
    const b = tf.range(0, 12);
    const ones = (n: number): tf.Tensor => tf.ones([1, n]);
    assertEquals([...tf.matMul(ones(3), tf.reshape(b, [3, 4])).dataSync()], [12, 15, 18, 21]);
    assertEquals([...tf.matMul(ones(4), tf.reshape(b, [4, 3])).dataSync()], [18, 22, 26]);
    assertEquals([...tf.matMul(ones(2), tf.reshape(b, [2, 6])).dataSync()], [6, 8, 10, 12, 14, 16]);
  });
});

Deno.test("gradients of fused and custom operations pass tfjs's own check for leaks", async () => {
  await tf.setBackend("wasm");
  tf.env().set("IS_TEST", true);
  try {
    tf.tidy(() => {
      const x = tf.ones([1, 4, 4, 2]) as Images;
      const filter = tf.ones([2, 2, 2, 3]) as Images;
      const convolve = (filter: tf.Tensor) =>
        tf.fused.conv2d({
          x,
          filter: filter as Images,
          strides: 1,
          pad: "same",
          activation: "relu",
        });
      const dense = (b: tf.Tensor) =>
        tf.fused.matMul({ a: tf.ones([3, 2]), b, activation: "relu" });
      tf.grad(convolve)(filter);
      tf.grad(dense)(tf.ones([2, 5]));
      tf.grad((y) => tf.logSoftmax(y))(tf.ones([4]));
      tf.grad((y) => tf.logSigmoid(y))(tf.ones([4]));
    });
  } finally {
    tf.env().set("IS_TEST", false);
  }
});

Deno.test("a bool tensor is reversed without harm to its neighbors on the heap", async () => {
  await tf.setBackend("wasm");
  tf.tidy(() => {
    const tensors = Array.from({ length: 20 }, () => tf.tensor1d([1, 0, 0], "bool"));
    for (const x of tensors) assertEquals([...tf.reverse(x).dataSync()], [0, 0, 1]);
    for (const x of tensors) assertEquals([...x.dataSync()], [1, 0, 0]);
  });
});

Deno.test("kernels refuse, in tfjs's words or a line, what they cannot do", async () => {
  await tf.setBackend("wasm");
  const attempt = (run: () => unknown) => () => tf.tidy(() => run() as tf.Tensor);
  assertThrows(
    attempt(() => tf.gather(tf.ones([3]), [3])),
    RangeError,
    "GatherV2: the index value 3",
  );
  assertThrows(attempt(() => tf.slice(tf.ones([3]), [2], [2])), Error, "would overflow");
  const images = tf.zeros([1, 2, 2, 1], "int32") as Images;
  assertThrows(attempt(() => tf.maxPool(images, 2, 1, "valid")), TypeError, "float32 is needed");
  images.dispose();
});
