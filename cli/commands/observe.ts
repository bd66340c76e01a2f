/**
 * `observe`: one cluster's mock X-ray observation and its reduction (section 2.1.2).
 *
 * @module
 */
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import { DRAWN, openBaseSample } from "../stages/base_sample.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { RunError, UsageError } from "../program/errors.ts";
import { exists, readJson } from "../program/files.ts";
import { OBSERVATION_FILES, saveObservation } from "../storage/observation_files.ts";
import { describeObservation } from "../text/observation_record.ts";
import { formatObservation } from "../text/observation_text.ts";
import { checksumOf, observedChecksum } from "../storage/observed_file.ts";
import { observeOne } from "../../src/runs/observing.ts";
import { textOption, wholeNumberOption } from "../program/options.ts";
import type { Progress } from "../program/progress.ts";
import { FILES, hasFile, readExperiment, refuseOther } from "../storage/run_folder.ts";
import { baseSampleChecksum, loadBaseSample } from "../storage/simulation_files.ts";

/** The command `observe`. */
export const OBSERVE: Command = defineCommand({
  summary: "observe one cluster of the base sample in X-rays, and reduce its image (section 2.1.2)",
  details: [
    `Writes to cluster_N in the folder: ${OBSERVATION_FILES.image} (counts and mask), ` +
    `${OBSERVATION_FILES.picture} (R500 white,`,
    `masked patches orange), ${OBSERVATION_FILES.profile}, ${OBSERVATION_FILES.drawing} (squared ` +
    `density and its fit) and ${OBSERVATION_FILES.found}.`,
    "In a run folder, the cluster is one of its base sample, seen as simulate --profiles observed",
    "sees it.",
  ],
  options: {
    cluster: wholeNumberOption(0, undefined, {
      description: "row of the base sample, from 0 on",
      fallbackText: "none: it must be given",
    }),
    out: textOption("DIR", "runs/standard", { description: "a run folder, or any other" }),
    seed: wholeNumberOption(0, undefined, {
      description: "root of every random stream",
      fallbackText: "that of the run folder, or 1",
    }),
    "base-sample": textOption("FILE", undefined, {
      description: "the simulation's clusters, CSV with its portal's columns or FITS",
      fallbackText: "that of the run folder, or drawn from the seed",
    }),
  },
  async run({ cluster, out, seed: asked, "base-sample": path }, { progress }) {
    if (cluster === undefined) {
      throw new UsageError("Cannot observe: no cluster is given, --cluster N is needed");
    }
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
    const folder = `${out}/cluster_${cluster}`;
    const origin = { cluster, seed, baseSample: checksumOf(base) };
    refuseOverwriting(folder, origin);
    const seen = observeOne({ ...base, seed }, cluster);
    const found = {
      logMass: clusters.logMass[cluster]!,
      logLuminosity: clusters.logLuminosity[cluster]!,
      logTemperature: clusters.logTemperature[cluster]!,
      ...describeObservation(seen.observatory, seen.observation),
    };
    await saveObservation(folder, origin, seen, found);
    const json = { out: folder, ...origin, ...found };
    return { json, text: `${formatObservation(cluster, found)}\nWritten to ${folder}` };
  },
});

/** The clusters as they are before any observation; those of a run folder where it has some. */
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
