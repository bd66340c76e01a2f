/**
 * Posteriors of sigma8 in the three forms of the toolkit: Gaussians, whole or ending at the prior
 * (a network of two outputs), mixtures of them (an ensemble over seeds), and quantiles (a sampled
 * likelihood).
 */
import { normalProbability, normalQuantile } from "../numerics/distributions.ts";
import type { GaussianPosteriors } from "./ensemble_posterior.ts";
import {
  checkGaussians,
  checkMembers,
  combineEnsemble,
  mixtureProbability,
  probabilityBelow,
} from "./ensemble_posterior.ts";

/** Posteriors of sigma8, one per catalog. */
export type PredictedPosteriors =
  | ({ readonly kind: "gaussian" } & GaussianPosteriors)
  /** Equal weights; members are of the same catalogs in the same order. */
  | { readonly kind: "mixture"; readonly members: readonly GaussianPosteriors[] }
  /**
   * Quantiles at ascending probabilities, two or more, row-major [catalogs x probabilities],
   * ascending in each row. Between and beyond them the normal score is linear in sigma8, so that
   * quantiles of a Gaussian stand for that Gaussian.
   */
  | {
    readonly kind: "quantiles";
    readonly probabilities: readonly number[];
    readonly quantiles: ArrayLike<number>;
  };

/** The questions that tests of calibration ask of posteriors of any form. */
export interface PosteriorView {
  /** Number of catalogs. */
  readonly count: number;
  /** The posterior mean, or for quantiles the median, [count]. */
  readonly center: Float64Array;
  /** The probability that the posterior of one catalog puts below `sigma8`. */
  probabilityBelow(catalog: number, sigma8: number): number;
  /** Distance of `sigma8` above the center in widths; for quantiles, its normal score. */
  pull(catalog: number, sigma8: number): number;
}

/**
 * Posteriors of any form behind one interface.
 *
 * @throws {TypeError} If lengths do not match
 * @throws {RangeError} If there are no posteriors, one has no width, or a value is not finite
 */
export function viewPosteriors(posteriors: PredictedPosteriors): PosteriorView {
  switch (posteriors.kind) {
    case "gaussian":
      checkGaussians(posteriors, "read posteriors");
      return viewGaussians(posteriors);
    case "mixture": {
      const { members } = posteriors;
      checkMembers(members, "read posteriors");
      return {
        ...viewGaussians(members.length === 1 ? members[0]! : combineEnsemble(members)),
        probabilityBelow: (c, sigma8) => mixtureProbability(members, c, sigma8),
      };
    }
    case "quantiles":
      return viewQuantiles(posteriors);
  }
}

function viewGaussians(posteriors: GaussianPosteriors): PosteriorView {
  const { mean, standardDeviation } = posteriors;
  const pull = (c: number, sigma8: number) => (sigma8 - mean[c]!) / standardDeviation[c]!;
  return {
    count: mean.length,
    center: Float64Array.from(mean),
    probabilityBelow: (c, sigma8) => probabilityBelow(posteriors, c, sigma8),
    pull,
  };
}

type QuantilePosteriors = PredictedPosteriors & { readonly kind: "quantiles" };

function viewQuantiles(posteriors: QuantilePosteriors): PosteriorView {
  const { probabilities, quantiles } = posteriors;
  checkQuantiles(posteriors);
  const width = probabilities.length;
  const count = quantiles.length / width;
  const scores = probabilities.map(normalQuantile);
  /** The first of two neighboring quantiles, k and k + 1, between which the line is followed. */
  const lineAt = (isBelow: (k: number) => boolean) => {
    let k = 0;
    while (k < width - 2 && !isBelow(k + 1)) k++;
    return k;
  };
  const pull = (c: number, sigma8: number) => {
    const from = c * width;
    const k = lineAt((next) => sigma8 < quantiles[from + next]!);
    const [low, high] = [quantiles[from + k]!, quantiles[from + k + 1]!];
    return scores[k]! + (scores[k + 1]! - scores[k]!) * (sigma8 - low) / (high - low);
  };
  const middle = lineAt((next) => 0 < scores[next]!);
  const share = -scores[middle]! / (scores[middle + 1]! - scores[middle]!);
  const center = Float64Array.from({ length: count }, (_, c) => {
    const [low, high] = [quantiles[c * width + middle]!, quantiles[c * width + middle + 1]!];
    return low + share * (high - low);
  });
  return {
    count,
    center,
    probabilityBelow: (c, sigma8) => normalProbability(pull(c, sigma8)),
    pull,
  };
}

function checkQuantiles({ probabilities, quantiles }: QuantilePosteriors): void {
  const width = probabilities.length;
  if (width < 2 || probabilities.some((p, k) => k > 0 && !(p > probabilities[k - 1]!))) {
    throw new RangeError(
      `Cannot read posteriors: probabilities are ${probabilities.join(", ")}, should be 2 or ` +
        "more and ascend",
    );
  }
  if (quantiles.length === 0) {
    throw new RangeError("Cannot read posteriors: there are 0 posteriors, at least 1 is needed");
  }
  if (quantiles.length % width !== 0) {
    throw new TypeError(
      `Cannot read posteriors: there are ${quantiles.length} quantiles, should be ${width} per catalog`,
    );
  }
  for (let i = 0; i < quantiles.length; i++) {
    const isFirst = i % width === 0;
    if (!Number.isFinite(quantiles[i]) || (!isFirst && !(quantiles[i]! > quantiles[i - 1]!))) {
      const expected = isFirst ? "finite" : `finite and above ${quantiles[i - 1]}`;
      throw new RangeError(
        `Cannot read posteriors: quantile ${i % width} of catalog ${Math.floor(i / width)} is ` +
          `${quantiles[i]}, should be ${expected}`,
      );
    }
  }
}
