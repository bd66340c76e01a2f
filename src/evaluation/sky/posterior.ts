/**
 * The posterior of cosmology and relations from a catalog's explicit likelihood.
 *
 * Points are sampled as numbers that are standard normal under the priors: fourteen, and one more with
 * lensing masses.
 */
import {
  isWithinLimits,
  parameterNames,
  type SkyParameters,
  skyParametersAt,
  type SkyPriors,
} from "../../catalogs/sky/parameters.ts";
import { argsort } from "../../numerics/arrays.ts";
import { type LnDensity, sampleEnsemble } from "../../numerics/ensemble_sampler.ts";
import {
  type PointMoments,
  weightedMoments,
  type WeightedPoints,
} from "../../numerics/importance_sampler.ts";
import { type KernelOptions, sampleKernels } from "../../numerics/kernel_sampler.ts";
import { findPeak } from "../../numerics/peak.ts";
import type { Random } from "../../numerics/random.ts";
import type { SkyLikelihood } from "./likelihood.ts";
import { type SamplingCoordinates, samplingCoordinates } from "./sampling_coordinates.ts";

/** Points of parameters that represent a posterior, with their weights. */
export interface WeightedParameters<P = SkyParameters> {
  /** The parameters at each point. */
  readonly parameters: readonly P[];
  /** Weights of the points, which sum to 1. */
  readonly weights: Float64Array;
}

/** Weighted points of a sampled posterior. */
export interface SkyPosterior extends WeightedParameters {
  /** The priors under which the points were sampled. */
  readonly priors: SkyPriors;
  /** Standard normal coordinates, [count x parameters]. */
  readonly points: Float64Array;
  /** Effective sample size of the weighted points. */
  readonly effectiveSamples: number;
  /** Number of likelihoods that were evaluated. */
  readonly evaluations: number;
}

/** Lengths of the stages of sampling. */
export interface SkySampling extends KernelOptions {
  /** Prior points, the best of which start the walkers. */
  readonly starts: number;
  /** Number of walkers of the pilot. */
  readonly walkers: number;
  /** Steps of each walker that are discarded first. */
  readonly burnIn: number;
  /** Steps of each walker after the burn-in. */
  readonly steps: number;
}

/**
 * Default sampling: about 9000 likelihoods if the peak's Gaussian is a good start, which it nearly
 * always is, and some 20 000 otherwise.
 *
 * Rounds are many and short, for the covariance of a proposal is that of the points so far: with a few
 * hundred effective ones some of its fourteen directions are too narrow, and points in them are heavy.
 * A thousand effective samples leave 2 to 3% of a width.
 */
export const SKY_SAMPLING: SkySampling = {
  starts: 300,
  walkers: 40,
  burnIn: 200,
  steps: 300,
  rounds: [1000, 1000, 1000, 1000, 2000, 2000],
  effectiveSamples: 1000,
  mostAdded: 12,
};

/**
 * Samples the posterior of a catalog.
 *
 * @param likelihood From `prepareSkyLikelihood`
 * @param random Draws starts, moves and points
 * @param priors Priors of all parameters
 * @param sampling Lengths of the stages
 * @throws {RangeError} If no point of the priors has a likelihood, as of a catalog in other units
 */
export function sampleSkyPosterior(
  likelihood: SkyLikelihood,
  random: Random,
  priors: SkyPriors = likelihood.priors,
  sampling: SkySampling = SKY_SAMPLING,
): SkyPosterior {
  const dimensions = parameterNames(priors).length;
  let evaluations = 0;
  const lnDensity = (u: Float64Array): number => {
    let square = 0;
    for (let d = 0; d < dimensions; d++) square += u[d]! * u[d]!;
    if (!(square <= MOST_SQUARE)) return -Infinity;
    const parameters = skyParametersAt(u, priors);
    if (!isWithinLimits(parameters)) return -Infinity;
    evaluations++;
    const value = likelihood.lnLikelihood(parameters) - square / 2;
    return Number.isNaN(value) ? -Infinity : value;
  };
  const stream = random.fork("starts");
  const starts = Array.from(
    { length: sampling.starts },
    () => Float64Array.from({ length: dimensions }, () => stream.normal()),
  )
    .map((point) => ({ point, density: lnDensity(point) }))
    .sort((a, b) => b.density - a.density)
    .slice(0, sampling.walkers)
    .map(({ point }) => point);
  const coordinates = samplingCoordinates(priors);
  const sample = (pilot: PointMoments, stream: Random): WeightedPoints => {
    const moments = coordinates.moments(pilot, stream.fork("moments"));
    const density = coordinates.density(lnDensity);
    const cloud = sampleKernels(density, moments, sampling, stream.fork("cloud"));
    return { ...cloud, ...keepWithin(cloud, coordinates) };
  };
  const peak = findPeak(lnDensity, starts[0]!, WIDEST);
  let cloud = sample(peak ?? runPilot(lnDensity, starts, sampling, random), random);
  if (cloud.effectiveSamples < LEAST_SAMPLES) {
    const walkers = [...likeliest(cloud, sampling.walkers), ...starts].slice(0, sampling.walkers);
    const stream = random.fork("again", 0);
    cloud = sample(runPilot(lnDensity, walkers, sampling, stream), stream);
  }
  if (!(cloud.effectiveSamples >= 1)) {
    throw new RangeError(
      "Cannot sample posterior: the catalog is as good as impossible at all parameters that the " +
        "priors allow; its columns should be in the units, and of the survey, that are stated",
    );
  }
  return {
    priors,
    points: cloud.points,
    parameters: Array.from(
      cloud.weights,
      (_, i) =>
        skyParametersAt(cloud.points.subarray(i * dimensions, (i + 1) * dimensions), priors),
    ),
    weights: cloud.weights,
    effectiveSamples: cloud.effectiveSamples,
    evaluations,
  };
}

/** A posterior this many times as wide as its prior is a mistake of the curvature. */
const WIDEST = 1.5;

/** Least effective sample size; below it a pilot of walkers is run, and sampling starts again. */
const LEAST_SAMPLES = 250;

/** The points with weight, as standard normal numbers. */
function keepWithin(
  { dimensions, points, weights }: WeightedPoints,
  coordinates: SamplingCoordinates,
): Pick<WeightedPoints, "points" | "weights"> {
  const kept = Array.from(weights.keys()).filter((i) => weights[i]! > 0);
  const normal = new Float64Array(kept.length * dimensions);
  kept.forEach((i, k) => {
    const point = points.subarray(i * dimensions, (i + 1) * dimensions);
    normal.set(coordinates.toNormal(point)!, k * dimensions);
  });
  return { points: normal, weights: Float64Array.from(kept, (i) => weights[i]!) };
}

/** Moments of a pilot ensemble that starts from some points. */
function runPilot(
  lnDensity: LnDensity,
  starts: readonly Float64Array[],
  sampling: SkySampling,
  random: Random,
): PointMoments {
  const { dimensions, points } = sampleEnsemble(
    lnDensity,
    starts,
    sampling,
    random.fork("moves"),
  );
  const count = points.length / dimensions;
  const weights = new Float64Array(count).fill(1 / count);
  return weightedMoments({ dimensions, points, weights });
}

/** The points of largest weight, from which walkers start. */
function likeliest({ dimensions, points, weights }: WeightedPoints, count: number): Float64Array[] {
  return Array.from(argsort(weights.map((weight) => -weight)).subarray(0, count))
    .map((i) => points.slice(i * dimensions, (i + 1) * dimensions));
}

/** Beyond this squared distance the prior is e^-100 of its peak, and parameters lose their sense. */
const MOST_SQUARE = 200;

/** Probabilities of the quantiles in summaries: median, 68% and 95% intervals. */
export const SKY_QUANTILES: readonly number[] = [0.025, 0.16, 0.5, 0.84, 0.975];

/** The posterior of one quantity. */
export interface SkySummary {
  /** Posterior mean. */
  readonly mean: number;
  /** Posterior standard deviation. */
  readonly deviation: number;
  /** Quantiles at {@linkcode SKY_QUANTILES}. */
  readonly quantiles: readonly number[];
}

/**
 * The posterior of one quantity.
 *
 * @param posterior Weighted points
 * @param quantity The number at a point, such as `sigma8Of`
 * @param weights Other weights of the same points; the posterior's unless given
 */
export function summarizeSky<P>(
  posterior: WeightedParameters<P>,
  quantity: (parameters: P) => number,
  weights: Float64Array = posterior.weights,
): SkySummary {
  const values = valuesOf(posterior, quantity);
  return {
    ...momentsOf(values, weights),
    quantiles: weightedQuantiles(values, weights, SKY_QUANTILES),
  };
}

/** Mean and standard deviation of one quantity: {@linkcode summarizeSky} without its quantiles. */
export function measureSky<P>(
  posterior: WeightedParameters<P>,
  quantity: (parameters: P) => number,
): Pick<SkySummary, "mean" | "deviation"> {
  return momentsOf(valuesOf(posterior, quantity), posterior.weights);
}

/** One quantity at every point. */
function valuesOf<P>(
  { parameters }: WeightedParameters<P>,
  quantity: (parameters: P) => number,
): Float64Array {
  const values = new Float64Array(parameters.length);
  for (let i = 0; i < values.length; i++) values[i] = quantity(parameters[i]!);
  return values;
}

function momentsOf(
  values: Float64Array,
  weights: Float64Array,
): Pick<SkySummary, "mean" | "deviation"> {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    total += weights[i]!;
    sum += weights[i]! * values[i]!;
  }
  const mean = sum / total;
  let squares = 0;
  for (let i = 0; i < weights.length; i++) squares += weights[i]! * (values[i]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / total) };
}

/** Quantiles of weighted values, half way through each value's weight, linear in between. */
export function weightedQuantiles(
  values: Float64Array,
  weights: Float64Array,
  shares: readonly number[],
): number[] {
  const order = argsort(values);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  const cumulative = new Float64Array(order.length);
  for (let k = 0; k < order.length; k++) {
    const weight = weights[order[k]!]!;
    below += weight;
    cumulative[k] = (below - weight / 2) / total;
  }
  return shares.map((share) => {
    const upper = cumulative.findIndex((value) => value >= share);
    if (upper === 0) return values[order[0]!]!;
    if (upper < 0) return values[order[order.length - 1]!]!;
    const [from, to] = [cumulative[upper - 1]!, cumulative[upper]!];
    const part = to > from ? (share - from) / (to - from) : 1;
    const low = values[order[upper - 1]!]!;
    return low + part * (values[order[upper]!]! - low);
  });
}

/** The share of a posterior below a value; the rank, if the value is the truth. */
export function shareBelow<P>(
  posterior: WeightedParameters<P>,
  quantity: (parameters: P) => number,
  value: number,
): number {
  return posterior.weights.reduce(
    (sum, weight, i) => sum + (quantity(posterior.parameters[i]!) < value ? weight : 0),
    0,
  );
}

/** The correlation of two quantities in a posterior. */
export function correlateSky(
  posterior: SkyPosterior,
  first: (parameters: SkyParameters) => number,
  second: (parameters: SkyParameters) => number,
): number {
  const points = Float64Array.from(
    posterior.parameters.flatMap((parameters) => [first(parameters), second(parameters)]),
  );
  const { covariance } = weightedMoments({ dimensions: 2, points, weights: posterior.weights });
  return covariance[1]! / Math.sqrt(covariance[0]! * covariance[3]!);
}
