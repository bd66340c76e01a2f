/** The fields and tables that a VOTable declares. */

/** One field (FIELD) of a table. */
export interface VotableField {
  /** The field's name, or its ID where it has none. */
  readonly name: string;
  /** The datatype, such as "float" or "char". */
  readonly datatype: string;
  /** The array size, such as "3" or "*"; "" for one value per row. */
  readonly arraysize: string;
  /** The unit; "" if there is none. */
  readonly unit: string;
  /** The UCD, which names the quantity; "" if there is none. */
  readonly ucd: string;
  /** The text or number that stands for a missing value; "" if there is none. */
  readonly missing: string;
  /** The description; "" if there is none. */
  readonly description: string;
}

/** One table (TABLE) as the file holds it. */
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
  /** Address of the stream if it is not in the file. */
  readonly href: string;
}

/** The content of one cell: numbers, a text, or nothing. */
export type StreamCell = readonly number[] | string | null;
