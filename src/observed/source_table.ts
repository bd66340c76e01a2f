/**
 * A stranger's table of clusters: columns by the names that their file gives them.
 *
 * @module
 */
import type { SourceColumn } from "./column_expression.ts";

/** A table of clusters. */
export interface SourceTable {
  /** Number of rows. */
  readonly count: number;
  /** In the order of the file. */
  readonly columns: readonly SourceColumn[];
  /**
   * The texts of a column, [count], as its file has them.
   *
   * @throws {TypeError} If there is no such column
   */
  textsOf(name: string): string[];
}
