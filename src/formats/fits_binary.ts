/**
 * Columns of another program's binary table (FITS standard 4.0, section 7.3), each decoded when it
 * is asked for. Bits, complex numbers and arrays of variable length are named but not read.
 */
import type { PlacedColumn } from "./fits_columns.ts";
import { placeColumn } from "./fits_columns.ts";
import type { ColumnData } from "./fits_elements.ts";
import type { HeaderCard } from "./fits_header.ts";
import type { ColumnText, OpenedColumn, TableRows } from "./fits_opened.ts";
import { describeColumn, doubtfulName, unreadColumn } from "./fits_opened.ts";
import { textValue } from "./fits_scan.ts";

/** Kinds of columns that are not read: bytes of an element, and what they are. */
const UNREAD: Readonly<Record<string, readonly [bytes: number, what: string]>> = {
  X: [1 / 8, "bits"],
  C: [8, "complex numbers"],
  M: [16, "complex numbers"],
  P: [8, "arrays of variable length"],
  Q: [16, "arrays of variable length"],
};

/** A column that cannot be read, with the bytes that it takes of a row; NaN if not known. */
interface Unread {
  readonly name: string;
  readonly bytes: number;
  readonly fault: string;
}

/**
 * The columns of a binary table.
 *
 * @throws {SyntaxError} If the columns do not fill a row
 */
export function openBinaryColumns(rows: TableRows, fields: number): OpenedColumn[] {
  const { cards, place, rowBytes } = rows;
  const found = Array.from({ length: fields }, (_, i) => placeNamed(cards, i + 1, place));
  const known = found.reduce((sum, column) => sum + (bytesOf(column) || 0), 0);
  const lost = found.filter((column) => Number.isNaN(bytesOf(column))).length;
  if (lost === 0 ? known !== rowBytes : known > rowBytes) {
    throw new SyntaxError(
      `NAXIS1 of ${place} is ${rowBytes}, the columns take ${known} bytes per row`,
    );
  }
  let offset = 0;
  return found.map((column, i) => {
    const about = describeColumn(cards, i + 1);
    const at = offset;
    // A single column of unknown width takes the bytes that the others leave. With several, no
    // column after the first has a known place.
    offset += Number.isNaN(bytesOf(column)) && lost === 1 ? rowBytes - known : bytesOf(column);
    if ("fault" in column) return unreadColumn(column.name, about, column.fault);
    if (Number.isNaN(at)) {
      return unreadColumn(column.name, about, "a column before it has no width that can be read");
    }
    return openColumn({ ...column, offset: at }, rows, about);
  });
}

const bytesOf = (column: PlacedColumn | Unread): number =>
  "fault" in column ? column.bytes : column.repeat * column.format.bytes;

/** A column, which cannot be read if it is given two names. */
function placeNamed(
  cards: readonly HeaderCard[],
  number: number,
  place: string,
): PlacedColumn | Unread {
  const column = placeAny(cards, number, place);
  const fault = doubtfulName(cards, number);
  return fault === "" ? column : { name: column.name, bytes: bytesOf(column), fault };
}

function placeAny(
  cards: readonly HeaderCard[],
  number: number,
  place: string,
): PlacedColumn | Unread {
  const name = textValue(cards, `TTYPE${number}`) || `column ${number}`;
  const form = textValue(cards, `TFORM${number}`) ?? "";
  const [, digits = "", letter = ""] = /^(\d{0,15})([A-Z])/.exec(form) ?? [];
  const repeat = digits === "" ? 1 : Number(digits);
  const unread = UNREAD[letter];
  if (unread) {
    const [bytes, what] = unread;
    return {
      name,
      bytes: Math.ceil(repeat * bytes),
      fault: `${what} (TFORM ${form}) are not read`,
    };
  }
  try {
    return placeColumn(cards, number, 0, place);
  } catch {
    // Most readers ignore a TDIM that does not fit.
    const rest = cards.filter(({ keyword, fault }) =>
      keyword !== `TDIM${number}` && (fault === undefined || !OPTIONAL.test(keyword))
    );
    return placeWithout(rest, { name, number, place, letter, repeat });
  }
}

/** Cards whose faults do not move a column. */
const OPTIONAL = /^(TTYPE|TUNIT)\d+$/;

interface Asked {
  readonly name: string;
  readonly number: number;
  readonly place: string;
  readonly letter: string;
  readonly repeat: number;
}

function placeWithout(cards: readonly HeaderCard[], asked: Asked): PlacedColumn | Unread {
  try {
    return placeColumn(cards, asked.number, 0, asked.place);
  } catch (error) {
    const fault = (error as Error).message.replace("Cannot read FITS: ", "");
    const size = ELEMENT_BYTES[asked.letter];
    return { name: asked.name, bytes: size === undefined ? NaN : size * asked.repeat, fault };
  }
}

const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  L: 1,
  A: 1,
  B: 1,
  I: 2,
  J: 4,
  K: 8,
  E: 4,
  D: 8,
};

function openColumn(
  column: PlacedColumn,
  rows: TableRows,
  about: ColumnText,
): OpenedColumn {
  const { name, repeat, format } = column;
  const isText = format.letter === "A";
  const texts = () =>
    isText ? eachText(column, rows) : Array.from(readRaw(column, rows, 1), String);
  const numbers = () => {
    if (isText) throw new TypeError(`Cannot read column ${name}: it holds text`);
    const raw = readRaw(column, rows, repeat);
    const { nullValue, scaling } = column;
    if (raw instanceof Float64Array && !scaling) return raw;
    const { scale, zero } = scaling ?? { scale: 1, zero: 0 };
    const values = new Float64Array(raw.length);
    for (let i = 0; i < raw.length; i++) {
      const value = raw[i]!;
      values[i] = value === null || value === nullValue ? NaN : Number(value) * scale + zero;
    }
    return values;
  };
  return { name, ...about, width: repeat, isText, fault: "", numbers, texts };
}

type Raw = Exclude<ColumnData, readonly string[]>;

/** The first `taken` values of every row, as they are stored but for the zero of unsigned numbers. */
function readRaw(
  { format, repeat, offset }: PlacedColumn,
  { bytes, rowBytes, count }: TableRows,
  taken: number,
): Raw {
  const width = Math.min(taken, repeat);
  const values = format.create(count * width) as Raw;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let row = 0, i = 0; row < count; row++) {
    let at = row * rowBytes + offset;
    for (let index = 0; index < width; index++, i++, at += format.bytes) {
      if (format.letter === "L") (values as (boolean | null)[])[i] = toLogical(bytes[at]!);
      else format.get(view, at, values, i);
    }
  }
  return values;
}

/** T as true, F as false, and any other byte as missing. */
const toLogical = (byte: number): boolean | null =>
  byte === 0x54 ? true : byte === 0x46 ? false : null;

/** Text of any bytes: what is not ASCII is taken as Latin-1. */
function* eachText(
  { format: { bytes: width }, offset }: PlacedColumn,
  { bytes, rowBytes, count }: TableRows,
): Generator<string, void, void> {
  const decoder = new TextDecoder("latin1");
  for (let row = 0; row < count; row++) {
    const start = row * rowBytes + offset;
    const field = bytes.subarray(start, start + width);
    const end = field.indexOf(0);
    yield decoder.decode(end < 0 ? field : field.subarray(0, end)).trimEnd();
  }
}
