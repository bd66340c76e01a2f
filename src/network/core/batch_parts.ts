/** Parts of a batch that are small enough to be predicted or encoded at once. */
import type { Batch } from "../../features/dataset.ts";
import type { InputWidths } from "../../model.ts";

/** Rows that are predicted or encoded at once; larger batches are cut between catalogs. */
const INFERENCE_ROWS = 4096;

/** Parts of a batch of at most INFERENCE_ROWS rows, or one catalog. */
function* cutBatch(
  { count, rowOffsets, pixels, supplementary, labels, tie }: Batch,
  inputs: InputWidths,
): Generator<{ part: Batch; first: number }> {
  let from = 0;
  while (from < count) {
    const first = rowOffsets[from]!;
    let to = from + 1;
    while (to < count && rowOffsets[to + 1]! - first <= INFERENCE_ROWS) to++;
    const end = rowOffsets[to]!;
    const part: Batch = {
      count: to - from,
      rowOffsets: rowOffsets.slice(from, to + 1).map((row) => row - first),
      pixels: pixels.subarray(first * inputs.pixels, end * inputs.pixels),
      supplementary: supplementary.subarray(
        first * inputs.supplementary,
        end * inputs.supplementary,
      ),
      labels: labels.subarray(from, to),
      tie: tie.length === 0 ? tie : tie.subarray(first, end),
    };
    yield { part, first };
    from = to;
  }
}

/**
 * Runs a batch part by part and joins the results.
 *
 * @param run Takes a part and the batch's row that is its first
 */
export function runParts(
  batch: Batch,
  inputs: InputWidths,
  run: (part: Batch, first: number) => Float32Array,
): Float32Array {
  const results: Float32Array[] = [];
  for (const { part, first } of cutBatch(batch, inputs)) results.push(run(part, first));
  const joined = new Float32Array(results.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const result of results) {
    joined.set(result, start);
    start += result.length;
  }
  return joined;
}
