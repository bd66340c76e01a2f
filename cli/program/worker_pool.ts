/** Many independent tasks on several workers. Which worker takes a task changes nothing. */
import { RunError } from "./errors.ts";
import type { Answer } from "./worker_answers.ts";

/** What the workers of a pool do. */
export interface PoolJob<P, T, R> {
  /** The module of a worker, which calls `answerTasks` with {@linkcode PoolJob.prepare}. */
  readonly module: URL;
  /** Makes, from the plan, what turns a task into its result. */
  prepare(plan: P): (task: T) => R | Promise<R>;
  /** What all tasks share; it is sent to each worker once. */
  readonly plan: P;
  /** Names a task in messages about its failure, as in "sample catalog 17". */
  describe(task: T): string;
}

/** In a bundle all modules have one address, so that there is none that a worker could load. */
const IS_BUNDLED = !import.meta.url.endsWith("/worker_pool.ts");

/**
 * Does some tasks; results come as they are ready, in no fixed order. One worker is this thread itself.
 *
 * @param job What is done
 * @param tasks The tasks
 * @param threads Workers, 1 or more
 * @throws {RunError} If a task fails, naming it
 */
export async function* runOnWorkers<P, T, R>(
  job: PoolJob<P, T, R>,
  tasks: readonly T[],
  threads: number,
): AsyncGenerator<R, void, void> {
  const count = Math.min(threads, tasks.length);
  if (count === 0) return;
  // A worker alone would be no faster, and has all code to load and compile anew.
  if (count === 1 || IS_BUNDLED) return yield* runHere(job, tasks);
  const waiting = tasks.values();
  const workers = Array.from({ length: count }, () => openWorker<P, T, R>(job));
  const busy = new Map<PoolWorker<T, R>, Promise<[PoolWorker<T, R>, R]>>();
  const next = (worker: PoolWorker<T, R>) => {
    const { done, value } = waiting.next();
    if (done) busy.delete(worker);
    else busy.set(worker, worker.run(value).then((result) => [worker, result]));
  };
  try {
    workers.forEach(next);
    while (busy.size > 0) {
      const [worker, result] = await Promise.race(busy.values());
      next(worker);
      yield result;
    }
  } finally {
    for (const worker of workers) worker.close();
  }
}

/** Does the tasks one after the other, without workers. */
async function* runHere<P, T, R>(
  { plan, prepare, describe }: PoolJob<P, T, R>,
  tasks: readonly T[],
): AsyncGenerator<R, void, void> {
  const perform = prepare(plan);
  for (const task of tasks) {
    try {
      yield await perform(task);
    } catch (error) {
      throw new RunError(`Cannot ${describe(task)}: ${(error as Error).message}`);
    }
  }
}

/** A worker that does one task at a time. */
export interface PoolWorker<T, R> {
  /**
   * Does a task, when the one before is done.
   *
   * @throws {RunError} If it fails, naming it
   */
  run(task: T): Promise<R>;
  /** Ends the worker. */
  close(): void;
}

/** A worker that stays until it is closed; null where no module can be loaded for it. */
export function startWorker<P, T, R>(job: PoolJob<P, T, R>): PoolWorker<T, R> | null {
  return IS_BUNDLED ? null : openWorker<P, T, R>(job);
}

function openWorker<P, T, R>({ module, plan, describe }: PoolJob<P, T, R>): PoolWorker<T, R> {
  const worker = new Worker(module, { type: "module" });
  worker.postMessage(plan);
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        const fail = (reason: string) =>
          reject(new RunError(`Cannot ${describe(task)}: ${reason}`));
        worker.onmessage = ({ data }: MessageEvent<Answer<R>>) =>
          "result" in data ? resolve(data.result) : fail(data.obstacle);
        worker.onerror = (event) => {
          event.preventDefault();
          fail(event.message);
        };
        worker.postMessage(task);
      }),
    close: () => worker.terminate(),
  };
}
