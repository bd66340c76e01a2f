/** A calibration for people to read. */
import type { Calibration } from "../../src/evaluation/calibration.ts";
import type { CoverageThird, IntervalCoverage } from "../../src/evaluation/coverage.ts";
import { QUOTED_LEVELS } from "../../src/evaluation/coverage.ts";
import type {
  PosteriorComparison,
  PosteriorSummary,
} from "../../src/evaluation/posterior_comparison.ts";
import type { CalibratedRun } from "../../src/runs/calibration.ts";

/** Coverage, ranks and TARP; then the explicit posteriors, if there are any. */
export function formatCalibration({ calibration, comparison }: CalibratedRun): string {
  return [formatTests(calibration), ...(comparison ? [formatComparison(comparison)] : [])]
    .join("\n\n");
}

function formatTests({ count, ranks, randomPoints, pulls, ...rest }: Calibration): string {
  const { coverage, thirdsByTruth, thirdsByMean, findings } = rest;
  const quoted = coverage.filter(({ level }) => QUOTED_LEVELS.includes(level));
  const { kolmogorovSmirnov, chiSquareProbability } = ranks;
  return [
    `Posteriors of sigma8, ${count} fresh catalogs`,
    `coverage            ${formatCoverage(quoted)}`,
    ...thirdsByTruth.map((third) => formatThird("true", third)),
    ...thirdsByMean.map((third) => formatThird("mean", third)),
    `pulls               mean ${signed(pulls.mean)} +- ${pulls.meanError.toFixed(3)}, ` +
    `width ${pulls.width.toFixed(3)} +- ${pulls.widthError.toFixed(3)}`,
    `ranks (SBC)         probability ${probability(kolmogorovSmirnov.probability)} ` +
    `(Kolmogorov-Smirnov), ${probability(chiSquareProbability)} (chi-square)`,
    `random points       probability ${probability(randomPoints.probability)}, ` +
    `largest deviation ${percent(randomPoints.largestDeviation)} (TARP)`,
    ...(findings.length > 0 ? findings : ["No fault is found."]),
  ].join("\n");
}

function formatThird(by: string, { from, to, atEdge, count, coverage }: CoverageThird): string {
  const edge = atEdge ? ", at the prior's edge" : "";
  const range = `${from.toFixed(3)}-${to.toFixed(3)}`;
  return `${by} ${range}`.padEnd(20) + `${formatCoverage(coverage)} (${count}${edge})`;
}

const formatCoverage = (coverage: readonly IntervalCoverage[]): string =>
  coverage.map(({ level, covered, error }) =>
    `${100 * level}%: ${percent(covered)} +- ${percent(error)}`
  ).join(", ");

function formatComparison(found: PosteriorComparison): string {
  const { count, network, explicit, distance, distanceError, shift } = found;
  return [
    `Beside the explicit posteriors of ${count} of them`,
    formatSummary("network", network),
    formatSummary("explicit", explicit),
    `distance of means   ${distance.toFixed(2)} +- ${distanceError.toFixed(2)} explicit widths ` +
    `(rms), ${signed(shift)} on average`,
    `widths              ratio ${found.widthRatio.toFixed(3)}, correlation ${
      found.widthCorrelation.toFixed(2)
    }`,
    `${found.unconverged} of the explicit posteriors did not converge`,
  ].join("\n");
}

const formatSummary = (
  name: string,
  { scatter, scatterError, width, bias }: PosteriorSummary,
): string =>
  `${name.padEnd(20)}scatter ${scatter.toFixed(4)} +- ${scatterError.toFixed(4)}, width ` +
  `${width.toFixed(4)}, bias ${bias < 0 ? "" : "+"}${bias.toFixed(4)}`;

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

const signed = (value: number): string => `${value < 0 ? "" : "+"}${value.toFixed(3)}`;

const probability = (value: number): string =>
  value < 0.001 ? value.toExponential(1) : value.toFixed(3);
