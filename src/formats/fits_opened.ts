/**
 * What the readers of binary and ASCII tables share: a column that is decoded when it is asked for, the
 * rows it lies in, and what a header says about it beyond its layout.
 *
 * @module
 */
import type { HeaderCard } from "./fits_header.ts";
import { headerValue } from "./fits_header.ts";
import { textValue } from "./fits_scan.ts";

/** Told of a text where a number should be: the row from 0, the text, and what is wrong with it. */
export type OddityReport = (row: number, text: string, problem: string) => void;

/** A column whose values are decoded when they are asked for. */
export interface OpenedColumn {
  /** TTYPE; "column 3" if it has none. */
  readonly name: string;
  /** TUNIT; "" if it has none. */
  readonly unit: string;
  /** TUCD; "" if there is none. */
  readonly ucd: string;
  /** TCOMM, or the comment of TTYPE; "" if there is none. */
  readonly description: string;
  /** Values per row. */
  readonly width: number;
  /** Whether the column holds text. */
  readonly isText: boolean;
  /** Why the column cannot be read; "" if it can. */
  readonly fault: string;
  /**
   * Row-major values, NaN where there is none. Not of text.
   *
   * @param report Told of every text in the place of a number, which becomes NaN
   */
  numbers(report?: OddityReport): Float64Array;
  /** The values as text, one by one; of a vector, its first one. */
  texts(): Iterable<string>;
}

/** The rows of a table and the header that describes them. */
export interface TableRows {
  readonly cards: readonly HeaderCard[];
  readonly place: string;
  readonly bytes: Uint8Array;
  readonly rowBytes: number;
  readonly count: number;
}

/** Unit, meaning and description of a column. */
export type ColumnText = Pick<OpenedColumn, "unit" | "ucd" | "description">;

/** What a header says about a column beyond its layout. */
export function describeColumn(
  cards: readonly HeaderCard[],
  number: number,
): ColumnText {
  const comment = cards.find(({ keyword }) => keyword === `TTYPE${number}`)?.comment ?? "";
  return {
    unit: textValue(cards, `TUNIT${number}`) ?? "",
    ucd: textValue(cards, `TUCD${number}`) ?? textValue(cards, `TBUCD${number}`) ?? "",
    description: textValue(cards, `TCOMM${number}`) ?? textValue(cards, `TDESC${number}`) ??
      comment,
  };
}

/** Why a column cannot be told by its name, as it is given two; "" if it is given one or none. */
export function doubtfulName(cards: readonly HeaderCard[], number: number): string {
  const fault = cards.find(({ keyword }) => keyword === `TTYPE${number}`)?.fault ?? "";
  return fault.includes("is given twice") ? fault.replace("Cannot read FITS: ", "") : "";
}

/** A column whose values are refused with the reason. */
export function unreadColumn(
  name: string,
  about: ColumnText,
  fault: string,
): OpenedColumn {
  const refuse = () => {
    throw new TypeError(`Cannot read column ${name}: ${fault}`);
  };
  return { name, ...about, width: 1, isText: false, fault, numbers: refuse, texts: refuse };
}

/** A number that a header must hold for a column; the default if there is no such card. */
export function numberCard(
  cards: readonly HeaderCard[],
  keyword: string,
  fallback: number,
): number {
  const value = headerValue(cards, keyword) ?? fallback;
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  throw new SyntaxError(`${keyword} is ${value}, a number is needed`);
}
