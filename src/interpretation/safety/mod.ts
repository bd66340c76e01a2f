/**
 * Whether a prediction should be believed: the verdict on an observed catalog, and the reference that it
 * is compared with. Imported alone as `@clusters/terse/safety`.
 *
 * @module
 */
export { CAUTION_PROBABILITY, judgeSafety, type SafetyOptions } from "../safety.ts";
export type {
  ColumnCheck,
  CorrelationCheck,
  RangeCheck,
  Safety,
  SafetyVerdict,
  StabilityCheck,
  TerseCheck,
  TestCheck,
} from "./findings.ts";
export type { Pool, Quantity, Statistic, StatisticKind } from "./statistics.ts";
export type { UsualRange } from "./scaling.ts";
export type { Score, TestDistribution, TestName, UsualStatistic } from "./scores.ts";
export { drawReferenceCatalogs, REFERENCE_CATALOGS } from "./reference_catalogs.ts";
export type { CatalogView, SeenCatalog, TerseScale } from "./view.ts";
export type { FaultDirection, ReferenceScale } from "./directions.ts";
export type { NetworkFindings, UsualStability } from "./network_findings.ts";
export {
  buildSafetyReference,
  type SafetyReference,
  type SafetyReferenceOptions,
} from "./reference.ts";
export {
  type SafetyHeader,
  safetyReferenceFromArrays,
  safetyReferenceToArrays,
  type SavedSafetyReference,
} from "./storage.ts";
