/**
 * The bytes that are held while a tall catalog is judged and predicted, in a process of its own that can collect
 * garbage. Prints one JSON document; see `tall_catalog_test.ts`.
 */
import { openEngine } from "../src/network/backends.ts";
import { openModel } from "../src/network/trained_model.ts";
import { gather } from "../src/numerics/arrays.ts";
import { createRandom } from "../src/numerics/random.ts";
import { keepUsed } from "../src/observed/kept_table.ts";
import { loadPretrained, loadPretrainedReference } from "../src/pretrained/pretrained.ts";
import { predictTable } from "../src/runs/prediction.ts";
import { drawMockTable } from "./mock_table.ts";

const ROWS = 150_000;

const collect = (globalThis as unknown as { gc(): void }).gc;

/** A table of so many clusters, each one of a few mocks. */
function drawTable() {
  const mocks = drawMockTable({ seed: 3, catalogs: 20 });
  const random = createRandom(5);
  const chosen = Uint32Array.from({ length: ROWS }, () => random.integer(mocks.count));
  const columns = mocks.columns.slice(1).map(({ name, shape, data }) => {
    const width = shape[0] ?? 1;
    const values = gather(data as Float64Array, chosen, width);
    return { name, unit: "", width, values };
  });
  const table = { count: ROWS, columns, textsOf: () => [] };
  return keepUsed(table, { places: "all", texts: undefined });
}

const engine = await openEngine("core", { threads: 1 });
const { run } = await loadPretrained("compact");
const model = await openModel(engine, run);
const reference = await loadPretrainedReference("compact");
collect();
const before = Deno.memoryUsage().external;
const table = drawTable();
const numbers = table.columns.reduce((sum, { values }) => sum + 8 * values!.length, 0);
let most = 0;
const watched: typeof model = {
  ...model,
  encode: (catalog) => {
    collect();
    most = Math.max(most, Deno.memoryUsage().external - before);
    return model.encode(catalog);
  },
};
const { catalogs } = await predictTable(
  { experiment: run.experiment, model: watched, reference },
  table,
  { mapping: {}, h: 0.704, catalogId: undefined },
);
engine.close();
const kept = table.columns.reduce((sum, { values }) => sum + values!.length, 0);
const { used } = catalogs[0]!;
const found = { rows: ROWS, used, numbers, most, kept };
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(found)));
