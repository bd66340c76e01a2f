/**
 * Files that are read to their end, but never beyond what memory is for: a device or a pipe may
 * have no end.
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
 * The bytes of an open file after `start`, up to a limit.
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
  const pieces = [start];
  let length = start.length;
  try {
    const { size } = file.statSync();
    if (size > most && longer !== "stop") throw tooLong(path, most, longer.refuse);
    // One byte more than the file has shows its end; a pipe says that it has none.
    const rest = size > 0 ? Math.max(size - length, 0) + 1 : PIECE;
    let expected = longer === "stop" ? most - length : rest;
    for (let isEnd = false; !isEnd && (length < most || longer !== "stop");) {
      const piece = new Uint8Array(Math.min(expected, most + 1 - length));
      const filled = fill(file, piece);
      isEnd = filled < piece.length;
      length += filled;
      pieces.push(piece.subarray(0, filled));
      if (length > most && longer !== "stop") throw tooLong(path, most, longer.refuse);
      expected = PIECE;
    }
  } catch (error) {
    throw error instanceof RunError ? error : unreadable(path, error);
  }
  return join(pieces, length);
}

/** Reads until an array is full or the file ends; how much was read. */
function fill(file: Deno.FsFile, bytes: Uint8Array): number {
  let length = 0;
  while (length < bytes.length) {
    const read = file.readSync(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return length;
}

/** Joins pieces, each of which is let go when it is copied: growing one array would take twice the room. */
function join(pieces: Uint8Array<ArrayBuffer>[], length: number): Uint8Array<ArrayBuffer> {
  const whole = pieces.find((piece) => piece.length === length);
  if (whole) return whole;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < pieces.length; i++) {
    bytes.set(pieces[i]!, at);
    at += pieces[i]!.length;
    pieces[i] = NOTHING;
  }
  return bytes;
}

const NOTHING = new Uint8Array(0);

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
