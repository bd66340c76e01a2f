/**
 * Somebody's table of clusters, FITS, CSV or ASCII, as columns by the names that it gives them.
 *
 * @module
 */
import type { SourceTable } from "../../src/observed/source_table.ts";
import { missingColumn } from "../../src/observed/column_expression.ts";
import type { FitsTable } from "../../src/formats/fits.ts";
import type { FitsColumn } from "../../src/formats/fits_columns.ts";
import { decodeFits } from "../../src/formats/fits_reader.ts";
import { sizeOf } from "../../src/numerics/arrays.ts";
import { inFile, RunError } from "../program/errors.ts";
import { readBytes, readText } from "../program/files.ts";
import { DECIMAL, readRows } from "./source_text.ts";

const FITS_START = "SIMPLE  =";

/** The table that is taken if a file has several: that of catalogs.fits and base_sample.fits. */
const CLUSTERS = "CLUSTERS";

/**
 * Reads a table.
 *
 * @param path FITS if the file begins like one; if not, a text with a line of names and fields between
 * commas, tabs, semicolons or blanks, see {@linkcode readRows}
 * @param name Of the table, if a FITS file has several
 * @throws {RunError} If it cannot be read, there is no such table, or it has no rows
 */
export function readSourceTable(path: string, name: string | undefined): SourceTable {
  const bytes = readBytes(path);
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, FITS_START.length));
  return inFile(path, () => {
    const table = start === FITS_START
      ? fromFits(chooseTable(decodeFits(bytes).tables, name))
      : fromText(readRows(readText(path)));
    if (table.count > 0) return table;
    throw new RangeError("Cannot read catalog: the table has no rows, one a cluster is needed");
  });
}

function chooseTable(tables: readonly FitsTable[], name: string | undefined): FitsTable {
  const wanted = name ?? (tables.length === 1 ? tables[0]!.name : CLUSTERS);
  const table = tables.find((table) => table.name === wanted);
  if (table) return table;
  const names = tables.map((table) => table.name || "one without a name").join(", ") || "none";
  throw new RunError(
    `Cannot read catalog: there is no table ${wanted}, --table may be one of ${names}`,
  );
}

function fromFits({ count, columns }: FitsTable): SourceTable {
  return {
    count,
    columns: columns.map(({ name, unit = "", shape, data, nullValue }) => {
      const isText = Array.isArray(data);
      const values = isText ? null : Float64Array.from(
        data as ArrayLike<number | bigint>,
        (value) => value === nullValue ? NaN : Number(value),
      );
      return { name, unit, width: sizeOf(shape), values };
    }),
    textsOf: (name) => Array.from(find(name, columns).data as ArrayLike<unknown>, String),
  };
}

function find<C extends Pick<FitsColumn, "name">>(name: string, columns: readonly C[]): C {
  const column = columns.find((column) => column.name === name);
  if (column) return column;
  const sources = columns.map(({ name }) => ({ name, unit: "", width: 1, values: null }));
  throw missingColumn(name, sources);
}

function fromText([heading = [], ...rows]: string[][]): SourceTable {
  const names = heading.map((name) => name.trim());
  const short = rows.findIndex((row) => row.length !== names.length);
  if (short >= 0) {
    throw new SyntaxError(
      `Cannot read catalog: row ${short + 1} has ${rows[short]!.length} fields, ` +
        `${names.length} are named`,
    );
  }
  const columns = names.map((name, c) => {
    const texts = rows.map((row) => row[c]!.trim());
    const numbers = Float64Array.from(texts, (text) => DECIMAL.test(text) ? Number(text) : NaN);
    // A column of which nothing is a number is text; single gaps and dashes are missing values.
    const values = numbers.some((value) => Number.isFinite(value)) ? numbers : null;
    return { name, unit: "", width: 1, values, texts };
  });
  return {
    count: rows.length,
    columns,
    textsOf: (name) => [...find(name, columns).texts],
  };
}
