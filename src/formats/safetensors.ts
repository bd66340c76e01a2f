/**
 * safetensors files: named arrays behind a JSON header, read by Python's safetensors package. Ours
 * carry a checksum in the metadata, which is verified on reading; other files need none.
 */
import type { ArrayData, NamedArray, NamedArrays } from "../numerics/arrays.ts";
import { sizeOf } from "../numerics/arrays.ts";
import { crc32 } from "./crc32.ts";
import { littleEndianBytes } from "./npy.ts";

/** The metadata key of the checksum: CRC-32 of names, types, shapes, metadata and data. */
const CHECKSUM_KEY = "crc32";
/** The first bytes of the file hold the length of the header. */
const LENGTH_BYTES = 8;
/** The data begin at a multiple of this, so that any array may be mapped in place. */
const ALIGNMENT = 8;

type TypeName = "F64" | "F32" | "I32" | "U32";

const TYPES: Readonly<
  Record<TypeName, { readonly bytes: number; create(buffer: ArrayBuffer): ArrayData }>
> = {
  F64: { bytes: 8, create: (buffer) => new Float64Array(buffer) },
  F32: { bytes: 4, create: (buffer) => new Float32Array(buffer) },
  I32: { bytes: 4, create: (buffer) => new Int32Array(buffer) },
  U32: { bytes: 4, create: (buffer) => new Uint32Array(buffer) },
};

const METADATA = "__metadata__";

/** What a safetensors file holds. */
export interface SafetensorsFile {
  /** Arrays by name, in the order of the header. */
  readonly arrays: NamedArrays;
  /** Text by name, without the checksum. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Arrays as the bytes of a safetensors file.
 *
 * @example
 * ```ts
 * import { decodeSafetensors, encodeSafetensors } from "@clusters/terse/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const arrays = { "output/bias": { shape: [1], data: Float32Array.of(0.5) } };
 * const file = decodeSafetensors(encodeSafetensors(arrays, { epoch: "20" }));
 * assertEquals(file, { arrays, metadata: { epoch: "20" } });
 * ```
 *
 * @param arrays The arrays; names other than "__metadata__"
 * @param metadata Text by name, other than "crc32", which is written by this function
 * @throws {RangeError} If a name is taken, or an array's length is not the product of its shape
 */
export function encodeSafetensors(
  arrays: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  if (CHECKSUM_KEY in metadata || METADATA in arrays) {
    throw new RangeError(
      `Cannot write safetensors: an array is named "${METADATA}" or a text "${CHECKSUM_KEY}", ` +
        `names that the file itself needs`,
    );
  }
  // Arrays of 8-byte numbers come first, so that each array begins at a multiple of its size.
  const order = Object.entries(arrays).toSorted(([, a], [, b]) =>
    b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT
  );
  const header: Record<string, unknown> = {
    [METADATA]: { ...metadata, [CHECKSUM_KEY]: hex(checksum({ arrays, metadata })) },
  };
  let end = 0;
  for (const [name, { shape, data }] of order) {
    if (data.length !== sizeOf(shape)) {
      throw new RangeError(
        `Cannot write safetensors: ${name} has ${data.length} values, ` +
          `its shape is [${shape.join(" x ")}]`,
      );
    }
    const start = end;
    end += data.byteLength;
    header[name] = { dtype: typeOf(data), shape, data_offsets: [start, end] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(LENGTH_BYTES + length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + length);
  bytes.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + length;
  for (const [, { data }] of order) {
    bytes.set(littleEndianBytes(data), at);
    at += data.byteLength;
  }
  return bytes;
}

function typeOf(data: ArrayData): TypeName {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  return data instanceof Int32Array ? "I32" : "U32";
}

const hex = (value: number): string => value.toString(16).padStart(8, "0");

/** The checksum of a file's content, whatever the order and layout of the header. */
function checksum({ arrays, metadata }: SafetensorsFile): number {
  const names = Object.keys(arrays).sort();
  const summary = JSON.stringify([
    Object.entries(metadata).sort(([a], [b]) => a < b ? -1 : 1),
    names.map((name) => [name, typeOf(arrays[name]!.data), arrays[name]!.shape]),
  ]);
  return names.reduce(
    (crc, name) => crc32(littleEndianBytes(arrays[name]!.data), crc),
    crc32(new TextEncoder().encode(summary)),
  );
}

/**
 * The arrays and metadata of a safetensors file; types F64, F32, I32 and U32 are read.
 *
 * @throws {SyntaxError} If the header cannot be read, if the arrays overlap, leave a gap or reach
 * past the file's end, or if the file does not match its checksum, naming the array
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { header, start } = readHeader(bytes);
  const available = bytes.length - start;
  const entries: [string, NamedArray][] = [];
  const extents: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  for (const [name, value] of header) {
    if (name === METADATA) continue;
    const { dtype, shape, from, to } = parseEntry(name, value);
    if (to > available) fail(`${name} ends at byte ${to} of the data, the file has ${available}`);
    extents.push({ name, from, to });
    // A copy, because the data in the file need not be aligned.
    const buffer = bytes.slice(start + from, start + to).buffer;
    entries.push([name, { shape, data: TYPES[dtype].create(buffer) }]);
  }
  let end = 0;
  for (const { name, from, to } of extents.sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) fail(`${name} begins at byte ${from} of the data, ${end} is needed`);
    end = to;
  }
  if (end !== available) fail(`the arrays take ${end} bytes, the file has ${available}`);
  return verified({
    arrays: Object.fromEntries(entries),
    metadata: parseMetadata(header.get(METADATA)),
  });
}

function fail(problem: string): never {
  throw new SyntaxError(`Cannot read safetensors: ${problem}`);
}

function readHeader(bytes: Uint8Array): { header: Map<string, unknown>; start: number } {
  if (bytes.length < LENGTH_BYTES) {
    fail(`the file has ${bytes.length} bytes, ${LENGTH_BYTES} or more are needed`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const start = LENGTH_BYTES + length;
  if (start > bytes.length) {
    fail(`the header takes ${length} bytes, the file has ${bytes.length - LENGTH_BYTES}`);
  }
  let json: unknown;
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    json = JSON.parse(decoder.decode(bytes.subarray(LENGTH_BYTES, start)));
  } catch (error) {
    fail(`the header is not JSON: ${(error as Error).message}`);
  }
  if (!isRecord(json)) fail(`the header is ${JSON.stringify(json)}, an object is needed`);
  return { header: new Map(Object.entries(json)), start };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSize = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

interface Entry {
  readonly dtype: TypeName;
  readonly shape: number[];
  readonly from: number;
  readonly to: number;
}

function parseEntry(name: string, value: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {};
  if (typeof dtype !== "string" || !Object.hasOwn(TYPES, dtype)) {
    fail(
      `${name} has type ${JSON.stringify(dtype)}, should be one of ${
        Object.keys(TYPES).join(", ")
      }`,
    );
  }
  if (!Array.isArray(shape) || !shape.every(isSize)) {
    fail(`${name} has shape ${JSON.stringify(shape)}, whole numbers are needed`);
  }
  const [from, to] = Array.isArray(offsets) && offsets.length === 2 ? offsets : [];
  if (!isSize(from) || !isSize(to) || to < from) {
    fail(`${name} has offsets ${JSON.stringify(offsets)}, its first byte and its end are needed`);
  }
  const size = sizeOf(shape) * TYPES[dtype as TypeName].bytes;
  if (size !== to - from) {
    fail(`${name} takes bytes ${from} to ${to}, ${dtype} [${shape.join(" x ")}] takes ${size}`);
  }
  return { dtype: dtype as TypeName, shape, from, to };
}

function parseMetadata(value: unknown): Record<string, string> {
  const metadata = value === undefined ? {} : value;
  if (!isRecord(metadata) || !Object.values(metadata).every((text) => typeof text === "string")) {
    fail(`${METADATA} is ${JSON.stringify(metadata)}, text by name is needed`);
  }
  return metadata as Record<string, string>;
}

/** The file without its checksum, which must be right if there is one. */
function verified({ arrays, metadata }: SafetensorsFile): SafetensorsFile {
  const { [CHECKSUM_KEY]: recorded, ...rest } = metadata;
  const file = { arrays, metadata: rest };
  const found = hex(checksum(file));
  if (recorded !== undefined && recorded !== found) {
    fail(`the checksum is ${found}, ${recorded} is recorded: the file is damaged`);
  }
  return file;
}
