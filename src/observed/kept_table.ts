/**
 * The used part of a table, copied so that the file can be released: a million clusters take more
 * memory as text than as numbers.
 */
import { release } from "../numerics/arrays.ts";
import type { SourceColumn } from "./column_expression.ts";
import { labelsOf } from "./labels.ts";
import type { SourceTable } from "./source_table.ts";

/** A table that no longer needs its file. */
export interface KeptTable extends SourceTable {
  /** Distinct entries of the column of text. */
  readonly entries: number;
}

/** The parts of a table to keep. */
export interface Kept {
  /** Indices of the columns whose values are used; "all" if any may be. */
  readonly places: readonly number[] | "all";
  /** The column of text that is used; undefined for none. */
  readonly texts: string | undefined;
}

/**
 * The same table with the values and texts that are used; it takes the values over.
 *
 * @throws {TypeError} If there is no column of that name, or two of it
 */
export function keepUsed(table: SourceTable, { places, texts }: Kept): KeptTable {
  const used = new Set(places === "all" ? table.columns.keys() : places);
  const columns = table.columns.map(({ name, unit, width, fault = "" }, place): SourceColumn => {
    const values = used.has(place) ? table.columns[place]!.values : null;
    return { name, unit, width, fault, values };
  });
  const labels = texts === undefined ? null : labelsOf(table, texts);
  const eachText = function* (name: string) {
    if (labels === null || name !== texts) {
      throw new TypeError(`Cannot read table: the texts of ${name} were not kept`);
    }
    for (const place of labels.of) yield labels.names[place]!;
  };
  return {
    count: table.count,
    columns,
    entries: labels?.names.length ?? 0,
    eachText,
    textsOf: (name) => [...eachText(name)],
    release: () => {
      for (const { values } of columns) if (values instanceof Float64Array) release(values);
    },
  };
}
