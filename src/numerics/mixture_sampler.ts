/**
 * Moments of a density in many dimensions by population Monte Carlo with two components: points are
 * drawn from a mixture of Student t distributions, one of the moments that the latest round found
 * and one of those of a pilot run, and weighted by density over mixture.
 *
 * The second component is the safeguard: where a round's moments are poor, for all its points are a
 * few, the next round still covers the density. `importance_sampler.ts` has one component and is
 * enough in a few dimensions.
 *
 * @module
 */
import { factorCholesky, lnDeterminant, multiplyLower, solveLower } from "./cholesky.ts";
import type { LnDensity } from "./ensemble_sampler.ts";
import { type PointMoments, weightedMoments, type WeightedPoints } from "./importance_sampler.ts";
import type { Random } from "./random.ts";

/** Degrees of freedom of both components. */
const FREEDOM = 8;

/** Share of the points that the latest moments draw. */
const LATEST_SHARE = 0.7;

/** Covariances are made wider by these factors. */
const LATEST_WIDENING = 1.2;
const PILOT_WIDENING = 1.5;

/** How long to sample. */
export interface MixtureOptions {
  /** Points of each round, one round or more. */
  readonly rounds: readonly number[];
  /** Rounds are added, each of twice the points, until there are so many independent samples. */
  readonly effectiveSamples: number;
  /** Rounds added at most. */
  readonly mostAdded: number;
}

/**
 * Draws weighted points of a density.
 *
 * @example The variance of a Gaussian cut in half
 * ```ts
 * import { createRandom, sampleMixture, weightedMoments } from "@clusters/terse/numerics";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const lnDensity = ([x]: Float64Array) => x! > 0 ? -x! * x! / 2 : -Infinity;
 * const pilot = { mean: Float64Array.of(1), covariance: Float64Array.of(1) };
 * const options = { rounds: [1000, 20000], effectiveSamples: 400, mostAdded: 2 };
 * const points = sampleMixture(lnDensity, pilot, options, createRandom(1));
 * assertAlmostEquals(weightedMoments(points).mean[0]!, Math.sqrt(2 / Math.PI), 0.02);
 * ```
 *
 * @param lnDensity Natural log of the density, up to a constant
 * @param pilot Moments of a pilot run; the covariance positive definite
 * @param options Number of points
 * @param random Draws the points
 * @throws {RangeError} If a covariance is not positive definite or no point lies within the density
 */
export function sampleMixture(
  lnDensity: LnDensity,
  pilot: PointMoments,
  { rounds, effectiveSamples, mostAdded }: MixtureOptions,
  random: Random,
): WeightedPoints {
  const safeguard = makeComponent(pilot, PILOT_WIDENING);
  let previous = pilot;
  let latest = makeComponent(pilot, LATEST_WIDENING);
  let cloud: Omit<WeightedPoints, "previous"> | undefined;
  const last = rounds.length - 1;
  for (let round = 0; round <= last + mostAdded; round++) {
    if (cloud !== undefined) {
      if (round > last && cloud.effectiveSamples >= effectiveSamples) break;
      previous = weightedMoments(cloud);
      latest = makeComponent(previous, LATEST_WIDENING) ?? latest;
    }
    if (latest === null || safeguard === null) {
      throw new RangeError(
        "Cannot sample: the pilot's covariance is degenerate, it should be positive definite",
      );
    }
    const count = round <= last ? rounds[round]! : rounds[last]! * 2 ** (round - last);
    cloud = drawRound(lnDensity, latest, safeguard, count, random.fork("round", round));
  }
  return { ...cloud!, previous };
}

/** A multivariate Student t. */
interface Component {
  readonly mean: Float64Array;
  readonly factor: Float64Array;
  /** ln of its density at the mean, up to a constant that all share. */
  readonly lnPeak: number;
}

/** Makes a component; null where the covariance is not positive definite. */
function makeComponent({ mean, covariance }: PointMoments, widening: number): Component | null {
  const factor = factorCholesky(covariance.map((value) => value * widening), mean.length);
  return factor && { mean, factor, lnPeak: -lnDeterminant(factor) / 2 };
}

function lnStudent({ mean, factor, lnPeak }: Component, point: Float64Array): number {
  const residual = solveLower(factor, point.map((value, d) => value - mean[d]!));
  const square = residual.reduce((sum, value) => sum + value * value, 0);
  return lnPeak - (FREEDOM + mean.length) / 2 * Math.log1p(square / FREEDOM);
}

function drawRound(
  lnDensity: LnDensity,
  latest: Component,
  safeguard: Component,
  count: number,
  random: Random,
): Omit<WeightedPoints, "previous"> {
  const dimensions = latest.mean.length;
  const points = new Float64Array(count * dimensions);
  const lnWeights = new Float64Array(count);
  const normals = new Float64Array(dimensions);
  for (let i = 0; i < count; i++) {
    const { mean, factor } = random.uniform() < LATEST_SHARE ? latest : safeguard;
    for (let d = 0; d < dimensions; d++) normals[d] = random.normal();
    const stretch = Math.sqrt(FREEDOM / chiSquare(random));
    const shift = multiplyLower(factor, normals);
    const point = points.subarray(i * dimensions, (i + 1) * dimensions);
    for (let d = 0; d < dimensions; d++) point[d] = mean[d]! + stretch * shift[d]!;
    const lnMixture = Math.log(
      LATEST_SHARE * Math.exp(lnStudent(latest, point) - latest.lnPeak) +
        (1 - LATEST_SHARE) * Math.exp(lnStudent(safeguard, point) - latest.lnPeak),
    );
    lnWeights[i] = lnDensity(point) - lnMixture;
  }
  const largest = lnWeights.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!(largest > -Infinity)) {
    throw new RangeError(
      `Cannot sample: none of ${count} points lies within the density, some should`,
    );
  }
  const raw = lnWeights.map((value) => Math.exp(value - largest));
  const sum = raw.reduce((a, b) => a + b, 0);
  const weights = raw.map((value) => value / sum);
  const effectiveSamples = 1 / weights.reduce((a, b) => a + b * b, 0);
  return { dimensions, points, weights, effectiveSamples };
}

/** A chi-square number of {@linkcode FREEDOM} degrees, an even number of them. */
function chiSquare(random: Random): number {
  let sum = 0;
  for (let k = 0; k < FREEDOM / 2; k++) sum -= 2 * Math.log(1 - random.uniform());
  return sum;
}
