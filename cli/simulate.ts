/**
 * `simulate`: the base sample and the mock catalogs (section 2).
 *
 * @module
 */
import { mean } from "../src/numerics/statistics.ts";
import { openBaseSample } from "./base_sample.ts";
import type { Command } from "./command.ts";
import { defineCommand } from "./command.ts";
import type { ExperimentValues } from "./experiment_options.ts";
import { chooseExperiment, EXPERIMENT_OPTIONS } from "./experiment_options.ts";
import type { OptionTable } from "./options.ts";
import { textOption } from "./options.ts";
import { FILES, readExperiment } from "./run_folder.ts";
import type { Progress } from "./progress.ts";
import type { ShardValues } from "./shards.ts";
import { refuseBoth, SHARD_OPTIONS, shardFolder } from "./shards.ts";
import { mergeCatalogs, simulateCatalogs, simulateShard } from "./simulation.ts";

/** What is simulated, and where it goes. */
export interface SimulateValues extends ExperimentValues {
  /** The run folder. */
  readonly out: string;
  /** Path of the base sample; drawn if undefined. */
  readonly "base-sample": string | undefined;
}

/** Options of the commands that simulate. */
export const SIMULATE_OPTIONS: OptionTable<SimulateValues> = {
  ...EXPERIMENT_OPTIONS,
  out: textOption("DIR", "runs/standard", { description: "the run folder" }),
  "base-sample": textOption("FILE", undefined, {
    description: "the simulation's clusters, CSV with its portal's columns or FITS",
    fallbackText: "drawn from the seed",
  }),
};

/** The command `simulate`. */
export const SIMULATE: Command = defineCommand({
  summary: "draw the base sample and the mock catalogs (section 2)",
  details: [
    `Writes ${FILES.experiment}, ${FILES.baseSample} and ${FILES.catalogs} to the run folder.`,
    "With --shard, on as many machines as there are: each draws its share, then one run with --merge",
    "puts the shares together, which gives the same files, bit by bit.",
  ],
  options: { ...SIMULATE_OPTIONS, ...SHARD_OPTIONS },
  run(values, { progress }) {
    refuseBoth(values);
    const { experiment, base, catalogs, folder } = values.merge
      ? { ...mergeCatalogs(values.out), folder: values.out }
      : simulate(values, progress);
    const counts = catalogs.map(({ clusters }) => clusters.count);
    const json = {
      out: folder,
      seed: experiment.seed,
      baseClusters: base.clusters.count,
      catalogs: catalogs.length,
      clusters: counts.reduce((sum, count) => sum + count, 0),
      meanClusters: mean(counts),
    };
    const text =
      `${json.catalogs} catalogs of ${json.meanClusters.toFixed(1)} clusters on average, ` +
      `from ${json.baseClusters} base clusters, in ${folder}`;
    return Promise.resolve({ json, text });
  },
});

function simulate(values: SimulateValues & ShardValues, progress: Progress) {
  const { out, shard } = values;
  const experiment = chooseExperiment(values, readExperiment(out));
  const base = openBaseSample(values["base-sample"], experiment.seed, progress);
  const catalogs = shard
    ? simulateShard(experiment, base, { folder: out, shard }, progress)
    : simulateCatalogs(experiment, base, out, progress);
  return { experiment, base, catalogs, folder: shard ? shardFolder(out, shard) : out };
}
