/**
 * The stage that measures the information limit: told, saved every few seconds, and continued
 * where it was stopped.
 *
 * @module
 */
import { drawParameters } from "../src/catalogs/priors.ts";
import type { BaseSample } from "../src/clusters/base_sample.ts";
import type { WeakLensingUse } from "../src/evaluation/likelihood.ts";
import type { InformationLimit } from "../src/evaluation/posterior.ts";
import { prepareLikelihood } from "../src/evaluation/likelihood.ts";
import { measureLimit } from "../src/evaluation/posterior.ts";
import type { Experiment } from "../src/experiments.ts";
import { loadPosteriors, savePosteriors } from "./limit_file.ts";
import { samplePosteriors } from "./limit_pool.ts";
import { createSampler, limitRandom } from "./limit_sampling.ts";
import type { Progress } from "./progress.ts";
import { baseSampleChecksum, claimRunFolder, saveBaseSample } from "./run_folder.ts";

/** How a limit is measured. */
export interface LimitChoices {
  readonly folder: string;
  readonly weakLensing: WeakLensingUse;
  /** Catalogs, 2 or more. */
  readonly catalogs: number;
  /** Workers; they change the time and nothing else. */
  readonly threads: number;
  readonly progress: Progress;
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
  { catalog, seed, ...rest }: Experiment,
  base: BaseSample,
  { folder, weakLensing, catalogs, threads, progress }: LimitChoices,
): Promise<InformationLimit> {
  const plan = { model: prepareLikelihood(base, catalog, weakLensing), seed };
  const random = limitRandom(seed);
  const parameters = drawParameters(catalog.priors, catalogs, random);
  createSampler(plan); // refuses what has no catalogs, before anything is written
  claimRunFolder(folder, { catalog, seed, ...rest });
  saveBaseSample(folder, base);
  const origin = { seed, weakLensing, baseSample: baseSampleChecksum(folder), plan: catalog };
  const records = loadPosteriors(folder, origin, parameters);
  const known = new Set(records.map((record) => record.catalog));
  const tasks = parameters.map((parameters, catalog) => ({ catalog, parameters }))
    .filter((task) => !known.has(task.catalog));
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
  const asked = records.filter((record) => record.catalog < catalogs);
  const limit = measureLimit(asked, random.fork("bootstrap"));
  savePosteriors(folder, origin, records, limit);
  return limit;
}
