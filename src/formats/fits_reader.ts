/**
 * Reads FITS binary tables. Images and ASCII tables are passed over; variable-length arrays, bits
 * and complex numbers are an error. Every size is checked against the file before memory is taken.
 *
 * @module
 */
import type { FitsFile, FitsTable } from "./fits.ts";
import { LAYOUT_KEYWORD, MAX_COLUMNS } from "./fits.ts";
import { onesComplementSum } from "./fits_checksum.ts";
import type { FitsColumn, PlacedColumn } from "./fits_columns.ts";
import { placeColumn } from "./fits_columns.ts";
import type { ColumnData } from "./fits_elements.ts";
import type { HeaderCard } from "./fits_header.ts";
import { decodeHeader, FITS_BLOCK, headerValue } from "./fits_header.ts";

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
  let start = 0;
  for (let number = 1; start < bytes.length || number === 1; number++) {
    const first = number === 1 ? "SIMPLE" : "XTENSION";
    const found = new TextDecoder("latin1").decode(bytes.subarray(start, start + 8)).trimEnd();
    if (found !== first) {
      throw new SyntaxError(
        `Cannot read FITS: HDU ${number} at byte ${start} begins with ${
          JSON.stringify(found)
        }, "${first}" is needed`,
      );
    }
    const { cards, end } = decodeHeader(bytes, start, `HDU ${number}`);
    const name = headerValue(cards, "EXTNAME");
    const place = name ? `HDU ${number} (${name})` : `HDU ${number}`;
    const size = dataSize(cards, place);
    const next = end + Math.ceil(size / FITS_BLOCK) * FITS_BLOCK;
    // Written so that a size of NaN or infinity is refused too.
    if (!(next <= bytes.length)) {
      throw new SyntaxError(
        `Cannot read FITS: ${place} ends at byte ${next}, the file has ${bytes.length}`,
      );
    }
    verifyChecksums(bytes, cards, { start, end, next, place });
    if (number === 1) header = withoutLayout(cards);
    else if (headerValue(cards, "XTENSION") === "BINTABLE") {
      tables.push(readTable(cards, bytes.subarray(end, end + size), place));
    }
    start = next;
  }
  return { header, tables };
}

function withoutLayout(cards: readonly HeaderCard[]): HeaderCard[] {
  return cards.filter(({ keyword }) => !LAYOUT_KEYWORD.test(keyword));
}

/** A whole number from 0 on that a header must hold. */
function wholeNumber(
  cards: readonly HeaderCard[],
  keyword: string,
  place: string,
  or?: number,
): number {
  const value = headerValue(cards, keyword) ?? or;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new SyntaxError(
    `Cannot read FITS: ${keyword} of ${place} is ${value ?? "missing"}, a whole number from 0 on`,
  );
}

/** Bytes of data that a header announces, before padding (FITS standard, Eq. 2). */
function dataSize(cards: readonly HeaderCard[], place: string): number {
  const bitpix = headerValue(cards, "BITPIX");
  if (typeof bitpix !== "number" || ![8, 16, 32, 64, -32, -64].includes(bitpix)) {
    throw new SyntaxError(
      `Cannot read FITS: BITPIX of ${place} is ${bitpix}, 8, 16, 32, 64, -32 or -64`,
    );
  }
  const axes = wholeNumber(cards, "NAXIS", place);
  if (axes === 0) return 0;
  if (axes > MAX_COLUMNS) {
    throw new SyntaxError(`Cannot read FITS: NAXIS of ${place} is ${axes}, up to ${MAX_COLUMNS}`);
  }
  let elements = 1;
  for (let axis = 1; axis <= axes; axis++) elements *= wholeNumber(cards, `NAXIS${axis}`, place);
  const groups = wholeNumber(cards, "GCOUNT", place, 1);
  return (Math.abs(bitpix) / 8) * groups * (wholeNumber(cards, "PCOUNT", place, 0) + elements);
}

interface UnitPlace {
  readonly start: number;
  readonly end: number;
  readonly next: number;
  readonly place: string;
}

const ALL_ONES = 0xffffffff;

function verifyChecksums(
  bytes: Uint8Array,
  cards: readonly HeaderCard[],
  { start, end, next, place }: UnitPlace,
): void {
  const recorded = headerValue(cards, "DATASUM");
  const checksum = headerValue(cards, "CHECKSUM");
  if (!recorded && !checksum) return;
  const sum = onesComplementSum(bytes.subarray(end, next));
  if (recorded && !(Number(recorded) === sum)) {
    throw new SyntaxError(
      `Cannot read FITS: the data of ${place} add up to ${sum}, DATASUM is ${recorded}: ` +
        `the file is damaged`,
    );
  }
  const total = onesComplementSum(bytes.subarray(start, end), sum);
  if (checksum && total !== ALL_ONES && total !== 0) {
    throw new SyntaxError(
      `Cannot read FITS: ${place} does not match its CHECKSUM ${checksum}: the file is damaged`,
    );
  }
}

function readTable(cards: readonly HeaderCard[], data: Uint8Array, place: string): FitsTable {
  const rowBytes = wholeNumber(cards, "NAXIS1", place);
  const count = wholeNumber(cards, "NAXIS2", place);
  const fields = wholeNumber(cards, "TFIELDS", place);
  const placed: PlacedColumn[] = [];
  let offset = 0;
  if (fields > MAX_COLUMNS) {
    throw new SyntaxError(
      `Cannot read FITS: TFIELDS of ${place} is ${fields}, up to ${MAX_COLUMNS}`,
    );
  }
  for (let number = 1; number <= fields; number++) {
    const column = placeColumn(cards, number, offset, place);
    placed.push(column);
    offset += column.repeat * column.format.bytes;
  }
  if (offset !== rowBytes || (rowBytes === 0 && count > 0)) {
    throw new SyntaxError(
      `Cannot read FITS: NAXIS1 of ${place} is ${rowBytes}, the columns take ${offset} bytes a row`,
    );
  }
  const columns = placed.map((column) => readColumn(column, data, rowBytes, count));
  const name = headerValue(cards, "EXTNAME");
  return {
    name: typeof name === "string" ? name : "",
    count,
    columns,
    header: withoutLayout(cards),
  };
}

function readColumn(
  column: PlacedColumn,
  bytes: Uint8Array,
  rowBytes: number,
  count: number,
): FitsColumn {
  const { format, repeat, offset, scaling, ...rest } = column;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const raw = format.create(count * repeat);
  for (let i = 0; i < raw.length; i++) {
    const row = Math.floor(i / repeat);
    format.get(view, row * rowBytes + offset + (i - row * repeat) * format.bytes, raw, i);
  }
  if (!scaling) return { ...rest, data: raw };
  const { nullValue, ...unscaled } = rest;
  return { ...unscaled, data: applyScaling(raw, scaling, nullValue) };
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
