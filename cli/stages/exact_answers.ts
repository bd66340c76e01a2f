/**
 * The stage that answers exactly: it reports, saves every few seconds, and resumes when it was
 * stopped.
 */
import { countedAre } from "../../src/numerics/counted.ts";
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { WeakLensingUse } from "../../src/evaluation/likelihood.ts";
import { prepareLikelihood } from "../../src/evaluation/likelihood.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { Gap } from "../../src/interpretation/exact/gap.ts";
import type { ExactSummary } from "../../src/interpretation/exact/summary.ts";
import { summarizeExact } from "../../src/interpretation/exact/summary.ts";
import type { ExactRecord, ExactTask } from "../../src/runs/exact.ts";
import { createAnswerer, exactTasks } from "../../src/runs/exact.ts";
import { RunError } from "../program/errors.ts";
import { exists } from "../program/files.ts";
import { runOnWorkers } from "../program/worker_pool.ts";
import { gatherSaving } from "../program/progress.ts";
import { exactFile, loadExact, saveExact } from "../storage/exact_file.ts";
import type { LikelihoodOrigin } from "../storage/likelihood_origin.ts";
import { originOf } from "../storage/likelihood_origin.ts";
import { claimRunFolder } from "../storage/run_folder.ts";
import type { Shard } from "../storage/shards.ts";
import { joinShards, shardFolder, shardRange } from "../storage/shards.ts";
import { saveBaseSample } from "../storage/simulation_files.ts";
import type { LikelihoodChoices } from "./likelihood_choices.ts";

/**
 * Answers for some of an experiment's test catalogs, and saves the answers while they come.
 *
 * @throws {RunError} If the folder is another experiment's, or it has fewer test catalogs
 * @throws {RangeError} If the experiment's survey, priors or recipe have no likelihood
 */
export async function answerRun(
  experiment: Experiment,
  base: BaseSample,
  choices: LikelihoodChoices,
): Promise<ExactSummary | Gap> {
  const { folder, catalogs } = choices;
  const { origin, records } = await answerRange(experiment, base, choices, [0, catalogs]);
  const summary = summarizeExact(records.filter(({ rank }) => rank < catalogs));
  saveExact(folder, origin, records, summary);
  return summary;
}

/** Answers for a shard's catalogs into the shard's folder; see {@linkcode answerRun}. */
export async function answerShard(
  experiment: Experiment,
  base: BaseSample,
  choices: LikelihoodChoices,
  shard: Shard,
): Promise<{ readonly folder: string; readonly catalogs: number }> {
  const folder = shardFolder(choices.folder, shard);
  const [from, to] = shardRange(shard, choices.catalogs);
  const own = { ...choices, folder };
  const { origin, records } = await answerRange(experiment, base, own, [from, to]);
  saveExact(folder, origin, records, null);
  return { folder, catalogs: to - from };
}

/**
 * Takes over the answers of a folder's shards, so that {@linkcode answerRun} finds them all.
 *
 * @throws {RunError} If a shard is missing, has not come to its end, or is of another experiment
 */
export function mergeExact(
  experiment: Experiment,
  base: BaseSample,
  { folder, weakLensing, catalogs }: LikelihoodChoices,
): void {
  claimRunFolder(folder, experiment);
  saveBaseSample(folder, base);
  const origin = originOf(folder, experiment, weakLensing);
  const tasks = tasksOf(experiment, catalogs);
  const records = joinShards(
    { folder, file: exactFile(weakLensing), total: catalogs, noun: "answers" },
    (shard, from, to) =>
      loadExact(shard, origin, tasks).filter(({ rank }) => rank >= from && rank < to),
  );
  saveExact(folder, origin, records, null);
}

/**
 * The answers that a run folder has for an experiment's test catalogs; none if it has no file.
 *
 * @throws {RunError} If the file is damaged or of another experiment
 */
export function readExact(
  folder: string,
  experiment: Experiment,
  weakLensing: WeakLensingUse,
): readonly ExactRecord[] {
  const origin = originOf(folder, experiment, weakLensing);
  return loadExact(folder, origin, exactTasks(experiment));
}

function tasksOf(experiment: Experiment, catalogs: number): ExactTask[] {
  const tasks = exactTasks(experiment);
  if (tasks.length >= catalogs) return tasks.slice(0, catalogs);
  throw new RunError(
    `Cannot answer for ${catalogs} catalogs: the experiment has ${tasks.length} test catalogs, ` +
      "at most so many",
  );
}

/** Answers for what is missing of a range of catalogs; returns all answers of the folder. */
async function answerRange(
  experiment: Experiment,
  base: BaseSample,
  { folder, weakLensing, catalogs, threads, progress }: LikelihoodChoices,
  [from, to]: readonly [number, number],
): Promise<{ readonly origin: LikelihoodOrigin; readonly records: readonly ExactRecord[] }> {
  const { seed, catalog } = experiment;
  const prepare = () => {
    const plan = { model: prepareLikelihood(base, catalog, weakLensing), seed };
    return { plan, answer: createAnswerer(plan) };
  };
  const tasks = tasksOf(experiment, catalogs);
  // What has no likelihood or no catalogs is refused before anything is written; a folder with a file of
  // answers has had both, and may need no more.
  const early = exists(`${folder}/${exactFile(weakLensing)}`) ? null : prepare();
  claimRunFolder(folder, experiment);
  saveBaseSample(folder, base);
  const origin = originOf(folder, experiment, weakLensing);
  const records = loadExact(folder, origin, exactTasks(experiment));
  const known = new Set(records.map(({ rank }) => rank));
  const missing = tasks.filter(({ rank }) => rank >= from && rank < to && !known.has(rank));
  if (known.size > 0) {
    progress.say(`${countedAre(known.size, "answer")} there, ${missing.length} to do`);
  }
  const byRank = (a: ExactRecord, b: ExactRecord) => a.rank - b.rank;
  if (missing.length === 0) return { origin, records: records.sort(byRank) };
  const bar = progress.start(`Exact answers ${weakLensing}`, missing.length, "catalogs");
  const { plan, answer } = early ?? prepare();
  const module = new URL("./exact_worker.ts", import.meta.url);
  const describe = ({ catalog }: ExactTask) => `answer for catalog ${catalog}`;
  const job = { module, prepare: () => answer, plan, describe };
  const answers = runOnWorkers<typeof plan, ExactTask, ExactRecord>(job, missing, threads);
  await gatherSaving(records, answers, bar, () => saveExact(folder, origin, records, null));
  return { origin, records: records.sort(byRank) };
}
