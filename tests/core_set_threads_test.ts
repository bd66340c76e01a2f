/**
 * The set regression on the WASM core: the same bits for any number of threads and for wide tiles, and the
 * same results for any number of shards and any order of clusters.
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Batch } from "../src/features/dataset.ts";
import type { Network, StepOptions } from "../src/model.ts";
import { openCoreEngine } from "../src/network/core/engine.ts";
import { assertClose, INPUTS, makeBatch, makeWeights, WIDER } from "./set_networks.ts";
import { digestSteps } from "./turbo_digest.ts";

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
