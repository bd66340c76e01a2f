/**
 * Catalogs that are too tall for the cache, block by block where nothing is kept for a backward
 * pass: a million clusters then need room for the inputs of all, and for the layers of one block.
 */
import type { Chunk } from "../chunks.ts";
import type { CoreLayer } from "../layers.ts";
import * as op from "../opcodes.ts";
import type { Panels } from "../panels.ts";
import { ROW, TILE } from "../panels.ts";
import { addForward } from "../products.ts";
import type { SetChunk } from "./chunks.ts";
import { BLOCK_ROWS } from "./chunks.ts";
import type { SetSetting } from "./places.ts";

/** Whether a chunk goes through the layers block by block. */
export function isTall({ plan }: SetSetting, { from }: SetChunk): boolean {
  return plan.tall.catalogs.has(from);
}

/** A chunk's rows in blocks, whatever their catalogs; a chunk that is not tall is one block. */
export function blocksOf(setting: SetSetting, chunk: SetChunk): readonly Chunk[] {
  if (!isTall(setting, chunk)) return [chunk];
  return Array.from(
    { length: Math.ceil(chunk.count / BLOCK_ROWS) },
    (_, b) => blockOf(chunk, chunk.first, chunk.count, b),
  );
}

function blockOf({ thread, rows }: SetChunk, first: number, count: number, b: number): Chunk {
  const size = Math.min(BLOCK_ROWS, count - b * BLOCK_ROWS);
  return {
    thread,
    rows,
    first: first + b * BLOCK_ROWS,
    count: size,
    tiles: Math.ceil(size / TILE),
  };
}

/** The layers that a chunk's blocks go through. */
export interface BlockLayers {
  readonly layers: readonly CoreLayer[];
  /** Activations of a block; the first are its input. */
  readonly values: readonly Panels[];
  /** Panels of a block's input, for layers that read it elsewhere or need it written. */
  input(block: Chunk): Panels;
}

/**
 * Layers of every row of a tall chunk, each followed by a leaky ReLU, and the mean of the last one over each
 * catalog's rows: blocks are summed by themselves, and their sums then.
 *
 * @param y Receives a row for each catalog
 */
export function addBlockMeans(
  setting: SetSetting,
  chunk: SetChunk,
  { layers, values, input }: BlockLayers,
  y: Panels,
): void {
  const { plan, program } = setting;
  const { sums } = plan.slots[chunk.slot]!;
  const { nPanels } = layers.at(-1)!;
  const last = values.at(-1)!;
  for (let c = chunk.from; c < chunk.to; c++) {
    const { first, rows, offsets, ends } = plan.tall.catalogs.get(c)!;
    for (let b = 0; b * BLOCK_ROWS < rows; b++) {
      const block = blockOf(chunk, first, rows, b);
      let x = input(block);
      for (const [i, layer] of layers.entries()) {
        const output = values[i + 1]!;
        addForward(setting, chunk.thread, layer, { table: block, x, y: output }, true);
        x = output;
      }
      program.add(op.GATHER, chunk.thread, [
        ...[last.start, last.stride, nPanels, offsets, b, b + 1],
        ...[sums.start, sums.stride, 0, 0],
      ], [0]);
    }
    // A slope at zero scales the sum to a mean.
    program.add(op.GATHER, chunk.thread, [
      ...[sums.start, sums.stride, nPanels, ends, 0, 1],
      ...[y.start + c * ROW, y.stride, 0, plan.tall.zeros],
    ], [1 / rows]);
  }
}
