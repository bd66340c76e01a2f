/**
 * Posteriors of many catalogs, on several workers. Which worker takes a catalog changes nothing.
 *
 * @module
 */
import { RunError } from "./errors.ts";
import type { LimitPlan, LimitTask, PosteriorRecord } from "./limit_sampling.ts";
import type { LimitAnswer } from "./limit_worker.ts";

/**
 * Samples the posteriors of some catalogs; records come as they are ready, in no fixed order.
 *
 * @param plan What all catalogs share
 * @param tasks The catalogs
 * @param threads Workers, 1 or more
 * @throws {RunError} If a catalog has no posterior, naming it
 */
export async function* samplePosteriors(
  plan: LimitPlan,
  tasks: readonly LimitTask[],
  threads: number,
): AsyncGenerator<PosteriorRecord, void, void> {
  const waiting = tasks.values();
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, () => openWorker(plan));
  const busy = new Map<LimitWorker, Promise<[LimitWorker, PosteriorRecord]>>();
  const next = (worker: LimitWorker) => {
    const { done, value } = waiting.next();
    if (done) busy.delete(worker);
    else busy.set(worker, worker.sample(value).then((record) => [worker, record]));
  };
  try {
    workers.forEach(next);
    while (busy.size > 0) {
      const [worker, record] = await Promise.race(busy.values());
      next(worker);
      yield record;
    }
  } finally {
    for (const worker of workers) worker.close();
  }
}

interface LimitWorker {
  sample(task: LimitTask): Promise<PosteriorRecord>;
  close(): void;
}

function openWorker(plan: LimitPlan): LimitWorker {
  const worker = new Worker(new URL("./limit_worker.ts", import.meta.url), { type: "module" });
  worker.postMessage(plan);
  return {
    sample: (task) =>
      new Promise((resolve, reject) => {
        const fail = (reason: string) =>
          reject(new RunError(`Cannot sample catalog ${task.catalog}: ${reason}`));
        worker.onmessage = ({ data }: MessageEvent<LimitAnswer>) =>
          "record" in data ? resolve(data.record) : fail(data.obstacle);
        worker.onerror = (event) => {
          event.preventDefault();
          fail(event.message);
        };
        worker.postMessage(task);
      }),
    close: () => worker.terminate(),
  };
}
