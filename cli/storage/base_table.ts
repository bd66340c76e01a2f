/**
 * A simulation's cluster table as text by heading, with what its header lines say of the snapshot.
 */
import type { TextRow } from "../../src/clusters/simulation_table.ts";
import { missingColumn } from "../../src/observed/column_expression.ts";
import { readExpression } from "../../src/observed/expression_reader.ts";
import { readSource } from "../../src/observed/source_reader.ts";
import type { SourceTable } from "../../src/observed/source_table.ts";
import { SOURCE_OPTIONS } from "../../src/observed/source_table.ts";
import { RunError } from "../program/errors.ts";

/** The headings of the simulation's portal, by what they are called in a mapping. */
const HEADINGS: Readonly<Record<string, string>> = {
  mass: "m500c[Msol/h]",
  radius: "r500c[kpc/h]",
  gasFraction: "gas_frac",
  luminosity: "Lx[1e44erg/s]",
  temperature: "T[kev]",
};

/** Columns that are read by their own heading alone. */
const PLACES = ["x[kpc/h]", "y[kpc/h]", "z[kpc/h]"];

/** More clusters than a simulation's box has above the limit; each takes a record of texts. */
const MOST_ROWS = 500_000;

/** A table of a simulation's clusters. */
export interface BaseTable {
  readonly rows: readonly TextRow[];
  /** Redshift of a header line like "# redshift = 0.0663"; null if there is none. */
  readonly redshift: number | null;
}

/**
 * Reads a simulation's table in any text form that `predict` reads.
 *
 * @param bytes Of its file, unpacked
 * @param mapping Expressions of the table's columns by "mass", "radius", "gasFraction", "luminosity"
 * or "temperature", in the units of the portal's headings; those left out have the portal's heading
 * @param h Hubble parameter that `h` stands for in an expression
 * @throws {RangeError} If the table cannot be read, or a mapping names what there is not
 */
export function readBaseTable(
  bytes: Uint8Array,
  mapping: Readonly<Record<string, string>>,
  h: number,
): BaseTable {
  const table = readSource(bytes, undefined, SOURCE_OPTIONS);
  if (table.count > MOST_ROWS) {
    throw new RangeError(
      `Cannot read base sample: the table has ${table.count} rows, at most ${MOST_ROWS} are read`,
    );
  }
  const columns = new Map<string, readonly string[]>();
  for (const [name, heading] of Object.entries(HEADINGS)) {
    const expression = mapping[name];
    if (expression !== undefined) columns.set(heading, evaluate(table, expression, h));
    else if (hasColumn(table, heading)) columns.set(heading, table.textsOf(heading));
  }
  for (const heading of PLACES) {
    if (hasColumn(table, heading)) columns.set(heading, table.textsOf(heading));
  }
  if (!columns.has(HEADINGS.mass!)) throw missingColumn(HEADINGS.mass!, table.columns);
  const rows = Array.from(
    { length: table.count },
    (_, row) =>
      Object.fromEntries(Array.from(columns, ([heading, texts]) => [heading, texts[row]!])),
  );
  return { rows, redshift: findRedshift(bytes) };
}

/**
 * The mapping of an option "mass=M500*h, temperature=T".
 *
 * @throws {RunError} If a part is not name=expression, or a name is unknown or given twice
 */
export function parseBaseMapping(text: string): Readonly<Record<string, string>> {
  const mapping: Record<string, string> = {};
  for (const part of text.split(",")) {
    const at = part.indexOf("=");
    const name = part.slice(0, Math.max(0, at)).trim();
    if (!Object.hasOwn(HEADINGS, name)) {
      throw new RunError(
        `Cannot read --base-columns: "${part.trim()}" should be NAME=EXPRESSION, with NAME one of ` +
          Object.keys(HEADINGS).join(", "),
      );
    }
    if (Object.hasOwn(mapping, name)) {
      throw new RunError(`Cannot read --base-columns: ${name} is given twice, once is enough`);
    }
    mapping[name] = part.slice(at + 1).trim();
  }
  return mapping;
}

const hasColumn = (table: SourceTable, heading: string): boolean =>
  table.columns.some(({ name }) => name === heading);

/** An expression's value in each row as text; "" where it has none, which is refused by its row. */
function evaluate({ columns, count }: SourceTable, text: string, h: number): string[] {
  const expression = readExpression(text, columns, h);
  return Array.from({ length: count }, (_, row) => {
    const value = expression.evaluate(row, 0);
    return typeof value === "string" ? "" : String(value);
  });
}

/** Header lines are looked for in the first bytes of a file. */
const HEADER_BYTES = 4096;

/** The redshift that a commented line before the rows gives. */
function findRedshift(bytes: Uint8Array): number | null {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, HEADER_BYTES));
  const found = /^\s*#.*?\b(?:redshift|z)\s*[=:]\s*(\d*\.?\d+(?:e[+-]?\d+)?)(?![\w.])/im.exec(head);
  return found ? Number(found[1]) : null;
}
