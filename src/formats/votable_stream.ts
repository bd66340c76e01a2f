/** VOTable's binary serializations (version 1.4, section 6), BINARY and BINARY2; big-endian. */
import type { StreamCell, Votable, VotableField } from "./votable_table.ts";

/** Bytes of one element by datatype. */
const ELEMENTS: Readonly<Record<string, number>> = {
  boolean: 1,
  bit: 1 / 8,
  unsignedByte: 1,
  short: 2,
  int: 4,
  long: 8,
  char: 1,
  unicodeChar: 2,
  float: 4,
  double: 8,
  floatComplex: 8,
  doubleComplex: 16,
};

/** Number of elements of a field in every row; NaN if it varies. */
export function widthOf({ arraysize }: Pick<VotableField, "arraysize">): number {
  if (arraysize === "") return 1;
  if (arraysize.includes("*")) return NaN;
  return arraysize.split("x").reduce((size, length) => size * Number(length), 1);
}

/**
 * The rows of a stream; a cell is `null` if BINARY2 says so or the field is of a kind not read.
 *
 * @throws {SyntaxError} If the stream is not base64, is cut short, or a field has an unknown datatype
 */
export function* readStream(
  { fields, kind, stream, name }: Pick<Votable, "fields" | "kind" | "stream" | "name">,
): Generator<StreamCell[], void, void> {
  const bytes = fromBase64(stream, name);
  const view = new DataView(bytes.buffer);
  const maskBytes = kind === "BINARY2" ? Math.ceil(fields.length / 8) : 0;
  const cells = fields.map((field) => cellReader(field));
  let at = 0;
  let row = 0;
  while (at < bytes.length) {
    row++;
    const mask = at;
    at += maskBytes;
    const found: StreamCell[] = [];
    for (let f = 0; f < cells.length; f++) {
      const isNull = maskBytes > 0 && (bytes[mask + (f >> 3)]! & (0x80 >> (f & 7))) !== 0;
      const { cell, end } = cells[f]!(view, at);
      if (!(end <= bytes.length)) {
        throw new SyntaxError(
          `Cannot read VOTable: table ${name} is cut short in row ${row}, its stream has ` +
            `${bytes.length} bytes`,
        );
      }
      found.push(isNull ? null : cell());
      at = end;
    }
    if (cells.length === 0) return;
    yield found;
  }
}

/** A cell of TABLEDATA in base64 (its attribute `encoding`); undefined if it does not hold a value of its field. */
export function decodeCell(text: string, field: VotableField): StreamCell | undefined {
  const { datatype, arraysize } = field;
  const size = Object.hasOwn(ELEMENTS, datatype) ? ELEMENTS[datatype]! : NaN;
  try {
    const bytes = fromBase64(text, "");
    const width = widthOf({ arraysize });
    const length = Number.isNaN(width) ? Math.floor(bytes.length / size) : width;
    if (Math.ceil(length * size) !== bytes.length) return undefined;
    return readCell(new DataView(bytes.buffer), datatype, 0, length);
  } catch {
    return undefined;
  }
}

function fromBase64(stream: string, name: string): Uint8Array<ArrayBuffer> {
  let text: string;
  try {
    text = atob(stream);
  } catch {
    throw new SyntaxError(`Cannot read VOTable: the stream of table ${name} is not base64`);
  }
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The end of a cell, and its value on demand: the end is checked first. */
interface FoundCell {
  readonly end: number;
  cell(): StreamCell;
}

function cellReader(field: VotableField): (view: DataView, at: number) => FoundCell {
  const { datatype, name } = field;
  const size = Object.hasOwn(ELEMENTS, datatype) ? ELEMENTS[datatype] : undefined;
  if (size === undefined) {
    throw new SyntaxError(
      `Cannot read VOTable: field ${name} has datatype ${datatype}, which is unknown`,
    );
  }
  const fixed = widthOf(field);
  if (!Number.isNaN(fixed) && !Number.isSafeInteger(fixed)) {
    throw new SyntaxError(
      `Cannot read VOTable: field ${name} has arraysize ${field.arraysize}, should be numbers joined by x, such as 3x*`,
    );
  }
  return (view, at) => {
    const isVariable = Number.isNaN(fixed);
    const start = isVariable ? at + 4 : at;
    if (start > view.byteLength) return { end: Infinity, cell: () => null };
    const length = isVariable ? view.getUint32(at) * factorOf(field.arraysize) : fixed;
    const end = start + Math.ceil(length * size);
    return { end, cell: () => readCell(view, datatype, start, length) };
  };
}

/** Elements per row of the outer dimensions: "3x*" counts rows of three. */
function factorOf(arraysize: string): number {
  const fixed = arraysize.split("x").slice(0, -1);
  return fixed.reduce((size, length) => size * (Number(length) || 1), 1);
}

function readCell(view: DataView, datatype: string, start: number, length: number): StreamCell {
  const bytes = (count: number) => new Uint8Array(view.buffer, view.byteOffset + start, count);
  const numbers = (size: number, get: (at: number) => number) =>
    Array.from({ length }, (_, i) => get(start + i * size));
  switch (datatype) {
    case "char":
      return endAtNul(new TextDecoder("utf-8").decode(bytes(length)));
    case "unicodeChar":
      return endAtNul(new TextDecoder("utf-16be").decode(bytes(2 * length)));
    case "boolean":
      return Array.from(bytes(length), toBoolean);
    case "unsignedByte":
      return Array.from(bytes(length));
    case "short":
      return numbers(2, (at) => view.getInt16(at));
    case "int":
      return numbers(4, (at) => view.getInt32(at));
    case "long":
      return numbers(8, (at) => Number(view.getBigInt64(at)));
    case "float":
      return numbers(4, (at) => view.getFloat32(at));
    case "double":
      return numbers(8, (at) => view.getFloat64(at));
    default:
      return null;
  }
}

const endAtNul = (text: string): string => text.replace(/\0.*$/s, "");

/** 1 for T, t and 1; 0 for F, f and 0; NaN for all else. */
function toBoolean(byte: number): number {
  return [0x54, 0x74, 0x31].includes(byte) ? 1 : [0x46, 0x66, 0x30].includes(byte) ? 0 : NaN;
}
