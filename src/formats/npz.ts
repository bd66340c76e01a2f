/** NumPy's archives: .npy files in an uncompressed zip, as `numpy.savez` writes, with CRC-32. */
import type { NamedArray, NamedArrays } from "../numerics/arrays.ts";
import { crc32 } from "./crc32.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
/** Version 2.0 of the zip format is needed to read the archive. */
const ZIP_VERSION = 20;
/** Names are UTF-8. */
const UTF8_FLAG = 0x0800;
/** 1 January 1980, the first day of zip, so that an archive depends on its arrays alone. */
const ZIP_DATE = 0x0021;
/** Archives of this many bytes or files need the zip64 format. */
const ZIP_MAX_BYTES = 0xffffffff;
const ZIP_MAX_FILES = 0xffff;

/**
 * Arrays as the bytes of an .npz archive, which `numpy.load` opens.
 *
 * @example
 * ```ts
 * import { decodeNpz, encodeNpz } from "@clusters/terse/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const arrays = { sigma8: { shape: [2], data: Float64Array.of(0.8, 0.81) } };
 * assertEquals(decodeNpz(encodeNpz(arrays)), arrays);
 * ```
 *
 * @throws {RangeError} If an array's length does not fit its shape, or the archive reaches 4 GB
 */
export function encodeNpz(arrays: NamedArrays): Uint8Array<ArrayBuffer> {
  const files = Object.entries(arrays).map(([name, array]) => {
    const bytes = encodeNpy(array);
    return { name: new TextEncoder().encode(`${name}.npy`), bytes, crc: crc32(bytes) };
  });
  const nameBytes = files.reduce((sum, { name }) => sum + name.length, 0);
  const dataBytes = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const total = files.length * (LOCAL_SIZE + CENTRAL_SIZE) + 2 * nameBytes + dataBytes + END_SIZE;
  if (total >= ZIP_MAX_BYTES || files.length >= ZIP_MAX_FILES) {
    throw new RangeError(
      `Cannot write npz: ${files.length} arrays of ${total} bytes, should be below 65535 and 4 GB`,
    );
  }
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  let at = 0;
  // Version, flags, method 0 (stored), time, date, CRC, both sizes, name length: in both headers.
  const writeCommon = (position: number, file: typeof files[number]): void => {
    view.setUint16(position, ZIP_VERSION, true);
    view.setUint16(position + 2, UTF8_FLAG, true);
    view.setUint16(position + 8, ZIP_DATE, true);
    view.setUint32(position + 10, file.crc, true);
    view.setUint32(position + 14, file.bytes.length, true);
    view.setUint32(position + 18, file.bytes.length, true);
    view.setUint16(position + 22, file.name.length, true);
  };
  const offsets = files.map((file) => {
    const offset = at;
    view.setUint32(at, LOCAL_HEADER, true);
    writeCommon(at + 4, file);
    out.set(file.name, at + LOCAL_SIZE);
    out.set(file.bytes, at + LOCAL_SIZE + file.name.length);
    at += LOCAL_SIZE + file.name.length + file.bytes.length;
    return offset;
  });
  const directory = at;
  for (const [i, file] of files.entries()) {
    view.setUint32(at, CENTRAL_HEADER, true);
    view.setUint16(at + 4, ZIP_VERSION, true);
    writeCommon(at + 6, file);
    view.setUint32(at + 42, offsets[i]!, true);
    out.set(file.name, at + CENTRAL_SIZE);
    at += CENTRAL_SIZE + file.name.length;
  }
  view.setUint32(at, END_RECORD, true);
  view.setUint16(at + 8, files.length, true);
  view.setUint16(at + 10, files.length, true);
  view.setUint32(at + 12, at - directory, true);
  view.setUint32(at + 16, directory, true);
  return out;
}

/**
 * The arrays of an .npz archive that `numpy.savez` or {@linkcode encodeNpz} wrote.
 *
 * @throws {SyntaxError} If the bytes are not such an archive, are compressed, cut short, or do not
 * match their CRC-32, naming the array
 */
export function decodeNpz(bytes: Uint8Array): NamedArrays {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const arrays = new Map<string, NamedArray>();
  for (let i = 0; i < count; i++) {
    const isHeader = at + CENTRAL_SIZE <= end && view.getUint32(at, true) === CENTRAL_HEADER;
    if (!isHeader) fail(`entry ${i + 1} of ${count} is not in the directory at byte ${at}`);
    const nameLength = view.getUint16(at + 28, true);
    const name = text(bytes.subarray(at + CENTRAL_SIZE, at + CENTRAL_SIZE + nameLength));
    if (!name.endsWith(".npy")) fail(`"${name}" is in the archive, names in .npy are needed`);
    const key = name.slice(0, -4);
    if (arrays.has(key)) fail(`"${name}" is in the archive twice`);
    arrays.set(key, decodeNpy(readStored(bytes, view, at, name)));
    at += CENTRAL_SIZE + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  if (at !== end) fail(`the directory ends at byte ${at}, its end record is at ${end}`);
  return Object.fromEntries(arrays);
}

function fail(problem: string): never {
  throw new SyntaxError(`Cannot read npz: ${problem}`);
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The end record is the last thing in the file, or before a comment of up to 65535 bytes. */
function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_SIZE - 0xffff);
  for (let at = view.byteLength - END_SIZE; at >= first; at--) {
    const comment = view.byteLength - END_SIZE - at;
    if (view.getUint32(at, true) === END_RECORD && view.getUint16(at + 20, true) === comment) {
      return at;
    }
  }
  return fail(`the file of ${view.byteLength} bytes has no zip end record: it is cut short`);
}

/** The content of the file whose directory entry is at `entry`. */
function readStored(bytes: Uint8Array, view: DataView, entry: number, name: string): Uint8Array {
  const method = view.getUint16(entry + 10, true);
  if (method !== 0) fail(`${name} is compressed (method ${method}), numpy.savez is read`);
  const crc = view.getUint32(entry + 16, true);
  const size = view.getUint32(entry + 20, true);
  const local = view.getUint32(entry + 42, true);
  if (local + LOCAL_SIZE > entry || view.getUint32(local, true) !== LOCAL_HEADER) {
    fail(`${name} has no header at byte ${local}`);
  }
  const nameLength = view.getUint16(local + 26, true);
  const start = local + LOCAL_SIZE + nameLength + view.getUint16(local + 28, true);
  const localName = text(bytes.subarray(local + LOCAL_SIZE, local + LOCAL_SIZE + nameLength));
  if (localName !== name) fail(`${name} is named "${localName}" in its own header`);
  if (start + size > entry) {
    fail(`${name} ends at byte ${start + size}, the directory is at ${entry}`);
  }
  const content = bytes.subarray(start, start + size);
  const found = crc32(content);
  if (found !== crc) {
    fail(`the CRC-32 of ${name} is ${hex(found)}, ${hex(crc)} is recorded: the file is damaged`);
  }
  return content;
}

const hex = (value: number): string => value.toString(16).padStart(8, "0");
