/**
 * Columns of FITS binary tables: what TFORM, TDIM, TSCAL, TZERO and TNULL say about the bytes of a
 * row (FITS standard 4.0, section 7.3).
 */
import type { ColumnData, ElementFormat } from "./fits_elements.ts";
import { FORMATS, KINDS, textFormat } from "./fits_elements.ts";
import type { HeaderCard, HeaderValue } from "./fits_header.ts";
import { headerValue } from "./fits_header.ts";
import { sizeOf } from "../numerics/arrays.ts";

/** One column of a table. */
export interface FitsColumn {
  /** The column's name (TTYPE): printable ASCII; letters, digits and "_" suit every reader. */
  readonly name: string;
  /** The column's unit (TUNIT). */
  readonly unit?: string;
  /** Shape of one row's values, row-major; [] for one value per row, [7] for a vector. */
  readonly shape: readonly number[];
  /** Values of all rows, [count x shape]. */
  readonly data: ColumnData;
  /** The whole number that stands for "no value" (TNULL); it is left in `data`. */
  readonly nullValue?: number | bigint;
}

/** A column whose place in the row is known. */
export interface PlacedColumn extends Omit<FitsColumn, "data"> {
  readonly format: ElementFormat;
  /** Elements per row, the product of `shape`. */
  readonly repeat: number;
  /** First byte of the column within a row. */
  readonly offset: number;
  /** TSCAL and TZERO, if they differ from what the format implies. */
  readonly scaling?: { readonly scale: number; readonly zero: number };
}

/**
 * What a table's header says about its column `number` (from 1).
 *
 * @param header The table's cards
 * @param number The column's number
 * @param offset The column's first byte in a row
 * @param place What the table is called in messages
 * @throws {SyntaxError} If a keyword is missing, cannot be read or is of a kind not supported
 */
export function placeColumn(
  header: readonly HeaderCard[],
  number: number,
  offset: number,
  place: string,
): PlacedColumn {
  const value = (keyword: string) => headerValue(header, `${keyword}${number}`);
  const fail = (keyword: string, expected: string): never => {
    const found = value(keyword);
    const text = found === undefined ? "missing" : `"${found}"`;
    throw new SyntaxError(
      `Cannot read FITS: ${keyword}${number} of ${place} is ${text}, ${expected}`,
    );
  };
  const text = (keyword: string): string | undefined => {
    const found = value(keyword);
    if (found === undefined || typeof found === "string") return found;
    return fail(keyword, "a string is needed");
  };
  const form = /^(\d{0,15})([A-Z])(\d{0,15})$/.exec(text("TFORM")?.trim() ?? "") ??
    fail("TFORM", "a count and one of L, B, I, J, K, E, D, A is needed");
  const count = form[1] === "" ? 1 : Number(form[1]);
  const letter = form[2]!;
  const dimensions = parseDimensions(text("TDIM")) ?? fail("TDIM", "(n,m,...) is needed");
  const name = text("TTYPE")?.trim() || `column ${number}`;
  const unit = text("TUNIT")?.trim();
  const base = { name, offset, ...(unit ? { unit } : {}) };
  if (letter === "A") {
    const width = dimensions[0] ?? (form[3] ? Number(form[3]) : count);
    // Text of width 0 takes no bytes, so nothing in the file bounds how many there are: only one.
    const strings = width === 0 ? 1 : count / width;
    const shape = dimensions.length > 0 && width > 0
      ? dimensions.slice(1).toReversed()
      : strings === 1
      ? []
      : [strings];
    if (sizeOf(shape) * width !== count) {
      fail("TFORM", `${width} characters by [${shape.join(" x ")}] are needed`);
    }
    return { ...base, shape, repeat: sizeOf(shape), format: textFormat(width) };
  }
  const kinds = KINDS[letter] ??
    fail("TFORM", "one of L, B, I, J, K, E, D, A is needed; X, C, M, P and Q are not supported");
  const shape = dimensions.length > 0 ? dimensions.toReversed() : count === 1 ? [] : [count];
  if (sizeOf(shape) !== count) fail("TDIM", `a product of ${count}, as TFORM has it, is needed`);
  const scale = value("TSCAL") ?? 1;
  const zero = value("TZERO") ?? 0;
  if (typeof scale !== "number") fail("TSCAL", "a number is needed");
  if (typeof zero !== "number" && typeof zero !== "bigint") fail("TZERO", "a number is needed");
  const kind = scale === 1
    ? kinds.find((name) => Number(FORMATS[name]!.zero) === Number(zero))
    : undefined;
  const nullValue = nullOf(value("TNULL"), FORMATS[kind ?? kinds[0]!]!);
  return {
    ...base,
    shape,
    repeat: count,
    format: FORMATS[kind ?? kinds[0]!]!,
    ...(kind ? {} : { scaling: { scale: scale as number, zero: Number(zero) } }),
    ...(nullValue === undefined ? {} : { nullValue }),
  };
}

function nullOf(
  stored: HeaderValue | undefined,
  format: ElementFormat,
): number | bigint | undefined {
  if (typeof stored !== "number" && typeof stored !== "bigint") return undefined;
  return format.letter === "K" ? BigInt(stored) + BigInt(format.zero) : Number(stored) +
    Number(format.zero);
}

/** "(2,3)" as [2, 3], nothing as []; undefined if it is neither. */
function parseDimensions(text: string | undefined): number[] | undefined {
  if (text === undefined) return [];
  const inner = /^\(\s*(\d{1,15}(?:\s*,\s*\d{1,15})*)\s*\)$/.exec(text.trim())?.[1];
  return inner?.split(",").map(Number);
}
