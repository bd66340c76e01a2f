/** Luminosities of a catalog at the fiducial cosmology, since the true one is unknown. */
import { tableCosmology } from "../../cosmology/abundance_table.ts";
import { expansionRate, fastComovingDistance } from "../../cosmology/fast_distance.ts";
import { FIDUCIAL_OMEGA_M, LN_FLUX_FACTOR, lnKCorrection, SKY_H } from "./relations.ts";
import type { SkyClusters } from "./sky_clusters.ts";

const FIDUCIAL = expansionRate(tableCosmology(FIDUCIAL_OMEGA_M, 1));

/** ln L [1e44 erg/s] of each cluster at the fiducial cosmology. */
export function fiducialLnLuminosity(clusters: SkyClusters): Float64Array {
  return clusters.redshift.map((z, i) => {
    const lnScale = Math.log1p(z);
    const lnDistance = Math.log(fastComovingDistance(FIDUCIAL, z) / SKY_H) + lnScale;
    return LN_FLUX_FACTOR + 2 * lnDistance + clusters.lnFlux[i]! -
      lnKCorrection(clusters.lnTemperature[i]!, lnScale);
  });
}
