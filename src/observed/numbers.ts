/**
 * Numbers in text tables: plain decimals, Fortran exponents (5.5D+42, 1.0-101), the minus sign
 * U+2212, decimal commas, and the many words for a missing value.
 */

/** A plain number. */
export const DECIMAL: RegExp = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** An exponent after D or Q, or of three digits without a letter. */
const FORTRAN = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))[dq]([+-]?\d+)$|^([+-]?\d*\.\d+)([+-]\d{3})$/i;

/** A number with a decimal comma, or with commas between thousands. */
const COMMA = /^[+-]?(\d{1,3}(,\d{3})+(\.\d*)?|\d*,\d+)(e[+-]?\d+)?$/i;

/** A comma that may be decimal or separate thousands: 1,234. */
const EITHER = /^[+-]?[1-9]\d{0,2},\d{3}$/;

/** A comma that is certainly decimal: 0,1234 or 12,5. */
const CERTAIN = /^[+-]?(\d*,\d{1,2}|\d*,\d{4,}|0+,\d+|\d{4,},\d+|,\d+|\d*,\d+e[+-]?\d+)$/i;

/** Texts that stand for a missing number. */
export const MISSING: RegExp =
  /^([+-]?(nan|inf(inity)?)|[-–—]+|\.{2,3}|…|\*+|\?+|null|none|nul|n\/?a|#n\/a|indef|masked|blank|undef(ined)?|missing|nodata|no data|\\n|~)?$/i;

/** A text that says "infinite", as programs write a number that they could not compute. */
const INFINITE = /^([+-]?)inf(inity)?$/i;

/** The infinity that a text names; NaN if it names none. */
export function toInfinity(text: string): number {
  const match = INFINITE.exec(text.replaceAll("\u2212", "-"));
  return match ? (match[1] === "-" ? -Infinity : Infinity) : NaN;
}

/** The number that a text gives; NaN if it is not a number or has a comma. */
export function toNumber(text: string): number {
  if (DECIMAL.test(text)) return Number(text);
  const plain = text.includes("\u2212") ? text.replaceAll("\u2212", "-") : text;
  if (plain !== text && DECIMAL.test(plain)) return Number(plain);
  const match = FORTRAN.exec(plain);
  return match ? Number(`${match[1] ?? match[3]}e${match[2] ?? match[4]}`) : NaN;
}

/** Whether a text is a number with a decimal comma, for certain or perhaps. */
export function isComma(text: string): boolean {
  return COMMA.test(text.replaceAll("\u2212", "-"));
}

/** Whether a text's comma may be decimal or a separator of thousands. */
export function isEither(text: string): boolean {
  return EITHER.test(text.replaceAll("\u2212", "-"));
}

/** Whether a comma can only be a decimal one. */
export function isCertainComma(text: string): boolean {
  return CERTAIN.test(text.replaceAll("\u2212", "-"));
}

/** The number with its comma as a decimal point. */
export function fromComma(text: string): number {
  return toNumber(text.replace(",", "."));
}

/** Whether a text is a number in any of the forms that are read. */
export function isNumber(text: string): boolean {
  return text !== "" && (!Number.isNaN(toNumber(text)) || isComma(text));
}
