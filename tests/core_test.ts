/**
 * The WASM core by itself: gradients against central differences of a Float64 network written here,
 * the same bits for any number of threads, permissions, failures, and the bytes of the module.
 * `network_test.ts` and its tables compare it with the other backends.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertLessOrEqual,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { EXPERIMENTS, PRESETS } from "../src/experiments/experiments.ts";
import type { Batch, NormalizedCatalog } from "../src/features/dataset.ts";
import { joinCatalogs } from "../src/features/dataset.ts";
import type { Architecture, Engine, InputWidths, Loss, StepOptions } from "../src/model.ts";
import { LEAKY_SLOPE } from "../src/model.ts";
import type { Core } from "../src/network/core/core.ts";
import { openCore } from "../src/network/core/core.ts";
import { openCoreEngine } from "../src/network/core/engine.ts";
import { packArrays, placeLayers, unpackArrays } from "../src/network/core/layers.ts";
import { createMemory } from "../src/network/core/memory.ts";
import { cutShards } from "../src/network/core/shards.ts";
import { Program } from "../src/network/core/program.ts";
import { openEngine } from "../src/network/backends.ts";
import { dropoutMask, layerDropoutKey } from "../src/network/dropout.ts";
import { train } from "../src/network/training.ts";
import { createRandom } from "../src/numerics/random.ts";
import type { Trial } from "./core_agreement.ts";
import { assertSameBits, assertShardsAgree, observe } from "./core_agreement.ts";
import { referenceLossOf } from "./reference_loss.ts";
import { makeWeights } from "./set_networks.ts";

const INPUTS: InputWidths = { pixels: 5, supplementary: 2 };
const NARROW: Architecture = {
  encoder: [12, 9, 4],
  convolution: [4, 10],
  dense: [9, 6, 4],
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
const STEP: StepOptions = {
  loss: "mse",
  optimizer: { kind: "adamw", weightDecay: 0.01 },
  learningRate: 0.02,
  gradientClip: 0.5,
  dropoutKey: [7, 11],
  tieWeight: 2,
};

function makeBatch(heights: readonly number[], inputs: InputWidths, seed = 1): Batch {
  const random = createRandom(seed);
  const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
  return joinCatalogs(heights.map((count) => ({
    count,
    pixels: normals(count * inputs.pixels),
    supplementary: normals(count * inputs.supplementary),
    label: random.normal() + 4,
    tie: normals(count),
  })));
}

type Rows = number[][];

/** The mean loss in Float64, in plain loops, one catalog at a time. */
function referenceLoss(
  architecture: Architecture,
  weights: Record<string, { shape: readonly number[]; data: ArrayLike<number> }>,
  batch: Batch,
  { loss, dropoutKey }: Pick<StepOptions, "loss" | "dropoutKey">,
): number {
  const product = (rows: Rows, name: string, taps: number): Rows => {
    const kernel = weights[`${name}/kernel`]!;
    const bias = weights[`${name}/bias`]!.data;
    const [out, input] = kernel.shape.toReversed() as [number, number];
    return rows.map((_, r) =>
      Array.from({ length: out }, (_, j) => {
        let sum = bias[j]!;
        for (let t = 0; t < taps; t++) {
          const row = taps === 1 ? rows[r] : rows[r + t - 1];
          if (!row) continue;
          for (let k = 0; k < input; k++) sum += row[k]! * kernel.data[(t * input + k) * out + j]!;
        }
        return sum;
      })
    );
  };
  const leaky = (rows: Rows) => rows.map((row) => row.map((x) => x > 0 ? x : LEAKY_SLOPE * x));
  const drop = (rows: Rows, layer: number, rate: number, catalog: number): Rows => {
    if (dropoutKey === null || rate === 0) return rows;
    const key = layerDropoutKey(dropoutKey, layer);
    const width = rows[0]!.length;
    const mask = dropoutMask(key, catalog, rows.length, width, rate);
    return rows.map((row, r) => row.map((x, j) => x * mask[r * width + j]!));
  };
  const join = (a: number, b: number) =>
    architecture.pooling === "max" ? Math.max(a, b) : (a + b) / 2;
  const { encoder, convolution, dense, globalPooling, dropout } = architecture;
  const width = batch.pixels.length / batch.rowOffsets[batch.count]!;
  const supplementary = batch.supplementary.length / batch.rowOffsets[batch.count]!;
  let total = 0;
  for (let c = 0; c < batch.count; c++) {
    const [start, end] = [batch.rowOffsets[c]!, batch.rowOffsets[c + 1]!];
    const cut = (values: Float32Array, row: number, width: number) =>
      Array.from(values.subarray(row * width, (row + 1) * width));
    let rows: Rows = [];
    for (let row = start; row < end; row++) rows.push(cut(batch.pixels, row, width));
    encoder.forEach((_, i) => {
      rows = product(rows, `encoder/${i}`, 1);
      if (i < encoder.length - 1) rows = leaky(rows);
      if (i === 0) rows = drop(rows, 0, dropout.encoder, c);
    });
    rows = product(rows, "terse", 1)
      .map((row, r) => [...row, ...cut(batch.supplementary, start + r, supplementary)]);
    convolution.forEach((_, i) => {
      const z = leaky(product(rows, `convolution/${i}`, 4));
      rows = Array.from({ length: Math.ceil(z.length / 2) }, (_, r) => {
        const pair = z[2 * r + 1];
        return pair ? z[2 * r]!.map((a, j) => join(a, pair[j]!)) : z[2 * r]!;
      });
    });
    const columns = rows[0]!.map((_, j) => rows.map((row) => row[j]!));
    const means = columns.map((column) => column.reduce((a, b) => a + b) / column.length);
    const maxima = columns.map((column) => Math.max(...column));
    let line: Rows = [
      { "mean": means, "max": maxima, "mean+max": [...means, ...maxima] }[globalPooling],
    ];
    dense.forEach((_, i) => {
      line = product(line, `dense/${i}`, 1);
      if (i < dense.length - 1) line = drop(leaky(line), 1 + i, dropout.dense, c);
    });
    total += referenceLossOf(loss, product(line, "output", 1)[0]!, batch.labels, c);
  }
  return total / batch.count;
}

const CASES: readonly {
  readonly name: string;
  readonly architecture: Architecture;
  readonly inputs: InputWidths;
  readonly loss: Loss;
}[] = [
  { name: "mean and mean+max, mse", architecture: NARROW, inputs: INPUTS, loss: "mse" },
  {
    name: "max and max, mae",
    architecture: { ...NARROW, pooling: "max", globalPooling: "max" },
    inputs: { pixels: 16, supplementary: 9 },
    loss: "mae",
  },
  {
    name: "mean and mean, gaussian",
    architecture: { ...NARROW, globalPooling: "mean", outputs: "mean and log variance" },
    inputs: { pixels: 3, supplementary: 0 },
    loss: "gaussian",
  },
  {
    name: "no convolution, mse",
    architecture: { ...NARROW, convolution: [] },
    inputs: INPUTS,
    loss: "mse",
  },
  {
    name: "no hidden layer, mse",
    architecture: { ...NARROW, encoder: [], convolution: [], dense: [] },
    inputs: INPUTS,
    loss: "mse",
  },
  {
    name: "one layer of each kind, mae",
    architecture: { ...NARROW, encoder: [17], convolution: [3], dense: [5] },
    inputs: INPUTS,
    loss: "mae",
  },
];

/** Half the width of a central difference. */
const DIFFERENCE = 1e-5;
/** How far it may be from the gradient, as a fraction of the array's largest. */
const GRADIENT_TOLERANCE = 1e-5;

for (const { name, architecture, inputs, loss } of CASES) {
  Deno.test(`gradients of the core are central differences of the loss: ${name}`, async () => {
    const engine = await openCoreEngine({ threads: 1 });
    const batch = makeBatch([1, 2, 9, 13], inputs);
    const weights = makeWeights(architecture, inputs);
    const network = await engine.create(architecture, inputs, weights);
    const options = { loss, dropoutKey: [3, 5] } as const;
    const found = await network.gradients(batch, options);
    const doubles = Object.fromEntries(
      Object.entries(weights).map((
        [name, { shape, data }],
      ) => [name, { shape, data: Float64Array.from(data) }]),
    );
    assertAlmostEquals(found.loss, referenceLoss(architecture, doubles, batch, options), 1e-5);
    const random = createRandom(2);
    for (const [array, { data }] of Object.entries(found.gradients)) {
      const largest = Math.max(...data.map(Math.abs));
      for (let n = 0; n < 6; n++) {
        const i = random.integer(data.length);
        const values = doubles[array]!.data;
        const value = values[i]!;
        const lossAt = (x: number) => {
          values[i] = x;
          return referenceLoss(architecture, doubles, batch, options);
        };
        const slope = (lossAt(value + DIFFERENCE) - lossAt(value - DIFFERENCE)) / (2 * DIFFERENCE);
        values[i] = value;
        assertLess(
          Math.abs(slope - data[i]!),
          GRADIENT_TOLERANCE * largest,
          `${array}[${i}]: ${data[i]} is not ${slope}`,
        );
      }
    }
    engine.close();
  });
}

/** Batches of one engine, one after the other: what one leaves in memory must not reach the next. */
const SHAPES: readonly (readonly number[])[] = [
  [23, 17, 20],
  [1],
  [300, 2],
  [1, 1, 1, 1, 1, 1, 1],
  [64, 64, 64, 64, 64, 64, 64, 64],
  [5, 90, 3],
];

/** Wide enough for products of several panels, narrow enough to be quick. */
const WIDER: Architecture = { ...NARROW, encoder: [70, 33, 16], dense: [40, 24, 9] };

const TRIAL: Trial = {
  architecture: WIDER,
  inputs: INPUTS,
  weights: makeWeights(WIDER, INPUTS),
  batches: SHAPES.map((heights) => makeBatch(heights, INPUTS)),
  step: STEP,
};

for (const shards of [1, 2, 3]) {
  Deno.test(`results at shards ${shards} have the same bits for one, two and three threads, and for wide tiles`, async () => {
    await assertSameBits(TRIAL, shards);
  });
}

Deno.test("gradients of a batch in shards are those of the whole batch", async () => {
  await assertShardsAgree(TRIAL, (found, wanted, what) => {
    const largest = Math.max(...Array.from(wanted, Math.abs));
    const difference = Math.max(...Array.from(found, (x, i) => Math.abs(x - wanted[i]!)));
    const text = `${what}: ${difference} of ${largest}`;
    assertLessOrEqual(difference, GRADIENT_TOLERANCE * largest, text);
  });
});

Deno.test("catalogs are cut into shards of equal rows, the same for any number of threads", () => {
  const offsets = Uint32Array.of(0, 5, 95, 98, 140, 190, 200);
  for (const threads of [1, 2, 3, 8]) {
    const { shards, groups } = cutShards(offsets, 2, threads);
    assertEquals(shards.map(({ from, to }) => [from, to]), [[0, 3], [3, 6]]);
    assertEquals(groups.map(({ thread }) => thread), [threads === 1 ? 0 : 1, 0]);
    const whole = cutShards(offsets, 1, threads);
    assertEquals(whole.shards.map(({ from, to }) => [from, to]), [[0, 6]]);
    assertEquals(whole.shards[0]!.threads.length, threads);
  }
  const ROWS = Uint32Array.of(0, 30, 50, 60, 100); // 30, 20, 10 and 40 rows
  assertEquals(cutShards(ROWS, 100, 2).groups.map(({ thread }) => thread), [1, 1, 0, 0]);
  assertEquals(cutShards(offsets, 100, 1).shards.length, 6);
  assertEquals(cutShards(Uint32Array.of(0, 7), 3, 2).shards.length, 1);
});

Deno.test("a step leaves nothing that another network can see", async () => {
  const engine = await openCoreEngine({ threads: 2 });
  const batch = makeBatch([9, 30, 4], INPUTS);
  const create = () => engine.create(NARROW, INPUTS, makeWeights(NARROW, INPUTS));
  const first = await create();
  const before = await observe(first, batch, STEP);
  first.dispose();
  const broken = await create();
  const spoiled = { ...batch, pixels: batch.pixels.map(() => NaN), labels: batch.labels };
  await assertRejects(() => broken.step(spoiled, STEP), RangeError, "the loss is NaN");
  broken.dispose();
  const second = await create();
  assertEquals(await observe(second, batch, STEP), before);
  engine.close();
});

Deno.test("a loss that is not finite leaves weights and optimizer as they were", async () => {
  const engine = await openCoreEngine({ threads: 2 });
  const batch = makeBatch([9, 30, 4], INPUTS);
  const network = await engine.create(NARROW, INPUTS, makeWeights(NARROW, INPUTS));
  await network.step(batch, STEP);
  const before = [await network.weights(), await network.optimizerState()];
  const spoiled = { ...batch, labels: batch.labels.map(() => Infinity) };
  await assertRejects(() => network.step(spoiled, STEP), RangeError, "the loss is Infinity");
  assertEquals([await network.weights(), await network.optimizerState()], before);
  engine.close();
});

Deno.test("a worker that dies ends the run with an error that says so", async () => {
  const core = await openCore({ threads: 2 });
  const program = new Program(core.memory);
  const UNKNOWN_OPERATION = 99;
  program.add(UNKNOWN_OPERATION, 1, []);
  assertThrows(() => core.run(program), Error, "a worker of the core has died");
  assertThrows(() => core.run(new Program(core.memory)), Error, "a worker of the core has died");
  core.close();
});

Deno.test("weights come out of the core's layout as they went in", () => {
  for (const { architecture, inputs } of CASES) {
    const layers = placeLayers(architecture, inputs);
    const weights = makeWeights(architecture, inputs);
    const flat = new Float32Array(layers.size).fill(NaN);
    packArrays(layers.all, weights, flat);
    assert(flat.every(Number.isFinite));
    assertEquals(unpackArrays(layers.all, flat), weights);
  }
});

Deno.test("memory gives out blocks that do not overlap, and takes them back", () => {
  const memory = createMemory();
  const random = createRandom(4);
  const blocks = new Map<number, number>();
  for (let i = 0; i < 400; i++) {
    const old = [...blocks.keys()][random.integer(20)];
    if (old !== undefined && random.uniform() < 0.45) {
      memory.free(old);
      blocks.delete(old);
      continue;
    }
    const bytes = random.integer(50000);
    const start = memory.allocate(bytes);
    assertEquals(start % 64, 0);
    for (const [other, size] of blocks) {
      assert(start + bytes <= other || other + size <= start, "two blocks overlap");
    }
    blocks.set(start, bytes);
  }
  for (const start of blocks.keys()) memory.free(start);
  const whole = memory.allocate(1e6);
  assertEquals(whole, [...blocks.keys()].reduce((a, b) => Math.min(a, b), whole));
});

Deno.test("bad input of every kind is one clear error", async () => {
  const open = (threads: number) => openCoreEngine({ threads });
  await assertRejects(() => open(0), RangeError, "Cannot open the core: threads is 0");
  await assertRejects(() => open(1.5), RangeError, "Cannot open the core: threads is 1.5");
  const engine: Engine = await open(1);
  const weights = makeWeights(NARROW, INPUTS);
  const bad = { ...NARROW, convolution: [4, 0] };
  await assertRejects(
    () => engine.create(bad, INPUTS, weights),
    RangeError,
    "a width of convolution is 0",
  );
  await assertRejects(
    () => engine.create({ ...NARROW, dropout: { encoder: 1, dense: 0 } }, INPUTS, weights),
    RangeError,
    "dropout.encoder is 1",
  );
  await assertRejects(() => engine.create(NARROW, INPUTS, {}), TypeError, "encoder/0/kernel");
  const memory = createMemory();
  assertThrows(() => memory.allocate(5e9), RangeError, "the core needs 5001 MB of memory");
  const network = await engine.create(NARROW, INPUTS, weights);
  const batch = makeBatch([3, 4], INPUTS);
  await assertRejects(
    () => network.step(batch, { ...STEP, loss: "gaussian" }),
    TypeError,
    "Cannot take the loss gaussian: the network has 1 outputs",
  );
  for (const shards of [0, 1.5]) {
    await assertRejects(
      () => network.step(batch, { ...STEP, shards }),
      RangeError,
      `Cannot take a step: shards is ${shards}, a whole number`,
    );
  }
  await assertRejects(
    () => network.predict({ ...batch, rowOffsets: Uint32Array.of(0, 3, 3) }),
    RangeError,
    "catalog 1 of the batch has 0 clusters",
  );
  await assertRejects(
    () => network.predict({ ...batch, pixels: batch.pixels.slice(1) }),
    TypeError,
    "the batch has 34 values of pixels, 35 expected",
  );
  await assertRejects(
    () => network.regress(batch, new Float32Array(2)),
    TypeError,
    "there are 2 terse values, should be 7, one per row",
  );
  network.dispose();
  await assertRejects(() => network.weights(), TypeError, "it was disposed");
  const left = await engine.create(NARROW, INPUTS, weights);
  engine.close();
  await assertRejects(() => left.predict(batch), TypeError, "its engine is closed");
});

Deno.test("a core of two threads runs without any permission", async () => {
  const script = `
    import { openCoreEngine } from ${
    JSON.stringify(import.meta.resolve("../src/network/core/engine.ts"))
  };
    const engine = await openCoreEngine({ threads: 2 });
    const weights = {
      "terse/kernel": { shape: [1, 1], data: Float32Array.of(2) },
      "terse/bias": { shape: [1], data: Float32Array.of(1) },
      "output/kernel": { shape: [1, 1], data: Float32Array.of(3) },
      "output/bias": { shape: [1], data: Float32Array.of(0.5) },
    };
    const network = await engine.create({
      encoder: [], regression: "convolution", convolution: [], pooling: "mean",
      globalPooling: "mean", cluster: [], context: [], frequencies: [], dense: [],
      dropout: { encoder: 0, dense: 0 }, normalization: "range", outputs: "value",
    }, { pixels: 1, supplementary: 0 }, weights);
    const outputs = await network.predict({
      count: 2, rowOffsets: Uint32Array.of(0, 1, 3), pixels: Float32Array.of(1, 2, 4),
      supplementary: new Float32Array(0), labels: new Float32Array(2), tie: new Float32Array(0),
    });
    console.log(outputs.join());
    engine.close();
  `;
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/main.ts`, script);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", `${folder}/main.ts`],
    cwd: new URL("..", import.meta.url).pathname,
  }).output();
  await Deno.remove(folder, { recursive: true });
  assertEquals(new TextDecoder().decode(stdout).trim(), "9.5,21.5");
});

Deno.test("the bytes of all WASM modules are what the sources give", async () => {
  const folder = await Deno.makeTempDir();
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("../.ci/build_core.ts", import.meta.url).pathname, folder],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const rooms = {
    "core_wasm.ts": "network",
    "mock_wasm.ts": "catalogs",
    "sky_wasm.ts": "catalogs/sky",
  };
  for (const [name, room] of Object.entries(rooms)) {
    const committed = new URL(`../src/${room}/core/${name}`, import.meta.url);
    assertEquals(
      await Deno.readFile(`${folder}/${name}`),
      await Deno.readFile(committed),
      `${name} is not up to date: run deno task build:core`,
    );
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a closed core runs nothing", async () => {
  const core: Core = await openCore({ threads: 1 });
  core.run(new Program(core.memory));
  core.close();
  assertThrows(() => core.run(new Program(core.memory)), TypeError, "its engine is closed");
});

/** Catalogs whose label is a mean of their inputs, so that there is something to learn. */
function makeCatalogs(count: number, seed: number): NormalizedCatalog[] {
  return Array.from({ length: count }, (_, c) => {
    const random = createRandom(seed).fork("catalog", c);
    const clusters = 3 + random.integer(40);
    const shift = 0.5 * random.normal();
    const values = (length: number) =>
      Float32Array.from({ length }, () => shift + 0.5 * random.normal());
    return {
      count: clusters,
      pixels: values(15 * clusters),
      supplementary: values(2 * clusters),
      label: shift,
      tie: new Float32Array(0),
    };
  });
}

Deno.test("three epochs of compact training end with tfjs's validation errors, dropout included", async () => {
  const { architecture, schedule } = PRESETS.compact;
  const choices = {
    features: EXPERIMENTS.standard.features,
    architecture: { ...architecture, dropout: { encoder: 0.25, dense: 0.3 } },
    schedule: { ...schedule, epochs: 3, batches: 8, warmupSteps: 4, tie: null },
  };
  const data = { train: makeCatalogs(60, 1), validation: makeCatalogs(20, 2) };
  const errors: Record<string, number[]> = {};
  for (const name of ["core", "wasm", "cpu"] as const) {
    const engine = await openEngine(name);
    errors[name] = [];
    for await (const event of train(engine, choices, data, createRandom(3).fork("training"))) {
      if (event.kind === "epoch") errors[name].push(event.epoch.validationMse);
    }
    engine.close();
  }
  assertEquals(errors["core"]!.length, 3);
  for (const name of ["wasm", "cpu"]) {
    for (const [epoch, error] of errors["core"]!.entries()) {
      assertAlmostEquals(error, errors[name]![epoch]!, 1e-4, `${name}, epoch ${epoch + 1}`);
    }
  }
});

Deno.test("training takes the schedule's shards: the same bits for any threads, others than unsharded", async () => {
  const { architecture, schedule } = PRESETS.compact;
  const data = { train: makeCatalogs(30, 1), validation: makeCatalogs(10, 2) };
  const run = async (threads: number, shards: number) => {
    const engine = await openCoreEngine({ threads });
    const choices = {
      features: EXPERIMENTS.standard.features,
      architecture,
      schedule: { ...schedule, epochs: 2, batches: 8, shards, tie: null },
    };
    const errors: number[] = [];
    for await (const event of train(engine, choices, data, createRandom(3).fork("training"))) {
      if (event.kind === "epoch") errors.push(event.epoch.validationMse);
    }
    engine.close();
    return errors;
  };
  const sharded = await run(1, 2);
  assertEquals(await run(2, 2), sharded);
  assertEquals(await run(3, 2), sharded);
  const whole = await run(1, 1);
  assertNotEquals(whole, sharded);
  for (const [epoch, error] of whole.entries()) assertAlmostEquals(error, sharded[epoch]!, 1e-4);
  await assertRejects(() => run(1, 0), RangeError, "Cannot train: shards is 0");
});
