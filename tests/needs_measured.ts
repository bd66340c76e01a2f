/**
 * The bytes that pieces of a command's work take, measured in a process of its own that can collect garbage.
 * Prints one JSON document; see `needs_test.ts`.
 */
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { experiment } from "../src/experiments/experiments.ts";
import { encodeFits } from "../src/formats/fits.ts";
import { joinCatalogs, normalizeCatalog } from "../src/features/dataset.ts";
import { createCoreNetwork } from "../src/network/core/network.ts";
import { openCore } from "../src/network/core/core.ts";
import { inputWidths } from "../src/network/checkpoint.ts";
import { initialWeights } from "../src/network/weights.ts";
import { createRandom } from "../src/numerics/random.ts";
import { designOf, drawFreshCatalogs } from "../src/runs/catalogs.ts";
import { catalogsToTables } from "../src/runs/cluster_tables.ts";
import { buildAll } from "../src/runs/sets.ts";

const collect = (globalThis as unknown as { gc(): void }).gc;
const choices = experiment("standard", "compact");
const base = drawBaseSample(createRandom(1));
/** Catalogs that are measured. */
const COUNT = 300;

/** What an action leaves behind, in all memory and in objects alone; its result is kept till then. */
function measure<T>(action: () => T): { result: T; bytes: number; objects: number } {
  collect();
  const before = Deno.memoryUsage();
  const result = action();
  collect();
  const after = Deno.memoryUsage();
  const objects = after.heapUsed - before.heapUsed;
  return { result, objects, bytes: objects + after.external - before.external };
}

const drawn = measure(() => [...drawFreshCatalogs(choices, base, COUNT)]);
const rest = measure(() => {
  const sets = new Array<string>(COUNT).fill("train");
  const file = encodeFits(catalogsToTables(drawn.result, sets, []));
  return { file, features: buildAll(choices, drawn.result, createRandom(1)) };
});
const parameters = measure(() => designOf(choices));

const { features } = choices;
const inputs = inputWidths(features);
const scale = { offset: 0, scale: 1 };
const normalization = {
  pixels: new Array(inputs.pixels).fill(scale),
  supplementary: new Array(inputs.supplementary).fill(scale),
  sigma8: { offset: 0.8, scale: 0.1 },
};
const core = await openCore({ threads: 1 });
// Wide, so that it is not lost in the memory that the core begins with.
const architecture = { ...choices.architecture, cluster: [512], dense: [2048, 1024] };
const wide = experiment("standard", "compact", { architecture });
const network = createCoreNetwork(
  core,
  { architecture: wide.architecture, inputs },
  initialWeights(wide.architecture, inputs, createRandom(1)),
);
const { batches, loss, optimizer, gradientClip, shards } = wide.schedule;
const chosen = rest.result.features.slice(0, typeof batches === "object" ? batches.random : 32);
const batch = joinCatalogs(chosen.map((catalog) => normalizeCatalog(catalog, normalization)));
const plain = { ...batch, tie: new Float32Array(0) };
const options = { loss, optimizer, gradientClip, shards, dropoutKey: null, learningRate: 1e-4 };
await network.step(plain, options);
const trained = core.memory.memory.buffer.byteLength;
core.close();

const document = JSON.stringify({
  catalogs: COUNT,
  clusters: drawn.result.reduce((sum, { clusters }) => sum + clusters.count, 0),
  bytes: drawn.bytes + rest.bytes,
  objects: drawn.objects,
  parameters: { count: parameters.result.length, objects: parameters.objects },
  trained: { bytes: trained, rows: batch.rowOffsets.at(-1) },
});
Deno.stdout.writeSync(new TextEncoder().encode(document));
