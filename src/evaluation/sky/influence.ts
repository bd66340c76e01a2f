/**
 * The dependence of a posterior on each cluster, on the prior of the mass scale, and on the
 * redshift cut, found by reweighting the posterior's own points.
 */
import type { SkyParameters, SkyPrior } from "../../catalogs/sky/parameters.ts";
import { parameterOf, priorCoordinate, priorOf } from "../../catalogs/sky/parameters.ts";
import { type SkyClusters, takeSkyClusters } from "../../catalogs/sky/sky_clusters.ts";
import type { SkySurvey } from "../../catalogs/sky/survey.ts";
import type { Random } from "../../numerics/random.ts";
import { prepareSkyLikelihood, type SkyLikelihood } from "./likelihood.ts";
import {
  sampleSkyPosterior,
  type SkyPosterior,
  type SkySampling,
  type SkySummary,
  summarizeSky,
} from "./posterior.ts";

/** A posterior whose points have new weights. */
export interface Reweighted {
  /** Weights of the posterior's points, of unit sum. */
  readonly weights: Float64Array;
  /** Effective sample size; below about 100 the result is a hint only. */
  readonly effectiveSamples: number;
}

/** New weights from the change of ln density at each point. */
export function reweight({ weights }: SkyPosterior, lnChange: Float64Array): Reweighted {
  let largest = -Infinity;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i]! > 0) largest = Math.max(largest, lnChange[i]!);
  }
  const raw = weights.map((weight, i) =>
    weight > 0 ? weight * Math.exp(lnChange[i]! - largest) : 0
  );
  const sum = raw.reduce((a, b) => a + b, 0);
  const changed = raw.map((weight) => weight / sum);
  return { weights: changed, effectiveSamples: 1 / changed.reduce((a, b) => a + b * b, 0) };
}

/** The change of each quantity when one cluster is left out. */
export interface ClusterInfluence {
  /** Row of the cluster in the catalog. */
  readonly row: number;
  /** Change of each quantity's posterior mean when the cluster is left out, in posterior widths. */
  readonly changes: readonly number[];
  /** Effective sample size without the cluster. */
  readonly effectiveSamples: number;
}

/**
 * The exact leave-one-out posterior of every cluster: a point's likelihood without cluster i is the
 * one with it over f_i.
 *
 * @param quantities Functions of the parameters, such as `sigma8Of`
 */
export function leaveEachOut(
  posterior: SkyPosterior,
  likelihood: SkyLikelihood,
  quantities: readonly ((parameters: SkyParameters) => number)[],
): ClusterInfluence[] {
  const points = posterior.weights.length;
  const { count } = likelihood;
  const densities = new Float64Array(points * count);
  posterior.parameters.forEach((parameters, point) => {
    if (posterior.weights[point]! === 0) return;
    likelihood.lnDensities(parameters, densities.subarray(point * count, (point + 1) * count));
  });
  const whole = quantities.map((quantity) => summarizeSky(posterior, quantity));
  const values = quantities.map((quantity) => Float64Array.from(posterior.parameters, quantity));
  return Array.from({ length: count }, (_, row) => {
    const change = Float64Array.from({ length: points }, (_, p) => -densities[p * count + row]!);
    const { weights, effectiveSamples } = reweight(posterior, change);
    const changes = values.map((of, q) => {
      const mean = weights.reduce((sum, weight, i) => sum + weight * of[i]!, 0);
      return (mean - whole[q]!.mean) / whole[q]!.deviation;
    });
    return { row, changes, effectiveSamples };
  });
}

/** Fewest effective samples of a leave-one-out by weights: its error is 0.07 widths or less. */
const FEWEST_SAMPLES = 200;

/** Most clusters without which the posterior is sampled, each of which takes as long as the posterior. */
const MOST_SAMPLED = 3;

/** What a posterior without a cluster is sampled with. */
export interface SampledWithout {
  /** The survey of the catalog. */
  readonly survey: SkySurvey;
  /** The catalog. */
  readonly clusters: SkyClusters;
  /** Stream "without" and the row's number are forked from it. */
  readonly random: Random;
  /** How long it is sampled; the default unless given. */
  readonly sampling?: SkySampling | undefined;
}

/**
 * {@linkcode leaveEachOut}, and for clusters far from the rest, whose weights leave too few samples, the
 * posterior that is sampled without them.
 *
 * @param quantities Functions of the parameters, such as `sigma8Of`
 */
export function leaveEachOutOrSample(
  posterior: SkyPosterior,
  likelihood: SkyLikelihood,
  quantities: readonly ((parameters: SkyParameters) => number)[],
  { survey, clusters, random, sampling }: SampledWithout,
): ClusterInfluence[] {
  const influences = leaveEachOut(posterior, likelihood, quantities);
  const few = influences.filter(({ effectiveSamples }) => effectiveSamples < FEWEST_SAMPLES)
    .sort((a, b) => a.effectiveSamples - b.effectiveSamples)
    .slice(0, likelihood.count > 1 ? MOST_SAMPLED : 0);
  const whole = quantities.map((quantity) => summarizeSky(posterior, quantity));
  for (const { row } of few) {
    const rows = Array.from(clusters.redshift.keys()).filter((other) => other !== row);
    const without = sampleSkyPosterior(
      prepareSkyLikelihood(survey, takeSkyClusters(clusters, rows)),
      random.fork("without", row),
      posterior.priors,
      sampling,
    );
    const changes = quantities.map((quantity, q) =>
      (summarizeSky(without, quantity).mean - whole[q]!.mean) / whole[q]!.deviation
    );
    influences[row] = { row, changes, effectiveSamples: without.effectiveSamples };
  }
  return influences;
}

/** ln density of a prior at a value, up to a constant that depends on its width. */
function lnPriorDensity(prior: SkyPrior, value: number): number {
  const u = priorCoordinate(prior, value);
  if (prior.kind === "normal") return -u * u / 2 - Math.log(prior.deviation);
  if (prior.kind === "lognormal") return -u * u / 2 - Math.log(prior.deviation * value);
  return value > prior.min && value < prior.max ? -Math.log(prior.max - prior.min) : -Infinity;
}

/** The posterior under another prior of one parameter. */
export function changePrior(
  posterior: SkyPosterior,
  name: keyof SkyParameters,
  prior: SkyPrior,
): Reweighted {
  const old = priorOf(posterior.priors, name);
  return reweight(
    posterior,
    Float64Array.from(posterior.parameters, (parameters) => {
      const value = parameterOf(parameters, name);
      return lnPriorDensity(prior, value) - lnPriorDensity(old, value);
    }),
  );
}

/** The posterior from another catalog or survey: a redshift cut, say. */
export function changeLikelihood(
  posterior: SkyPosterior,
  from: SkyLikelihood,
  to: SkyLikelihood,
): Reweighted {
  return reweight(
    posterior,
    Float64Array.from(
      posterior.parameters,
      (parameters, i) =>
        posterior.weights[i]! > 0
          ? to.lnLikelihood(parameters) - from.lnLikelihood(parameters)
          : -Infinity,
    ),
  );
}

/** The summary of a posterior with new weights. */
export function summarizeReweighted(
  posterior: SkyPosterior,
  { weights }: Reweighted,
  quantity: (parameters: SkyParameters) => number,
): SkySummary {
  return summarizeSky(posterior, quantity, weights);
}
