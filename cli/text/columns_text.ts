/**
 * The content of a user's file as lines for people to read: tables, columns with units and ranges,
 * first rows, what was skipped, and a mapping to try.
 */
import { counted } from "../../src/numerics/counted.ts";
import type { ColumnRecord } from "../../src/observed/column_record.ts";
import { formatNumber } from "../../src/observed/column_record.ts";
import { printable } from "../../src/observed/printable.ts";
import type { Proposal } from "../../src/observed/proposal.ts";
import { describeProposals } from "../../src/observed/proposal_text.ts";
import type { ReadTable, SourceFile } from "../../src/observed/source_table.ts";

/** Everything about a file. */
export interface FileReport {
  readonly file: SourceFile;
  /** `null` if a table has to be chosen first. */
  readonly table: ReadTable | null;
  readonly columns: readonly ColumnRecord[];
  readonly proposals: readonly Proposal[];
  /** For `predict --survey`. */
  readonly survey: readonly Proposal[];
}

/** The report as the document of `--json`. */
export function recordFile(
  { file, table, columns, proposals, survey }: FileReport,
): Readonly<Record<string, unknown>> {
  const { form, notes } = file;
  const tables = file.tables.map(({ read: _, ...entry }) => entry);
  const { count = null, skipped = [], warnings = [] } = table ?? {};
  return { form, tables, notes, rows: count, columns, skipped, warnings, proposals, survey };
}

/** The report as lines. */
export function describeFile({ file, table, columns, proposals, survey }: FileReport): string {
  const lines: string[] = [];
  if (file.tables.length !== 1 || table === null) {
    lines.push(`${file.form} with ${counted(file.tables.length, "table")}:`);
    for (const { key, name, count, columns, fault } of file.tables) {
      const what = fault === ""
        ? `${counted(count, "row")}, ${counted(columns, "column")}`
        : `not read: ${fault}`;
      lines.push(
        `  --table=${printable(key)}${
          name && name !== key ? ` (${printable(name)})` : ""
        }  ${what}`,
      );
    }
  }
  for (const note of file.notes) lines.push(`skipped: ${printable(note)}`);
  if (table === null) return lines.join("\n");
  lines.push(
    `${printable(table.form)}: ${counted(table.count, "row")}, ${
      counted(columns.length, "column")
    }`,
    "",
  );
  lines.push(...tabulate(columns));
  for (const skipped of table.skipped) lines.push(`skipped: ${printable(skipped)}`);
  for (const warning of table.warnings) lines.push(`warning: ${printable(warning)}`);
  lines.push("", ...describeProposals(proposals));
  if (survey.length > 0) {
    lines.push("", ...describeProposals(survey, "A mapping for predict --survey:"));
  }
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
