/**
 * The shards of a batch: catalogs that go forward and backward by themselves, each into gradients
 * of its own, which are then summed in order. Where the cuts fall depends on the batch and on the
 * number of shards alone, so that the sums have the same bits for any number of threads.
 */
import type { CoreLayers } from "./layers.ts";

/** A run of neighboring catalogs of a batch. */
export interface Group {
  readonly thread: number;
  readonly from: number;
  readonly to: number;
}

/** Catalogs whose gradients are summed together. */
export interface Shard {
  readonly from: number;
  readonly to: number;
  /** Threads that work on the shard: one, or all on a single shard. */
  readonly threads: readonly number[];
}

/** Cuts catalogs into at most `number` groups, of as equal numbers of rows as can be. */
export function cutCatalogs(rowOffsets: Uint32Array, number: number): Omit<Group, "thread">[] {
  const count = rowOffsets.length - 1;
  const groups: Omit<Group, "thread">[] = [];
  const start = rowOffsets[0]!;
  const rows = rowOffsets[count]! - start;
  let from = 0;
  for (let g = 0; g < number; g++) {
    const goal = start + rows * (g + 1) / number;
    let to = from;
    while (to < count && (rowOffsets[to]! + rowOffsets[to + 1]!) / 2 <= goal) to++;
    if (to > from) groups.push({ from, to });
    from = to;
  }
  return groups;
}

/** A thread for each group: the largest group first, always to the thread with the fewest rows. */
function assignThreads(
  rowOffsets: Uint32Array,
  groups: readonly Omit<Group, "thread">[],
  threads: number,
): number[] {
  const rows = groups.map(({ from, to }) => rowOffsets[to]! - rowOffsets[from]!);
  const order = rows.map((_, g) => g).sort((a, b) => rows[b]! - rows[a]! || a - b);
  const loads = new Array<number>(threads).fill(0);
  const assigned = new Array<number>(groups.length);
  for (const g of order) {
    let thread = 0;
    for (let t = 1; t < threads; t++) if (loads[t]! < loads[thread]!) thread = t;
    loads[thread]! += rows[g]!;
    assigned[g] = thread;
  }
  return assigned;
}

/**
 * Cuts a batch into shards, each of which one thread takes, and into groups of catalogs that a thread takes
 * through the regression: the shards, or, if there is only one, as many groups as threads.
 */
export function cutShards(
  rowOffsets: Uint32Array,
  number: number,
  threads: number,
): { shards: Shard[]; groups: Group[] } {
  const cuts = cutCatalogs(rowOffsets, number);
  if (cuts.length > 1) {
    const assigned = assignThreads(rowOffsets, cuts, threads);
    const groups = cuts.map((cut, s) => ({ ...cut, thread: assigned[s]! }));
    const shards = groups.map(({ from, to, thread }) => ({ from, to, threads: [thread] }));
    return { shards, groups };
  }
  const all = Array.from({ length: threads }, (_, t) => t);
  return {
    shards: [{ from: 0, to: rowOffsets.length - 1, threads: all }],
    groups: cutCatalogs(rowOffsets, threads).map((cut, thread) => ({ ...cut, thread })),
  };
}

/** Bytes between the gradients of neighboring shards, in whole cache lines. */
export function shardBytes({ size }: CoreLayers): number {
  return Math.ceil(4 * size / 64) * 64;
}
