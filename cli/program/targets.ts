/**
 * Where a command may write: inside of the folder that was named to it, whatever links lie in it;
 * never on a file that it reads, nor on one of a run that it was not told to work in.
 */
import { RunError } from "./errors.ts";
import { FILES, LOCK_FILE, RUN_FOLDERS } from "./run_files.ts";

/** A folder that a command writes to. */
export interface Place {
  readonly folder: string;
  /** The only file of it that is meant; all of them if left out. */
  readonly file?: string;
  /** A run works in its own folder; what is exported may lie anywhere but on a run's files. */
  readonly kind: "run" | "export";
}

/** What a command was told to read, and where it writes. */
interface Ledger {
  places: readonly Place[];
  /** Options that name inputs, by the inode of the file. */
  inputs: ReadonlyMap<string, string>;
  /** Files of runs that the command reads, by inode. */
  runFiles: ReadonlyMap<string, string>;
  /** Folders that were made, in that order. */
  made: string[];
}

const NOTHING: Omit<Ledger, "made"> = { places: [], inputs: new Map(), runFiles: new Map() };
const ledger: Ledger = { ...NOTHING, made: [] };

/** Begins a command. */
export function openLedger(entries: Omit<Ledger, "made">): void {
  Object.assign(ledger, entries, { made: [] });
}

/** Ends a command; after one that failed, folders that it made and left empty are removed. */
export function closeLedger(outcome: "done" | "failed"): void {
  for (const folder of outcome === "failed" ? ledger.made.toReversed() : []) {
    try {
      Deno.removeSync(folder);
    } catch {
      // It holds something, which is kept.
    }
  }
  Object.assign(ledger, NOTHING, { made: [] });
}

/** What distinguishes a file from all others, whatever its names; `null` if there is none. */
export function inodeOf(path: string): string | null {
  try {
    const { dev, ino } = Deno.statSync(path);
    return ino === null ? null : `${dev}:${ino}`;
  } catch {
    return null;
  }
}

/** Other processes may remove a folder of theirs in between: more often than this is no accident. */
const MOST_TRIES = 10;

/**
 * Makes a folder and those above it, all inside of the place that it belongs to. Another process may make the
 * same ones at the same time.
 *
 * @throws {RunError} If it cannot be made, or a link leads out of the place
 */
export function makeFolder(path: string): void {
  refuseOutside(path);
  try {
    for (let tries = 1; !makeMissing(path, tries === MOST_TRIES); tries++);
    if (!Deno.statSync(path).isDirectory) throw new Error("it is a file");
  } catch (error) {
    throw new RunError(`Cannot make folder ${path}: ${(error as Error).message}`);
  }
  refuseOutside(path);
}

/** Makes what is missing of a path; `false` if a folder above it went away meanwhile. */
function makeMissing(path: string, last: boolean): boolean {
  const missing: string[] = [];
  for (let folder = path; lstat(folder) === null; folder = parentOf(folder)) missing.push(folder);
  for (const folder of missing.toReversed()) {
    try {
      Deno.mkdirSync(folder);
      ledger.made.push(folder);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound && !last) return false;
      // Another process was first: the folder is there, and is not this command's to remove.
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
  return true;
}

/**
 * Throws unless a file may be written.
 *
 * @throws {RunError} Saying what it is and what it should be
 */
export function checkTarget(path: string): void {
  refuseOutside(path);
  const found = lstat(path);
  if (found === null) return refuseRunFile(path);
  const inode = inodeOf(path);
  const input = inode === null ? undefined : ledger.inputs.get(inode);
  if (input !== undefined) {
    throw new RunError(`Cannot write ${path}: it is the file that ${input} names, choose another`);
  }
  refuseRunFile(path);
  if (!found.isSymlink && !found.isFile) {
    throw new RunError(`Cannot write ${path}: it is a folder, device or pipe, expected a file`);
  }
  if ((found.nlink ?? 1) > 1) {
    throw new RunError(
      `Cannot write ${path}: the file has ${found.nlink} names (hard links), expected 1; remove this one ` +
        "or choose another",
    );
  }
}

/** Throws if a path, followed through its links, lies outside of the place it belongs to. */
function refuseOutside(path: string): void {
  const { folder } = placeOf(path);
  if (lstat(folder) === null) return; // nothing lies in it yet
  const root = Deno.realPathSync(folder);
  let existing = path;
  while (lstat(existing) === null) existing = parentOf(existing);
  let real: string;
  try {
    real = Deno.realPathSync(existing);
  } catch {
    throw new RunError(`Cannot write ${path}: ${existing} is a link that leads nowhere`);
  }
  if (real === root || real.startsWith(root === "/" ? root : `${root}/`)) return;
  throw new RunError(
    `Cannot write ${path}: ${
      existing === path ? "it" : existing
    } is a link to ${real}, outside of ${folder}`,
  );
}

/** The innermost place that a path lies in; outside of all, the folder of the file. */
function placeOf(path: string): Place {
  const inside = ledger.places.filter(({ folder, file }) =>
    file === undefined
      ? path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`)
      : path === file
  );
  const exact = inside.find(({ file }) => file !== undefined);
  const longest = inside.toSorted((a, b) => b.folder.length - a.folder.length)[0];
  return exact ?? longest ?? { folder: parentOf(path), kind: "run" };
}

/** Throws if a path is a file of a run, and the command does not work in that run. */
function refuseRunFile(path: string): void {
  if (placeOf(path).kind === "run") return;
  const run = ledger.runFiles.get(inodeOf(path) ?? "") ?? ownerOf(path);
  if (run === undefined) return;
  throw new RunError(
    `Cannot write ${path}: it is a file of the run folder ${run}, choose another name or folder`,
  );
}

const OWNED: ReadonlySet<string> = new Set([...Object.values(FILES), LOCK_FILE]);

/** The run folder whose file a path names. */
function ownerOf(path: string): string | undefined {
  const folder = parentOf(path);
  const name = path.slice(path.lastIndexOf("/") + 1);
  const isRun = (candidate: string) => lstat(`${candidate}/${FILES.experiment}`) !== null;
  if (OWNED.has(name) && isRun(folder)) return folder;
  const inner = RUN_FOLDERS.some((known) => realPath(folder).endsWith(`/${known}`));
  const outer = `${folder}/..`;
  return inner && isRun(outer) ? realPath(outer) : undefined;
}

function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}

/** The folder that a path lies in. */
export function parentOf(path: string): string {
  const at = path.replace(/\/+$/, "").lastIndexOf("/");
  return at < 0 ? "." : at === 0 ? "/" : path.slice(0, at);
}

function lstat(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new RunError(`Cannot write ${path}: ${(error as Error).message}`);
  }
}
