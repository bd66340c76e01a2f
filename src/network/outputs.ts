/** From a network's scaled outputs to sigma8. */
import { isProbit } from "../features/label_scale.ts";
import type { LabelScale, ProbitScale } from "../features/normalization.ts";
import type { BoundedFamily, BoundedNormals } from "../numerics/bounded_normal.ts";
import { boundedMean, boundedMoments } from "../numerics/bounded_normal.ts";

/** Posteriors of sigma8, one per catalog: Gaussians, or Gaussians that end at the prior. */
export interface Sigma8Posteriors {
  /** Mean sigma8, [catalogs]. */
  readonly mean: Float64Array;
  /** Standard deviation of sigma8, [catalogs]. */
  readonly standardDeviation: Float64Array;
  /** The exact posteriors, if they end at the prior. */
  readonly probit?: BoundedNormals;
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
  return Float64Array.from({ length: count }, (_, c) => {
    const { center, width } = probitOf(scaled, c, scale);
    return boundedMean(center, width, familyOf(scale));
  });
}

/** Mean and standard deviation of one catalog's probit. */
function probitOf(
  scaled: Float32Array,
  catalog: number,
  { shift, widening }: ProbitScale,
): { center: number; width: number } {
  const width = Math.exp(scaled[2 * catalog + 1]! / 2);
  return { center: scaled[2 * catalog]! + shift * width, width: widening * width };
}

function familyOf({ min, max, ranks }: ProbitScale): BoundedFamily {
  return { min, max, ...ranks && { ranks } };
}

/** Posteriors from mean and ln variance of a probit, [catalogs x 2], without their moments. */
export function decodeProbits(scaled: Float32Array, scale: ProbitScale): BoundedNormals {
  const pairs = Array.from({ length: scaled.length / 2 }, (_, c) => probitOf(scaled, c, scale));
  const center = Float64Array.from(pairs, (pair) => pair.center);
  const width = Float64Array.from(pairs, (pair) => pair.width);
  return { ...familyOf(scale), center, width };
}

/** Posteriors from outputs that are mean and ln variance, [catalogs x 2]. */
export function decodePosteriors(scaled: Float32Array, scale: LabelScale): Sigma8Posteriors {
  const count = scaled.length / 2;
  if (!isProbit(scale)) {
    return {
      mean: decodeMeans(scaled, 2, scale),
      standardDeviation: Float64Array.from(
        { length: count },
        (_, c) => Math.exp(scaled[2 * c + 1]! / 2) * scale.scale,
      ),
    };
  }
  const probit = decodeProbits(scaled, scale);
  return { ...boundedMoments(probit), probit };
}
