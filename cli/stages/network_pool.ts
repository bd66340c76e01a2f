/**
 * Networks on the same catalogs, trained and looked into on several workers: one thread each, since
 * two trainings next to each other wait less than two threads of one.
 */
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { Engine } from "../../src/model.ts";
import type { BackendValues } from "../program/backend_options.ts";
import type { Progress } from "../program/progress.ts";
import { runOnWorkers } from "../program/worker_pool.ts";
import { hasRoom } from "./needed_room.ts";
import type { NetworkAnswer, NetworkPlan, NetworkTask } from "./network_job.ts";
import { createNetworkJob } from "./network_job.ts";

/** Where networks are trained: the engine that is open, and what was asked for. */
export interface PoolChoices {
  readonly engine: Engine;
  readonly values: Pick<BackendValues, "threads" | "tile">;
  /** What the catalogs were drawn from. */
  readonly base: BaseSample;
  readonly progress: Progress;
}

/** How many workers train some networks: fewer than two if they had better be trained one by one. */
export function countWorkers(
  experiment: Experiment,
  networks: number,
  { engine, values, base }: PoolChoices,
): number {
  const { threads = navigator.hardwareConcurrency } = values;
  const workers = engine.name === "core" ? Math.min(threads, networks) : 0;
  const work = { design: "catalogs", network: "trained", networks, workers } as const;
  // Each holds the catalogs.
  return workers < 2 || !hasRoom(experiment, base, { ...work, copies: workers }) ? 0 : workers;
}

/**
 * Threads of a network by its place: one, but for the last networks, which are fewer than the workers and share
 * the threads of those that have nothing left to do.
 */
export function threadsOf(place: number, networks: number, workers: number): number {
  const left = networks % workers;
  return place < networks - left ? 1 : Math.floor(workers / left);
}

/** Trains and looks into some networks; the answers are in the order of the tasks. */
export async function runNetworks(
  plan: Omit<NetworkPlan, "tile">,
  tasks: readonly Omit<NetworkTask, "threads">[],
  workers: number,
  { values: { tile }, progress }: PoolChoices,
): Promise<NetworkAnswer[]> {
  const module = new URL("./network_worker.ts", import.meta.url);
  const describe = ({ folder }: NetworkTask) => `train the network in ${folder}`;
  const job = { module, prepare: createNetworkJob, plan: { ...plan, tile }, describe };
  const answers = new Map<string, NetworkAnswer>();
  const shared = tasks.map((task, place): NetworkTask => ({
    ...task,
    threads: threadsOf(place, tasks.length, workers),
  }));
  for await (const answer of runOnWorkers(job, shared, workers)) {
    answers.set(answer.folder, answer);
    progress.say(`Network ${answers.size} of ${tasks.length} is done (${answer.folder})`);
  }
  return tasks.map(({ folder }) => answers.get(folder)!);
}
