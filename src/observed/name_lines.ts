/**
 * Finds the line of names of a table with separated fields, in a comment or above the rows, and
 * skips what stands between it and the first row.
 */
import { counted } from "../numerics/counted.ts";
import { auxKind, isAboveNumbers, isDashes } from "./aux_lines.ts";
import type { Separator } from "./fields.ts";
import { BLANKS, splitFields } from "./fields.ts";
import { isNumber, MISSING } from "./numbers.ts";

/** Lines under the names that are searched for units and the like. */
const AUX_LINES = 5;

/** Rows that show which columns hold numbers. */
const SAMPLE = 30;

/** A line of a table and its number in the file. */
export interface HeadLine {
  readonly text: string;
  readonly at: number;
}

/** A comment above a table. */
export interface CommentLine {
  /** The comment without its mark. */
  readonly text: string;
  /** The line with blanks for its comment mark, so that words keep their places. */
  readonly padded: string;
}

/** The lines and the separator with which the names are searched. */
export interface NameSearch {
  readonly content: readonly HeadLine[];
  readonly comments: readonly CommentLine[];
  readonly separator: Separator;
}

/** A line as a message shows it, cut where it is long. */
export const quote = (text: string): string => JSON.stringify(text.trim().slice(0, 60));

/** The number of fields that most lines of the sample have. */
export function modeOf(content: readonly HeadLine[], split: (line: string) => string[]): number {
  const counts = new Map<number, number>();
  for (const { text } of content.slice(0, SAMPLE)) {
    const fields = split(text).length;
    counts.set(fields, (counts.get(fields) ?? 0) + 1);
  }
  return [...counts].reduce((best, other) => other[1] > best[1] ? other : best)[0];
}

/** The names of a table, and the place where its rows begin. */
export interface Names {
  readonly names: readonly string[];
  /** The line of the names, with blanks for its comment mark. */
  readonly header: string;
  readonly units: readonly string[];
  /** Index of the first row within the content. */
  readonly next: number;
  readonly skipped: readonly string[];
  readonly warnings: readonly string[];
  /**
   * Why the rows do not have as many fields as there are names; "" if they do. Errors without
   * names, or names of clusters with blanks, may explain a difference.
   */
  readonly disagreement: string;
}

export function findNames(
  { content, comments, separator }: NameSearch,
  split: (line: string) => string[],
): Names {
  const fields = content.slice(0, SAMPLE + AUX_LINES).map(({ text }) => split(text));
  const width = modeOf(content, split);
  const candidates = nameCandidates(comments, separator, width, fields);
  const skipped: string[] = [];
  // Dashes or units may stand between names in a comment and the first row.
  let first = 0;
  let units: readonly string[] = candidates.units;
  const takeAux = (names: readonly string[], isComment: boolean) => {
    for (; first < Math.min(AUX_LINES, fields.length - 1); first++) {
      const line = fields[first]!;
      const text = content[first]!.text;
      const kind = isDashes(text) ? "dashes" : auxKind(line, names);
      // If all rows are whole numbers, a row may be 1, 2, 3.
      if (/^\d/.test(line[0] ?? "") && !hasFractions(fields.slice(first + 1))) return;
      // Units stand between names and dashes, even in a line that is blank.
      const isFirst = isComment && first === 0;
      if (kind === "" && !isFirst && isDashes(content[first + 1]?.text ?? "")) {
        units = line;
        continue;
      }
      const isUnknown = kind === "" && !isComment && line.length === width &&
        isAboveNumbers(line, fields.slice(first + 1));
      if (kind === "" && !isUnknown) return;
      if (kind === "units" || isUnknown) units = line;
      if (kind !== "dashes") {
        skipped.push(`a line of ${kind || "words"} under the names: ${quote(text)}`);
      }
    }
  };
  const { names } = candidates;
  if (names) takeAux(names, true);
  else while (first < fields.length - 1 && isDashes(content[first]!.text)) first++;
  const line = fields[first]!;
  const isRow = line.some((field) => isNumber(field) || MISSING.test(field) && field !== "");
  // An empty field is a missing number. The first of several may be pandas's unnamed column of row
  // numbers.
  if (names && (isRow || line.includes("", 1) || line.at(-1) === "")) {
    const { header, warnings } = candidates;
    const all = [...candidates.skipped, ...skipped];
    return { names, header, units, next: first, skipped: all, warnings, disagreement: "" };
  }
  if (!isRow) {
    const header = content[first++]!.text;
    units = [];
    takeAux(line, false);
    const rest = { skipped, warnings: [], disagreement: "" };
    return { names: line, header, units, next: first, ...rest };
  }
  if (comments.length === 0) {
    throw new SyntaxError("Cannot read catalog: its first line has numbers, names are needed");
  }
  const nearest = comments.findLast(({ text }) => {
    const words = splitFields(text, separator);
    return words.length > 1 && auxKind(words, null) === "" && !words.some(isNumber);
  });
  const disagreement =
    `row 1 has ${counted(line.length, "field")}, the last line with # above it has ` +
    `${
      counted(splitFields(comments.at(-1)!.text, separator).length, "name")
    }, these should be as many`;
  if (!nearest || separator !== BLANKS) {
    throw new SyntaxError(`Cannot read catalog: ${disagreement}`);
  }
  const words = splitFields(nearest.text, separator);
  const rest = { skipped, warnings: [], disagreement };
  return { names: words, header: nearest.padded, units: [], next: first, ...rest };
}

const hasFractions = (rows: readonly (readonly string[])[]): boolean =>
  rows.some((row) => row.some((field) => !/^[+-]?\d*$/.test(field)));

/** Names that were found in comments, and what stands between them and the rows. */
interface Candidates extends Pick<Names, "header" | "units" | "skipped" | "warnings"> {
  readonly names: readonly string[] | null;
}

/** Words that occur in sentences but not as names of columns. */
const SENTENCE =
  /^(an?|the|this|that|these|those|is|are|was|were|of|for|by|from|with|without|and|or|in|on|to|as|at|comment|comments|line|lines|file|table|catalog(ue)?|column|columns|created|written|made|using|see|here|test|example)[.,:;!]?$/i;

/** Whether words are a sentence rather than names, by their beginning or several typical words. */
function isSentence(words: readonly string[]): boolean {
  return words.length > 1 && (/^(an|the|this|these|those|all)$/i.test(words[0]!) ||
    words.filter((word) => SENTENCE.test(word)).length > 1);
}

/** The names in the comments above a table: the last line with one word per field. */
function nameCandidates(
  comments: readonly CommentLine[],
  separator: Separator,
  width: number,
  fields: readonly (readonly string[])[],
): Candidates {
  const rows = fields.filter((row) => row.length === width);
  const isRow = (line: readonly string[]) =>
    line.some((field, i) => isNumber(field) && rows.some((row) => isNumber(row[i] ?? "")));
  // Blanks as well: numpy.savetxt writes its header above columns with any separator.
  for (const between of [separator, BLANKS] as const) {
    const lines = comments.map(({ text, padded }) => ({ line: splitFields(text, between), padded }))
      .filter(({ line }) => line.length === width);
    const words = lines.filter(({ line }) => !isRow(line));
    const named = words.filter(({ line }) => auxKind(line, null) === "");
    const found = named.findLast(({ line }) => !isSentence(line)) ?? named.at(-1) ??
      words.find(({ line }) => auxKind(line, null) === "units");
    if (!found) continue;
    const below = lines.slice(lines.indexOf(found) + 1).map(({ line }) => line);
    const units = below.find((line) => auxKind(line, found.line) === "units") ?? [];
    const others = named.filter((other) => other !== found && !isSentence(other.line));
    const taken = quote(found.line.join(" "));
    const warnings = others.length > 0
      ? [`${others.length + 1} comments could name the columns, the last was taken: ${taken}`]
      : isSentence(found.line)
      ? [`the names of the columns were taken from a comment that may be a sentence: ${taken}`]
      : [];
    const skipped = below.filter(isRow).map((line) =>
      `a row after the comment mark: ${quote(line.join(" "))}`
    );
    return { names: found.line, header: found.padded, units, skipped, warnings };
  }
  return { names: null, header: "", units: [], skipped: [], warnings: [] };
}
