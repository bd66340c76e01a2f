/**
 * The set regression on the WASM core: every verb against a network in Float64 and plain loops, gradients
 * against its central differences, and what is refused.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLessOrEqual,
  assertRejects,
} from "@std/assert";
import type { Architecture, InputWidths, Loss, StepOptions } from "../src/model.ts";
import { labelCount } from "../src/network/checks.ts";
import { openCoreEngine } from "../src/network/core/engine.ts";
import { BLOCK_ROWS } from "../src/network/core/set/chunks.ts";
import { packArrays, placeLayers, unpackArrays } from "../src/network/core/layers.ts";
import type { NamedArrays } from "../src/numerics/arrays.ts";
import { createRandom } from "../src/numerics/random.ts";
import {
  assertClose,
  INPUTS,
  makeBatch,
  makeWeights,
  SET,
  TOLERANCE,
  WIDER,
} from "./set_networks.ts";
import { setReference } from "./set_reference.ts";

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
    name: "two labels and their covariance",
    architecture: { ...SET, outputs: "two means and covariance" },
    inputs: INPUTS,
    loss: "joint gaussian",
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

/** Weights in 64 bits, to be changed. */
function toDoubles(weights: NamedArrays): Record<string, { shape: number[]; data: Float64Array }> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [
      name,
      { shape: [...shape], data: Float64Array.from(data) },
    ]),
  );
}

/** Half the width of a central difference. */
const DIFFERENCE = 1e-5;
/** Elements of an array whose gradient is looked at. */
const ELEMENTS = 24;

for (const { name, architecture, inputs, loss, tieWeight = 0 } of CASES) {
  Deno.test(`gradients of a set are central differences of its loss: ${name}`, async () => {
    const engine = await openCoreEngine({ threads: 1 });
    const batch = makeBatch([1, 2, 9, 13, 1], inputs, 1, labelCount(architecture));
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
    // several chunks, one of a catalog
    const batch = makeBatch([40, 1, 700, 2, 90, 300, 13], inputs, 1, labelCount(architecture));
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

Deno.test("a catalog too tall for one block is seen as plain loops see it, with any number of threads", async () => {
  const architecture = { ...SET, context: [5, 6, 9], frequencies: [1.5, 3] };
  const batch = makeBatch([5, 2 * BLOCK_ROWS + 1001, 3], INPUTS);
  const weights = makeWeights(architecture, INPUTS);
  const wanted = setReference(architecture, weights, batch, { loss: "gaussian", dropoutKey: null });
  const found = [];
  for (const threads of [1, 2]) {
    const engine = await openCoreEngine({ threads });
    const network = await engine.create(architecture, INPUTS, weights);
    const terse = await network.encode(batch);
    const outputs = await network.predict(batch);
    assertClose(terse, wanted.terse, "terse values");
    assertClose(outputs, wanted.outputs.flat(), "outputs");
    assertEquals(await network.regress(batch, terse), outputs);
    found.push(outputs);
    engine.close();
  }
  assertEquals(found[0], found[1]);
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
  const options: StepOptions = {
    loss: "gaussian",
    optimizer: { kind: "adam" },
    learningRate: 0.02,
    gradientClip: null,
    dropoutKey: null,
    tieWeight: 10,
  };
  await assertRejects(
    () => network.step(batch, options),
    TypeError,
    "Cannot take a step: the batch has 0 values to tie terse values to, 7 expected",
  );
  engine.close();
});
