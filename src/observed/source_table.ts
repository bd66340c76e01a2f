/**
 * A user's table of clusters: columns by their own names, whatever the form of the file, with notes
 * on all that was skipped.
 */
import type { SourceColumn } from "./column_expression.ts";

/** Texts in the place of numbers, which count as missing values. */
export interface Oddities {
  /** Number of such texts in the column. */
  readonly count: number;
  /** Row of the first such text, from 1. */
  readonly row: number;
  /** The first text that is not a number. */
  readonly text: string;
  /** What is wrong with the text. */
  readonly problem: string;
}

/** A column of a table that was read from a file. */
export interface TableColumn extends SourceColumn {
  /** Why the column's values cannot be read; "" if they can. */
  readonly fault: string;
  /** Texts in the place of numbers; `null` if there are none. */
  readonly oddities: Oddities | null;
  /** Unified content descriptor in VOTable's and VizieR's form; "" if there is none. */
  readonly ucd: string;
  /** The file's description of the column; "" if there is none. */
  readonly description: string;
}

/** A table of clusters. */
export interface SourceTable {
  /** Number of rows. */
  readonly count: number;
  /** Columns, in the order of the file. */
  readonly columns: readonly SourceColumn[];
  /**
   * The texts of a column in the file's own writing, [count].
   *
   * @throws {TypeError} If there is no such column, or two of that name
   */
  textsOf(name: string): string[];
  /**
   * The same texts one by one, so that not all of them are in memory at once.
   *
   * @throws {TypeError} As `textsOf`
   */
  eachText?(name: string): Iterable<string>;
  /** Gives the memory of all values back, after which none may be read; absent where others may read them. */
  release?(): void;
}

/** A table that was read from a file, with notes on all that was skipped. */
export interface ReadTable extends SourceTable {
  /** The table's name; "" if it has none. */
  readonly name: string;
  /** The form that the table was read as: "CSV", "extension 1 of FITS, a binary table". */
  readonly form: string;
  /** Columns, in the order of the file. */
  readonly columns: readonly TableColumn[];
  /** What was skipped, and why: lines, columns, bytes. */
  readonly skipped: readonly string[];
  /** What a user should know before trusting the numbers. */
  readonly warnings: readonly string[];
}

/** One table of a file, before it is read. */
export interface TableEntry {
  /** The table's name for `--table`: "CLUSTERS", "2", "CLUSTERS,3". */
  readonly key: string;
  /** Name of the table; "" if it has none. */
  readonly name: string;
  /** Number of the table in the file, from 1. */
  readonly number: number;
  /** EXTVER of a FITS table; 1 elsewhere. */
  readonly version: number;
  /** Number of rows. */
  readonly count: number;
  /** Number of columns. */
  readonly columns: number;
  /** Why the table cannot be read; "" if it can. */
  readonly fault: string;
  /** Reads the table. */
  read(): ReadTable;
}

/** What a file holds. */
export interface SourceFile {
  /** Format of the file: "FITS", "VOTable", "CSV" and so on. */
  readonly form: string;
  /** Tables, in the order of the file. */
  readonly tables: readonly TableEntry[];
  /** What else the file holds, and was skipped. */
  readonly notes: readonly string[];
}

/** Options of reading a user's table. */
export interface SourceOptions {
  /** Texts and numbers that stand for a missing value: "-999", "--". */
  readonly missing: readonly string[];
  /** Whether data that do not match their checksum are read, with a warning. */
  readonly ignoreChecksum: boolean;
}

/** Default options: no further values count as missing, and checksums are verified. */
export const SOURCE_OPTIONS: SourceOptions = { missing: [], ignoreChecksum: false };

/** A test for the values that were declared as missing. */
export function sentinelTest(missing: readonly string[]): (text: string, value: number) => boolean {
  if (missing.length === 0) return () => false;
  const texts = new Set(missing);
  const numbers = new Set(
    missing.map((text) => text.trim() === "" ? NaN : Number(text)).filter(Number.isFinite)
      .flatMap((value) => [value, Math.fround(value)]),
  );
  return (text, value) => texts.has(text) || numbers.has(value);
}
