/**
 * The V / Vmax test of Schmidt (1968): clusters of a complete flux-limited sample are spread evenly
 * over the volumes in which each would still be found.
 */
import { lnLuminosityLimit } from "../../catalogs/sky/abundance.ts";
import { FIDUCIAL_OMEGA_M, lnKCorrection } from "../../catalogs/sky/relations.ts";
import type { SkyClusters } from "../../catalogs/sky/sky_clusters.ts";
import type { SkySurvey } from "../../catalogs/sky/survey.ts";
import { tableCosmology } from "../../cosmology/abundance_table.ts";
import {
  expansionRate,
  fastComovingDistance,
  fastExpansion,
} from "../../cosmology/fast_distance.ts";
import { findRoot } from "../../numerics/calculus.ts";
import { normalProbability, testUniformity } from "../../numerics/distributions.ts";
import { mean } from "../../numerics/statistics.ts";

/** The outcome of {@linkcode testVolumes}. */
export interface VolumeTest {
  /** Mean of V / Vmax; 0.5 +- 1 / sqrt(12 N) if the sample is complete. */
  readonly mean: number;
  /** Probability of a mean at least as far from 0.5. */
  readonly meanProbability: number;
  /** Probability that V / Vmax are uniform (Kolmogorov and Smirnov). */
  readonly uniformProbability: number;
}

const RATE = expansionRate(tableCosmology(FIDUCIAL_OMEGA_M, 1));

/** Largest error of the redshift to which a cluster would still be found. */
const TOLERANCE = 1e-9;

/** ln of a cluster's flux over the limit if it were at z, but for a constant. */
function lnFluxAt(lnTemperature: number, z: number): number {
  const lnScale = Math.log1p(z);
  return lnKCorrection(lnTemperature, lnScale) + 2 * Math.log(fastExpansion(RATE, z)) -
    lnLuminosityLimit(1, fastComovingDistance(RATE, z), lnScale);
}

/** The test, with luminosities that evolve as E(z)^2 and volumes at omegaM = 0.3. */
export function testVolumes(clusters: SkyClusters, survey: SkySurvey): VolumeTest {
  const lnLimit = Math.log(survey.fluxLimit);
  const nearest = fastComovingDistance(RATE, survey.redshiftMin) ** 3;
  const shares = clusters.redshift.map((z, i) => {
    const lnTemperature = clusters.lnTemperature[i]!;
    const excess = clusters.lnFlux[i]! - lnLimit;
    const here = lnFluxAt(lnTemperature, z);
    const excessAt = (other: number) => excess + lnFluxAt(lnTemperature, other) - here;
    const atEnd = excessAt(survey.redshiftMax);
    const furthest = atEnd > 0
      ? survey.redshiftMax
      : atEnd < 0 && excess > 0
      ? findRoot(excessAt, z, survey.redshiftMax, TOLERANCE)
      : z;
    const most = fastComovingDistance(RATE, furthest) ** 3 - nearest;
    return most > 0 ? Math.min((fastComovingDistance(RATE, z) ** 3 - nearest) / most, 1) : 0.5;
  });
  const average = mean(shares);
  const pull = Math.abs(average - 0.5) * Math.sqrt(12 * shares.length);
  return {
    mean: average,
    meanProbability: 2 * normalProbability(-pull),
    uniformProbability: testUniformity(shares).probability,
  };
}
