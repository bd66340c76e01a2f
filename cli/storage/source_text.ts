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
  const lines = text.split(/\r\n?|\n/);
  const start = lines.findIndex((line) => hasContent(line) && !COMMENT.test(line));
  if (start < 0) {
    const found = lines.some(hasContent) ? "the file has comments only" : "the file is empty";
    throw new SyntaxError(`Cannot read catalog: ${found}, a line of names and rows are needed`);
  }
  const comments = lines.slice(0, start).filter(hasContent).map((line) =>
    line.replace(COMMENT, "")
  );
  const isCommented = comments.length > 0;
  const rest = lines.slice(start);
  const separator = chooseSeparator(rest.filter(hasContent), isCommented);
  if (separator !== BLANKS && !isCommented) return parse(text, { separator });
  // A line of tabs is a row without a value where tabs part the fields.
  const table = rest.filter((line) =>
    !COMMENT.test(line) && (separator === "\t" || hasContent(line))
  );
  const names = findNames(comments, split(table[0]!, separator), separator);
  const rows = separator === BLANKS
    ? table.map((line) => split(line, separator))
    : parse(table.join("\n"), { separator });
  return names === null ? rows : [names, ...rows];
}

/**
 * What parts every line into as many fields, tried from what the first line has most of: an ASCII table
 * may have commas in its names. Where lines are unequal it is what the first line has most of.
 */
function chooseSeparator(lines: readonly string[], isCommented: boolean): Separator {
  const count = (line: string, separator: Separator) => split(line, separator).length;
  const first = lines[0]!;
  const most = SEPARATORS.reduce((best, other) =>
    count(first, other) > count(first, best) ? other : best
  );
  const table = lines.filter((line) => !COMMENT.test(line));
  const candidates: readonly Separator[] = [most, ...SEPARATORS, BLANKS];
  const even = candidates.find((separator) =>
    count(first, separator) > 1 &&
    table.every((line) => count(line, separator) === count(first, separator))
  );
  if (even !== undefined) return even;
  if (count(first, most) > 1) return most;
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
  // An empty field is a missing number; the first of several may be what pandas calls row numbers.
  if (names && (isRow || first.includes("", 1) || first.at(-1) === "")) return names;
  if (!isRow) return null;
  if (comments.length === 0) {
    throw new SyntaxError("Cannot read catalog: its first line has numbers, names are needed");
  }
  throw new SyntaxError(
    `Cannot read catalog: row 1 has ${first.length} fields, the last line with # above it has ` +
      `${split(comments.at(-1)!, separator).length} names, these should be as many`,
  );
}

const hasContent = (line: string): boolean => line.trim() !== "";

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
