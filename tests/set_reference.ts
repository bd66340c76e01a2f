/**
 * A set regression's loss in Float64 and plain loops, one catalog at a time: what the tests hold engines
 * against.
 */
import type { Batch } from "../src/features/dataset.ts";
import type { Architecture, StepOptions } from "../src/model.ts";
import { LEAKY_SLOPE, MEAN_CLUSTERS } from "../src/model.ts";
import { referenceLossOf } from "./reference_loss.ts";
import { dropoutMask, layerDropoutKey } from "../src/network/dropout.ts";

type Rows = number[][];

/** Weights by name, in any precision. */
export type ReferenceWeights = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }>
>;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The mean over the rows of each column. */
function meanOf(rows: Rows): number[] {
  return rows[0]!.map((_, j) => {
    let sum = 0;
    for (const row of rows) sum += row[j]!;
    return sum / rows.length;
  });
}

const leaky = (rows: Rows): Rows => rows.map((row) => row.map((x) => x > 0 ? x : LEAKY_SLOPE * x));

function dense(rows: Rows, name: string, weights: ReferenceWeights): Rows {
  const { shape, data } = weights[`${name}/kernel`]!;
  const bias = weights[`${name}/bias`]!.data;
  const [input, out] = shape as [number, number];
  return rows.map((row) => {
    if (row.length !== input) {
      throw new RangeError(`${name} has ${row.length} inputs, not ${input}`);
    }
    const line: number[] = [];
    for (let j = 0; j < out; j++) {
      let sum = 0;
      for (let k = 0; k < input; k++) sum += row[k]! * data[k * out + j]!;
      line.push(bias[j]! + sum);
    }
    return line;
  });
}

/** What the reference finds. */
export interface SetReference {
  /** The batch's mean loss. */
  readonly loss: number;
  /** [catalogs][outputs] */
  readonly outputs: Rows;
  /** [rows] */
  readonly terse: number[];
}

/**
 * Loss, outputs and terse values of a batch.
 *
 * @param given Terse values in place of the encoder's
 */
export function setReference(
  architecture: Architecture,
  weights: ReferenceWeights,
  batch: Batch,
  { loss, dropoutKey, tieWeight = 0 }: Pick<StepOptions, "loss" | "dropoutKey" | "tieWeight">,
  given?: ArrayLike<number>,
): SetReference {
  const { encoder, context, cluster, frequencies, dense: widths, dropout } = architecture;
  const drop = (rows: Rows, layer: number, rate: number, catalog: number): Rows => {
    if (dropoutKey === null || rate === 0) return rows;
    const width = rows[0]!.length;
    const key = layerDropoutKey(dropoutKey, layer);
    const mask = dropoutMask(key, catalog, rows.length, width, rate);
    return rows.map((row, r) => row.map((x, j) => x * mask[r * width + j]!));
  };
  const total = batch.rowOffsets[batch.count]!;
  const cut = (values: Float32Array, row: number) => {
    const width = values.length / total;
    return Array.from(values.subarray(row * width, (row + 1) * width));
  };
  const outputs: Rows = [];
  const allTerse: number[] = [];
  let losses = 0;
  for (let c = 0; c < batch.count; c++) {
    const [start, end] = [batch.rowOffsets[c]!, batch.rowOffsets[c + 1]!];
    const rowNumbers = Array.from({ length: end - start }, (_, r) => start + r);
    let rows: Rows = rowNumbers.map((row) => cut(batch.pixels, row));
    encoder.forEach((_, i) => {
      rows = dense(rows, `encoder/${i}`, weights);
      if (i < encoder.length - 1) rows = leaky(rows);
      if (i === 0) rows = drop(rows, 0, dropout.encoder, c);
    });
    const terse = given
      ? rowNumbers.map((row) => given[row]!)
      : dense(rows, "terse", weights).map(([value]) => value!);
    allTerse.push(...terse);
    const seen = terse.map((value, r) => [value, ...cut(batch.supplementary, start + r)]);
    const means = meanOf(seen);
    const size = rowNumbers.length / MEAN_CLUSTERS;
    const numbers = [size - 1, Math.log(size)];
    let known: number[] = [];
    if (context.length > 0) {
      let about: Rows = seen;
      context.slice(0, -1).forEach((_, k) => about = leaky(dense(about, `context/${k}`, weights)));
      const joined = [[...meanOf(about), ...numbers]];
      known = leaky(dense(joined, `context/${context.length - 1}`, weights))[0]!;
    }
    rows = seen.map((row) => {
      const deviation = row[0]! - means[0]!;
      return [
        ...row,
        ...row.map((x, k) => x - means[k]!),
        ...frequencies.map((w) => Math.sin(w * deviation)),
        ...frequencies.map((w) => Math.cos(w * deviation)),
        ...known,
      ];
    });
    cluster.forEach((_, k) => rows = leaky(dense(rows, `cluster/${k}`, weights)));
    let line: Rows = [[...meanOf(rows), ...numbers, ...means]];
    widths.forEach((_, k) => {
      line = leaky(dense(line, `dense/${k}`, weights));
      if (k < widths.length - 1) line = drop(line, 1 + k, dropout.dense, c);
    });
    const output = dense(line, "output", weights)[0]!;
    outputs.push(output);
    losses += referenceLossOf(loss, output, batch.labels, c);
    if (tieWeight > 0) losses += tieWeight * tieLoss(terse, rowNumbers.map((r) => batch.tie[r]!));
  }
  return { loss: losses / batch.count, outputs, terse: allTerse };
}

/** The mean square of the difference of two columns' deviations from their means. */
export function tieLoss(terse: readonly number[], column: readonly number[]): number {
  const differences = column.map((value, r) => value - terse[r]!);
  const mean = sum(differences) / differences.length;
  return sum(differences.map((difference) => (difference - mean) ** 2)) / differences.length;
}
