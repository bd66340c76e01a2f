/** Fields of a cluster table from which a network's inputs are read; a catalog must have them. */
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import type { ObservedField } from "../observed/column_mapping.ts";
import { FIELD_WIDTHS } from "../observed/column_mapping.ts";
import type { FeatureSpec } from "./features.ts";
import { COLUMNS } from "./features.ts";

const FIELDS = Object.keys(FIELD_WIDTHS) as ObservedField[];

/**
 * The observed fields that a spec's columns and its order are made of, in the order of
 * {@linkcode FIELD_WIDTHS}. They are found by asking each column for a value with one field unknown.
 *
 * @example A survey with L_X, T and M_gas can feed a network that sees Y_X and T
 * ```ts
 * import { fieldsRead } from "@clusters/terse/features";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   fieldsRead({ pixels: ["logYx", "logTemperature"], supplementary: [], order: "luminosity" }),
 *   ["logLuminosity", "logTemperature", "logGasMass"],
 * );
 * ```
 */
export function fieldsRead(spec: FeatureSpec): ObservedField[] {
  const columns = [...spec.pixels, ...spec.supplementary].map((name) => COLUMNS[name]);
  return FIELDS.filter((field) => {
    if (field === "logLuminosity" && spec.order === "luminosity") return true;
    const probe = probeWithout(field);
    return columns.some(({ width, value }) =>
      Array.from({ length: width }, (_, index) => value(probe, 0, index)).some(Number.isNaN)
    );
  });
}

/** A table of one cluster whose `field` alone is unknown. */
function probeWithout(field: ObservedField): ObservedClusters {
  const columns = FIELDS.map((name) => [
    name,
    new Float64Array(FIELD_WIDTHS[name]).fill(name === field ? NaN : 0),
  ]);
  return { count: 1, logMass: Float64Array.of(0), ...Object.fromEntries(columns) };
}
