/**
 * FITS binary tables (FITS standard 4.0), as TOPCAT, astropy and fitsverify read them: a primary
 * header and tables with units, vector columns, text and checksums. This file writes them,
 * `fits_reader.ts` reads them.
 *
 * @module
 */
import type { FitsColumn } from "./fits_columns.ts";
import type { ElementFormat } from "./fits_elements.ts";
import { formatOf } from "./fits_elements.ts";
import type { HeaderCard } from "./fits_header.ts";
import { encodeUnit, freeCards, joinUnits, MAX_NUMBERED, padToBlock } from "./fits_units.ts";
import { sizeOf } from "../numerics/arrays.ts";

/** One binary table. */
export interface FitsTable {
  /** EXTNAME; "" if there is none. */
  readonly name: string;
  /** Number of rows. */
  readonly count: number;
  /** The columns, in the order of their bytes. */
  readonly columns: readonly FitsColumn[];
  /** The cards that do not describe the table's layout. */
  readonly header: readonly HeaderCard[];
}

/** A FITS file's tables and its primary header. */
export interface FitsFile {
  /** Cards of the primary header that do not describe its layout. */
  readonly header: readonly HeaderCard[];
  /** The binary tables, in order. */
  readonly tables: readonly FitsTable[];
}

/**
 * Tables as the bytes of a FITS file, with DATASUM and CHECKSUM in every header.
 *
 * @example Write a table and read it back
 * ```ts
 * import { decodeFits, encodeFits } from "@clusters/terse/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const mass = { name: "MASS", unit: "Msun/h", shape: [], data: Float64Array.of(1e14, 2e14) };
 * const bytes = encodeFits([{ name: "CLUSTERS", count: 2, columns: [mass], header: [] }]);
 * assertEquals(decodeFits(bytes).tables[0]?.columns, [mass]);
 * ```
 *
 * @param tables The tables, in order
 * @param header Cards of the primary header
 * @throws {RangeError} If a column's length is not count times its shape, or if a name, text or
 * card has no place in FITS, naming it
 */
export function encodeFits(
  tables: readonly FitsTable[],
  header: readonly HeaderCard[] = [],
): Uint8Array<ArrayBuffer> {
  const primary: HeaderCard[] = [
    { keyword: "SIMPLE", value: true, comment: "FITS standard 4.0" },
    { keyword: "BITPIX", value: 8 },
    { keyword: "NAXIS", value: 0 },
    { keyword: "EXTEND", value: true },
    ...freeCards(header),
  ];
  return joinUnits([
    encodeUnit(primary, new Uint8Array(0)),
    ...tables.map((table) => encodeUnit(tableCards(table), tableBytes(table))),
  ]);
}

interface WrittenColumn {
  readonly column: FitsColumn;
  readonly format: ElementFormat;
  readonly repeat: number;
}

function writtenColumns(table: FitsTable): WrittenColumn[] {
  if (table.columns.length > MAX_NUMBERED) {
    throw new RangeError(
      `Cannot write FITS: ${table.name} has ${table.columns.length} columns, up to ${MAX_NUMBERED}`,
    );
  }
  return table.columns.map((column) => {
    const repeat = sizeOf(column.shape);
    if (!(repeat > 0) || column.data.length !== table.count * repeat) {
      throw new RangeError(
        `Cannot write FITS: ${column.name} has ${column.data.length} values, ` +
          `${table.count} rows of [${column.shape.join(" x ")}] are needed`,
      );
    }
    return { column, format: formatOf(column.data, column.name), repeat };
  });
}

function tableCards(table: FitsTable): HeaderCard[] {
  const columns = writtenColumns(table);
  const rowBytes = columns.reduce((sum, { format, repeat }) => sum + format.bytes * repeat, 0);
  const cards: HeaderCard[] = [
    { keyword: "XTENSION", value: "BINTABLE" },
    { keyword: "BITPIX", value: 8 },
    { keyword: "NAXIS", value: 2 },
    { keyword: "NAXIS1", value: rowBytes, comment: "bytes a row" },
    { keyword: "NAXIS2", value: table.count, comment: "rows" },
    { keyword: "PCOUNT", value: 0 },
    { keyword: "GCOUNT", value: 1 },
    { keyword: "TFIELDS", value: columns.length },
    ...(table.name ? [{ keyword: "EXTNAME", value: table.name }] : []),
  ];
  for (const [i, { column, format, repeat }] of columns.entries()) {
    const n = i + 1;
    const isText = format.letter === "A";
    cards.push({ keyword: `TTYPE${n}`, value: column.name });
    const count = isText ? format.bytes * repeat : repeat;
    cards.push({ keyword: `TFORM${n}`, value: `${count}${format.letter}` });
    if (column.unit) cards.push({ keyword: `TUNIT${n}`, value: column.unit });
    // A plain vector needs no TDIM; text does, and so does a vector of one.
    if (column.shape.length > 1 || (column.shape.length === 1 && (isText || repeat === 1))) {
      const dimensions = [...(isText ? [format.bytes] : []), ...column.shape.toReversed()];
      cards.push({ keyword: `TDIM${n}`, value: `(${dimensions.join(",")})` });
    }
    if (format.zero) cards.push({ keyword: `TZERO${n}`, value: format.zero });
    if (column.nullValue !== undefined) {
      const stored = BigInt(column.nullValue) - BigInt(format.zero);
      cards.push({ keyword: `TNULL${n}`, value: stored });
    }
  }
  return [...cards, ...freeCards(table.header)];
}

function tableBytes(table: FitsTable): Uint8Array {
  const columns = writtenColumns(table);
  const rowBytes = columns.reduce((sum, { format, repeat }) => sum + format.bytes * repeat, 0);
  const size = rowBytes * table.count;
  const bytes = new Uint8Array(padToBlock(size));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const { column, format, repeat } of columns) {
    for (let i = 0; i < column.data.length; i++) {
      const row = Math.floor(i / repeat);
      format.set(view, row * rowBytes + offset + (i - row * repeat) * format.bytes, column.data, i);
    }
    offset += repeat * format.bytes;
  }
  return bytes;
}
