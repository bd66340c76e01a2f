/** Reads a FITS file as tables of clusters, whose columns are decoded when they are used. */
import type { OpenedColumn } from "../formats/fits_opened.ts";
import type { OpenedTable } from "../formats/fits_tables.ts";
import { openFits } from "../formats/fits_tables.ts";
import type {
  Oddities,
  ReadTable,
  SourceFile,
  SourceOptions,
  TableColumn,
} from "./source_table.ts";
import { sentinelTest } from "./source_table.ts";
import { findColumn } from "./table_columns.ts";

/**
 * Opens a FITS file as a file of tables.
 *
 * @throws {SyntaxError} If it does not begin with a header that can be read
 */
export function openFitsSource(bytes: Uint8Array, options: SourceOptions): SourceFile {
  const { tables, notes } = openFits(bytes);
  const entries = tables.map((table) => ({
    key: keyOf(table, tables),
    name: table.name,
    number: table.number,
    version: table.version,
    count: table.count,
    columns: table.columns.length,
    fault: table.fault,
    read: () => readTable(table, options),
  }));
  return { form: "FITS", tables: entries, notes };
}

/** The name of a table for `--table`: its own, with its EXTVER if shared, or its number. */
function keyOf({ name, version, number }: OpenedTable, tables: readonly OpenedTable[]): string {
  if (name === "") return String(number);
  const same = tables.filter((other) => other.name === name);
  if (same.length === 1) return name;
  const isOne = same.filter((other) => other.version === version).length === 1;
  return isOne ? `${name},${version}` : String(number);
}

function readTable(table: OpenedTable, options: SourceOptions): ReadTable {
  if (table.fault !== "") throw new SyntaxError(`Cannot read FITS: ${table.fault}`);
  const warnings: string[] = [];
  const finding = table.verify();
  if (finding.kind === "damaged") {
    if (!options.ignoreChecksum) {
      throw new SyntaxError(
        `Cannot read FITS: ${finding.text}: the file is damaged; --ignore-checksum reads it anyway`,
      );
    }
    warnings.push(`${finding.text}: the file is damaged, as --ignore-checksum allows`);
  } else if (finding.kind === "stale header") {
    warnings.push(`${finding.text}, but its data match their DATASUM: the header was edited`);
  }
  const decoded = new LastDecoded();
  const columns = table.columns.map((column) => lazyColumn(column, options, decoded));
  return {
    name: table.name,
    form: `extension ${table.number} of FITS, ${
      table.kind === "ASCII" ? "an ASCII" : "a binary"
    } table`,
    count: table.count,
    columns,
    skipped: table.columns.filter(({ fault }) => fault !== "")
      .map(({ name, fault }) => `column ${name}: ${fault}`),
    warnings,
    textsOf: (name) => [...table.columns[findColumn(name, columns)]!.texts()],
    eachText: (name) => table.columns[findColumn(name, columns)]!.texts(),
  };
}

/**
 * The values that were decoded last. A caller that needs a column for longer keeps it: all columns
 * of a large table take eight times the space of their bytes.
 */
class LastDecoded {
  #column: OpenedColumn | null = null;
  #values: Float64Array = new Float64Array(0);

  /** The values of a column, decoded anew unless it was the last. */
  get(column: OpenedColumn, decode: () => Float64Array): Float64Array {
    if (this.#column === column) return this.#values;
    this.#column = null;
    this.#values = new Float64Array(0);
    this.#values = decode();
    this.#column = column;
    return this.#values;
  }
}

/** A column whose values are decoded when they are used. */
function lazyColumn(
  column: OpenedColumn,
  { missing }: SourceOptions,
  last: LastDecoded,
): TableColumn {
  const { name, unit, ucd, description, width, fault, isText } = column;
  const isRead = fault === "" && !isText;
  let oddities: Oddities | null = null;
  let isKnown = false;
  const decode = () => {
    oddities = null;
    const isSentinel = sentinelTest(missing);
    const decoded = column.numbers((row, text, problem) => {
      if (isSentinel(text, NaN)) return;
      const first = oddities ?? { count: 0, row: row + 1, text, problem };
      oddities = { ...first, count: first.count + 1 };
    });
    if (missing.length > 0) {
      for (let i = 0; i < decoded.length; i++) if (isSentinel("", decoded[i]!)) decoded[i] = NaN;
    }
    isKnown = true;
    return decoded;
  };
  return {
    name,
    unit,
    ucd,
    description,
    width,
    fault,
    get values() {
      return isRead && width > 0 ? last.get(column, decode) : null;
    },
    get oddities() {
      if (isRead && width > 0 && !isKnown) last.get(column, decode);
      return oddities;
    },
  };
}
