/** A column of a user's table as people read it: its kind, its range and its first values. */
import type { ReadTable, TableColumn } from "./source_table.ts";

/** A column in the form of `--json`. */
export interface ColumnRecord {
  readonly name: string;
  readonly unit: string;
  readonly ucd: string;
  readonly description: string;
  /** What the column holds: "numbers", "text" or "not read". */
  readonly kind: string;
  readonly width: number;
  /** Number of values, and the least and greatest of them; `null` for text. */
  readonly known: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Values of the first rows, in the file's own text. */
  readonly first: readonly string[];
  /** Why the column is not read, or which texts stand in the place of numbers. */
  readonly note: string;
}

/** Rows that are shown. */
const FIRST_ROWS = 3;

/** A column with its range. */
export function describeColumn(table: ReadTable, place: number): ColumnRecord {
  const column = table.columns[place]!;
  const { name, unit, ucd, description, width, values, fault } = column;
  const about = { name, unit, ucd, description, width };
  if (fault !== "") return { ...about, kind: "not read", ...NOTHING, first: [], note: fault };
  if (values === null) {
    return { ...about, kind: "text", ...NOTHING, first: firstTexts(table, place), note: "" };
  }
  let known = 0;
  let infinite = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      if (!Number.isNaN(value)) infinite++;
      continue;
    }
    known++;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const first = Array.from(
    { length: Math.min(FIRST_ROWS, table.count) },
    (_, row) =>
      Array.from({ length: width }, (_, i) => formatNumber(values[row * width + i]!)).join(" "),
  );
  const range = known === 0 ? { min: null, max: null } : { min, max };
  return { ...about, kind: "numbers", known, ...range, first, note: noteOf(column, infinite) };
}

const NOTHING = { known: null, min: null, max: null };

function noteOf({ oddities }: TableColumn, infinite: number): string {
  const beyond = infinite === 0 ? [] : [
    `${infinite === 1 ? "1 value is" : `${infinite} values are`} infinite and cannot be used`,
  ];
  if (!oddities) return beyond.join();
  const { count, text, row, problem } = oddities;
  const texts = count === 1 ? "1 text counts" : `${count} texts count`;
  const odd = `${texts} as missing: ${JSON.stringify(text.slice(0, 30))} in row ${row}, ${problem}`;
  return [odd, ...beyond].join("; ");
}

function firstTexts(table: ReadTable, place: number): string[] {
  const { name } = table.columns[place]!;
  const same = table.columns.filter((column) => column.name === name);
  const key = same.length === 1 ? name : `${name}#${same.indexOf(table.columns[place]!) + 1}`;
  const texts: string[] = [];
  for (const text of table.eachText?.(key) ?? table.textsOf(key)) {
    if (texts.push(text) === FIRST_ROWS) break;
  }
  return texts;
}

/** A number in five digits; dashes for one that is missing. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "--";
  if (!Number.isFinite(value)) return value > 0 ? "infinite" : "-infinite";
  const rounded = Number(value.toPrecision(5));
  return Math.abs(rounded) < 1e6 ? String(rounded) : rounded.toExponential().replace("e+", "e");
}
