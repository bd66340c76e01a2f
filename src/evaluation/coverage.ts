/** Coverage of central posterior intervals: over all catalogs and by thirds of the sigma8 range. */
import type { Interval } from "../catalogs/grid.ts";
import { mean } from "../numerics/statistics.ts";
import type { PosteriorView } from "./predicted_posteriors.ts";

/** Levels of the intervals that are quoted. */
export const QUOTED_LEVELS: readonly number[] = [0.68, 0.95];

/** Levels of the coverage curve: steps of 0.05, with 0.68 and 0.99. */
export const COVERAGE_LEVELS: readonly number[] = [
  ...Array.from({ length: 19 }, (_, i) => (i + 1) / 20),
  0.68,
  0.99,
].sort((a, b) => a - b);

/** The share of truths that a central interval contains. */
export interface IntervalCoverage {
  /** The interval's posterior probability. */
  readonly level: number;
  /** Share of catalogs whose true sigma8 the interval contains; `level` if calibrated. */
  readonly covered: number;
  /** Standard deviation of `covered` over sets of this many catalogs, if calibrated. */
  readonly error: number;
}

/** Coverage among the catalogs of a third of the sigma8 range. */
export interface CoverageThird {
  /** Lower edge, included. */
  readonly from: number;
  /** Upper edge, included in the last third only. */
  readonly to: number;
  /**
   * Whether the third touches the prior's edge. At fixed true sigma8 even exact posteriors do not
   * cover there as often as they say, since they lean inward; at fixed posterior mean they do.
   */
  readonly atEdge: boolean;
  /** Catalogs in the third, 1 or more. */
  readonly count: number;
  /** Coverage at {@linkcode QUOTED_LEVELS}. */
  readonly coverage: readonly IntervalCoverage[];
  /** Mean of posterior mean minus truth. */
  readonly bias: number;
}

/**
 * Coverage of central intervals: one holds the truth if its rank is within level / 2 of the middle.
 *
 * @param ranks Posterior probability below the true sigma8, one per catalog, one or more
 * @param levels Between 0 and 1
 */
export function measureCoverage(
  ranks: ArrayLike<number>,
  levels: readonly number[],
): IntervalCoverage[] {
  return levels.map((level) => {
    let held = 0;
    for (let i = 0; i < ranks.length; i++) {
      if (Math.abs(ranks[i]! - 0.5) <= level / 2) held++;
    }
    return {
      level,
      covered: held / ranks.length,
      error: Math.sqrt(level * (1 - level) / ranks.length),
    };
  });
}

/** Catalogs with their posteriors and the ranks of the truth within them. */
export interface RankedCatalogs {
  /** The posteriors. */
  readonly view: PosteriorView;
  /** sigma8 with which each catalog was made. */
  readonly truth: ArrayLike<number>;
  /** Posterior probability below the true sigma8, by catalog. */
  readonly ranks: Float64Array;
  /** Range of sigma8, with a maximum above the minimum. */
  readonly prior: Interval;
}

/**
 * Coverage in thirds of the prior, by some value of each catalog; thirds without one are left out.
 *
 * @param catalogs Catalogs with their ranks
 * @param by True sigma8 or posterior mean; values outside the prior count to its outer thirds
 */
export function measureThirds(
  { view, truth, ranks, prior }: RankedCatalogs,
  by: ArrayLike<number>,
): CoverageThird[] {
  const edges = [0, 1, 2, 3].map((k) => prior.min + (prior.max - prior.min) * k / 3);
  const thirdOf = (value: number) => value < edges[1]! ? 0 : value < edges[2]! ? 1 : 2;
  return [0, 1, 2].flatMap((third) => {
    const members = Array.from(ranks.keys()).filter((c) => thirdOf(by[c]!) === third);
    if (members.length === 0) return [];
    return [{
      from: edges[third]!,
      to: edges[third + 1]!,
      atEdge: third !== 1,
      count: members.length,
      coverage: measureCoverage(members.map((c) => ranks[c]!), QUOTED_LEVELS),
      bias: mean(members.map((c) => view.center[c]! - truth[c]!)),
    }];
  });
}
