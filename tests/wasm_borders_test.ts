/**
 * tfjs's wasm backend with the training kernels where numbers or places run out: long sums, indices
 * outside of a tensor, refusals and what they leave behind, and batches of two kinds.
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { registerWasmTraining } from "../src/network/tfjs/wasm_training.ts";
import { runForJson } from "./own_process.ts";

tf.enableProdMode();

await tf.setBackend("wasm");
registerWasmTraining();

type Images = tf.Tensor4D;

/** What is left in memory: tensors and data. */
const state = () => [tf.memory().numTensors, tf.backend().numDataIds()];

const numberOf = (run: () => tf.Tensor): number =>
  tf.tidy(() => tf.sum(run()).dataSync()[0]!) as unknown as number;

const TENTH = Math.fround(0.1);
const MANY = 3_000_000;

/** Long sums of equal terms with the right sum; in float32 they are off by 3 to 9%. */
const LONG_SUMS: Readonly<Record<string, readonly [run: () => tf.Tensor, right: number]>> = {
  sum: [() => tf.sum(tf.fill([MANY], 0.1)), MANY * TENTH],
  "sum over rows": [() => tf.sum(tf.fill([MANY, 2], 0.1), 0), 2 * MANY * TENTH],
  "sum over outer axes": [() => tf.sum(tf.fill([1000, 2, 1500], 0.1), [0, 2]), MANY * TENTH],
  mean: [() => tf.mean(tf.fill([MANY], 0.1)), TENTH],
  "mean of whole numbers": [() => tf.mean(tf.fill([MANY], 7, "int32")), 7],
  "product of small and large": [
    () => tf.prod(tf.tensor1d([1e30, 1e30, 1e-30, 1e-30, 3])),
    3,
  ],
  "sum beyond float32 on the way": [() => tf.sum(tf.tensor1d([3e38, 3e38, -3e38])), 3e38],
  norm: [() => tf.norm(tf.fill([MANY], 0.1)), TENTH * Math.sqrt(MANY)],
  einsum: [() => tf.einsum("i->", tf.fill([MANY], 0.1)), MANY * TENTH],
  "product with one column": [
    () => tf.matMul(tf.fill([2, MANY / 2], 0.1), tf.ones([MANY / 2, 1])),
    MANY * TENTH,
  ],
  "product with columns": [
    () => tf.matMul(tf.fill([5, 200_000], 0.1), tf.ones([200_000, 6])),
    30 * 200_000 * TENTH,
  ],
  "product of transposed matrices": [
    () => tf.matMul(tf.fill([200_000, 5], 0.1), tf.ones([6, 200_000]), true, true),
    30 * 200_000 * TENTH,
  ],
  "fused product": [
    () => tf.fused.matMul({ a: tf.fill([5, 200_000], 0.1), b: tf.ones([200_000, 6]) }),
    30 * 200_000 * TENTH,
  ],
  "mean pool": [
    () => tf.avgPool(tf.fill([1, 1200, 1200, 1], 0.1) as Images, 1200, 1, "valid"),
    TENTH,
  ],
  "sums of segments": [
    () => tf.unsortedSegmentSum(tf.fill([MANY], 0.1), tf.zeros([MANY], "int32") as tf.Tensor1D, 1),
    MANY * TENTH,
  ],
  "gradient of a filter": [
    () =>
      tf.grad((w) => tf.conv2d(tf.fill([4, 256, 256, 1], 0.1) as Images, w as Images, 1, "valid"))(
        tf.ones([2, 2, 1, 1]),
      ),
    4 * 4 * 255 * 255 * TENTH,
  ],
};

for (const [name, [run, right]] of Object.entries(LONG_SUMS)) {
  Deno.test(`${name}: many terms are added without loss`, async () => {
    await tf.setBackend("wasm");
    assertLess(Math.abs(numberOf(run) / right - 1), 2e-5);
  });
}

/** Programs with a place outside of their tensor, and a part of the refusal. */
const OUTSIDE: Readonly<Record<string, readonly [run: () => tf.Tensor, words: string]>> = {
  gatherND: [
    () => tf.gatherND(tf.ones([2, 3]), tf.tensor2d([[0, 1], [2, 0]], [2, 2], "int32")),
    "2,0 does not index into 2,3",
  ],
  "gatherND of one place": [
    () => tf.gatherND(tf.ones([2, 3]), tf.tensor1d([1, -1], "int32")),
    "1,-1 does not index into 2,3",
  ],
  scatterND: [
    () => tf.scatterND(tf.tensor2d([[1], [5]], [2, 1], "int32"), tf.ones([2]), [4]),
    "5 does not index into 4",
  ],
  tensorScatterUpdate: [
    () =>
      tf.tensorScatterUpdate(
        tf.ones([2, 2]),
        tf.tensor2d([[0, 1e8]], [1, 2], "int32"),
        tf.ones([1]),
      ),
    "0,100000000 does not index into 2,2",
  ],
  sparseToDense: [
    () => tf.sparseToDense(tf.tensor1d([0, -3], "int32"), tf.ones([2]), [4], tf.zeros([])),
    "-3 does not index into 4",
  ],
  bincount: [() => tf.bincount(tf.tensor1d([1, -1], "int32"), [], 3), "must be non-negative"],
  denseBincount: [
    () => tf.denseBincount(tf.tensor1d([-1], "int32"), [], 3),
    "must be non-negative",
  ],
};

/** Other programs that are refused when a part of the work is done. */
const REFUSED: Readonly<Record<string, readonly [run: () => tf.Tensor, words: string]>> = {
  conv2d: [
    () => tf.conv2d(tf.ones([1, 2, 2, 1]) as Images, tf.ones([4, 4, 1, 1]), 1, "valid"),
    "-1",
  ],
  depthwise: [
    () => tf.depthwiseConv2d(tf.ones([1, 2, 2, 1]) as Images, tf.ones([4, 4, 1, 1]), 1, "valid"),
    "-1",
  ],
  maxPool: [() => tf.maxPool(tf.ones([1, 2, 2, 1]) as Images, 5, 1, "valid"), "positive integers"],
  maxPoolWithArgmax: [
    () => tf.maxPoolWithArgmax(tf.ones([1, 2, 2, 1]) as Images, 5, 1, "valid").result!,
    "positive integers",
  ],
  fused: [
    () =>
      tf.fused.matMul({
        a: tf.ones([40, 30]),
        b: tf.ones([30, 20]),
        bias: tf.ones([3, 1, 7]),
        activation: "relu",
      }),
    "",
  ],
  slice: [() => tf.slice(tf.ones([3]), [2], [2]), "would overflow"],
};

for (const [name, [run, words]] of Object.entries({ ...OUTSIDE, ...REFUSED })) {
  Deno.test(`${name} is refused in one line and leaves nothing in memory`, async () => {
    await tf.setBackend("wasm");
    const before = state();
    const error = assertThrows(() => tf.tidy(run), Error, words);
    assert(!error.message.includes("\n"), error.message);
    assertEquals(state(), before);
  });
}

Deno.test("batches of two kinds are multiplied as if each were repeated", async () => {
  await tf.setBackend("wasm");
  const values = (shape: number[], phase: number) =>
    tf.tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i + phase)),
      shape,
    );
  for (const [rows, inner, columns] of [[2, 3, 2], [17, 40, 9]] as const) {
    for (const kind of ["float32", "int32"] as const) {
      tf.tidy(() => {
        const cast = (x: tf.Tensor) => kind === "int32" ? tf.cast(tf.mul(x, 9), kind) : x;
        const a = cast(values([2, 3, rows, inner], 1));
        const b = cast(values([1, 3, inner, columns], 2));
        const c = cast(values([2, 1, inner, columns], 3));
        for (const right of [b, c]) {
          const repeated = tf.broadcastTo(right, [2, 3, inner, columns]);
          assertEquals(
            [...tf.matMul(a, right).dataSync()],
            [...tf.matMul(a, repeated).dataSync()],
          );
        }
      });
    }
  }
});

Deno.test("an image of nothing is resized to nothing known, and crops keep to their pixels", async () => {
  await tf.setBackend("wasm");
  tf.tidy(() => {
    for (const resize of [tf.image.resizeBilinear, tf.image.resizeNearestNeighbor]) {
      assert(resize(tf.ones([1, 0, 3, 2]) as Images, [2, 2]).dataSync().every(Number.isNaN));
      const gradient = tf.grad((x) => resize(x as Images, [2, 2]))(tf.ones([1, 0, 3, 2]));
      assertEquals(gradient.shape, [1, 0, 3, 2]);
    }
    const image = tf.tensor4d([1, 2, NaN, 3, 4, NaN], [1, 2, 3, 1]);
    const box = tf.tensor2d([[0, 0, 1, 0.5]]);
    const crop = tf.image.cropAndResize(image, box, tf.tensor1d([0], "int32"), [2, 2]);
    assertEquals([...crop.dataSync()], [1, 2, 3, 4]);
  });
});

Deno.test("the largest numbers of a row with NaN are its numbers, and NaN comes last", async () => {
  await tf.setBackend("wasm");
  tf.tidy(() => {
    const { values, indices } = tf.topk(
      tf.tensor2d([[NaN, 2, NaN, 5, 2], [1, NaN, NaN, 3, -7]]),
      4,
    );
    assertEquals([...values.dataSync()], [5, 2, 2, NaN, 3, 1, -7, NaN]);
    assertEquals([...indices.dataSync()], [3, 1, 4, 0, 3, 0, 4, 1]);
  });
});

/** A program on the build of the backend for machines without SIMD, which has other loops. */
const WITHOUT_SIMD = `
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { registerWasmTraining } from ${
  JSON.stringify(new URL("../src/network/tfjs/wasm_training.ts", import.meta.url).href)
};
tf.enableProdMode();
tf.env().set("WASM_HAS_SIMD_SUPPORT", false);
await tf.setBackend("wasm");
registerWasmTraining();
const x = tf.tensor2d(Float32Array.from({ length: 1024 }, (_, i) => i % 8 ? i - 500 : NaN), [32, 32]);
const count = (y) => y.dataSync().filter(Number.isNaN).length;
const a = tf.concat([x.slice([0, 0], [1, -1]), tf.ones([31, 32])]);
const counts = [
  count(tf.relu(x)),
  count(tf.fused.matMul({ a, b: tf.eye(32), activation: "relu" })),
  count(tf.fused.matMul({ a: tf.ones([32, 32]), b: tf.eye(32), bias: tf.fill([32], NaN), activation: "relu" })),
];
console.log(JSON.stringify([tf.env().getBool("WASM_HAS_SIMD_SUPPORT"), counts]));
Deno.exit();
`;

Deno.test("without SIMD, the rectifier keeps NaN, alone and in fused kernels", async () => {
  assertEquals(await runForJson(WITHOUT_SIMD), [false, [128, 32, 1024]]);
});

Deno.test("axes counted from the end are those of running sums, too", async () => {
  await tf.setBackend("wasm");
  tf.tidy(() => {
    const x = tf.tensor2d([[1, 2], [3, 4]]);
    assertEquals([...tf.cumsum(x, -2).dataSync()], [1, 2, 4, 6]);
    assertEquals([...tf.cumprod(x, -1).dataSync()], [1, 2, 3, 12]);
  });
});

Deno.test("a scalar has no softmax and an image no negative number, and nothing is left of a refusal", async () => {
  await tf.setBackend("wasm");
  const scalar = tf.scalar(3);
  const image = tf.ones([2, 3, 3, 1]) as Images;
  const boxes = tf.tensor2d([[0, 0, 1, 1], [0, 0, 1.2, 1]]);
  const owners = tf.tensor1d([1, -1], "int32");
  const before = state();
  assertThrows(() => tf.softmax(scalar), Error, "in range [-0, 0) but got axis -1");
  assertThrows(
    () => tf.image.cropAndResize(image, boxes, owners, [2, 2]),
    RangeError,
    "box 1 is of image -1, a number from 0 on is needed",
  );
  assertEquals(state(), before);
  tf.dispose([scalar, image, boxes, owners]);
});

Deno.test("blocks of space become batches and come back, whatever the number of axes", async () => {
  const results: Record<string, unknown> = {};
  for (const backend of ["cpu", "wasm"]) {
    await tf.setBackend(backend);
    results[backend] = tf.tidy(() => {
      const found: number[][] = [];
      for (const shape of [[2, 4, 2], [1, 4, 2, 3, 1, 2, 1], [2, 4, 4, 2, 2, 1, 1, 2]]) {
        for (const kind of ["float32", "int32"] as const) {
          const x = tf.cast(tf.reshape(tf.range(1, 1 + tf.util.sizeFromShape(shape)), shape), kind);
          const [block, paddings] = [[2, 3].slice(0, shape.length - 2), [[1, 3], [1, 0]]];
          if (block.length > 1) paddings[1] = [0, (3 - shape[2]! % 3) % 3];
          const move = (y: tf.Tensor) =>
            tf.spaceToBatchND(y, block, paddings.slice(0, block.length));
          const moved = move(x);
          found.push([...moved.shape, ...moved.dataSync()]);
          const back = tf.batchToSpaceND(moved, block, paddings.slice(0, block.length));
          assertEquals([back.shape, back.dataSync()], [x.shape, x.dataSync()]);
          if (kind === "int32") continue;
          found.push([...tf.grad((y) => tf.sum(tf.square(move(y))))(x).dataSync()]);
        }
      }
      return found as unknown as tf.TensorContainer;
    });
  }
  assertEquals(results["wasm"], results["cpu"]);
});
