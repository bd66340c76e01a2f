/**
 * Columns of numbers: the form in which every scheme hands the numbers of a figure to a chart or a
 * CSV file.
 */

/** Columns of equal length by name: one CSV file. Names carry the unit where there is one. */
export type Columns = Readonly<Record<string, ArrayLike<number>>>;

/** The CSV files of a figure by panel, as in `{ bands, distributions }`. */
export type FigureColumns = Readonly<Record<string, Columns>>;

/** A scheme's few quotable numbers by name; `null` where the catalogs do not define them. */
export type Headlines = Readonly<Record<string, number | null>>;
