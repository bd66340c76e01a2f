/** Power laws of an observable against mass, and the offsets from them (Tables 1 and 2, Fig. 3). */
import { thereAre } from "../numerics/counted.ts";
import type { ClusterTable } from "./cluster_table.ts";
import { fitLine } from "../numerics/statistics.ts";

/** Pivot mass of Table 1's power laws, log10 [Msun/h]. */
export const LOG_MASS_PIVOT = 14.4;

/** log10 X = slope log10 M500c + intercept, with M in Msun/h, and the scatter about it. */
export interface ScalingRelation {
  /** Slope, Table 2's alpha. */
  readonly slope: number;
  /** Table 2's log X_0: the value at M = 1 Msun/h, in log10 of the observable's unit. */
  readonly intercept: number;
  /** Root mean square offset [dex], Table 2's sigma. */
  readonly scatter: number;
}

/** The three relations of Table 2. */
export interface ScalingRelations {
  /** L_X [1e44 erg/s] */
  readonly luminosity: ScalingRelation;
  /** T [keV] */
  readonly temperature: ScalingRelation;
  /** Mgas(<R500) [Msun/h] */
  readonly gasMass: ScalingRelation;
}

/** log10 of the observable that a relation gives at a mass, log10 [Msun/h]. */
export function evaluateRelation(relation: ScalingRelation, logMass: number): number {
  return relation.slope * logMass + relation.intercept;
}

/**
 * Least-squares power laws of luminosity, temperature and gas mass against mass.
 *
 * @throws {RangeError} If there are fewer than 3 clusters, or all have the same mass
 */
export function fitScalingRelations(clusters: ClusterTable): ScalingRelations {
  if (clusters.count < 3) {
    throw new RangeError(
      `Cannot fit scaling relations: ${thereAre(clusters.count, "cluster")}, at least 3 are needed`,
    );
  }
  if (clusters.logMass.every((logMass) => logMass === clusters.logMass[0])) {
    throw new RangeError("Cannot fit scaling relations: all masses are equal, should differ");
  }
  return {
    luminosity: fitLine(clusters.logMass, clusters.logLuminosity),
    temperature: fitLine(clusters.logMass, clusters.logTemperature),
    gasMass: fitLine(clusters.logMass, clusters.logGasMass),
  };
}

/** Distance of each cluster above its relation [dex], one array per observable (Fig. 3's delta). */
export interface ScalingOffsets {
  /** Offset of log L_X [dex], [count]. */
  readonly luminosity: Float64Array;
  /** Offset of log T [dex], [count]. */
  readonly temperature: Float64Array;
  /** Offset of log Mgas [dex], [count]. */
  readonly gasMass: Float64Array;
}

/** The offsets of clusters from given relations. */
export function scalingOffsets(
  clusters: ClusterTable,
  relations: ScalingRelations,
): ScalingOffsets {
  const offsets = (values: Float64Array, relation: ScalingRelation) =>
    values.map((value, i) => value - evaluateRelation(relation, clusters.logMass[i]!));
  return {
    luminosity: offsets(clusters.logLuminosity, relations.luminosity),
    temperature: offsets(clusters.logTemperature, relations.temperature),
    gasMass: offsets(clusters.logGasMass, relations.gasMass),
  };
}
