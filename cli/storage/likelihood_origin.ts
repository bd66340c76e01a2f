/**
 * What the files of limits and exact answers follow from, which says whether they can be continued.
 */
import type { CatalogPlan } from "../../src/catalogs/catalog.ts";
import type { WeakLensingUse } from "../../src/evaluation/likelihood.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import { baseSampleChecksum } from "./simulation_files.ts";

/** All that posteriors by the mocks' likelihood follow from. */
export interface LikelihoodOrigin {
  readonly seed: number;
  readonly weakLensing: WeakLensingUse;
  /** CRC-32 of the base sample's file. */
  readonly baseSample: number;
  readonly plan: CatalogPlan;
}

/** The origin of what an experiment's run folder gives. */
export function originOf(
  folder: string,
  { seed, catalog }: Experiment,
  weakLensing: WeakLensingUse,
): LikelihoodOrigin {
  return { seed, weakLensing, baseSample: baseSampleChecksum(folder), plan: catalog };
}
