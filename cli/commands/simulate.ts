/**
 * `simulate`: the base sample and the mock catalogs (section 2).
 */
import { THREADS_OPTION } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { RENAMED_OPTIONS } from "../program/experiment_options.ts";
import { SIMULATE_OPTIONS } from "../program/run_options.ts";
import { mergeCatalogs, simulateRun } from "../stages/simulation.ts";
import { FILES } from "../storage/run_folder.ts";
import { refuseBoth, SHARD_OPTIONS, shardPlace } from "../storage/shards.ts";
import { describeSimulation, formatSimulation } from "../text/simulation_text.ts";

/** The command `simulate`. */
export const SIMULATE: Command = defineCommand({
  summary: "draw the base sample and the mock catalogs (section 2)",
  details: [
    `Writes ${FILES.experiment}, ${FILES.baseSample} and ${FILES.catalogs} to the run folder.`,
    "With --profiles observed, the gas profiles of the base sample come from a mock X-ray observation " +
    `of each cluster, kept in ${FILES.observedProfiles} with its quality and the reason. When it was ` +
    "stopped, the same command resumes. Clusters without a measurement are left out and counted.",
    "With --shard, each machine draws a part of the catalogs; then one run with --merge joins the " +
    "shards, which gives the same files, bit by bit.",
  ],
  options: { ...SIMULATE_OPTIONS, threads: THREADS_OPTION, ...SHARD_OPTIONS },
  renamed: RENAMED_OPTIONS,
  workFolder: (values) => shardPlace(values),
  async run(values, { progress }) {
    refuseBoth(values);
    const simulated = values.merge
      ? { ...mergeCatalogs(values.out), folder: values.out }
      : await simulateRun(values, progress);
    const json = describeSimulation(simulated);
    return { json, text: formatSimulation(json) };
  },
});
