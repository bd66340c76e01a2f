/**
 * What a VOTable declares of its tables.
 *
 * @module
 */

/** A FIELD of a table. */
export interface VotableField {
  /** The field's name, or its ID where it has none. */
  readonly name: string;
  /** "float", "char" and so on. */
  readonly datatype: string;
  /** "" for one value per row. */
  readonly arraysize: string;
  /** "" if there is none. */
  readonly unit: string;
  /** "" if there is none. */
  readonly ucd: string;
  /** The text or number that stands for a missing value; "" if there is none. */
  readonly missing: string;
  /** "" if there is none. */
  readonly description: string;
}

/** A TABLE as it stands in the file. */
export interface Votable {
  /** The table's name, or its ID where it has none. */
  readonly name: string;
  /** The table's fields, in the order of the file. */
  readonly fields: readonly VotableField[];
  /** How the rows are written; "none" if the table has no DATA. */
  readonly kind: "TABLEDATA" | "BINARY" | "BINARY2" | "FITS" | "none";
  /** Rows of TABLEDATA. */
  readonly rows: number;
  /** What is wrong with the first row or stream that cannot be read; "" if all can. */
  readonly fault: string;
  /** Text of the STREAM, base64. */
  readonly stream: string;
  /** Where the stream is if it is not in the file. */
  readonly href: string;
}

/** What one cell of a row is: numbers, a text, or nothing. */
export type StreamCell = readonly number[] | string | null;
