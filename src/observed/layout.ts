/**
 * The layout of a text table: where its names are, and how a line becomes a row. Every text form
 * has a file of its own that finds the layout.
 */

/** A column as a text describes it. */
export interface NamedColumn {
  readonly name: string;
  readonly unit: string;
  readonly ucd: string;
  readonly description: string;
  /** Texts that stand for a missing value in this column. */
  readonly missing?: readonly string[];
}

/** How a text is read as a table. */
export interface Layout {
  /** Name of the form: "CSV", "a machine-readable table of CDS or AAS". */
  readonly form: string;
  readonly columns: readonly NamedColumn[];
  /** Number of lines above the first row. */
  readonly start: number;
  /** The fields of a line; `null` if it is not a row; "open" if a quote continues on the next. */
  rowOf(line: string): readonly string[] | null | "open";
  /** What was skipped above the first row, and why. */
  readonly skipped: readonly string[];
  readonly warnings: readonly string[];
}

/** A column with a name and, if given, unit, UCD and description. */
export function named(name: string, unit = "", ucd = "", description = ""): NamedColumn {
  return { name, unit, ucd, description };
}

/** Whether a line has anything but blanks. */
export const hasContent = (line: string): boolean => line.trim() !== "";

/** A unit as written; "" if the form writes a word or dashes for "none". */
export function cleanUnit(unit: string): string {
  const bare = unit.trim().replace(/^[[(](.*)[\])]$/, "$1").trim();
  return /^(-+|none|null|unitless|dimensionless|n\/a|str|string|text|char|float|double|u?int|long|\.+)?$/i
      .test(bare)
    ? ""
    : bare;
}
