/**
 * Sums over the rows of each catalog of a batch, whose rows follow one another without padding:
 * products with a matrix of which row belongs to which catalog.
 */
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../../features/dataset.ts";
import { runKernel } from "./layers.ts";

/** The rows of each catalog of a batch. */
export interface CatalogRows {
  /** 1 / N for the rows of a catalog of N clusters, 0 for others, [1 x catalogs x rows]. */
  readonly shares: tf.Tensor;
  /** 1 for the rows of a catalog, 0 for others, [1 x catalogs x rows]. */
  readonly members: tf.Tensor;
  /** Clusters of each catalog. */
  readonly heights: Float32Array;
}

/** Lays out the rows of a batch. */
export function layOutRows({ count, rowOffsets }: Batch): CatalogRows {
  const rows = rowOffsets[count]!;
  const heights = Float32Array.from(
    { length: count },
    (_, c) => rowOffsets[c + 1]! - rowOffsets[c]!,
  );
  const shares = new Float32Array(count * rows);
  const members = new Float32Array(count * rows);
  for (let c = 0; c < count; c++) {
    const [start, end] = [c * rows + rowOffsets[c]!, c * rows + rowOffsets[c + 1]!];
    shares.fill(1 / heights[c]!, start, end);
    members.fill(1, start, end);
  }
  return {
    shares: tf.tensor3d(shares, [1, count, rows]),
    members: tf.tensor3d(members, [1, count, rows]),
    heights,
  };
}

/** Shares of the tied rows among their catalog's tied ones, 0 for other rows. */
export function layOutTied(batch: Batch): CatalogRows {
  const rows = layOutRows(batch);
  const { count, rowOffsets, tie } = batch;
  if (!tie.some(Number.isNaN)) return rows;
  const shares = new Float32Array(count * tie.length);
  for (let c = 0; c < count; c++) {
    const tied: number[] = [];
    for (let r = rowOffsets[c]!; r < rowOffsets[c + 1]!; r++) {
      if (!Number.isNaN(tie[r]!)) tied.push(r);
    }
    for (const r of tied) shares[c * tie.length + r] = 1 / tied.length;
  }
  return { ...rows, shares: tf.tensor3d(shares, [1, count, tie.length]) };
}

function multiply(a: tf.Tensor, b: tf.Tensor, transposeA: boolean): tf.Tensor {
  return runKernel("BatchMatMul", { a, b }, { transposeA, transposeB: false });
}

/** The mean over each catalog of values [1 x rows x width]: [1 x catalogs x width]. */
export function averageRows({ shares }: CatalogRows, values: tf.Tensor): tf.Tensor {
  return multiply(shares, values, false);
}

/** The sum over each catalog of values [1 x rows x width]: [1 x catalogs x width]. */
export function sumRows({ members }: CatalogRows, values: tf.Tensor): tf.Tensor {
  return multiply(members, values, false);
}

/** The values of each catalog [1 x catalogs x width], for every one of its rows. */
export function spreadRows({ members }: CatalogRows, values: tf.Tensor): tf.Tensor {
  return multiply(members, values, true);
}

/** The gradient of the rows from that of their mean, [1 x catalogs x width] to [1 x rows x width]. */
export function spreadShares({ shares }: CatalogRows, values: tf.Tensor): tf.Tensor {
  return multiply(shares, values, true);
}

/** Rows less the mean of their catalog. */
export function deviateRows(rows: CatalogRows, values: tf.Tensor): tf.Tensor {
  return tf.sub(values, spreadRows(rows, averageRows(rows, values)));
}
