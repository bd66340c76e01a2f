/**
 * About ten tests of one catalog, each a score that grows with how unusual the catalog is. Usual
 * scores are measured on catalogs that are known to be sound.
 */
import type { Whitening } from "../../numerics/whitening.ts";
import { whiten } from "../../numerics/whitening.ts";
import type { CatalogFaultName } from "../../observed/faults.ts";
import type { UsualRange } from "./scaling.ts";
import { deviationOf, excessOf } from "./scaling.ts";
import type { Statistic, StatisticKind } from "./statistics.ts";

/** A statistic and its usual range. */
export interface UsualStatistic extends Omit<Statistic, "value"> {
  /** Index among the statistics of `measureStatistics`. */
  readonly place: number;
  /** Whether it is the number of clusters, whose range does not depend on that number. */
  readonly isCount: boolean;
  /** Usual range for N clusters, or for one if `isCount`. */
  readonly range: UsualRange;
}

/** The names of the tests: a family's worst statistic, all together, and a fault's direction. */
export type TestName = StatisticKind | "together" | CatalogFaultName;

/** A test's score of one catalog. */
export interface Score {
  /** Name of the test. */
  readonly name: TestName;
  /** Score, which grows with how unusual the catalog is. */
  readonly score: number;
}

/** A test's scores of sound catalogs, ascending. */
export interface TestDistribution {
  /** Name of the test. */
  readonly name: TestName;
  /** Scores, one per catalog, ascending. */
  readonly scores: Float64Array;
}

/** A statistic of one catalog compared with its usual range. */
export interface Deviation {
  /** The statistic and its usual range. */
  readonly statistic: UsualStatistic;
  /** The catalog's value. */
  readonly value: number;
  /** Standard deviations from the mean. */
  readonly deviation: number;
  /** Distance from the center; 1 at the edge of the middle 95%. */
  readonly excess: number;
}

/** The data by which a catalog is scored. */
export interface ScoreParts {
  /** The statistics that vary. */
  readonly usual: readonly UsualStatistic[];
  /** Whitening of the joint statistics' deviations. */
  readonly whitening: Whitening;
  /** Directions of faults in whitened statistics, of length 1. */
  readonly directions: readonly {
    readonly fault: CatalogFaultName;
    readonly direction: Float64Array;
  }[];
}

const FAMILIES: readonly StatisticKind[] = ["columns", "relations", "terse"];

/** Compares each statistic with its usual range. */
export function compareStatistics(
  usual: readonly UsualStatistic[],
  statistics: readonly Statistic[],
): Deviation[] {
  const count = Math.exp(statistics[0]!.value);
  return usual.map((statistic) => {
    const { value } = statistics[statistic.place]!;
    const deviation = deviationOf(statistic.range, value, statistic.isCount ? 1 : count);
    const isLow = statistic.sides === "upper" && deviation < statistic.range.middle;
    const excess = isLow ? 0 : excessOf(statistic.range, deviation);
    return { statistic, value, deviation, excess };
  });
}

/** The scores of one catalog, always of the same tests in the same order. */
export function scoreCatalog(
  { usual, whitening, directions }: ScoreParts,
  statistics: readonly Statistic[],
): Score[] {
  const compared = compareStatistics(usual, statistics);
  const families = FAMILIES.flatMap((name) => {
    const members = compared.filter(({ statistic }) => statistic.kind === name);
    if (members.length === 0) return [];
    return [{ name, score: Math.max(...members.map(({ excess }) => excess)) }];
  });
  const joint = compared.filter(({ statistic }) => statistic.isJoint);
  const whitened = whiten(whitening, joint.map(({ deviation }) => deviation));
  const together = { name: "together" as const, score: Math.hypot(...whitened) };
  const faults = directions.map(({ fault, direction }) => ({
    name: fault,
    score: whitened.reduce((sum, value, k) => sum + value * direction[k]!, 0),
  }));
  return [...families, together, ...faults];
}

/** Share of sound catalogs, the catalog itself included, that score as high or higher. */
export function probabilityOf({ scores }: TestDistribution, score: number): number {
  const first = scores.findIndex((value) => value >= score);
  const asHigh = first < 0 ? 0 : scores.length - first;
  return (Math.max(asHigh, 0) + 1) / (scores.length + 1);
}

/** The least probability over all tests. Catalogs of the distributions count themselves twice. */
export function leastProbability(
  tests: readonly TestDistribution[],
  scores: readonly Score[],
): number {
  return Math.min(...scores.map(({ score }, t) => probabilityOf(tests[t]!, score)));
}

/** Deviations of the joint statistics, in the order of `usual`. */
export function jointDeviations(
  usual: readonly UsualStatistic[],
  statistics: readonly Statistic[],
): Float64Array {
  const count = Math.exp(statistics[0]!.value);
  return Float64Array.from(
    usual.filter(({ isJoint }) => isJoint),
    ({ range, place, isCount }) =>
      deviationOf(range, statistics[place]!.value, isCount ? 1 : count),
  );
}
