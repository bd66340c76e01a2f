/**
 * Reads a text as a table: finds its form, goes through its lines once, and collects the numbers of
 * every column. Texts are read again when they are asked for, so that they need no memory.
 */
import { counted } from "../numerics/counted.ts";
import { layOutDelimited } from "./delimited.ts";
import { isEcsv, layOutEcsv } from "./ecsv.ts";
import { cutErrors } from "./error_fields.ts";
import { isIpac, layOutIpac } from "./ipac.ts";
import type { Layout } from "./layout.ts";
import type { Lines } from "./lines.ts";
import { splitLines } from "./lines.ts";
import { isMachineReadable, layOutMachineReadable } from "./machine_readable.ts";
import type { ReadTable, SourceFile, SourceOptions } from "./source_table.ts";
import { sentinelTest } from "./source_table.ts";
import { findColumn } from "./table_columns.ts";
import { TextColumn } from "./text_column.ts";

/** Rows by which errors within fields are recognized. */
const SAMPLE_ROWS = 100;

/** Most lines over which a quote may stay open. */
const OPEN_LINES = 1000;

/** Most columns of a text table, more than any catalog has; FITS allows 999. */
const MOST_COLUMNS = 5000;

/** Most numbers of a text table; a million clusters with 100 columns have fewer. */
const MOST_NUMBERS = 2 ** 27;

/** Number of rows between two checks of the number of values. */
const ROWS_A_COUNT = 65536;

/**
 * Opens a text as a table.
 *
 * @throws {SyntaxError} If it is not a table, or a row has more or fewer fields than there are names
 */
export function openText(bytes: Uint8Array, isUtf16: boolean, options: SourceOptions): SourceFile {
  const lines = splitLines(bytes, isUtf16);
  const table = readText(lines, options);
  const entry = {
    key: "1",
    name: "",
    number: 1,
    version: 1,
    count: table.count,
    columns: table.columns.length,
    fault: "",
    read: () => table,
  };
  return { form: table.form, tables: [entry], notes: [] };
}

function chooseLayout(lines: Lines): Layout {
  const { head } = lines;
  const layout = isEcsv(head)
    ? layOutEcsv(lines)
    : isMachineReadable(head)
    ? layOutMachineReadable(lines)
    : isIpac(head)
    ? layOutIpac(lines)
    : layOutDelimited(lines);
  const { length } = layout.columns;
  if (length > MOST_COLUMNS) {
    throw new SyntaxError(
      `Cannot read catalog: ${
        counted(length, "column")
      } are named, at most ${MOST_COLUMNS} are read`,
    );
  }
  const sample: (readonly string[])[] = [];
  for (const line of head.slice(layout.start)) {
    if (sample.length === SAMPLE_ROWS) break;
    const row = layout.rowOf(line);
    if (row !== null && row !== "open") sample.push(row);
  }
  return cutErrors(layout, sample);
}

function readText(lines: Lines, options: SourceOptions): ReadTable {
  const layout = chooseLayout(lines);
  const collected = layout.columns.map(({ missing = [] }) =>
    new TextColumn(sentinelTest([...missing, ...options.missing]))
  );
  const width = collected.length;
  let count = 0;
  for (const row of rowsOf(lines, layout)) {
    count++;
    if (row.length !== width) throw wrongWidth(count, row, layout);
    for (let c = 0; c < width; c++) collected[c]!.add(row[c]!);
    if (count % ROWS_A_COUNT === 0) checkNumbers(collected, count);
  }
  const isDecimal = collected.some((column) => column.hasDecimalComma) &&
    !collected.some((column) => column.hasPoint);
  const columns = layout.columns.map(({ name, unit, ucd, description }, c) => ({
    name,
    unit,
    ucd,
    description,
    width: 1,
    ...collected[c]!.finish(isDecimal),
  }));
  const eachText = function* (name: string) {
    const c = findColumn(name, columns);
    for (const row of rowsOf(lines, layout)) yield row[c]!;
  };
  const textsOf = (name: string) => [...eachText(name)];
  const latin = "the text is not UTF-8 and was read as Latin-1; letters beyond ASCII may be wrong";
  const warnings = [
    ...layout.warnings,
    ...(lines.encoding === "Latin-1" ? [latin] : []),
    ...(isDecimal ? ["commas in numbers were read as decimal points"] : []),
  ];
  const { form, skipped } = layout;
  return { name: "", form, count, columns, skipped, warnings, textsOf, eachText };
}

function checkNumbers(collected: readonly TextColumn[], rows: number): void {
  const numeric = collected.filter(({ hasNumbers }) => hasNumbers).length;
  if (numeric * rows <= MOST_NUMBERS) return;
  throw new SyntaxError(
    `Cannot read catalog: it has more than ${counted(rows, "row")} of ${numeric} numbers, ` +
      `a table of clusters has at most ${MOST_NUMBERS} numbers`,
  );
}

function wrongWidth(count: number, row: readonly string[], { columns, form }: Layout): SyntaxError {
  const hint = form.startsWith("CSV") && row.length > columns.length && /\d/.test(row.join(""))
    ? "; numbers with decimal commas need another separator, such as a semicolon"
    : "";
  return new SyntaxError(
    `Cannot read catalog: row ${count} has ${
      counted(row.length, "field")
    }, should have ${columns.length}, one per name${hint}`,
  );
}

/** The rows of a text; a row whose quote is open continues in the next line. */
function* rowsOf(lines: Lines, { start, rowOf }: Layout): Generator<readonly string[], void, void> {
  let at = 0;
  let open: string[] = [];
  for (const line of lines) {
    if (at++ < start) continue;
    const row = rowOf(open.length === 0 ? line : [...open, line].join("\n"));
    if (row === "open") {
      open.push(line);
      if (open.length > OPEN_LINES) break;
    } else {
      open = [];
      if (row !== null) yield row;
    }
  }
  if (open.length === 0) return;
  throw new SyntaxError(
    `Cannot read catalog: the quote that opens in ${JSON.stringify(open[0]!.slice(0, 60))} is ` +
      `never closed, a quote within a field is written twice`,
  );
}
