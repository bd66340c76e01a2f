/**
 * A set's batch in chunks of whole catalogs: each goes forward and backward by itself, on one
 * thread, while its activations are in the cache.
 */
import type { Chunk, Wave } from "../chunks.ts";
import { TILE } from "../panels.ts";
import type { PlanRequest } from "../plan_request.ts";
import type { Group, Shard } from "../shards.ts";
import { cutCatalogs } from "../shards.ts";

/** Rows per chunk; only a chunk of a single catalog may have more. */
const CHUNK_ROWS = 480;

/**
 * Rows per chunk where threads take chunks one after the other: fewer in the last part of a shard, of which
 * another thread may take some.
 */
const SHARED_ROWS = 240;
const LAST_ROWS = 120;
const LAST_PART = 0.4;

/** Rows that layers process at once where nothing is kept for a backward pass; see `blocks.ts`. */
export const BLOCK_ROWS = 3072;

/** Catalogs that go through all layers together. */
export interface SetChunk extends Chunk, Group {
  /** Index of the space for activations that the chunk uses. */
  readonly slot: number;
  /** The chunk's first row in panels with one row per catalog. */
  readonly place: number;
}

/** A batch's chunks. */
export interface SetChunks {
  /** The chunks, but for the table of their rows. */
  readonly cuts: readonly Omit<SetChunk, "rows">[];
  /** The chunks of each shard. */
  readonly shardChunks: readonly Wave[];
  /** Number of rows for which each slot must have space. */
  readonly slotRows: readonly number[];
  /** Number of rows of panels with one row per catalog. */
  readonly catalogRows: number;
  /** Whether any thread takes any chunk: in training, where each shard is one thread's at a time. */
  readonly areShared: boolean;
}

/** Rows of a slot that go through a layer at once. */
export function rowsAtOnce(rows: number, purpose: PlanRequest["purpose"]): number {
  return purpose === "training" ? rows : Math.min(rows, BLOCK_ROWS);
}

/**
 * Cuts every shard into chunks.
 *
 * A thread uses one slot for all its chunks, one after the other, unless threads share a shard whose
 * weight gradients they sum together: then every chunk keeps its activations until that is done. Where
 * any thread may take a chunk, all slots have the same rows.
 */
export function cutChunks(
  { rowOffsets, threads, purpose }: PlanRequest,
  shards: readonly Shard[],
): SetChunks {
  const cuts: Omit<SetChunk, "rows">[] = [];
  const shardChunks: Wave[] = [];
  const slotRows: number[] = [];
  const areShared = purpose === "training" && shards.every(({ threads }) => threads.length === 1);
  const isHelped = areShared && threads > 1;
  let place = 0;
  for (const shard of shards) {
    const start = cuts.length;
    const { length: even } = shard.threads;
    const offsets = rowOffsets.subarray(shard.from, shard.to + 1);
    const groups = isHelped ? cutHelped(offsets) : cutEvenly(offsets, CHUNK_ROWS, even);
    for (const [c, cut] of groups.entries()) {
      const [from, to] = [shard.from + cut.from, shard.from + cut.to];
      const first = rowOffsets[from]!;
      const count = rowOffsets[to]! - first;
      const thread = shard.threads[c % even]!;
      const slot = purpose === "training" && threads > 1 && even > 1 ? cuts.length : thread;
      const tiles = Math.ceil(count / TILE);
      slotRows[slot] = Math.max(slotRows[slot] ?? 0, tiles * TILE);
      cuts.push({ thread, first, count, tiles, from, to, slot, place });
      place += Math.ceil((to - from) / TILE) * TILE;
    }
    shardChunks.push({ from: start, to: cuts.length });
  }
  if (areShared) {
    const most = Math.max(...slotRows.map((rows) => rows ?? 0));
    for (let thread = 0; thread < threads; thread++) slotRows[thread] = most;
  }
  return { cuts, shardChunks, slotRows, catalogRows: place, areShared };
}

/** Catalogs in groups of so many rows at most, as many groups for each of some threads. */
function cutEvenly(offsets: Uint32Array, most: number, threads: number) {
  const rows = offsets.at(-1)! - offsets[0]!;
  return cutCatalogs(offsets, threads * Math.ceil(rows / (threads * most)));
}

/** Catalogs in groups, smaller ones at the end. */
function cutHelped(offsets: Uint32Array) {
  const [start, end] = [offsets[0]!, offsets.at(-1)!];
  const middle = end - LAST_PART * (end - start);
  const cut = offsets.findIndex((row) => row >= middle);
  const first = cut === 0 ? [] : cutEvenly(offsets.subarray(0, cut + 1), SHARED_ROWS, 1);
  const last = cutEvenly(offsets.subarray(cut), LAST_ROWS, 1);
  return [...first, ...last.map(({ from, to }) => ({ from: from + cut, to: to + cut }))];
}
