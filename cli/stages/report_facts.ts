/**
 * The head of a report: what was run, in words.
 *
 * @module
 */
import type { Catalog } from "../../src/catalogs/catalog.ts";
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import { drawBaseSample } from "../../src/clusters/base_sample.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import { PRESETS } from "../../src/experiments/experiments.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import { inputWidths } from "../../src/network/checkpoint.ts";
import { countParameters } from "../../src/network/weights.ts";
import { mean } from "../../src/numerics/statistics.ts";
import type { Fact } from "../../src/report/report_data.ts";
import type { SampleOrigin } from "../../src/report/scatter_reasons.ts";
import { canonicalJson, nameExperiment } from "../../src/experiments/names.ts";
import { splitOf } from "../../src/runs/sets.ts";
import { checksumOf, observedChecksum } from "../storage/observed_file.ts";
import { baseSampleChecksum } from "../storage/simulation_files.ts";
import { VERSION } from "../program/version.ts";

/** Whether a folder's base sample is the one that its seed draws, observed or not. */
export function sampleOrigin(folder: string, { seed, base }: Experiment): SampleOrigin {
  const drawn = drawBaseSample(seed, base.standIn);
  const found = base.profiles === "observed"
    ? observedChecksum(folder)
    : baseSampleChecksum(folder);
  return found === checksumOf(drawn) ? "stand-in" : "file";
}

/**
 * The clusters of a run as they are before any observation: those of the folder, or, where those are
 * observed, the ones that its seed draws; null if the observed ones were read from a file.
 */
export function openUnobserved(
  folder: string,
  { seed, base: { profiles, standIn } }: Experiment,
  base: BaseSample,
): BaseSample | null {
  if (profiles !== "observed") return base;
  const drawn = drawBaseSample(seed, standIn);
  return checksumOf(drawn) === observedChecksum(folder) ? drawn : null;
}

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
  { origin, backend }: { readonly origin: SampleOrigin; readonly backend: string },
): Fact[] {
  const { architecture, features, seed, catalog } = experiment;
  const { recipe, survey, massFunction } = catalog;
  const { train, validation, test } = splitOf(experiment, catalogs.length);
  const clusters = mean(catalogs.map(({ clusters }) => clusters.count));
  const parameters = countParameters(architecture, inputWidths(features));
  const facts = {
    "experiment": nameExperiment(experiment),
    "network": `${nameNetwork(experiment)}, ${parameters} parameters`,
    "training": `${history.length} epochs, epoch ${selectedEpoch} selected`,
    "seed": seed,
    "base sample": `${base.clusters.count} clusters, ` +
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
    "measured on": `backend ${backend}, Terse ${VERSION}`,
  };
  return Object.entries(facts).map(([name, value]) => ({ name, value: String(value) }));
}

/** The preset that an architecture is; "custom" if none. */
function nameNetwork({ architecture }: Experiment): string {
  const text = canonicalJson(architecture);
  return Object.entries(PRESETS).find(([, preset]) => canonicalJson(preset.architecture) === text)
    ?.[0] ?? "custom";
}
