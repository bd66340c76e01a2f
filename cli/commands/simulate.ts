/**
 * `simulate`: the base sample and the mock catalogs (section 2).
 *
 * @module
 */
import { mean } from "../../src/numerics/statistics.ts";
import type { BaseSampleValues } from "../stages/base_sample.ts";
import { BASE_SAMPLE_OPTIONS, makeBaseSample } from "../stages/base_sample.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import type { ExperimentValues } from "../program/experiment_options.ts";
import { chooseExperiment, EXPERIMENT_OPTIONS } from "../program/experiment_options.ts";
import type { OptionTable } from "../program/options.ts";
import { textOption, wholeNumberOption } from "../program/options.ts";
import { countQualities, describeQualities } from "../stages/observed_base.ts";
import { readQualities } from "../storage/observed_file.ts";
import { FILES, readExperiment } from "../storage/run_folder.ts";
import type { Progress } from "../program/progress.ts";
import type { ShardValues } from "../storage/shards.ts";
import { refuseBoth, SHARD_OPTIONS, shardFolder } from "../storage/shards.ts";
import { mergeCatalogs, simulateCatalogs, simulateShard } from "../stages/simulation.ts";

/** What is simulated, and where it goes. */
export interface SimulateValues extends ExperimentValues, BaseSampleValues {
  /** The run folder. */
  readonly out: string;
}

/** Options of the commands that simulate. */
export const SIMULATE_OPTIONS: OptionTable<SimulateValues> = {
  ...EXPERIMENT_OPTIONS,
  out: textOption("DIR", "runs/standard", { description: "the run folder" }),
  ...BASE_SAMPLE_OPTIONS,
};

/** The command `simulate`. */
export const SIMULATE: Command = defineCommand({
  summary: "draw the base sample and the mock catalogs (section 2)",
  details: [
    `Writes ${FILES.experiment}, ${FILES.baseSample} and ${FILES.catalogs} to the run folder.`,
    "With --profiles observed, the gas profiles of the base sample come from a mock X-ray observation",
    `of each cluster, kept in ${FILES.observedProfiles} with its quality and the reason; stopped, the`,
    "same command goes on. Clusters without a measurement are left out of the base sample and counted.",
    "With --shard, on as many machines as there are: each draws its share, then one run with --merge",
    "puts the shares together, which gives the same files, bit by bit.",
  ],
  options: {
    ...SIMULATE_OPTIONS,
    threads: wholeNumberOption(1, undefined, {
      description: "workers that observe; they change no number",
      fallbackText: "one a CPU core",
    }),
    ...SHARD_OPTIONS,
  },
  async run(values, { progress }) {
    refuseBoth(values);
    const { experiment, base, catalogs, folder } = values.merge
      ? { ...mergeCatalogs(values.out), folder: values.out }
      : await simulate(values, progress);
    const { profiles = "drawn" } = experiment.catalog;
    const qualities = profiles === "observed" ? readQualities(folder) : null;
    const counts = catalogs.map(({ clusters }) => clusters.count);
    const json = {
      out: folder,
      seed: experiment.seed,
      profiles,
      observed: qualities && countQualities(qualities),
      baseClusters: base.clusters.count,
      catalogs: catalogs.length,
      clusters: counts.reduce((sum, count) => sum + count, 0),
      meanClusters: mean(counts),
    };
    const text =
      `${json.catalogs} catalogs of ${json.meanClusters.toFixed(1)} clusters on average, ` +
      `from ${json.baseClusters} base clusters, in ${folder}` +
      (json.observed ? `\nObservations: ${describeQualities(json.observed)}` : "");
    return { json, text };
  },
});

async function simulate(
  values: SimulateValues & ShardValues & { readonly threads: number | undefined },
  progress: Progress,
) {
  const { out, shard, threads } = values;
  const asked = chooseExperiment(values, readExperiment(out));
  const folder = shard ? shardFolder(out, shard) : out;
  const { experiment, base } = await makeBaseSample(asked, { values, folder, threads, progress });
  const catalogs = shard
    ? simulateShard(experiment, base, { folder: out, shard }, progress)
    : simulateCatalogs(experiment, base, out, progress);
  return { experiment, base, catalogs, folder };
}
