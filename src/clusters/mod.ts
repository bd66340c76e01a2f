/**
 * Clusters and their base sample (section 2.1): the stand-in for the simulation, its table, gas profiles
 * and scaling relations. Imported alone as `@clusters/terse/clusters`.
 *
 * @example The stand-in's temperature at a mass, and the clusters above it
 * ```ts
 * import { drawBaseSample, evaluateRelation, selectClusters } from "@clusters/terse/clusters";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { clusters, relations } = drawBaseSample(1);
 * assertAlmostEquals(10 ** evaluateRelation(relations.temperature, 14.5), 4, 0.5); // keV
 * const rows = [...clusters.logMass.keys()].filter((row) => clusters.logMass[row]! > 14.5);
 * const massive = selectClusters(clusters, rows);
 * assertEquals(massive.count, rows.length);
 * assertEquals(massive.logTemperature[0], clusters.logTemperature[rows[0]!]);
 * ```
 *
 * @module
 */
export {
  type ClusterTable,
  type ObservedClusters,
  selectClusters,
  SHELL_EDGES,
  SHELLS,
} from "./cluster_table.ts";
export {
  CORE_SLOPE,
  drawGasProfiles,
  type GasDensity,
  type GasProfiles,
  MEAN_GAS_DENSITY,
  OUTER_SLOPE,
} from "./gas_profile.ts";
export {
  evaluateRelation,
  fitScalingRelations,
  LOG_MASS_PIVOT,
  type ScalingOffsets,
  scalingOffsets,
  type ScalingRelation,
  type ScalingRelations,
} from "./scaling_relation.ts";
export {
  BASE_COUNT,
  BASE_LOG_MASS_MIN,
  BASE_REDSHIFT,
  type BaseSample,
  BOX_SIDE,
  drawBaseSample,
} from "./base_sample.ts";
export {
  readSimulationTable,
  SIMULATION_COLUMNS,
  type SimulationQuantity,
  type SimulationSample,
  type Snapshot,
  type TextRow,
} from "./simulation_table.ts";
export type { RadiusKind } from "./radius_check.ts";
export {
  MEASURED_RELATIONS,
  OFFSET_CORRELATIONS,
  type OffsetComponent,
  STAND_INS,
  type StandIn,
  type StandInName,
  TABLE_2,
} from "./stand_ins.ts";
