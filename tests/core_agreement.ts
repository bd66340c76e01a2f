/** What the WASM core's networks must agree on: bits for any threads and tiles, sums for any shards. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Batch } from "../src/features/dataset.ts";
import type { Architecture, InputWidths, Network, StepOptions } from "../src/model.ts";
import { openCoreEngine } from "../src/network/core/engine.ts";
import type { NamedArrays } from "../src/numerics/arrays.ts";

/** A network, and batches of one engine, one after the other: what one leaves must not reach the next. */
export interface Trial {
  readonly architecture: Architecture;
  readonly inputs: InputWidths;
  readonly weights: NamedArrays;
  readonly batches: readonly Batch[];
  readonly step: StepOptions;
}

/** Everything that a network says of a batch, and its weights after three steps. */
export async function observe(
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

const nameOf = ({ rowOffsets }: Batch): string => `rows from ${rowOffsets}`;

/** Checks that one, two and three threads, and wide tiles, give finite results of the same bits. */
export async function assertSameBits(trial: Trial, shards: number): Promise<void> {
  const engines = await Promise.all([
    ...[1, 2, 3].map((threads) => openCoreEngine({ threads })),
    openCoreEngine({ threads: 2, tile: "wide" }),
  ]);
  for (const batch of trial.batches) {
    const [one, ...others] = await Promise.all(
      engines.map(async (engine) => {
        const network = await engine.create(trial.architecture, trial.inputs, trial.weights);
        const results = await observe(network, batch, { ...trial.step, shards });
        network.dispose();
        return results;
      }),
    );
    for (const other of others) {
      for (const [name, values] of Object.entries(one!)) {
        const what = `${name} of ${nameOf(batch)}`;
        assert(Array.from(values).every(Number.isFinite), `${what} is not finite`);
        assertEquals(other[name], values, what);
      }
    }
  }
  engines.forEach((engine) => engine.close());
}

/** Checks gradients in shards against those of the whole batch, by `assertClose`. */
export async function assertShardsAgree(
  { architecture, inputs, weights, batches, step }: Trial,
  assertClose: (found: ArrayLike<number>, wanted: ArrayLike<number>, what: string) => void,
): Promise<void> {
  const engine = await openCoreEngine({ threads: 2 });
  const network = await engine.create(architecture, inputs, weights);
  for (const batch of batches) {
    const whole = await network.gradients(batch, step);
    for (const shards of [2, 3, 100]) {
      const found = await network.gradients(batch, { ...step, shards });
      assertEquals(found.loss, whole.loss);
      assertEquals(found.outputs, whole.outputs);
      if (batch.count > 2) assertNotEquals(found.gradients, whole.gradients); // sums of other order
      for (const [name, { data }] of Object.entries(found.gradients)) {
        const what = `${name} of ${nameOf(batch)}, ${shards} shards`;
        assertClose(data, whole.gradients[name]!.data, what);
      }
    }
  }
  engine.close();
}
