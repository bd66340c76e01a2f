/** Scaling relations of clusters for which some observables are not known. */
import type { ClusterTable } from "./cluster_table.ts";
import type { ScalingRelations } from "./scaling_relation.ts";
import { fitScalingRelations } from "./scaling_relation.ts";
import { TABLE_2 } from "./stand_ins.ts";

/** The column of each relation's observable. */
const COLUMNS = {
  luminosity: "logLuminosity",
  temperature: "logTemperature",
  gasMass: "logGasMass",
} as const satisfies Record<keyof ScalingRelations, keyof ClusterTable>;

/**
 * The relations of the known observables; Table 2's for those that are NaN throughout, so that a
 * survey has a flux limit.
 *
 * @throws {RangeError} See {@linkcode fitScalingRelations}
 */
export function fitKnownRelations(clusters: ClusterTable): ScalingRelations {
  const names = Object.keys(COLUMNS) as (keyof ScalingRelations)[];
  const missing = names.filter((name) => clusters[COLUMNS[name]].every(Number.isNaN));
  // The mass stands in for a missing observable, so that the others can be fitted.
  const gaps = missing.map((name) => [COLUMNS[name], clusters.logMass]);
  const fitted = fitScalingRelations({ ...clusters, ...Object.fromEntries(gaps) });
  return { ...fitted, ...Object.fromEntries(missing.map((name) => [name, TABLE_2[name]])) };
}
