/**
 * A stranger's table of clusters from a file: checked before it is read, unpacked if it was packed
 * with gzip, and never more than the memory that a table of clusters can need.
 */
import { constants, gunzipSync } from "node:zlib";
import { release } from "../../src/numerics/arrays.ts";
import { HEAD_BYTES, recognize } from "../../src/observed/recognize.ts";
import { openSource, readSource } from "../../src/observed/source_reader.ts";
import type { ReadTable, SourceFile, SourceOptions } from "../../src/observed/source_table.ts";
import { SOURCE_OPTIONS } from "../../src/observed/source_table.ts";
import { readUpTo } from "../program/bounded_read.ts";
import { inFile, RunError } from "../program/errors.ts";
import { withOpenFile } from "../program/files.ts";

/** Larger files are not tables of clusters: a million clusters with 100 columns take 1 GB. */
const LARGEST = 2 ** 30;

/**
 * Reads a table.
 *
 * @param path In any form that `src/observed/README.md` lists, or packed with gzip
 * @param table Its name or number, if the file has several
 * @throws {RunError} If it cannot be read, there is no such table, or it has no rows
 */
export function readSourceTable(
  path: string,
  table: string | undefined,
  options: SourceOptions = SOURCE_OPTIONS,
): ReadTable {
  const bytes = readSourceBytes(path);
  return inFile(path, () => readSource(bytes, table, options));
}

/** Smaller files are left to the collector of garbage. */
const WORTH_RELEASING = 2 ** 20;

/**
 * Takes from a table what is needed of it, and gives its file's memory back.
 *
 * @param take Its result may not read texts of the table later
 * @throws {RunError} As {@linkcode readSourceTable}
 */
export function takeFromTable<T>(
  path: string,
  table: string | undefined,
  options: SourceOptions,
  take: (table: ReadTable) => T,
): T {
  const bytes = readSourceBytes(path);
  const taken = take(inFile(path, () => readSource(bytes, table, options)));
  if (bytes.length >= WORTH_RELEASING) release(bytes);
  return taken;
}

/**
 * What is in a file.
 *
 * @throws {RunError} If it cannot be read
 */
export function openSourceFile(path: string, options: SourceOptions): SourceFile {
  const bytes = readSourceBytes(path);
  return inFile(path, () => openSource(bytes, options));
}

/**
 * The bytes of a file, unpacked.
 *
 * @throws {RunError} If it cannot be read, has a format that is not read, or is too large
 */
export function readSourceBytes(path: string): Uint8Array<ArrayBuffer> {
  return withOpenFile(path, (file) => {
    const head = readUpTo(file, path, { most: HEAD_BYTES, longer: "stop" });
    if (head.length === 0) return head;
    // A file that is not a table is refused before the rest of it is read, which may have no end.
    const form = inFile(path, () => recognize(head));
    const longer = { refuse: "a table of clusters has fewer" };
    const bytes = readUpTo(file, path, { most: LARGEST, longer }, head);
    return form === "gzip" ? unpack(path, bytes) : bytes;
  });
}

/** Packed bytes from which the form of a file is recognized: at most 16 MB come out of them. */
const PACKED_HEAD = 16384;

function unpack(path: string, packed: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = unpackHead(packed);
  // What is no table is refused before gigabytes of it are made from a megabyte.
  if (head.length > 0) inFile(path, () => recognize(head));
  try {
    const options = { maxOutputLength: LARGEST, chunkSize: announcedSize(packed) };
    return gunzipSync(packed, options) as Uint8Array<ArrayBuffer>;
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    const reason = code === "ERR_BUFFER_TOO_LARGE"
      ? `unpacked it has more than ${LARGEST / 2 ** 20} MB, a table of clusters has fewer`
      : `it cannot be unpacked with gzip, ${message}`;
    throw new RunError(`Cannot read ${path}: ${reason}`);
  }
}

/** The first bytes of a file that was packed; none if it is damaged. */
function unpackHead(packed: Uint8Array): Uint8Array {
  try {
    const head = packed.subarray(0, PACKED_HEAD);
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: LARGEST };
    return gunzipSync(head, options).subarray(0, HEAD_BYTES);
  } catch {
    return new Uint8Array(0);
  }
}

/** Least room that is taken at once. */
const LEAST_CHUNK = 65536;

/**
 * The size that a packed file says to unpack to, as far as it can be: in one piece, nothing has to be joined.
 */
function announcedSize(packed: Uint8Array): number {
  if (packed.length < 4) return LEAST_CHUNK;
  const size = new DataView(packed.buffer, packed.byteOffset).getUint32(packed.length - 4, true);
  // One byte more, so that the end is seen.
  return Math.min(LARGEST, Math.max(LEAST_CHUNK, size + 1));
}
