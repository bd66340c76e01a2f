/**
 * What the core refuses: architectures, batches, losses and optimiser states that do not fit.
 *
 * @module
 */
import type { Batch } from "../../features/dataset.ts";
import type { Architecture, InputWidths, Loss } from "../../model.ts";
import type { NamedArrays } from "../../numerics/arrays.ts";
import type { NetworkForm } from "./network_form.ts";

/** Refuses widths that are not whole numbers from 1 on, rates outside [0, 1), and a set of no layers. */
export function checkArchitecture({ architecture, inputs }: NetworkForm): void {
  const { encoder, regression, convolution, cluster, context, dense, dropout } = architecture;
  const widths = { pixels: [inputs.pixels], encoder, convolution, cluster, context, dense };
  for (const [name, values] of Object.entries(widths)) {
    const bad = values.find((width) => !Number.isInteger(width) || width < 1);
    if (bad !== undefined) {
      refuse(`a width of ${name} is ${bad}, a whole number from 1 on is needed`);
    }
  }
  for (const [name, rate] of Object.entries(dropout)) {
    if (rate >= 0 && rate < 1) continue;
    refuse(`dropout.${name} is ${rate}, at least 0 and below 1 is needed`);
  }
  if (regression === "convolution") return;
  if (cluster.length < 1) refuse("cluster is [], a set needs one width or more");
  if (context.length === 1) {
    refuse(`context is [${context}], none or two widths or more are needed`);
  }
  const frequency = architecture.frequencies.find((value) => !Number.isFinite(value));
  if (frequency !== undefined) refuse(`a frequency is ${frequency}, a finite number is needed`);
}

function refuse(reason: string): never {
  throw new RangeError(`Cannot create a network: ${reason}`);
}

/** Refuses a loss of another number of outputs. */
export function checkLoss(loss: Loss, { outputs }: Architecture): void {
  const needed = loss === "gaussian" ? 2 : 1;
  const found = outputs === "value" ? 1 : 2;
  if (needed !== found) {
    throw new TypeError(
      `Cannot take the loss ${loss}: the network has ${found} outputs a catalog, ${needed} expected`,
    );
  }
}

/** Refuses numbers of shards that are not whole numbers from 1 on. */
export function checkShards(shards: number): void {
  if (Number.isInteger(shards) && shards >= 1) return;
  throw new RangeError(
    `Cannot take a step: shards is ${shards}, a whole number from 1 on is needed`,
  );
}

/** Inputs of a batch that a verb reads; regression from given terse values reads no pixels. */
export type Reads = readonly ("pixels" | "supplementary")[];

/** Refuses a batch without catalogs or clusters, or with arrays of other lengths. */
export function checkBatch(batch: Batch, inputs: InputWidths, reads: Reads): void {
  const { count, rowOffsets } = batch;
  if (count < 1) throw new RangeError("Cannot run the network: the batch has no catalog");
  for (let c = 0; c < count; c++) {
    if (rowOffsets[c + 1]! <= rowOffsets[c]!) {
      throw new RangeError(`Cannot run the network: catalog ${c} of the batch has no cluster`);
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

/** An optimiser's state is empty, or a step count, with the moments of every weight or of none. */
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
        `Cannot use optimiser state: ${name} is ${found}, expected ${wanted}`,
      );
    }
  }
}
