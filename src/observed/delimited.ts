/**
 * Tables whose fields are separated by commas, tabs, semicolons, bars or blanks, with the names in
 * a line above the rows or in a comment: CSV, TSV, VizieR, HEASARC, astropy, TOPCAT, numpy,
 * spreadsheets.
 */
import { readColumnList, readVizierColumns } from "./column_comments.ts";
import { findErrors } from "./error_fields.ts";
import type { Separator } from "./fields.ts";
import { BLANKS, isOpen, splitFields } from "./fields.ts";
import { layOutFixedWidth, layOutRuled } from "./fixed_width.ts";
import type { Layout, NamedColumn } from "./layout.ts";
import { cleanUnit, hasContent, named } from "./layout.ts";
import type { Lines } from "./lines.ts";
import type { NameSearch } from "./name_lines.ts";
import { findNames, modeOf, quote } from "./name_lines.ts";
import {
  chooseSeparator,
  commentMark,
  isFull,
  readSeparatorLine,
  titlesAbove,
} from "./separator.ts";

/**
 * Finds the names and rows of a table.
 *
 * @throws {SyntaxError} If the text holds comments only, or no line can be the line of names
 */
export function layOutDelimited(lines: Lines): Layout {
  const given = readSeparatorLine(lines.head[0] ?? "");
  const all = lines.head.map((text, at) => ({ text, at })).slice(given === null ? 0 : 1);
  const mark = commentMark(all.map(({ text }) => text));
  const isComment = (line: string) => mark.test(line);
  const start = all.findIndex(({ text }) => hasContent(text) && !isComment(text));
  if (start < 0) {
    const found = all.some(({ text }) => hasContent(text))
      ? "the file has comments only"
      : "the file is empty";
    throw new SyntaxError(`Cannot read catalog: ${found}, a line of names and rows are needed`);
  }
  const comments = all.slice(0, start).filter(({ text }) => hasContent(text))
    .map(({ text }) => ({
      text: text.replace(mark, ""),
      padded: text.replace(mark, (found) => " ".repeat(found.length)),
    }));
  const rest = all.slice(start).filter(({ text }) => hasContent(text));
  const separator = given ??
    chooseSeparator(rest.map(({ text }) => text), comments.length > 0, mark);
  // In CSV a name may begin with #. Such lines are rows if no other line is.
  const isPlain = separator !== BLANKS && comments.length === 0 &&
    rest.slice(1).every(({ text }) => isComment(text));
  const content = isPlain ? rest : rest.filter(({ text }) => !isComment(text));
  const search = { content, comments, separator, isComment: isPlain ? () => false : isComment };
  return findTable(search, lines);
}

/** A bar at the beginning of a line. */
const OUTER_LEFT = /^\s*\|/;
const OUTER_RIGHT = /\|\s*$/;

/** The state of the search for a table's names and rows. */
interface Search extends NameSearch {
  isComment(line: string): boolean;
}

function findTable(search: Search, lines: Lines): Layout {
  const { comments, separator, isComment } = search;
  const titles = titlesAbove(search.content.map(({ text }) => text).filter(isFull), separator);
  const titleLines = search.content.filter(({ text }) => isFull(text)).slice(0, titles);
  const content = titles === 0
    ? search.content
    : search.content.filter(({ at }) => at > titleLines.at(-1)!.at);
  const full = content.map(({ text }) => text).filter(isFull);
  const hasBars = (outer: RegExp) => separator === "|" && full.every((text) => outer.test(text));
  const outer = [OUTER_LEFT, OUTER_RIGHT].filter(hasBars);
  const open = (line: string) => outer.reduce((rest, bar) => rest.replace(bar, ""), line);
  const split = (line: string) => splitFields(open(line), separator);
  const texts = comments.map(({ text }) => text);
  const list = readColumnList(texts, modeOf(content, split));
  if (list) {
    return finish(list, content[0]!.at, search, split, "one line per column above the rows");
  }
  const found = findNames({ ...search, content }, split);
  const { names, header, units, next, skipped } = found;
  const firstRow = content[next]?.at ?? lines.head.length;
  const described = readVizierColumns(texts);
  const columns = names.map((name, i) => {
    const known = described.get(name);
    return named(name, cleanUnit(units[i] ?? ""), known?.ucd, known?.description);
  });
  const notes = [
    ...titleLines.map(({ text }) => `a title above the names: ${quote(text)}`),
    ...skipped,
  ];
  if (separator === BLANKS) {
    const rows = content.slice(next).map(({ text }) => text).filter(isFull);
    const isUneven = rows.some((line) => split(line).length !== names.length);
    const place = { content, header, columns, next, start: firstRow, skipped: notes };
    // A border of dashes gives the places of the columns; blanks may line up by chance.
    const ruled = layOutRuled(place);
    if (ruled) return { ...ruled, rowOf: (line) => isComment(line) ? null : ruled.rowOf(line) };
    if (isUneven) {
      const withErrors = findErrors(columns, rows.map(split));
      if (withErrors) {
        const cut = (line: string) => withErrors.join(split(line));
        return finish(withErrors.columns, firstRow, search, cut, BLANKS, notes);
      }
      const fixed = layOutFixedWidth(place);
      if (fixed) return { ...fixed, rowOf: (line) => isComment(line) ? null : fixed.rowOf(line) };
    }
    if (found.disagreement !== "") {
      throw new SyntaxError(`Cannot read catalog: ${found.disagreement}`);
    }
  }
  const layout = finish(columns, firstRow, search, split, formOf(separator, texts), notes);
  return { ...layout, warnings: found.warnings };
}

const FORM_NAMES: Readonly<Record<Separator, string>> = {
  ",": "CSV, commas between fields",
  "\t": "text, tabs between fields",
  ";": "text, semicolons between fields",
  "|": "text, bars between fields",
  " ": "text, blanks between fields",
};

function formOf(separator: Separator, comments: readonly string[]): string {
  const isVizier = comments.some((line) => /VizieR Astronomical Server|^RESOURCE=/i.test(line));
  return isVizier ? `VizieR's ${FORM_NAMES[separator]}` : FORM_NAMES[separator];
}

function finish(
  columns: readonly NamedColumn[],
  start: number,
  { separator, isComment }: Search,
  split: (line: string) => string[],
  form: string,
  skipped: readonly string[] = [],
): Layout {
  const names = columns.map(({ name }) => name);
  return {
    form: FORM_NAMES[form as Separator] ?? form,
    columns,
    start,
    skipped,
    warnings: [],
    rowOf: (line) => {
      if (isComment(line) || (separator !== "\t" && !hasContent(line))) return null;
      if (line === "" || !isFull(line)) return null;
      if (isOpen(line, separator)) return "open";
      const fields = split(line);
      // A long table may repeat its names on every page.
      return fields.length === names.length && fields[0] === names[0] && fields.length > 1 &&
          fields.every((field, i) => field === names[i])
        ? null
        : fields;
    },
  };
}
