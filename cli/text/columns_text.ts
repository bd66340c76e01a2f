/**
 * What is in a stranger's file, as lines for people: tables, columns with units and ranges, first rows,
 * what was passed over, and a mapping to try.
 *
 * @module
 */
import { printable } from "../../src/observed/printable.ts";
import type { Proposal } from "../../src/observed/proposal.ts";
import { writeMapping } from "../../src/observed/proposal.ts";
import type { ReadTable, SourceFile, TableColumn } from "../../src/observed/source_table.ts";

/** A column as `--json` has it. */
export interface ColumnRecord {
  readonly name: string;
  readonly unit: string;
  readonly ucd: string;
  readonly description: string;
  /** What the column holds: "numbers", "text" or "not read". */
  readonly kind: string;
  readonly width: number;
  /** How many values are there, and the least and greatest; `null` for text. */
  readonly known: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Values of the first rows, as the file has them. */
  readonly first: readonly string[];
  /** Why it is not read, or which texts stand in the place of numbers. */
  readonly note: string;
}

/** Rows that are shown. */
const FIRST_ROWS = 3;

/** A column with its range. */
export function describeColumn(table: ReadTable, place: number): ColumnRecord {
  const column = table.columns[place]!;
  const { name, unit, ucd, description, width, values, fault } = column;
  const about = { name, unit, ucd, description, width };
  if (fault !== "") return { ...about, kind: "not read", ...NOTHING, first: [], note: fault };
  if (values === null) {
    return { ...about, kind: "text", ...NOTHING, first: firstTexts(table, place), note: "" };
  }
  let known = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    known++;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const first = Array.from(
    { length: Math.min(FIRST_ROWS, table.count) },
    (_, row) =>
      Array.from({ length: width }, (_, i) => formatNumber(values[row * width + i]!)).join(" "),
  );
  const range = known === 0 ? { min: null, max: null } : { min, max };
  return { ...about, kind: "numbers", known, ...range, first, note: noteOf(column) };
}

const NOTHING = { known: null, min: null, max: null };

function noteOf({ oddities }: TableColumn): string {
  if (!oddities) return "";
  const { count, text, row, problem } = oddities;
  const texts = count === 1 ? "1 text counts" : `${count} texts count`;
  return `${texts} as missing: ${JSON.stringify(text.slice(0, 30))} in row ${row}, ${problem}`;
}

function firstTexts(table: ReadTable, place: number): string[] {
  const { name } = table.columns[place]!;
  const same = table.columns.filter((column) => column.name === name);
  const key = same.length === 1 ? name : `${name}#${same.indexOf(table.columns[place]!) + 1}`;
  return table.textsOf(key).slice(0, FIRST_ROWS);
}

function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "--";
  const rounded = Number(value.toPrecision(5));
  return Math.abs(rounded) < 1e6 ? String(rounded) : rounded.toExponential().replace("e+", "e");
}

/** Everything about a file. */
export interface FileReport {
  readonly file: SourceFile;
  /** `null` if a table has to be chosen first. */
  readonly table: ReadTable | null;
  readonly columns: readonly ColumnRecord[];
  readonly proposals: readonly Proposal[];
}

/** The report as lines. */
export function describeFile({ file, table, columns, proposals }: FileReport): string {
  const lines: string[] = [];
  if (file.tables.length !== 1 || table === null) {
    lines.push(`${file.form} with ${file.tables.length} tables:`);
    for (const { key, name, count, columns, fault } of file.tables) {
      const what = fault === "" ? `${count} rows, ${columns} columns` : `not read: ${fault}`;
      lines.push(
        `  --table=${printable(key)}${
          name && name !== key ? ` (${printable(name)})` : ""
        }  ${what}`,
      );
    }
  }
  for (const note of file.notes) lines.push(`passed over: ${printable(note)}`);
  if (table === null) return lines.join("\n");
  lines.push(`${printable(table.form)}: ${table.count} rows, ${columns.length} columns`, "");
  lines.push(...tabulate(columns));
  for (const skipped of table.skipped) lines.push(`passed over: ${printable(skipped)}`);
  for (const warning of table.warnings) lines.push(`warning: ${printable(warning)}`);
  lines.push("", ...describeProposals(proposals));
  return lines.join("\n");
}

/** Widest cell of a column of the listing. */
const WIDEST = 28;

function tabulate(columns: readonly ColumnRecord[]): string[] {
  const cut = (text: string) => {
    const safe = printable(text);
    return safe.length > WIDEST ? `${safe.slice(0, WIDEST - 1)}…` : safe;
  };
  const rows = columns.map((column) => {
    const { name, unit, kind, width, known, min, max, first } = column;
    const range = known === null
      ? kind
      : known === 0
      ? "no numbers"
      : `${formatNumber(min!)} to ${formatNumber(max!)}`;
    const label = width === 1 ? name : `${name}[0] to [${width - 1}]`;
    return [label, unit, range, known === null ? "" : String(known), first.join(", ")].map(cut);
  });
  const all = [["column", "unit", "range", "values", "first rows"], ...rows];
  const widths = all[0]!.map((_, c) => Math.max(...all.map((row) => row[c]!.length)));
  return all.flatMap((row, i) => {
    const line = row.map((cell, c) => cell.padEnd(widths[c]!)).join("  ").trimEnd();
    const note = columns[i - 1]?.note ?? "";
    return note === "" ? [line] : [line, `  ${printable(note)}`];
  });
}

/** The mapping that is proposed, and what it rests on. */
export function describeProposals(
  proposals: readonly Proposal[],
  title = "A mapping to check and to try:",
): string[] {
  if (proposals.length === 0) {
    return ["No column was recognized as one that a network reads; --columns maps them by hand"];
  }
  return [
    title,
    `  --columns '${printable(writeMapping(proposals))}'`,
    ...proposals.map(({ target, reason, assumed, others }) => {
      const rest = others.length === 0 ? "" : `; also possible: ${others.slice(0, 4).join(", ")}`;
      const what = assumed === "" ? "" : `; assumed: ${assumed}`;
      return printable(`  ${target}: from ${reason}${what}${rest}`);
    }),
  ];
}
