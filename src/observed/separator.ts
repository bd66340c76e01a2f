/**
 * The separator of a text's fields and the mark of its comments, chosen by all of its first lines.
 */
import { isDashes } from "./aux_lines.ts";
import type { Separator } from "./fields.ts";
import { BLANKS, isOpen, SEPARATORS, splitFields } from "./fields.ts";
import { hasContent } from "./layout.ts";
import { isNumber, MISSING } from "./numbers.ts";

/** Most title lines without a comment mark above the names. */
const TITLE_LINES = 20;

/** The separator that "sep=;" in the first line declares, as Excel writes and reads it. */
export function readSeparatorLine(line: string): Separator | null {
  const match = /^"?sep=(.|\\t)"?\s*$/i.exec(line);
  if (!match) return null;
  const separator = match[1] === "\\t" ? "\t" : match[1]!;
  return SEPARATORS.includes(separator as Separator) ? separator as Separator : null;
}

/** The beginning of a comment line: # or what the first line begins with. */
export function commentMark(lines: readonly string[]): RegExp {
  const first = lines.find(hasContent)?.trimStart() ?? "";
  if (first.startsWith("%")) return /^\s*%+ */;
  if (first.startsWith("!")) return /^\s*!+ */;
  if (first.startsWith("//")) return /^\s*\/\/+ */;
  return /^\s*#+ */;
}

const count = (line: string, separator: Separator): number => splitFields(line, separator).length;

/** Whether a line may be a row or the names, not a border; "--" alone is a missing value. */
export const isFull = (line: string): boolean =>
  !(isDashes(line) && /[-=_~*]{3}/.test(line)) && !/^\(\d+ rows?\)$/.test(line.trim());

/**
 * The separator that gives every line the same number of fields, tried from the one that is most
 * frequent in the first line, since an ASCII table may have commas in its names. Where lines
 * differ, it is the most frequent one of the first line.
 */
export function chooseSeparator(
  lines: readonly string[],
  hasComments: boolean,
  mark: RegExp,
): Separator {
  const table = lines.filter((line) => !mark.test(line) && isFull(line));
  const first = table[0] ?? lines[0]!;
  const most = SEPARATORS.reduce((best, other) =>
    count(first, other) > count(first, best) ? other : best
  );
  const candidates: readonly Separator[] = [most, ...SEPARATORS, BLANKS];
  const records = new Map(SEPARATORS.map((separator) => [separator, joinOpen(table, separator)]));
  const even = candidates.find((separator) => {
    const rows = records.get(separator) ?? table;
    const fields = count(rows[0] ?? first, separator);
    return fields > 1 && rows.every((line) => count(line, separator) === fields);
  });
  if (even !== undefined) return even;
  // Below titles without a mark, lines have equally many fields from the names on.
  const below = SEPARATORS.find((separator) => titlesAbove(table, separator) > 0);
  if (below !== undefined) return below;
  if (count(first, most) > 1) return most;
  // Below comments the first line may be a row or the names; elsewhere it is the names.
  const isWords = (line: string) => count(line, BLANKS) > 1;
  const hasWords = hasComments
    ? table.some(isWords)
    : isWords(first) && table.slice(1).some(isWords);
  return hasWords ? BLANKS : most;
}

/** Lines with those joined that an open quote connects. */
function joinOpen(lines: readonly string[], separator: Separator): string[] {
  const joined: string[] = [];
  let open = "";
  for (const line of lines) {
    const whole = open === "" ? line : `${open}\n${line}`;
    if (isOpen(whole, separator)) open = whole;
    else {
      joined.push(whole);
      open = "";
    }
  }
  if (open !== "") joined.push(open);
  return joined;
}

/** Number of title lines above lines of equally many fields; 0 if fields differ. */
export function titlesAbove(lines: readonly string[], separator: Separator): number {
  const counts = lines.map((line) => count(line, separator));
  const fields = counts.at(-1)!;
  const titles = counts.findLastIndex((other) => other !== fields) + 1;
  const names = splitFields(lines[titles] ?? "", separator);
  const isTitle = titles > 0 && titles <= TITLE_LINES && titles < lines.length - 1 && fields > 2 &&
    counts.slice(0, titles).every((other) => other < fields) &&
    !names.some((field) => isNumber(field) || (field !== "" && MISSING.test(field)));
  return isTitle ? titles : 0;
}
