/** The encoder's rows in chunks that stay in the cache through all its layers. */
import type { Chunk, Wave } from "../chunks.ts";
import type { Arena, Panels } from "../panels.ts";
import { firstRows, ROW, TILE } from "../panels.ts";
import type { PlanRequest } from "../plan_request.ts";
import type { Shard } from "../shards.ts";

/** Pairs of tiles of a chunk: a multiple of four rows, as the weight gradient sums them. */
const CHUNK_PAIRS = 10;

/** Places of the encoder's rows and activations. */
export interface ChunkPlan {
  readonly chunks: readonly Chunk[];
  /** The chunks of each shard. */
  readonly shardChunks: readonly Wave[];
  /** Whether any thread takes any chunk: in training, where all threads share the only shard. */
  readonly areShared: boolean;
  /** Table of the chunks' numbers of rows. */
  readonly chunkCounts: number;
  /** Bytes from one chunk to the next, by layer: 0 is the input. */
  readonly chunkBytes: readonly number[];
  /** Activations of encoder layer i (0: the input), of a chunk. */
  hidden(layer: number, chunk: number): Panels;
  /** Gradients of the activations of encoder layer i of a chunk. */
  hiddenGradient(layer: number, chunk: number): Panels;
}

/** Cuts each shard's rows into chunks of equal numbers of tiles, as many for each of its threads. */
export function planChunks(
  { layers, rowOffsets, threads, purpose }: PlanRequest,
  shards: readonly Shard[],
  arena: Arena,
): ChunkPlan {
  const cuts = shards.map((shard) => {
    const start = rowOffsets[shard.from]!;
    const rows = rowOffsets[shard.to]! - start;
    const pairs = Math.ceil(rows / (2 * TILE));
    const even = shard.threads.length;
    const number = Math.min(pairs, even * Math.ceil(pairs / (even * CHUNK_PAIRS)));
    return { start, rows, pairs, number, threads: shard.threads };
  });
  const capacity = Math.max(...cuts.map(({ pairs, number }) => Math.ceil(pairs / number))) *
    2 * TILE;
  const table = arena.table(firstRows(capacity));
  const chunks: Chunk[] = [];
  const shardChunks = cuts.map(({ start, rows, pairs, number, threads }): Wave => {
    const from = chunks.length;
    for (let c = 0; c < number; c++) {
      const first = Math.floor(c * pairs / number) * 2 * TILE;
      const end = Math.floor((c + 1) * pairs / number) * 2 * TILE;
      const count = Math.min(rows, end) - first;
      const place = { thread: threads[c % threads.length]!, first: start + first, count };
      chunks.push({ ...place, tiles: Math.ceil(count / TILE), rows: table });
    }
    return { from, to: chunks.length };
  });
  const number = chunks.length;
  const areShared = purpose === "training" && shards.length === 1 && threads > 1;
  const stride = capacity * ROW;
  const panels = [layers.encoder[0]!.kPanels, ...layers.encoder.map(({ nPanels }) => nPanels)];
  const chunkBytes = panels.map((count) => count * stride);
  const chunkCounts = arena.table(chunks.map(({ count }) => count));
  const shape = { chunks, shardChunks, areShared, chunkCounts, chunkBytes };
  if (purpose === "inference") {
    const widest = Math.max(...chunkBytes);
    const buffers = Array.from({ length: 2 * threads }, () => arena.take(widest));
    const terse = arena.take(number * chunkBytes.at(-1)!);
    const hidden = (layer: number, chunk: number) => ({
      start: layer === layers.encoder.length
        ? terse + chunk * chunkBytes.at(-1)!
        : buffers[2 * chunks[chunk]!.thread + layer % 2]!,
      stride,
    });
    return { ...shape, hidden, hiddenGradient: hidden };
  }
  const values = chunkBytes.map((bytes) => arena.take(number * bytes));
  const gradients = chunkBytes.map((bytes) => arena.take(number * bytes));
  const place = (starts: readonly number[]) => (layer: number, chunk: number): Panels => ({
    start: starts[layer]! + chunk * chunkBytes[layer]!,
    stride,
  });
  return { ...shape, hidden: place(values), hiddenGradient: place(gradients) };
}
