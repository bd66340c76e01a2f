/** A share of the networks of `interpret --seeds`, each of which has a folder of its own. */
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { BackendValues } from "../program/backend_options.ts";
import { openBackend } from "../program/backend_options.ts";
import type { Outcome } from "../program/command.ts";
import { RunError } from "../program/errors.ts";
import { buildSets } from "../../src/runs/sets.ts";
import type { Progress } from "../program/progress.ts";
import { hasFile, requireExperiment } from "../storage/run_folder.ts";
import { requireWork } from "./needed_room.ts";
import { seedFolder, trainSeeds } from "./seed_runs.ts";
import type { Shard } from "../storage/shards.ts";
import { shardRange } from "../storage/shards.ts";
import { loadBaseSample, loadCatalogs } from "../storage/simulation_files.ts";

/**
 * Trains a shard's networks where they are missing, and no more.
 *
 * @param seeds Networks, with that of the run folder, which is in no shard
 */
export async function trainSeedShard(
  { out: folder, seeds, shard, ...backend }: BackendValues & {
    readonly out: string;
    readonly seeds: number;
    readonly shard: Shard;
  },
  progress: Progress,
): Promise<Outcome> {
  const [before, last] = shardRange(shard, seeds - 1);
  const experiment = requireExperiment(folder);
  const base = loadBaseSample(folder);
  const work = { design: "catalogs", networks: seeds, network: "trained" } as const;
  requireWork(experiment, base, { action: "train", ...work, backend: backend.backend });
  const sets = buildSets(experiment, loadCatalogs(folder, experiment));
  const engine = await openBackend(backend, progress);
  const networks: { readonly seed: number; readonly selectedEpoch: number }[] = [];
  const range = { folder, progress, first: before + 1, count: last };
  for await (
    const { experiment: own, selectedEpoch } of trainSeeds(
      experiment,
      { sets, base, seed: experiment.seed },
      engine,
      range,
    )
  ) {
    networks.push({ seed: own.seed, selectedEpoch });
  }
  engine.close();
  const names = networks.map(({ seed }) => seed).join(", ");
  const json = { out: folder, backend: engine.name, networks };
  return { json, text: `Networks of seeds ${names} in ${folder}/seeds` };
}

/**
 * Throws unless the shards have trained every network.
 *
 * @param seeds Networks, with that of the run folder
 * @throws {RunError} Naming the seeds that are missing
 */
export function requireSeeds(folder: string, { seed }: Experiment, seeds: number): void {
  const missing = Array.from({ length: seeds - 1 }, (_, k) => seed + 1 + k)
    .filter((other) => !hasFile(seedFolder(folder, other), "weights"));
  if (missing.length === 0) return;
  throw new RunError(
    `Cannot merge ${folder}/seeds: the networks of seeds ${missing.join(", ")} are missing, ` +
      "each shard must have run to its end",
  );
}
