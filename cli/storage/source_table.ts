/**
 * A stranger's table of clusters from a file: checked before it is read, unpacked if it was packed
 * with gzip, and never more than the memory that a table of clusters can need.
 *
 * @module
 */
import { gunzipSync } from "node:zlib";
import { HEAD_BYTES, recognize } from "../../src/observed/recognize.ts";
import { openSource, readSource } from "../../src/observed/source_reader.ts";
import type { ReadTable, SourceFile, SourceOptions } from "../../src/observed/source_table.ts";
import { SOURCE_OPTIONS } from "../../src/observed/source_table.ts";
import { inFile, RunError } from "../program/errors.ts";

/** Larger files are not tables of clusters: a million clusters with 100 columns take 1 GB. */
const LARGEST = 2 ** 30;

/** Bytes that are read at once. */
const PIECE = 2 ** 22;

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
export function readSourceBytes(path: string): Uint8Array {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    const head = readUpTo(file, path, HEAD_BYTES);
    if (head.length === 0) return head;
    // A file that is no table is refused before the rest of it is read, which may have no end.
    const form = inFile(path, () => recognize(head));
    const bytes = readUpTo(file, path, LARGEST, head);
    return form === "gzip" ? unpack(path, bytes) : bytes;
  } finally {
    file.close();
  }
}

function unreadable(path: string, error: unknown): RunError {
  const reason = error instanceof Deno.errors.NotFound
    ? "there is no such file"
    : (error as Error).message;
  return new RunError(`Cannot read ${path}: ${reason}`);
}

/** Reads on behind `start`, until the end or, for the head of a file, until `most` bytes are there. */
function readUpTo(
  file: Deno.FsFile,
  path: string,
  most: number,
  start: Uint8Array<ArrayBuffer> = new Uint8Array(0),
): Uint8Array<ArrayBuffer> {
  const isHead = most === HEAD_BYTES;
  let bytes = start;
  let length = start.length;
  try {
    // One byte more than the file has shows its end; a pipe says that it has none.
    const expected = isHead ? most : Math.max(file.statSync().size, length + PIECE) + 1;
    bytes = grow(start, length, Math.min(expected, most + 1));
    while (length < most || !isHead) {
      if (length === bytes.length) bytes = grow(bytes, length, Math.min(2 * length, most + 1));
      const read = file.readSync(bytes.subarray(length));
      if (read === null) break;
      length += read;
      if (length <= most) continue;
      throw new RunError(
        `Cannot read ${path}: it has more than ${
          LARGEST / 2 ** 20
        } MB, a table of clusters has fewer`,
      );
    }
  } catch (error) {
    throw error instanceof RunError ? error : unreadable(path, error);
  }
  return bytes.subarray(0, length);
}

function grow(bytes: Uint8Array, length: number, size: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(size);
  grown.set(bytes.subarray(0, length));
  return grown;
}

function unpack(path: string, packed: Uint8Array): Uint8Array {
  try {
    return gunzipSync(packed, { maxOutputLength: LARGEST });
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    const reason = code === "ERR_BUFFER_TOO_LARGE"
      ? `unpacked it has more than ${LARGEST / 2 ** 20} MB, a table of clusters has fewer`
      : `it cannot be unpacked with gzip, ${message}`;
    throw new RunError(`Cannot read ${path}: ${reason}`);
  }
}
