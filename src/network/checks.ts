/**
 * Checks of losses, batches and optimizer states that all engines share, with the same messages.
 */
import type { Batch } from "../features/dataset.ts";
import type { Architecture, InputWidths, Loss } from "../model.ts";
import type { NamedArrays } from "../numerics/arrays.ts";

/** A network's architecture and inputs, without its weights. */
export interface NetworkForm {
  readonly architecture: Architecture;
  /** Widths of the network's inputs. */
  readonly inputs: InputWidths;
}

/** Outputs per catalog. */
export function outputCount({ outputs }: Pick<Architecture, "outputs">): number {
  return OUTPUTS[outputs];
}

const OUTPUTS: Readonly<Record<Architecture["outputs"], number>> = {
  "value": 1,
  "mean and log variance": 2,
  "two means and covariance": 5,
};

/** Labels per catalog. */
export function labelCount({ outputs }: Pick<Architecture, "outputs">): number {
  return outputs === "two means and covariance" ? 2 : 1;
}

/**
 * Checks that a loss fits the network's outputs.
 *
 * @throws {TypeError} If it needs another number of them
 */
export function checkLoss(loss: Loss, architecture: Architecture): void {
  const needed = loss === "joint gaussian" ? 5 : loss === "gaussian" ? 2 : 1;
  const found = outputCount(architecture);
  if (needed !== found) {
    throw new TypeError(
      `Cannot take the loss ${loss}: the network has ${found} outputs per catalog, ${needed} expected`,
    );
  }
}

/** Inputs of a batch that an operation reads; regression from terse values reads no pixels. */
export type Reads = readonly ("pixels" | "supplementary")[];

/** Inputs of operations that begin with the encoder. */
export const ALL_INPUTS: Reads = ["pixels", "supplementary"];

/**
 * Throws unless a batch has catalogs and clusters, and inputs of their number.
 *
 * @throws {RangeError} If there is no catalog, or one has no cluster
 * @throws {TypeError} If an input has another length
 */
export function checkBatch(batch: Batch, inputs: InputWidths, reads: Reads): void {
  const { count, rowOffsets } = batch;
  if (count < 1) {
    throw new RangeError("Cannot run the network: the batch has 0 catalogs, should have 1 or more");
  }
  for (let c = 0; c < count; c++) {
    if (rowOffsets[c + 1]! <= rowOffsets[c]!) {
      throw new RangeError(
        `Cannot run the network: catalog ${c} of the batch has 0 clusters, should have 1 or more`,
      );
    }
  }
  const rows = rowOffsets[count]!;
  for (const name of reads) {
    const [found, wanted] = [batch[name].length, rows * inputs[name]];
    if (found !== wanted) {
      throw new TypeError(
        `Cannot run the network: the batch has ${found} values of ${name}, ${wanted} expected`,
      );
    }
  }
}

/**
 * Throws unless a batch has the values to which its terse values are tied.
 *
 * @throws {TypeError} If the tie has a weight, and there is not one value per cluster
 */
export function checkTie({ count, rowOffsets, tie }: Batch, weight: number): void {
  const rows = rowOffsets[count]!;
  if (weight === 0 || tie.length === rows) return;
  throw new TypeError(
    `Cannot take a step: the batch has ${tie.length} values to tie terse values to, ${rows} ` +
      "expected, one per cluster",
  );
}

/**
 * Checks that arrays are an optimizer's state: none, or a step count, with Adam's moments of every weight
 * or of none.
 *
 * @param shapes Shapes of all weights, by name
 * @throws {TypeError} If an array is missing, left over, or of another shape, naming it
 */
export function checkOptimizerState(
  state: NamedArrays,
  shapes: Readonly<Record<string, readonly number[]>>,
): void {
  const names = Object.keys(state);
  if (names.length === 0) return;
  const expected: Record<string, readonly number[]> = { step: [1] };
  if (names.length > 1) {
    for (const [name, shape] of Object.entries(shapes)) {
      expected[`${name}/m`] = shape;
      expected[`${name}/v`] = shape;
    }
  }
  for (const name of new Set([...names, ...Object.keys(expected)])) {
    const found = state[name] ? `[${state[name].shape.join(" x ")}]` : "missing";
    const wanted = expected[name] ? `[${expected[name].join(" x ")}]` : "no array";
    if (found !== wanted) {
      throw new TypeError(
        `Cannot use optimizer state: ${name} is ${found}, expected ${wanted}`,
      );
    }
  }
}
