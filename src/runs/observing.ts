/**
 * One base cluster's observation: what the workers of `simulate --profiles observed` do, and what
 * `observe` shows.
 */
import type { BaseSample } from "../clusters/base_sample.ts";
import { openStream } from "./streams.ts";
import type { Observation, Observatory } from "../xray/observe.ts";
import { observeCluster, prepareObservatory } from "../xray/observe.ts";
import type { ObservedProfile } from "../xray/observed_profiles.ts";
import { observeRows } from "../xray/observed_profiles.ts";

/** What all observations of a base sample share. */
export interface ObservingPlan extends Pick<BaseSample, "cosmology" | "redshift" | "clusters"> {
  readonly seed: number;
}

/** An observer of a base sample's clusters by row; what it returns depends on the row alone. */
export function createObserver(plan: ObservingPlan): (row: number) => ObservedProfile {
  const observatory = prepareObservatory(plan.cosmology, plan.redshift);
  const random = openStream(plan.seed, "observations");
  return (row) => [...observeRows(observatory, plan.clusters, [row], random)][0]!;
}

/** The observation that {@linkcode createObserver} sums up, with its image. */
export function observeOne(
  plan: ObservingPlan,
  row: number,
): { readonly observatory: Observatory; readonly observation: Observation } {
  const observatory = prepareObservatory(plan.cosmology, plan.redshift);
  const random = openStream(plan.seed, "observations").fork("observe", row);
  return { observatory, observation: observeCluster(observatory, plan.clusters, row, random) };
}
