/** The stage that simulates: the catalogs of an experiment's design, at once or in shards. */
import type { Catalog } from "../../src/catalogs/catalog.ts";
import { designCount } from "../../src/catalogs/priors.ts";
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { DesignRange } from "../../src/runs/catalogs.ts";
import { designOf, drawDesign } from "../../src/runs/catalogs.ts";
import { nameSets } from "../../src/runs/cluster_tables.ts";
import { readBytes } from "../program/files.ts";
import { holdFile } from "../program/outputs.ts";
import { splitOf } from "../../src/runs/sets.ts";
import { chooseExperiment } from "../program/experiment_options.ts";
import type { Progress } from "../program/progress.ts";
import type { SimulateValues } from "../program/run_options.ts";
import type { BaseSampleChoices } from "./base_sample.ts";
import { makeBaseSample } from "./base_sample.ts";
import type { PlannedWork } from "./needed_room.ts";
import { requireWork } from "./needed_room.ts";
import { collectWithBar } from "../program/progress.ts";
import {
  claimRunFolder,
  fileIn,
  FILES,
  hasFile,
  readExperiment,
  refuseOther,
  requireExperiment,
} from "../storage/run_folder.ts";
import type { Shard } from "../storage/shards.ts";
import { findShards, nameShard, shardFolder, shardRange } from "../storage/shards.ts";
import {
  loadBaseSample,
  loadCatalogs,
  saveBaseSample,
  saveCatalogs,
} from "../storage/simulation_files.ts";

const ALL: Shard = { place: 1, of: 1 };

/** A simulation as it lies in a run folder, or in a shard's. */
export interface Simulation {
  readonly experiment: Experiment;
  readonly base: BaseSample;
  readonly catalogs: readonly Catalog[];
  readonly folder: string;
}

/** What else a command that simulates does. */
export interface SimulationWork
  extends Omit<PlannedWork, "design">, Pick<BaseSampleChoices, "onRoom"> {
  /** Called before catalogs are drawn, which keeps this thread busy. */
  onBase?(experiment: Experiment, base: BaseSample): void;
}

/** Simulates what the options ask for: a whole run, or one shard of it. */
export async function simulateRun(
  values: SimulateValues & {
    readonly threads: number | undefined;
    readonly shard?: Shard | undefined;
  },
  progress: Progress,
  { onRoom, onBase, ...work }: SimulationWork = { action: "simulate" },
): Promise<Simulation> {
  const { out, shard, threads } = values;
  const asked = chooseExperiment(values, readExperiment(out));
  const folder = shard ? shardFolder(out, shard) : out;
  const planned = { ...work, design: shard ? "parameters" : "catalogs" } as const;
  const choices = { values, folder, threads, progress, work: planned, ...onRoom && { onRoom } };
  const { experiment, base } = await makeBaseSample(asked, choices);
  onBase?.(experiment, base);
  const catalogs = shard
    ? simulateShard(experiment, base, { folder: out, shard }, progress)
    : simulateCatalogs(experiment, base, out, progress);
  return { experiment, base, catalogs, folder };
}

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
function simulateShard(
  experiment: Experiment,
  base: BaseSample,
  { folder, shard }: { readonly folder: string; readonly shard: Shard },
  progress: Progress,
): Catalog[] {
  const own = shardFolder(folder, shard);
  requireShare(experiment, base, shard);
  const share = takeShare(experiment, shard); // refuses too many shards before anything is written
  claimRunFolder(own, experiment);
  saveBaseSample(own, base);
  const catalogs = drawShare(experiment, base, share, progress);
  saveCatalogs(own, experiment, catalogs, share.sets, nameShard(shard));
  return catalogs;
}

/** Throws unless there is room for a shard's catalogs. */
function requireShare(experiment: Experiment, base: BaseSample, { of }: Shard): void {
  const fresh = Math.ceil(designCount(experiment.catalog.priors) / of);
  requireWork(experiment, base, { action: "simulate the shard", design: "parameters", fresh });
}

/** Some of a design's catalogs, with the set of each. */
interface Share extends DesignRange {
  readonly sets: readonly string[];
}

function takeShare(experiment: Experiment, shard: Shard): Share {
  const { length } = designOf(experiment);
  const [from, to] = shardRange(shard, length);
  return { from, to, sets: nameSets(splitOf(experiment, length)).slice(from, to) };
}

/** Draws the catalogs of a share; a catalog is the same in any share. */
function drawShare(
  experiment: Experiment,
  base: BaseSample,
  share: Share,
  progress: Progress,
): Catalog[] {
  return collectWithBar(drawDesign(experiment, base, share), {
    progress,
    title: "Simulating",
    total: share.to - share.from,
    unit: "catalogs",
  });
}

/**
 * Joins the catalogs of the shards: the files are those of {@linkcode simulateCatalogs}, bit by bit.
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
  requireWork(experiment, base, { action: "merge", design: "catalogs" });
  claimRunFolder(folder, experiment);
  saveBaseSample(folder, base);
  if (hasFile(first, "observedProfiles")) {
    holdFile(fileIn(folder, "observedProfiles"), readBytes(fileIn(first, "observedProfiles")));
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
