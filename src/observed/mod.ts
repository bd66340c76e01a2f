/**
 * A user's table as clusters: expressions of columns, mappings, and rows refused with a reason.
 * Imported alone as `@clusters/terse/observed`.
 *
 * @example A table of other names and units, its mapping proposed and applied
 * ```ts
 * import { mapColumns, parseMapping, proposeMapping, readSource, writeMapping } from "@clusters/terse/observed";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const text = "# name kT Mgas\n# - keV Msun\nA85 5.1 7.4e13\nA119 5.4 --\n";
 * const table = readSource(new TextEncoder().encode(text), undefined);
 * const mapping = writeMapping(proposeMapping(table.columns));
 * assertEquals(mapping, "logTemperature=log10(kT[keV]), logGasMass=log10(Mgas[Msun]*h)");
 * const { clusters, refusals } = mapColumns(table.columns, [0, 1], {
 *   mapping: parseMapping(mapping),
 *   fields: ["logTemperature", "logGasMass"],
 *   h: 0.7,
 *   ranges: {},
 * });
 * assertAlmostEquals(clusters.logGasMass[0]!, Math.log10(0.7 * 7.4e13), 1e-12);
 * assertEquals(refusals.map(({ reason }) => reason), ["logGasMass: Mgas is not a number"]);
 * ```
 *
 * @module
 */
export type { Evaluated, Expression, SourceColumn } from "./column_expression.ts";
export { readExpression } from "./expression_reader.ts";
export {
  checkMapping,
  type ColumnMapping,
  type ObservedField,
  parseMapping,
  TARGETS,
} from "./column_mapping.ts";
export type { SourceTable } from "./source_table.ts";
export { mapColumns, type MappedClusters, type MappingPlan } from "./mapped_clusters.ts";
export { countReasons, type Refusal, type RefusalCount } from "./refusals.ts";
export {
  type Oddities,
  type ReadTable,
  SOURCE_OPTIONS,
  type SourceFile,
  type SourceOptions,
  type TableColumn,
  type TableEntry,
} from "./source_table.ts";
export { chooseTable, openSource, readSource } from "./source_reader.ts";
export { type Proposal, proposeMapping, writeMapping } from "./proposal.ts";
export { countRepeats, type Repeats } from "./repeated_rows.ts";
export { printable } from "./printable.ts";
export { CATALOG_FAULTS, type CatalogFault, type CatalogFaultName, takeRows } from "./faults.ts";
