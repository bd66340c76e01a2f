/**
 * What a command's options name: files that it reads, and places where it writes. They are compared
 * and locked before the command begins, and left as they were if it fails.
 */
import { RunError } from "./errors.ts";
import type { FileRole } from "./file_role.ts";
import { exists } from "./files.ts";
import { holdFolder, releaseFolders } from "./folder_lock.ts";
import type { Options } from "./options.ts";
import { dropHeld } from "./outputs.ts";
import { closePipes, keepPipe } from "./pipes.ts";
import type { Place } from "./targets.ts";
import { checkTarget, closeLedger, inodeOf, openLedger, parentOf } from "./targets.ts";
import { FILES } from "./run_files.ts";

interface Named {
  readonly option: string;
  readonly role: FileRole;
  readonly path: string;
}

/**
 * Runs a command with its files checked and its folder locked.
 *
 * @param options The command's, of which those with a role name files
 * @param values Their values
 * @param workFolder The folder that no other process may work in meanwhile; undefined for none
 * @param action The command's work
 * @param files Inputs that are given without an option
 * @throws {RunError} If an output is an input, another process works in the folder, or a pipe has no
 * writer
 */
export async function withFiles<T>(
  options: Options,
  values: object,
  workFolder: string | undefined,
  action: () => Promise<T>,
  files: readonly string[] = [],
): Promise<T> {
  const named = [
    ...listNamed(options, values),
    ...files.map((path): Named => ({ option: "FILE", role: "input", path })),
  ];
  const of = (role: FileRole) => named.filter((entry) => entry.role === role);
  let outcome: "done" | "failed" = "failed";
  try {
    openLedger({
      places: [
        ...of("output").map(({ path }) => exportTo(path)),
        ...of("export folder").map(({ path }): Place => ({ folder: path, kind: "export" })),
        ...[...of("run folder"), ...of("input run")].map(
          ({ path }): Place => ({ folder: path, kind: "run" }),
        ),
      ],
      inputs: byInode(
        of("input").map(({ option, path }) => [path, option === "FILE" ? option : `--${option}`]),
      ),
      runFiles: byInode(
        of("input run").flatMap(({ path }) =>
          Object.values(FILES).map((name) => [`${path}/${name}`, path])
        ),
      ),
    });
    for (const { path } of of("output")) checkTarget(path);
    for (const { path } of of("input")) await openPipe(path);
    if (workFolder !== undefined && exists(workFolder)) holdFolder(workFolder);
    const result = await action();
    outcome = "done";
    return result;
  } finally {
    closePipes();
    dropHeld();
    releaseFolders();
    closeLedger(outcome);
  }
}

function exportTo(path: string): Place {
  return { folder: parentOf(path), file: path, kind: "export" };
}

function listNamed(options: Options, values: object): Named[] {
  return Object.entries(options).flatMap(([option, { role }]) => {
    const value = (values as Readonly<Record<string, unknown>>)[option];
    const paths = Array.isArray(value) ? value : [value];
    return role === undefined
      ? []
      : paths.flatMap((path) => typeof path === "string" ? [{ option, role, path }] : []);
  });
}

function byInode(entries: readonly (readonly [string, string])[]): Map<string, string> {
  return new Map(entries.flatMap(([path, name]) => {
    const inode = inodeOf(path);
    return inode === null ? [] : [[inode, name] as const];
  }));
}

/** How long a pipe may be without a writer. */
const WRITER_SECONDS = 10;

/** Opens an input that is a pipe, which waits for a writer. */
async function openPipe(path: string): Promise<void> {
  if (!isPipe(path)) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), WRITER_SECONDS * 1000);
  });
  const file = await Promise.race([Deno.open(path), late]).finally(() => clearTimeout(timer));
  if (file === null) {
    throw new RunError(
      `Cannot read ${path}: it is a pipe that no program writes to, waited ${WRITER_SECONDS} s`,
    );
  }
  keepPipe(path, file);
}

function isPipe(path: string): boolean {
  try {
    return Deno.statSync(path).isFifo === true;
  } catch {
    return false; // which whoever reads it will say
  }
}
