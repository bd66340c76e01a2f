/** Panels of rows in the core's memory, and the addresses that are given out for them. */
import { PANEL } from "./layers.ts";
import type { CoreMemory } from "./memory.ts";

/** Bytes per row of a panel. */
export const ROW: number = 4 * PANEL;
/** Rows per tile of a product. */
export const TILE = 6;

/** Panels in memory: panel p of a batch begins at `start + p * stride`. */
export interface Panels {
  readonly start: number;
  readonly stride: number;
}

/** A table of row offsets, six per tile. */
export interface RowTable {
  readonly rows: number;
  readonly tiles: number;
}

/** An allocator of consecutive addresses. */
export class Arena {
  next: number;
  readonly tables: { readonly address: number; readonly values: ArrayLike<number> }[] = [];

  constructor(start: number) {
    this.next = start;
  }

  take(bytes: number): number {
    const address = this.next;
    this.next += Math.ceil(bytes / 64) * 64;
    return address;
  }

  table(values: ArrayLike<number>): number {
    const address = this.take(4 * Math.ceil(values.length / 4) * 4);
    this.tables.push({ address, values });
    return address;
  }

  panels(count: number, rows: number): Panels {
    const stride = rows * ROW;
    return { start: this.take(count * stride), stride };
  }
}

/** A run of neighboring rows. */
export interface Run {
  readonly first: number;
  readonly rows: number;
}

/** Offsets of runs of rows in a panel, padded to whole tiles with an unused row. */
export function rowTable(
  runs: readonly Run[],
  spare: number,
  arena: Arena,
): RowTable {
  const tiles = Math.ceil(runs.reduce((sum, { rows }) => sum + rows, 0) / TILE);
  const [run] = runs;
  if (runs.length === 1 && run!.first === 0 && run!.rows === tiles * TILE) {
    return { rows: arena.table(firstRows(run!.rows)), tiles };
  }
  const offsets = new Int32Array(tiles * TILE);
  let next = 0;
  for (const { first, rows } of runs) {
    for (let r = 0; r < rows; r++) offsets[next++] = (first + r) * ROW;
  }
  offsets.fill(spare * ROW, next);
  return { rows: arena.table(offsets), tiles };
}

/** Offsets that {@linkcode firstRows} has given. */
let first = new Int32Array(0);

/** Offsets of so many rows of a panel, from its first on. */
export function firstRows(rows: number): Int32Array {
  if (first.length < rows) first = Int32Array.from({ length: 2 * rows }, (_, r) => r * ROW);
  return first.subarray(0, rows);
}

/** Writes an arena's tables to memory that has been allocated. */
export function writeTables(
  { tables }: { readonly tables: Arena["tables"] },
  { ints }: CoreMemory,
): void {
  for (const { address, values } of tables) ints.set(values, address / 4);
}
