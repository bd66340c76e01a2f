/** Reads results from the core's memory. */
import type { BatchPlan } from "./batch_plan.ts";
import type { Chunk } from "./chunks.ts";
import { PANEL } from "./layers.ts";
import type { CoreMemory } from "./memory.ts";
import type { Panels } from "./panels.ts";
import { ROW } from "./panels.ts";

/**
 * The mean loss of a batch.
 *
 * @throws {RangeError} If it is not finite
 */
export function readLoss({ memory }: CoreMemory, { losses, count }: BatchPlan): number {
  const values = new Float64Array(memory.buffer, losses, count);
  const loss = values.reduce((sum, value) => sum + value, 0) / count;
  if (!Number.isFinite(loss)) {
    throw new RangeError(
      `Cannot take a step: the loss is ${loss}, a finite number is needed; the weights are kept`,
    );
  }
  return loss;
}

/** Reads rows of panels, [rows x width], into an array from its row `first` on. */
export function readPanels(
  { floats }: CoreMemory,
  { start, stride }: Panels,
  rows: number,
  width: number,
  values: Float32Array = new Float32Array(rows * width),
  first: number = 0,
): Float32Array {
  for (let j = 0; j < width; j++) {
    const lane = (start + (j >> 3) * stride) / 4 + (j % PANEL);
    for (let r = 0; r < rows; r++) values[(first + r) * width + j] = floats[lane + r * (ROW / 4)]!;
  }
  return values;
}

/** Reads the rows of all chunks from their panels, [rows x width]. */
export function readRows(
  memory: CoreMemory,
  plan: { readonly rows: number; readonly chunks: readonly Chunk[] },
  panelsOf: (chunk: number) => Panels,
  width: number,
): Float32Array {
  const values = new Float32Array(plan.rows * width);
  for (const [c, { first, count }] of plan.chunks.entries()) {
    readPanels(memory, panelsOf(c), count, width, values, first);
  }
  return values;
}
