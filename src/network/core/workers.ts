/**
 * Threads of the core: Deno workers that share its memory, wait in WASM for programs, and do their
 * part of each. Their source is a data URL, so that starting them needs no permission.
 */

/** Functions that the WASM module exports. */
export interface CoreExports {
  /** Runs a thread's part of the program at an address; 1 if a thread has failed. */
  run(program: number, thread: number, threads: number): number;
  /** The loop of a worker: runs programs until one is 0. */
  serve(thread: number): void;
  /** Gives all workers a program. */
  start(program: number, threads: number): void;
  /** Records that a thread has failed, and wakes the others. */
  fail(): void;
  /** Runs independent multiply-adds, 12 vectors per round; `address` has room for 16 floats. */
  peak(rounds: number, address: number): void;
}

/** Start message of a worker: the compiled core, its memory, and the thread's number. */
interface WorkerTask {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly thread: number;
}

/** Instantiates the compiled core on a memory. */
export async function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<CoreExports> {
  const abort = () => {
    throw new Error("Cannot run the core: it has aborted");
  };
  const instance = await WebAssembly.instantiate(module, { env: { memory, abort } });
  return instance.exports as unknown as CoreExports;
}

/** Source of the worker; it reports "ready", and an error's message if it fails. */
const WORKER_SOURCE = `
self.onmessage = async ({ data: { module, memory, thread } }) => {
  const abort = () => { throw new Error("aborted"); };
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, abort } });
  self.postMessage("ready");
  try {
    exports.serve(thread);
  } catch (error) {
    exports.fail();
    self.postMessage(String(error));
  }
  self.close();
};
`;

/** Running workers. */
export interface Workers {
  /** Error with which a worker has died, if it is known. */
  readonly failure: string | null;
  /** Ends the workers at once. */
  terminate(): void;
}

/**
 * Starts threads 1 to `threads - 1` and waits until they are ready.
 *
 * @throws {Error} If a worker cannot start
 */
export async function startWorkers(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  threads: number,
  onFailure: () => void,
): Promise<Workers> {
  const url = `data:text/javascript,${encodeURIComponent(WORKER_SOURCE)}`;
  const state: { failure: string | null } = { failure: null };
  const workers: Worker[] = [];
  const starts = Array.from({ length: threads - 1 }, (_, i) => {
    const worker = new Worker(url, { type: "module", name: `core ${i + 1}` });
    workers.push(worker);
    return new Promise<void>((resolve, reject) => {
      const fail = (message: string) => {
        state.failure ??= `worker ${i + 1}: ${message}`;
        onFailure();
        reject(new Error(`Cannot start the core: ${state.failure}`));
      };
      worker.onmessage = ({ data }) => data === "ready" ? resolve() : fail(data);
      worker.onerror = (event) => {
        event.preventDefault();
        fail(event.message);
      };
      const task: WorkerTask = { module, memory, thread: i + 1 };
      worker.postMessage(task);
    });
  });
  const terminate = () => workers.forEach((worker) => worker.terminate());
  try {
    await Promise.all(starts);
  } catch (error) {
    terminate();
    throw error;
  }
  return {
    get failure() {
      return state.failure;
    },
    terminate,
  };
}
