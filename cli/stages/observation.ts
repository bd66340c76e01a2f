/** The stage that observes one cluster, and keeps what it saw. */
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { ObservationRecord } from "../../src/runs/observation_record.ts";
import { describeObservation } from "../../src/runs/observation_record.ts";
import { observeOne } from "../../src/runs/observing.ts";
import { DRAWN } from "../program/base_sample_options.ts";
import { RunError, UsageError } from "../program/errors.ts";
import { exists, readJson } from "../program/files.ts";
import { holdFolder } from "../program/folder_lock.ts";
import type { Progress } from "../program/progress.ts";
import type { ObservationOrigin } from "../storage/observation_files.ts";
import { OBSERVATION_FILES, saveObservation } from "../storage/observation_files.ts";
import { checksumOf, observedChecksum } from "../storage/observed_file.ts";
import { FILES, hasFile, readExperiment, refuseOther } from "../storage/run_folder.ts";
import { baseSampleChecksum, loadBaseSample } from "../storage/simulation_files.ts";
import { openBaseSample } from "./base_sample.ts";

/** What is observed, and where it goes. */
export interface ObserveValues {
  readonly cluster: number;
  readonly out: string;
  readonly seed: number | undefined;
  readonly "base-sample": string | undefined;
}

/** An observation that was written to a folder. */
export interface KeptObservation {
  readonly folder: string;
  readonly origin: ObservationOrigin;
  readonly found: ObservationRecord & {
    readonly logMass: number;
    readonly logLuminosity: number;
    readonly logTemperature: number;
  };
}

/**
 * Observes a cluster of the base sample and writes the observation to a folder of its own.
 *
 * @throws {UsageError} If the base sample has no such cluster
 */
export async function observeCluster(
  { cluster, out, seed: asked, "base-sample": path }: ObserveValues,
  progress: Progress,
): Promise<KeptObservation> {
  const stored = readExperiment(out);
  const seed = asked ?? stored?.seed ?? 1;
  if (stored) refuseOther(out, FILES.experiment, { seed: stored.seed }, { seed });
  const base = openClusters(out, path, seed, progress);
  const { clusters } = base;
  if (cluster >= clusters.count) {
    throw new UsageError(
      `Cannot observe cluster ${cluster}: the base sample has ${clusters.count}, ` +
        `from 0 to ${clusters.count - 1}`,
    );
  }
  const folder = clusterFolder(out, cluster);
  const origin = { cluster, seed, baseSample: checksumOf(base) };
  holdFolder(folder);
  refuseOverwriting(folder, origin);
  const seen = observeOne({ ...base, seed }, cluster);
  const found = {
    logMass: clusters.logMass[cluster]!,
    logLuminosity: clusters.logLuminosity[cluster]!,
    logTemperature: clusters.logTemperature[cluster]!,
    ...describeObservation(seen.observatory, seen.observation),
  };
  await saveObservation(folder, origin, seen, found);
  return { folder, origin, found };
}

/** The folder of a cluster's observation. */
export function clusterFolder(out: string, cluster: number): string {
  return `${out}/cluster_${cluster}`;
}

/** Opens the clusters as they are before any observation: those of the run folder if it has them. */
function openClusters(
  folder: string,
  path: string | undefined,
  seed: number,
  progress: Progress,
): BaseSample {
  const isObserved = hasFile(folder, "observedProfiles");
  const isThere = hasFile(folder, "baseSample");
  if (path === undefined && isThere && !isObserved) return loadBaseSample(folder);
  const base = openBaseSample({ ...DRAWN, "base-sample": path }, { seed }, progress);
  if (!isThere && !isObserved) return base;
  const expected = isObserved ? observedChecksum(folder) : baseSampleChecksum(folder);
  if (checksumOf(base) === expected) return base;
  throw new RunError(
    `Cannot use run folder ${folder}: its base sample is not the one ${
      path === undefined ? "that the seed draws" : `in ${path}`
    }, name its file with --base-sample or choose another --out`,
  );
}

function refuseOverwriting(folder: string, origin: object): void {
  const { found } = OBSERVATION_FILES;
  const path = `${folder}/${found}`;
  if (!exists(path)) return;
  const stored = readJson(path) as { origin?: unknown } | null;
  refuseOther(folder, found, stored?.origin, origin);
}
