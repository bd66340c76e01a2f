/**
 * Reads FITS binary tables. Images, which `fits_image.ts` reads, and ASCII tables are skipped;
 * variable-length arrays, bits and complex numbers are an error. Every size is checked against the
 * file before memory is taken.
 */
import { counted } from "../numerics/counted.ts";
import type { FitsFile, FitsTable } from "./fits.ts";
import type { FitsColumn, PlacedColumn } from "./fits_columns.ts";
import { placeColumn } from "./fits_columns.ts";
import type { ColumnData } from "./fits_elements.ts";
import type { HeaderCard } from "./fits_header.ts";
import { headerValue } from "./fits_header.ts";
import { MAX_NUMBERED, readUnits, wholeNumber, withoutLayout } from "./fits_units.ts";

/**
 * The tables of a FITS file. Checksums are verified where a header has them.
 *
 * A column with TSCAL or TZERO, other than the TZERO of unsigned numbers, becomes a Float64Array
 * of the scaled values, with NaN where the stored number is TNULL.
 *
 * @throws {SyntaxError} If the bytes are no FITS file, are cut short, do not match their checksum,
 * or hold a table that this reader does not know, saying which header and keyword
 */
export function decodeFits(bytes: Uint8Array): FitsFile {
  const tables: FitsTable[] = [];
  let header: readonly HeaderCard[] = [];
  for (const { number, cards, data, place } of readUnits(bytes)) {
    if (number === 1) header = withoutLayout(cards);
    else if (headerValue(cards, "XTENSION") === "BINTABLE") {
      tables.push(readTable(cards, data, place));
    }
  }
  return { header, tables };
}

function readTable(cards: readonly HeaderCard[], data: Uint8Array, place: string): FitsTable {
  const rowBytes = wholeNumber(cards, "NAXIS1", place);
  const count = wholeNumber(cards, "NAXIS2", place);
  const fields = wholeNumber(cards, "TFIELDS", place);
  const placed: PlacedColumn[] = [];
  let offset = 0;
  if (fields > MAX_NUMBERED) {
    throw new SyntaxError(
      `Cannot read FITS: TFIELDS of ${place} is ${fields}, should be at most ${MAX_NUMBERED}`,
    );
  }
  for (let number = 1; number <= fields; number++) {
    const column = placeColumn(cards, number, offset, place);
    placed.push(column);
    offset += column.repeat * column.format.bytes;
  }
  if (offset !== rowBytes || (rowBytes === 0 && count > 0)) {
    throw new SyntaxError(
      `Cannot read FITS: NAXIS1 of ${place} is ${rowBytes}, the columns take ${offset} bytes per row`,
    );
  }
  if (!(rowBytes * count <= data.length)) {
    throw new SyntaxError(
      `Cannot read FITS: ${place} has ${data.length} bytes, ${
        counted(count, "row")
      } of ${rowBytes} are needed`,
    );
  }
  // Text of width 0 takes no bytes: all such columns share one array.
  const blank = placed.some(isBlank) ? new Array<string>(count).fill("") : [];
  const columns = placed.map((column) => {
    if (!isBlank(column)) return readColumn(column, data, rowBytes, count);
    const { format: _format, repeat: _repeat, offset: _offset, ...rest } = column;
    return { ...rest, data: blank };
  });
  const name = headerValue(cards, "EXTNAME");
  return {
    name: typeof name === "string" ? name : "",
    count,
    columns,
    header: withoutLayout(cards),
  };
}

const isBlank = ({ format, repeat }: PlacedColumn): boolean =>
  format.letter === "A" && format.bytes === 0 && repeat === 1;

function readColumn(
  column: PlacedColumn,
  bytes: Uint8Array,
  rowBytes: number,
  count: number,
): FitsColumn {
  const { format, repeat, offset, scaling, ...rest } = column;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const raw = format.create(count * repeat);
  if (raw instanceof Float64Array) readDoubles(view, raw, { repeat, offset, rowBytes });
  else {
    for (let i = 0; i < raw.length; i++) {
      const row = Math.floor(i / repeat);
      format.get(view, row * rowBytes + offset + (i - row * repeat) * format.bytes, raw, i);
    }
  }
  if (!scaling) return { ...rest, data: raw };
  const { nullValue, ...unscaled } = rest;
  return { ...unscaled, data: applyScaling(raw, scaling, nullValue) };
}

/** The same for the one kind of which there are millions. */
function readDoubles(
  view: DataView,
  values: Float64Array,
  { repeat, offset, rowBytes }: {
    readonly repeat: number;
    readonly offset: number;
    readonly rowBytes: number;
  },
): void {
  for (let i = 0, start = offset; i < values.length; start += rowBytes) {
    for (let k = 0; k < repeat; k++, i++) values[i] = view.getFloat64(start + 8 * k);
  }
}

function applyScaling(
  raw: ColumnData,
  { scale, zero }: { readonly scale: number; readonly zero: number },
  nullValue: number | bigint | undefined,
): Float64Array {
  return Float64Array.from(
    raw as ArrayLike<number | bigint>,
    (value) => value === nullValue ? NaN : Number(value) * scale + zero,
  );
}

/** What a FITS file begins with. */
const FITS_START = "SIMPLE  =";

/** Whether a file is FITS, by its beginning. */
export function isFits(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(0, FITS_START.length)) === FITS_START;
}
