/**
 * The stage that simulates: the catalogs of an experiment's design.
 *
 * @module
 */
import type { Catalog } from "../src/catalogs/catalog.ts";
import { drawCatalog, prepareCatalogs } from "../src/catalogs/catalog.ts";
import { designParameters } from "../src/catalogs/priors.ts";
import type { BaseSample } from "../src/clusters/base_sample.ts";
import type { Experiment } from "../src/experiments.ts";
import { createRandom } from "../src/numerics/random.ts";
import { splitOf } from "./feature_sets.ts";
import type { Progress } from "./progress.ts";
import { claimRunFolder, saveBaseSample, saveCatalogs } from "./run_folder.ts";

/** Draws the catalogs of an experiment's design and saves them with their base sample. */
export function simulateCatalogs(
  experiment: Experiment,
  base: BaseSample,
  folder: string,
  progress: Progress,
): Catalog[] {
  claimRunFolder(folder, experiment);
  saveBaseSample(folder, base);
  const random = createRandom(experiment.seed);
  const parameters = designParameters(experiment.catalog.priors, random.fork("design"));
  const maker = prepareCatalogs(base, experiment.catalog);
  const bar = progress.start("Simulating", parameters.length, "catalogs");
  const catalogs = parameters.map((entry, i) => {
    bar.update(i);
    return drawCatalog(maker, entry, random.fork("catalog", i));
  });
  bar.end();
  saveCatalogs(folder, experiment, catalogs, splitOf(experiment, catalogs.length));
  return catalogs;
}
