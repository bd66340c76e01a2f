/**
 * `limit`: how much a catalog says about sigma8 at all.
 *
 * @module
 */
import type { WeakLensingUse } from "../../src/evaluation/likelihood.ts";
import type { InformationLimit } from "../../src/evaluation/posterior.ts";
import { chooseBaseSample } from "../stages/base_sample.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { chooseExperiment } from "../program/experiment_options.ts";
import {
  measureRunLimit,
  mergePosteriors,
  sampleShard,
  weakLensingUse,
} from "../stages/limit_measurement.ts";
import { choiceOption, wholeNumberOption } from "../program/options.ts";
import { FILES, readExperiment } from "../storage/run_folder.ts";
import { refuseBoth, SHARD_OPTIONS } from "../storage/shards.ts";
import { SIMULATE_OPTIONS } from "./simulate.ts";

/** The options' words for what the likelihood reads. */
const WEAK_LENSING: Readonly<Record<"yes" | "no", WeakLensingUse>> = {
  yes: "with weak lensing",
  no: "without weak lensing",
};

/** The command `limit`. */
export const LIMIT: Command = defineCommand({
  summary: "measure how well sigma8 can be known at all, from the mocks' own likelihood",
  details: [
    "Samples the posterior of sigma8 of new catalogs, every varied parameter free under its prior.",
    `Writes ${FILES.limit}, or ${FILES.limitWithoutLensing}, every few seconds; stopped, the same`,
    "command continues. Threads change nothing but the time; nor do shards, which one run with",
    "--merge and the same options puts together.",
  ],
  options: {
    ...SIMULATE_OPTIONS,
    catalogs: wholeNumberOption(2, 400, { description: "catalogs to sample the posterior of" }),
    threads: wholeNumberOption(1, undefined, {
      description: "workers that sample",
      fallbackText: "one a CPU core",
    }),
    "weak-lensing": choiceOption(["yes", "no"] as const, undefined, {
      description: "whether the likelihood reads weak lensing masses",
      fallbackText: "yes if the experiment's network does",
    }),
    ...SHARD_OPTIONS,
  },
  async run(values, { progress }) {
    refuseBoth(values);
    const { out: folder, catalogs, threads = navigator.hardwareConcurrency } = values;
    const asked = chooseExperiment(values, readExperiment(folder));

    const choice = { values, folder, threads, progress };
    const { experiment, base } = await chooseBaseSample(asked, choice);
    const lensed = values["weak-lensing"];
    const weakLensing = lensed ? WEAK_LENSING[lensed] : weakLensingUse(experiment);
    const began = performance.now();
    const choices = { folder, weakLensing, catalogs, threads, progress };
    if (values.shard) {
      const done = await sampleShard(experiment, base, choices, values.shard);
      return { json: done, text: `Posteriors of ${done.catalogs} catalogs in ${done.folder}` };
    }
    if (values.merge) mergePosteriors(experiment, base, choices);
    const limit = await measureRunLimit(experiment, base, choices);
    const seconds = { limit: (performance.now() - began) / 1000 };
    const json = { out: folder, seed: experiment.seed, weakLensing, ...limit, seconds };
    return { json, text: formatLimit(weakLensing, limit) };
  },
});

function formatLimit(weakLensing: WeakLensingUse, limit: InformationLimit): string {
  const { count, width, widthError, scatter, scatterError, bias } = limit;
  const { agreement, agreementError, unconverged, effectiveSamples } = limit;
  return [
    `Information limit of sigma8 ${weakLensing}, ${count} catalogs`,
    `width      ${width.toFixed(4)} +- ${widthError.toFixed(4)}  rms of the posteriors`,
    `scatter    ${scatter.toFixed(4)} +- ${scatterError.toFixed(4)}  posterior mean minus truth`,
    `agreement  ${agreement.toFixed(3)} +- ${agreementError.toFixed(3)}  scatter / width`,
    `bias       ${bias < 0 ? "" : "+"}${bias.toFixed(4)}`,
    `${unconverged} of ${count} posteriors did not converge; ` +
    `${Math.round(effectiveSamples)} independent samples each (median)`,
  ].join("\n");
}
