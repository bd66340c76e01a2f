/**
 * How far lensing masses are from the masses that a catalog's other columns tell: what finds masses
 * in a wrong unit.
 */
import { LN_LENSING_PIVOT } from "../../catalogs/sky/lensing.ts";
import { fiducialLnLuminosity } from "../../catalogs/sky/luminosity.ts";
import { FIDUCIAL_SKY, SKY_PRIORS } from "../../catalogs/sky/parameters.ts";
import { FIDUCIAL_OMEGA_M } from "../../catalogs/sky/relations.ts";
import { MISSING_ERROR, type SkyClusters } from "../../catalogs/sky/sky_clusters.ts";
import type { SkySurvey } from "../../catalogs/sky/survey.ts";
import { tableCosmology } from "../../cosmology/abundance_table.ts";
import { expansionRate, fastExpansion } from "../../cosmology/fast_distance.ts";
import { mean, median } from "../../numerics/statistics.ts";

/** A column that tells mass by a relation. */
export type MassColumn = "ln T" | "ln L" | "ln Mgas";

const FIDUCIAL = expansionRate(tableCosmology(FIDUCIAL_OMEGA_M, 1));

/** Mean ln L of clusters that a flux limit finds, above their relation, at the fiducial parameters. */
const MALMQUIST = 0.265;

/**
 * ln of lensing mass over the mass by a fiducial relation of another column; NaN for clusters that lack
 * one of the two.
 */
export function lensingOffsets(clusters: SkyClusters, by: MassColumn): Float64Array {
  const { lensing, redshift } = clusters;
  if (lensing === undefined) return new Float64Array(redshift.length).fill(NaN);
  const { lnT, slopeT, lnL, slopeL, lnG, slopeG } = FIDUCIAL_SKY;
  const lnLuminosity = fiducialLnLuminosity(clusters);
  return redshift.map((z, i) => {
    if (!(lensing.lnMassError[i]! < MISSING_ERROR)) return NaN;
    const lnMass = lensing.lnMass[i]! - LN_LENSING_PIVOT;
    const lnE = Math.log(fastExpansion(FIDUCIAL, z));
    if (by === "ln L") return lnMass - (lnLuminosity[i]! - MALMQUIST - lnL - 2 * lnE) / slopeL;
    const isHot = by === "ln T";
    const error = isHot ? clusters.lnTemperatureError[i]! : clusters.lnGasMassError[i]!;
    if (!(error < MISSING_ERROR)) return NaN;
    return isHot
      ? lnMass - (clusters.lnTemperature[i]! - lnT - 2 / 3 * lnE) / slopeT
      : lnMass - (clusters.lnGasMass[i]! - lnG) / slopeG;
  });
}

/** The mean offset; NaN without any. */
export function meanLensingOffset(clusters: SkyClusters, by: MassColumn): number {
  const offsets = lensingOffsets(clusters, by).filter((offset) => !Number.isNaN(offset));
  return offsets.length === 0 ? NaN : mean(offsets);
}

/** Scatter of mass by each column at fixed mass, and the prior of its relation, both in ln M. */
const SCATTER: Readonly<Record<MassColumn, number>> = { "ln T": 0.2, "ln Mgas": 0.15, "ln L": 0.3 };

function priorWidth(by: MassColumn): number {
  const names = { "ln T": "lnT", "ln Mgas": "lnG", "ln L": "lnL" } as const;
  const slopes = { "ln T": "slopeT", "ln Mgas": "slopeG", "ln L": "slopeL" } as const;
  const prior = SKY_PRIORS[names[by]];
  return prior.kind === "normal" ? prior.deviation / FIDUCIAL_SKY[slopes[by]] : Infinity;
}

/** An offset of more standard deviations than this is a mistake in a unit, not chance. */
const MOST_DEVIATIONS = 6;

/**
 * Refuses lensing masses that are in another unit than 1e14 Msun: their median offset from the masses by
 * temperature, or by gas mass or luminosity where temperatures are missing, is beyond anything that the
 * priors allow.
 *
 * @throws {RangeError} Naming the factor
 */
export function refuseLensingUnit(clusters: SkyClusters, survey: SkySurvey): void {
  const { lensing } = survey;
  if (lensing === undefined) return;
  for (const by of ["ln T", "ln Mgas", "ln L"] as const) {
    const offsets = lensingOffsets(clusters, by).filter((offset) => !Number.isNaN(offset));
    if (offsets.length === 0) continue;
    const offset = median(offsets);
    const single = Math.hypot(lensing.scatter, lensing.error, SCATTER[by]);
    const width = Math.hypot(lensing.biasError, priorWidth(by), single / Math.sqrt(offsets.length));
    if (Math.abs(offset) <= MOST_DEVIATIONS * width) return;
    const names = { "ln T": "temperatures", "ln Mgas": "gas masses", "ln L": "luminosities" };
    throw new RangeError(
      `Cannot use catalog: its lensing masses are ${Math.exp(offset).toPrecision(2)} times those ` +
        `that its ${names[by]} tell, ${
          (Math.abs(offset) / width).toFixed(0)
        } standard deviations ` +
        "off; M_WL should be M500 in 1e14 Msun, h = 0.7",
    );
  }
}
