/**
 * How well sigma8 is recovered (section 4, Fig. 8, Table 4): errors, their scatter with its error,
 * their bias, and both against the true value.
 */
import { bootstrapError, mean, quantiles, standardDeviation } from "../numerics/statistics.ts";
import type { Random } from "../numerics/random.ts";
import { createRandom } from "../numerics/random.ts";

/** Predictions of the catalogs whose true sigma8 lies in a bin. */
export interface Sigma8Bin {
  /** Lower edge, included. */
  readonly from: number;
  /** Upper edge, included in the last bin only. */
  readonly to: number;
  /** Catalogs in the bin, 1 or more. */
  readonly count: number;
  /** Mean true sigma8 of these catalogs. */
  readonly sigma8: number;
  /** Median predicted sigma8. */
  readonly median: number;
  /** 16% quantile of predicted sigma8; the middle 68% are Fig. 8's error bars. */
  readonly low: number;
  /** 84% quantile of predicted sigma8. */
  readonly high: number;
  /** Mean error. */
  readonly bias: number;
  /** Standard deviation of the errors about their mean. */
  readonly scatter: number;
}

/** A row of Table 4, and the points of Fig. 8. */
export interface Sigma8Errors {
  /** Number of catalogs. */
  readonly count: number;
  /** Standard deviation of the errors about their mean. */
  readonly scatter: number;
  /**
   * Bootstrap error of the scatter. The paper's five all equal scatter / sqrt(n) with n near 497;
   * the error of a Gaussian's standard deviation is 1 / sqrt(2) of that, which this one approaches.
   */
  readonly scatterError: number;
  /** Mean error. */
  readonly bias: number;
  /** Bins of true sigma8 that hold a catalog, ascending; an empty bin is left out. */
  readonly bins: readonly Sigma8Bin[];
}

/** Edges of 23 bins, each about one value of the design's grid, 0.70 to 0.92. */
export const SIGMA8_EDGES: readonly number[] = Array.from(
  { length: 24 },
  (_, i) => Number((0.695 + 0.01 * i).toFixed(3)),
);

/** Quantiles of Fig. 8's error bars. */
const LOW = 0.16;
const HIGH = 0.84;

/** Resamples of the bootstrap, which gives the error to 1 / sqrt(2 x 1000), 2%. */
const RESAMPLES = 1000;

/** Predicted minus true sigma8 of each catalog. */
export function sigma8Errors(
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
): Float64Array {
  checkPairs(predicted, truth);
  return Float64Array.from(predicted, (value, i) => value - truth[i]!);
}

/**
 * Summarizes the errors of a set of catalogs.
 *
 * @example
 * ```ts
 * import { measureErrors } from "@clusters/terse";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const errors = measureErrors([0.79, 0.83, 0.91], [0.8, 0.8, 0.9]);
 * assertEquals(errors.count, 3);
 * assertAlmostEquals(errors.bias, 0.01);
 * assertEquals(errors.bins.map((bin) => bin.count), [2, 1]);
 * ```
 *
 * @param predicted Predicted sigma8
 * @param truth sigma8 with which the catalogs were drawn, in the same order
 * @param random Stream of the bootstrap, which gives the errors of scatter and bias; one of its own if
 * left out
 * @param options `edges`: ascending edges of the bins; catalogs outside are in no bin
 * @throws {TypeError} If there are not as many predictions as true values
 * @throws {RangeError} If there are none, or one is not finite
 */
export function measureErrors(
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
  random: Random = createRandom(0),
  options: { readonly edges?: readonly number[] } = {},
): Sigma8Errors {
  const errors = sigma8Errors(predicted, truth);
  return {
    count: errors.length,
    scatter: standardDeviation(errors),
    scatterError: bootstrapError(errors, standardDeviation, random, RESAMPLES),
    bias: mean(errors),
    bins: binPredictions(predicted, truth, options.edges ?? SIGMA8_EDGES),
  };
}

function binPredictions(
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
  edges: readonly number[],
): Sigma8Bin[] {
  const bins: Sigma8Bin[] = [];
  const catalogs = Array.from({ length: truth.length }, (_, i) => i);
  const last = edges.length - 2;
  for (let b = 0; b <= last; b++) {
    const [from, to] = [edges[b]!, edges[b + 1]!];
    const members = catalogs.filter((i) =>
      truth[i]! >= from && (truth[i]! < to || (b === last && truth[i]! === to))
    );
    if (members.length > 0) bins.push(describeBin(from, to, members, predicted, truth));
  }
  return bins;
}

function describeBin(
  from: number,
  to: number,
  members: readonly number[],
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
): Sigma8Bin {
  const values = members.map((i) => predicted[i]!);
  const errors = members.map((i) => predicted[i]! - truth[i]!);
  const [low, median, high] = quantiles(values, [LOW, 0.5, HIGH]);
  return {
    from,
    to,
    count: members.length,
    sigma8: mean(members.map((i) => truth[i]!)),
    median: median!,
    low: low!,
    high: high!,
    bias: mean(errors),
    scatter: standardDeviation(errors),
  };
}

function checkPairs(predicted: ArrayLike<number>, truth: ArrayLike<number>): void {
  if (predicted.length !== truth.length) {
    throw new TypeError(
      `Cannot measure errors: there are ${predicted.length} predictions and ${truth.length} true values, should be equally many`,
    );
  }
  if (truth.length === 0) {
    throw new RangeError("Cannot measure errors: there are 0 catalogs, at least 1 is needed");
  }
  for (let i = 0; i < truth.length; i++) {
    if (!Number.isFinite(predicted[i]) || !Number.isFinite(truth[i])) {
      throw new RangeError(
        `Cannot measure errors: sigma8 of catalog ${i} is ${predicted[i]}, in truth ${truth[i]}, ` +
          "both should be finite",
      );
    }
  }
}
