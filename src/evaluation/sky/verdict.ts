/**
 * Whether the survey and the model can have produced a catalog: its goodness of fit under its own
 * posterior, and a verdict from mocks of the whole prior and tests of the flux limit.
 */
import { prepareSkyCoreDrawing } from "../../catalogs/sky/core/draw_core.ts";
import type { SkyDrawing } from "../../catalogs/sky/draw.ts";
import { type LensingSample, mayHaveLensing, type SkyLensing } from "../../catalogs/sky/lensing.ts";
import { STUDENT_OFFSETS } from "../../catalogs/sky/offsets.ts";
import { MISSING_ERROR, type SkyClusters } from "../../catalogs/sky/sky_clusters.ts";
import type { SkySurvey } from "../../catalogs/sky/survey.ts";
import type { Random } from "../../numerics/random.ts";
import {
  type ComparedStatistic,
  compareStatistics,
  type StatisticComparison,
} from "./comparison.ts";
import { type FluxGap, measureFluxGap } from "./flux_gap.ts";
import { findMismatch, type Mismatch } from "./mismatch.ts";
import type { SkyPosterior } from "./posterior.ts";
import type { SkyReference } from "./reference.ts";
import { skyStatisticNames, skyStatistics } from "./statistics.ts";
import { testVolumes, type VolumeTest } from "./volume_check.ts";

/** Number of mocks of the posterior for goodness of fit. */
const PREDICTIVE_MOCKS = 1500;

/**
 * Goodness of fit: the catalog compared with mocks of its own posterior. Such probabilities tend
 * towards 0.5.
 */
export function predictStatistics(
  survey: SkySurvey,
  clusters: SkyClusters,
  posterior: SkyPosterior,
  drawing: SkyDrawing,
  random: Random,
): StatisticComparison {
  const drawer = prepareSkyCoreDrawing(survey, drawing);
  const cumulative = new Float64Array(posterior.weights.length);
  posterior.weights.reduce((sum, weight, i) => cumulative[i] = sum + weight, 0);
  const mocks = Array.from({ length: PREDICTIVE_MOCKS }, (_, i) => {
    const stream = random.fork("predictive", i);
    const target = stream.uniform() * cumulative[cumulative.length - 1]!;
    const point = cumulative.findIndex((share) => share > target);
    return skyStatistics(drawer.draw(posterior.parameters[point]!, stream), survey);
  });
  return compareStatistics(skyStatisticNames(survey), skyStatistics(clusters, survey), mocks);
}

/**
 * Scatter and errors of the mocks that real catalogs are compared with.
 *
 * @param survey Its lensing masses are those of the catalog, if it has any
 */
export function realisticDrawing(clusters: SkyClusters, survey?: SkySurvey): SkyDrawing {
  const errors = clusters.lnTemperatureError.filter((error) => error < MISSING_ERROR);
  return {
    offsets: STUDENT_OFFSETS,
    ...(errors.length > 0 && { temperatureErrors: errors }),
    ...(survey?.lensing && { lensingSample: sampleLensing(clusters, survey.lensing) }),
  };
}

/** As many lensing masses as a catalog has, of its errors. */
export function sampleLensing(
  { lensing: masses, redshift, lnFlux }: SkyClusters,
  lensing: SkyLensing,
): LensingSample {
  const errors = masses?.lnMassError.filter((error) => error < MISSING_ERROR) ?? [];
  const possible = redshift.filter((z, i) => mayHaveLensing(lensing, z, lnFlux[i]!)).length;
  return { fraction: errors.length === 0 ? 0 : Math.min(1, errors.length / possible), errors };
}

/** Whether a catalog's posterior may be used. */
export type SkyVerdict = "consistent" | "caution" | "do not apply";

/** The verdict, with its reasons. */
export interface SkyJudgement {
  /** "consistent" from a probability of 5% on, "do not apply" below 1%. */
  readonly verdict: SkyVerdict;
  /** The least of the tests' probabilities times their number, six or with lensing seven; 1 at most. */
  readonly probability: number;
  /** Probabilities of the tests, by name. */
  readonly tests: Readonly<Record<string, number>>;
  /** The catalog compared with mocks of the prior. */
  readonly comparison: StatisticComparison;
  /** The gap above the flux limit. */
  readonly gap: FluxGap;
  /** The V / Vmax test. */
  readonly volumes: VolumeTest;
  /** Rows that may be mixed up; null if fewer than eight have a temperature or a gas mass. */
  readonly mismatch: Mismatch | null;
  /** Reasons in words; empty if consistent. */
  readonly reasons: readonly string[];
}

/**
 * The verdict on a catalog.
 *
 * A distance of all statistics alone would miss most faults in fifty clusters: the gap above the flux
 * limit and V / Vmax see wrong fluxes and missing clusters at once, and a mixture sees rows that hold
 * measurements of other clusters. Faults within the priors, such as temperatures 16% high, cannot be seen
 * by any of them.
 *
 * @param reference From {@linkcode drawReference} for this catalog, or for about as many clusters
 * @param names Of the clusters, for the reasons; "row 1" and so on unless given
 */
export function judgeSkyCatalog(
  survey: SkySurvey,
  clusters: SkyClusters,
  reference: SkyReference,
  names?: readonly string[],
): SkyJudgement {
  const observed = skyStatistics(clusters, survey);
  const comparison = compareStatistics(skyStatisticNames(survey), observed, reference.statistics);
  const gap = measureFluxGap(clusters, survey);
  const volumes = testVolumes(clusters, survey);
  const offset = findOffset(comparison);
  const mismatch = findMismatch(clusters, reference.joined);
  const tests = {
    "distance of all statistics": comparison.distanceProbability,
    "least probable statistic": comparison.extremeProbability,
    "gap above the flux limit": gap.probability,
    "mean of V / Vmax": shareAtMost(reference.volumes, volumes, "meanProbability"),
    "distribution of V / Vmax": shareAtMost(reference.volumes, volumes, "uniformProbability"),
    ...(mismatch && { "rows of other clusters": shareFrom(reference.mismatches, mismatch.gain) }),
    ...(offset && { "offset of lensing masses": offset.probability }),
  };
  const all = Object.values(tests);
  const probability = Math.min(1, all.length * Math.min(...all));
  const verdict = probability >= 0.05
    ? "consistent"
    : probability >= 0.01
    ? "caution"
    : "do not apply";
  const reasons = verdict === "consistent" ? [] : Object.entries(tests)
    .filter(([, p]) => all.length * p < 0.05)
    .map(([name, p]) =>
      `${name}: probability ${p < 1e-4 ? p.toExponential(0) : p.toFixed(4)}${
        explain(name, { comparison, gap, volumes, mismatch }, names)
      }`
    );
  return { verdict, probability, tests, comparison, gap, volumes, mismatch, reasons };
}

/** The offset of lensing masses from those by temperature, or by luminosity, if there are any. */
function findOffset({ statistics }: StatisticComparison): ComparedStatistic | undefined {
  return ["ln T", "ln L"].flatMap((by) =>
    statistics.filter(({ name }) => name === `offset of ln M_WL from ${by}`)
  )[0];
}

/**
 * Share of mocks whose V / Vmax is as improbable. Clusters evolve otherwise than the test assumes,
 * so that its own probabilities are too small for 5% of honest mocks.
 */
function shareAtMost(
  mocks: readonly VolumeTest[],
  own: VolumeTest,
  name: "meanProbability" | "uniformProbability",
): number {
  return (mocks.filter((mock) => mock[name] <= own[name]).length + 1) / (mocks.length + 1);
}

/** Share of mocks that gain as much or more; of those that have one. */
function shareFrom(mocks: readonly (number | null)[], own: number): number {
  const gains = mocks.filter((gain) => gain !== null);
  return (gains.filter((gain) => gain >= own).length + 1) / (gains.length + 1);
}

/** Clusters that are named in a reason. */
const NAMED = 3;

/** The likely cause of a failed test. */
function explain(
  name: string,
  { comparison, gap, volumes, mismatch }: Pick<
    SkyJudgement,
    "comparison" | "gap" | "volumes" | "mismatch"
  >,
  names?: readonly string[],
): string {
  if (name.startsWith("gap")) {
    return `, the faintest flux is ${
      gap.ratio.toFixed(2)
    } times the limit: fluxes in another unit, ` +
      "another limit, or faint clusters missing";
  }
  if (name.startsWith("mean of V")) {
    return `, it is ${volumes.mean.toFixed(3)} for 0.5: ${
      volumes.mean < 0.5 ? "far clusters are missing" : "near ones are missing or fluxes are high"
    }`;
  }
  if (name.startsWith("rows")) {
    const { share, rows } = mismatch!;
    const listed = rows.slice(0, NAMED).map((row) => names?.[row] ?? `row ${row + 1}`);
    const likely = listed.length === 0 ? "" : `, most likely ${listed.join(", ")}`;
    return `, some ${Math.round(100 * share)}% of the rows${likely}: ` +
      "tables that were joined by a wrong key, sorted apart, or shifted";
  }
  if (name.startsWith("offset")) {
    const { value, median } = findOffset(comparison)!;
    return `, they are ${
      Math.exp(value - median).toFixed(2)
    } times those of mocks: another unit, ` +
      "another h, or another definition of mass";
  }
  if (name.startsWith("distribution")) return ", V / Vmax should be uniform";
  const { name: worst, probability } = comparison.statistics[0]!;
  return `, furthest out is the ${worst} (${probability.toPrecision(1)})`;
}
