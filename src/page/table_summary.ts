/**
 * Summary of a table for the page: columns, the expression of each for every target, and a
 * proposal.
 */
import { describeColumn } from "../observed/column_record.ts";
import { FIELD_WIDTHS, shellsOf } from "../observed/column_mapping.ts";
import type { ObservedField } from "../observed/column_mapping.ts";
import type { Proposal } from "../observed/proposal.ts";
import { proposeColumn, proposeMapping } from "../observed/proposal.ts";
import type { ReadTable, TableColumn } from "../observed/source_table.ts";
import { placesOf } from "../observed/table_columns.ts";
import type { NetworkSummary, TableSummary, Written } from "./protocol.ts";

/** Summarizes a table for the networks of a page. */
export function summarizeTable(
  table: ReadTable,
  networks: readonly NetworkSummary[],
): TableSummary {
  const { form, count, columns, skipped, warnings } = table;
  const proposals = proposeMapping(columns);
  const targets = new Map(
    networks.flatMap(({ targets }) => targets.map(({ name, width }) => [name, width] as const)),
  );
  const names = columns.map((column, place) => nameInExpression(column, place, columns));
  const written = Object.fromEntries(Array.from(targets, ([target, width]) => [
    target,
    columns.map((column, place) =>
      writeFor(target, width, { column, name: names[place]! }, columns)
    ),
  ]));
  return {
    form,
    count,
    columns: columns.map((_, place) => describeColumn(table, place)),
    names,
    proposals,
    written,
    notes: [...skipped.map((text) => `Passed over: ${text}`), ...warnings],
    network: chooseNetwork(columns, proposals, networks),
  };
}

/** The name of a column in expressions; "" if it holds no numbers. */
function nameInExpression(
  { name, values, fault }: TableColumn,
  place: number,
  columns: readonly TableColumn[],
): string {
  if (values === null || fault !== "" || name === "" || name.includes('"')) return "";
  const same = placesOf(name, columns);
  return same.length === 1 ? `"${name}"` : `"${name}#${same.indexOf(place) + 1}"`;
}

/** The expression of a column for a target: its name if it is the target's, else by its unit. */
function writeFor(
  target: string,
  width: number,
  { column, name }: { readonly column: TableColumn; readonly name: string },
  columns: readonly TableColumn[],
): Written | null {
  if (name === "") return null;
  const asItIs = { expression: name, assumed: "" };
  if (column.name === target) return asItIs;
  if (width > 1) return column.width === width ? asItIs : null;
  if (column.width > 1) return null;
  return proposeColumn(target, column, columns);
}

/** Index of the first network whose targets the table seems to have; 0 if there is none. */
function chooseNetwork(
  columns: readonly TableColumn[],
  proposals: readonly Proposal[],
  networks: readonly NetworkSummary[],
): number {
  const names = new Set([...columns, ...proposals.map(({ target: name }) => ({ name }))]
    .map(({ name }) => name));
  const isThere = (target: string) => {
    if (target === "redshift" || names.has(target)) return true;
    const shells = target in FIELD_WIDTHS ? shellsOf(target as ObservedField) : [];
    return shells.length > 0 && shells.every((shell) => names.has(shell));
  };
  const missing = networks.map(({ targets }) =>
    targets.filter(({ name }) => !isThere(name)).length
  );
  return missing.indexOf(Math.min(...missing));
}
