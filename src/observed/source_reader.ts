/**
 * Reads a user's table: recognizes the file's form, finds the requested table, and gives its
 * columns.
 */
import { counted } from "../numerics/counted.ts";
import { openFitsSource } from "./fits_source.ts";
import { HEAD_BYTES, recognize } from "./recognize.ts";
import type { ReadTable, SourceFile, SourceOptions, TableEntry } from "./source_table.ts";
import { SOURCE_OPTIONS } from "./source_table.ts";
import { openText } from "./text_source.ts";
import { openVotableSource } from "./votable_source.ts";

/** The table that is read if a file has several: that of catalogs.fits and base_sample.fits. */
const CLUSTERS = "CLUSTERS";

/**
 * Opens a file of tables.
 *
 * @param bytes The file, unpacked if it was packed with gzip
 * @throws {SyntaxError} If the form is not read, or the file is damaged
 */
export function openSource(
  bytes: Uint8Array,
  options: SourceOptions = SOURCE_OPTIONS,
): SourceFile {
  const form = recognize(bytes.subarray(0, HEAD_BYTES));
  if (form === "FITS") return openFitsSource(bytes, options);
  if (form === "VOTable") return openVotableSource(bytes, options);
  if (form === "gzip") {
    throw new SyntaxError("Cannot read catalog: the file is packed with gzip twice; unpack it");
  }
  return openText(bytes, form === "UTF-16 text", options);
}

/**
 * Reads a table of a file.
 *
 * @example
 * ```ts
 * import { readSource } from "@clusters/terse/observed";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode("# name T\n# - keV\nA85 5.1D0\nA119 --\n");
 * const { count, columns } = readSource(bytes, undefined);
 * assertEquals(count, 2);
 * assertEquals(columns[1]!.unit, "keV");
 * assertEquals(columns[1]!.values, Float64Array.of(5.1, NaN));
 * ```
 *
 * @param bytes The file, unpacked if it was packed with gzip
 * @param table Its name, its number, or both name and version ("CLUSTERS,2"); undefined for the only
 * one or that called CLUSTERS
 * @throws {SyntaxError} If the file or the table cannot be read
 * @throws {RangeError} If there is no such table, several, or one without rows
 */
export function readSource(
  bytes: Uint8Array,
  table: string | undefined,
  options: SourceOptions = SOURCE_OPTIONS,
): ReadTable {
  const read = chooseTable(openSource(bytes, options), table).read();
  if (read.count > 0) return read;
  throw new RangeError("Cannot read catalog: the table has no rows, one per cluster is needed");
}

/**
 * The requested table.
 *
 * @throws {RangeError} If there is none or several
 */
export function chooseTable(
  { tables, notes }: Pick<SourceFile, "tables" | "notes">,
  wanted: string | undefined,
): TableEntry {
  if (tables.length === 0) {
    const why = notes.length === 0 ? "" : `; ${notes.join("; ")}`;
    throw new RangeError(`Cannot read catalog: the file has no tables, one is needed${why}`);
  }
  if (wanted === undefined && tables.length === 1) return tables[0]!;
  const name = wanted ?? CLUSTERS;
  const found = findTables(tables, name);
  if (found.length === 1) return found[0]!;
  const keys = tables.map(describeEntry).join("; ");
  if (found.length > 1) {
    throw new RangeError(
      `Cannot read catalog: ${
        counted(found.length, "table")
      } are called ${name}, --table may be one of ${keys}`,
    );
  }
  throw new RangeError(
    `Cannot read catalog: there is no table ${name}, --table may be one of ${keys}`,
  );
}

/** Finds tables by key, then by name, name and version, name whatever its case, and number. */
function findTables(tables: readonly TableEntry[], wanted: string): readonly TableEntry[] {
  const versioned = /^(.*)[,:](\d+)$/.exec(wanted);
  const tests: readonly ((table: TableEntry) => boolean)[] = [
    ({ name }) => name === wanted,
    ({ name, version }) => name === versioned?.[1] && version === Number(versioned[2]),
    ({ name }) => name.toLowerCase() === wanted.toLowerCase(),
    ({ number }) => String(number) === wanted,
  ];
  for (const test of tests) {
    const found = tables.filter(test);
    if (found.length > 0) return found;
  }
  return [];
}

/** Most characters of a table's description in a message. */
const LONGEST = 40;

function describeEntry({ key, number, name, count }: TableEntry): string {
  const label = name === ""
    ? `${key} (without a name`
    : key === name
    ? `${key} (number ${number}`
    : `${key} (`;
  return `${label.slice(0, LONGEST)}, ${counted(count, "row")})`.replace("(, ", "(");
}
