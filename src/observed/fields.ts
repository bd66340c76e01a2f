/** Cuts lines into fields: at commas, tabs, semicolons, bars or blanks, or at fixed columns. */

/** A character that separates fields; " " stands for any number of blanks and tabs. */
export type Separator = "," | "\t" | ";" | "|" | " ";

/** Separators of one character, in the order in which they are tried. */
export const SEPARATORS: readonly Separator[] = [",", "\t", ";", "|"];

/** The separator that stands for any number of blanks and tabs. */
export const BLANKS = " ";

/** The fields of a line, without blanks around them and without quotes. */
export function splitFields(line: string, separator: Separator): string[] {
  if (separator === BLANKS) return splitBlanks(line);
  if (!line.includes('"')) return line.split(separator).map(trim);
  return splitQuoted(line, separator);
}

/** Whether a quote that opens a field is still open at the end of the line. */
export function isOpen(line: string, separator: Separator): boolean {
  if (separator === BLANKS || !line.includes('"')) return false;
  return scanQuoted(line, separator, () => {});
}

const trim = (text: string): string => text.trim();

/** Fields in double or single quotes; a quote counts only at the beginning of a field. */
const QUOTED_FIELDS = /"[^"\\]*(?:(?:\\.|"")[^"\\]*)*"(?=\s|$)|(?<!\S)'[^']*'(?=\s|$)|\S+/g;

function splitBlanks(line: string): string[] {
  if (!/["']/.test(line)) {
    const trimmed = line.trim();
    return trimmed === "" ? [] : trimmed.split(/\s+/);
  }
  return (line.match(QUOTED_FIELDS) ?? []).map(unquote);
}

/** The text between quotes, in which astropy doubles a quote and TOPCAT puts a backslash before it. */
function unquote(field: string): string {
  if (/^'[^']*'$/.test(field)) return field.slice(1, -1);
  if (!/^".*"$/s.test(field)) return field;
  return field.slice(1, -1).replace(/""|\\(["'#\\])/g, (_, escaped) => escaped ?? '"');
}

function splitQuoted(line: string, separator: Separator): string[] {
  const fields: string[] = [];
  scanQuoted(line, separator, (field) => fields.push(field));
  return fields;
}

/**
 * Goes through the fields of a line as RFC 4180 defines them; a quote counts only at the beginning
 * of a field.
 *
 * @returns Whether the last field's quote is open
 */
function scanQuoted(line: string, separator: Separator, take: (field: string) => void): boolean {
  let at = 0;
  while (true) {
    let start = at;
    while (start < line.length && line[start] === " ") start++;
    if (line[start] !== '"') {
      const end = line.indexOf(separator, at);
      take(line.slice(at, end < 0 ? undefined : end).trim());
      if (end < 0) return false;
      at = end + 1;
      continue;
    }
    let text = "";
    let from = start + 1;
    let close = line.indexOf('"', from);
    while (close >= 0 && line[close + 1] === '"') {
      text += line.slice(from, close + 1);
      from = close + 2;
      close = line.indexOf('"', from);
    }
    if (close < 0) {
      take(text + line.slice(from));
      return true;
    }
    text += line.slice(from, close);
    const end = line.indexOf(separator, close + 1);
    take(text + line.slice(close + 1, end < 0 ? undefined : end).trim());
    if (end < 0) return false;
    at = end + 1;
  }
}

/** A field at fixed columns: its first character, and the character after its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The fields of a line at fixed columns, without blanks around them. */
export function cutFields(line: string, spans: readonly Span[]): string[] {
  return spans.map(({ start, end }) => line.slice(start, end).trim());
}
