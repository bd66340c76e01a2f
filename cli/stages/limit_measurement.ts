/**
 * The stage that measures the information limit: it reports, saves every few seconds, and resumes when
 * it was stopped.
 *
 * @module
 */
import { drawParameters } from "../../src/catalogs/priors.ts";
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { WeakLensingUse } from "../../src/evaluation/likelihood.ts";
import type { InformationLimit } from "../../src/evaluation/posterior.ts";
import { prepareLikelihood } from "../../src/evaluation/likelihood.ts";
import { measureLimit } from "../../src/evaluation/posterior.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import { RunError } from "../program/errors.ts";
import type { LimitOrigin } from "../storage/limit_file.ts";
import { limitFile, loadPosteriors, savePosteriors } from "../storage/limit_file.ts";
import { chooseBaseSample } from "./base_sample.ts";
import { samplePosteriors } from "./limit_pool.ts";
import type { PosteriorRecord } from "../../src/runs/posteriors.ts";
import { createSampler, weakLensingUse } from "../../src/runs/posteriors.ts";
import { openStream } from "../../src/runs/streams.ts";
import { chooseExperiment } from "../program/experiment_options.ts";
import type { Progress } from "../program/progress.ts";
import type { SimulateValues } from "../program/run_options.ts";
import { claimRunFolder, readExperiment } from "../storage/run_folder.ts";
import type { Shard } from "../storage/shards.ts";
import { findShards, nameShard, shardFolder, shardRange } from "../storage/shards.ts";
import { baseSampleChecksum, saveBaseSample } from "../storage/simulation_files.ts";

/** How a limit is measured. */
export interface LimitChoices {
  readonly folder: string;
  readonly weakLensing: WeakLensingUse;
  /** Catalogs, 1 or more; the limit needs 2. */
  readonly catalogs: number;
  /** CPU threads; the results do not depend on them. */
  readonly threads: number;
  readonly progress: Progress;
}

/** What the options of `limit` ask for. */
export interface LimitValues extends SimulateValues {
  readonly catalogs: number;
  readonly threads: number | undefined;
  /** Whether the likelihood reads weak lensing masses; undefined for what the network sees. */
  readonly "weak-lensing": "yes" | "no" | undefined;
}

const WEAK_LENSING = { yes: "with weak lensing", no: "without weak lensing" } as const;

/** The experiment, base sample and choices of a limit, from the options and the run folder. */
export async function chooseLimit(
  values: LimitValues,
  progress: Progress,
  kind: "limit" | "exact",
): Promise<{
  readonly experiment: Experiment;
  readonly base: BaseSample;
  readonly choices: LimitChoices;
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

/** How often posteriors are saved. */
const SAVE_MILLISECONDS = 3000;

/**
 * Measures the limit of an experiment's catalogs, and saves the posteriors while they come.
 *
 * @throws {RunError} If the folder is another experiment's, or a catalog has no posterior
 * @throws {RangeError} If the experiment's survey, priors or recipe have no likelihood
 */
export async function measureRunLimit(
  experiment: Experiment,
  base: BaseSample,
  choices: LimitChoices,
): Promise<InformationLimit> {
  const { folder, catalogs } = choices;
  const { origin, records } = await sampleRange(experiment, base, choices, [0, catalogs]);
  const asked = records.filter((record) => record.catalog < catalogs);
  const limit = measureLimit(asked, openStream(experiment.seed, "limit").fork("bootstrap"));
  savePosteriors(folder, origin, records, limit);
  return limit;
}

/**
 * The posteriors of an experiment's first catalogs, sampled where the folder does not have them. They
 * are those of its limit, which continues from them.
 *
 * @throws {RunError | RangeError} See {@linkcode measureRunLimit}
 */
export async function collectPosteriors(
  experiment: Experiment,
  base: BaseSample,
  choices: LimitChoices,
): Promise<readonly PosteriorRecord[]> {
  const { folder, catalogs } = choices;
  const range = [0, catalogs] as const;
  const { origin, records, sampled } = await sampleRange(experiment, base, choices, range);
  if (sampled > 0) savePosteriors(folder, origin, records, null);
  return records.filter((record) => record.catalog < catalogs);
}

/** Samples a shard's posteriors into the shard's folder; see {@linkcode measureRunLimit}. */
export async function sampleShard(
  experiment: Experiment,
  base: BaseSample,
  choices: LimitChoices,
  shard: Shard,
): Promise<{ readonly folder: string; readonly catalogs: number }> {
  const folder = shardFolder(choices.folder, shard);
  const [from, to] = shardRange(shard, choices.catalogs);
  const own = { ...choices, folder };
  const { origin, records } = await sampleRange(experiment, base, own, [from, to]);
  savePosteriors(folder, origin, records, null);
  return { folder, catalogs: to - from };
}

/**
 * Takes over the posteriors of a folder's shards, so that {@linkcode measureRunLimit} finds them all.
 *
 * @throws {RunError} If a shard is missing, has not come to its end, or is of another experiment
 */
export function mergePosteriors(
  experiment: Experiment,
  base: BaseSample,
  { folder, weakLensing, catalogs }: LimitChoices,
): void {
  claimRunFolder(folder, experiment);
  saveBaseSample(folder, base);
  const { catalog, seed } = experiment;
  const origin = { seed, weakLensing, baseSample: baseSampleChecksum(folder), plan: catalog };
  const parameters = drawParameters(catalog.priors, catalogs, openStream(seed, "limit"));
  const shards = findShards(folder, limitFile(weakLensing));
  const records = shards.flatMap((shard) => {
    const [from, to] = shardRange(shard, catalogs);
    const found = loadPosteriors(shardFolder(folder, shard), origin, parameters)
      .filter((record) => record.catalog >= from && record.catalog < to);
    if (found.length === to - from) return found;
    throw new RunError(
      `Cannot merge shard ${nameShard(shard)}: it has ${found.length} of ${
        to - from
      } posteriors, ` +
        "run it to its end",
    );
  });
  savePosteriors(folder, origin, records, null);
}

interface SampledRange {
  readonly origin: LimitOrigin;
  /** All that the folder has, by catalog. */
  readonly records: readonly PosteriorRecord[];
  /** How many of them were missing. */
  readonly sampled: number;
}

/** Samples what is missing of a range of catalogs; returns all posteriors of the folder. */
async function sampleRange(
  { catalog, seed, ...rest }: Experiment,
  base: BaseSample,
  { folder, weakLensing, catalogs, threads, progress }: LimitChoices,
  [from, to]: readonly [number, number],
): Promise<SampledRange> {
  const plan = { model: prepareLikelihood(base, catalog, weakLensing), seed };
  const parameters = drawParameters(catalog.priors, catalogs, openStream(seed, "limit"));
  createSampler(plan); // refuses what has no catalogs, before anything is written
  claimRunFolder(folder, { catalog, seed, ...rest });
  saveBaseSample(folder, base);
  const origin = { seed, weakLensing, baseSample: baseSampleChecksum(folder), plan: catalog };
  const records = loadPosteriors(folder, origin, parameters);
  const known = new Set(records.map((record) => record.catalog));
  const tasks = parameters.map((parameters, catalog) => ({ catalog, parameters }))
    .filter(({ catalog }) => catalog >= from && catalog < to && !known.has(catalog));
  if (known.size > 0) progress.say(`${known.size} posteriors are there, ${tasks.length} to do`);
  const bar = progress.start(`Posteriors ${weakLensing}`, tasks.length, "catalogs");
  let done = 0;
  let saved = performance.now();
  for await (const record of samplePosteriors(plan, tasks, threads)) {
    records.push(record);
    bar.update(++done);
    if (performance.now() - saved < SAVE_MILLISECONDS) continue;
    savePosteriors(folder, origin, records, null);
    saved = performance.now();
  }
  bar.end();
  records.sort((a, b) => a.catalog - b.catalog);
  return { origin, records, sampled: done };
}
