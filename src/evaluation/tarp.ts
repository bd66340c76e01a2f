/**
 * Tests of accuracy with random points (TARP; Lemos et al. 2023, ICML, arXiv:2302.03026) in one
 * dimension: the expected coverage probability of posterior regions that are centered on random
 * reference points, which a posterior that is right everywhere, and no other, keeps on the
 * diagonal.
 */
import type { Interval } from "../catalogs/grid.ts";
import { testUniformity } from "../numerics/distributions.ts";
import type { Random } from "../numerics/random.ts";
import type { KolmogorovSmirnov } from "../numerics/statistics.ts";
import { quantiles } from "../numerics/statistics.ts";
import type { PosteriorView } from "./predicted_posteriors.ts";

/** Credibilities at which the coverage is given: 0 to 1 in steps of 0.05. */
export const CREDIBILITIES: readonly number[] = Array.from({ length: 21 }, (_, i) => i / 20);

/** Quantiles of the 68% and 95% bands. */
const BAND: readonly number[] = [0.025, 0.16, 0.84, 0.975];

/** Resamples of the bootstrap; each end of the 95% band rests on five of them. */
const RESAMPLES = 200;

/** The expected coverage probability at one credibility. */
export interface ExpectedCoverage {
  /** Posterior probability of the region about the reference point, 0 to 1. */
  readonly credibility: number;
  /** Share of catalogs whose true sigma8 the region contains; the credibility if calibrated. */
  readonly coverage: number;
  /** Ends of the middle 68% of bootstrap resamples of the catalogs. */
  readonly band68: readonly [number, number];
  /** Ends of the middle 95%. */
  readonly band95: readonly [number, number];
}

/** The outcome of {@linkcode testRandomPoints}. */
export interface RandomPointTest extends KolmogorovSmirnov {
  /** Expected coverage at each of {@linkcode CREDIBILITIES}. */
  readonly curve: readonly ExpectedCoverage[];
  /** Largest |coverage - credibility| of the curve. */
  readonly largestDeviation: number;
}

/**
 * The test with one random point per catalog, uniform over the prior: the region is the interval
 * about the point that just reaches the true sigma8, and its posterior probability is uniform from 0
 * to 1 over catalogs if the posteriors are right, which the test of Kolmogorov and Smirnov judges.
 *
 * A bias shows less than in the ranks: in one dimension points far to the left of a posterior and
 * far to its right see it with opposite signs.
 *
 * @param view Posteriors, from `viewPosteriors`
 * @param truth sigma8 with which each catalog was made
 * @param prior Range of sigma8, with a maximum above the minimum
 * @param random Streams "points" and "resamples" are forked from it
 */
export function testRandomPoints(
  view: PosteriorView,
  truth: ArrayLike<number>,
  prior: Interval,
  random: Random,
): RandomPointTest {
  const points = random.fork("points");
  const probabilities = Float64Array.from({ length: view.count }, (_, c) => {
    const point = prior.min + (prior.max - prior.min) * points.uniform();
    const opposite = 2 * point - truth[c]!;
    const probability = view.probabilityBelow(c, truth[c]!) - view.probabilityBelow(c, opposite);
    return Math.min(Math.abs(probability), 1); // rounding can reach 1 + 1e-16
  });
  const curve = coverageCurve(probabilities, random.fork("resamples"));
  return {
    ...testUniformity(probabilities),
    curve,
    largestDeviation: Math.max(
      ...curve.map(({ credibility, coverage }) => Math.abs(coverage - credibility)),
    ),
  };
}

/** Cumulative shares of region probabilities, with their bootstrap bands. */
function coverageCurve(probabilities: Float64Array, random: Random): ExpectedCoverage[] {
  const count = probabilities.length;
  const steps = CREDIBILITIES.length - 1;
  /** The first credibility whose region contains the truth, by catalog. */
  const firstHeld = Uint32Array.from(probabilities, (p) => Math.ceil(p * steps));
  const shares = (pick: (i: number) => number) => {
    const held = new Float64Array(steps + 1);
    for (let i = 0; i < count; i++) held[firstHeld[pick(i)]!]! += 1 / count;
    for (let k = 1; k <= steps; k++) held[k]! += held[k - 1]!;
    return held;
  };
  const measured = shares((i) => i);
  const resampled = Array.from(
    { length: RESAMPLES },
    () => shares(() => random.integer(count)),
  );
  return CREDIBILITIES.map((credibility, k) => {
    const values = resampled.map((curve) => curve[k]!);
    const [low95, low68, high68, high95] = quantiles(values, BAND);
    return {
      credibility,
      coverage: measured[k]!,
      band68: [low68!, high68!],
      band95: [low95!, high95!],
    };
  });
}
