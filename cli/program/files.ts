/**
 * Files: read with a clear message about what is wrong, written under another name and then renamed,
 * so that a run that is killed leaves no half file and loses none that was there.
 *
 * @module
 */
import { RunError } from "./errors.ts";
import { findRepeatedKey } from "./json_keys.ts";

/** What is added to a file's name while it is written. */
const PART = ".part";

/**
 * The bytes of a file.
 *
 * @throws {RunError} If it cannot be read, naming it
 */
export function readBytes(path: string): Uint8Array {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new RunError(`Cannot read ${path}: there is no such file`);
    }
    throw new RunError(`Cannot read ${path}: ${(error as Error).message}`);
  }
}

/** The text of a file; see {@linkcode readBytes}. */
export function readText(path: string): string {
  const bytes = readBytes(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new RunError(`Cannot read ${path}: it is no UTF-8 text`);
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
    throw new RunError(`Cannot read ${path}: it is no JSON, ${(error as Error).message}`);
  }
  const key = findRepeatedKey(text);
  if (key === null) return json;
  throw new RunError(`Cannot read ${path}: ${JSON.stringify(key)} is given twice, once is enough`);
}

/** Whether there is a file or folder of this name. */
export function exists(path: string): boolean {
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

/** Content of a file; text that comes in pieces is never whole in memory. */
export type Content = Uint8Array | string | Iterable<string>;

/**
 * Writes a file whole or not at all: under another name, to the disk, then renamed.
 *
 * @throws {RunError} If it cannot be written; what was there before is as it was
 */
export function writeFile(path: string, content: Content): void {
  const part = path + PART;
  const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  try {
    const file = Deno.openSync(part, { write: true, create: true, truncate: true });
    try {
      for (const piece of pieces) {
        const bytes = typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
        for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
      }
      file.syncSync();
    } finally {
      file.close();
    }
    Deno.renameSync(part, path);
  } catch (error) {
    removePart(part);
    throw new RunError(`Cannot write ${path}: ${(error as Error).message}`);
  }
}

function removePart(part: string): void {
  try {
    Deno.removeSync(part);
  } catch {
    // There was none, or it cannot be removed either; the first error is the one to report.
  }
}

/**
 * Makes a folder and those above it.
 *
 * @throws {RunError} If it cannot be made
 */
export function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new RunError(`Cannot make folder ${path}: ${(error as Error).message}`);
  }
}
