/**
 * The text of somebody's table of clusters as rows of fields, the names of the columns first: CSV, the
 * same with tabs or semicolons, and plain ASCII tables, whose fields stand between blanks and whose
 * names may stand in a comment line (astropy, TOPCAT and `numpy.savetxt` write such).
 *
 * @module
 */
import { parse } from "@std/csv/parse";

/** A number as tables of text have it; what is none is text or missing. */
export const DECIMAL: RegExp = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** What stands for a missing number, and names no column. */
const MISSING = /^([+-]?(nan|inf)|-+|null)$/i;

/** The beginning of a comment line. */
const COMMENT = /^\s*#+ */;

const SEPARATORS = [",", "\t", ";"] as const;

/** Any number of blanks and tabs between two fields. */
const BLANKS = " ";

type Separator = typeof SEPARATORS[number] | typeof BLANKS;

/**
 * The rows of a text, that of the names first.
 *
 * Lines that begin with # are comments, unless a comma, tab or semicolon separated file has none above
 * its first row: it is CSV (RFC 4180), in which such a line is a row like others.
 *
 * @throws {SyntaxError} If nothing is in it but comments, or no line can be that of the names
 */
export function readRows(text: string): string[][] {
  const lines = text.split(/\r\n?|\n/).filter((line) => line.trim() !== "");
  const start = lines.findIndex((line) => !COMMENT.test(line));
  if (start < 0) {
    const found = lines.length === 0 ? "the file is empty" : "the file has comments only";
    throw new SyntaxError(`Cannot read catalog: ${found}, a line of names and rows are needed`);
  }
  const comments = lines.slice(0, start).map((line) => line.replace(COMMENT, ""));
  const rest = lines.slice(start);
  const separator = chooseSeparator(rest, comments.length > 0);
  if (separator !== BLANKS && comments.length === 0) return parse(text, { separator });
  const table = rest.filter((line) => !COMMENT.test(line));
  const names = findNames(comments, split(table[0]!, separator), separator);
  const rows = separator === BLANKS
    ? table.map((line) => split(line, separator))
    : parse(table.join("\n"), { separator });
  return names === null ? rows : [names, ...rows];
}

/**
 * Commas, tabs or semicolons, whichever the first line has most of; blanks if it has none of them, or
 * if only blanks part every line into as many fields, as in an ASCII table with commas in its names.
 */
function chooseSeparator(lines: readonly string[], isCommented: boolean): Separator {
  const count = (line: string, separator: Separator) => split(line, separator).length;
  const first = lines[0]!;
  const most = SEPARATORS.reduce((best, other) =>
    count(first, other) > count(first, best) ? other : best
  );
  const table = lines.filter((line) => !isCommented || !COMMENT.test(line));
  const isEven = (separator: Separator) =>
    count(first, separator) > 1 &&
    table.every((line) => count(line, separator) === count(first, separator));
  if (count(first, most) > 1) return !isEven(most) && isEven(BLANKS) ? BLANKS : most;
  // Below comments the first line may be a row or the names; elsewhere it is the names.
  const isWords = (line: string) => count(line, BLANKS) > 1;
  const hasWords = isCommented
    ? table.some(isWords)
    : isWords(first) && table.slice(1).some(isWords);
  return hasWords ? BLANKS : most;
}

/**
 * The names in the comments above a table: the last line with one for each field.
 *
 * @param first The first line below the comments
 * @returns `null` if that line is itself the one of the names
 */
function findNames(
  comments: readonly string[],
  first: readonly string[],
  separator: Separator,
): string[] | null {
  // Blanks too: numpy.savetxt puts its header above columns with any separator.
  const named = (between: Separator) =>
    comments.map((line) => split(line, between)).findLast(({ length }) => length === first.length);
  const names = named(separator) ?? named(BLANKS);
  const isRow = first.some((field) => DECIMAL.test(field) || MISSING.test(field));
  // An empty field is a missing number; the first may be what pandas calls its row numbers.
  if (names && (isRow || first.slice(1).includes(""))) return names;
  if (!isRow) return null;
  if (comments.length === 0) {
    throw new SyntaxError("Cannot read catalog: its first line has numbers, names are needed");
  }
  throw new SyntaxError(
    `Cannot read catalog: row 1 has ${first.length} fields, the last line with # above it has ` +
      `${split(comments.at(-1)!, separator).length} names, these should be as many`,
  );
}

/** The fields of a line, without quotes. */
function split(line: string, separator: Separator): string[] {
  if (separator === BLANKS) {
    return (line.match(/"[^"\\]*(?:(?:\\.|"")[^"\\]*)*"(?=\s|$)|\S+/g) ?? []).map(unquote);
  }
  const field = new RegExp(`${separator}([^"${separator}]*(?:"[^"]*"[^"${separator}]*)*)`, "g");
  return Array.from((separator + line).matchAll(field), (match) => unquote(match[1]!.trim()));
}

/** The text between quotes, in which astropy doubles a quote and TOPCAT puts a backslash before it. */
function unquote(field: string): string {
  if (!/^".*"$/.test(field)) return field;
  return field.slice(1, -1).replace(/""|\\(["'#\\])/g, (_, escaped) => escaped ?? '"');
}
