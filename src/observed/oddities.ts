/** Warnings about the used columns of a table. */
import type { TableColumn } from "./source_table.ts";

/** Warnings about the columns that a mapping uses. */
export function describeOddities(columns: readonly TableColumn[]): string[] {
  return columns.flatMap(({ name, oddities }) => {
    if (oddities === null) return [];
    const { count, row, text, problem } = oddities;
    const texts = count === 1 ? "1 text counts" : `${count} texts count`;
    const first = `${JSON.stringify(text.slice(0, LONGEST))} in row ${row}, ${problem}`;
    return [`column ${name}: ${texts} as missing, the first is ${first}`];
  });
}

/** Most characters of a text that a message shows. */
const LONGEST = 40;
