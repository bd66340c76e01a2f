/** The reasons of a verdict, one line each, with their numbers. */
import { counted } from "../../numerics/counted.ts";
import { binomialTail } from "../../numerics/distributions.ts";
import type { CatalogFaultName } from "../../observed/faults.ts";
import { CATALOG_FAULTS } from "../../observed/faults.ts";
import type { ColumnCheck, RangeCheck, StabilityCheck, TestCheck } from "./findings.ts";
import type { SafetyReference } from "./reference.ts";
import type { UsualRange } from "./scaling.ts";
import { deviationOf, excessOf, rangeAt } from "./scaling.ts";
import type { Deviation, UsualStatistic } from "./scores.ts";
import type { Quantity } from "./statistics.ts";
import { TERSE } from "./statistics.ts";
import { FEWEST_JUDGED } from "./view.ts";

/** Largest accepted share of a survey's clusters outside the range of training. */
const OUTSIDE_LIMIT = 0.05;

/** Probability below which more clusters are outside than the accepted share explains. */
const OUTSIDE_PROBABILITY = 0.01;

/** Distance of a stability from the middle, relative to the edge of 95%, that calls for caution. */
const STABILITY_EXCESS = 2;

/** Most statistics that are named. */
const MOST_REASONS = 3;

/** The reason if more rows are outside the range of training than chance allows. */
export function describeOutside(
  beyond: number,
  rows: number,
  columns: readonly ColumnCheck[],
): string[] {
  const isChance = beyond <= OUTSIDE_LIMIT * rows ||
    binomialTail(beyond, rows, OUTSIDE_LIMIT) >= OUTSIDE_PROBABILITY;
  if (isChance) return [];
  const worst = columns.filter(({ name }) => name !== TERSE)
    .reduce((worst, column) => column.outside > worst.outside ? column : worst);
  const where = worst.outside === 0
    ? ""
    : `, most in ${worst.name}: it is ${span(worst)}; in training it was ${
      span({ min: worst.trainingMin, max: worst.trainingMax })
    }`;
  const lie = beyond === 1 ? "lies" : "lie";
  return [`${beyond} of ${counted(rows, "cluster")} ${lie} outside the range of training${where}`];
}

const span = ({ min, max }: { readonly min: number; readonly max: number }): string =>
  `${format(min)} to ${format(max)}`;

const format = (value: number): string => value.toPrecision(4);

/** Largest number of clusters relative to the usual one; more are not one catalog of the survey. */
const MOST_TIMES = 4;

/** The reason why a catalog's statistics cannot be judged, if there is one. */
export function describeUnfit(
  count: number,
  quantities: readonly Quantity[],
  usual: readonly UsualStatistic[],
): string[] {
  if (count < FEWEST_JUDGED) {
    return [
      `There ${count === 1 ? "is" : "are"} ${
        counted(count, "cluster")
      }, at least ${FEWEST_JUDGED} are needed for a verdict`,
    ];
  }
  const size = usual.find(({ isCount }) => isCount);
  if (size) {
    const { low, high } = rangeAt(size.range, 1);
    const [least, most] = [low, high].map((value) => Math.round(Math.exp(value)));
    if (count > MOST_TIMES * most!) {
      return [`There are ${counted(count, "cluster")}; 95% of the mocks have ${least} to ${most}`];
    }
  }
  return quantities.filter(({ values }) => values.every((value) => value === values[0]))
    .map(({ name, values }) => `${name} is ${format(values[0]!)} for all clusters`);
}

/** The reasons against a catalog: the fault that it resembles, then the most unusual statistics. */
export function describeTests(
  tests: readonly TestCheck[],
  compared: readonly Deviation[],
  count: number,
): string[] {
  const together = tests.find(({ name }) => name === "together")!;
  const improbable = tests.filter(({ probability }) => probability <= UNUSUAL);
  const fault = nameFault(improbable, together.score);
  const statistics = compared.filter(({ excess }) => excess > 1)
    .toSorted((a, b) => b.excess - a.excess)
    .slice(0, MOST_REASONS);
  return [
    ...(fault
      ? [`It looks as if ${CATALOG_FAULTS[fault.name].looks}: ${describeScore(fault)}`]
      : []),
    ...statistics.map((deviation) => describeDeviation(deviation, count)),
    `All statistics together: ${describeScore(together)}`,
  ];
}

/** Largest probability of a test that may name its fault. */
const UNUSUAL = 0.02;

/** Share of a catalog's distance from the center that a named fault must explain. */
const EXPLAINED_SHARE = 0.25;

/** The most prominent fault that explains what is unusual about a catalog, if there is one. */
function nameFault(
  tests: readonly TestCheck[],
  distance: number,
): (TestCheck & { readonly name: CatalogFaultName }) | undefined {
  return tests.filter(isFaultTest)
    .filter(({ score }) => score >= EXPLAINED_SHARE * distance)
    .toSorted((a, b) => b.score / b.highest - a.score / a.highest)[0];
}

function isFaultTest(test: TestCheck): test is TestCheck & { readonly name: CatalogFaultName } {
  return Object.hasOwn(CATALOG_FAULTS, test.name);
}

function describeScore({ score, highest, probability }: TestCheck): string {
  const share = (100 * probability).toFixed(1);
  return `Mahalanobis distance ${score.toPrecision(3)}; the largest among the mocks is ` +
    `${highest.toPrecision(2)} (p = ${share}%)`;
}

function describeDeviation({ statistic, value }: Deviation, count: number): string {
  const { name, range, isCount } = statistic;
  const { low, high } = rangeAt(range, isCount ? 1 : count);
  return `${name} is ${format(value)}; 95% of the mocks have ${format(low)} to ${format(high)}`;
}

/** The reasons if predictions depend on single clusters more than those of mock catalogs do. */
export function describeStability(
  checks: StabilityCheck,
  { stability }: SafetyReference,
  count: number,
): string[] {
  const describe = (what: string, { value, usual }: RangeCheck, range: UsualRange | null) => {
    if (usual === null || range === null) return [];
    const deviation = deviationOf(range, value, count);
    if (deviation < range.middle || excessOf(range, deviation) <= STABILITY_EXCESS) return [];
    return [
      `Leaving out one cluster changes sigma8 by ${what} ${format(value)}; 95% of the mocks ` +
      `have ${format(usual.low)} to ${format(usual.high)}`,
    ];
  };
  return [
    ...describe("a half width of", checks.halfWidth, stability.halfWidth),
    ...describe("up to", checks.largest, stability.largest),
  ];
}
