/** Posteriors of many catalogs, on several workers. */
import type { LimitPlan, LimitTask, PosteriorRecord } from "../../src/runs/posteriors.ts";
import { createSampler } from "../../src/runs/posteriors.ts";
import { runOnWorkers } from "../program/worker_pool.ts";

/**
 * Samples the posteriors of some catalogs; records come as they are ready, in no fixed order.
 *
 * @param plan What all catalogs share
 * @param tasks The catalogs
 * @param threads Workers, 1 or more
 * @throws {RunError} If a catalog has no posterior, naming it
 */
export function samplePosteriors(
  plan: LimitPlan,
  tasks: readonly LimitTask[],
  threads: number,
): AsyncGenerator<PosteriorRecord, void, void> {
  const module = new URL("./limit_worker.ts", import.meta.url);
  const describe = ({ catalog }: LimitTask) => `sample catalog ${catalog}`;
  return runOnWorkers({ module, prepare: createSampler, plan, describe }, tasks, threads);
}
