/** CSV (RFC 4180): tables in the shortest text that keeps all bits, and rounded columns. */
import { sizeOf } from "../numerics/arrays.ts";
import type { FitsTable } from "./fits.ts";
import type { ColumnData } from "./fits_elements.ts";

/** Rows per piece of text. */
const ROWS_A_PIECE = 1000;

/** Significant digits that distinguish any two Float32 values. */
const FLOAT32_DIGITS = 9;

/**
 * A table as CSV: a line of names and one line per row. A vector column becomes one column per element,
 * `name_0` and so on. NaN, null and the column's own "no value" are left empty.
 *
 * @example
 * ```ts
 * import { formatTable } from "@clusters/terse/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const columns = [
 *   { name: "logMass", shape: [], data: Float64Array.of(14.1, 0.1 + 0.2) },
 *   { name: "slope", shape: [2], data: Float32Array.of(-0.1, 1e-9, 3, NaN) },
 * ];
 * const table = { name: "CLUSTERS", count: 2, columns, header: [] };
 * assertEquals([...formatTable(table)].join(""), [
 *   "logMass,slope_0,slope_1",
 *   "14.1,-0.1,1e-9",
 *   "0.30000000000000004,3,",
 *   "",
 * ].join("\n"));
 * ```
 *
 * @returns Pieces of text, which are many for a long table
 */
export function* formatTable({ count, columns }: FitsTable): Generator<string, void, void> {
  const fields = columns.flatMap(({ name, shape, data, nullValue }) => {
    const width = sizeOf(shape);
    const format = FORMATS[data.constructor.name] ?? String;
    return Array.from({ length: width }, (_, index) => ({
      name: quote(shape.length === 0 ? name : `${name}_${index}`),
      text: (row: number) => {
        const value = data[row * width + index]!;
        return isMissing(value, nullValue) ? "" : format(value);
      },
    }));
  });
  yield `${fields.map(({ name }) => name).join(",")}\n`;
  for (let start = 0; start < count; start += ROWS_A_PIECE) {
    let piece = "";
    for (let row = start; row < Math.min(count, start + ROWS_A_PIECE); row++) {
      piece += `${fields.map(({ text }) => text(row)).join(",")}\n`;
    }
    yield piece;
  }
}

type Value = ColumnData[number];

function isMissing(value: Value, nullValue: number | bigint | undefined): boolean {
  return value === null || Number.isNaN(value) || (nullValue !== undefined && value === nullValue);
}

/** How values are written, by the kind of their array; other kinds need no rule. */
const FORMATS: Readonly<Record<string, (value: Value) => string>> = {
  Float32Array: (value) => shortestFloat32(value as number),
  Array: (value) => quote(String(value)),
};

/**
 * The shortest decimal text that is read as this Float32 value, "0.1" for Math.fround(0.1).
 *
 * @param value As a Float32Array holds it
 */
export function shortestFloat32(value: number): string {
  for (let digits = 1; digits < FLOAT32_DIGITS; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(FLOAT32_DIGITS)));
}

/** Digits of a number in a CSV file: more than Float32 holds. */
const COLUMN_DIGITS = 9;

/**
 * Columns of numbers as CSV text; a number that is not finite or not there is an empty field.
 *
 * @example
 * ```ts
 * import { formatCsv } from "@clusters/terse/formats";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatCsv({ logMass: [14, 14.1], change: [-0.001, NaN] }), "logMass,change\n14,-0.001\n14.1,\n");
 * ```
 */
export function formatCsv(columns: Readonly<Record<string, ArrayLike<number>>>): string {
  const names = Object.keys(columns);
  const rows = Math.max(0, ...names.map((name) => columns[name]!.length));
  const lines = [names.map(quote).join(",")];
  for (let row = 0; row < rows; row++) {
    lines.push(names.map((name) => formatNumber(columns[name]![row])).join(","));
  }
  return lines.join("\n") + "\n";
}

function formatNumber(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "";
  return String(Number(value.toPrecision(COLUMN_DIGITS)));
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
