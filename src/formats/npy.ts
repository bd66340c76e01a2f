/**
 * NumPy's array files: one array as .npy (format 1.0 and 2.0). Archives of them are in `npz.ts`.
 */
import type { ArrayData, NamedArray } from "../numerics/arrays.ts";
import { sizeOf } from "../numerics/arrays.ts";

/** The first bytes of every .npy file. */
const MAGIC = "\x93NUMPY";
/** Magic, version, header length and header together are a multiple of this. */
const ALIGNMENT = 64;
/** NumPy itself refuses longer headers by default. */
const MAX_HEADER = 10000;
/** NumPy's limit on dimensions since version 2. */
const MAX_DIMENSIONS = 64;

/** The array that a NumPy type is read into; wider whole numbers must be exact as numbers. */
interface ElementType {
  readonly bytes: number;
  create(length: number): ArrayData;
  get(view: DataView, at: number, littleEndian: boolean): number;
}

const int32 = (length: number): ArrayData => new Int32Array(length);
const uint32 = (length: number): ArrayData => new Uint32Array(length);
const float32 = (length: number): ArrayData => new Float32Array(length);
const float64 = (length: number): ArrayData => new Float64Array(length);

const TYPES: Readonly<Record<string, ElementType>> = {
  f4: { bytes: 4, create: float32, get: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, create: float64, get: (view, at, little) => view.getFloat64(at, little) },
  i1: { bytes: 1, create: int32, get: (view, at) => view.getInt8(at) },
  i2: { bytes: 2, create: int32, get: (view, at, little) => view.getInt16(at, little) },
  i4: { bytes: 4, create: int32, get: (view, at, little) => view.getInt32(at, little) },
  i8: { bytes: 8, create: float64, get: (view, ...at) => exactNumber(view.getBigInt64(...at)) },
  u1: { bytes: 1, create: uint32, get: (view, at) => view.getUint8(at) },
  u2: { bytes: 2, create: uint32, get: (view, at, little) => view.getUint16(at, little) },
  u4: { bytes: 4, create: uint32, get: (view, at, little) => view.getUint32(at, little) },
  u8: { bytes: 8, create: float64, get: (view, ...at) => exactNumber(view.getBigUint64(...at)) },
};

function exactNumber(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new SyntaxError(`Cannot read npy: a value is ${value}, whole numbers within 2^53 are read`);
}

/**
 * An array as the bytes of a .npy file: format 1.0, little-endian, row-major.
 *
 * @example
 * ```ts
 * import { decodeNpy, encodeNpy } from "@clusters/terse/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const array = { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
 * assertEquals(decodeNpy(encodeNpy(array)), array);
 * ```
 *
 * @throws {RangeError} If the array's length is not the product of its shape
 */
export function encodeNpy({ shape, data }: NamedArray): Uint8Array<ArrayBuffer> {
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(
      `Cannot write npy: the array has ${data.length} values, its shape is [${shape.join(" x ")}]`,
    );
  }
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${descriptorOf(data)}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const prefix = MAGIC.length + 4;
  const end = Math.ceil((prefix + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(end + data.byteLength);
  bytes.set(Array.from(MAGIC, (letter) => letter.charCodeAt(0)));
  bytes.set([1, 0], MAGIC.length);
  new DataView(bytes.buffer).setUint16(MAGIC.length + 2, end - prefix, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(end - prefix - 1)}\n`), prefix);
  bytes.set(littleEndianBytes(data), end);
  return bytes;
}

function descriptorOf(data: ArrayData): string {
  if (data instanceof Float32Array) return "<f4";
  if (data instanceof Float64Array) return "<f8";
  return data instanceof Int32Array ? "<i4" : "<u4";
}

/** The bytes of an array, sharing its memory: all supported platforms are little-endian. */
export function littleEndianBytes(data: ArrayData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * The array in a .npy file, row-major. Types f4, f8, i4 and u4 keep their kind; smaller whole
 * numbers and i8, u8 are widened to Int32Array, Uint32Array and Float64Array, without loss.
 *
 * @throws {SyntaxError} If the bytes are no .npy file, are too few or too many for its shape, hold
 * a type that is not read, or a whole number beyond 2^53
 */
export function decodeNpy(bytes: Uint8Array): NamedArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC || bytes.length < MAGIC.length + 6) {
    throw new SyntaxError(
      `Cannot read npy: the file begins with ${JSON.stringify(magic)}, "\\x93NUMPY" is needed`,
    );
  }
  const [major, minor] = [bytes[6]!, bytes[7]!];
  if (!(major === 1 || major === 2) || minor !== 0) {
    throw new SyntaxError(
      `Cannot read npy: the version is ${major}.${minor}, 1.0 and 2.0 are read`,
    );
  }
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER || start + length > bytes.length) {
    throw new SyntaxError(
      `Cannot read npy: the header takes ${length} bytes, the file has ${bytes.length - start}`,
    );
  }
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, start + length));
  const { type, littleEndian, columnMajor, shape } = parseHeader(header);
  const count = sizeOf(shape);
  const data = start + length;
  if (count * type.bytes !== bytes.length - data) {
    throw new SyntaxError(
      `Cannot read npy: shape [${shape.join(" x ")}] takes ${count * type.bytes} bytes, ` +
        `the file has ${bytes.length - data}`,
    );
  }
  const values = type.create(count);
  for (let i = 0; i < count; i++) values[i] = type.get(view, data + i * type.bytes, littleEndian);
  return { shape, data: columnMajor ? toRowMajor(values, shape, type.create(count)) : values };
}

interface NpyHeader {
  readonly type: ElementType;
  readonly littleEndian: boolean;
  readonly columnMajor: boolean;
  readonly shape: number[];
}

const HEADER =
  /^\{\s*'descr'\s*:\s*'([<>|=])(\w+)'\s*,\s*'fortran_order'\s*:\s*(True|False)\s*,\s*'shape'\s*:\s*\(([\d, ]*)\)\s*,?\s*\}\s*$/;

function parseHeader(text: string): NpyHeader {
  const match = HEADER.exec(text);
  if (!match) {
    throw new SyntaxError(
      `Cannot read npy: the header is ${JSON.stringify(text.trim())}, ` +
        `a plain type, fortran_order and shape are needed`,
    );
  }
  const type = Object.hasOwn(TYPES, match[2]!) ? TYPES[match[2]!] : undefined;
  if (!type) {
    throw new SyntaxError(
      `Cannot read npy: the type is "${match[1]}${match[2]}", should be one of ${
        Object.keys(TYPES).join(", ")
      } is read`,
    );
  }
  const shape = match[4]!.split(",").map((part) => part.trim()).filter((part) => part !== "");
  const bad = shape.find((part) => !/^\d{1,15}$/.test(part));
  if (bad !== undefined || shape.length > MAX_DIMENSIONS) {
    throw new SyntaxError(
      `Cannot read npy: the shape is (${
        match[4]
      }), should be up to ${MAX_DIMENSIONS} whole numbers`,
    );
  }
  return {
    type,
    littleEndian: match[1] !== ">",
    columnMajor: match[3] === "True",
    shape: shape.map(Number),
  };
}

/** Copies an array whose first index runs fastest into one whose last does. */
function toRowMajor(values: ArrayData, shape: readonly number[], out: ArrayData): ArrayData {
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < values.length; i++) {
    let at = 0;
    for (const [axis, length] of shape.entries()) at = at * length + index[axis]!;
    out[at] = values[i]!;
    for (let axis = 0; axis < shape.length && ++index[axis]! === shape[axis]; axis++) {
      index[axis] = 0;
    }
  }
  return out;
}
