/**
 * The one way by which a command writes: files are prepared under names of their own, and renamed
 * once all are on the disk, so that a command that fails or is killed leaves each file as it was or
 * whole.
 */
import { RunError } from "./errors.ts";
import { checkTarget, makeFolder, parentOf } from "./targets.ts";

/** Content of a file; what comes in pieces is never whole in memory. */
export type Content = Uint8Array | string | Iterable<string> | Iterable<Uint8Array>;

/** A file to write: its path and content. */
export type Output = readonly [path: string, content: Content];

/** Files that say whose a folder is; they are written with the first result in it. */
const held = new Map<string, Uint8Array<ArrayBuffer>>();

/**
 * Keeps a file back until something else is written to its folder, so that a command that is refused
 * leaves no trace; until then it is read as if it was there.
 *
 * @throws {RunError} If it may not be written
 */
export function holdFile(path: string, content: Uint8Array<ArrayBuffer> | string): void {
  checkTarget(path);
  held.set(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
}

/** The content of a file that is kept back. */
export function heldContent(path: string): Uint8Array<ArrayBuffer> | undefined {
  return held.get(path);
}

/** Forgets the files that are kept back, and the folders that were swept, at the end of a command. */
export function dropHeld(): void {
  held.clear();
  swept.clear();
}

/**
 * Writes a file whole or not at all; see {@linkcode writeFiles}.
 *
 * @throws {RunError} If it cannot be written; what was there before is as it was
 */
export function writeFile(path: string, content: Content): void {
  writeFiles([[path, content]]);
}

/**
 * Writes files, all or none, after those that were kept back for their folders.
 *
 * @throws {RunError} If one cannot be written; what was there before is as it was
 */
export function writeFiles(outputs: readonly Output[]): void {
  const due = [...held].filter(([path]) =>
    outputs.some(([other]) => other.startsWith(`${parentOf(path)}/`))
  );
  const parts: { readonly part: Part; readonly path: string }[] = [];
  let path = "";
  try {
    let content: Content;
    for ([path, content] of [...due, ...outputs]) {
      checkTarget(path);
      makeFolder(parentOf(path));
      const part = openPart(parentOf(path));
      parts.push({ part, path });
      fill(part.file, content);
    }
    for (const { part, path } of parts) Deno.renameSync(part.name, path);
  } catch (error) {
    for (const { part } of parts) removeQuietly(part.name);
    if (error instanceof RunError) throw error;
    throw new RunError(`Cannot write ${path}: ${(error as Error).message}`);
  } finally {
    for (const { part } of parts) part.file.close();
  }
  for (const [path] of due) held.delete(path);
}

function fill(file: Deno.FsFile, content: Content): void {
  const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  for (const piece of pieces) {
    const bytes = typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
  }
  file.syncSync();
}

/** A file while it is written, locked as long as its writer lives. */
interface Part {
  readonly name: string;
  readonly file: Deno.FsFile;
}

/** The names of files while they are written. */
const PART = /^\.terse-[0-9a-f-]+\.part$/;

/** Opens a file of a name that no other process has. */
function openPart(folder: string): Part {
  sweep(folder);
  const name = `${folder}/.terse-${crypto.randomUUID()}.part`;
  // A link of this name would be refused as well.
  const file = Deno.openSync(name, { read: true, write: true, createNew: true });
  tryLock(file);
  return { name, file };
}

/** Folders that this command has swept. */
const swept = new Set<string>();

/** Removes what processes that were killed have left half written. */
function sweep(folder: string): void {
  if (swept.has(folder)) return;
  swept.add(folder);
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      if (PART.test(name)) removeOrphan(`${folder}/${name}`);
    }
  } catch {
    // A folder that cannot be listed can still be written to.
  }
}

function removeOrphan(name: string): void {
  if (!Deno.lstatSync(name).isFile) return;
  const file = Deno.openSync(name, { read: true });
  try {
    if (tryLock(file)) Deno.removeSync(name);
  } finally {
    file.close();
  }
}

/** Whether this process has the lock of a file now; false where the file system has no locks. */
function tryLock(file: Deno.FsFile): boolean {
  try {
    return file.tryLockSync(true);
  } catch {
    return false;
  }
}

function removeQuietly(name: string): void {
  try {
    Deno.removeSync(name);
  } catch {
    // It was renamed, or cannot be removed either; the first error is the one to report.
  }
}
