/**
 * A user's table as clusters: expressions of columns, mappings, and rows refused with a reason.
 * Imported alone as `@clusters/terse/observed`.
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
