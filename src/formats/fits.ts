/**
 * FITS binary tables (FITS standard 4.0), as TOPCAT, astropy and fitsverify read them: a primary
 * header and tables with units, vector columns, text and checksums. This file writes them,
 * `fits_reader.ts` reads them.
 */
import { counted } from "../numerics/counted.ts";
import type { FitsColumn } from "./fits_columns.ts";
import type { ColumnData, ElementFormat } from "./fits_elements.ts";
import { formatOf } from "./fits_elements.ts";
import type { HeaderCard } from "./fits_header.ts";
import { onesComplementSum } from "./fits_checksum.ts";
import { encodeUnitHeader, freeCards, MAX_NUMBERED, padToBlock } from "./fits_units.ts";
import { sizeOf } from "../numerics/arrays.ts";

/** One binary table. */
export interface FitsTable {
  /** Name of the table (EXTNAME); "" if it has none. */
  readonly name: string;
  /** Number of rows. */
  readonly count: number;
  /** The columns, in the order of their bytes in a row. */
  readonly columns: readonly FitsColumn[];
  /** The cards that do not describe the table's layout. */
  readonly header: readonly HeaderCard[];
}

/** Values of a column, all at once or in pieces that follow each other. */
export type WrittenData = ColumnData | readonly Float64Array[];

/** A binary table that is to be written. */
export interface WrittenTable extends Omit<FitsTable, "columns"> {
  /** The columns, in the order of their bytes in a row; values may come in pieces. */
  readonly columns: readonly (Omit<FitsColumn, "data"> & { readonly data: WrittenData })[];
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
  tables: readonly WrittenTable[],
  header: readonly HeaderCard[] = [],
): Uint8Array<ArrayBuffer> {
  const units = planUnits(tables, header);
  const bytes = new Uint8Array(units.reduce((sum, { head, size }) => sum + head.length + size, 0));
  let at = 0;
  for (const piece of piecesOf(units)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/**
 * The bytes of {@linkcode encodeFits} in pieces, each of which lasts until the next is taken: a table of
 * any size then takes little memory.
 *
 * @throws {RangeError} See {@linkcode encodeFits}
 */
export function encodeFitsPieces(
  tables: readonly WrittenTable[],
  header: readonly HeaderCard[] = [],
): Iterable<Uint8Array<ArrayBuffer>> {
  return piecesOf(planUnits(tables, header));
}

/** A header and the data that follow it. */
interface PlannedUnit {
  readonly head: Uint8Array;
  /** Bytes of the data, with padding. */
  readonly size: number;
  readonly table: WrittenTable | null;
}

/** Headers with their checksums, for which the data are laid out once. */
function planUnits(tables: readonly WrittenTable[], header: readonly HeaderCard[]): PlannedUnit[] {
  const primary: HeaderCard[] = [
    { keyword: "SIMPLE", value: true, comment: "FITS standard 4.0" },
    { keyword: "BITPIX", value: 8 },
    { keyword: "NAXIS", value: 0 },
    { keyword: "EXTEND", value: true },
    ...freeCards(header),
  ];
  return [
    { head: encodeUnitHeader(primary, 0), size: 0, table: null },
    ...tables.map((table) => {
      let [sum, size] = [0, 0];
      for (const piece of tablePieces(table)) {
        sum = onesComplementSum(piece, sum);
        size += piece.length;
      }
      return { head: encodeUnitHeader(tableCards(table), sum), size, table };
    }),
  ];
}

function* piecesOf(units: readonly PlannedUnit[]): Generator<Uint8Array<ArrayBuffer>, void, void> {
  for (const { head, table } of units) {
    yield head.slice();
    if (table) yield* tablePieces(table);
  }
}

interface WrittenColumn {
  readonly column: WrittenTable["columns"][number];
  /** The values, piece by piece. */
  readonly pieces: readonly ColumnData[];
  readonly format: ElementFormat;
  readonly repeat: number;
}

function isPieces(data: WrittenData): data is readonly Float64Array[] {
  return Array.isArray(data) && data.length > 0 && ArrayBuffer.isView(data[0]);
}

function writtenColumns(table: WrittenTable): WrittenColumn[] {
  if (table.columns.length > MAX_NUMBERED) {
    throw new RangeError(
      `Cannot write FITS: ${table.name} has ${
        counted(table.columns.length, "column")
      }, should be at most ${MAX_NUMBERED}`,
    );
  }
  return table.columns.map((column) => {
    const repeat = sizeOf(column.shape);
    const pieces = isPieces(column.data) ? column.data : [column.data];
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const isWhole = pieces.every((piece) => piece.length % repeat === 0);
    if (!(repeat > 0) || length !== table.count * repeat || !isWhole) {
      throw new RangeError(
        `Cannot write FITS: ${column.name} has ${counted(length, "value")}, ` +
          `${counted(table.count, "row")} of [${column.shape.join(" x ")}] are needed`,
      );
    }
    return { column, pieces, format: formatOf(pieces[0]!, column.name), repeat };
  });
}

function tableCards(table: WrittenTable): HeaderCard[] {
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

/** Approximate bytes per piece of a table. */
const PIECE_BYTES = 2 ** 20;

/** The bytes of a table's rows, padded to whole blocks, in one buffer that is filled again. */
function* tablePieces(table: WrittenTable): Generator<Uint8Array<ArrayBuffer>, void, void> {
  const columns = writtenColumns(table);
  const rowBytes = columns.reduce((sum, { format, repeat }) => sum + format.bytes * repeat, 0);
  const size = rowBytes * table.count;
  const rowsAPiece = Math.max(4, 4 * Math.floor(PIECE_BYTES / 4 / Math.max(rowBytes, 1)));
  const most = rowBytes * Math.min(rowsAPiece, table.count);
  const buffer = new Uint8Array(most + padToBlock(1)); // with room for the padding
  const view = new DataView(buffer.buffer);
  const places = columns.map(() => ({ piece: 0, at: 0 }));
  for (let first = 0; first < table.count; first += rowsAPiece) {
    const rows = Math.min(rowsAPiece, table.count - first);
    let offset = 0;
    for (const [c, column] of columns.entries()) {
      putRows(view, column, places[c]!, { offset, rowBytes, rows });
      offset += column.repeat * column.format.bytes;
    }
    const isLast = first + rows === table.count;
    const padding = isLast ? padToBlock(size) - size : 0;
    buffer.fill(0, rows * rowBytes, rows * rowBytes + padding);
    yield buffer.subarray(0, rows * rowBytes + padding);
  }
}

/** The place up to which a column's values have been written. */
interface ColumnPlace {
  piece: number;
  at: number;
}

/** Puts a column's next values into some rows of a piece. */
function putRows(
  view: DataView,
  { pieces, format, repeat }: WrittenColumn,
  place: ColumnPlace,
  { offset, rowBytes, rows }: {
    readonly offset: number;
    readonly rowBytes: number;
    readonly rows: number;
  },
): void {
  let row = 0;
  while (row < rows) {
    const data = pieces[place.piece]!;
    const count = Math.min(rows - row, (data.length - place.at) / repeat);
    const values = { data, from: place.at, to: place.at + count * repeat };
    const start = row * rowBytes + offset;
    if (data instanceof Float64Array) {
      putDoubles(view, start, { ...values, data }, repeat, rowBytes);
    } else putElements(view, start, values, { repeat, rowBytes, format });
    row += count;
    place.at += count * repeat;
    if (place.at === data.length) Object.assign(place, { piece: place.piece + 1, at: 0 });
  }
}

/** A run of a column's values. */
interface Values<T extends ColumnData> {
  readonly data: T;
  readonly from: number;
  readonly to: number;
}

/** Puts whole rows of elements. */
function putElements(
  view: DataView,
  start: number,
  { data, from, to }: Values<ColumnData>,
  { repeat, rowBytes, format }: {
    readonly repeat: number;
    readonly rowBytes: number;
    readonly format: ElementFormat;
  },
): void {
  for (let i = from, at = start; i < to; at += rowBytes) {
    for (let k = 0; k < repeat; k++, i++) format.set(view, at + k * format.bytes, data, i);
  }
}

/** As `putElements`, but for doubles, of which a large table has millions. */
function putDoubles(
  view: DataView,
  start: number,
  { data, from, to }: Values<Float64Array>,
  repeat: number,
  rowBytes: number,
): void {
  for (let i = from, at = start; i < to; at += rowBytes) {
    for (let k = 0; k < repeat; k++, i++) view.setFloat64(at + 8 * k, data[i]!);
  }
}
