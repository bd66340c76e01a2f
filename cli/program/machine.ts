/** What this machine can hold, and the refusal of what it cannot. */
import { getHeapStatistics } from "node:v8";
import type { Need } from "../../src/runs/needs.ts";
import { RunError } from "./errors.ts";

/** V8 gives its heap a quarter of the memory, but no more than 4 GB. */
const HEAP_SHARE = 4;

/** Characters of the longest string of V8. */
const LONGEST_STRING = 2 ** 29 - 24;

/** What a process can have here, in bytes and characters. */
export interface Room {
  readonly bytes: number;
  readonly objects: number;
  readonly characters: number;
}

/**
 * The room of this machine: its memory where it may be asked for (`--allow-sys`), else what follows from
 * V8's heap, which was measured when the process began.
 */
export function roomHere(): Room {
  const { heap_size_limit: objects } = getHeapStatistics();
  const sys = Deno.permissions.querySync({ name: "sys", kind: "systemMemoryInfo" });
  const bytes = sys.state === "granted" ? Deno.systemMemoryInfo().total : HEAP_SHARE * objects;
  return { bytes, objects, characters: LONGEST_STRING };
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

/**
 * Throws unless there is room for what is needed.
 *
 * @param action What cannot be done otherwise: "train"
 * @throws {RunError} Naming the largest need and its number
 */
export function requireRoom(action: string, needs: readonly Need[], room: Room = roomHere()): void {
  for (const kind of ["characters", "objects", "bytes"] as const) {
    const largest = needs.toSorted((a, b) => b[kind] - a[kind])[0];
    if (largest === undefined) return;
    const needed = kind === "characters"
      ? largest.characters
      : needs.reduce((sum, need) => sum + need[kind], 0);
    if (needed <= room[kind]) continue;
    const what = { characters: "of text", objects: "for objects", bytes: "of memory" }[kind];
    throw new RunError(
      `Cannot ${action}: it needs ${megabytes(needed)} MB ${what}, with ${largest.what}; ` +
        `${megabytes(room[kind])} MB are possible here`,
    );
  }
}
