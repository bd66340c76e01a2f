/** Tables of more rows than there are clusters are refused with the number, before anything is made of them. */
import { assertThrows } from "@std/assert";
import { readBaseTable } from "../cli/storage/base_table.ts";
import { experiment } from "../src/experiments/experiments.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import { readSkyCatalog } from "../src/observed/sky_catalog.ts";
import type { ReadTable } from "../src/observed/source_table.ts";
import { planReading } from "../src/runs/observed_prediction.ts";

/** A table that says it has so many rows; nothing of them may be looked at. */
function tableOf(count: number): ReadTable {
  const never = () => {
    throw new Error("a row was looked at");
  };
  const about = { name: "", form: "", skipped: [], warnings: [] };
  return { ...about, count, columns: [], textsOf: never, eachText: never };
}

Deno.test("More rows than any catalog has are refused by their number", () => {
  const choices = experiment("standard", "compact");
  const request = { mapping: {}, h: 0.7, catalogId: undefined };
  assertThrows(
    () => planReading(tableOf(5_000_001), choices, request),
    RangeError,
    "the table has 5000001 rows, at most 5000000 are read",
  );
  assertThrows(
    () => readSkyCatalog(tableOf(1_000_001), Object.values(SKY_PRESETS)[0]!.survey),
    RangeError,
    "the table has 1000001 rows, at most 1000000 are read",
  );
  const bytes = new TextEncoder().encode(`m500c[Msol/h]\n${"1\n".repeat(500_001)}`);
  assertThrows(
    () => readBaseTable(bytes, {}, 0.7),
    RangeError,
    "the table has 500001 rows, at most 500000 are read",
  );
});
