/**
 * One process at a time works in a folder: a file in it says which, on which host and since when.
 * The operating system gives the lock back when its holder ends, however that ends. Readers need
 * none.
 */
import { RunError } from "./errors.ts";
import { LOCK_FILE } from "./run_files.ts";
import { makeFolder } from "./targets.ts";

/** Folders that this process works in, each with its open lock file. */
const held = new Map<string, { readonly path: string; readonly file: Deno.FsFile }>();

/** How often a lock is tried that its holder removes at the same moment. */
const ATTEMPTS = 100;

/**
 * Makes a folder this process's until {@linkcode releaseFolders}; again if it is already.
 *
 * @throws {RunError} If another process works in it, naming that one, or it cannot be written to
 */
export function holdFolder(folder: string): void {
  makeFolder(folder);
  const real = Deno.realPathSync(folder);
  if (held.has(real)) return;
  const path = `${real}/${LOCK_FILE}`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const file = openLock(path, folder);
    if (!isFree(file, path)) {
      const holder = describeHolder(path);
      file.close();
      throw new RunError(
        `Cannot work in ${folder}: ${holder}; wait for it, or choose another folder`,
      );
    }
    if (isSame(file, path)) {
      writeHolder(file, path, folder);
      held.set(real, { path, file });
      return;
    }
    file.close(); // its last holder has removed it in between
  }
  throw new RunError(`Cannot work in ${folder}: ${LOCK_FILE} is removed again and again`);
}

/** Gives back the folders that this process works in. */
export function releaseFolders(): void {
  for (const { path, file } of held.values()) {
    try {
      if (isSame(file, path)) Deno.removeSync(path);
    } catch {
      // A lock file that stays is free: its lock ends with this process.
    }
    file.close();
  }
  held.clear();
}

function openLock(path: string, folder: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { read: true, write: true, createNew: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) {
      throw new RunError(`Cannot write ${folder}: ${(error as Error).message}`);
    }
  }
  const found = Deno.lstatSync(path);
  if (!found.isFile || (found.nlink ?? 1) > 1) {
    throw new RunError(
      `Cannot work in ${folder}: ${LOCK_FILE} is a link, expected a file; remove it`,
    );
  }
  try {
    return Deno.openSync(path, { read: true, write: true, create: true });
  } catch (error) {
    throw new RunError(`Cannot write ${folder}: ${(error as Error).message}`);
  }
}

/** Whether no other process has the lock; it is this one's then. */
function isFree(file: Deno.FsFile, path: string): boolean {
  try {
    return file.tryLockSync(true);
  } catch (error) {
    throw new RunError(`Cannot lock ${path}: ${(error as Error).message}`);
  }
}

function isSame(file: Deno.FsFile, path: string): boolean {
  try {
    const [mine, named] = [file.statSync(), Deno.lstatSync(path)];
    return mine.ino === named.ino && mine.dev === named.dev;
  } catch {
    return false;
  }
}

/** Writes who holds a lock. */
function writeHolder(file: Deno.FsFile, path: string, folder: string): void {
  const since = new Date().toISOString();
  const text = `${JSON.stringify({ process: Deno.pid, host: hostName(), since })}\n`;
  try {
    file.truncateSync(0);
    file.writeSync(new TextEncoder().encode(text));
  } catch (error) {
    // A disk without room for this line has none for any result.
    if (isSame(file, path)) Deno.removeSync(path);
    file.close();
    throw new RunError(`Cannot write ${folder}: ${(error as Error).message}`);
  }
}

/** Who works in a folder, by its lock file. */
function describeHolder(path: string): string {
  try {
    const { process, host, since } = JSON.parse(Deno.readTextFileSync(path));
    return `process ${process} on ${host} has worked in it since ${since}`;
  } catch {
    return "another process works in it";
  }
}

/** The host's name, where it may be known without a permission of its own. */
function hostName(): string {
  try {
    const sys = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
    if (sys.state === "granted") return Deno.hostname();
    const etc = Deno.permissions.querySync({ name: "read", path: "/etc/hostname" });
    if (etc.state === "granted") return Deno.readTextFileSync("/etc/hostname").trim();
  } catch {
    // As where there is no such file.
  }
  return "a host whose name may not be read";
}
