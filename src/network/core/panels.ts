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

/** A table of row offsets, filled up to whole tiles of six, and the number of rows. */
export interface RowTable {
  readonly rows: number;
  readonly count: number;
}

/** Words that are written to an address once there is memory: as values, or by a function. */
export interface Table {
  readonly address: number;
  readonly length: number;
  readonly content: ArrayLike<number> | ((words: Int32Array) => void);
}

/** A table of these values. */
export function tableOf(address: number, values: ArrayLike<number>): Table {
  return { address, length: values.length, content: values };
}

/** An allocator of consecutive addresses. */
export class Arena {
  next: number;
  readonly tables: Table[] = [];

  constructor(start: number) {
    this.next = start;
  }

  take(bytes: number): number {
    const address = this.next;
    this.next += Math.ceil(bytes / 64) * 64;
    return address;
  }

  table(values: ArrayLike<number>): number {
    return this.fill(values.length, values);
  }

  /** A table that a function writes where it lies. */
  fill(length: number, content: Table["content"]): number {
    const address = this.take(4 * length);
    this.tables.push({ address, length, content });
    return address;
  }

  panels(count: number, rows: number): Panels {
    const stride = rows * ROW;
    return { start: this.take(count * stride), stride };
  }
}

/** Runs of neighboring rows: the first of each, and their number. */
export interface Runs {
  readonly starts: ArrayLike<number>;
  readonly heights: ArrayLike<number>;
  readonly from: number;
  readonly to: number;
}

/** Offsets in a panel of the runs `from` to `to`, padded to whole tiles with an unused row. */
export function rowTable(
  { starts, heights, from, to }: Runs,
  spare: number,
  arena: Arena,
): RowTable {
  let count = 0;
  for (let run = from; run < to; run++) count += heights[run]!;
  const tiles = Math.ceil(count / TILE);
  const write = (offsets: Int32Array) => {
    let next = 0;
    for (let run = from; run < to; run++) {
      let offset = starts[run]! * ROW;
      const end = next + heights[run]!;
      for (; next < end; next++, offset += ROW) offsets[next] = offset;
    }
    offsets.fill(spare * ROW, next);
  };
  return { rows: arena.fill(tiles * TILE, write), count };
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
  { tables }: { readonly tables: readonly Table[] },
  { ints }: CoreMemory,
): void {
  for (const { address, length, content } of tables) {
    if (typeof content !== "function") ints.set(content, address / 4);
    else content(ints.subarray(address / 4, address / 4 + length));
  }
}
