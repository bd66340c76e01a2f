/**
 * `exact`: what leaving out each cluster, and moving each observable, does to sigma8 by the mocks' own
 * likelihood.
 */
import { counted } from "../../src/numerics/counted.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { RENAMED_OPTIONS } from "../program/experiment_options.ts";
import { wholeNumberOption } from "../program/options.ts";
import { answerRun, answerShard, mergeExact } from "../stages/exact_answers.ts";
import {
  chooseLikelihood,
  likelihoodOptions,
  SHARD_DETAILS,
} from "../stages/likelihood_choices.ts";
import { FILES } from "../storage/run_folder.ts";
import { refuseBoth, shardPlace } from "../storage/shards.ts";
import { formatExact } from "../text/exact_text.ts";

/** The command `exact`. */
export const EXACT: Command = defineCommand({
  summary: "find the exact leave-one-outs and sensitivities that networks are judged by",
  details: [
    "Samples the posterior of sigma8 of some test catalogs and works out what each cluster and each of " +
    "its observables does to it: with all that is observed, and with the best single number of " +
    "temperature and gas mass. interpret reads the result.",
    `Writes ${FILES.exact}, or ${FILES.exactWithoutLensing}, every few seconds. When it was stopped, ` +
    "the same command resumes.",
    SHARD_DETAILS,
  ],
  options: likelihoodOptions(
    wholeNumberOption(1, 80, { description: "test catalogs to answer for" }),
  ),
  renamed: RENAMED_OPTIONS,
  workFolder: (values) => shardPlace(values),
  async run(values, { progress }) {
    refuseBoth(values);
    const { experiment, base, choices } = await chooseLikelihood(values, progress, "exact");
    if (values.shard) {
      const done = await answerShard(experiment, base, choices, values.shard);
      return {
        json: done,
        text: `Exact answers of ${counted(done.catalogs, "catalog")} in ${done.folder}`,
      };
    }
    const began = performance.now();
    if (values.merge) mergeExact(experiment, base, choices);
    const summary = await answerRun(experiment, base, choices);
    const { folder: out, weakLensing } = choices;
    const seconds = { exact: (performance.now() - began) / 1000 };
    const json = { out, seed: experiment.seed, weakLensing, ...summary, seconds };
    return { json, text: formatExact(weakLensing, summary) };
  },
});
