/** One catalog's posterior: what the workers of `limit` do. */
import { drawCatalog, prepareCatalogs } from "../catalogs/catalog.ts";
import type { CatalogParameters } from "../catalogs/priors.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { LikelihoodModel, WeakLensingUse } from "../evaluation/likelihood.ts";
import type { JudgedPosterior } from "../evaluation/posterior.ts";
import { sampleSigma8 } from "../evaluation/posterior.ts";
import { openStream } from "./streams.ts";

/** What all catalogs of a measurement share. */
export interface LimitPlan {
  /** Likelihood from `prepareLikelihood`, with base sample and catalog plan in it. */
  readonly model: LikelihoodModel;
  readonly seed: number;
}

/** One catalog to sample. */
export interface LimitTask {
  /** Number of the catalog, which names its random streams. */
  readonly catalog: number;
  readonly parameters: CatalogParameters;
}

/** The posterior of one catalog, and the truth. */
export interface PosteriorRecord extends JudgedPosterior {
  readonly catalog: number;
  /** N_cluster. */
  readonly clusters: number;
}

/** The reading of the likelihood that matches the experiment's network. */
export function weakLensingUse({ features }: Experiment): WeakLensingUse {
  const isSeen = [...features.pixels, ...features.supplementary].includes("logWeakLensingMass");
  return isSeen ? "with weak lensing" : "without weak lensing";
}

/**
 * A sampler of the posteriors of one plan; what it returns depends on the task alone.
 *
 * @throws {RangeError} If the survey holds less than one cluster
 */
export function createSampler({ model, seed }: LimitPlan): (task: LimitTask) => PosteriorRecord {
  const maker = prepareCatalogs(model.base, model.plan);
  const random = openStream(seed, "limit");
  return ({ catalog, parameters }) => {
    const { clusters } = drawCatalog(maker, parameters, random.fork("catalog", catalog));
    const posterior = sampleSigma8(model, clusters, random.fork("posterior", catalog));
    return { catalog, clusters: clusters.count, sigma8: parameters.sigma8, ...posterior };
  };
}
