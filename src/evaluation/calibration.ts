/**
 * Tests of predicted posteriors of sigma8 on catalogs whose sigma8 is known: coverage of central
 * intervals, rank statistics (simulation-based calibration; Talts et al. 2018, arXiv:1804.06788),
 * tests of accuracy with random points, and pulls. The paper predicts values alone.
 *
 * A posterior that ignores its catalog and repeats the prior passes all of them: read its width too.
 */
import { thereAre } from "../numerics/counted.ts";
import type { Interval } from "../catalogs/grid.ts";
import { chiSquareTail, testUniformity } from "../numerics/distributions.ts";
import type { Random } from "../numerics/random.ts";
import type { KolmogorovSmirnov } from "../numerics/statistics.ts";
import { bootstrapError, histogram, mean, standardDeviation } from "../numerics/statistics.ts";
import type { CoverageThird, IntervalCoverage } from "./coverage.ts";
import { COVERAGE_LEVELS, measureCoverage, measureThirds, QUOTED_LEVELS } from "./coverage.ts";
import type { PosteriorView, PredictedPosteriors } from "./predicted_posteriors.ts";
import { viewPosteriors } from "./predicted_posteriors.ts";
import type { RandomPointTest } from "./tarp.ts";
import { testRandomPoints } from "./tarp.ts";

/** Test whether the truth's rank within the posterior is uniform. */
export interface RankTest {
  /** Catalogs by rank, in bins of equal width from 0 to 1. */
  readonly counts: Uint32Array;
  /** Number of catalogs expected in each bin. */
  readonly expected: number;
  /** Chi-square of the counts, with one degree of freedom less than there are bins. */
  readonly chiSquare: number;
  /** Probability of a chi-square at least as large, if calibrated. */
  readonly chiSquareProbability: number;
  /** Test of the ranks against the uniform distribution, without bins. */
  readonly kolmogorovSmirnov: KolmogorovSmirnov;
}

/** Truth less posterior mean, in posterior widths: mean 0 and width 1 if calibrated. */
export interface PullSummary {
  /** Mean: above 0 if predictions are low. */
  readonly mean: number;
  /** Bootstrap error of the mean. */
  readonly meanError: number;
  /** Standard deviation: above 1 if the posteriors are overconfident. */
  readonly width: number;
  /** Bootstrap error of the width. */
  readonly widthError: number;
}

/** The outcome of {@linkcode measureCalibration}. */
export interface Calibration {
  /** Number of catalogs. */
  readonly count: number;
  /** Coverage at {@linkcode COVERAGE_LEVELS}. */
  readonly coverage: readonly IntervalCoverage[];
  /** Coverage by thirds of the prior in true sigma8; thirds without a catalog are left out. */
  readonly thirdsByTruth: readonly CoverageThird[];
  /** Coverage by thirds of the posterior mean; means outside the prior count as outer thirds. */
  readonly thirdsByMean: readonly CoverageThird[];
  /** Rank statistics. */
  readonly ranks: RankTest;
  /** Test of accuracy with random points (TARP). */
  readonly randomPoints: RandomPointTest;
  /** Truth less posterior mean, in posterior widths. */
  readonly pulls: PullSummary;
  /** Findings of the tests, one sentence each; empty if all pass. */
  readonly findings: readonly string[];
}

/** Bins of the rank histogram; fewer if a bin would hold less than five catalogs. */
const RANK_BINS = 20;

/** Fewest catalogs expected in a bin for chi-square's distribution to hold. */
const FEWEST_IN_BIN = 5;

/** Fewest catalogs: two bins of ranks. */
const FEWEST_CATALOGS = 2 * FEWEST_IN_BIN;

/** Resamples for the errors of the pulls. */
const RESAMPLES = 500;

/** Largest accepted pull; a posterior further off has no usable width, and squares overflow. */
const LARGEST_PULL = 1e100;

/** Deviations from the ideal, in errors, beyond which a finding is reported. */
const FINDING_ERRORS = 3;
const FINDING_PROBABILITY = 0.0027;

/**
 * Tests posteriors of catalogs drawn from a prior.
 *
 * A rank here is the posterior probability below the true sigma8: the rank among many posterior
 * draws over their number, without the draws' noise.
 *
 * @example
 * ```ts
 * import { createRandom } from "@clusters/terse";
 * import { measureCalibration } from "@clusters/terse/evaluation";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const random = createRandom(1);
 * const prior = { min: 0.7, max: 0.92 };
 * const mean = Float64Array.from({ length: 2000 }, () => 0.8 + 0.02 * random.uniform());
 * const truth = mean.map((value) => value + 0.02 * random.normal());
 * const measure = (width: number) => {
 *   const posteriors = { mean, standardDeviation: mean.map(() => width) };
 *   return measureCalibration({ kind: "gaussian", ...posteriors }, truth, prior, random);
 * };
 * assertEquals(measure(0.02).findings, []);
 * assertAlmostEquals(measure(0.01).pulls.width, 2, 0.1); // half as wide as they should be
 * ```
 *
 * @param posteriors One per catalog
 * @param values sigma8 with which each catalog was made
 * @param prior Range of sigma8. With a `step`, each true value stands for a cell of that width, in
 *   which it is drawn: the ranks of values on a grid could not be uniform at the ends of the prior
 * @param random Streams "cells", "random points" and "pulls" are forked from it
 * @throws {TypeError} If there are not as many posteriors as true values, or lengths do not match
 * @throws {RangeError} If there are fewer than ten catalogs, the prior has no width, a true value is
 * outside it, or a posterior is not finite or has no width
 */
export function measureCalibration(
  posteriors: PredictedPosteriors,
  values: ArrayLike<number>,
  prior: Interval & { readonly step?: number },
  random: Random,
): Calibration {
  const view = viewPosteriors(posteriors);
  checkTruth(view, values, prior);
  const truth = drawInCells(values, prior.step ?? 0, random.fork("cells"));
  const ranks = Float64Array.from(truth, (value, c) => view.probabilityBelow(c, value));
  const measured: Omit<Calibration, "findings"> = {
    count: view.count,
    coverage: measureCoverage(ranks, COVERAGE_LEVELS),
    thirdsByTruth: measureThirds({ view, truth, ranks, prior }, truth),
    thirdsByMean: measureThirds({ view, truth, ranks, prior }, view.center),
    ranks: testRanks(ranks),
    randomPoints: testRandomPoints(view, truth, prior, random.fork("random points")),
    pulls: summarizePulls(view, truth, random.fork("pulls")),
  };
  return { ...measured, findings: findFaults(measured) };
}

function drawInCells(values: ArrayLike<number>, step: number, random: Random): Float64Array {
  return Float64Array.from(
    values,
    (value) => step > 0 ? value + step * (random.uniform() - 0.5) : value,
  );
}

function checkTruth(view: PosteriorView, truth: ArrayLike<number>, { min, max }: Interval): void {
  const action = "Cannot measure calibration";
  if (view.count !== truth.length) {
    throw new TypeError(
      `${action}: there are ${view.count} posteriors and ${truth.length} true values, ` +
        "should be equally many",
    );
  }
  if (truth.length < FEWEST_CATALOGS) {
    throw new RangeError(
      `${action}: ${thereAre(truth.length, "catalog")}, at least ${FEWEST_CATALOGS} are needed`,
    );
  }
  if (!(max > min && Number.isFinite(max - min))) {
    throw new RangeError(
      `${action}: the prior runs from ${min} to ${max}, the maximum should be above the minimum`,
    );
  }
  for (let c = 0; c < truth.length; c++) {
    if (!(truth[c]! >= min && truth[c]! <= max)) {
      throw new RangeError(
        `${action}: sigma8 of catalog ${c} is ${
          truth[c]
        }, should be in the prior, ${min} to ${max}`,
      );
    }
  }
}

function testRanks(ranks: Float64Array): RankTest {
  const bins = Math.min(RANK_BINS, Math.floor(ranks.length / FEWEST_IN_BIN));
  const counts = histogram(ranks, Array.from({ length: bins + 1 }, (_, k) => k / bins));
  const expected = ranks.length / bins;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return {
    counts,
    expected,
    chiSquare,
    chiSquareProbability: chiSquareTail(chiSquare, bins - 1),
    kolmogorovSmirnov: testUniformity(ranks),
  };
}

function summarizePulls(
  view: PosteriorView,
  truth: ArrayLike<number>,
  random: Random,
): PullSummary {
  const pulls = Float64Array.from(truth, (value, c) => view.pull(c, value));
  const farthest = pulls.findIndex((pull) => !(Math.abs(pull) <= LARGEST_PULL));
  if (farthest >= 0) {
    throw new RangeError(
      `Cannot measure calibration: sigma8 of catalog ${farthest} is ${
        pulls[farthest]
      } widths from ` +
        `its posterior, at most ${LARGEST_PULL} can be resolved`,
    );
  }
  return {
    mean: mean(pulls),
    meanError: bootstrapError(pulls, mean, random.fork("mean"), RESAMPLES),
    width: standardDeviation(pulls),
    widthError: bootstrapError(pulls, standardDeviation, random.fork("width"), RESAMPLES),
  };
}

/** The findings of the tests, each a sentence with its numbers. */
function findFaults({ pulls, ranks, randomPoints, coverage }: Omit<Calibration, "findings">) {
  const findings: string[] = [];
  const show = (value: number, error: number) => `${value.toFixed(3)} +- ${error.toFixed(3)}`;
  if (Math.abs(pulls.mean) > FINDING_ERRORS * pulls.meanError) {
    const side = pulls.mean > 0 ? "low" : "high";
    findings.push(`Posteriors lie ${side}: pulls have mean ${show(pulls.mean, pulls.meanError)}`);
  }
  if (Math.abs(pulls.width - 1) > FINDING_ERRORS * pulls.widthError) {
    const kind = pulls.width > 1 ? "overconfident" : "underconfident";
    const width = show(pulls.width, pulls.widthError);
    findings.push(`Posteriors are ${kind}: pulls have standard deviation ${width}`);
  }
  for (const { level, covered, error } of coverage) {
    if (!QUOTED_LEVELS.includes(level)) continue;
    if (Math.abs(covered - level) <= FINDING_ERRORS * error) continue;
    const percent = (100 * covered).toFixed(1);
    findings.push(`${100 * level}% intervals hold ${percent}% of the true values`);
  }
  const probabilities = [
    ["Ranks", ranks.kolmogorovSmirnov.probability, "Kolmogorov-Smirnov"],
    ["Ranks", ranks.chiSquareProbability, "chi-square"],
    ["TARP probabilities", randomPoints.probability, "Kolmogorov-Smirnov"],
  ] as const;
  for (const [what, probability, test] of probabilities) {
    if (probability >= FINDING_PROBABILITY) continue;
    findings.push(`${what} are not uniform: ${test} probability ${probability.toExponential(1)}`);
  }
  return findings;
}

/** The numbers of the three plots, a CSV file each. */
export function calibrationColumns(
  { coverage, ranks, randomPoints, thirdsByTruth, thirdsByMean }: Calibration,
): Readonly<Record<string, Readonly<Record<string, ArrayLike<number>>>>> {
  const bins = ranks.counts.length;
  const { curve } = randomPoints;
  return {
    coverage: {
      level: coverage.map(({ level }) => level),
      covered: coverage.map(({ covered }) => covered),
      error: coverage.map(({ error }) => error),
    },
    ranks: {
      from: Array.from(ranks.counts, (_, k) => k / bins),
      to: Array.from(ranks.counts, (_, k) => (k + 1) / bins),
      count: ranks.counts,
      expected: Array.from(ranks.counts, () => ranks.expected),
    },
    tarp: {
      credibility: curve.map(({ credibility }) => credibility),
      coverage: curve.map(({ coverage }) => coverage),
      low68: curve.map(({ band68 }) => band68[0]),
      high68: curve.map(({ band68 }) => band68[1]),
      low95: curve.map(({ band95 }) => band95[0]),
      high95: curve.map(({ band95 }) => band95[1]),
    },
    thirdsByTruth: thirdColumns(thirdsByTruth),
    thirdsByMean: thirdColumns(thirdsByMean),
  };
}

function thirdColumns(thirds: readonly CoverageThird[]): Record<string, number[]> {
  const byLevel = QUOTED_LEVELS.flatMap((level, k) => [
    [`covered${100 * level}`, thirds.map(({ coverage }) => coverage[k]!.covered)] as const,
    [`error${100 * level}`, thirds.map(({ coverage }) => coverage[k]!.error)] as const,
  ]);
  return {
    from: thirds.map(({ from }) => from),
    to: thirds.map(({ to }) => to),
    count: thirds.map(({ count }) => count),
    bias: thirds.map(({ bias }) => bias),
    ...Object.fromEntries(byLevel),
  };
}
