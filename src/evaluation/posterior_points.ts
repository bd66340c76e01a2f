/**
 * Weighted points of a catalog's posterior, every varied parameter free under its prior.
 *
 * The design's grids become flat priors that reach half a step past their ends: what a solver could
 * gain by knowing that a bias is a multiple of 0.1 is not counted as information.
 */
import type { Interval } from "../catalogs/grid.ts";
import type { CatalogParameters, Priors } from "../catalogs/priors.ts";
import { PARAMETER_NAMES } from "../catalogs/priors.ts";
import { argsort } from "../numerics/arrays.ts";
import type { EnsembleChain } from "../numerics/ensemble_sampler.ts";
import { sampleEnsemble } from "../numerics/ensemble_sampler.ts";
import type { PointMoments, WeightedPoints } from "../numerics/importance_sampler.ts";
import { sampleImportance, weightedMoments } from "../numerics/importance_sampler.ts";
import type { Random } from "../numerics/random.ts";
import type { ClusterDensities } from "./cluster_densities.ts";
import type { LikelihoodModel } from "./likelihood_model.ts";

/** The posterior of sigma8 of one catalog, with measures of its sampling. */
export interface Sigma8Posterior {
  /** Posterior mean of sigma8. */
  readonly mean: number;
  /** Width of the posterior. */
  readonly standardDeviation: number;
  /** Quantiles at {@linkcode POSTERIOR_QUANTILES}: median, 68% and 95% intervals. */
  readonly quantiles: Float64Array;
  /** Effective sample size of the weighted points. */
  readonly effectiveSamples: number;
  /** Change of the mean in the last round, in standard deviations. */
  readonly lastChange: number;
}

/** Probabilities of {@linkcode Sigma8Posterior}'s quantiles. */
export const POSTERIOR_QUANTILES: readonly number[] = [0.025, 0.16, 0.5, 0.84, 0.975];

/** Least effective sample size that has converged; with fewer, means are off by 10% of a width. */
export const FEWEST_EFFECTIVE_SAMPLES = 100;

/** Largest change of the mean in the last round, in standard deviations, that has converged. */
export const LARGEST_LAST_CHANGE = 0.2;

/**
 * Rounds added at most where the sampling has not converged, each of twice the points of the one
 * before. One catalog in 50 needs some: a posterior cut by several priors at once is learned slowly,
 * and its last round still moves the mean.
 */
export const MOST_ADDED_ROUNDS = 4;

/** Lengths of the stages of sampling. */
export interface PosteriorSampling {
  /** Walkers of the pilot ensemble, which finds the posterior and its rough shape. */
  readonly walkers: number;
  /** Steps of each walker that are discarded first. */
  readonly burnIn: number;
  /** Steps of each walker after the burn-in. */
  readonly steps: number;
  /** Points of each round of importance sampling, which measures it. */
  readonly rounds: readonly number[];
  /** Effective sample size below which a round is added; {@linkcode FEWEST_EFFECTIVE_SAMPLES}. */
  readonly effectiveSamples?: number;
}

/**
 * Default sampling: about 19 000 likelihoods in a quarter of a second, which gives the mean of
 * sigma8 to 3% of its posterior's width.
 */
export const POSTERIOR_SAMPLING: PosteriorSampling = {
  walkers: 20,
  burnIn: 300,
  steps: 150,
  rounds: [2000, 3000, 4000],
};

/** Prior points tried for each walker; it starts from the best. */
const STARTS_PER_WALKER = 50;

/** The parameters in the order of a walker's coordinates; the last is not read without lensing. */
const COORDINATES = PARAMETER_NAMES;

/** The range of each parameter's flat prior: a grid's reaches half a step past its ends. */
function priorRanges(priors: Priors): Interval[] {
  return COORDINATES.map((name) => {
    const prior = priors[name];
    const margin = "step" in prior ? prior.step / 2 : 0;
    return { min: prior.min - margin, max: prior.max + margin };
  });
}

/** The posterior of one catalog, with the weighted points on which it was measured. */
export interface SampledPosterior {
  /** The posterior of sigma8, the points' first coordinate. */
  readonly posterior: Sigma8Posterior;
  /** Points and their weights; those outside the prior have weight 0. */
  readonly cloud: WeightedPoints;
  /** The parameters at a point; the record is overwritten at each call. */
  parametersAt(point: Float64Array): CatalogParameters;
}

/**
 * Samples the posterior of one catalog as `sampleSigma8` does, and keeps the points.
 *
 * @param densities Densities of the catalog under the same model; left at the last point that was
 *   tried
 * @param near Points of a similar posterior of the same parameters, such as that of the same
 *   catalog with more or fewer observables: the walkers start there, and less is discarded
 */
export function samplePoints(
  { evaluate }: Pick<ClusterDensities, "evaluate">,
  model: LikelihoodModel,
  random: Random,
  sampling: PosteriorSampling = POSTERIOR_SAMPLING,
  near?: WeightedPoints,
): SampledPosterior {
  const ranges = priorRanges(model.plan.priors);
  const axes = freeAxes(model, ranges);
  const names = axes.map((d) => COORDINATES[d]!);
  const values = Object.fromEntries(
    COORDINATES.map((name, d) => [name, (ranges[d]!.min + ranges[d]!.max) / 2]),
  ) as Record<keyof CatalogParameters, number>;
  const parametersAt = (point: Float64Array): CatalogParameters => {
    for (let k = 0; k < names.length; k++) values[names[k]!] = point[k]!;
    return values;
  };
  const lnDensity = (point: Float64Array): number => {
    for (let k = 0; k < axes.length; k++) {
      const { min, max } = ranges[axes[k]!]!;
      if (!(point[k]! > min && point[k]! < max)) return -Infinity;
    }
    return evaluate(parametersAt(point));
  };
  const drawPrior = (stream: Random) =>
    Float64Array.from(axes, (d) => {
      const { min, max } = ranges[d]!;
      return min + (max - min) * stream.uniform();
    });
  const stream = random.fork("cloud");
  const isNear = near?.dimensions === axes.length;
  const starts = isNear
    ? drawPoints(near, sampling.walkers, random.fork("starts"))
    : bestStarts(lnDensity, drawPrior, sampling.walkers, random.fork("starts"));
  const burnIn = isNear ? Math.ceil(NEAR_SHARE * sampling.burnIn) : sampling.burnIn;
  const pilot = sampleEnsemble(lnDensity, starts, { ...sampling, burnIn }, random.fork("moves"));
  let points = sampling.rounds.at(-1)!;
  let cloud = sampleImportance(lnDensity, chainMoments(pilot), sampling.rounds, stream);
  const { effectiveSamples: asked = FEWEST_EFFECTIVE_SAMPLES } = sampling;
  const isEnough = () => cloud.effectiveSamples >= asked && hasConverged(describeCloud(cloud));
  for (let k = 0; k < MOST_ADDED_ROUNDS && !isEnough(); k++) {
    points *= 2;
    const start = weightedMoments(cloud);
    cloud = sampleImportance(lnDensity, start, [points], stream.fork("added", k));
  }
  return { posterior: describeCloud(cloud), cloud, parametersAt };
}

/** Share of the burn-in for walkers that start from a similar posterior. */
const NEAR_SHARE = 1 / 3;

/** Points drawn in proportion to their weights. */
function drawPoints(
  { dimensions, points, weights }: WeightedPoints,
  count: number,
  random: Random,
): Float64Array[] {
  return Array.from({ length: count }, () => {
    let rest = random.uniform();
    let p = 0;
    while (p < weights.length - 1 && rest >= weights[p]!) rest -= weights[p++]!;
    return points.slice(p * dimensions, (p + 1) * dimensions);
  });
}

/** The posterior of the first coordinate, which is sigma8. */
function describeCloud(cloud: WeightedPoints): Sigma8Posterior {
  const { mean, covariance } = weightedMoments(cloud);
  const width = Math.sqrt(covariance[0]!);
  return {
    mean: mean[0]!,
    standardDeviation: width,
    quantiles: firstAxisQuantiles(cloud),
    effectiveSamples: cloud.effectiveSamples,
    lastChange: Math.abs(mean[0]! - cloud.previous.mean[0]!) / width,
  };
}

/** Moments of all walkers' paths. */
function chainMoments({ dimensions, points }: EnsembleChain): PointMoments {
  const count = points.length / dimensions;
  return weightedMoments({
    dimensions,
    points,
    weights: new Float64Array(count).fill(1 / count),
  });
}

/** Quantiles of the first coordinate, each half way through a point's weight. */
function firstAxisQuantiles({ dimensions, points, weights }: WeightedPoints): Float64Array {
  const values = Float64Array.from(weights, (_, i) => points[i * dimensions]!);
  const order = argsort(values);
  let below = 0;
  const cumulative = Float64Array.from(order, (i) => {
    below += weights[i]!;
    return below - weights[i]! / 2;
  });
  return Float64Array.from(POSTERIOR_QUANTILES, (q) => {
    const at = Math.min(cumulative.findIndex((share) => share >= q), order.length - 1);
    return values[order[Math.max(at, 0)]!]!;
  });
}

/** The coordinates that are sampled: those with a prior of some width that the likelihood reads. */
function freeAxes({ weakLensing }: LikelihoodModel, ranges: readonly Interval[]): number[] {
  return COORDINATES.flatMap((name, d) => {
    const isRead = name !== "weakLensingScatter" || weakLensing === "with weak lensing";
    return isRead && ranges[d]!.max > ranges[d]!.min ? [d] : [];
  });
}

/** The likeliest of many prior points, one per walker, so that the burn-in is short. */
function bestStarts(
  lnDensity: (point: Float64Array) => number,
  drawPrior: (stream: Random) => Float64Array,
  walkers: number,
  random: Random,
): Float64Array[] {
  return Array.from({ length: walkers * STARTS_PER_WALKER }, () => drawPrior(random))
    .map((point) => ({ point, density: lnDensity(point) }))
    .sort((a, b) => b.density - a.density)
    .slice(0, walkers)
    .map(({ point }) => point);
}

/** Whether a posterior's samples are many and steady enough to be used. */
export function hasConverged({ effectiveSamples, lastChange }: Sigma8Posterior): boolean {
  return effectiveSamples >= FEWEST_EFFECTIVE_SAMPLES && lastChange <= LARGEST_LAST_CHANGE;
}
