/**
 * What every engine refuses of a batch, in the same words.
 *
 * @module
 */
import type { Batch } from "../features/dataset.ts";

/**
 * Checks that a batch has what its terse values are to be tied to.
 *
 * @throws {TypeError} If the tie counts, and there is not one value per cluster
 */
export function checkTie({ count, rowOffsets, tie }: Batch, weight: number): void {
  const rows = rowOffsets[count]!;
  if (weight === 0 || tie.length === rows) return;
  throw new TypeError(
    `Cannot take a step: the batch has ${tie.length} values to tie terse values to, ${rows} ` +
      "expected, one per cluster",
  );
}
