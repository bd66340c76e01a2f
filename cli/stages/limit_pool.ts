/** Posteriors of many catalogs, on several workers. */
import type { LimitPlan, LimitTask, PosteriorRecord } from "../../src/runs/posteriors.ts";
import { runOnWorkers } from "../program/worker_pool.ts";

/**
 * Samples the posteriors of some catalogs; records come as they are ready, in no fixed order.
 *
 * @param sampler What all catalogs share, and what it makes of one
 * @param tasks The catalogs
 * @param threads Workers, 1 or more
 * @throws {RunError} If a catalog has no posterior, naming it
 */
export function samplePosteriors(
  { plan, sample }: {
    readonly plan: LimitPlan;
    readonly sample: (task: LimitTask) => PosteriorRecord;
  },
  tasks: readonly LimitTask[],
  threads: number,
): AsyncGenerator<PosteriorRecord, void, void> {
  const module = new URL("./limit_worker.ts", import.meta.url);
  const describe = ({ catalog }: LimitTask) => `sample catalog ${catalog}`;
  return runOnWorkers({ module, prepare: () => sample, plan, describe }, tasks, threads);
}
