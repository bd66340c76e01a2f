/** Tests whether posteriors of mock catalogs contain the truth as often as they state. */
import { drawSkyParameters, type SkyDrawer } from "../../catalogs/sky/draw.ts";
import { sigma8Of, skyPriors } from "../../catalogs/sky/parameters.ts";
import type { SkySurvey } from "../../catalogs/sky/survey.ts";
import { testUniformity } from "../../numerics/distributions.ts";
import type { Random } from "../../numerics/random.ts";
import { mean, standardDeviation } from "../../numerics/statistics.ts";
import { type IntervalCoverage, measureCoverage, QUOTED_LEVELS } from "../coverage.ts";
import { prepareSkyLikelihood } from "./likelihood.ts";
import type { SkyCosmology } from "./joint_posterior.ts";
import {
  measureSky,
  sampleSkyPosterior,
  shareBelow,
  type WeightedParameters,
} from "./posterior.ts";

/** Names of the three quoted cosmological quantities. */
export type SkyCosmologyName = "S8" | "omegaM" | "sigma8";

/** Each quantity as a function of the parameters. */
export const SKY_COSMOLOGY: Readonly<
  Record<SkyCosmologyName, (parameters: SkyCosmology) => number>
> = {
  S8: ({ S8 }) => S8,
  omegaM: ({ omegaM }) => omegaM,
  sigma8: sigma8Of,
};

/** A mock's posterior of one quantity, and the truth. */
export interface JudgedNumber {
  /** The value with which the mock was drawn. */
  readonly truth: number;
  /** Posterior mean. */
  readonly mean: number;
  /** Posterior standard deviation. */
  readonly deviation: number;
  /** Posterior probability below the truth. */
  readonly rank: number;
}

/** A mock's posteriors of the cosmological quantities, with the truth of each. */
export type JudgedCosmology = Readonly<Record<SkyCosmologyName, JudgedNumber>>;

/** Compares a posterior with the truth. */
export function judgePosterior<P extends SkyCosmology>(
  posterior: WeightedParameters<P>,
  truth: SkyCosmology,
): JudgedCosmology {
  const judge = (quantity: (parameters: SkyCosmology) => number): JudgedNumber => {
    const { mean, deviation } = measureSky(posterior, quantity);
    const value = quantity(truth);
    return { truth: value, mean, deviation, rank: shareBelow(posterior, quantity, value) };
  };
  const { S8, omegaM, sigma8 } = SKY_COSMOLOGY;
  return { S8: judge(S8), omegaM: judge(omegaM), sigma8: judge(sigma8) };
}

/** A mock and its posterior. */
export interface JudgedSkyMock extends JudgedCosmology {
  /** Clusters in the mock. */
  readonly count: number;
  /** Effective sample size of the posterior. */
  readonly effectiveSamples: number;
}

/**
 * Draws a mock with parameters from their priors and samples its posterior.
 *
 * @param survey The survey
 * @param drawer Draws catalogs of the survey
 * @param random Streams "parameters", "catalog" and "posterior" are forked from it
 * @returns Null for a mock without clusters, which has no posterior
 */
export function judgeSkyMock(
  survey: SkySurvey,
  drawer: SkyDrawer,
  random: Random,
): JudgedSkyMock | null {
  const truth = drawSkyParameters(skyPriors(survey), random.fork("parameters"));
  const mock = drawer.draw(truth, random.fork("catalog"));
  const count = mock.redshift.length;
  if (count === 0) return null;
  const likelihood = prepareSkyLikelihood(survey, mock);
  const posterior = sampleSkyPosterior(likelihood, random.fork("posterior"));
  return {
    count,
    effectiveSamples: posterior.effectiveSamples,
    ...judgePosterior(posterior, truth),
  };
}

/** Errors and coverage of the posteriors of one quantity over many mocks. */
export interface SkyCoverage {
  /** Mean of posterior mean minus truth. */
  readonly bias: number;
  /** Root mean square of posterior mean minus truth. */
  readonly rmsError: number;
  /** Root mean square of the posteriors' widths; equals `rmsError` if they are right. */
  readonly rmsWidth: number;
  /** Mean of (posterior mean - truth) / width. */
  readonly pullMean: number;
  /** Standard deviation of the pull. */
  readonly pullDeviation: number;
  /** Coverage of the 68% and 95% intervals. */
  readonly intervals: readonly IntervalCoverage[];
  /** Probability that the ranks are uniform (Kolmogorov and Smirnov). */
  readonly rankProbability: number;
}

/** Errors and coverage of one quantity over mocks, one or more. */
export function measureSkyCoverage(numbers: readonly JudgedNumber[]): SkyCoverage {
  const errors = numbers.map((number) => number.mean - number.truth);
  const pulls = numbers.map((number, i) => errors[i]! / number.deviation);
  const ranks = Float64Array.from(numbers, ({ rank }) => Math.min(rank, 1));
  const root = (values: readonly number[]) => Math.sqrt(mean(values.map((x) => x * x)));
  return {
    bias: mean(errors),
    rmsError: root(errors),
    rmsWidth: root(numbers.map(({ deviation }) => deviation)),
    pullMean: mean(pulls),
    pullDeviation: standardDeviation(pulls),
    intervals: measureCoverage(ranks, QUOTED_LEVELS),
    rankProbability: testUniformity(ranks).probability,
  };
}
