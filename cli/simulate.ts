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
import { simulateCatalogs } from "./simulation.ts";

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
  ],
  options: SIMULATE_OPTIONS,
  run(values, { progress }) {
    const experiment = chooseExperiment(values, readExperiment(values.out));
    const base = openBaseSample(values["base-sample"], experiment.seed, progress);
    const catalogs = simulateCatalogs(experiment, base, values.out, progress);
    const counts = catalogs.map(({ clusters }) => clusters.count);
    const json = {
      out: values.out,
      seed: experiment.seed,
      baseClusters: base.clusters.count,
      catalogs: catalogs.length,
      clusters: counts.reduce((sum, count) => sum + count, 0),
      meanClusters: mean(counts),
    };
    const text =
      `${json.catalogs} catalogs of ${json.meanClusters.toFixed(1)} clusters on average, ` +
      `from ${json.baseClusters} base clusters, in ${values.out}`;
    return Promise.resolve({ json, text });
  },
});
