/**
 * Reads a VOTable as tables of clusters. Numbers are collected while the file is parsed; texts are
 * read again when they are asked for, so that they need no memory.
 */
import type { RowSink } from "../formats/votable.ts";
import { parseVotable } from "../formats/votable.ts";
import type { StreamCell, Votable, VotableField } from "../formats/votable_table.ts";
import { readStream } from "../formats/votable_stream.ts";
import { copyText } from "./labels.ts";
import type { ReadTable, SourceFile, SourceOptions, TableColumn } from "./source_table.ts";
import { findColumn } from "./table_columns.ts";
import { VotableColumn } from "./votable_column.ts";

/**
 * Opens a VOTable as a file of tables.
 *
 * @throws {SyntaxError} If it is not well-formed XML
 */
export function openVotableSource(bytes: Uint8Array, options: SourceOptions): SourceFile {
  const collected: (Collector | undefined)[] = [];
  const tables = parseVotable(
    bytes,
    (place, fields) => collected[place] = new Collector(fields, options),
  );
  const names = Map.groupBy(tables, ({ name }) => name);
  const entries = tables.map((table, i) => {
    const collect = once(() => collected[i] ?? collectStream(table, options));
    const read = once(() => readTable(table, { bytes, place: i, collector: collect() }));
    const isAlone = table.name !== "" && names.get(table.name)!.length === 1;
    const fault = faultOf(table);
    return {
      key: isAlone ? table.name : String(i + 1),
      name: table.name,
      number: i + 1,
      version: 1,
      count: fault === "" ? countRows(table, collect) : 0,
      columns: table.fields.length,
      fault,
      read,
    };
  });
  return { form: "VOTable", tables: entries, notes: [] };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function faultOf({ fields, kind, href, fault }: Votable): string {
  if (fault !== "") return fault;
  if (fields.length === 0) return "it declares no fields";
  if (kind === "FITS") return "its rows are a FITS stream; give that file";
  return href === "" ? "" : "its rows are in another file";
}

function countRows({ kind, rows }: Votable, collect: () => Collector): number {
  if (kind === "TABLEDATA") return rows;
  try {
    return collect().rows;
  } catch {
    return 0; // What is wrong is said when the table is read.
  }
}

/** Collects the numbers of a table's rows. */
class Collector implements RowSink {
  rows = 0;
  readonly #columns: readonly VotableColumn[];

  constructor(fields: readonly VotableField[], options: SourceOptions) {
    this.#columns = fields.map((field, place) => new VotableColumn(field, place, options));
  }

  add(field: number, cell: StreamCell): void {
    this.#columns[field]?.add(this.rows, cell);
  }

  endRow(): void {
    this.rows++;
  }

  finish(): TableColumn[] {
    return this.#columns.map((column) => column.finish(this.rows));
  }
}

function collectStream(table: Votable, options: SourceOptions): Collector {
  const collector = new Collector(table.fields, options);
  for (const cells of eachStreamRow(table)) {
    for (let f = 0; f < cells.length; f++) collector.add(f, cells[f]!);
    collector.endRow();
  }
  return collector;
}

/** The rows of a stream; none for a table without DATA, or one whose rows cannot be read. */
function eachStreamRow(table: Votable): Iterable<readonly StreamCell[]> {
  return table.kind === "none" || faultOf(table) !== "" ? [] : readStream(table);
}

/** A table's file, its place in the file, and its numbers. */
interface Place {
  readonly bytes: Uint8Array;
  readonly place: number;
  readonly collector: Collector;
}

function readTable(table: Votable, { bytes, place, collector }: Place): ReadTable {
  const fault = faultOf(table);
  if (fault !== "") throw new SyntaxError(`Cannot read VOTable: table ${table.name}: ${fault}`);
  const columns = collector.finish();
  return {
    name: table.name,
    form: `VOTable, ${table.kind}`,
    count: collector.rows,
    columns,
    skipped: columns.filter((column) => column.fault !== "")
      .map((column) => `column ${column.name}: ${column.fault}`),
    warnings: [],
    textsOf: (name) => {
      const f = findColumn(name, columns);
      return table.kind === "TABLEDATA"
        ? parseTexts(bytes, place, f)
        : Array.from(eachStreamRow(table), (cells) => textOf(cells[f] ?? null));
    },
  };
}

/** The texts of one column of TABLEDATA. */
function parseTexts(bytes: Uint8Array, wanted: number, field: number): string[] {
  const texts: string[] = [];
  const sink: RowSink = {
    add: (at, cell) => {
      if (at === field) texts.push(copyText(textOf(cell)));
    },
    endRow: () => {},
  };
  parseVotable(bytes, (place) => place === wanted ? sink : null);
  return texts;
}

function textOf(cell: StreamCell): string {
  if (cell === null) return "";
  return typeof cell === "string" ? cell.trim() : String(cell[0] ?? "");
}
