/**
 * `limit`: how well a catalog can constrain sigma8 at all.
 */
import { counted } from "../../src/numerics/counted.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { RENAMED_OPTIONS } from "../program/experiment_options.ts";
import {
  chooseLikelihood,
  likelihoodOptions,
  SHARD_DETAILS,
} from "../stages/likelihood_choices.ts";
import { measureRunLimit, mergePosteriors, sampleShard } from "../stages/limit_measurement.ts";
import { wholeNumberOption } from "../program/options.ts";
import { FILES } from "../storage/run_folder.ts";
import { refuseBoth, shardPlace } from "../storage/shards.ts";
import { formatLimit } from "../text/limit_text.ts";

/** The command `limit`. */
export const LIMIT: Command = defineCommand({
  summary: "measure how well sigma8 can be known at all, from the mocks' own likelihood",
  details: [
    "Samples the posterior of sigma8 of new catalogs, with every varied parameter free under its prior. " +
    `Writes ${FILES.limit}, or ${FILES.limitWithoutLensing}, every few seconds. When it was stopped, ` +
    "the same command resumes.",
    SHARD_DETAILS,
  ],
  options: likelihoodOptions(
    wholeNumberOption(2, 400, { description: "catalogs to sample the posterior of" }),
  ),
  renamed: RENAMED_OPTIONS,
  workFolder: (values) => shardPlace(values),
  async run(values, { progress }) {
    refuseBoth(values);
    const { experiment, base, choices } = await chooseLikelihood(values, progress, "limit");
    if (values.shard) {
      const done = await sampleShard(experiment, base, choices, values.shard);
      return {
        json: done,
        text: `Posteriors of ${counted(done.catalogs, "catalog")} in ${done.folder}`,
      };
    }
    const began = performance.now();
    if (values.merge) mergePosteriors(experiment, base, choices);
    const limit = await measureRunLimit(experiment, base, choices);
    const seconds = { limit: (performance.now() - began) / 1000 };
    const { folder: out, weakLensing } = choices;
    const json = { out, seed: experiment.seed, weakLensing, ...limit, seconds };
    return { json, text: formatLimit(weakLensing, limit) };
  },
});
