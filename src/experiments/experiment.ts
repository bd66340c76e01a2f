/** An experiment: every choice from catalogs to schedule as one record. */
import type { CatalogPlan } from "../catalogs/catalog.ts";
import type { StandInName } from "../clusters/stand_ins.ts";
import type { FeatureSpec } from "../features/features.ts";
import type { Architecture, Schedule } from "../model.ts";

/** Where a base sample's gas profiles come from: drawn, or from mock observations (section 2.1.2). */
export type ProfileSource = "drawn" | "observed";

/** The way to make the base sample, from which all catalogs are drawn. */
export interface BaseSamplePlan {
  /** The stand-in that is drawn if no file is named. */
  readonly standIn: StandInName;
  /** Where the gas profiles come from. */
  readonly profiles: ProfileSource;
}

/** The base sample of every named experiment. */
export const STANDARD_BASE: BaseSamplePlan = { standIn: "table2", profiles: "drawn" };

/** All choices of a run; together with the code, all that is needed to repeat it. */
export interface Experiment {
  /** The way to make the base sample. */
  readonly base: BaseSamplePlan;
  /** The way to make the mock catalogs. */
  readonly catalog: CatalogPlan;
  /** The columns that the network sees of a catalog. */
  readonly features: FeatureSpec;
  /** The network's layers. */
  readonly architecture: Architecture;
  /** The way to train it. */
  readonly schedule: Schedule;
  /** Root of every random stream, a whole number from 0 on. */
  readonly seed: number;
}
