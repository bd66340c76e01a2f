/**
 * The tables of another program's FITS file, binary and ASCII, column by column. Nothing is decoded
 * before it is asked for, and what cannot be read is named instead of refused.
 */
import { counted } from "../numerics/counted.ts";
import { openAsciiColumns } from "./fits_ascii.ts";
import { openBinaryColumns } from "./fits_binary.ts";
import { headerValue } from "./fits_header.ts";
import type { OpenedColumn } from "./fits_opened.ts";
import type { ChecksumFinding, ScannedUnit } from "./fits_scan.ts";
import { scanUnits, softValue, textValue } from "./fits_scan.ts";
import { MAX_NUMBERED, wholeNumber } from "./fits_units.ts";

/** A table of another program's FITS file. */
export interface OpenedTable {
  /** Number of the table's extension, from 1. */
  readonly number: number;
  /** Name of the table (EXTNAME); "" if it has none. */
  readonly name: string;
  /** Version of the table (EXTVER); 1 if it has none. */
  readonly version: number;
  /** Whether the table's numbers are bytes or text. */
  readonly kind: "binary" | "ASCII";
  /** Number of rows; 0 if the table cannot be read. */
  readonly count: number;
  /** The table's columns, in the order of the header. */
  readonly columns: readonly OpenedColumn[];
  /** Why the whole table cannot be read; "" if it can. */
  readonly fault: string;
  /** Compares the table with its checksums; every call sums the bytes again. */
  verify(): ChecksumFinding;
}

/** The tables of a FITS file, and notes on what was skipped. */
export interface OpenedFits {
  /** The file's tables, in order. */
  readonly tables: readonly OpenedTable[];
  /** What was skipped: images, and bytes at the end. */
  readonly notes: readonly string[];
}

/**
 * Opens the tables of a FITS file.
 *
 * @example
 * ```ts
 * import { encodeFits } from "@clusters/terse/formats";
 * import { openFits } from "@clusters/terse/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const column = { name: "T", unit: "keV", shape: [], data: Float32Array.of(5, 6) };
 * const bytes = encodeFits([{ name: "CLUSTERS", count: 2, columns: [column], header: [] }]);
 * const [table] = openFits(bytes).tables;
 * assertEquals(table!.columns[0]!.numbers(), Float64Array.of(5, 6));
 * ```
 *
 * @throws {SyntaxError} If the bytes do not begin with a FITS header
 */
export function openFits(bytes: Uint8Array): OpenedFits {
  const { units, notes } = scanUnits(bytes);
  const tables: OpenedTable[] = [];
  const passed: string[] = [];
  for (const unit of units) {
    const kind = textValue(unit.cards, "XTENSION");
    const isPacked = softValue(unit.cards, "ZIMAGE") === true;
    if (unit.number > 0 && (kind === "BINTABLE" || kind === "TABLE") && !isPacked) {
      tables.push(openTable(unit, kind === "TABLE" ? "ASCII" : "binary"));
    } else if (unit.size > 0) passed.push(`${unit.place} is an image`);
  }
  return { tables, notes: [...passed, ...notes] };
}

function openTable(unit: ScannedUnit, kind: OpenedTable["kind"]): OpenedTable {
  const version = softValue(unit.cards, "EXTVER");
  const table = {
    number: unit.number,
    name: textValue(unit.cards, "EXTNAME") ?? "",
    version: typeof version === "number" ? version : 1,
    kind,
    verify: unit.verify,
  };
  try {
    return { ...table, fault: "", ...openColumns(unit, kind) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const fault = error.message.replace("Cannot read FITS: ", "");
    return { ...table, fault, count: 0, columns: [] };
  }
}

function openColumns(
  { cards, data, place }: ScannedUnit,
  kind: OpenedTable["kind"],
): Pick<OpenedTable, "count" | "columns"> {
  if (softValue(cards, "ZTABLE") === true) {
    throw new SyntaxError(`${place} is a compressed table; unpack it with funpack`);
  }
  const rowBytes = wholeNumber(cards, "NAXIS1", place);
  const count = wholeNumber(cards, "NAXIS2", place);
  const fields = wholeNumber(cards, "TFIELDS", place);
  if (headerValue(cards, "BITPIX") !== 8) {
    throw new SyntaxError(
      `BITPIX of ${place} is ${headerValue(cards, "BITPIX")}, should be 8 for a table`,
    );
  }
  if (fields > MAX_NUMBERED) {
    throw new SyntaxError(`TFIELDS of ${place} is ${fields}, up to ${MAX_NUMBERED} are read`);
  }
  if (rowBytes === 0 && count > 0) {
    throw new SyntaxError(`${place} has ${counted(count, "row")} of 0 bytes, these hold no values`);
  }
  if (rowBytes * count > data.length) {
    throw new SyntaxError(
      `${place} is cut short: ${counted(count, "row")} of ${rowBytes} bytes are announced, ` +
        `the file has ${data.length} bytes of them`,
    );
  }
  const rows = { cards, place, bytes: data, rowBytes, count };
  const open = kind === "ASCII" ? openAsciiColumns : openBinaryColumns;
  return { count, columns: open(rows, fields) };
}
