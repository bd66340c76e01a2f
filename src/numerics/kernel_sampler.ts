/**
 * Weighted points of a density in many dimensions by adaptive importance sampling with kernels: each
 * round draws from a Gaussian kernel about points of the cloud so far, so that the proposal takes any
 * shape that the density has, and from one wide Student t, which covers what the cloud has missed.
 *
 * Points of all rounds count, each weighted by the density over the mean of all rounds' proposals
 * (Cornuet et al. 2012, Scand. J. Stat. 39, 798). A kernel does not count at the point that it is about:
 * points would lower their own weights, those in the tails most. Centers are drawn in towards the mean, so that
 * cloud and kernels together are as wide as the cloud (West 1993, J. R. Stat. Soc. B 55, 409).
 */
import { factorCholesky, lnDeterminant, multiplyLower, solveLower } from "./cholesky.ts";
import type { LnDensity } from "./ensemble_sampler.ts";
import { fastExp } from "./fast_exp.ts";
import { chiSquare, scaleWeights, weightedMoments } from "./importance_sampler.ts";
import type { PointMoments, WeightedPoints } from "./importance_sampler.ts";
import type { Random } from "./random.ts";

/** Numbers of points to sample. */
export interface KernelOptions {
  /** Points of each round, one round or more. */
  readonly rounds: readonly number[];
  /** Effective samples to reach; until then, rounds as long as the last are added. */
  readonly effectiveSamples: number;
  /** Rounds added at most. */
  readonly mostAdded: number;
}

/** Kernels of a round. */
const KERNELS = 256;

/** Degrees of freedom of the wide component, its share of a round, and its relative width. */
const FREEDOM = 8;
const WIDE_SHARE = 0.3;
const WIDENING = 1.5;

/** Clouds of few effective samples are widened by this number over theirs. */
const FEW = 30;

/**
 * Draws weighted points of a density.
 *
 * @example The mean of a skew density
 * ```ts
 * import { createRandom, sampleKernels, weightedMoments } from "@clusters/terse/numerics";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const lnDensity = ([x]: Float64Array) => x! - Math.exp(x!);
 * const pilot = { mean: Float64Array.of(0), covariance: Float64Array.of(1) };
 * const options = { rounds: [1000, 10000], effectiveSamples: 400, mostAdded: 2 };
 * const points = sampleKernels(lnDensity, pilot, options, createRandom(1));
 * assertAlmostEquals(weightedMoments(points).mean[0]!, -0.5772, 0.03);
 * ```
 *
 * @param lnDensity Natural log of the density, up to a constant
 * @param pilot Moments near the density's; the covariance positive definite
 * @param options Number of points
 * @param random Draws the points
 * @throws {RangeError} If a covariance is not positive definite or no point lies within the density
 */
export function sampleKernels(
  lnDensity: LnDensity,
  pilot: PointMoments,
  { rounds, effectiveSamples, mostAdded }: KernelOptions,
  random: Random,
): WeightedPoints {
  const dimensions = pilot.mean.length;
  let points = new Float64Array(0);
  const proposals = [makeProposal(pilot, null, points)];
  if (proposals[0] === null) {
    throw new RangeError(
      "Cannot sample: the pilot's covariance is degenerate, it should be positive definite",
    );
  }
  let lnDensities = new Float64Array(0);
  const counts: number[] = [];
  let cloud: Omit<WeightedPoints, "previous"> | undefined;
  let previous = pilot;
  const last = rounds.length - 1;
  const lnProposals: Float64Array[] = [];
  for (let round = 0; round <= last + mostAdded; round++) {
    if (cloud !== undefined) {
      if (round > last && cloud.effectiveSamples >= effectiveSamples) break;
      previous = weightedMoments(cloud);
      const few = 1 + FEW / cloud.effectiveSamples;
      const widened = { ...previous, covariance: previous.covariance.map((x) => x * few) };
      const chosen = resample(cloud.weights, KERNELS, random.fork("centers", round));
      proposals.push(makeProposal(widened, chosen, points) ?? proposals.at(-1)!);
    }
    const count = rounds[Math.min(round, last)]!;
    const proposal = proposals.at(-1)!;
    const drawn = drawFrom(proposal, count, random.fork("round", round));
    const before = lnDensities.length;
    points = join(points, drawn);
    const found = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      found[i] = lnDensity(drawn.subarray(i * dimensions, (i + 1) * dimensions));
    }
    lnDensities = join(lnDensities, found);
    counts.push(count);
    // The new proposal at the old points, and every proposal at the new ones.
    proposals.forEach((of, r) => {
      const isNew = r === proposals.length - 1;
      const more = lnProposalsOf(of!, points, lnDensities, isNew ? 0 : before);
      lnProposals[r] = isNew ? more : join(lnProposals[r]!, more);
    });
    cloud = weigh(points, lnDensities, lnProposals, counts);
  }
  return { ...cloud!, previous };
}

function join(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  const joined = new Float64Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** The distribution from which a round is drawn. */
interface Proposal {
  readonly mean: Float64Array;
  /** Cholesky factor of the covariance. */
  readonly factor: Float64Array;
  /** ln of the square root of the covariance's determinant. */
  readonly lnVolume: number;
  /** Kernels' centers as the factor's coordinates, [centers x dimensions]; null for the t alone. */
  readonly centers: Float64Array | null;
  /** Which point each center is of, ascending. */
  readonly chosen: Int32Array;
  /** Number of kernels about each center. */
  readonly counts: Int32Array;
  /** The center of each kernel. */
  readonly places: Int32Array;
  /** Width of a kernel in the coordinates of the factor. */
  readonly width: number;
  /** Share of the wide component. */
  readonly wide: number;
  /** Peak of the wide component over that of a standard normal density. */
  readonly peak: number;
}

/**
 * A proposal of moments and the points that its kernels are about, ascending; null for the wide component
 * alone.
 */
function makeProposal(
  { mean, covariance }: PointMoments,
  chosen: Int32Array | null,
  points: Float64Array,
): Proposal | null {
  const dimensions = mean.length;
  const factor = factorCholesky(covariance, dimensions);
  if (factor === null) return null;
  const lnVolume = lnDeterminant(factor) / 2;
  const peak = studentPeak(dimensions);
  if (chosen === null) {
    const none = new Int32Array(0);
    const kernels = { centers: null, chosen: none, counts: none, places: none };
    return { mean, factor, lnVolume, ...kernels, width: 1, wide: 1, peak };
  }
  // Silverman's width for so many kernels.
  const power = 1 / (dimensions + 4);
  const width = (4 / (dimensions + 2)) ** power * KERNELS ** -power;
  const shrink = Math.sqrt(Math.max(0, 1 - width * width));
  const once = chosen.filter((i, k) => k === 0 || i !== chosen[k - 1]);
  const centers = new Float64Array(once.length * dimensions);
  once.forEach((i, k) => {
    const point = points.subarray(i * dimensions, (i + 1) * dimensions);
    const z = solveLower(factor, point.map((value, d) => value - mean[d]!));
    centers.set(z.map((value) => value * shrink), k * dimensions);
  });
  const counts = new Int32Array(once.length);
  let place = -1;
  const places = chosen.map((i, k) => {
    if (k === 0 || i !== chosen[k - 1]) place++;
    counts[place]!++;
    return place;
  });
  const kernels = { centers, chosen: once, counts, places };
  return { mean, factor, lnVolume, ...kernels, width, wide: WIDE_SHARE, peak };
}

function drawFrom(proposal: Proposal, count: number, random: Random): Float64Array {
  const { mean, factor, centers, places, width, wide } = proposal;
  const dimensions = mean.length;
  const points = new Float64Array(count * dimensions);
  const z = new Float64Array(dimensions);
  const shift = new Float64Array(dimensions);
  for (let i = 0; i < count; i++) {
    const isWide = random.uniform() < wide;
    const stretch = Math.sqrt(WIDENING * FREEDOM / chiSquare(FREEDOM, random));
    const kernel = isWide ? 0 : places[random.integer(KERNELS)]! * dimensions;
    for (let d = 0; d < dimensions; d++) {
      z[d] = isWide ? stretch * random.normal() : centers![kernel + d]! + width * random.normal();
    }
    multiplyLower(factor, z, shift);
    for (let d = 0; d < dimensions; d++) points[i * dimensions + d] = mean[d]! + shift[d]!;
  }
  return points;
}

/** Kernels so far below the wide component, in ln, are none of its digits. */
const NEGLIGIBLE = 45;

/**
 * ln of a proposal's density, up to a constant that all share, at the points from one on; 0 at those
 * outside of the density. A point's own kernels do not count.
 */
function lnProposalsOf(
  { mean, factor, lnVolume, centers, chosen, counts, places, width, wide, peak }: Proposal,
  points: Float64Array,
  lnDensities: Float64Array,
  from: number,
): Float64Array<ArrayBuffer> {
  const dimensions = mean.length;
  const found = new Float64Array(lnDensities.length - from);
  const z = new Float64Array(dimensions);
  const power = -(FREEDOM + dimensions) / 2;
  const scale = -0.5 / (width * width);
  const volume = width ** dimensions;
  for (let i = from; i < lnDensities.length; i++) {
    if (!(lnDensities[i]! > -Infinity)) continue;
    // The point in the coordinates of the factor.
    let square = 0;
    let entry = 0;
    for (let r = 0; r < dimensions; r++) {
      let rest = points[i * dimensions + r]! - mean[r]!;
      for (let k = 0; k < r; k++) rest -= factor[entry++]! * z[k]!;
      rest /= factor[entry++]!;
      z[r] = rest;
      square += rest * rest;
    }
    const tail = wide * peak * (1 + square / (WIDENING * FREEDOM)) ** power;
    if (centers === null) {
      found[i - from] = Math.log(tail) - lnVolume;
      continue;
    }
    const furthest = (Math.log(tail) - NEGLIGIBLE) / scale;
    let sum = 0;
    let own = 0;
    let at = 0;
    for (let k = 0; k < chosen.length; k++) {
      if (chosen[k] === i) {
        own = counts[k]!;
        at += dimensions;
        continue;
      }
      let distance = 0;
      for (let d = 0; d < dimensions; d++) {
        const shift = z[d]! - centers[at++]!;
        distance += shift * shift;
      }
      if (distance < furthest) sum += counts[k]! * fastExp(scale * distance);
    }
    const counted = places.length - own;
    const kernels = counted === 0 ? 0 : (1 - wide) * sum / (counted * volume);
    found[i - from] = Math.log(tail + kernels) - lnVolume;
  }
  return found;
}

/** The peak of the wide Student t over that of a standard normal density. */
function studentPeak(dimensions: number): number {
  // Gamma((f + d) / 2) / Gamma(f / 2) by its product, for even and odd d.
  let ratio = dimensions % 2 === 0 ? 1 : gammaHalfStep(FREEDOM / 2);
  for (let k = dimensions % 2; k < dimensions; k += 2) ratio *= (FREEDOM + k) / 2;
  return ratio * (2 / (FREEDOM * WIDENING)) ** (dimensions / 2);
}

/** Gamma(n + 1/2) / Gamma(n) of a whole number n. */
function gammaHalfStep(n: number): number {
  let ratio = Math.sqrt(Math.PI) / 2; // Gamma(3/2) / Gamma(1)
  for (let k = 1; k < n; k++) ratio *= (k + 0.5) / k;
  return ratio;
}

/** Weights of all points: density over the mean of the proposals. */
function weigh(
  points: Float64Array,
  lnDensities: Float64Array,
  lnProposals: readonly Float64Array[],
  counts: readonly number[],
): Omit<WeightedPoints, "previous"> {
  const total = lnDensities.length;
  const lnWeights = lnDensities.map((ln, i) => {
    if (!(ln > -Infinity)) return -Infinity;
    const largest = lnProposals.reduce((most, of) => Math.max(most, of[i]!), -Infinity);
    const sum = lnProposals.reduce(
      (mean, of, r) => mean + counts[r]! / total * Math.exp(of[i]! - largest),
      0,
    );
    return ln - largest - Math.log(sum);
  });
  if (!lnWeights.some((value) => value > -Infinity)) {
    throw new RangeError(
      `Cannot sample: none of ${total} points lies within the density, some should`,
    );
  }
  return { dimensions: points.length / total, points, ...scaleWeights(lnWeights) };
}

/** Indices of points drawn by weight, at equal steps of the cumulative weight. */
function resample(weights: Float64Array, count: number, random: Random): Int32Array {
  const start = random.uniform();
  let cumulative = weights[0]!;
  let i = 0;
  return Int32Array.from({ length: count }, (_, k) => {
    const target = (k + start) / count;
    while (cumulative < target && i < weights.length - 1) cumulative += weights[++i]!;
    return i;
  });
}
