/** The stage that measures the information limit: it reports, saves and resumes. */
import { countedAre } from "../../src/numerics/counted.ts";
import { drawParameters } from "../../src/catalogs/priors.ts";
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { InformationLimit } from "../../src/evaluation/posterior.ts";
import { prepareLikelihood } from "../../src/evaluation/likelihood.ts";
import { measureLimit } from "../../src/evaluation/posterior.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { PosteriorRecord } from "../../src/runs/posteriors.ts";
import { createSampler } from "../../src/runs/posteriors.ts";
import { openStream } from "../../src/runs/streams.ts";
import { exists } from "../program/files.ts";
import { gatherSaving } from "../program/progress.ts";
import type { LikelihoodOrigin } from "../storage/likelihood_origin.ts";
import { originOf } from "../storage/likelihood_origin.ts";
import { limitFile, loadPosteriors, savePosteriors } from "../storage/limit_file.ts";
import { claimRunFolder } from "../storage/run_folder.ts";
import type { Shard } from "../storage/shards.ts";
import { joinShards, shardFolder, shardRange } from "../storage/shards.ts";
import { saveBaseSample } from "../storage/simulation_files.ts";
import type { LikelihoodChoices } from "./likelihood_choices.ts";
import { samplePosteriors } from "./limit_pool.ts";

/**
 * Measures the limit of an experiment's catalogs, and saves the posteriors while they come.
 *
 * @throws {RunError} If the folder is another experiment's, or a catalog has no posterior
 * @throws {RangeError} If the experiment's survey, priors or recipe have no likelihood
 */
export async function measureRunLimit(
  experiment: Experiment,
  base: BaseSample,
  choices: LikelihoodChoices,
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
  choices: LikelihoodChoices,
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
  choices: LikelihoodChoices,
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
  { folder, weakLensing, catalogs }: LikelihoodChoices,
): void {
  claimRunFolder(folder, experiment);
  saveBaseSample(folder, base);
  const { catalog, seed } = experiment;
  const origin = originOf(folder, experiment, weakLensing);
  const parameters = drawParameters(catalog.priors, catalogs, openStream(seed, "limit"));
  const records = joinShards(
    { folder, file: limitFile(weakLensing), total: catalogs, noun: "posteriors" },
    (shard, from, to) =>
      loadPosteriors(shard, origin, parameters)
        .filter((record) => record.catalog >= from && record.catalog < to),
  );
  savePosteriors(folder, origin, records, null);
}

interface SampledRange {
  readonly origin: LikelihoodOrigin;
  /** All that the folder has, by catalog. */
  readonly records: readonly PosteriorRecord[];
  /** How many of them were missing. */
  readonly sampled: number;
}

/** Samples what is missing of a range of catalogs; returns all posteriors of the folder. */
async function sampleRange(
  experiment: Experiment,
  base: BaseSample,
  { folder, weakLensing, catalogs, threads, progress }: LikelihoodChoices,
  [from, to]: readonly [number, number],
): Promise<SampledRange> {
  const { catalog, seed } = experiment;
  const prepare = () => {
    const plan = { model: prepareLikelihood(base, catalog, weakLensing), seed };
    return { plan, sample: createSampler(plan) };
  };
  // What has no likelihood or no catalogs is refused before anything is written; a folder with a file of
  // posteriors has had both, and may need no more.
  const early = exists(`${folder}/${limitFile(weakLensing)}`) ? null : prepare();
  const parameters = drawParameters(catalog.priors, catalogs, openStream(seed, "limit"));
  claimRunFolder(folder, experiment);
  saveBaseSample(folder, base);
  const origin = originOf(folder, experiment, weakLensing);
  const records = loadPosteriors(folder, origin, parameters);
  const known = new Set(records.map((record) => record.catalog));
  const tasks = parameters.map((parameters, catalog) => ({ catalog, parameters }))
    .filter(({ catalog }) => catalog >= from && catalog < to && !known.has(catalog));
  if (known.size > 0) {
    progress.say(`${countedAre(known.size, "posterior")} there, ${tasks.length} to do`);
  }
  const byCatalog = (a: PosteriorRecord, b: PosteriorRecord) => a.catalog - b.catalog;
  if (tasks.length === 0) return { origin, records: records.sort(byCatalog), sampled: 0 };
  const bar = progress.start(`Posteriors ${weakLensing}`, tasks.length, "catalogs");
  const posteriors = samplePosteriors(early ?? prepare(), tasks, threads);
  const save = () => savePosteriors(folder, origin, records, null);
  const sampled = await gatherSaving(records, posteriors, bar, save);
  return { origin, records: records.sort(byCatalog), sampled };
}
