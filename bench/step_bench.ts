/**
 * Training steps under `deno bench`, for each CPU backend.
 */
import { openEngine } from "../src/network/backends.ts";
import { initialWeights } from "../src/network/weights.ts";
import { createRandom } from "../src/numerics/random.ts";
import type { NetworkName } from "./networks.ts";
import { INPUTS, makeBatch, NETWORKS, STEPS } from "./networks.ts";

const WORKS: readonly [NetworkName, number][] = [
  ["full", 20],
  ["compact", 40],
  ["compact", 10],
  ["set", 32],
  ["set", 10],
];

for (const [name, catalogs] of WORKS) {
  for (const backend of ["core", "wasm"] as const) {
    const architecture = NETWORKS[name];
    const batch = makeBatch(catalogs);
    const step = STEPS[name];
    Deno.bench({
      name: backend,
      group: `Adam step of the ${name} network, ${catalogs} catalogs`,
      baseline: backend === "core",
      ...name === "full" ? { n: 3, warmup: 1 } : {},
      async fn(bench) {
        const engine = await openEngine(backend);
        const weights = initialWeights(architecture, INPUTS, createRandom(1));
        const network = await engine.create(architecture, INPUTS, weights);
        for (let i = 0; i < 2; i++) await network.step(batch, step);
        bench.start();
        await network.step(batch, step);
        bench.end();
        network.dispose();
        engine.close();
      },
    });
  }
}
