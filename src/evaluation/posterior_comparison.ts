/**
 * A network's posteriors of sigma8 compared with the explicit posteriors of the same catalogs: how
 * close the network comes to what can be known, catalog by catalog.
 */
import { thereAre } from "../numerics/counted.ts";
import type { Random } from "../numerics/random.ts";
import { bootstrapError, correlation, mean, standardDeviation } from "../numerics/statistics.ts";
import type { GaussianPosteriors } from "./ensemble_posterior.ts";
import { checkGaussians } from "./ensemble_posterior.ts";
import type { JudgedPosterior } from "./posterior.ts";
import { hasConverged } from "./posterior.ts";

/** Posteriors of one kind on all catalogs. */
export interface PosteriorSummary {
  /** Standard deviation of posterior mean minus truth. */
  readonly scatter: number;
  /** Bootstrap error of the scatter. */
  readonly scatterError: number;
  /** Root mean square of the posteriors' widths. */
  readonly width: number;
  /** Mean of posterior mean minus truth. */
  readonly bias: number;
}

/** The outcome of {@linkcode comparePosteriors}. */
export interface PosteriorComparison {
  /** Number of catalogs. */
  readonly count: number;
  /** Summary of the network's posteriors. */
  readonly network: PosteriorSummary;
  /** Summary of the explicit posteriors. */
  readonly explicit: PosteriorSummary;
  /** Root mean square of network mean minus explicit mean, in explicit widths. */
  readonly distance: number;
  /** Bootstrap error of the distance. */
  readonly distanceError: number;
  /** Mean of network mean minus explicit mean, in explicit widths. */
  readonly shift: number;
  /** Ratio of the root mean square widths, network to explicit. */
  readonly widthRatio: number;
  /** Correlation of the widths over catalogs: whether the network knows which catalogs say more. */
  readonly widthCorrelation: number;
  /** Explicit posteriors whose sampling has not converged. */
  readonly unconverged: number;
}

/** Fewest catalogs; the correlation of two is always 1. */
const FEWEST_CATALOGS = 3;

/**
 * Compares posteriors of the same catalogs in the same order.
 *
 * @example A network as wide as the explicit posterior, and half a width off every time
 * ```ts
 * import { createRandom } from "@clusters/terse";
 * import { comparePosteriors } from "@clusters/terse/evaluation";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const explicit = [0.78, 0.8, 0.83].map((mean, c) => ({
 *   sigma8: 0.8,
 *   mean,
 *   standardDeviation: 0.02 + 0.001 * c,
 *   quantiles: new Float64Array(0),
 *   effectiveSamples: 1000,
 *   lastChange: 0.01,
 * }));
 * const standardDeviation = explicit.map((posterior) => posterior.standardDeviation);
 * const mean = explicit.map((posterior) => posterior.mean + posterior.standardDeviation / 2);
 * const found = comparePosteriors({ mean, standardDeviation }, explicit, createRandom(1));
 * assertAlmostEquals(found.distance, 0.5, 1e-12);
 * assertAlmostEquals(found.widthRatio, 1, 1e-12);
 * ```
 *
 * @param network Means and widths; of an ensemble from `combineEnsemble`
 * @param explicit From `sampleSigma8`, with the truth
 * @param random Draws the bootstrap samples
 * @throws {TypeError} If there are not as many of one kind as of the other
 * @throws {RangeError} If there are fewer than three, or one of the network's is not valid
 */
export function comparePosteriors(
  network: GaussianPosteriors,
  explicit: readonly JudgedPosterior[],
  random: Random,
): PosteriorComparison {
  const action = "compare posteriors";
  checkGaussians(network, action);
  const count = explicit.length;
  if (network.mean.length !== count) {
    throw new TypeError(
      `Cannot ${action}: the network's are ${network.mean.length} and the explicit ones ${count}, ` +
        "should be equally many",
    );
  }
  if (count < FEWEST_CATALOGS) {
    throw new RangeError(
      `Cannot ${action}: ${thereAre(count, "catalog")}, at least ${FEWEST_CATALOGS} are needed`,
    );
  }
  const truth = explicit.map(({ sigma8 }) => sigma8);
  const exact = {
    mean: explicit.map((posterior) => posterior.mean),
    standardDeviation: explicit.map((posterior) => posterior.standardDeviation),
  };
  const distances = Float64Array.from(
    explicit,
    ({ mean, standardDeviation }, c) => (network.mean[c]! - mean) / standardDeviation,
  );
  const summaries = {
    network: summarize(network, truth, random.fork("network")),
    explicit: summarize(exact, truth, random.fork("explicit")),
  };
  return {
    count,
    ...summaries,
    distance: rootMeanSquare(distances),
    distanceError: bootstrapError(distances, rootMeanSquare, random.fork("distance")),
    shift: mean(distances),
    widthRatio: summaries.network.width / summaries.explicit.width,
    widthCorrelation: correlation(network.standardDeviation, exact.standardDeviation),
    unconverged: explicit.filter((posterior) => !hasConverged(posterior)).length,
  };
}

function summarize(
  posteriors: GaussianPosteriors,
  truth: readonly number[],
  random: Random,
): PosteriorSummary {
  const errors = Float64Array.from(posteriors.mean, (value, c) => value - truth[c]!);
  return {
    scatter: standardDeviation(errors),
    scatterError: bootstrapError(errors, standardDeviation, random),
    width: rootMeanSquare(posteriors.standardDeviation),
    bias: mean(errors),
  };
}

function rootMeanSquare(values: ArrayLike<number>): number {
  return Math.sqrt(mean(Float64Array.from(values, (value) => value ** 2)));
}
