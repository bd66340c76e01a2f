/**
 * Fresh catalogs that a worker draws while this thread is busy with the design's: two processors then have
 * something to do.
 */
import type { FeatureArray } from "../../src/features/features.ts";
import { buildFresh } from "../../src/runs/evaluation.ts";
import type { Progress } from "../program/progress.ts";
import { runOnWorkers } from "../program/worker_pool.ts";
import { drawFresh } from "./fresh_catalogs.ts";
import type { FreshPlan, PackedFeatures } from "./fresh_job.ts";
import { createFreshJob, unpackFresh } from "./fresh_job.ts";
import { hasRoom } from "./needed_room.ts";

/** Fewer catalogs are drawn sooner than a worker starts. */
const WORTH_A_WORKER = 1000;

/**
 * Begins to draw fresh catalogs if a second thread may be used, and there is room for it.
 *
 * @param threads As many as the command may use; undefined for one per CPU
 * @returns What waits for their network inputs, or draws them only then
 */
export function drawFreshAhead(
  plan: FreshPlan,
  threads: number | undefined,
  progress: Progress,
): () => Promise<FeatureArray[]> {
  const { experiment, base, count } = plan;
  const isAhead = (threads ?? navigator.hardwareConcurrency) > 1 && count >= WORTH_A_WORKER &&
    hasRoom(experiment, base, { design: "catalogs", fresh: 2 * count, workers: 1 });
  if (!isAhead) {
    return () =>
      Promise.resolve(buildFresh(experiment, drawFresh(experiment, base, count, progress)));
  }
  const drawn = drawOnWorker(plan);
  drawn.catch(() => {}); // it is awaited later
  return async () => {
    const packed = await drawn;
    const began = performance.now() - packed.milliseconds;
    progress.start("Simulating fresh", count, "catalogs", began).end("next to the design's");
    return unpackFresh(experiment, packed);
  };
}

async function drawOnWorker(plan: FreshPlan): Promise<PackedFeatures> {
  const module = new URL("./fresh_worker.ts", import.meta.url);
  const describe = () => "draw fresh catalogs";
  const job = { module, prepare: createFreshJob, plan, describe };
  for await (const packed of runOnWorkers(job, [null], 1)) return packed;
  throw new TypeError("Cannot draw fresh catalogs: the worker gave none");
}
