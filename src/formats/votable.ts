/**
 * VOTable, the Virtual Observatory's table in XML (IVOA Recommendation, version 1.4): fields and
 * rows of the serializations TABLEDATA, BINARY and BINARY2.
 */
import { counted, countedAre } from "../numerics/counted.ts";
import sax from "sax";
import type { StreamCell, Votable, VotableField } from "./votable_table.ts";
import { decodeCell } from "./votable_stream.ts";

/** What receives the rows of a table in TABLEDATA, so that they need not all be in memory as text. */
export interface RowSink {
  /** Takes a cell of the row that is open; `null` for one that is left out at its end. */
  add(field: number, cell: StreamCell): void;
  /** Ends the row. */
  endRow(): void;
}

/** Opens what receives the rows of a table, by its place in the file; `null` if they are not wanted. */
export type OpenSink = (table: number, fields: readonly VotableField[]) => RowSink | null;

interface OpenTable {
  name: string;
  fields: VotableField[];
  kind: Votable["kind"];
  sink: RowSink | null;
  row: number;
  rows: number;
  fault: string;
  stream: string[];
  href: string;
}

type Attributes = Readonly<Record<string, string>>;

/** The part of the package sax that is used here; the package has no types of its own. */
interface SaxParser {
  onopentag: (tag: { readonly name: string; readonly attributes: Attributes }) => void;
  onclosetag: (name: string) => void;
  ontext: (text: string) => void;
  oncdata: (text: string) => void;
  onerror: (error: Error) => void;
  write(text: string): SaxParser;
  close(): SaxParser;
}

/** Characters that are parsed at a time. */
const PIECE = 1048576;

/**
 * The tables of a VOTable.
 *
 * @param open Receives the rows of TABLEDATA
 * @throws {SyntaxError} If the text is not well-formed XML
 */
export function parseVotable(bytes: Uint8Array, open: OpenSink = () => null): Votable[] {
  const tables: Votable[] = [];
  const parser = (sax as unknown as { parser(strict: boolean): SaxParser }).parser(true);
  /** Missing values by the ID of their VALUES, which others may refer to. */
  const nulls = new Map<string, string>();
  let table: OpenTable | null = null;
  let text = "";
  let isCell = false;
  let encoding: string | undefined;
  let depth: string[] = [];
  parser.onerror = (error) => {
    const [what = "", line = ""] = error.message.split("\n");
    const place = /\d+/.exec(line)?.[0];
    throw new SyntaxError(
      `Cannot read VOTable: ${what.toLowerCase()}` +
        (place === undefined ? "" : ` in line ${Number(place) + 1}`) + `, XML is needed`,
    );
  };
  parser.onopentag = ({ name, attributes }) => {
    const tag = localName(name);
    depth.push(tag);
    text = "";
    if (tag === "TABLE") table = createTable(attributes);
    if (!table) return;
    if (tag === "FIELD") table.fields.push(createField(attributes));
    else if (tag === "VALUES" && depth.at(-2) === "FIELD") {
      const { null: own, ID: id, ref } = attributes;
      const missing = own ?? nulls.get(ref ?? "") ?? "";
      if (id !== undefined) nulls.set(id, missing);
      amend(table, { missing });
    } else if (/^(TABLEDATA|BINARY2?|FITS)$/.test(tag)) {
      table.kind = tag as Votable["kind"];
      if (tag === "TABLEDATA") table.sink = open(tables.length, table.fields);
    } else if (tag === "STREAM") openStream(table, attributes);
    else if (tag === "TR") table.row = 0;
    else if (tag === "TD") {
      isCell = true;
      encoding = attributes["encoding"];
    }
  };
  const take = (piece: string) => {
    const tag = depth.at(-1);
    if (table && tag === "STREAM") table.stream.push(piece);
    else if (isCell || tag === "DESCRIPTION") text += piece;
  };
  parser.ontext = take;
  parser.oncdata = take;
  parser.onclosetag = (name) => {
    const tag = localName(name);
    if (table && tag === "TD") {
      addCell(table, text, encoding);
      isCell = false;
    } else if (table && tag === "TR") closeRow(table);
    else if (table && tag === "DESCRIPTION" && depth.at(-2) === "FIELD") {
      amend(table, { description: text.replace(/\s+/g, " ").trim() });
    } else if (table && tag === "TABLE") {
      const { row: _row, sink: _sink, stream, ...rest } = table;
      tables.push({ ...rest, stream: stream.join("") });
      table = null;
    }
    depth.pop();
    text = "";
  };
  const decoder = new TextDecoder(encodingOf(bytes));
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE);
    parser.write(decoder.decode(piece, { stream: at + PIECE < bytes.length }));
  }
  parser.close();
  depth = [];
  return tables;
}

const localName = (name: string): string => name.replace(/^.*:/, "").toUpperCase();

/** UTF-8 unless the XML declaration has another encoding that is known. */
function encodingOf(bytes: Uint8Array): string {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const name = /^<\?xml[^>]*encoding=["']([\w-]+)["']/.exec(start.trimStart())?.[1] ?? "utf-8";
  try {
    return new TextDecoder(name).encoding;
  } catch {
    return "utf-8";
  }
}

function createTable(attributes: Attributes): OpenTable {
  const name = attributes["name"] ?? attributes["ID"] ?? "";
  return {
    name,
    fields: [],
    kind: "none",
    sink: null,
    row: 0,
    rows: 0,
    fault: "",
    stream: [],
    href: "",
  };
}

function createField(attributes: Attributes): VotableField {
  return {
    name: attributes["name"] ?? attributes["ID"] ?? "",
    datatype: attributes["datatype"] ?? "char",
    arraysize: attributes["arraysize"] ?? "",
    unit: attributes["unit"] ?? "",
    ucd: attributes["ucd"] ?? "",
    missing: "",
    description: "",
  };
}

/** Adds to the field that was opened last. */
function amend(table: OpenTable, more: Partial<VotableField>): void {
  const last = table.fields.pop();
  if (last) table.fields.push({ ...last, ...more });
}

/** Ends a row; cells left out at its end are missing. */
function closeRow(table: OpenTable): void {
  table.rows++;
  const fields = table.fields.length;
  if (table.row > fields && table.fault === "") {
    table.fault = `row ${table.rows} has ${counted(table.row, "cell")}, ${
      countedAre(fields, "field")
    } declared`;
  }
  for (; table.row < fields; table.row++) table.sink?.add(table.row, null);
  table.sink?.endRow();
}

/** Takes a cell; those beyond the declared fields are counted only. */
function addCell(table: OpenTable, text: string, encoding: string | undefined): void {
  const at = table.row++;
  const field = table.fields[at];
  if (field === undefined || table.sink === null) return;
  if (encoding === undefined) return table.sink.add(at, text);
  const cell = encoding === "base64" ? decodeCell(text, field) : undefined;
  if (cell !== undefined) return table.sink.add(at, cell);
  if (table.fault !== "") return;
  table.fault = `row ${table.rows + 1} has a cell of ${field.name} ` +
    (encoding === "base64"
      ? `in base64 that is not of datatype ${field.datatype}`
      : `with the encoding ${encoding}, base64 or none is read`);
}

/** A STREAM in the file is base64, whether it says so or not. */
function openStream(table: OpenTable, { href = "", encoding = "base64" }: Attributes): void {
  table.href = href;
  if (href !== "" || encoding === "base64" || table.fault !== "") return;
  table.fault = `its stream has the encoding ${encoding}, base64 is read`;
}
