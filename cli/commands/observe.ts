/**
 * `observe`: one cluster's mock X-ray observation and its reduction (section 2.1.2).
 */
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { UsageError } from "../program/errors.ts";
import { textOption, wholeNumberOption } from "../program/options.ts";
import { clusterFolder, observeCluster } from "../stages/observation.ts";
import { OBSERVATION_FILES } from "../storage/observation_files.ts";
import { formatObservation } from "../text/observation_text.ts";

/** The command `observe`. */
export const OBSERVE: Command = defineCommand({
  summary: "observe one cluster of the base sample in X-rays, and reduce its image (section 2.1.2)",
  details: [
    `Writes to cluster_N in the folder: ${OBSERVATION_FILES.image} (counts and mask), ` +
    `${OBSERVATION_FILES.picture} (R500 white, masked patches orange), ` +
    `${OBSERVATION_FILES.profile}, ${OBSERVATION_FILES.drawing} (squared density and its fit) and ` +
    `${OBSERVATION_FILES.found}.`,
    "In a run folder, the cluster is one of its base sample, observed as simulate --profiles observed " +
    "observes it.",
  ],
  options: {
    cluster: wholeNumberOption(0, undefined, {
      description: "row of the base sample, counted from 0",
      fallbackText: "none: it must be given",
    }),
    out: textOption("DIR", "runs/standard", {
      description: "a run folder, or any other folder",
      role: "run folder",
    }),
    seed: wholeNumberOption(0, undefined, {
      description: "root of every random stream",
      fallbackText: "that of the run folder, or 1",
    }),
    "base-sample": textOption("FILE", undefined, {
      description: "the simulation's clusters: CSV with its portal's columns, or FITS",
      fallbackText: "that of the run folder, or drawn from the seed",
      role: "input",
    }),
  },
  workFolder: ({ out, cluster }) => clusterFolder(out, cluster ?? 0),
  async run({ cluster, ...values }, { progress }) {
    if (cluster === undefined) {
      throw new UsageError("Cannot observe: no cluster is given, --cluster N is needed");
    }
    const { folder, origin, found } = await observeCluster({ ...values, cluster }, progress);
    const json = { out: folder, ...origin, ...found };
    return { json, text: `${formatObservation(cluster, found)}\nWritten to ${folder}` };
  },
});
