/**
 * The regression that is blind to the order of clusters, and the tie of the terse value, on every
 * backend: against a plain Float64 network written here, and the promises of `Network`.
 */
import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import type { Batch, NormalizedCatalog } from "../src/features/dataset.ts";
import { joinCatalogs } from "../src/features/dataset.ts";
import type { Architecture, Engine, InputWidths, Schedule, StepOptions } from "../src/model.ts";
import { MEAN_CLUSTERS } from "../src/model.ts";
import { openEngine } from "../src/network/backends.ts";
import type { Checkpoint, NetworkChoices } from "../src/network/checkpoint.ts";
import { checkpointFromArrays, checkpointToArrays } from "../src/network/checkpoint.ts";
import { dropoutMask, layerDropoutKey } from "../src/network/dropout.ts";
import { orientTerse } from "../src/network/terse_sign.ts";
import type { EndEvent } from "../src/network/training.ts";
import { train } from "../src/network/training.ts";
import type { NamedArrays } from "../src/numerics/arrays.ts";
import { createRandom } from "../src/numerics/random.ts";
import { labelCount } from "../src/network/checks.ts";
import type { Matrix } from "./plain_network.ts";
import { assertClose, drop, largestOf, layer, meanOf, NAMES, rowsOf } from "./plain_network.ts";
import { referenceLossOf } from "./reference_loss.ts";
import { remember } from "./remember.ts";
import { makeWeights } from "./set_networks.ts";

const INPUTS: InputWidths = { pixels: 5, supplementary: 2 };

const SET: Architecture = {
  encoder: [6, 4],
  regression: "set",
  convolution: [],
  pooling: "mean",
  globalPooling: "mean",
  cluster: [8, 6],
  context: [],
  frequencies: [],
  dense: [7, 5],
  dropout: { encoder: 0, dense: 0 },
  normalization: "z-score",
  label: "linear",
  outputs: "mean and log variance",
};

const TABLE_3_LIKE: Architecture = {
  ...SET,
  regression: "convolution",
  convolution: [4, 6],
  globalPooling: "mean+max",
  cluster: [],
};

const FORMS: Readonly<Record<string, [Architecture, InputWidths]>> = {
  "plain": [SET, INPUTS],
  "context": [{ ...SET, context: [5, 6, 3] }, INPUTS],
  "shortest context": [{ ...SET, context: [4, 2], dense: [] }, INPUTS],
  "frequencies": [{ ...SET, frequencies: [0.5, 2] }, INPUTS],
  "frequencies and context, one supplementary value": [
    { ...SET, frequencies: [0.5, 1, 2], context: [4, 3] },
    { pixels: 5, supplementary: 1 },
  ],
  "no supplementary values, one output": [
    { ...SET, outputs: "value", frequencies: [1] },
    { pixels: 5, supplementary: 0 },
  ],
  "two labels": [{ ...SET, outputs: "two means and covariance" }, INPUTS],
  "dropout": [{ ...SET, dropout: { encoder: 0.25, dense: 0.3 }, context: [4, 3] }, INPUTS],
};

/** Catalogs of one cluster and more, ragged and even. */
const HEIGHTS: readonly (readonly number[])[] = [[1, 2, 3, 9, 5], [6, 6], [1], [23, 17, 40]];

const DROPOUT_KEY: readonly [number, number] = [7, 11];
const TIE_WEIGHT = 0.7;

function makeBatch(
  heights: readonly number[],
  inputs: InputWidths,
  seed = 1,
  labels = 1,
): Batch {
  const random = createRandom(seed);
  const batch = joinCatalogs(heights.map((count): NormalizedCatalog => {
    const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
    return {
      count,
      pixels: normals(count * inputs.pixels),
      supplementary: normals(count * inputs.supplementary),
      label: random.normal() + 4, // far from the outputs, so that residuals do not cancel
      tie: normals(count),
    };
  }));
  const number = labels * heights.length;
  const two = Float32Array.from({ length: number }, () => random.normal() + 4);
  return labels === 1 ? batch : { ...batch, labels: two };
}

// The same network in plain loops and Float64, one catalog at a time.

interface Reference {
  readonly outputs: Matrix;
  readonly terse: number[][];
}

function runReference(
  [architecture, inputs]: [Architecture, InputWidths],
  weights: NamedArrays,
  batch: Batch,
  dropoutKey: readonly [number, number] | null,
): Reference {
  const { encoder, context, cluster, frequencies, dense, dropout } = architecture;
  const mask = (at: number, c: number, rows: number, width: number, rate: number) =>
    dropoutKey && rate > 0
      ? dropoutMask(layerDropoutKey(dropoutKey, at), c, rows, width, rate)
      : null;
  const outputs: Matrix = [];
  const allTerse: number[][] = [];
  for (let c = 0; c < batch.count; c++) {
    const cut = (values: Float32Array, width: number) => rowsOf(batch, c, values, width);
    let rows = cut(batch.pixels, inputs.pixels);
    const count = rows.length;
    for (const [i, width] of encoder.entries()) {
      const isLast = i === encoder.length - 1;
      rows = layer(rows, weights, `encoder/${i}`, isLast ? "linear" : "leaky");
      if (i === 0) rows = drop(rows, mask(0, c, count, width, dropout.encoder));
    }
    const terse = layer(rows, weights, "terse", "linear");
    allTerse.push(terse.map(([t]) => t!));
    const supplementary = cut(batch.supplementary, inputs.supplementary);
    const u = terse.map((row, r) => [...row, ...supplementary[r]!]);
    const m = meanOf(u);
    const size = [count / MEAN_CLUSTERS - 1, Math.log(count / MEAN_CLUSTERS)];
    let learned: number[] = [];
    if (context.length > 0) {
      let each = u;
      for (let i = 0; i < context.length - 1; i++) each = layer(each, weights, `context/${i}`);
      const joined = [[...meanOf(each), ...size]];
      learned = layer(joined, weights, `context/${context.length - 1}`)[0]!;
    }
    let each = u.map((row) => {
      const deviations = row.map((x, j) => x - m[j]!);
      const angles = frequencies.map((w) => w * deviations[0]!);
      return [...row, ...deviations, ...angles.map(Math.sin), ...angles.map(Math.cos), ...learned];
    });
    for (const i of cluster.keys()) each = layer(each, weights, `cluster/${i}`);
    let head = [[...meanOf(each), ...size, ...m]];
    for (const [i, width] of dense.entries()) {
      head = layer(head, weights, `dense/${i}`);
      if (i < dense.length - 1) head = drop(head, mask(1 + i, c, 1, width, dropout.dense));
    }
    outputs.push(layer(head, weights, "output", "linear")[0]!);
  }
  return { outputs, terse: allTerse };
}

/** The loss of a batch: squares or the Gaussian ones, and the tie. */
function referenceLoss({ outputs, terse }: Reference, batch: Batch, tieWeight: number): number {
  let sum = 0;
  for (let c = 0; c < batch.count; c++) {
    const width = outputs[c]!.length;
    const loss = width === 1 ? "mse" : width === 2 ? "gaussian" : "joint gaussian";
    sum += referenceLossOf(loss, outputs[c]!, batch.labels, c);
    sum += tieWeight * tieOf(terse[c]!, batch.tie.subarray(batch.rowOffsets[c]!));
  }
  return sum / batch.count;
}

/** Mean over a catalog's tied clusters of the squared difference of the deviations; 0 if there are none. */
function tieOf(all: readonly number[], tie: Float32Array): number {
  const tied = all.map((_, i) => i).filter((i) => !Number.isNaN(tie[i]!));
  if (tied.length === 0) return 0;
  const terse = tied.map((i) => all[i]!);
  const average = (values: readonly number[]) =>
    values.reduce((sum, x) => sum + x, 0) / values.length;
  const column = tied.map((i) => tie[i]!);
  const [t0, w0] = [average(terse), average(column)];
  return average(terse.map((t, i) => ((column[i]! - w0) - (t - t0)) ** 2));
}

/** Runs a check on every backend that is there. */
function shared(name: string, run: (engine: Engine) => Promise<void>): void {
  Deno.test({
    name,
    sanitizeOps: false, // a WebGPU device outlives a test, as it outlives an engine
    sanitizeResources: false,
    fn: async () => {
      for (const backend of NAMES) {
        const engine = await openEngine(backend);
        await run(engine);
        engine.close();
      }
    },
  });
}

const LOSSES = {
  "value": "mse",
  "mean and log variance": "gaussian",
  "two means and covariance": "joint gaussian",
} as const;
const lossOf = ({ outputs }: Architecture) => LOSSES[outputs];

const rememberReference = remember<Reference>();

shared("a set's outputs and loss are those of a Float64 network", async (engine) => {
  for (const [label, form] of Object.entries(FORMS)) {
    const [architecture, inputs] = form;
    const weights = makeWeights(architecture, inputs);
    const network = await engine.create(architecture, inputs, weights);
    for (const heights of HEIGHTS) {
      const batch = makeBatch(heights, inputs, 1, labelCount(architecture));
      const what = `${engine.name}, ${label}, [${heights}]`;
      const referenceWith = (dropoutKey: readonly [number, number] | null) =>
        rememberReference(
          `${label}, [${heights}], ${dropoutKey}`,
          () => runReference(form, weights, batch, dropoutKey),
        );
      const still = referenceWith(null);
      const predicted = await network.predict(batch);
      assertClose(predicted, still.outputs.flat(), what);
      const terse = await network.encode(batch);
      assertClose(terse, still.terse.flat(), what);
      assertEquals(await network.regress(batch, terse), predicted);
      for (const tieWeight of [0, TIE_WEIGHT]) {
        const loss = lossOf(architecture);
        const options = { loss, dropoutKey: DROPOUT_KEY, tieWeight } as const;
        const found = await network.gradients(batch, options);
        const expected = referenceWith(DROPOUT_KEY);
        assertClose(found.outputs, expected.outputs.flat(), what);
        const wanted = referenceLoss(expected, batch, tieWeight);
        assertAlmostEquals(found.loss, wanted, 1e-5 * Math.abs(wanted), what);
      }
    }
    network.dispose();
  }
});

/** Step of the central differences, in Float64. */
const DIFFERENCE = 1e-6;

const rememberSlope = remember<number>();

shared("a set's gradients are the slopes of the Float64 network's loss", async (engine) => {
  const random = createRandom(17); // the same weights for every backend
  for (const [label, form] of Object.entries(FORMS)) {
    const [architecture, inputs] = form;
    const weights = makeWeights(architecture, inputs);
    const network = await engine.create(architecture, inputs, weights);
    for (const tieWeight of [0, TIE_WEIGHT]) {
      for (const heights of [[3, 1, 4, 9], [7, 7]]) {
        const batch = makeBatch(heights, inputs, 5, labelCount(architecture));
        // Clusters that are not tied, among them all but one of a catalog.
        if (heights.length === 2) batch.tie.fill(NaN, 1, 9);
        const options = { loss: lossOf(architecture), dropoutKey: DROPOUT_KEY, tieWeight } as const;
        const { gradients } = await network.gradients(batch, options);
        assertEquals(Object.keys(gradients), Object.keys(weights));
        for (const [name, { data }] of Object.entries(gradients)) {
          for (let probe = 0; probe < 2; probe++) {
            const index = random.integer(data.length);
            const lossAt = (change: number) => {
              const values = Float64Array.from(weights[name]!.data);
              values[index]! += change;
              const moved = { ...weights, [name]: { ...weights[name]!, data: values } };
              const found = runReference(form, moved as NamedArrays, batch, DROPOUT_KEY);
              return referenceLoss(found, batch, tieWeight);
            };
            const what = `${label}, tie ${tieWeight}, [${heights}]: ${name}[${index}]`;
            const slope = rememberSlope(
              what,
              () => (lossAt(DIFFERENCE) - lossAt(-DIFFERENCE)) / (2 * DIFFERENCE),
            );
            assertLess(
              Math.abs(data[index]! - slope),
              1e-4 * largestOf(data) + 1e-6,
              `${engine.name}, ${what}`,
            );
          }
        }
      }
    }
    network.dispose();
  }
});

shared(
  "the tie adds to a convolutional network's loss and encoder kernels alone",
  async (engine) => {
    const weights = makeWeights(TABLE_3_LIKE, INPUTS);
    const network = await engine.create(TABLE_3_LIKE, INPUTS, weights);
    const batch = makeBatch([4, 9, 1], INPUTS);
    const options = { loss: "gaussian", dropoutKey: null } as const;
    const untied = await network.gradients(batch, options);
    const tied = await network.gradients(batch, { ...options, tieWeight: TIE_WEIGHT });
    const terse = await network.encode(batch);
    const rows = [0, 1, 2].map((
      c,
    ) => [...terse.subarray(batch.rowOffsets[c], batch.rowOffsets[c + 1])]);
    const added = rows.map((own, c) => tieOf(own, batch.tie.subarray(batch.rowOffsets[c]!)));
    const mean = added.reduce((sum, x) => sum + x, 0) / 3;
    assertAlmostEquals(tied.loss - untied.loss, TIE_WEIGHT * mean, 1e-5);
    for (const [name, { data }] of Object.entries(tied.gradients)) {
      const before = untied.gradients[name]!.data;
      if (/^(encoder|terse).*kernel$/.test(name)) {
        assert(data.some((x, i) => Math.abs(x - before[i]!) > 1e-3), name);
      } else if (!name.startsWith("encoder/0")) assertClose(data, before, name, 1e-4);
    }
    network.dispose();
  },
);

shared(
  "a tie leaves out clusters that have no value of its column",
  async (engine) => {
    const network = await engine.create(TABLE_3_LIKE, INPUTS, makeWeights(TABLE_3_LIKE, INPUTS));
    const batch = makeBatch([5, 3, 7, 1], INPUTS);
    for (const row of [1, 3, 5, 6, 7, 9]) batch.tie[row] = NaN;
    const options = { loss: "gaussian", dropoutKey: null } as const;
    const untied = await network.gradients(batch, options);
    const tied = await network.gradients(batch, { ...options, tieWeight: TIE_WEIGHT });
    const terse = await network.encode(batch);
    let sum = 0;
    for (let c = 0; c < 4; c++) {
      const [from, to] = [batch.rowOffsets[c]!, batch.rowOffsets[c + 1]!];
      sum += tieOf([...terse.subarray(from, to)], batch.tie.subarray(from, to));
    }
    assertAlmostEquals(tied.loss - untied.loss, TIE_WEIGHT * sum / 4, 1e-5);
    // The second catalog has no value at all: its part of the gradient stays that of the loss.
    const alone = makeBatch([3], INPUTS);
    alone.tie.fill(NaN);
    const [plain, none] = await Promise.all(
      [0, TIE_WEIGHT].map((tieWeight) => network.gradients(alone, { ...options, tieWeight })),
    );
    for (const [name, { data }] of Object.entries(none!.gradients)) {
      assertEquals(data, plain!.gradients[name]!.data, name);
    }
    network.dispose();
  },
);

/** The rows of each catalog in another order. */
function shuffleRows(batch: Batch, seed: number): Batch {
  const random = createRandom(seed);
  const order: number[] = [];
  for (let c = 0; c < batch.count; c++) {
    const start = batch.rowOffsets[c]!;
    order.push(
      ...Array.from(random.permutation(batch.rowOffsets[c + 1]! - start), (r) => start + r),
    );
  }
  const take = (values: Float32Array) => {
    const width = values.length / order.length;
    return Float32Array.from(
      values,
      (_, i) => values[order[Math.floor(i / width)]! * width + i % width]!,
    );
  };
  return { ...batch, pixels: take(batch.pixels), supplementary: take(batch.supplementary) };
}

shared("the order of clusters does not matter to a set", async (engine) => {
  for (const [label, [architecture, inputs]] of Object.entries(FORMS)) {
    const network = await engine.create(architecture, inputs, makeWeights(architecture, inputs));
    const batch = makeBatch([80, 1, 194, 2], inputs);
    const shuffled = shuffleRows(batch, 3);
    assert(!shuffled.pixels.every((x, i) => x === batch.pixels[i]));
    const [own, other] = [await network.predict(batch), await network.predict(shuffled)];
    own.forEach((x, i) => assertAlmostEquals(other[i]!, x, 1e-5, `${engine.name}, ${label}`));
    network.dispose();
  }
});

shared("a large batch of sets gives what its catalogs give alone", async (engine) => {
  const [architecture, inputs] = FORMS.context!;
  const network = await engine.create(architecture, inputs, makeWeights(architecture, inputs));
  const heights = [1500, 10, 3000, 1, 700, 5];
  const together = await network.predict(makeBatch(heights, inputs));
  const all = makeBatch(heights, inputs);
  for (const c of heights.keys()) {
    const [start, end] = [all.rowOffsets[c]!, all.rowOffsets[c + 1]!];
    const alone = await network.predict({
      count: 1,
      rowOffsets: Uint32Array.of(0, end - start),
      pixels: all.pixels.slice(5 * start, 5 * end),
      supplementary: all.supplementary.slice(2 * start, 2 * end),
      labels: all.labels.slice(c, c + 1),
      tie: all.tie.slice(start, end),
    });
    assertClose(together.subarray(2 * c, 2 * c + 2), alone, engine.name);
  }
  network.dispose();
});

const STEP: StepOptions = {
  loss: "gaussian",
  optimizer: { kind: "adamw", weightDecay: 0.01 },
  learningRate: 0.01,
  gradientClip: 1,
  dropoutKey: null,
  tieWeight: TIE_WEIGHT,
};

shared("training lowers a set's loss with its tie, and leaks no tensor", async (engine) => {
  const [architecture, inputs] = FORMS["frequencies and context, one supplementary value"]!;
  const network = await engine.create(architecture, inputs, makeWeights(architecture, inputs));
  const batch = makeBatch([9, 4, 30], inputs);
  const step = { ...STEP, learningRate: 0.02 };
  const { loss: first } = await network.step(batch, step);
  const { numTensors } = tf.memory();
  for (let i = 0; i < 8; i++) await network.step(batch, step);
  const { loss: last } = await network.step(batch, step);
  await network.predict(batch);
  await network.gradients(batch, STEP);
  assertLess(last, 0.5 * first);
  assertEquals(tf.memory().numTensors, numTensors);
  await assertRejects(
    () => network.step({ ...batch, tie: new Float32Array(0) }, STEP),
    TypeError,
    "the batch has 0 values to tie terse values to, 43 expected, one per cluster",
  );
  network.dispose();
});

const SCHEDULE: Schedule = {
  epochs: 4,
  catalogs: "fixed",
  selectFrom: 1,
  batches: { random: 4 },
  loss: "gaussian",
  optimizer: { kind: "adamw", weightDecay: 1e-3 },
  learningRate: 0.01,
  decay: "cosine",
  warmupSteps: 3,
  gradientClip: 1,
  tie: { column: "logWeakLensingMass", weight: 10 },
  jitter: 0.05,
  encoderStart: 0.1,
  shards: 1,
};

const CHOICES: NetworkChoices = {
  features: {
    pixels: ["logTemperature", "logGasMass", "one"],
    supplementary: ["logLuminosity"],
    order: "luminosity",
  },
  architecture: { ...SET, context: [4, 3], frequencies: [2] },
  schedule: SCHEDULE,
};

/** Catalogs whose tied column is the sum of the first two pixels, with noise. */
function makeCatalogs(count: number, seed: number): NormalizedCatalog[] {
  return Array.from({ length: count }, (_, c) => {
    const random = createRandom(seed).fork("catalog", c);
    const clusters = 5 + random.integer(9);
    const shift = random.normal();
    const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
    const pixels = normals(3 * clusters).map((x, i) => i % 3 === 2 ? 1 : x);
    const noise = normals(clusters);
    return {
      count: clusters,
      pixels,
      supplementary: normals(clusters).map((x) => x + shift),
      label: 0.5 * shift,
      tie: noise.map((x, i) => pixels[3 * i]! + pixels[3 * i + 1]! + 0.5 * x),
    };
  });
}

const DATA = { train: makeCatalogs(40, 1), validation: makeCatalogs(10, 2) };

Deno.test("a set's training resumes to the same bits, with its tie and jitter", async () => {
  const engine = await openEngine("cpu");
  const ends: EndEvent[] = [];
  const checkpoints: Checkpoint[] = [];
  const run = (options: { resume?: Checkpoint } = {}) =>
    train(engine, CHOICES, DATA, createRandom(3), options);
  for await (const event of run()) {
    if (event.kind === "epoch") checkpoints.push(await event.checkpoint());
    if (event.kind === "end") ends.push(event);
  }
  for (const checkpoint of checkpoints.slice(0, -1)) {
    const resume = checkpointFromArrays(checkpointToArrays(checkpoint));
    for await (const event of run({ resume })) if (event.kind === "end") ends.push(event);
  }
  assertEquals(ends.length, 4);
  for (const end of ends) assertEquals(end, ends[0]);
  engine.close();
});

Deno.test("a tied terse value follows its column within every catalog", async () => {
  const engine = await openEngine("cpu");
  const schedule = { ...SCHEDULE, epochs: 12 };
  let weights: NamedArrays = {};
  for await (const event of train(engine, { ...CHOICES, schedule }, DATA, createRandom(3))) {
    if (event.kind === "end") weights = event.weights;
  }
  const inputs = { pixels: 3, supplementary: 1 };
  const network = await engine.create(CHOICES.architecture, inputs, weights);
  for (const catalog of DATA.validation) {
    const terse = await network.encode(joinCatalogs([catalog]));
    const truth = Float32Array.from(
      terse,
      (_, i) => catalog.pixels[3 * i]! + catalog.pixels[3 * i + 1]!,
    );
    // In units of the column, whose own noise would leave 0.25.
    assertLess(tieOf([...terse], truth), 0.1);
  }
  engine.close();
});

Deno.test("turning a set's terse value leaves its predictions", async () => {
  const engine = await openEngine("cpu");
  const inputs = { pixels: 3, supplementary: 1 };
  const weights = makeWeights(CHOICES.architecture, inputs);
  const before = await engine.create(CHOICES.architecture, inputs, weights);
  const turned = orientTerse(weights, -1, CHOICES);
  const after = await engine.create(CHOICES.architecture, inputs, turned);
  const batch = joinCatalogs(makeCatalogs(20, 4));
  assertEquals(await after.predict(batch), await before.predict(batch));
  assertEquals(await after.encode(batch), (await before.encode(batch)).map((x) => -x));
  engine.close();
});
