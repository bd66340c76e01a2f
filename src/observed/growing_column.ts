/**
 * Numbers of a column whose length is not yet known, in blocks: doubling one array would take three
 * times the space for a moment.
 */
import { release } from "../numerics/arrays.ts";

/** Number of values in the first block of a short table, and in every block of a long one. */
const LEAST = 64;
const BLOCK = 65536;

/** A column that grows while its rows are read; rows that are not set are NaN. */
export class GrowingColumn {
  readonly #blocks: Float64Array<ArrayBuffer>[] = [];

  /** Sets the value of a row. */
  set(row: number, value: number): void {
    const place = Math.floor(row / BLOCK);
    const at = row - place * BLOCK;
    let block = this.#blocks[place];
    if (block === undefined || block.length <= at) block = this.#grow(place, at);
    block[at] = value;
  }

  /** All values, [rows]; the column is empty afterwards. */
  take(rows: number): Float64Array<ArrayBuffer> {
    const values = new Float64Array(rows).fill(NaN);
    for (const [place, block] of this.#blocks.entries()) {
      values.set(block.subarray(0, rows - place * BLOCK), place * BLOCK);
      release(block);
    }
    this.#blocks.length = 0;
    return values;
  }

  /** A block with room for the value `at`. */
  #grow(place: number, at: number): Float64Array<ArrayBuffer> {
    while (this.#blocks.length < place) this.#grow(this.#blocks.length, BLOCK - 1);
    const old = this.#blocks[place];
    const size = place > 0 ? BLOCK : Math.min(BLOCK, Math.max(LEAST, 2 * at));
    const block = new Float64Array(size).fill(NaN);
    if (old) block.set(old);
    this.#blocks[place] = block;
    return block;
  }
}
