/**
 * The set regression on the WASM core: the same bits for any number of threads and for wide tiles, and the
 * same results for any number of shards and any order of clusters.
 */
import { assertEquals, assertRejects } from "@std/assert";
import type { Batch } from "../src/features/dataset.ts";
import type { StepOptions } from "../src/model.ts";
import { openCoreEngine } from "../src/network/core/engine.ts";
import type { Trial } from "./core_agreement.ts";
import { assertSameBits, assertShardsAgree } from "./core_agreement.ts";
import { assertClose, INPUTS, makeBatch, makeWeights, WIDER } from "./set_networks.ts";
import { digestSteps } from "./turbo_digest.ts";

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
const TRIAL: Trial = {
  architecture: WIDER,
  inputs: INPUTS,
  weights: makeWeights(WIDER, INPUTS),
  batches: SHAPES.map((heights) => makeBatch(heights, INPUTS)),
  step: STEP,
};

for (const shards of [1, 2, 3]) {
  Deno.test(`a set's results at shards ${shards} have the same bits for any threads and tiles`, async () => {
    await assertSameBits(TRIAL, shards);
  });
}

Deno.test("gradients of a set in shards are those of the whole batch", async () => {
  await assertShardsAgree(TRIAL, assertClose);
});

Deno.test("a step that has begun is done before anything else that a network is asked, with its bits", async () => {
  const found: unknown[] = [];
  for (const threads of [1, 2, 3]) {
    const engine = await openCoreEngine({ threads });
    const network = await engine.create(WIDER, INPUTS, TRIAL.weights);
    const [first, second] = TRIAL.batches as [Batch, Batch];
    const steps = [first, second].map((batch) => network.step(batch, { ...STEP, shards: 2 }));
    const state = network.optimizerState(); // no step has been waited for
    const predicted = network.predict(first);
    const broken = network.step(first, {
      ...STEP,
      shards: 2,
      learningRate: 0,
      tieWeight: Infinity,
    });
    const after = network.weights();
    const message = await assertRejects(() => broken, RangeError).then(({ message }) => message);
    found.push([await Promise.all(steps), await state, await predicted, await after, message]);
    engine.close();
  }
  assertEquals(found[1], found[0]);
  assertEquals(found[2], found[0]);
});

Deno.test("a network that has seen other batches takes a step with the bits of one that has not", async () => {
  for (const threads of [1, 2]) {
    const engine = await openCoreEngine({ threads });
    const network = await engine.create(WIDER, INPUTS, TRIAL.weights);
    for (const [i, place] of [4, 0, 4, 4, 5, 3, 2, 4, 1, 0].entries()) {
      const batch = TRIAL.batches[place]!;
      const options = { ...STEP, shards: 2, dropoutKey: [i, 3] as const, tieWeight: 10 * (i % 3) };
      const fresh = await engine.create(WIDER, INPUTS, TRIAL.weights);
      await fresh.load(await network.weights(), await network.optimizerState());
      const found = [await network.step(batch, options), await network.weights()];
      const wanted = [await fresh.step(batch, options), await fresh.weights()];
      assertEquals(found, wanted, `step ${i} on ${threads} threads`);
      // What is known of a batch's place in memory ends where another use of the memory begins.
      if (i % 2 === 0) {
        const other = TRIAL.batches[4]!;
        assertEquals(await network.predict(other), await fresh.predict(other));
      }
      fresh.dispose();
    }
    engine.close();
  }
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

Deno.test("turbo, which fuses the wide tiles' operations, changes no bit of either regression", async () => {
  const flags = "--v8-flags=--experimental-wasm-revectorize,--no-wasm-bounds-checks";
  const script = new URL("turbo_digest.ts", import.meta.url).pathname;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", flags, script, "wide"],
    cwd: new URL("..", import.meta.url).pathname,
  }).output();
  const found = new TextDecoder().decode(stdout);
  assertEquals(found, await digestSteps("narrow"), new TextDecoder().decode(stderr));
});
