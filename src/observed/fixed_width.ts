/**
 * Tables of fixed width without a description. Columns lie where no row has anything but blanks
 * between them, or where a line of dashes shows them. Names of clusters may contain blanks, and
 * missing values may be blank.
 */
import { isDashes } from "./aux_lines.ts";
import type { Span } from "./fields.ts";
import { cutFields } from "./fields.ts";
import type { Layout, NamedColumn } from "./layout.ts";
import { cleanUnit, hasContent } from "./layout.ts";
import { isNumber } from "./numbers.ts";

/** What is known of a table before its columns are searched. */
export interface FixedSearch {
  /** The lines of the table without comments, with their places in the file. */
  readonly content: readonly { readonly text: string; readonly at: number }[];
  /** The line of the names, with its comment mark replaced by blanks. */
  readonly header: string;
  readonly columns: readonly NamedColumn[];
  /** The first row among the content. */
  readonly next: number;
  /** The first row in the file. */
  readonly start: number;
  readonly skipped: readonly string[];
}

/** Finds the columns below a border of dashes; `null` if no border fits all rows. */
export function layOutRuled(search: FixedSearch): Layout | null {
  const { content, header, next } = search;
  const rows = rowsOf(search);
  const border = content.slice(0, next).map(({ text }) => text).find(isDashes);
  if (border === undefined || rows === null) return null;
  const spans = spansOf(border);
  const names = cutFields(header, spans);
  if (spans.length < 2 || names.includes("")) return null;
  const isOutside = (line: string) =>
    spans.some(({ end }, i) => line.slice(end, spans[i + 1]?.start ?? end).trim() !== "");
  return rows.some(isOutside) ? null : makeLayout(search, spans, names);
}

/** Finds the columns of a table of fixed width; `null` if the text is not such a table. */
export function layOutFixedWidth(search: FixedSearch): Layout | null {
  const rows = rowsOf(search);
  if (rows === null) return null;
  const words = wordsOf(search.header);
  const regions = assign(regionsOf(rows), words);
  if (regions === null || rows.some((row) => cutFields(row, regions).some(areNumbers))) return null;
  return makeLayout(search, regions, words.map(({ text }) => text));
}

/** The rows of the sample; `null` if there are none or tabs move their fields. */
function rowsOf({ content, header, next }: FixedSearch): string[] | null {
  const rows = content.slice(next).map(({ text }) => text)
    .filter((text) => hasContent(text) && !isDashes(text));
  const hasTabs = [header, ...rows].some((line) => line.includes("\t"));
  return rows.length === 0 || hasTabs ? null : rows;
}

/** Whether a field is several numbers: a name is missing, or the columns were not found. */
function areNumbers(field: string): boolean {
  const words = field.split(/\s+/);
  return words.length > 1 && words.every(isNumber);
}

/** The runs of dashes of a border. */
function spansOf(border: string): Span[] {
  const runs = Array.from(border.matchAll(/[-=_~*]+/g));
  return runs.map(({ index, 0: { length } }) => ({ start: index, end: index + length }));
}

interface Word extends Span {
  readonly text: string;
}

function wordsOf(header: string): Word[] {
  return Array.from(header.matchAll(/"[^"]*"|\S+/g), ({ index, 0: text }) => ({
    text: text.replace(/^"(.*)"$/, "$1"),
    start: index,
    end: index + text.length,
  }));
}

/** Stretches in which some row has a character, separated by columns blank in all rows. */
function regionsOf(rows: readonly string[]): Span[] {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const isUsed = new Uint8Array(width);
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) if (row[i] !== " ") isUsed[i] = 1;
  }
  const regions: Span[] = [];
  for (let i = 0; i < width; i++) {
    if (isUsed[i] === 0) continue;
    let end = i;
    while (end < width && isUsed[end] === 1) end++;
    regions.push({ start: i, end });
    i = end;
  }
  return regions;
}

/** Most characters between a name and its column. */
const REACH = 3;

const distance = (a: Span, b: Span): number =>
  Math.max(0, Math.max(a.start, b.start) - Math.min(a.end, b.end));

/** One region for every name; a region without a name belongs to the text to its left. */
function assign(regions: readonly Span[], words: readonly Word[]): Span[] | null {
  const owned: Span[][] = words.map(() => []);
  for (const region of regions) {
    const over = words.flatMap((word, i) =>
      distance(word, region) === 0 && touches(word, region) ? [i] : []
    );
    if (over.length > 1) return null;
    if (over.length === 1) owned[over[0]!]!.push(region);
    else {
      // A single blank separates the words of a name; anything further away is a column without a
      // name.
      const left = owned.findIndex((list) => list.at(-1)?.end === region.start - 1);
      if (left < 0) return null;
      owned[left]!.push(region);
    }
  }
  for (const [i, word] of words.entries()) {
    if (owned[i]!.length === 0) return null;
    if (owned[i]!.every((region) => distance(word, region) > REACH)) return null;
  }
  const spans = owned.map((list) => ({ start: list[0]!.start, end: list.at(-1)!.end }));
  const isOrdered = spans.every(({ start }, i) => i === 0 || start > spans[i - 1]!.end - 1);
  return isOrdered ? spans : null;
}

const touches = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;

function makeLayout(
  { columns, start, skipped }: FixedSearch,
  spans: readonly Span[],
  names: readonly string[],
): Layout {
  const known = new Map(columns.map((column) => [column.name, column]));
  const last = spans.length - 1;
  const open = spans.map(({ start, end }, i) => ({ start, end: i === last ? Infinity : end }));
  const gaps = spans.slice(0, -1).map(({ end }, i) => ({ start: end, end: spans[i + 1]!.start }));
  return {
    form: "text of fixed width",
    columns: names.map((name, i) => {
      const column = known.get(name) ?? columns[i];
      return { name, unit: cleanUnit(column?.unit ?? ""), ucd: "", description: "" };
    }),
    start,
    skipped,
    warnings: [],
    rowOf: (line) => {
      if (!hasContent(line) || isDashes(line)) return null;
      for (const { start, end } of gaps) {
        if (line.slice(start, end).trim() === "") continue;
        throw new SyntaxError(
          `Cannot read catalog: the line ${JSON.stringify(line.slice(0, 60))} has text at ` +
            `characters ${start + 1} to ${end}, where two columns of fixed width are separated`,
        );
      }
      return cutFields(line, open);
    },
  };
}
