/**
 * Whether a prediction should be believed: the verdict on an observed catalog, and the reference that it
 * is compared with. Imported alone as `@clusters/terse/safety`.
 *
 * @example A reference of mock catalogs, kept as arrays and read again
 * ```ts
 * import { EXPERIMENTS, createRandom, drawBaseSample } from "@clusters/terse";
 * import type { FeatureArray } from "@clusters/terse/features";
 * import type { TerseArray } from "@clusters/terse/network";
 * import * as safety from "@clusters/terse/safety";
 * import { assertEquals } from "@std/assert";
 *
 * const model = { // a network whose terse value is log T
 *   encode: ({ pixels }: FeatureArray) => Promise.resolve(pixels),
 *   regress: (all: readonly TerseArray[]) =>
 *     Promise.resolve(Float64Array.from(all, ({ terse }) => 0.8 + 0.1 * terse[0]!)),
 * };
 * const spec = { pixels: ["logTemperature"], supplementary: [], order: "luminosity" } as const;
 * const random = createRandom(1);
 * const { catalog: plan } = EXPERIMENTS.standard;
 * const catalogs = safety.drawReferenceCatalogs(drawBaseSample(1), plan, random, 200);
 * const reference = await safety.buildSafetyReference(model, spec, catalogs, { h: 0.704, random });
 * const saved = safety.safetyReferenceToArrays(reference);
 * assertEquals(safety.safetyReferenceFromArrays(saved).spec, spec);
 * ```
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
