/** Lines between a table's names and its rows: units, dashes, numbers of columns, types, names. */
import { isNumber, MISSING } from "./numbers.ts";
import { looksLikeUnit } from "./units.ts";

/** The kind of a line that is not a row; "" if the line may be a row. */
export type AuxKind = "" | "dashes" | "units" | "numbers of columns" | "types" | "names again";

/**
 * A line of dashes. The pattern names only the first two dashes one by one, so that a line of a
 * million dashes can match in one way only.
 */
const DASHES = /^[|+\s:;,]*[-=_~*]{2}[-=_~*+|\s:.;,]*$/;
const TYPE =
  /^(\d*[SNM]|[AIFEDX]\d+(\.\d+)?|(u?int|float|double|real|char|string|str|text|date|bool(ean)?|long|short|object|varchar|integer)(\(?\d*\)?)?)$/i;
const NO_UNIT = /^(-+|none|null|unitless|dimensionless|n\/a|str|string|text|char|\.+|1)?$/i;

/** Whether a line has only dashes and characters that separate columns. */
export function isDashes(line: string): boolean {
  return DASHES.test(line.trim()) && /[-=_~*]{2}/.test(line);
}

/** The kind of a line whose fields cannot be a row, whatever follows; "" if they may be one. */
export function auxKind(fields: readonly string[], names: readonly string[] | null): AuxKind {
  const some = fields.filter((field) => field !== "");
  if (some.length === 0) return "";
  if (some.some((field) => /[-=_~]{3}/.test(field)) && some.every((f) => /^[-=_~*+:.]+$/.test(f))) {
    return "dashes";
  }
  if (names && fields.length === names.length && fields.every((f, i) => f === names[i])) {
    return "names again";
  }
  if (fields.every((field, i) => field === `(${i + 1})` || field === `[${i + 1}]`)) {
    return "numbers of columns";
  }
  if (fields.length > 3 && fields.every((field, i) => field === String(i + 1))) {
    return "numbers of columns";
  }
  if (some.length > 1 && some.every((field) => TYPE.test(field))) return "types";
  return areUnits(fields) ? "units" : "";
}

/** Whether every field is a unit or empty, and at least one is certainly a unit. */
function areUnits(fields: readonly string[]): boolean {
  let sure = 0;
  for (const field of fields) {
    const inner = /^[[(](.*)[\])]$/.exec(field)?.[1];
    const bare = inner ?? field;
    if (NO_UNIT.test(bare) || MISSING.test(bare)) continue;
    if (isNumber(bare) || !looksLikeUnit(bare)) return false;
    if (inner !== undefined || bare.length > 1) sure++;
  }
  return sure > 0;
}

/**
 * Whether a line under the names has words in all columns that hold numbers below: it is not a
 * cluster, whatever the words mean.
 *
 * @param fields Fields of the line
 * @param below Fields of the lines that follow
 */
export function isAboveNumbers(
  fields: readonly string[],
  below: readonly (readonly string[])[],
): boolean {
  const numeric = fields.map((_, i) => {
    const known = below.map((row) => row[i] ?? "").filter((text) => !MISSING.test(text));
    return known.length > 0 && known.every(isNumber);
  });
  const columns = fields.filter((_, i) => numeric[i]);
  return columns.length > 1 && columns.every((field) => !isNumber(field)) &&
    columns.some((field) => field !== "" && !MISSING.test(field));
}
