/**
 * The test of accuracy with random points (TARP; Lemos et al. 2023, ICML, arXiv:2302.03026) in two
 * dimensions: it sees what the ranks of single numbers do not, a wrong correlation of S8 and
 * omegaM.
 */
import { SKY_PRIORS } from "../../catalogs/sky/parameters.ts";
import { testUniformity } from "../../numerics/distributions.ts";
import type { Random } from "../../numerics/random.ts";
import type { KolmogorovSmirnov } from "../../numerics/statistics.ts";
import type { SkyCosmology } from "./joint_posterior.ts";
import type { WeightedParameters } from "./posterior.ts";

/** S8 and omegaM as shares of the priors' box. */
function placeInBox({ S8, omegaM }: SkyCosmology): [number, number] {
  const { S8: first, omegaM: second } = SKY_PRIORS;
  if (first.kind !== "uniform" || second.kind !== "uniform") {
    throw new TypeError("Cannot place cosmology: the priors of S8 and omegaM are not a box");
  }
  return [
    (S8 - first.min) / (first.max - first.min),
    (omegaM - second.min) / (second.max - second.min),
  ];
}

/**
 * The posterior probability of the circle about a random point of the box that just reaches the
 * truth: uniform from 0 to 1 over catalogs if the posteriors are right.
 */
export function credibilityAbout<P extends SkyCosmology>(
  { parameters, weights }: WeightedParameters<P>,
  truth: SkyCosmology,
  random: Random,
): number {
  const point = [random.uniform(), random.uniform()] as const;
  const distance = (at: SkyCosmology) => {
    const [x, y] = placeInBox(at);
    return (x - point[0]) ** 2 + (y - point[1]) ** 2;
  };
  const reach = distance(truth);
  const share = parameters.reduce(
    (sum, at, i) => distance(at) < reach ? sum + weights[i]! : sum,
    0,
  );
  return Math.min(share, 1);
}

/** Test whether credibilities of {@linkcode credibilityAbout} are uniform. */
export function testJointPoints(credibilities: ArrayLike<number>): KolmogorovSmirnov {
  return testUniformity(Float64Array.from(credibilities));
}
