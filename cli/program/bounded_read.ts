/**
 * Files that are read to their end, but never beyond what memory is for: a device or a pipe may have
 * no end.
 *
 * @module
 */
import { RunError } from "./errors.ts";

/** Bytes that are read at once. */
const PIECE = 2 ** 22;

/** How much is read. */
export interface ReadLimit {
  /** Bytes. */
  readonly most: number;
  /** What a longer file means: its rest is left, or it is refused as larger than this. */
  readonly longer: "stop" | { readonly refuse: string };
}

/**
 * The bytes of an open file behind `start`, up to a limit.
 *
 * @param path For messages
 * @param start What was read of it before; it is part of the result
 * @throws {RunError} If it cannot be read, or is longer than may be
 */
export function readUpTo(
  file: Deno.FsFile,
  path: string,
  { most, longer }: ReadLimit,
  start: Uint8Array<ArrayBuffer> = new Uint8Array(0),
): Uint8Array<ArrayBuffer> {
  let bytes = start;
  let length = start.length;
  try {
    const { size } = file.statSync();
    if (size > most && longer !== "stop") throw tooLong(path, most, longer.refuse);
    // One byte more than the file has shows its end; a pipe says that it has none.
    const expected = longer === "stop" ? most : Math.max(size, length + PIECE) + 1;
    bytes = grow(start, length, Math.min(expected, most + 1));
    while (length < most || longer !== "stop") {
      if (length === bytes.length) bytes = grow(bytes, length, Math.min(2 * length, most + 1));
      const read = file.readSync(bytes.subarray(length));
      if (read === null) break;
      length += read;
      if (length > most && longer !== "stop") throw tooLong(path, most, longer.refuse);
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

function tooLong(path: string, most: number, reason: string): RunError {
  return new RunError(`Cannot read ${path}: it has more than ${most / 2 ** 20} MB, ${reason}`);
}

/** Why a file cannot be read, in one line. */
export function unreadable(path: string, error: unknown): RunError {
  const reason = error instanceof Deno.errors.NotFound
    ? "there is no such file"
    : (error as Error).message;
  return new RunError(`Cannot read ${path}: ${reason}`);
}
