/** A catalog of very many clusters: seen part by part, in little more memory than its numbers take. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Catalog } from "../src/catalogs/catalog.ts";
import type { ObservedClusters } from "../src/clusters/cluster_table.ts";
import { buildFeatures, ROWS_A_PART } from "../src/features/features.ts";
import { createRandom } from "../src/numerics/random.ts";
import { FIELD_WIDTHS, OBSERVED_FIELDS } from "../src/observed/column_mapping.ts";

function drawCatalog(count: number): Catalog {
  const random = createRandom(count);
  const fields = Object.fromEntries(OBSERVED_FIELDS.map((field) => [
    field,
    Float64Array.from({ length: count * FIELD_WIDTHS[field] }, () => random.normal()),
  ]));
  const clusters = { count, logMass: new Float64Array(count), ...fields } as ObservedClusters;
  return { parameters: { sigma8: 0.8 }, clusters } as Catalog;
}

const SPEC = {
  pixels: ["logTemperature", "gasSlopeProfile"],
  supplementary: ["logLuminosity"],
  order: "luminosity",
} as const;

Deno.test("The parts of a tall catalog are the rows of the whole", () => {
  const count = ROWS_A_PART + 3;
  const catalog = drawCatalog(count);
  const tall = buildFeatures(catalog, SPEC, createRandom(1));
  // Nothing has made them yet.
  assert(Object.getOwnPropertyDescriptor(tall, "pixels")!.get !== undefined);
  const [from, to] = [ROWS_A_PART - 5, count];
  const part = tall.takeRows!(from, to);
  assertEquals(part.count, to - from);
  assertEquals(part.pixels, tall.pixels.subarray(from * tall.width, to * tall.width));
  assertEquals(part.supplementary, tall.supplementary.subarray(from, to));
  assertEquals(part.rows, tall.rows.subarray(from, to));
  assertEquals(tall.pixels.length, count * 8);
  assertEquals(tall.pixels[8], Math.fround(catalog.clusters.logTemperature[tall.rows[1]!]!));
});

Deno.test("A value of a tall catalog that is not finite is refused before anything is made", () => {
  const catalog = drawCatalog(ROWS_A_PART + 1);
  catalog.clusters.gasSlopeProfile[7 * ROWS_A_PART + 2] = Infinity;
  assertThrows(
    () => buildFeatures(catalog, SPEC, createRandom(1)),
    RangeError,
    `gasSlopeProfile of cluster ${ROWS_A_PART} is Infinity`,
  );
});

/** Bytes for each cluster in addition to its numbers: its place, its order, what was found of it. */
const OWN_BYTES = 70;
/** Bytes of what does not depend on the clusters: a part's inputs, and the core's memory. */
const FIXED_BYTES = 24e6;

Deno.test("A tall catalog is judged and predicted in one and a half times the memory of its numbers", () => {
  const script = new URL("./tall_catalog_measured.ts", import.meta.url).pathname;
  const args = ["run", "-A", "--no-check", "--v8-flags=--expose-gc", script];
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), { args }).outputSync();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const { rows, used, numbers, most, kept } = JSON.parse(new TextDecoder().decode(stdout));
  assert(used > 0.95 * rows, `${used} of ${rows} clusters are used`);
  // The table's numbers are given back when they are mapped.
  assertEquals(kept, 0);
  const limit = numbers + rows * OWN_BYTES + FIXED_BYTES;
  assert(most > numbers && most < limit, `${most} bytes, at most ${limit} expected`);
});
