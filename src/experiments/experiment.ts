/**
 * An experiment: every choice from catalogs to schedule as one record.
 *
 * @module
 */
import type { CatalogPlan } from "../catalogs/catalog.ts";
import type { FeatureSpec } from "../features/features.ts";
import type { Architecture, Schedule } from "../model.ts";

/** All choices of a run; with the code, all that is needed to repeat it. */
export interface Experiment {
  /** How the mock catalogs are made. */
  readonly catalog: CatalogPlan;
  /** What the network sees of them. */
  readonly features: FeatureSpec;
  /** The network. */
  readonly architecture: Architecture;
  /** The way to train it. */
  readonly schedule: Schedule;
  /** Root of every random stream, a whole number from 0 on. */
  readonly seed: number;
}
