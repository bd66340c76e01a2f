/** Runs the command line as its users do: in another process, with no permission but OUT. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Finished, Resident } from "./resident.ts";
import { startResident } from "./resident.ts";

export type { Finished } from "./resident.ts";

const MAIN = new URL("../cli/main.ts", import.meta.url).pathname;

/** Where the tests of this isolate have their folders. */
const ROOT = Deno.makeTempDirSync({ prefix: "terse_tests_" });
addEventListener("unload", () => Deno.removeSync(ROOT, { recursive: true }));

const testFolders = new Set<string>();

/** Makes a folder for the tests of a file; it is removed after them. */
export function makeTestFolder(name: string): string {
  const folder = Deno.makeTempDirSync({ dir: ROOT, prefix: `${name}_` });
  testFolders.add(folder);
  return folder;
}

/** A folder of which nothing is written. */
const NOWHERE = "";

/** Reading everything, and writing to one folder; nothing at all without a folder. */
const permissionsFor = (folder: string): string[] =>
  folder === NOWHERE ? ["--no-prompt"] : ["--no-prompt", "--allow-read", `--allow-write=${folder}`];

/** The folders of files that are run together share a process, which may write to all of them. */
const placeOf = (folder: string): string => testFolders.has(folder) ? ROOT : folder;

/** The command of a process that may read everything and write to `folder` alone. */
export function command(folder: string, ...args: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissionsFor(folder), MAIN, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Processes that wait for a command, by the folder that they may write to. */
const residents = new Map<string, Resident | "busy">();
Deno.test.afterAll(async () => {
  for (const resident of residents.values()) if (resident !== "busy") await resident.end();
});

/**
 * Runs to the end, with the permissions of {@linkcode command}: commands that follow each other share a
 * process, and one that begins before another's end has its own.
 */
export async function terse(folder: string, ...args: string[]): Promise<Finished> {
  const place = placeOf(folder);
  const found = residents.get(place);
  if (found === "busy") return decode(await command(folder, ...args).output());
  residents.set(place, "busy");
  const resident = found ?? startResident(permissionsFor(place));
  const finished = await resident.run(args);
  if (resident.isAlive()) residents.set(place, resident);
  else residents.delete(place);
  return finished;
}

/** Runs to the end as {@linkcode terse} does, without any permission. */
export async function terseAlone(...args: string[]): Promise<Finished> {
  return await terse(NOWHERE, ...args);
}

/** Text of what a process wrote. */
export function decode({ code, stdout, stderr }: Deno.CommandOutput): Finished {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Checks that a command did its work, and returns its JSON document. */
export function documentOf({ code, stdout, stderr }: Finished): Record<string, unknown> {
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout);
}

/** Checks that a command was refused with one clear line that has these words in it. */
export function assertRefused(
  { code, stdout, stderr }: Finished,
  expectedCode: 1 | 2,
  ...words: string[]
): void {
  const lines = stderr.trimEnd().split("\n").filter((line) => line.startsWith("terse: "));
  assertEquals(lines.length, 1, stderr);
  assert(lines[0]!.startsWith("terse: Cannot "), stderr);
  for (const word of words) assertStringIncludes(lines[0]!, word);
  assert(!/^\s+at |Stack|error:/m.test(stderr), stderr);
  assertEquals(stdout, "");
  assertEquals(code, expectedCode, stderr);
}

/** Options of a design of 12 catalogs instead of 4968. */
export const SMALL: readonly string[] = [
  "--set=catalog.priors.sigma8.step=0.02",
  ...["luminosityBias", "temperatureBias", "gasMassBias"].flatMap((name) => [
    `--set=catalog.priors.${name}.min=1`,
    `--set=catalog.priors.${name}.max=1`,
  ]),
];

/** The bytes of every file under a folder, by path. */
export function readFolder(folder: string): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) {
      for (const [inner, bytes] of Object.entries(readFolder(path))) {
        files[`${name}/${inner}`] = bytes;
      }
    } else files[name] = Deno.readFileSync(path);
  }
  return files;
}
