/** How the network of a survey on the sky is built and trained, as a record. */
import type { SkySurvey } from "../catalogs/sky/survey.ts";
import type { Architecture } from "../model.ts";

/** A network of a survey on the sky, and the way to train it. */
export interface SkyRecipe {
  /** The survey that draws its catalogs. */
  readonly survey: SkySurvey;
  /** Root of all random numbers. */
  readonly seed: number;
  /** Passes over the training catalogs. */
  readonly epochs: number;
  /** Number of training catalogs. */
  readonly catalogs: number;
  /** How many of them are new in each epoch after the first. */
  readonly fresh: number;
  /** Catalogs per training step. */
  readonly batch: number;
  /** The largest learning rate, after the warm-up. */
  readonly learningRate: number;
  /** Layers of the network. */
  readonly architecture: Architecture;
  /** New catalogs that its posteriors are recalibrated on at the end; 0: none. */
  readonly recalibration: number;
  /**
   * Whether the regression sees each catalog's relations, fitted as straight lines, in addition to its
   * clusters; not if left out.
   */
  readonly relations?: boolean;
  /**
   * Factor on the loss that ties the terse value, within each catalog, to lensing masses over the clusters
   * that have one, or for a survey without such masses to Y_X = T Mgas; no tie if left out.
   */
  readonly tieWeight?: number;
}

/** A regression that sees terse value, ln L and ln z of each cluster, themselves and against their
 * means, but no order. */
const ARCHITECTURE: Architecture = {
  encoder: [32, 32, 16],
  regression: "set",
  convolution: [],
  pooling: "mean",
  globalPooling: "mean",
  cluster: [64, 64],
  context: [],
  frequencies: [],
  dense: [96, 96],
  dropout: { encoder: 0, dense: 0 },
  normalization: "z-score",
  label: "probit",
  outputs: "two means and covariance",
};

/** How long a network is trained. */
export const SKY_TRAINING: Pick<SkyRecipe, "epochs" | "catalogs" | "fresh"> = {
  epochs: 8,
  catalogs: 150_000,
  fresh: 50_000,
};

/** The tie's weight for a survey with lensing masses, as that of the paper's survey. */
export const SKY_TIE = 10;

/** The weight of a tie to Y_X: posteriors are as good without it, and the encoder free. */
export const PROXY_TIE = 0.1;

/** The recipe for any survey. */
export function skyRecipe(survey: SkySurvey, changes: Partial<SkyRecipe> = {}): SkyRecipe {
  return {
    survey,
    seed: 1,
    ...SKY_TRAINING,
    batch: 64,
    learningRate: 3e-3,
    architecture: ARCHITECTURE,
    ...(survey.lensing === undefined && { relations: true }),
    // As many as are at hand, if they are few: a small training is a trial.
    recalibration: Math.min(50_000, changes.catalogs ?? SKY_TRAINING.catalogs),
    tieWeight: survey.lensing === undefined ? PROXY_TIE : SKY_TIE,
    ...changes,
  };
}
