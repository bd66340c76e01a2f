/** The posterior of sigma8 from a catalog's likelihood, and the information limit from many. */
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import type { Random } from "../numerics/random.ts";
import { bootstrapError, mean, median, standardDeviation } from "../numerics/statistics.ts";
import { createClusterDensities } from "./cluster_densities.ts";
import type { LikelihoodModel } from "./likelihood_model.ts";
import type { PosteriorSampling, Sigma8Posterior } from "./posterior_points.ts";
import { hasConverged, POSTERIOR_SAMPLING, samplePoints } from "./posterior_points.ts";

export {
  FEWEST_EFFECTIVE_SAMPLES,
  hasConverged,
  LARGEST_LAST_CHANGE,
  MOST_ADDED_ROUNDS,
  POSTERIOR_QUANTILES,
  POSTERIOR_SAMPLING,
  samplePoints,
} from "./posterior_points.ts";
export type { ClusterDensities } from "./cluster_densities.ts";
export type { PosteriorSampling, SampledPosterior, Sigma8Posterior } from "./posterior_points.ts";

/**
 * Samples the posterior of sigma8 of one catalog.
 *
 * Parameters whose prior has no width stay fixed; weak lensing's scatter too, where lensing is not
 * read. Where the rounds asked for do not converge, up to {@linkcode MOST_ADDED_ROUNDS} follow.
 *
 * @param model From `prepareLikelihood`
 * @param clusters The catalog, one cluster or more; true masses are not read
 * @param random Draws the walkers' starts and moves
 * @param sampling Number of walkers and lengths of the chains
 * @throws {RangeError} If the catalog has no clusters, or no start of finite likelihood was found
 */
export function sampleSigma8(
  model: LikelihoodModel,
  clusters: ObservedClusters,
  random: Random,
  sampling: PosteriorSampling = POSTERIOR_SAMPLING,
): Sigma8Posterior {
  return samplePoints(createClusterDensities(model, clusters), model, random, sampling).posterior;
}

/** A posterior, with the sigma8 with which its catalog was made. */
export interface JudgedPosterior extends Sigma8Posterior {
  /** sigma8 with which the catalog was made. */
  readonly sigma8: number;
}

/** The information limit, measured on many catalogs. */
export interface InformationLimit {
  /** Number of catalogs. */
  readonly count: number;
  /** Standard deviation of posterior mean minus truth about its mean: no estimator scatters less. */
  readonly scatter: number;
  /** Bootstrap error of the scatter. */
  readonly scatterError: number;
  /** Mean of posterior mean minus truth. */
  readonly bias: number;
  /** Root mean square of the posteriors' widths: the same limit, less noisy. */
  readonly width: number;
  /** Bootstrap error of the width. */
  readonly widthError: number;
  /** scatter / width: 1 within its error if the likelihood is the mocks' own. */
  readonly agreement: number;
  /** Error of the agreement, from those of scatter and width. */
  readonly agreementError: number;
  /** Catalogs whose sampling has not converged; see {@linkcode hasConverged}. */
  readonly unconverged: number;
  /** Median number of independent samples. */
  readonly effectiveSamples: number;
}

/**
 * The information limit from many posteriors.
 *
 * @param posteriors Posteriors of catalogs drawn from the priors, two or more
 * @param random Draws the bootstrap samples
 * @throws {RangeError} If there are fewer than two posteriors
 */
export function measureLimit(
  posteriors: readonly JudgedPosterior[],
  random: Random,
): InformationLimit {
  if (posteriors.length < 2) {
    throw new RangeError(
      `Cannot measure the limit: there are ${posteriors.length} posteriors, at least 2 are needed`,
    );
  }
  const errors = Float64Array.from(posteriors, (p) => p.mean - p.sigma8);
  const widths = Float64Array.from(posteriors, (p) => p.standardDeviation);
  const rootMeanSquare = (values: Float64Array) => Math.sqrt(mean(values.map((x) => x * x)));
  const scatter = standardDeviation(errors);
  const scatterError = bootstrapError(errors, standardDeviation, random.fork("scatter"));
  const width = rootMeanSquare(widths);
  const widthError = bootstrapError(widths, rootMeanSquare, random.fork("width"));
  return {
    count: posteriors.length,
    scatter,
    scatterError,
    bias: mean(errors),
    width,
    widthError,
    agreement: scatter / width,
    agreementError: scatter / width * Math.hypot(scatterError / scatter, widthError / width),
    unconverged: posteriors.filter((posterior) => !hasConverged(posterior)).length,
    effectiveSamples: median(posteriors.map((p) => p.effectiveSamples)),
  };
}
