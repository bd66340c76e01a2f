/**
 * Reads a VOTable as tables of clusters.
 *
 * @module
 */
import type { Votable, VotableField } from "../formats/votable.ts";
import { parseVotable } from "../formats/votable.ts";
import type { StreamCell } from "../formats/votable_stream.ts";
import { readStream, widthOf } from "../formats/votable_stream.ts";
import { MISSING, toNumber } from "./numbers.ts";
import type {
  Oddities,
  ReadTable,
  SourceFile,
  SourceOptions,
  TableColumn,
} from "./source_table.ts";
import { sentinelTest } from "./source_table.ts";
import { findColumn } from "./table_columns.ts";

/**
 * What is in a VOTable.
 *
 * @throws {SyntaxError} If it is not well-formed XML
 */
export function openVotableSource(bytes: Uint8Array, options: SourceOptions): SourceFile {
  const tables = parseVotable(bytes);
  const entries = tables.map((table, i) => {
    const read = once(() => readTable(table, options));
    const isAlone = table.name !== "" &&
      tables.filter(({ name }) => name === table.name).length === 1;
    const fault = faultOf(table);
    return {
      key: isAlone ? table.name : String(i + 1),
      name: table.name,
      number: i + 1,
      version: 1,
      count: fault === "" ? countRows(table) : 0,
      columns: table.fields.length,
      fault,
      read,
    };
  });
  return { form: "VOTable", tables: entries, notes: [] };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function faultOf({ fields, kind, href, fault }: Votable): string {
  if (fault !== "") return fault;
  if (fields.length === 0) return "it declares no fields";
  if (kind === "FITS") return "its rows are a FITS stream; give that file";
  return href === "" ? "" : "its rows are in another file";
}

function countRows(table: Votable): number {
  if (table.kind === "TABLEDATA") return table.cells.length / table.fields.length;
  if (table.kind === "none") return 0;
  let count = 0;
  try {
    for (const _ of readStream(table)) count++;
  } catch {
    // What is wrong is said when the table is read.
  }
  return count;
}

/** Kinds of fields that are not read. */
const UNREAD = /^(bit|floatComplex|doubleComplex)$/;
const TEXT = /^(char|unicodeChar)$/;

function unreadReason(field: VotableField): string {
  const { datatype, arraysize } = field;
  if (UNREAD.test(datatype)) return `values of datatype ${datatype} are not read`;
  if (TEXT.test(datatype)) {
    return arraysize.includes("x") ? "arrays of texts are not read" : "";
  }
  const width = widthOf(field);
  if (Number.isNaN(width)) return "arrays of variable length are not read";
  return Number.isSafeInteger(width) && width > 0 ? "" : `its arraysize is ${arraysize}`;
}

function readTable(table: Votable, options: SourceOptions): ReadTable {
  const fault = faultOf(table);
  if (fault !== "") throw new SyntaxError(`Cannot read VOTable: table ${table.name}: ${fault}`);
  const rows = table.kind === "TABLEDATA"
    ? splitCells(table)
    : table.kind === "none"
    ? []
    : [...readStream(table)];
  const columns = table.fields.map((field, f) => makeColumn(field, rows, f, options));
  return {
    name: table.name,
    form: `VOTable, ${table.kind}`,
    count: rows.length,
    columns,
    skipped: columns.filter((column) => column.fault !== "")
      .map((column) => `column ${column.name}: ${column.fault}`),
    warnings: [],
    textsOf: (name) => {
      const f = findColumn(name, columns);
      return rows.map((row) => textOf(row[f] ?? null));
    },
  };
}

function textOf(cell: StreamCell): string {
  if (cell === null) return "";
  return typeof cell === "string" ? cell.trim() : String(cell[0] ?? "");
}

function splitCells({ cells, fields }: Votable): StreamCell[][] {
  const width = fields.length;
  return Array.from(
    { length: cells.length / width },
    (_, row) => cells.slice(row * width, (row + 1) * width),
  );
}

function makeColumn(
  field: VotableField,
  rows: readonly (readonly StreamCell[])[],
  f: number,
  { missing }: SourceOptions,
): TableColumn {
  const { name, unit, ucd, description, datatype } = field;
  const fault = unreadReason(field);
  const about = { name: name || `column ${f + 1}`, unit, ucd, description };
  if (fault !== "" || TEXT.test(datatype)) {
    return { ...about, width: 1, values: null, fault, oddities: null };
  }
  const width = widthOf(field);
  const isSentinel = sentinelTest([...(field.missing === "" ? [] : [field.missing]), ...missing]);
  const values = new Float64Array(rows.length * width).fill(NaN);
  let oddities: Oddities | null = null;
  const parse = datatype === "boolean" ? toLogical : toValue;
  // A text of a "float" is the single-precision number that other serializations hold.
  const round = datatype === "float" ? Math.fround : (value: number) => value;
  for (const [row, cells] of rows.entries()) {
    const cell = cells[f] ?? null;
    if (cell === null) continue;
    const isText = typeof cell === "string";
    const parts = isText ? (width === 1 ? [cell.trim()] : cell.trim().split(/\s+/)) : cell;
    for (let index = 0; index < Math.min(width, parts.length); index++) {
      const part = parts[index]!;
      const value = typeof part === "number" ? part : parse(part);
      const text = String(part);
      if (isSentinel(text, value)) continue;
      values[row * width + index] = round(value);
      if (!Number.isNaN(value) || MISSING.test(text)) continue;
      const first: Oddities = oddities ??
        { count: 0, row: row + 1, text, problem: "it is not a number" };
      oddities = { ...first, count: first.count + 1 };
    }
  }
  return { ...about, width, values, fault: "", oddities };
}

function toValue(text: string): number {
  if (/^[+-]?0x[0-9a-f]+$/i.test(text)) return Number(text.replace(/^\+/, ""));
  return /^[+-]?inf(inity)?$/i.test(text) ? NaN : toNumber(text);
}

/** T, t, true and 1; F, f, false and 0. */
function toLogical(text: string): number {
  if (/^(t|true|1)$/i.test(text)) return 1;
  return /^(f|false|0)$/i.test(text) ? 0 : NaN;
}
