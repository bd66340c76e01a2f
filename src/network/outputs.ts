/**
 * From a network's scaled outputs to sigma8.
 *
 * @module
 */
import { isProbit } from "../features/label_scale.ts";
import type { LabelScale } from "../features/normalization.ts";
import type { ProbitNormals } from "../numerics/probit_normal.ts";
import { probitMean, probitMoments } from "../numerics/probit_normal.ts";

/** Posteriors of sigma8, one per catalog: Gaussians, or Gaussians in probit space. */
export interface Sigma8Posteriors {
  /** Mean sigma8, [catalogs] */
  readonly mean: Float64Array;
  /** Standard deviation of sigma8, [catalogs] */
  readonly standardDeviation: Float64Array;
  /** The posteriors themselves, if they are Gaussians in probit space. */
  readonly probit?: ProbitNormals;
}

/** sigma8 of each catalog: the output, or the mean of the posterior if labels are probits. */
export function decodeMeans(
  scaled: Float32Array,
  width: number,
  scale: LabelScale,
): Float64Array {
  const count = scaled.length / width;
  if (!isProbit(scale)) {
    return Float64Array.from(
      { length: count },
      (_, c) => scaled[c * width]! * scale.scale + scale.offset,
    );
  }
  const { min, max } = scale;
  return Float64Array.from(
    { length: count },
    (_, c) => min + (max - min) * probitMean(scaled[2 * c]!, Math.exp(scaled[2 * c + 1]! / 2)),
  );
}

/** The posteriors of outputs that are mean and ln variance, [catalogs x 2]. */
export function decodePosteriors(scaled: Float32Array, scale: LabelScale): Sigma8Posteriors {
  const count = scaled.length / 2;
  const width = Float64Array.from({ length: count }, (_, c) => Math.exp(scaled[2 * c + 1]! / 2));
  if (!isProbit(scale)) {
    return {
      mean: decodeMeans(scaled, 2, scale),
      standardDeviation: width.map((value) => value * scale.scale),
    };
  }
  const center = Float64Array.from({ length: count }, (_, c) => scaled[2 * c]!);
  const probit = { min: scale.min, max: scale.max, center, width };
  return { ...probitMoments(probit), probit };
}
