/**
 * The stage that observes a base sample: it reports, saves every few seconds, and resumes when it
 * was stopped.
 */
import { counted, countedAre } from "../../src/numerics/counted.ts";
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { Quality } from "../../src/xray/quality.ts";
import type { QualityCounts } from "../../src/xray/quality.ts";
import { countQualities, QUALITIES } from "../../src/xray/quality.ts";
import type { ObservedProfile } from "../../src/xray/observed_profiles.ts";
import { collectProfiles, replaceProfiles } from "../../src/xray/observed_profiles.ts";
import { LEAST_CLUSTERS } from "../../src/runs/cluster_tables.ts";
import { RunError } from "../program/errors.ts";
import { gatherSaving } from "../program/progress.ts";
import { loadObservations, observationCards, saveObservations } from "../storage/observed_file.ts";
import type { ObservingPlan } from "../../src/runs/observing.ts";
import { createObserver } from "../../src/runs/observing.ts";
import type { Progress } from "../program/progress.ts";
import { runOnWorkers } from "../program/worker_pool.ts";

/** How a base sample is observed. */
export interface ObservingChoices {
  /** Where observations are kept; it must be the experiment's. */
  readonly folder: string;
  readonly seed: number;
  /** CPU threads; the results do not depend on them. */
  readonly threads: number;
  readonly progress: Progress;
}

/**
 * The base sample with profiles from mock observations. A cluster without a measurement is left out
 * of it, for no profile can stand in its place unseen; one that is measured but flagged stays.
 *
 * @throws {RunError} If the folder has observations of other clusters, a cluster cannot be observed, or
 * too few are measured
 */
export async function observeBaseSample(
  base: BaseSample,
  { folder, seed, threads, progress }: ObservingChoices,
): Promise<BaseSample> {
  const { cosmology, redshift, clusters } = base;
  const cards = observationCards(base, seed);
  const profiles = loadObservations(folder, cards);
  const known = new Set(profiles.map(({ row }) => row));
  const rows = Array.from({ length: clusters.count }, (_, i) => i).filter((i) => !known.has(i));
  if (rows.length > 0) {
    if (known.size > 0) {
      progress.say(`${countedAre(known.size, "cluster")} observed, ${rows.length} to do`);
    }
    const save = () => saveObservations(folder, cards, profiles);
    const bar = progress.start("Observing", rows.length, "clusters");
    const plan = { cosmology, redshift, clusters, seed };
    await gatherSaving(profiles, observeOnWorkers(plan, rows, threads), bar, save);
    save();
  }
  const observed = collectProfiles(clusters.count, profiles);
  const counts = describeQualities(countQualities(profiles.map(({ quality }) => quality)));
  progress.say(`Observed ${counted(clusters.count, "cluster")}: ${counts}`);
  if (observed.rows.length < LEAST_CLUSTERS) {
    throw new RunError(
      `Cannot use observed profiles: ${observed.rows.length} of ${clusters.count} clusters are ` +
        `measured, at least ${LEAST_CLUSTERS} are needed (${counts})`,
    );
  }
  return replaceProfiles(base, observed);
}

/** Observes some clusters; they come as they are ready, in no fixed order. */
function observeOnWorkers(
  plan: ObservingPlan,
  rows: readonly number[],
  threads: number,
): AsyncGenerator<ObservedProfile, void, void> {
  const module = new URL("./observing_worker.ts", import.meta.url);
  const describe = (row: number) => `observe cluster ${row}`;
  return runOnWorkers({ module, prepare: createObserver, plan, describe }, rows, threads);
}

/** The counts in words: "1160 good, 3 blended, 2 no photons (left out)". */
export function describeQualities(counts: QualityCounts): string {
  return (Object.entries(counts) as [Quality, number][])
    .filter(([name, count]) => count > 0 || name === "good")
    .map(([name, count]) => `${count} ${name}${QUALITIES[name].measured ? "" : " (left out)"}`)
    .join(", ");
}
