/** The loss that ties the terse value to an observed column (`Tie`), and its gradient. */
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../../features/dataset.ts";
import { averageRows, deviateRows, layOutTied, spreadShares } from "./catalog_rows.ts";

/** The tie's part of a loss. */
export interface TieLoss {
  /** Mean over the catalogs, a scalar. */
  readonly loss: tf.Tensor;
  /** d loss / d terse, [1 x rows x 1]. */
  readonly gradient: tf.Tensor;
}

/**
 * The loss of terse values [1 x rows x 1]: `weight` times the mean square difference of their
 * deviations from the catalog's mean and those of the column, over the clusters that are tied.
 */
export function takeTieLoss(terse: tf.Tensor, batch: Batch, weight: number): TieLoss {
  const rows = layOutTied(batch);
  const known = batch.tie.map((value) => Number.isNaN(value) ? 0 : value);
  const column = tf.tensor3d(known, [1, known.length, 1]);
  // Both deviations at once, as the deviation of the difference.
  const excess = deviateRows(rows, tf.sub(terse, column));
  const perCatalog = averageRows(rows, tf.square(excess));
  const twice = tf.fill([1, batch.count, 1], 2 * weight / batch.count);
  return {
    loss: tf.mul(tf.mean(perCatalog), weight),
    gradient: tf.mul(excess, spreadShares(rows, twice)),
  };
}
