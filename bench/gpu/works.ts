/**
 * The works of the GPU benchmark: single layers, the encoder, the whole step. Wrong numbers get no
 * time.
 */
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../../src/features/dataset.ts";
import type { Architecture, Network } from "../../src/model.ts";
import { openEngine } from "../../src/network/backends.ts";
import { initialWeights } from "../../src/network/weights.ts";
import { createRandom } from "../../src/numerics/random.ts";
import { forwardFlops, INPUTS, makeBatch, STEP } from "../networks.ts";
import type { Work } from "../results.ts";
import type { Chain } from "./chains.ts";
import { gradientDifference, largestDifference, passDifference } from "./gate.ts";
import type { Pass } from "./layers.ts";
import { listPasses, preparePass } from "./layers.ts";
import type { Measure } from "./measure.ts";
import { measureChain, roofline } from "./measure.ts";
import { encoderBytes, measureOwnEncoder } from "./own_encoder.ts";

const TFJS = "tfjs-webgpu";

async function measurePass(pass: Pass, measure: Measure): Promise<Work> {
  const difference = await passDifference(pass);
  const ready = preparePass(pass);
  const measured = await measureChain(measure, TFJS, difference, async (times) => {
    for (let i = 1; i < times; i++) tf.dispose(ready.run());
    const last = ready.run();
    // One number of the last run: the queue works in order, and N and 2 N runs read as much.
    const end = tf.tidy(() => tf.slice(tf.reshape(last[0]!, [last[0]!.size]), [0], [1]));
    await end.data();
    tf.dispose([...last, end]);
  });
  ready.dispose();
  const { name, gigaflop, bytes } = pass;
  const limit = roofline(measure.ceilings, gigaflop, bytes);
  return {
    ...{ name, gigaflop, bytes },
    contestants: [{ ...measured, ...limit === undefined ? {} : { roofline: limit } }],
  };
}

/** The encoder's forward pass, and the whole step. */
async function measureWholes(
  architecture: Architecture,
  catalogs: number,
  measure: Measure,
): Promise<Work[]> {
  const batch = makeBatch(catalogs);
  const weights = initialWeights(architecture, INPUTS, createRandom(1));
  const [core, gpu] = [await openEngine("core"), await openEngine("webgpu")];
  const reference = await core.create(architecture, INPUTS, weights);
  const network = await gpu.create(architecture, INPUTS, weights);
  const flops = forwardFlops(architecture, catalogs);
  // Verbs queue all their work before they wait for its result, so that calls follow one another.
  const chain = (verb: (network: Network, batch: Batch) => Promise<unknown>): Chain => {
    return async (times) => {
      const runs: Promise<unknown>[] = [];
      for (let i = 0; i < times; i++) runs.push(verb(network, batch));
      await Promise.all(runs);
    };
  };
  const expected = await reference.encode(batch);
  const encoding = largestDifference(await network.encode(batch), expected);
  const gradients = await gradientDifference(network, reference, batch);
  const gigaflop = flops.encoder / 1e9;
  const bytes = encoderBytes(architecture, expected.length, "f32");
  const limit = roofline(measure.ceilings, gigaflop, bytes);
  const tfjs = await measureChain(
    ...[measure, TFJS, encoding, chain((network, batch) => network.encode(batch))] as const,
  );
  const works: Work[] = [{
    name: `encoder forward, ${catalogs} catalogs`,
    ...{ gigaflop, bytes },
    contestants: [
      { ...tfjs, ...limit === undefined ? {} : { roofline: limit } },
      ...await measureOwnEncoder({ architecture, weights, batch, expected, gigaflop }, measure),
    ],
  }, {
    name: `Adam step, ${catalogs} catalogs`,
    gigaflop: 3 * flops.all / 1e9,
    contestants: [
      await measureChain(
        ...[
          measure,
          TFJS,
          gradients,
          chain((network, batch) => network.step(batch, STEP)),
        ] as const,
      ),
    ],
  }];
  for (const engine of [core, gpu]) engine.close();
  return works;
}

/** All works, one after the other as they are measured. */
export async function* measureWorks(
  architecture: Architecture,
  catalogs: number,
  measure: Measure,
): AsyncGenerator<Work> {
  (await openEngine("wasm")).close(); // brings tfjs's wasm backend, the layers' reference
  (await openEngine("webgpu")).close();
  for (const pass of listPasses(architecture, catalogs)) yield await measurePass(pass, measure);
  yield* await measureWholes(architecture, catalogs, measure);
}
