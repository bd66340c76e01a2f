/**
 * A network's posterior of (S8, omegaM): means, widths and correlation of the two, each mapped from
 * its prior's box to the real line.
 */
import { SKY_PRIORS, type SkyParameters } from "../../catalogs/sky/parameters.ts";
import {
  type BoundedPosterior,
  boundedProbability,
  boundedQuantiles,
} from "../../numerics/bounded_quantiles.ts";
import { fastNormalProbability, fastNormalQuantile } from "../../numerics/fast_normal.ts";
import type { WeightedParameters } from "./posterior.ts";

/** Moments of the probits of S8 and omegaM, in this order. */
export interface JointNormal {
  /** The two means. */
  readonly mean: readonly [number, number];
  /** The two standard deviations. */
  readonly deviation: readonly [number, number];
  /** Correlation of the two, within -1 to 1. */
  readonly correlation: number;
  /** Recalibration of the two posteriors; none if left out. */
  readonly warps?: readonly [ScoreWarp, ScoreWarp];
}

/**
 * Recalibration of a posterior: the score in the network's posterior by the score in the right one,
 * as coefficients of the orthonormal Hermite polynomials 1, z, (z^2 - 1) / sqrt 2 and (z^3 - 3 z) /
 * sqrt 6. A score is the standard normal number of the same rank.
 */
export type ScoreWarp = readonly [number, number, number, number];

/** The score in the network's posterior that belongs to a score in the right one. */
export function warpScore([a, b, c, d]: ScoreWarp, z: number): number {
  return a + b * z + c * (z * z - 1) / Math.SQRT2 + d * z * (z * z - 3) / Math.sqrt(6);
}

/** Outputs of the network per catalog. */
export const JOINT_OUTPUTS = 5;

/** The posterior of catalog `c`; the loss "joint gaussian" defines the five outputs. */
export function decodeJoint(outputs: Float32Array, c: number): JointNormal {
  const [mean1, mean2, ln1, ln2, slope] = outputs.subarray(
    JOINT_OUTPUTS * c,
    JOINT_OUTPUTS * (c + 1),
  ) as unknown as [number, number, number, number, number];
  const second = Math.exp(-ln2);
  const first = Math.hypot(Math.exp(-ln1), slope * second);
  return {
    mean: [mean1, mean2],
    deviation: [first, second],
    correlation: -slope * second / first,
  };
}

/** The two cosmological quantities that a network predicts. */
export type SkyCosmology = Pick<SkyParameters, "S8" | "omegaM">;

/** Points that represent a posterior: means are good to 0.002 widths, quantiles to 0.01. */
const POINTS = 4096;

/**
 * Evenly spread pairs (Roberts's R2 sequence, from the plastic number) as standard normal numbers.
 */
const PAIRS: Float64Array = (() => {
  const plastic = 1.324717957244746;
  return Float64Array.from({ length: 2 * POINTS }, (_, at) => {
    const step = 1 / plastic ** (1 + at % 2);
    return fastNormalQuantile((0.5 + step * (1 + (at >> 1))) % 1);
  });
})();

const WEIGHTS = new Float64Array(POINTS).fill(1 / POINTS);

const NAMES = ["S8", "omegaM"] as const;

/** The posterior of one quantity, before recalibration. */
function marginalOf({ mean, deviation }: JointNormal, k: 0 | 1): BoundedPosterior {
  const prior = SKY_PRIORS[NAMES[k]];
  if (prior.kind !== "uniform") throw new TypeError(`Cannot decode: ${NAMES[k]} has no box`);
  const { min, max } = prior;
  return { min, max, coordinate: "logarithm", center: mean[k], width: deviation[k] };
}

/** The normal scores of a truth in the posteriors of S8 and omegaM, before recalibration. */
export function scoreTruth(joint: JointNormal, { S8, omegaM }: SkyCosmology): [number, number] {
  const score = (k: 0 | 1, value: number) => {
    const rank = boundedProbability(marginalOf(joint, k), value);
    return fastNormalQuantile(Math.min(Math.max(rank, 1e-12), 1 - 1e-12));
  };
  return [score(0, S8), score(1, omegaM)];
}

/** Values of one quantity at given normal scores of its posterior. */
function valuesAt(joint: JointNormal, k: 0 | 1, scores: Float64Array): Float64Array {
  const warp = joint.warps?.[k];
  const own = warp === undefined ? scores : scores.map((z) => warpScore(warp, z));
  return boundedQuantiles(marginalOf(joint, k), own.map(fastNormalProbability));
}

/**
 * A posterior as points of equal weight, the same for equal posteriors.
 *
 * The network learns mean and covariance of the probits. Gaussians of them would be too heavy in
 * their tails, since the probit stretches what is near the box's ends. The posterior of each number is
 * the box times a likelihood that is Gaussian in its logarithm, with the probit's mean and width, as
 * the network's recalibration then warps it; the two are tied by the correlation of their normal scores.
 */
export function jointPoints(joint: JointNormal): WeightedParameters<SkyCosmology> {
  const { correlation } = joint;
  const rest = Math.sqrt(Math.max(0, 1 - correlation * correlation));
  const first = new Float64Array(POINTS);
  const second = new Float64Array(POINTS);
  for (let i = 0; i < POINTS; i++) {
    first[i] = PAIRS[2 * i]!;
    second[i] = correlation * first[i]! + rest * PAIRS[2 * i + 1]!;
  }
  const S8 = valuesAt(joint, 0, first);
  const omegaM = valuesAt(joint, 1, second);
  const parameters = Array.from(S8, (value, i) => ({ S8: value, omegaM: omegaM[i]! }));
  return { parameters, weights: WEIGHTS };
}
