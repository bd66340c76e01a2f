/**
 * Moments of a density by adaptive importance sampling (population Monte Carlo: Cappe et al. 2004;
 * in cosmology Wraith et al. 2009): points are drawn from a multivariate Student t, weighted by
 * density over proposal, and the proposal of the next round takes the weighted mean and covariance.
 *
 * Draws are independent, so the effective sample size measures how reliable the answer is.
 */
import { factorCholesky, multiplyLower } from "./cholesky.ts";
import type { LnDensity } from "./ensemble_sampler.ts";
import type { Random } from "./random.ts";

/** Mean and covariance of a cloud of points. */
export interface PointMoments {
  /** Mean, [dimensions]. */
  readonly mean: Float64Array;
  /** Covariance, [dimensions x dimensions]. */
  readonly covariance: Float64Array;
}

/** Weighted points of the last round. */
export interface WeightedPoints {
  /** Number of parameters. */
  readonly dimensions: number;
  /** Coordinates of the points, [count x dimensions]. */
  readonly points: Float64Array;
  /** Weights of the samples, which sum to 1, [count]. */
  readonly weights: Float64Array;
  /** Effective sample size, 1 / sum of squared weights: the number of independent samples. */
  readonly effectiveSamples: number;
  /** Weighted moments of the round before, to see whether another round would change anything. */
  readonly previous: PointMoments;
}

/** Degrees of freedom of the proposal: tails well above a Gaussian's, a finite covariance. */
const FREEDOM = 8;

/** Factor by which proposals are wider than the cloud, so that weights are bounded in its tails. */
const WIDENING = 1.2;

/**
 * Draws weighted points of a density.
 *
 * @example The variance of a Gaussian cut in half
 * ```ts
 * import { createRandom } from "@clusters/terse";
 * import { sampleImportance, weightedMoments } from "@clusters/terse/numerics";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const lnDensity = ([x]: Float64Array) => x! > 0 ? -x! * x! / 2 : -Infinity;
 * const start = { mean: Float64Array.of(1), covariance: Float64Array.of(1) };
 * const points = sampleImportance(lnDensity, start, [1000, 20000], createRandom(1));
 * assertAlmostEquals(weightedMoments(points).mean[0]!, Math.sqrt(2 / Math.PI), 0.02);
 * ```
 *
 * @param lnDensity Natural log of the density, up to a constant
 * @param start Moments of the first round's proposal; the covariance positive definite
 * @param rounds Points of each round, one round or more
 * @param random Draws the points
 * @throws {RangeError} If a proposal's covariance is not positive definite, or fewer than
 * `2 x dimensions` points of a round lie within the density
 */
export function sampleImportance(
  lnDensity: LnDensity,
  start: PointMoments,
  rounds: readonly number[],
  random: Random,
): WeightedPoints {
  let previous = start;
  let current = drawRound(lnDensity, start, rounds[0]!, random.fork("round", 0));
  for (let round = 1; round < rounds.length; round++) {
    previous = weightedMoments(current);
    current = drawRound(lnDensity, previous, rounds[round]!, random.fork("round", round));
  }
  return { ...current, previous };
}

type Round = Omit<WeightedPoints, "previous">;

function drawRound(
  lnDensity: LnDensity,
  proposal: PointMoments,
  count: number,
  random: Random,
): Round {
  const { mean } = proposal;
  const dimensions = mean.length;
  const factor = factorProposal(proposal);
  const points = new Float64Array(count * dimensions);
  const lnWeights = new Float64Array(count);
  // Used for every point: tens of thousands of small arrays would cost more than their arithmetic.
  const normals = new Float64Array(dimensions);
  const shift = new Float64Array(dimensions);
  const point = new Float64Array(dimensions);
  for (let i = 0; i < count; i++) {
    let square = 0;
    for (let d = 0; d < dimensions; d++) {
      normals[d] = random.normal();
      square += normals[d]! ** 2;
    }
    const stretch = FREEDOM / chiSquare(FREEDOM, random);
    multiplyLower(factor, normals, shift);
    for (let d = 0; d < dimensions; d++) point[d] = mean[d]! + Math.sqrt(stretch) * shift[d]!;
    points.set(point, i * dimensions);
    const lnProposal = -(FREEDOM + dimensions) / 2 * Math.log1p(square * stretch / FREEDOM);
    lnWeights[i] = lnDensity(point) - lnProposal;
  }
  return { dimensions, points, ...normalizeWeights(lnWeights, dimensions) };
}

/** The Cholesky factor of the widened covariance. */
function factorProposal({ mean, covariance }: PointMoments): Float64Array {
  const factor = factorCholesky(covariance.map((value) => value * WIDENING), mean.length);
  if (factor !== null) return factor;
  throw new RangeError(
    "Cannot sample: the proposal's covariance is degenerate, it should be positive definite",
  );
}

function normalizeWeights(
  lnWeights: Float64Array,
  dimensions: number,
): Pick<Round, "weights" | "effectiveSamples"> {
  const within = lnWeights.reduce((count, value) => count + (value > -Infinity ? 1 : 0), 0);
  if (within < 2 * dimensions) {
    throw new RangeError(
      `Cannot sample: ${within} of ${lnWeights.length} points lie within the density, ` +
        `at least ${2 * dimensions} are needed`,
    );
  }
  return scaleWeights(lnWeights);
}

/** Weights of unit sum from their natural logs, of which one at least is above -Infinity. */
export function scaleWeights(
  lnWeights: Float64Array,
): Pick<WeightedPoints, "weights" | "effectiveSamples"> {
  const largest = lnWeights.reduce((a, b) => Math.max(a, b), -Infinity);
  const raw = lnWeights.map((value) => Math.exp(value - largest));
  const sum = raw.reduce((a, b) => a + b, 0);
  const weights = raw.map((value) => value / sum);
  return { weights, effectiveSamples: 1 / weights.reduce((a, b) => a + b * b, 0) };
}

/** A chi-square number of an even number of degrees: the sum of exponential ones. */
export function chiSquare(freedom: number, random: Random): number {
  let sum = 0;
  for (let k = 0; k < freedom / 2; k++) sum -= 2 * Math.log(1 - random.uniform());
  return sum;
}

/** Weighted mean and covariance of a cloud. */
export function weightedMoments(
  { dimensions, points, weights }: Pick<WeightedPoints, "dimensions" | "points" | "weights">,
): PointMoments {
  const mean = new Float64Array(dimensions);
  const covariance = new Float64Array(dimensions * dimensions);
  for (let i = 0; i < weights.length; i++) {
    for (let d = 0; d < dimensions; d++) mean[d]! += weights[i]! * points[i * dimensions + d]!;
  }
  for (let i = 0; i < weights.length; i++) {
    for (let d = 0; d < dimensions; d++) {
      const shift = weights[i]! * (points[i * dimensions + d]! - mean[d]!);
      for (let e = 0; e <= d; e++) {
        covariance[d * dimensions + e]! += shift * (points[i * dimensions + e]! - mean[e]!);
      }
    }
  }
  for (let d = 0; d < dimensions; d++) {
    for (let e = 0; e < d; e++) covariance[e * dimensions + d] = covariance[d * dimensions + e]!;
  }
  return { mean, covariance };
}
