/** What `limit` and `exact` share: their options, and what follows from them. */
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { WeakLensingUse } from "../../src/evaluation/likelihood.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import { weakLensingUse } from "../../src/runs/posteriors.ts";
import { THREADS_OPTION } from "../program/backend_options.ts";
import { chooseExperiment } from "../program/experiment_options.ts";
import type { Option, OptionTable } from "../program/options.ts";
import { choiceOption } from "../program/options.ts";
import type { Progress } from "../program/progress.ts";
import type { SimulateValues } from "../program/run_options.ts";
import { SIMULATE_OPTIONS } from "../program/run_options.ts";
import { readExperiment } from "../storage/run_folder.ts";
import type { ShardValues } from "../storage/shards.ts";
import { SHARD_OPTIONS } from "../storage/shards.ts";
import { chooseBaseSample } from "./base_sample.ts";

/** What the options of `limit` and `exact` ask for. */
export interface LikelihoodValues extends SimulateValues, ShardValues {
  readonly catalogs: number;
  readonly threads: number | undefined;
  /** Whether the likelihood reads weak lensing masses; undefined for what the network sees. */
  readonly "weak-lensing": "yes" | "no" | undefined;
}

/** Options of a command that works on several catalogs by the mocks' likelihood. */
export function likelihoodOptions(catalogs: Option<number>): OptionTable<LikelihoodValues> {
  return {
    ...SIMULATE_OPTIONS,
    catalogs,
    threads: THREADS_OPTION,
    "weak-lensing": choiceOption(["yes", "no"] as const, undefined, {
      description: "whether the likelihood reads weak lensing masses",
      fallbackText: "yes if the experiment's network does",
    }),
    ...SHARD_OPTIONS,
  };
}

/** The paragraph of a command's help about work on several machines. */
export const SHARD_DETAILS: string =
  "With --shard, each machine does a part of the work; then one run with --merge and the same " +
  "options joins the shards.";

/** How the work is done. */
export interface LikelihoodChoices {
  readonly folder: string;
  readonly weakLensing: WeakLensingUse;
  /** Catalogs, 1 or more; a limit needs 2. */
  readonly catalogs: number;
  /** CPU threads; the results do not depend on them. */
  readonly threads: number;
  readonly progress: Progress;
}

const WEAK_LENSING = { yes: "with weak lensing", no: "without weak lensing" } as const;

/** The experiment, base sample and choices, from the options and the run folder. */
export async function chooseLikelihood(
  values: LikelihoodValues,
  progress: Progress,
  kind: "limit" | "exact",
): Promise<{
  readonly experiment: Experiment;
  readonly base: BaseSample;
  readonly choices: LikelihoodChoices;
}> {
  const { out: folder, catalogs, threads = navigator.hardwareConcurrency } = values;
  const asked = chooseExperiment(values, readExperiment(folder));
  const workers = Math.min(threads, catalogs);
  const work = kind === "limit"
    ? { action: "measure the limit", posteriors: catalogs, workers } as const
    : { action: "answer exactly", design: "parameters", exact: catalogs, workers } as const;
  const choice = { values, folder, threads, progress, work };
  const { experiment, base } = await chooseBaseSample(asked, choice);
  const lensed = values["weak-lensing"];
  const weakLensing = lensed ? WEAK_LENSING[lensed] : weakLensingUse(experiment);
  return { experiment, base, choices: { folder, weakLensing, catalogs, threads, progress } };
}
