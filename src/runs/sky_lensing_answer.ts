/**
 * What lensing masses add to the likelihood's answer: their bias and the scale of mass, how they
 * fit, and what each of them does.
 */
import { countLensing } from "../catalogs/sky/lensing.ts";
import type { SkyParameters } from "../catalogs/sky/parameters.ts";
import type { SkyClusters } from "../catalogs/sky/sky_clusters.ts";
import type { SkySurvey } from "../catalogs/sky/survey.ts";
import type { ComparedStatistic } from "../evaluation/sky/comparison.ts";
import { SKY_COSMOLOGY } from "../evaluation/sky/coverage.ts";
import type { SkyPosterior, SkySummary } from "../evaluation/sky/posterior.ts";
import { summarizeSky } from "../evaluation/sky/posterior.ts";
import { leaveLensingOut, senseSky, type SkyObservable } from "../evaluation/sky/sensitivity.ts";
import { LENSING_STATISTIC_NAMES } from "../evaluation/sky/statistics.ts";

/** One cluster's measurements and what they do to S8. */
export interface LensedInfluence {
  /** The cluster. */
  readonly name: string;
  /** Change of S8 without its lensing mass, in posterior widths; null if it has none. */
  readonly withoutLensing: number | null;
  /** Derivative of S8, in posterior widths, by ln of what was measured; null if it was not. */
  readonly slopes: Readonly<Record<SkyObservable, number | null>>;
}

/** What lensing masses add. */
export interface LensingAnswer {
  /** Clusters that have one. */
  readonly masses: number;
  /** Standard deviation of the prior of their bias. */
  readonly biasPrior: number;
  /** The bias b, ln M_WL - ln M500. */
  readonly bias: SkySummary;
  /** M500 E(z) of a cluster of 5 keV [1e14 Msun, h = 0.7]: the scale of mass. */
  readonly massScale: SkySummary;
  /** The catalog's lensing masses among mocks of its posterior, least probable first. */
  readonly residuals: readonly ComparedStatistic[];
  /** Every cluster, in the order of the catalog. */
  readonly clusters: readonly LensedInfluence[];
}

/** M500 E(z) of a cluster of 5 keV [1e14 Msun, h = 0.7] at some parameters. */
export function massScaleOf({ lnT, slopeT }: SkyParameters): number {
  return 4 * Math.exp((Math.log(5) - lnT) / slopeT);
}

/**
 * Describes them; null if the survey has none.
 *
 * @param statistics The catalog among mocks of its posterior
 * @param names A name for each cluster; its row unless given
 */
export function answerOfLensing(
  posterior: SkyPosterior,
  survey: SkySurvey,
  clusters: SkyClusters,
  statistics: readonly ComparedStatistic[],
  names?: readonly string[],
): LensingAnswer | null {
  if (survey.lensing === undefined) return null;
  const { S8 } = SKY_COSMOLOGY;
  const without = leaveLensingOut(posterior, survey, clusters, S8);
  const slopes = senseSky(posterior, survey, clusters, S8);
  const known = (value: number) => Number.isNaN(value) ? null : value;
  return {
    masses: countLensing(clusters.lensing),
    biasPrior: survey.lensing.biasError,
    bias: summarizeSky(posterior, ({ lensingBias = 0 }) => lensingBias),
    massScale: summarizeSky(posterior, massScaleOf),
    residuals: statistics.filter(({ name }) => LENSING_STATISTIC_NAMES.includes(name)),
    clusters: Array.from(clusters.redshift, (_, row) => ({
      name: names?.[row] ?? `row ${row + 1}`,
      withoutLensing: known(without[row]!),
      slopes: {
        flux: known(slopes.flux[row]!),
        temperature: known(slopes.temperature[row]!),
        gasMass: known(slopes.gasMass[row]!),
        lensingMass: known(slopes.lensingMass[row]!),
      },
    })),
  };
}
