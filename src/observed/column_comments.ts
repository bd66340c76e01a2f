/**
 * Comments that describe each column on a line of its own: headers of SExtractor, hand-numbered
 * columns, and the descriptions that VizieR puts above a table.
 */
import type { NamedColumn } from "./layout.ts";
import { cleanUnit, named } from "./layout.ts";
import { looksLikeUnit } from "./units.ts";

/** A numbered comment: "3 T temperature [keV]", "(3) T", "col 3: T", "Column 3 = T". */
const NUMBERED =
  /^(?:col(?:umn)?\.?\s*#?\s*)?[([]?(\d{1,3})[)\]]?\s*[.:=)-]*\s+(\S.*)$|^(?:col(?:umn)?\.?\s*)[([]?(\d{1,3})[)\]]?\s*[.:=)-]+\s*(\S.*)$/i;

/**
 * The columns that comments name one by one, numbered from 1; `null` if they do not.
 *
 * A number that is left out belongs to the vector that was named last, as SExtractor has it.
 *
 * @param comments Comments without their mark
 * @param width Number of fields in a row
 */
export function readColumnList(
  comments: readonly string[],
  width: number,
): NamedColumn[] | null {
  const entries: { number: number; column: NamedColumn }[] = [];
  for (const line of comments) {
    const match = NUMBERED.exec(line.trim());
    if (!match) continue;
    const number = Number(match[1] ?? match[3]);
    const previous = entries.at(-1)?.number;
    if (previous === undefined ? number > 1 : number <= previous) continue;
    entries.push({ number, column: readEntry(match[2] ?? match[4]!) });
  }
  if (entries.length < 2) return null;
  // Some lists count from 0.
  const first = entries[0]!.number;
  if (entries.at(-1)!.number - first >= width) return null;
  return entries.flatMap(({ number, column }, i) => {
    const next = entries[i + 1]?.number ?? width + first;
    const more = Array.from({ length: next - number - 1 }, (_, j) => `${column.name}_${j + 1}`);
    return [column, ...more.map((name) => ({ ...column, name }))];
  });
}

/** Reads an entry of the list: "T temperature [keV]" is the name T with the unit keV. */
function readEntry(text: string): NamedColumn {
  const quoted = /^"([^"]+)"\s*(.*)$/.exec(text);
  const [, word, rest] = quoted ?? /^(\S+?)[:,;]?(?:\s+(.*))?$/.exec(text)!;
  const description = (rest ?? "").replace(/^[-:=]\s+/, "");
  const bracket = /\[([^\][]*)\]\s*$/.exec(description)?.[1];
  const parenthesis = /\(([^()]*)\)\s*$/.exec(description)?.[1];
  const unit = bracket ??
    (parenthesis !== undefined && looksLikeUnit(parenthesis) ? parenthesis : "");
  return named(word!, cleanUnit(unit), "", description);
}

/** Columns by name from VizieR's comments, as in "Column z (F6.4) Redshift [ucd=src.redshift]". */
export function readVizierColumns(
  comments: readonly string[],
): ReadonlyMap<string, { readonly ucd: string; readonly description: string }> {
  const columns = new Map<string, { ucd: string; description: string }>();
  for (const line of comments) {
    const match = /^Column\s+(\S+)\s+\(([^)]*)\)\s*(.*)$/.exec(line);
    if (!match) continue;
    const text = match[3]!;
    const ucd = /\[ucd=([^\]]*)\]/.exec(text)?.[1] ?? "";
    const description = text.replace(/\s*\[ucd=[^\]]*\]\s*$/, "").replace(/^\?\s*/, "");
    columns.set(match[1]!, { ucd, description });
  }
  return columns;
}
