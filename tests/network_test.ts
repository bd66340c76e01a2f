/**
 * The network on its backends: against a plain Float64 network written here, against each other,
 * and the promises of `Network` (loading, resuming, padding, memory).
 */
import * as tf from "@tensorflow/tfjs";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
} from "@std/assert";
import type { Batch } from "../src/features/dataset.ts";
import type { Architecture, Engine, InputWidths, Loss, StepOptions } from "../src/model.ts";
import { CONVOLUTION_ROWS_BEFORE } from "../src/model.ts";
import { BACKENDS, chooseBackend, inspectBackends, openEngine } from "../src/network/backends.ts";
import { dropoutMask, layerDropoutKey } from "../src/network/dropout.ts";
import { countParameters } from "../src/network/weights.ts";
import type { NamedArrays } from "../src/numerics/arrays.ts";
import { createRandom } from "../src/numerics/random.ts";
import type { Matrix } from "./plain_network.ts";
import { assertClose, drop, largestOf, layer, meanOf, NAMES, rowsOf } from "./plain_network.ts";
import { referenceLossOf } from "./reference_loss.ts";
import { remember } from "./remember.ts";
import { makeWeights } from "./set_networks.ts";
import { testWith } from "./tools.ts";

const INPUTS: InputWidths = { pixels: 5, supplementary: 2 };

const NARROW: Architecture = {
  encoder: [10, 4],
  convolution: [4, 6, 8],
  dense: [8, 6],
  pooling: "mean",
  globalPooling: "mean+max",
  regression: "convolution",
  cluster: [],
  context: [],
  frequencies: [],
  dropout: { encoder: 0.25, dense: 0.3 },
  normalization: "z-score",
  label: "linear",
  outputs: "value",
};

const TABLE_3: Architecture = {
  encoder: [2048, 1024, 512, 256, 128, 64, 32],
  convolution: [128, 256, 512, 1024],
  dense: [2048, 1024, 512, 256, 128],
  pooling: "mean",
  globalPooling: "max",
  regression: "convolution",
  cluster: [],
  context: [],
  frequencies: [],
  dropout: { encoder: 0.25, dense: 0.3 },
  normalization: "range",
  label: "linear",
  outputs: "value",
};

/** Every pooling, both outputs, and the edges: no supplementary values, one layer, none. */
const ARCHITECTURES: Readonly<Record<string, [Architecture, InputWidths]>> = {
  "mean, mean+max": [NARROW, INPUTS],
  "mean, max": [{ ...NARROW, globalPooling: "max" }, INPUTS],
  "mean, mean": [{ ...NARROW, globalPooling: "mean" }, INPUTS],
  "max, max": [{ ...NARROW, pooling: "max", globalPooling: "max" }, INPUTS],
  "max, mean+max": [{ ...NARROW, pooling: "max" }, INPUTS],
  "two outputs": [{ ...NARROW, outputs: "mean and log variance" }, INPUTS],
  "no supplementary values": [NARROW, { pixels: 5, supplementary: 0 }],
  "no hidden layers": [
    { ...NARROW, encoder: [], convolution: [], dense: [], globalPooling: "mean" },
    INPUTS,
  ],
};

/** Heights of the batches that every comparison runs: N from 1 to 9, ragged, equal, odd, even. */
const HEIGHTS: readonly (readonly number[])[] = [
  [1, 2, 3, 4, 5, 6, 7, 8, 9],
  [9, 1],
  [23, 17, 20],
  [1, 1],
  [2, 2, 2],
  [7, 7],
  [8, 8, 8],
];

const DROPOUT_KEY: readonly [number, number] = [7, 11];

function makeBatch(heights: readonly number[], inputs: InputWidths, seed = 1): Batch {
  const random = createRandom(seed);
  const rowOffsets = new Uint32Array(heights.length + 1);
  for (const [c, height] of heights.entries()) rowOffsets[c + 1] = rowOffsets[c]! + height;
  const rows = rowOffsets[heights.length]!;
  const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
  return {
    count: heights.length,
    rowOffsets,
    pixels: normals(rows * inputs.pixels),
    supplementary: normals(rows * inputs.supplementary),
    // Far from the outputs: residuals of one sign keep gradients from cancelling to rounding.
    labels: normals(heights.length).map((x) => x + 4),
    tie: normals(rows),
  };
}

function lossOf(architecture: Architecture): Loss {
  return architecture.outputs === "value" ? "mae" : "gaussian";
}

// The same network in plain loops and Float64, one catalog at a time and without padding.

/** The rows that a convolution's kernel sees from each row on, side by side, zeros past the ends. */
function windows(rows: Matrix): Matrix {
  const absent = rows[0]!.map(() => 0);
  return rows.map((_, r) =>
    [0, 1, 2, 3].flatMap((k) => rows[r + k - CONVOLUTION_ROWS_BEFORE] ?? absent)
  );
}

function maximum(rows: Matrix): number[] {
  return rows[0]!.map((_, j) => Math.max(...rows.map((row) => row[j]!)));
}

function poolPairs(rows: Matrix, pool: (rows: Matrix) => number[]): Matrix {
  return Array.from(
    { length: Math.ceil(rows.length / 2) },
    (_, p) => pool(rows.slice(2 * p, 2 * p + 2)),
  );
}

function referenceOutputs(
  [architecture, inputs]: [Architecture, InputWidths],
  weights: NamedArrays,
  batch: Batch,
  dropoutKey: readonly [number, number] | null,
): Matrix {
  const { encoder, convolution, dense, dropout } = architecture;
  const activation = (i: number, n: number) => i === n - 1 ? "linear" as const : "leaky" as const;
  const factors = (at: number, c: number, rows: number, width: number, rate: number) =>
    dropoutKey && dropoutMask(layerDropoutKey(dropoutKey, at), c, rows, width, rate);
  return Array.from({ length: batch.count }, (_, c) => {
    let rows = rowsOf(batch, c, batch.pixels, inputs.pixels);
    for (const [i, width] of encoder.entries()) {
      rows = layer(rows, weights, `encoder/${i}`, activation(i, encoder.length));
      if (i === 0) rows = drop(rows, factors(0, c, rows.length, width, dropout.encoder));
    }
    rows = layer(rows, weights, "terse", "linear");
    const supplementary = rowsOf(batch, c, batch.supplementary, inputs.supplementary);
    rows = rows.map((row, r) => [...row, ...supplementary[r]!]);
    for (const i of convolution.keys()) {
      rows = layer(windows(rows), weights, `convolution/${i}`, "leaky");
      rows = poolPairs(rows, architecture.pooling === "mean" ? meanOf : maximum);
    }
    const kind = architecture.globalPooling;
    const pooled = [
      ...(kind === "max" ? [] : meanOf(rows)),
      ...(kind === "mean" ? [] : maximum(rows)),
    ];
    let values = [pooled];
    for (const [i, width] of dense.entries()) {
      values = layer(values, weights, `dense/${i}`, activation(i, dense.length));
      if (i < dense.length - 1) {
        values = drop(values, factors(1 + i, c, 1, width, dropout.dense));
      }
    }
    return layer(values, weights, "output", "linear")[0]!;
  });
}

function referenceLoss(loss: Loss, outputs: Matrix, labels: Float32Array): number {
  const sum = outputs.reduce((sum, y, c) => sum + referenceLossOf(loss, y, labels, c), 0);
  return sum / outputs.length;
}

await testWith(
  ["webgpu"],
  "WebGPU is among the backends that are held to each other",
  () => assert(NAMES.includes("webgpu"), "there is no WebGPU adapter"),
);

/** Runs a check on every backend that is there. */
async function onEveryBackend(check: (engine: Engine) => Promise<void>): Promise<void> {
  for (const name of NAMES) {
    const engine = await openEngine(name);
    await check(engine);
    engine.close();
  }
}

function shared(name: string, run: (engine: Engine) => Promise<void>): void {
  // A WebGPU device and the core's module outlive a test, as they outlive an engine.
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn: () => onEveryBackend(run) });
}

Deno.test("Table 3 has 10 472 834 parameters", () => {
  assertEquals(countParameters(TABLE_3, { pixels: 15, supplementary: 2 }), 10_472_834);
});

const rememberOutputs = remember<Matrix>();

shared(
  "outputs and loss are those of a Float64 network that sees one catalog at a time",
  async (engine) => {
    for (const [label, form] of Object.entries(ARCHITECTURES)) {
      const [architecture, inputs] = form;
      const weights = makeWeights(architecture, inputs);
      const network = await engine.create(architecture, inputs, weights);
      for (const heights of HEIGHTS) {
        const batch = makeBatch(heights, inputs);
        const outputsWith = (dropoutKey: readonly [number, number] | null) =>
          rememberOutputs(
            `${label}, [${heights}], ${dropoutKey}`,
            () => referenceOutputs(form, weights, batch, dropoutKey),
          );
        assertClose(
          await network.predict(batch),
          outputsWith(null).flat(),
          `${engine.name}, ${label}, [${heights}]`,
        );
        for (const dropoutKey of [null, DROPOUT_KEY]) {
          const outputs = outputsWith(dropoutKey);
          const loss = lossOf(architecture);
          const result = await network.gradients(batch, { loss, dropoutKey });
          assertClose(
            result.outputs,
            outputs.flat(),
            `${engine.name}, ${label}, [${heights}], dropout`,
          );
          assertAlmostEquals(result.loss, referenceLoss(loss, outputs, batch.labels), 1e-5);
        }
      }
      network.dispose();
    }
  },
);

/** Step of the central differences, in Float64. */
const DIFFERENCE = 1e-6;

const rememberSlope = remember<number>();

shared("gradients are the slopes of the Float64 network's loss", async (engine) => {
  const random = createRandom(17); // the same weights for every backend
  for (const [label, form] of Object.entries(ARCHITECTURES)) {
    const [architecture, inputs] = form;
    const weights = makeWeights(architecture, inputs);
    const network = await engine.create(architecture, inputs, weights);
    const losses: Loss[] = architecture.outputs === "value" ? ["mae", "mse"] : ["gaussian"];
    for (const heights of [[3, 1, 4, 9], [6, 6], [7, 7]]) {
      for (const loss of losses) {
        const batch = makeBatch(heights, inputs, 5);
        const { gradients } = await network.gradients(batch, { loss, dropoutKey: DROPOUT_KEY });
        for (const [name, { data }] of Object.entries(gradients)) {
          const index = random.integer(data.length);
          const lossAt = (change: number) => {
            const values = Float64Array.from(weights[name]!.data);
            values[index]! += change;
            const moved = { ...weights, [name]: { ...weights[name]!, data: values } };
            return referenceLoss(
              loss,
              referenceOutputs(form, moved, batch, DROPOUT_KEY),
              batch.labels,
            );
          };
          const what = `${label}, [${heights}], ${loss}: ${name}[${index}]`;
          const slope = rememberSlope(
            what,
            () => (lossAt(DIFFERENCE) - lossAt(-DIFFERENCE)) / (2 * DIFFERENCE),
          );
          const largest = largestOf(data);
          const difference = Math.abs(data[index]! - slope);
          assertLess(difference, 1e-4 * largest + 1e-7, `${engine.name}, ${what}`);
        }
      }
    }
    network.dispose();
  }
});

Deno.test({
  name: "gradients agree across backends to 1e-5 of each tensor's maximum",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const cpu = await openEngine("cpu");
    const rememberGradients = remember<Promise<NamedArrays>>();
    for (const name of NAMES.filter((name) => name !== "cpu")) {
      const engine = await openEngine(name);
      for (const [label, [architecture, inputs]] of Object.entries(ARCHITECTURES)) {
        const weights = makeWeights(architecture, inputs);
        const expected = await cpu.create(architecture, inputs, weights);
        const network = await engine.create(architecture, inputs, weights);
        for (const heights of HEIGHTS) {
          const batch = makeBatch(heights, inputs);
          // Not mae: its terms are all 1 / N, and cancel exactly where a layer is linear.
          const loss: Loss = architecture.outputs === "value" ? "mse" : "gaussian";
          const options = { loss, dropoutKey: DROPOUT_KEY };
          const wanted = await rememberGradients(
            `${label}, [${heights}]`,
            async () => (await expected.gradients(batch, options)).gradients,
          );
          const { gradients } = await network.gradients(batch, options);
          assertEquals(Object.keys(gradients), Object.keys(wanted));
          for (const [weight, { data, shape }] of Object.entries(wanted)) {
            const what = `${name}, ${label}, [${heights}]: ${weight}`;
            assertEquals(gradients[weight]!.shape, shape, what);
            assertClose(gradients[weight]!.data, data, what);
          }
        }
        expected.dispose();
        network.dispose();
      }
      engine.close();
    }
    cpu.close();
  },
});

const STEP: StepOptions = {
  loss: "mse",
  optimizer: { kind: "adamw", weightDecay: 0.01 },
  learningRate: 0.02,
  gradientClip: 0.5,
  dropoutKey: null,
};

/** The update rules in Float64, from gradients that were read; a step from zero moments. */
function referenceStep(
  weights: NamedArrays,
  gradients: NamedArrays,
  { optimizer, learningRate, gradientClip }: StepOptions,
): Record<string, Float64Array> {
  const squares = Object.values(gradients).flatMap(({ data }) => Array.from(data, (g) => g * g));
  const norm = Math.sqrt(squares.reduce((sum, x) => sum + x, 0));
  const scale = gradientClip === null ? 1 : Math.min(1, gradientClip / norm);
  const decay = optimizer.kind === "adamw" ? optimizer.weightDecay : 0;
  const moved = Object.entries(weights).map(([name, { data }]) => {
    const update = (w: number, i: number) => {
      const g = scale * gradients[name]!.data[i]!;
      // After one step the bias-corrected moments are g and g^2.
      const change = optimizer.kind === "sgd" ? g : g / (Math.abs(g) + 1e-8);
      return w - learningRate * (change + decay * w);
    };
    return [name, Float64Array.from(data, update)] as const;
  });
  return Object.fromEntries(moved);
}

shared("a step follows its update rule, with decay, clipping and without", async (engine) => {
  const batch = makeBatch([5, 9, 8], INPUTS);
  const rules: Partial<StepOptions>[] = [
    { optimizer: { kind: "sgd" }, gradientClip: null },
    { optimizer: { kind: "sgd" } },
    { optimizer: { kind: "adam" } },
    {},
  ];
  for (const rule of rules) {
    const options = { ...STEP, ...rule };
    const weights = makeWeights(NARROW, INPUTS);
    const network = await engine.create(NARROW, INPUTS, weights);
    const { gradients, loss } = await network.gradients(batch, options);
    const expected = referenceStep(weights, gradients, options);
    assertAlmostEquals((await network.step(batch, options)).loss, loss, 1e-6);
    for (const [name, { data }] of Object.entries(await network.weights())) {
      assertClose(data, expected[name]!, `${engine.name}, ${JSON.stringify(rule)}: ${name}`);
    }
    network.dispose();
  }
});

shared("training lowers the loss", async (engine) => {
  const network = await engine.create(NARROW, INPUTS, makeWeights(NARROW, INPUTS));
  const batch = makeBatch([5, 9, 8, 12], INPUTS);
  const step = { ...STEP, learningRate: 0.05 };
  const first = await network.step(batch, step);
  for (let i = 0; i < 9; i++) await network.step(batch, step);
  const last = await network.step(batch, step);
  assertLess(last.loss, 0.2 * first.loss, engine.name);
  network.dispose();
});

shared("a network loaded from another's state continues with the same bits", async (engine) => {
  const batch = makeBatch([5, 9, 8], INPUTS);
  const options = { ...STEP, dropoutKey: DROPOUT_KEY };
  const network = await engine.create(NARROW, INPUTS, makeWeights(NARROW, INPUTS));
  assertEquals(await network.optimizerState(), {});
  for (let i = 0; i < 3; i++) await network.step(batch, options);
  const weights = await network.weights();
  const state = await network.optimizerState();
  assertEquals(state["step"]!.data[0], 3);
  assertEquals(state["dense/1/kernel/m"]!.shape, [8, 6]);
  const other = await engine.create(NARROW, INPUTS, weights);
  await other.load(weights, state);
  const expected = await network.step(batch, options);
  assertEquals(await other.step(batch, options), expected);
  assertEquals(await other.weights(), await network.weights());
  assertEquals(await other.optimizerState(), await network.optimizerState());
  network.dispose();
  other.dispose();
});

shared("bad weights, states, losses and catalogs are refused", async (engine) => {
  const weights = makeWeights(NARROW, INPUTS);
  const { ["terse/bias"]: _, ...incomplete } = weights;
  await assertRejects(() => engine.create(NARROW, INPUTS, incomplete), TypeError, "terse/bias");
  const network = await engine.create(NARROW, INPUTS, weights);
  const batch = makeBatch([2, 3], INPUTS);
  const step = { shape: [1], data: Float32Array.of(1) };
  await assertRejects(
    async () => await network.load(weights, { step, "terse/bias/m": step }),
    TypeError,
    "encoder/0/kernel/m is missing",
  );
  await assertRejects(
    () => network.step(batch, { ...STEP, loss: "gaussian" }),
    TypeError,
    "gaussian",
  );
  const empty = { ...batch, rowOffsets: Uint32Array.of(0, 5, 5) };
  await assertRejects(() => network.predict(empty), RangeError, "catalog 1");
  await assertRejects(
    async () => await network.regress(batch, new Float32Array(4)),
    TypeError,
    "4 terse",
  );
  network.dispose();
  await assertRejects(() => network.predict(batch), TypeError, "disposed");
});

shared("the regression of the terse values is the prediction", async (engine) => {
  const network = await engine.create(NARROW, INPUTS, makeWeights(NARROW, INPUTS));
  const batch = makeBatch([5, 9, 1, 8], INPUTS);
  const terse = await network.encode(batch);
  assertEquals(terse.length, 23);
  assertEquals(await network.regress(batch, terse), await network.predict(batch));
  network.dispose();
});

shared("the encoder's gradient is the slope of each row's terse value alone", async (engine) => {
  const weights = makeWeights(NARROW, INPUTS);
  const network = await engine.create(NARROW, INPUTS, weights);
  const batch = makeBatch([2, 3], INPUTS);
  const gradient = await network.encoderGradient(batch);
  for (let row = 0; row < 5; row++) {
    const rowOf = [[...batch.pixels.subarray(5 * row, 5 * row + 5)]];
    const terseAt = (pixels: Matrix) =>
      ["encoder/0", "encoder/1", "terse"].reduce(
        (rows, name, i) => layer(rows, weights, name, i < 1 ? "leaky" : "linear"),
        pixels,
      )[0]![0]!;
    const slopes = rowOf[0]!.map((_, j) => {
      const moved = (change: number) => [rowOf[0]!.map((x, k) => k === j ? x + change : x)];
      return (terseAt(moved(1e-6)) - terseAt(moved(-1e-6))) / 2e-6;
    });
    assertClose(
      gradient.subarray(5 * row, 5 * row + 5),
      slopes,
      `${engine.name}, row ${row}`,
    );
  }
  network.dispose();
});

shared("a batch too large for one pass gives what its catalogs give alone", async (engine) => {
  const architecture: Architecture = { ...NARROW, encoder: [3], convolution: [2], dense: [] };
  const network = await engine.create(architecture, INPUTS, makeWeights(architecture, INPUTS));
  const heights = [4000, 10, 3000, 1, 9000, 5];
  const batch = makeBatch(heights, INPUTS);
  const together = await network.predict(batch);
  const terse = await network.encode(batch);
  assertEquals(terse.length, 16016);
  assertClose(await network.regress(batch, terse), together, engine.name);
  assertEquals((await network.encoderGradient(batch)).length, 16016 * 5);
  for (const c of heights.keys()) {
    const [start, end] = [batch.rowOffsets[c]!, batch.rowOffsets[c + 1]!];
    const alone: Batch = {
      count: 1,
      rowOffsets: Uint32Array.of(0, end - start),
      pixels: batch.pixels.slice(5 * start, 5 * end),
      supplementary: batch.supplementary.slice(2 * start, 2 * end),
      labels: batch.labels.slice(c, c + 1),
      tie: batch.tie.slice(start, end),
    };
    assertClose(await network.predict(alone), together.subarray(c, c + 1), engine.name);
  }
  network.dispose();
});

shared("no tensor leaks over 100 steps, nor from any other verb", async (engine) => {
  const before = tf.memory().numTensors;
  const batch = makeBatch([3, 5, 4], INPUTS);
  // Every kind of layer, with dropout and without, as few of each as show a leak.
  const few: Architecture = { ...NARROW, encoder: [4, 3], convolution: [4], dense: [4, 3] };
  const network = await engine.create(few, INPUTS, makeWeights(few, INPUTS));
  await network.step(batch, STEP);
  const after = tf.memory().numTensors;
  for (let i = 0; i < 100; i++) await network.step(batch, { ...STEP, dropoutKey: [i, i] });
  await network.gradients(batch, STEP);
  await network.predict(batch);
  await network.regress(batch, await network.encode(batch));
  await network.encoderGradient(batch);
  await network.load(await network.weights(), await network.optimizerState());
  assertEquals(tf.memory().numTensors, after, engine.name);
  network.dispose();
  assertEquals(tf.memory().numTensors, before, engine.name);
});

Deno.test("closing an engine frees its networks", async () => {
  const engine = await openEngine("cpu");
  const before = tf.memory().numTensors;
  await engine.create(NARROW, INPUTS, makeWeights(NARROW, INPUTS));
  assertGreater(tf.memory().numTensors, before);
  engine.close();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("catalogs of one height are neither gathered nor masked", async () => {
  const engine = await openEngine("cpu");
  const network = await engine.create(NARROW, INPUTS, makeWeights(NARROW, INPUTS));
  const kernelsOf = async (heights: number[]) => {
    const run = async () => {
      await network.step(makeBatch(heights, INPUTS), { ...STEP, gradientClip: null });
      return tf.scalar(0);
    };
    return (await tf.profile(run as unknown as () => tf.TensorContainer)).kernels.map(({ name }) =>
      name
    );
  };
  const equal = await kernelsOf([16, 16]);
  const ragged = await kernelsOf([16, 15]);
  assert(!equal.includes("GatherV2"));
  assert(ragged.includes("GatherV2"));
  assertGreater(ragged.length, equal.length);
  engine.close();
});

/** Runs a program in a Deno of its own, with the repository's settings. */
async function runProgram(program: string, permissions: string[]): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-check", ...permissions, "-"],
    cwd: new URL("..", import.meta.url),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const child = command.spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  const { stdout, stderr } = await child.output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

Deno.test("the CPU backends run with permission to read files and no other", async () => {
  const names = NAMES.filter((name) => name !== "webgpu");
  const program = `
    import { BACKENDS, openEngine } from "./src/network/backends.ts";
    import { initialWeights } from "./src/network/weights.ts";
    import { createRandom } from "./src/numerics/random.ts";
    const architecture = ${JSON.stringify(NARROW)};
    const inputs = ${JSON.stringify(INPUTS)};
    const batch = { count: 1, rowOffsets: Uint32Array.of(0, 1), pixels: new Float32Array(5),
      supplementary: new Float32Array(2), labels: new Float32Array(1) };
    for (const name of ${JSON.stringify(names)}) {
      const engine = await openEngine(name);
      const weights = initialWeights(architecture, inputs, createRandom(1));
      const network = await engine.create(architecture, inputs, weights);
      await network.step(batch, ${JSON.stringify(STEP)});
      console.log(name);
      engine.close();
    }`;
  assertEquals((await runProgram(program, ["--allow-read"])).trim().split("\n"), names);
});

Deno.test("the public module loads no array library", async () => {
  const program = `import "./mod.ts"; console.log("_tfengine" in globalThis);`;
  assertEquals((await runProgram(program, [])).trim(), "false");
});

Deno.test("the choice is tfjs's wasm where the core does not open", async () => {
  const program = `
    import { chooseBackend } from "./src/network/backends.ts";
    WebAssembly.compile = () => Promise.reject(new Error("no relaxed SIMD here"));
    const { name, reason } = await chooseBackend(null);
    console.log(name, reason.endsWith("core does not open: no relaxed SIMD here"));`;
  assertEquals((await runProgram(program, [])).trim(), "wasm true");
});

Deno.test("the choice takes a GPU over the CPU and the CPU over a software adapter", async () => {
  const gpu = {
    vendor: "nvidia",
    architecture: "lovelace",
    device: "0",
    description: "NVIDIA RTX 4090",
    kind: "hardware",
  } as const;
  const chosen = await chooseBackend(gpu);
  assertEquals(chosen.name, "webgpu");
  assert(chosen.reason.includes("RTX 4090"));
  const software = { ...gpu, description: "llvmpipe", kind: "software" } as const;
  const avoided = await chooseBackend(software);
  assertEquals(avoided.name, "core");
  assertEquals((await chooseBackend(null)).name, "core");
  assert(avoided.reason.includes("llvmpipe"));
});

Deno.test({
  name: "the inspection tells which backends open and which kernels wasm lacks",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const { backends, tfjs, choice } = await inspectBackends();
    assertEquals(backends.map(({ name }) => name), Object.keys(BACKENDS));
    for (const { name, obstacle } of backends) {
      assertEquals(obstacle === null, NAMES.includes(name), `${name}: ${obstacle}`);
    }
    assertEquals(backends.find(({ name }) => name === choice.name)!.obstacle, null);
    assert(tfjs.wasmLacksAsShipped.includes("Conv2DBackpropFilter"));
    assert(!tfjs.wasmLacks.includes("Conv2DBackpropFilter"));
    assertEquals(tfjs.versions["tfjs-core"], "4.22.0");
  },
});
