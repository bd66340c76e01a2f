/**
 * The encoder's forward pass and its gradient by pixel under `deno bench`, for each CPU backend.
 */
import type { Batch } from "../src/features/dataset.ts";
import type { Network } from "../src/model.ts";
import { openEngine } from "../src/network/backends.ts";
import { initialWeights } from "../src/network/weights.ts";
import { createRandom } from "../src/numerics/random.ts";
import { INPUTS, makeBatch, NETWORKS } from "./networks.ts";

const CATALOGS = 20;
const VERBS: Readonly<Record<string, (network: Network, batch: Batch) => Promise<Float32Array>>> = {
  "forward": (network, batch) => network.encode(batch),
  "gradient by pixel": (network, batch) => network.encoderGradient(batch),
};

for (const [verb, run] of Object.entries(VERBS)) {
  for (const backend of ["core", "wasm"] as const) {
    const batch = makeBatch(CATALOGS);
    Deno.bench({
      name: backend,
      group: `${verb} of Table 3's encoder, ${CATALOGS} catalogs`,
      baseline: backend === "core",
      n: 5,
      warmup: 1,
      async fn(bench) {
        const engine = await openEngine(backend);
        const weights = initialWeights(NETWORKS.full, INPUTS, createRandom(1));
        const network = await engine.create(NETWORKS.full, INPUTS, weights);
        await run(network, batch);
        bench.start();
        await run(network, batch);
        bench.end();
        network.dispose();
        engine.close();
      },
    });
  }
}
