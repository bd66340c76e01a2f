/**
 * What the readers of binary and ASCII tables share: a column that is decoded when it is asked for,
 * the rows it lies in, and what a header says about it beyond its layout.
 */
import type { HeaderCard } from "./fits_header.ts";
import { headerValue } from "./fits_header.ts";
import { textValue } from "./fits_scan.ts";

/** Called for each text in the place of a number, with the row from 0, the text and the fault. */
export type OddityReport = (row: number, text: string, problem: string) => void;

/** A column whose values are decoded when they are asked for. */
export interface OpenedColumn {
  /** The column's name (TTYPE); "column 3" if it has none. */
  readonly name: string;
  /** The column's unit (TUNIT); "" if it has none. */
  readonly unit: string;
  /** The column's UCD (TUCD), which names its quantity; "" if it has none. */
  readonly ucd: string;
  /** The column's description (TCOMM, or the comment of TTYPE); "" if it has none. */
  readonly description: string;
  /** Values per row. */
  readonly width: number;
  /** Whether the column holds text. */
  readonly isText: boolean;
  /** Why the column cannot be read; "" if it can. */
  readonly fault: string;
  /**
   * All values, row-major, with NaN where there is none. Columns of text have none.
   *
   * @param report Called for every text in the place of a number; the value becomes NaN
   */
  numbers(report?: OddityReport): Float64Array;
  /** The values as text, one by one; for a vector, its first value. */
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

/** The unit, UCD and description that a header gives for a column. */
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

/** Why a column's name is uncertain: it is given two different ones. "" if it has one or none. */
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

/** A number that a header gives for a column, or the default if there is no such card. */
export function numberCard(
  cards: readonly HeaderCard[],
  keyword: string,
  fallback: number,
): number {
  const value = headerValue(cards, keyword) ?? fallback;
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  throw new SyntaxError(`${keyword} is ${value}, a number is needed`);
}
