/**
 * Files as a command reads them, with a clear message about what is wrong; those that it keeps back
 * (`outputs.ts`) are read as if they were there.
 */
import { readUpTo, unreadable } from "./bounded_read.ts";
import { RunError } from "./errors.ts";
import { findRepeatedKey } from "./json_keys.ts";
import { heldContent } from "./outputs.ts";
import { openFile } from "./pipes.ts";

/** Larger files of a run are not read whole. */
const LARGEST_FILE = 2 ** 32;

/** A device or pipe has no size, and perhaps no end. */
const LARGEST_STREAM = 2 ** 26;

/** The longest text of V8 is 24 characters below 512 MB. */
const LONGEST_TEXT = 2 ** 29 - 2 ** 20;

/**
 * The bytes of a file.
 *
 * @param largest The most that is read of a file
 * @throws {RunError} If it cannot be read, naming it
 */
export function readBytes(path: string, largest: number = LARGEST_FILE): Uint8Array<ArrayBuffer> {
  const content = heldContent(path);
  if (content !== undefined) return content;
  return withOpenFile(path, (file) => {
    const { isFile } = file.statSync();
    const limit = isFile
      ? { most: largest, longer: { refuse: "more than is read at once" } }
      : { most: LARGEST_STREAM, longer: { refuse: "more than is read of what is not a file" } };
    return readUpTo(file, path, limit);
  });
}

/**
 * What an action makes of an open file, which is closed afterwards.
 *
 * @throws {RunError} If the file cannot be opened, naming it
 */
export function withOpenFile<T>(path: string, action: (file: Deno.FsFile) => T): T {
  let file: Deno.FsFile;
  try {
    file = openFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    return action(file);
  } finally {
    file.close();
  }
}

/** The text of a file; see {@linkcode readBytes}. */
export function readText(path: string): string {
  const bytes = readBytes(path, LONGEST_TEXT);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new RunError(`Cannot read ${path}: it is not UTF-8 text`);
  }
}

/**
 * The JSON value in a file.
 *
 * @throws {RunError} If it cannot be read or is not JSON
 */
export function readJson(path: string): unknown {
  const text = readText(path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new RunError(`Cannot read ${path}: it is not JSON, ${oneLine((error as Error).message)}`);
  }
  const key = findRepeatedKey(text);
  if (key === null) return json;
  throw new RunError(`Cannot read ${path}: ${JSON.stringify(key)} is given twice, once is enough`);
}

/** A message of the engine, which may quote lines of the file, in one line. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** Whether there is a file or folder of this name. */
export function exists(path: string): boolean {
  if (heldContent(path) !== undefined) return true;
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw new RunError(`Cannot read ${path}: ${(error as Error).message}`);
  }
}
