/**
 * The set regression on the WASM core: every verb against a network in Float64 and plain loops, gradients
 * against its central differences, and the same bits for any number of threads and for wide tiles.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLessOrEqual,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import type { Batch } from "../src/features/dataset.ts";
import { joinCatalogs } from "../src/features/dataset.ts";
import type { Architecture, InputWidths, Loss, Network, StepOptions } from "../src/model.ts";
import { openCoreEngine } from "../src/network/core/engine.ts";
import { packArrays, placeLayers, unpackArrays } from "../src/network/core/layers.ts";
import { initialWeights } from "../src/network/weights.ts";
import type { NamedArrays } from "../src/numerics/arrays.ts";
import { createRandom } from "../src/numerics/random.ts";
import { setReference } from "./set_reference.ts";

const INPUTS: InputWidths = { pixels: 5, supplementary: 2 };
const SET: Architecture = {
  encoder: [12, 9, 4],
  regression: "set",
  convolution: [],
  pooling: "mean",
  globalPooling: "mean",
  cluster: [10, 17],
  context: [],
  frequencies: [],
  dense: [9, 6],
  dropout: { encoder: 0, dense: 0 },
  normalization: "z-score",
  label: "linear",
  outputs: "mean and log variance",
};

const CASES: readonly {
  readonly name: string;
  readonly architecture: Architecture;
  readonly inputs: InputWidths;
  readonly loss: Loss;
  readonly tieWeight?: number;
}[] = [
  { name: "with a tie", architecture: SET, inputs: INPUTS, loss: "gaussian", tieWeight: 10 },
  {
    name: "periodic features",
    architecture: { ...SET, frequencies: [2, 4, 8, 16], outputs: "value" },
    inputs: { pixels: 15, supplementary: 1 },
    loss: "mse",
  },
  {
    name: "a learned context",
    architecture: { ...SET, context: [11, 5, 9] },
    inputs: INPUTS,
    loss: "gaussian",
  },
  {
    name: "everything at once, with dropout",
    architecture: {
      ...SET,
      context: [9, 16],
      frequencies: [1.5, 3, 0.2],
      dense: [9, 12, 4],
      dropout: { encoder: 0.25, dense: 0.3 },
    },
    inputs: { pixels: 16, supplementary: 9 },
    loss: "gaussian",
    tieWeight: 0.7,
  },
  {
    name: "as narrow as can be",
    architecture: {
      ...SET,
      encoder: [],
      cluster: [1],
      context: [1, 1],
      dense: [],
      outputs: "value",
    },
    inputs: { pixels: 1, supplementary: 0 },
    loss: "mae",
  },
  {
    name: "more of a cluster than a panel holds",
    architecture: { ...SET, encoder: [17], cluster: [8, 24, 5], frequencies: [1] },
    inputs: { pixels: 9, supplementary: 7 },
    loss: "gaussian",
    tieWeight: 3,
  },
];

function makeBatch(heights: readonly number[], inputs: InputWidths, seed = 1): Batch {
  const random = createRandom(seed);
  const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
  return joinCatalogs(heights.map((count) => ({
    count,
    pixels: normals(count * inputs.pixels),
    supplementary: normals(count * inputs.supplementary),
    label: random.normal() + 1,
    tie: normals(count),
  })));
}

function makeWeights(architecture: Architecture, inputs: InputWidths): NamedArrays {
  const random = createRandom(8);
  const weights = initialWeights(architecture, inputs, random);
  for (const [name, { data }] of Object.entries(weights)) {
    if (name.endsWith("/bias")) data.set(data.map(() => 0.3 * random.normal()));
  }
  return weights;
}

/** Weights in 64 bits, to be changed. */
function toDoubles(weights: NamedArrays): Record<string, { shape: number[]; data: Float64Array }> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [
      name,
      { shape: [...shape], data: Float64Array.from(data) },
    ]),
  );
}

/** How far a value may be from the reference, as a fraction of its array's largest. */
const TOLERANCE = 1e-5;

function assertClose(found: ArrayLike<number>, wanted: ArrayLike<number>, name: string): void {
  assertEquals(found.length, wanted.length, name);
  const largest = Array.from(wanted).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(found[i]! - wanted[i]!);
    assertLessOrEqual(difference, TOLERANCE * largest, `${name}[${i}] of ${largest}`);
  }
}

/** Half the width of a central difference. */
const DIFFERENCE = 1e-5;
/** Elements of an array whose gradient is looked at. */
const ELEMENTS = 24;

for (const { name, architecture, inputs, loss, tieWeight = 0 } of CASES) {
  Deno.test(`gradients of a set are central differences of its loss: ${name}`, async () => {
    const engine = await openCoreEngine({ threads: 1 });
    const batch = makeBatch([1, 2, 9, 13, 1], inputs);
    const weights = makeWeights(architecture, inputs);
    const network = await engine.create(architecture, inputs, weights);
    const options = { loss, dropoutKey: [3, 5], tieWeight } as const;
    const found = await network.gradients(batch, options);
    const doubles = toDoubles(weights);
    const wanted = setReference(architecture, doubles, batch, options);
    assertAlmostEquals(found.loss, wanted.loss, TOLERANCE * Math.abs(wanted.loss));
    assertClose(found.outputs, wanted.outputs.flat(), "outputs");
    const random = createRandom(2);
    for (const [array, { data }] of Object.entries(found.gradients)) {
      const largest = Math.max(...Array.from(data, Math.abs));
      for (let n = 0; n < Math.min(ELEMENTS, data.length); n++) {
        const i = data.length <= ELEMENTS ? n : random.integer(data.length);
        const values = doubles[array]!.data;
        const value = values[i]!;
        const lossAt = (x: number) => {
          values[i] = x;
          return setReference(architecture, doubles, batch, options).loss;
        };
        const slope = (lossAt(value + DIFFERENCE) - lossAt(value - DIFFERENCE)) / (2 * DIFFERENCE);
        values[i] = value;
        const text = `${array}[${i}] is ${data[i]}, its central difference ${slope}`;
        // The difference of two losses has an error of its own.
        const allowed = TOLERANCE * largest + 1e-10 * Math.abs(wanted.loss) / DIFFERENCE;
        assertLessOrEqual(Math.abs(slope - data[i]!), allowed, text);
      }
    }
    engine.close();
  });

  Deno.test(`a set's verbs give what plain loops do: ${name}`, async () => {
    const engine = await openCoreEngine({ threads: 2 });
    const batch = makeBatch([40, 1, 700, 2, 90, 300, 13], inputs); // several chunks, one of a catalog
    const weights = makeWeights(architecture, inputs);
    const network = await engine.create(architecture, inputs, weights);
    const options = { loss, dropoutKey: null } as const;
    const wanted = setReference(architecture, weights, batch, options);
    assertClose(await network.predict(batch), wanted.outputs.flat(), "outputs");
    const terse = await network.encode(batch);
    assertClose(terse, wanted.terse, "terse values");
    const given = terse.map((x) => 2 * x - 1);
    const regressed = setReference(architecture, weights, batch, options, given);
    assertClose(await network.regress(batch, given), regressed.outputs.flat(), "from given values");
    assertEquals(await network.regress(batch, terse), await network.predict(batch));
    const slopes = await network.encoderGradient(batch);
    const { pixels } = inputs;
    for (const row of [0, 39, 40, 500, 1145]) {
      for (let p = 0; p < pixels; p++) {
        const encodeAt = (step: number) => {
          const moved = Float64Array.from(batch.pixels);
          moved[row * pixels + p]! += step;
          const one = { ...batch, pixels: moved as unknown as Float32Array };
          return setReference(architecture, toDoubles(weights), one, options).terse[row]!;
        };
        if (p > 1) break; // the reference is slow
        const slope = (encodeAt(DIFFERENCE) - encodeAt(-DIFFERENCE)) / (2 * DIFFERENCE);
        assertAlmostEquals(slopes[row * pixels + p]!, slope, 1e-5, `row ${row}, pixel ${p}`);
      }
    }
    engine.close();
  });
}

/** Everything that a network says of a batch, after a few steps too. */
async function observe(
  network: Network,
  batch: Batch,
  options: StepOptions,
): Promise<Record<string, ArrayLike<number>>> {
  const { loss, outputs, gradients } = await network.gradients(batch, options);
  const terse = await network.encode(batch);
  const results: Record<string, ArrayLike<number>> = {
    loss: [loss],
    outputs,
    terse,
    predictions: await network.predict(batch),
    regressed: await network.regress(batch, terse),
    saliency: await network.encoderGradient(batch),
  };
  for (const [name, { data }] of Object.entries(gradients)) results[`d ${name}`] = data;
  for (let i = 0; i < 3; i++) await network.step(batch, { ...options, dropoutKey: [i, 7] });
  const arrays = { ...await network.weights(), ...await network.optimizerState() };
  for (const [name, { data }] of Object.entries(arrays)) results[name] = data;
  return results;
}

/** Batches of one engine, one after the other: what one leaves in memory must not reach the next. */
const SHAPES: readonly (readonly number[])[] = [
  [23, 17, 20],
  [1],
  [900, 2],
  [1, 1, 1, 1, 1, 1, 1],
  [64, 80, 64, 93, 64, 120, 64, 64, 71, 80],
  [5, 90, 3],
];
const STEP: StepOptions = {
  loss: "gaussian",
  optimizer: { kind: "adamw", weightDecay: 0.01 },
  learningRate: 0.02,
  gradientClip: 0.5,
  dropoutKey: [7, 11],
  tieWeight: 10,
};
/** Wide enough for products of several panels. */
const WIDER: Architecture = {
  ...SET,
  encoder: [70, 33],
  cluster: [64, 40],
  context: [32, 20, 16],
  frequencies: [2, 4, 8, 16, 32],
  dense: [40, 24],
  dropout: { encoder: 0.25, dense: 0.3 },
};

for (const shards of [1, 2, 3]) {
  Deno.test(`a set's results at shards ${shards} have the same bits for any threads and tiles`, async () => {
    const engines = await Promise.all([
      ...[1, 2, 3].map((threads) => openCoreEngine({ threads })),
      openCoreEngine({ threads: 2, tile: "wide" }),
    ]);
    const weights = makeWeights(WIDER, INPUTS);
    for (const heights of SHAPES) {
      const batch = makeBatch(heights, INPUTS);
      const [one, ...others] = await Promise.all(
        engines.map(async (engine) => {
          const network = await engine.create(WIDER, INPUTS, weights);
          const results = await observe(network, batch, { ...STEP, shards });
          network.dispose();
          return results;
        }),
      );
      for (const other of others) {
        for (const [name, values] of Object.entries(one!)) {
          assert(Array.from(values).every(Number.isFinite), `${name} of ${heights} is not finite`);
          assertEquals(other[name], values, `${name} of ${heights}`);
        }
      }
    }
    engines.forEach((engine) => engine.close());
  });
}

Deno.test("gradients of a set in shards are those of the whole batch", async () => {
  const engine = await openCoreEngine({ threads: 2 });
  const network = await engine.create(WIDER, INPUTS, makeWeights(WIDER, INPUTS));
  for (const heights of SHAPES) {
    const batch = makeBatch(heights, INPUTS);
    const whole = await network.gradients(batch, STEP);
    for (const shards of [2, 3, 100]) {
      const found = await network.gradients(batch, { ...STEP, shards });
      assertEquals(found.loss, whole.loss);
      assertEquals(found.outputs, whole.outputs);
      if (batch.count > 2) assertNotEquals(found.gradients, whole.gradients); // sums of other order
      for (const [name, { data }] of Object.entries(found.gradients)) {
        assertClose(data, whole.gradients[name]!.data, `${name} of ${heights}, ${shards} shards`);
      }
    }
  }
  engine.close();
});

Deno.test("a set does not see the order of clusters", async () => {
  const engine = await openCoreEngine({ threads: 1 });
  const network = await engine.create(WIDER, INPUTS, makeWeights(WIDER, INPUTS));
  const batch = makeBatch([50], INPUTS);
  const turn = (values: Float32Array) => {
    const width = values.length / 50;
    const rows = Array.from({ length: 50 }, (_, r) => values.slice(r * width, (r + 1) * width));
    return Float32Array.from(rows.toReversed().flatMap((row) => [...row]));
  };
  const turned = {
    ...batch,
    pixels: turn(batch.pixels),
    supplementary: turn(batch.supplementary),
  };
  assertClose(await network.predict(turned), await network.predict(batch), "outputs");
  engine.close();
});

Deno.test("a set's weights come out of the core's layout as they went in", () => {
  for (const { architecture, inputs } of [...CASES, { architecture: WIDER, inputs: INPUTS }]) {
    const layers = placeLayers(architecture, inputs);
    const weights = makeWeights(architecture, inputs);
    const flat = new Float32Array(layers.size).fill(NaN);
    packArrays(layers.all, weights, flat);
    assert(flat.every(Number.isFinite));
    assertEquals(unpackArrays(layers.all, flat), weights);
  }
});

Deno.test("what a set cannot be, and a tie without a column, are one clear error", async () => {
  const engine = await openCoreEngine({ threads: 1 });
  const create = (change: Partial<Architecture>) => {
    const architecture = { ...SET, ...change };
    return engine.create(architecture, INPUTS, makeWeights(architecture, INPUTS));
  };
  await assertRejects(() => create({ cluster: [] }), RangeError, "cluster is []");
  await assertRejects(() => create({ context: [4] }), RangeError, "context is [4]");
  await assertRejects(() => create({ cluster: [4, 0] }), RangeError, "a width of cluster is 0");
  await assertRejects(
    () => create({ frequencies: [NaN] }),
    RangeError,
    "a frequency is NaN, a finite number is needed",
  );
  const network = await create({});
  const batch = { ...makeBatch([3, 4], INPUTS), tie: new Float32Array(0) };
  await assertRejects(
    () => network.step(batch, STEP),
    TypeError,
    "Cannot take a step: the batch has 0 values to tie terse values to, 7 expected",
  );
  engine.close();
});
