/**
 * The exact answers to what interpretation asks of a network, for one catalog: what leaving out
 * each cluster does to the posterior mean of sigma8, and what a change of each observable does. No
 * network is involved: the mocks have a likelihood, and these are its own answers.
 */
import type { ObservedClusters } from "../../clusters/cluster_table.ts";
import type { ClusterDensities } from "../../evaluation/cluster_densities.ts";
import { createClusterDensities, OBSERVABLES } from "../../evaluation/cluster_densities.ts";
import type { LikelihoodModel } from "../../evaluation/likelihood.ts";
import { seeOneNumber } from "../../evaluation/likelihood.ts";
import type {
  PosteriorSampling,
  SampledPosterior,
  Sigma8Posterior,
} from "../../evaluation/posterior.ts";
import { hasConverged, samplePoints } from "../../evaluation/posterior.ts";
import type { WeightedPoints } from "../../numerics/importance_sampler.ts";
import type { Random } from "../../numerics/random.ts";
import type { Gap } from "./gap.ts";
import { isGap, orGap } from "./gap.ts";
import { measureInfluence } from "./influence.ts";

/** Names of the observables that exact sensitivities are given for. */
export type ObservableName =
  | "logLuminosity"
  | "logTemperature"
  | "logGasMass"
  | "logWeakLensingMass";

/** Exact leave-one-out of every cluster, in the order of the catalog; all arrays are [count]. */
export interface ExactLeaveOneOut {
  /** E[sigma8] without the cluster minus E[sigma8] with it. */
  readonly change: Float64Array;
  /** Standard error of the change, from the sampling. */
  readonly error: Float64Array;
  /** Pareto tail index of the importance weights; a change above `PARETO_LIMIT` is not to be used. */
  readonly paretoK: Float64Array;
}

/** d E[sigma8] / d observable of one cluster, all others as they are; arrays are [count]. */
export interface ExactSensitivity {
  /** Per dex of the observable. */
  readonly slope: Float64Array;
  /** Standard error of the slope, from the sampling. */
  readonly error: Float64Array;
}

/** Exact answers for one catalog and one choice of what is read of each cluster. */
export interface ExactAnswers {
  /** Number of clusters. */
  readonly count: number;
  /** The posterior that the answers follow from. */
  readonly posterior: Sigma8Posterior;
  /** A gap for a catalog of one cluster. */
  readonly leaveOneOut: ExactLeaveOneOut | Gap;
  /** Sensitivities by observable; weak lensing is left out where it is not read. */
  readonly sensitivities: Readonly<Partial<Record<ObservableName, ExactSensitivity>>>;
}

/** As of the limit, but for more independent samples: what single clusters do is less than a width. */
const EXACT_SAMPLING: PosteriorSampling = {
  walkers: 20,
  burnIn: 300,
  steps: 200,
  rounds: [3000, 3000, 6000],
  effectiveSamples: 600,
};

/** Exact answers for one catalog. */
export interface ExactCatalog {
  /**
   * Answers with log L_X, log T and log Mgas of each cluster, and its weak lensing mass if it is
   * read.
   */
  readonly everything: ExactAnswers | Gap;
  /**
   * Answers with the best single number in place of log T and log Mgas: the optimum for a terse
   * value.
   */
  readonly oneNumber: ExactAnswers | Gap;
}

/**
 * Exact answers for one catalog, with both choices of what is read.
 *
 * @example The heaviest of a catalog's clusters matters most
 * ```ts
 * import { createRandom, drawBaseSample, drawCatalog, prepareCatalogs } from "@clusters/terse";
 * import { STANDARD_PRIORS, STANDARD_SURVEY, drawParameters } from "@clusters/terse/catalogs";
 * import { prepareLikelihood } from "@clusters/terse/evaluation";
 * import { answerExactly } from "./exact_catalog.ts";
 * import { isGap } from "./gap.ts";
 * import { assert, assertLess } from "@std/assert";
 *
 * const random = createRandom(1);
 * const base = drawBaseSample(random);
 * const plan = {
 *   survey: STANDARD_SURVEY, priors: STANDARD_PRIORS, massFunction: "tinker08", recipe: "neighbor",
 * } as const;
 * const [parameters] = drawParameters(STANDARD_PRIORS, 1, random);
 * const { clusters } = drawCatalog(prepareCatalogs(base, plan), parameters!, random);
 * const { oneNumber } = answerExactly(prepareLikelihood(base, plan), clusters, random);
 * assert(!isGap(oneNumber) && !isGap(oneNumber.leaveOneOut));
 * const heaviest = clusters.logMass.indexOf(Math.max(...clusters.logMass));
 * assertLess(oneNumber.leaveOneOut.change[heaviest]!, -0.001);
 * ```
 *
 * @param model From `prepareLikelihood`
 * @param clusters The catalog; true masses are not read
 * @param random Streams "everything" and "one number" are forked from it
 */
export function answerExactly(
  model: LikelihoodModel,
  clusters: ObservedClusters,
  random: Random,
  sampling: PosteriorSampling = EXACT_SAMPLING,
): ExactCatalog {
  const everything = orGap(() => sampleFor(model, clusters, random.fork("everything"), sampling));
  const near = isGap(everything) ? undefined : everything.sampled.cloud;
  const oneNumber = orGap(() =>
    sampleFor(seeOneNumber(model), clusters, random.fork("one number"), sampling, near)
  );
  return {
    everything: isGap(everything) ? everything : answerFrom(everything),
    oneNumber: isGap(oneNumber) ? oneNumber : answerFrom(oneNumber),
  };
}

/**
 * Exact answers for what one likelihood model reads.
 *
 * @returns A gap if the posterior has not converged
 * @throws {RangeError} If the catalog is empty, an observable is missing or no posterior is found
 */
export function answerFor(
  model: LikelihoodModel,
  clusters: ObservedClusters,
  random: Random,
  sampling: PosteriorSampling = EXACT_SAMPLING,
): ExactAnswers | Gap {
  return answerFrom(sampleFor(model, clusters, random, sampling));
}

/** A posterior, and the densities of the clusters at any of its points. */
interface SampledCatalog {
  readonly model: LikelihoodModel;
  readonly densities: ClusterDensities;
  readonly sampled: SampledPosterior;
}

function sampleFor(
  model: LikelihoodModel,
  clusters: ObservedClusters,
  random: Random,
  sampling: PosteriorSampling,
  near?: WeightedPoints,
): SampledCatalog {
  const densities = createClusterDensities(model, clusters);
  return { model, densities, sampled: samplePoints(densities, model, random, sampling, near) };
}

function answerFrom({ model, densities, sampled }: SampledCatalog): ExactAnswers | Gap {
  const { posterior, cloud, parametersAt } = sampled;
  if (!hasConverged(posterior)) return { gap: describeFailure(posterior) };
  const { dimensions, points, weights } = cloud;
  const { count, lnDensity, derivatives } = densities;
  const sigma8 = weights.map((_, p) => points[p * dimensions]!);
  const influence = measureInfluence(sigma8, weights, {
    count,
    width: OBSERVABLES.length,
    lnDensity,
    derivatives,
    moveTo: (p) => {
      densities.evaluate(
        parametersAt(points.subarray(p * dimensions, (p + 1) * dimensions)),
        true,
      );
    },
  });
  const { change, changeError, paretoK, derivative, derivativeError } = influence;
  const seen = OBSERVABLES.filter((name) =>
    name !== "logWeakLensingMass" || model.weakLensing === "with weak lensing"
  );
  const pick = (values: Float64Array, name: ObservableName) =>
    Float64Array.from(
      { length: count },
      (_, i) => values[i * OBSERVABLES.length + OBSERVABLES.indexOf(name)]!,
    );
  return {
    count,
    posterior,
    leaveOneOut: count > 1
      ? { change, error: changeError, paretoK }
      : { gap: "the catalog has one cluster, and without it there is none to learn from" },
    sensitivities: Object.fromEntries(
      seen.map((
        name,
      ) => [name, { slope: pick(derivative, name), error: pick(derivativeError, name) }]),
    ),
  };
}

function describeFailure({ effectiveSamples, lastChange }: Sigma8Posterior): string {
  return `the posterior has not converged: its points are worth ${Math.round(effectiveSamples)} ` +
    `samples and the last round moved the mean by ${lastChange.toFixed(2)} of its width`;
}
