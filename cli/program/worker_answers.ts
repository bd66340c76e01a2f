/**
 * The inside of a pool's worker: it is sent the plan first, then one task at a time, and answers
 * each with a result or with why there is none.
 */

/** What a worker answers. */
export type Answer<R> = { readonly result: R } | { readonly obstacle: string };

/** The part of a worker's global scope that is used here. */
interface WorkerScope<P, T, R> {
  onmessage: (event: MessageEvent<P | T>) => void;
  postMessage(answer: Answer<R>, transfer: ArrayBuffer[]): void;
}

/**
 * Makes this worker one of a pool.
 *
 * @param prepare Makes, from the plan, what turns a task into its result
 * @param buffersOf The memory of a result that is handed over instead of copied; none if left out
 */
export function answerTasks<P, T, R>(
  prepare: (plan: P) => (task: T) => R | Promise<R>,
  buffersOf: (result: R) => ArrayBuffer[] = () => [],
): void {
  const scope = self as unknown as WorkerScope<P, T, R>;
  let perform: ((task: T) => R | Promise<R>) | undefined;
  scope.onmessage = async ({ data }) => {
    try {
      if (perform === undefined) perform = prepare(data as P);
      else {
        const result = await perform(data as T);
        scope.postMessage({ result }, buffersOf(result));
      }
    } catch (error) {
      scope.postMessage({ obstacle: (error as Error).message }, []);
    }
  };
}
