/** What the network of a survey says of one catalog, and how far that is from the likelihood. */
import type { SkyClusters } from "../catalogs/sky/sky_clusters.ts";
import { SKY_COSMOLOGY, type SkyCosmologyName } from "../evaluation/sky/coverage.ts";
import { jointPoints } from "../evaluation/sky/joint_posterior.ts";
import type { SkyCosmology } from "../evaluation/sky/joint_posterior.ts";
import { summarizeSky, type WeightedParameters } from "../evaluation/sky/posterior.ts";
import type { Engine } from "../model.ts";
import { openSkyNetwork, type SkyRun } from "./sky_network.ts";
import type { SkyAnswer } from "./sky_prediction.ts";

/** The network's answer. */
export interface SkyNetworkAnswer extends SkyAnswer {
  /** Correlation of S8 and omegaM, each mapped to the real line. */
  readonly correlation: number;
}

/** Posterior of S8, omegaM and sigma8 by a network. */
export async function answerOfNetwork(
  engine: Engine,
  run: SkyRun,
  clusters: SkyClusters,
): Promise<SkyNetworkAnswer> {
  const network = await openSkyNetwork(engine, run);
  const [posterior] = await network.posteriors([clusters]);
  network.dispose();
  return { ...summarizePoints(jointPoints(posterior!)), correlation: posterior!.correlation };
}

/** Mean and width of S8, omegaM and sigma8 from points. */
export function summarizePoints<P extends SkyCosmology>(
  posterior: WeightedParameters<P>,
): SkyAnswer {
  return {
    sigma8: summarizeSky(posterior, SKY_COSMOLOGY.sigma8),
    omegaM: summarizeSky(posterior, SKY_COSMOLOGY.omegaM),
    S8: summarizeSky(posterior, SKY_COSMOLOGY.S8),
  };
}

/** Means of one answer minus those of another, in widths of the other. */
export function distanceOfAnswers(
  answer: SkyAnswer,
  reference: SkyAnswer,
): Record<SkyCosmologyName, number> {
  const of = (name: SkyCosmologyName) =>
    (answer[name].mean - reference[name].mean) / reference[name].deviation;
  return { S8: of("S8"), omegaM: of("omegaM"), sigma8: of("sigma8") };
}
