/**
 * The gradients that are registered where tfjs-core's own are not: on random programs they give the same
 * numbers, and a program with tfjs-core alone trains with them.
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { GRADIENTS } from "../src/network/tfjs/wasm_training/gradients/missing.ts";
import { registerWasmTraining } from "../src/network/tfjs/wasm_training.ts";
import { createRandom } from "../src/numerics/random.ts";
import { runForJson } from "./own_process.ts";
import { OPERATIONS } from "./wasm_sweep/operations.ts";
import { difference, runProgram } from "./wasm_sweep/program.ts";

tf.enableProdMode();

/** Programs of each operation. */
const COUNT = Number(Deno.env.get("TERSE_SWEEP") ?? 12);
const SEED = Number(Deno.env.get("TERSE_SWEEP_SEED") ?? 3);

/** tfjs-core's own; of some kernels it has none. */
const THEIRS = GRADIENTS.flatMap(({ kernelName }) => tf.getGradient(kernelName) ?? []);

function use(configs: readonly tf.GradConfig[]): void {
  for (const config of configs) {
    tf.unregisterGradient(config.kernelName);
    tf.registerGradient(config);
  }
}

Deno.test("there is a gradient for every kernel that tfjs-core has one of, but of complex numbers", () => {
  const names = GRADIENTS.map(({ kernelName }) => kernelName);
  assertEquals(names.length, new Set(names).size);
  const folder = new URL(import.meta.resolve("@tensorflow/tfjs-core"));
  const own = ["ComplexAbs", "LeakyRelu"]; // LeakyRelu's is registered in any case
  const files = Deno.readDirSync(new URL("gradients/", folder));
  const theirs = Array.from(files, ({ name }) => /^(.*)_grad\.js$/.exec(name)?.[1])
    .filter((name) => name !== undefined && !own.includes(name));
  assertGreater(theirs.length, 90);
  assertEquals(theirs.filter((name) => !names.includes(name!)), []);
});

Deno.test("on random programs they give what tfjs-core's gradients give", async () => {
  await tf.setBackend("wasm");
  registerWasmTraining();
  const found: string[] = [];
  const compared = new Map<string, number>();
  for (const [name, draw] of Object.entries(OPERATIONS)) {
    for (let i = 0; i < COUNT; i++) {
      const program = draw(createRandom(SEED).fork(name, i));
      if (program.by.length === 0) continue;
      const expected = runProgram(program);
      use(GRADIENTS);
      assertEquals(tf.getGradient("Sum"), GRADIENTS.find((g) => g.kernelName === "Sum"));
      const what = difference(program, expected, runProgram(program));
      use(THEIRS);
      if (what !== "") found.push(`${program.what}: ${what}`);
      if ("values" in expected) compared.set(name, (compared.get(name) ?? 0) + 1);
    }
  }
  assertEquals(found, []);
  assertGreater(compared.size, 45);
});

/** A network of many layers, whose losses it prints; `core` is what it imports tfjs-core from. */
const program = (core: string) => `
import * as tf from "${core}";
import "@tensorflow/tfjs-backend-wasm";
import { registerWasmTraining } from ${
  JSON.stringify(new URL("../src/network/tfjs/wasm_training.ts", import.meta.url).href)
};
tf.enableProdMode();
await tf.setBackend("wasm");
registerWasmTraining();
const wave = (shape, phase) => tf.tensor(Float32Array.from(
  { length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1.7 * i + phase)), shape);
const weight = (shape, phase) => tf.variable(tf.mul(wave(shape, phase), 0.4));
const [filter, points, slope, scale, head] =
  [weight([3, 3, 2, 4], 1), weight([3, 3, 4, 1], 2), weight([4], 3), weight([4], 4), weight([16, 3], 5)];
const images = wave([3, 8, 8, 2], 6);
const labels = tf.oneHot(tf.tensor1d([0, 2, 1], "int32"), 3);
const loss = () => {
  let x = tf.prelu(tf.conv2d(images, filter, 2, "same"), slope);
  x = tf.batchNorm(x, tf.mean(x, [0, 1, 2]), tf.moments(x, [0, 1, 2]).variance, tf.zeros([4]), scale);
  x = tf.add(x, tf.sigmoid(tf.depthwiseConv2d(x, points, 1, "same")));
  x = tf.concat([tf.maxPool(x, 2, 2, "valid"), tf.avgPool(x, 2, 2, "valid")], 3);
  x = tf.reshape(tf.slice(x, [0, 0, 0, 2], [-1, -1, -1, 4]), [3, 16]);
  return tf.losses.softmaxCrossEntropy(labels, tf.matMul(tf.tanh(x), head));
};
const optimizer = tf.train.adam(0.05);
const losses = [];
for (let i = 0; i < 6; i++) losses.push(optimizer.minimize(loss, true).dataSync()[0]);
console.log(JSON.stringify({ losses, gradients: tf.getGradient("ComplexAbs") !== undefined }));
Deno.exit();
`;

async function run(core: string): Promise<{ losses: number[]; gradients: boolean }> {
  return await runForJson(program(core)) as { losses: number[]; gradients: boolean };
}

Deno.test("a program with tfjs-core alone trains to the losses that it has with all of tfjs", async () => {
  const [alone, whole] = [await run("@tensorflow/tfjs-core"), await run("@tensorflow/tfjs")];
  assertEquals([alone.gradients, whole.gradients], [false, true]);
  for (const [i, loss] of whole.losses.entries()) {
    assertLess(Math.abs(alone.losses[i]! - loss), 1e-6 * loss, `step ${i}`);
  }
  assertLess(alone.losses.at(-1)!, 0.9 * alone.losses[0]!);
});
