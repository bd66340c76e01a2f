/**
 * `exact`: what leaving out each cluster, and moving each observable, does to sigma8 by the mocks' own
 * likelihood.
 *
 * @module
 */
import type { WeakLensingUse } from "../../src/evaluation/likelihood.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { chooseExperiment } from "../program/experiment_options.ts";
import { choiceOption, wholeNumberOption } from "../program/options.ts";
import { chooseBaseSample } from "../stages/base_sample.ts";
import { answerRun, answerShard, mergeExact } from "../stages/exact_answers.ts";
import { weakLensingUse } from "../stages/limit_measurement.ts";
import { FILES, readExperiment } from "../storage/run_folder.ts";
import { refuseBoth, SHARD_OPTIONS } from "../storage/shards.ts";
import { formatExact } from "../text/exact_text.ts";
import { SIMULATE_OPTIONS } from "./simulate.ts";

/** The options' words for what the likelihood reads. */
const WEAK_LENSING: Readonly<Record<"yes" | "no", WeakLensingUse>> = {
  yes: "with weak lensing",
  no: "without weak lensing",
};

/** The command `exact`. */
export const EXACT: Command = defineCommand({
  summary: "find the exact leave-one-outs and sensitivities, which networks are judged by",
  details: [
    "Samples the posterior of sigma8 of some test catalogs and works out what each cluster and",
    "each of its observables does to it: with all that is observed, and with the best single number",
    `of temperature and gas mass. Writes ${FILES.exact}, or ${FILES.exactWithoutLensing}, every few`,
    "seconds; stopped, the same command continues. Threads change nothing but the time; nor do shards,",
    "which one run with --merge and the same options puts together. interpret reads the file.",
  ],
  options: {
    ...SIMULATE_OPTIONS,
    catalogs: wholeNumberOption(1, 80, { description: "test catalogs to answer for" }),
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
      const done = await answerShard(experiment, base, choices, values.shard);
      return { json: done, text: `Exact answers of ${done.catalogs} catalogs in ${done.folder}` };
    }
    if (values.merge) mergeExact(experiment, base, choices);
    const summary = await answerRun(experiment, base, choices);
    const seconds = { exact: (performance.now() - began) / 1000 };
    const json = { out: folder, seed: experiment.seed, weakLensing, ...summary, seconds };
    return { json, text: formatExact(weakLensing, summary) };
  },
});
