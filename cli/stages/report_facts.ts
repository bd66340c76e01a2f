/** Where the base sample of a report's run comes from. */
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import { drawBaseSample } from "../../src/clusters/base_sample.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { SampleOrigin } from "../../src/report/scatter_reasons.ts";
import { checksumOf, observedChecksum } from "../storage/observed_file.ts";
import { baseSampleChecksum } from "../storage/simulation_files.ts";

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
