/**
 * Collects one column of a text table: its numbers, the number of its texts that are not numbers,
 * and whether its commas are decimal ones. The texts themselves are not kept.
 */
import { GrowingColumn } from "./growing_column.ts";
import { copyText } from "./labels.ts";
import {
  fromComma,
  isCertainComma,
  isComma,
  isEither,
  MISSING,
  toInfinity,
  toNumber,
} from "./numbers.ts";
import type { Oddities } from "./source_table.ts";

/** A number with a comma whose meaning is not known. */
interface Example {
  readonly row: number;
  readonly text: string;
}

/** One column while its rows are read. */
export class TextColumn {
  readonly #values = new GrowingColumn();
  #rows = 0;
  #numbers = 0;
  #odd = 0;
  #firstOdd: Example | null = null;
  /** Numbers with commas, by the two meanings of a comma. */
  readonly #commas = { decimal: new GrowingColumn(), grouped: new GrowingColumn() };
  #firstComma: Example | null = null;
  #hasCertain = false;
  #hasGrouped = false;
  #hasPoint = false;
  readonly #isSentinel: (text: string, value: number) => boolean;

  constructor(isSentinel: (text: string, value: number) => boolean) {
    this.#isSentinel = isSentinel;
  }

  /** Whether one of its numbers has a comma that is certainly decimal. */
  get hasDecimalComma(): boolean {
    return this.#hasCertain;
  }

  /** Whether there are numbers in the column. */
  get hasNumbers(): boolean {
    return this.#numbers > 0;
  }

  /** Whether a number of the column has a decimal point. */
  get hasPoint(): boolean {
    return this.#hasPoint;
  }

  /** Takes the next row's text, without blanks around it. */
  add(text: string): void {
    const row = this.#rows++;
    const value = toNumber(text);
    if (!Number.isNaN(value)) {
      if (this.#isSentinel(text, value)) return;
      this.#hasPoint ||= text.includes(".");
      this.#set(row, value);
    } else if (text.includes(",") && isComma(text)) this.#addComma(row, text);
    else if (!Number.isNaN(toInfinity(text))) {
      if (!this.#isSentinel(text, toInfinity(text))) this.#set(row, toInfinity(text));
    } else if (!MISSING.test(text) && !this.#isSentinel(text, NaN)) {
      this.#odd++;
      this.#firstOdd ??= { row, text: copyText(text) };
    }
  }

  /**
   * The column's values; `null` if it holds no number.
   *
   * @param isDecimal Whether commas are decimal points in this file
   */
  finish(isDecimal: boolean): {
    readonly values: Float64Array | null;
    readonly fault: string;
    readonly oddities: Oddities | null;
  } {
    let fault = "";
    if (this.#firstComma) {
      const { row, text } = this.#firstComma;
      const { decimal, grouped } = this.#commas;
      const place = `row ${row + 1} has ${JSON.stringify(text)}`;
      if (isDecimal && !this.#hasGrouped) {
        this.#take(decimal);
      } else if (this.#hasGrouped && !this.#hasCertain) {
        this.#take(grouped);
      } else {
        fault = `${place}, whose comma may be a decimal point or stand between thousands; ` +
          `write ${fromComma(text)} or ${text.replaceAll(",", "")}`;
      }
    }
    const first = this.#firstOdd;
    const oddities = this.#odd === 0 || !first ? null : {
      count: this.#odd,
      row: first.row + 1,
      text: first.text,
      problem: "it is not a number",
    };
    const isNumeric = this.#numbers > 0 && fault === "";
    const values = isNumeric ? this.#values.take(this.#rows) : null;
    return { values, fault, oddities: isNumeric ? oddities : null };
  }

  #addComma(row: number, text: string): void {
    const isGrouped = /,\d{3},|,\d{3}\./.test(text);
    this.#firstComma ??= { row, text: copyText(text) };
    this.#hasGrouped ||= isGrouped;
    if (!isEither(text) && !isGrouped) this.#hasCertain ||= isCertainComma(text);
    this.#commas.decimal.set(row, fromComma(text));
    this.#commas.grouped.set(row, toNumber(text.replaceAll(",", "")));
  }

  /** Adds the numbers with commas in the meaning that was chosen. */
  #take(column: GrowingColumn): void {
    for (const [row, value] of column.take(this.#rows).entries()) {
      if (!Number.isNaN(value)) this.#set(row, value);
    }
  }

  #set(row: number, value: number): void {
    this.#values.set(row, value);
    if (Number.isFinite(value)) this.#numbers++;
  }
}
