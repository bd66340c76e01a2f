/**
 * The stage that simulates: the catalogs of an experiment's design, at once or in shards.
 *
 * @module
 */
import type { Catalog } from "../src/catalogs/catalog.ts";
import { drawCatalog, prepareCatalogs } from "../src/catalogs/catalog.ts";
import type { CatalogParameters } from "../src/catalogs/priors.ts";
import { designParameters } from "../src/catalogs/priors.ts";
import type { BaseSample } from "../src/clusters/base_sample.ts";
import type { Experiment } from "../src/experiments.ts";
import { createRandom } from "../src/numerics/random.ts";
import { nameSets } from "./cluster_tables.ts";
import { readBytes, writeFile } from "./files.ts";
import { splitOf } from "./feature_sets.ts";
import type { Progress } from "./progress.ts";
import {
  claimRunFolder,
  fileIn,
  FILES,
  hasFile,
  refuseOther,
  requireExperiment,
} from "./run_folder.ts";
import type { Shard } from "./shards.ts";
import { findShards, nameShard, shardFolder, shardRange } from "./shards.ts";
import { loadBaseSample, loadCatalogs, saveBaseSample, saveCatalogs } from "./simulation_files.ts";

const ALL: Shard = { place: 1, of: 1 };

/** Draws the catalogs of an experiment's design and saves them with their base sample. */
export function simulateCatalogs(
  experiment: Experiment,
  base: BaseSample,
  folder: string,
  progress: Progress,
): Catalog[] {
  claimRunFolder(folder, experiment);
  saveBaseSample(folder, base);
  const share = takeShare(experiment, ALL);
  const catalogs = drawShare(experiment, base, share, progress);
  saveCatalogs(folder, experiment, catalogs, share.sets);
  return catalogs;
}

/** Draws a shard's catalogs and saves them in the shard's folder. */
export function simulateShard(
  experiment: Experiment,
  base: BaseSample,
  { folder, shard }: { readonly folder: string; readonly shard: Shard },
  progress: Progress,
): Catalog[] {
  const own = shardFolder(folder, shard);
  const share = takeShare(experiment, shard); // refuses too many shards before anything is written
  claimRunFolder(own, experiment);
  saveBaseSample(own, base);
  const catalogs = drawShare(experiment, base, share, progress);
  saveCatalogs(own, experiment, catalogs, share.sets, nameShard(shard));
  return catalogs;
}

/** Some of a design's catalogs. */
interface Share {
  /** Number of the first one in the whole design. */
  readonly first: number;
  readonly parameters: readonly CatalogParameters[];
  /** The set of each. */
  readonly sets: readonly string[];
}

function takeShare(experiment: Experiment, shard: Shard): Share {
  const random = createRandom(experiment.seed).fork("design");
  const parameters = designParameters(experiment.catalog.priors, random);
  const [from, to] = shardRange(shard, parameters.length);
  const sets = nameSets(splitOf(experiment, parameters.length));
  return { first: from, parameters: parameters.slice(from, to), sets: sets.slice(from, to) };
}

/** Draws a share's catalogs; each is the same in any share. */
function drawShare(
  { catalog, seed }: Experiment,
  base: BaseSample,
  { first, parameters }: Share,
  progress: Progress,
): Catalog[] {
  const random = createRandom(seed);
  const maker = prepareCatalogs(base, catalog);
  const bar = progress.start("Simulating", parameters.length, "catalogs");
  const catalogs = parameters.map((entry, i) => {
    bar.update(i);
    return drawCatalog(maker, entry, random.fork("catalog", first + i));
  });
  bar.end();
  return catalogs;
}

/**
 * Puts the shards' catalogs together: the files are those of {@linkcode simulateCatalogs}, bit by bit.
 *
 * @returns The experiment, which is the shards', its base sample and its catalogs
 * @throws {RunError} If a shard is missing, or of another experiment or base sample
 */
export function mergeCatalogs(
  folder: string,
): { readonly experiment: Experiment; readonly base: BaseSample; readonly catalogs: Catalog[] } {
  const shards = findShards(folder, FILES.catalogShard);
  const first = shardFolder(folder, shards[0]!);
  const experiment = requireExperiment(first);
  const base = loadBaseSample(first);
  claimRunFolder(folder, experiment);
  saveBaseSample(folder, base);
  if (hasFile(first, "observedProfiles")) {
    writeFile(fileIn(folder, "observedProfiles"), readBytes(fileIn(first, "observedProfiles")));
  }
  const catalogs = shards.flatMap((shard) => {
    const own = shardFolder(folder, shard);
    refuseOther(own, FILES.experiment, requireExperiment(own), experiment);
    saveBaseSample(own, base); // which refuses another
    return loadCatalogs(own, experiment, nameShard(shard));
  });
  const sets = nameSets(splitOf(experiment, catalogs.length));
  saveCatalogs(folder, experiment, catalogs, sets);
  return { experiment, base, catalogs };
}
