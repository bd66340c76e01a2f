/**
 * Thirty-three numbers by which one catalog of the sky is compared with others: how many clusters,
 * at which redshifts, how bright, and the three relations among what is measured; with lensing
 * masses fourteen more.
 */
import { fiducialLnLuminosity } from "../../catalogs/sky/luminosity.ts";
import { MISSING_ERROR, type SkyClusters } from "../../catalogs/sky/sky_clusters.ts";
import type { SkySurvey } from "../../catalogs/sky/survey.ts";
import { meanLensingOffset } from "./lensing_offsets.ts";
import { fitLine, mean, standardDeviation } from "../../numerics/statistics.ts";

/** Number of redshift bins. */
const REDSHIFT_BINS = 5;

/** Quantities whose mean and spread are statistics. */
const MOMENTS = ["ln L", "ln T", "ln Mgas", "ln z"] as const;

/** Relations, y against x. */
const RELATIONS = [["ln T", "ln L"], ["ln Mgas", "ln L"], ["ln Mgas", "ln T"]] as const;

/** Statistics of each relation. */
const SHAPES = ["slope", "rms", "curvature", "skew", "kurtosis", "residual with z"] as const;

/** Names of the statistics, in order. */
export const SKY_STATISTIC_NAMES: readonly string[] = [
  "number",
  ...Array.from({ length: REDSHIFT_BINS }, (_, b) => `number in redshift bin ${b + 1}`),
  ...MOMENTS.flatMap((name) => [`mean of ${name}`, `spread of ${name}`]),
  "slope of log N - log S",
  ...RELATIONS.flatMap(([y, x]) => SHAPES.map((shape) => `${y} by ${x}: ${shape}`)),
];

/** Columns that lensing masses are compared with. */
const LENSING_RELATIONS = ["ln T", "ln L"] as const;

/** Names of the statistics that lensing masses add, in order. */
export const LENSING_STATISTIC_NAMES: readonly string[] = LENSING_RELATIONS.flatMap((x) => [
  `offset of ln M_WL from ${x}`,
  ...SHAPES.map((shape) => `ln M_WL by ${x}: ${shape}`),
]);

/** Names of the statistics of a survey's catalogs, in order. */
export function skyStatisticNames({ lensing }: SkySurvey): readonly string[] {
  return lensing === undefined
    ? SKY_STATISTIC_NAMES
    : [...SKY_STATISTIC_NAMES, ...LENSING_STATISTIC_NAMES];
}

/** Fewest clusters for a mean, a spread or a relation. */
const FEWEST = 8;

/**
 * The statistics of a catalog, by {@linkcode skyStatisticNames}; NaN where a column has fewer than
 * eight values.
 */
export function skyStatistics(clusters: SkyClusters, survey: SkySurvey): Float64Array {
  const count = clusters.redshift.length;
  const columns: Readonly<Record<string, Float64Array>> = {
    "ln L": fiducialLnLuminosity(clusters),
    "ln T": present(clusters.lnTemperature, clusters.lnTemperatureError),
    "ln Mgas": present(clusters.lnGasMass, clusters.lnGasMassError),
    "ln z": clusters.redshift.map(Math.log),
  };
  const excess = clusters.lnFlux.reduce((sum, ln) => sum + ln - Math.log(survey.fluxLimit), 0);
  return Float64Array.from([
    Math.log(count),
    ...redshiftCounts(clusters.redshift, survey),
    ...MOMENTS.flatMap((name) => {
      const values = columns[name]!.filter((value) => !Number.isNaN(value));
      if (values.length < FEWEST) return [NaN, NaN];
      return [mean(values), Math.log(standardDeviation(values))];
    }),
    Math.log(count / excess),
    ...RELATIONS.flatMap(([y, x]) => describeRelation(columns[x]!, columns[y]!, columns["ln z"]!)),
    ...(survey.lensing === undefined ? [] : lensingStatistics(clusters, columns)),
  ]);
}

function lensingStatistics(
  clusters: SkyClusters,
  columns: Readonly<Record<string, Float64Array>>,
): number[] {
  const { lnMass = new Float64Array(), lnMassError = new Float64Array() } = clusters.lensing ?? {};
  const masses = clusters.redshift.map((_, i) =>
    lnMassError[i]! < MISSING_ERROR ? lnMass[i]! : NaN
  );
  return LENSING_RELATIONS.flatMap((x) => [
    meanLensingOffset(clusters, x),
    ...describeRelation(columns[x]!, masses, columns["ln z"]!),
  ]);
}

/** Values, with NaN for those that are missing. */
function present(values: Float64Array, errors: Float64Array): Float64Array {
  return values.map((value, i) => errors[i]! < MISSING_ERROR ? value : NaN);
}

/** Square roots of the numbers in bins of equal width in ln z. */
function redshiftCounts(redshift: Float64Array, survey: SkySurvey): number[] {
  const { redshiftMin, redshiftMax } = survey;
  const counts = new Array<number>(REDSHIFT_BINS).fill(0);
  const range = Math.log(redshiftMax / redshiftMin);
  for (const z of redshift) {
    const bin = Math.floor(REDSHIFT_BINS * Math.log(z / redshiftMin) / range);
    counts[Math.min(Math.max(bin, 0), REDSHIFT_BINS - 1)]!++;
  }
  return counts.map((n) => Math.sqrt(n + 3 / 8));
}

/** Slope, ln rms, curvature, skew, ln kurtosis, and the residual's slope with ln z. */
function describeRelation(x: Float64Array, y: Float64Array, z: Float64Array): number[] {
  const rows = Array.from(x.keys()).filter((i) => !Number.isNaN(x[i]! + y[i]!));
  if (rows.length < FEWEST) return SHAPES.map(() => NaN);
  const [xs, ys, zs] = [x, y, z].map((column) => rows.map((i) => column[i]!)) as [
    number[],
    number[],
    number[],
  ];
  const line = fitLine(xs, ys);
  const residual = ys.map((value, i) => value - line.intercept - line.slope * xs[i]!);
  const rms = Math.sqrt(mean(residual.map((r) => r * r)));
  const moment = (power: number) => mean(residual.map((r) => (r / rms) ** power));
  const middle = mean(xs);
  const squares = xs.map((value) => (value - middle) ** 2);
  const bend = fitLine(xs, squares);
  const curved = squares.map((value, i) => value - bend.intercept - bend.slope * xs[i]!);
  return [
    line.slope,
    Math.log(rms),
    fitLine(curved, residual).slope,
    moment(3),
    Math.log(moment(4)),
    fitLine(zs, residual).slope,
  ];
}
