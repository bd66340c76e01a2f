/** The head of a report: what was run, in words. */
import { counted } from "../numerics/counted.ts";
import type { Catalog } from "../catalogs/catalog.ts";
import type { BaseSample } from "../clusters/base_sample.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { nameExperiment, nameNetwork } from "../experiments/names.ts";
import { inputWidths } from "../network/checkpoint.ts";
import type { TrainingRun } from "../network/trained_model.ts";
import { countParameters } from "../network/weights.ts";
import { mean } from "../numerics/statistics.ts";
import type { Fact } from "../report/report_data.ts";
import type { SampleOrigin } from "../report/scatter_reasons.ts";
import { splitOf } from "./sets.ts";

/** The title of a report: "Standard experiment, compact network, seed 1". */
export function titleOf(experiment: Experiment): string {
  const name = nameExperiment(experiment);
  const title = `${name[0]!.toUpperCase()}${name.slice(1)} experiment`;
  return `${title}, ${nameNetwork(experiment)} network, seed ${experiment.seed}`;
}

/** Choices and sizes of a run. */
export function listFacts(
  { experiment, history, selectedEpoch }: TrainingRun<Experiment>,
  base: BaseSample,
  catalogs: readonly Catalog[],
  { origin, backend, version }: {
    readonly origin: SampleOrigin;
    readonly backend: string;
    /** Version of the package. */
    readonly version: string;
  },
): Fact[] {
  const { architecture, features, seed, catalog } = experiment;
  const { recipe, survey, massFunction } = catalog;
  const { train, validation, test } = splitOf(experiment, catalogs.length);
  const clusters = mean(catalogs.map(({ clusters }) => clusters.count));
  const parameters = countParameters(architecture, inputWidths(features));
  const facts = {
    "experiment": nameExperiment(experiment),
    "network": `${nameNetwork(experiment)}, ${counted(parameters, "parameter")}`,
    "training": `${counted(history.length, "epoch")}, epoch ${selectedEpoch} selected`,
    "seed": seed,
    "base sample": `${counted(base.clusters.count, "cluster")}, ` +
      (origin === "stand-in" ? "drawn as a stand-in for the simulation's" : "read from a file"),
    "gas profiles": experiment.base.profiles === "observed"
      ? "from mock X-ray observations"
      : "drawn",
    "catalogs": `${catalogs.length}: ${train.length} to train, ${validation.length} to validate, ` +
      `${test.length} to test`,
    "clusters per catalog": `${clusters.toFixed(1)} on average`,
    "survey": `${Math.round(100 * survey.volumeFraction)}% of the simulation's volume`,
    "mass function": massFunction,
    "recipe": recipe,
    "measured on": `backend ${backend}, Terse ${version}`,
  };
  return Object.entries(facts).map(([name, value]) => ({ name, value: String(value) }));
}
