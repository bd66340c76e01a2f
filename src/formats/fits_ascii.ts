/**
 * Columns of ASCII tables (FITS standard 4.0, section 7.2), in which every number is text at its
 * place in the row: what VizieR writes for many of its tables.
 */
import type { HeaderCard } from "./fits_header.ts";
import { headerValue } from "./fits_header.ts";
import type { ColumnText, OddityReport, OpenedColumn, TableRows } from "./fits_opened.ts";
import { describeColumn, doubtfulName, numberCard, unreadColumn } from "./fits_opened.ts";
import { textValue } from "./fits_scan.ts";

/** Where a field lies and how its text becomes a number. */
interface Field {
  readonly name: string;
  readonly letter: string;
  /** First byte in the row. */
  readonly start: number;
  readonly width: number;
  /** Digits after the implied decimal point of a text that has no point. */
  readonly decimals: number;
  readonly scale: number;
  readonly zero: number;
  readonly nullText: string | undefined;
}

const FORM = /^([AIFED])(\d{1,5})(?:\.(\d{1,5}))?$/;

/** A number; the E of an exponent may be a D or, before a sign, be left out. */
const NUMBER = /^([+-]?)(\d*)(?:(\.)(\d*))?(?:[ED]?([+-]\d+)|[ED](\d+))?$/i;

/**
 * The columns of an ASCII table. A blank field is read as missing: the FITS standard does not
 * define it, and VizieR writes missing values that way.
 */
export function openAsciiColumns(rows: TableRows, fields: number): OpenedColumn[] {
  return Array.from({ length: fields }, (_, i) => {
    const about = describeColumn(rows.cards, i + 1);
    const name = textValue(rows.cards, `TTYPE${i + 1}`) || `column ${i + 1}`;
    const doubt = doubtfulName(rows.cards, i + 1);
    if (doubt !== "") return unreadColumn(name, about, doubt);
    try {
      const field = readField(rows.cards, i + 1, rows.rowBytes, name);
      return openField(field, rows, about);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return unreadColumn(name, about, error.message.replace("Cannot read FITS: ", ""));
    }
  });
}

function readField(
  cards: readonly HeaderCard[],
  number: number,
  rowBytes: number,
  name: string,
): Field {
  const text = headerValue(cards, `TFORM${number}`);
  const form = FORM.exec(typeof text === "string" ? text.trim() : "");
  if (!form) {
    const found = text === undefined ? "missing" : `"${text}"`;
    throw new SyntaxError(`TFORM${number} is ${found}, Aw, Iw, Fw.d, Ew.d or Dw.d is needed`);
  }
  const start = numberCard(cards, `TBCOL${number}`, NaN) - 1;
  const width = Number(form[2]);
  if (!(start >= 0 && Number.isInteger(start) && start + width <= rowBytes)) {
    throw new SyntaxError(
      `TBCOL${number} is ${start + 1} and TFORM${number} ${form[0]}, a row has ${rowBytes} bytes`,
    );
  }
  const nullText = headerValue(cards, `TNULL${number}`);
  return {
    name,
    letter: form[1]!,
    start,
    width,
    decimals: form[1] === "I" ? 0 : Number(form[3] ?? 0),
    scale: numberCard(cards, `TSCAL${number}`, 1),
    zero: numberCard(cards, `TZERO${number}`, 0),
    nullText: nullText === undefined || nullText === null ? undefined : String(nullText).trim(),
  };
}

function openField(
  field: Field,
  { bytes, rowBytes, count }: TableRows,
  about: ColumnText,
): OpenedColumn {
  const { name, letter, start, width } = field;
  const decoder = new TextDecoder("latin1");
  const textAt = (row: number) => {
    const at = row * rowBytes + start;
    return decoder.decode(bytes.subarray(at, at + width)).replaceAll("\0", " ");
  };
  const isText = letter === "A";
  const numbers = (report?: OddityReport) => {
    if (isText) throw new TypeError(`Cannot read column ${name}: it holds text`);
    const values = new Float64Array(count);
    for (let row = 0; row < count; row++) {
      values[row] = parseField(textAt(row), field, row, report);
    }
    return values;
  };
  const texts = function* () {
    for (let row = 0; row < count; row++) yield isText ? textAt(row).trimEnd() : textAt(row).trim();
  };
  return { name, ...about, width: 1, isText, fault: "", numbers, texts };
}

function parseField(padded: string, field: Field, row: number, report?: OddityReport): number {
  const text = padded.trim();
  if (text === "" || text === field.nullText || /^[+-]?nan$/i.test(text)) return NaN;
  const match = NUMBER.exec(text);
  const [, sign = "", whole = "", point, fraction = "", signed, unsigned] = match ?? [];
  if (!match || whole + fraction === "") {
    report?.(row, text, "it is not a number");
    return NaN;
  }
  if (point === undefined && field.decimals > 0 && Number(whole) !== 0 && signed === undefined) {
    const implied = Number(`${sign}${whole}e-${field.decimals}`);
    report?.(row, text, `without a point it means ${implied} in FITS but ${text} to most readers`);
    return NaN;
  }
  const number = Number(`${sign}${whole || "0"}.${fraction || "0"}e${signed ?? unsigned ?? "0"}`);
  return number * field.scale + field.zero;
}
