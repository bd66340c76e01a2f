/** The running core: its memory, its threads, and the one way to have them do something. */
import { CORE_WASM } from "./core_wasm.ts";
import type { CoreMemory } from "./memory.ts";
import { createMemory } from "./memory.ts";
import { CONTROL, FAILED } from "./opcodes.ts";
import type { Program } from "./program.ts";
import type { TileWidth } from "./setting.ts";
import type { CoreExports, Workers } from "./workers.ts";
import { instantiate, startWorkers } from "./workers.ts";

/** Options of opening the core. */
export interface CoreOptions {
  /**
   * Number of threads, including this one. If left out, as many as the machine has, or one on a web
   * page that cannot wait for others.
   */
  readonly threads?: number;
  /**
   * "wide" is for a V8 that was started with `--experimental-wasm-revectorize` and
   * `--no-wasm-bounds-checks` ("turbo"); elsewhere it is slower. "narrow" if left out.
   */
  readonly tile?: TileWidth;
}

/** Largest number of threads that may be requested. */
const MAXIMUM_THREADS = 256;

/** A running core: memory, threads, and the one way to have them do something. */
export class Core {
  /** Memory of all networks. */
  readonly memory: CoreMemory;
  /** Number of threads, including this one. */
  readonly threads: number;
  /** Width of a product's tile. */
  readonly tile: TileWidth;
  /** The functions of the WASM module. */
  readonly exports: CoreExports;
  readonly #workers: Workers | null;
  #program: { readonly address: number; readonly bytes: number } | null = null;
  #isOpen = true;
  /** Ends the program that has begun. */
  #pending: (() => void) | null = null;

  /** Takes over memory and workers; see {@linkcode openCoreEngine}. */
  constructor(
    memory: CoreMemory,
    exports: CoreExports,
    { threads, tile }: Required<CoreOptions>,
    workers: Workers | null,
  ) {
    this.memory = memory;
    this.exports = exports;
    this.threads = threads;
    this.tile = tile;
    this.#workers = workers;
  }

  /**
   * Runs a program on all threads, to its end.
   *
   * @throws {Error} If the core is closed, or one of its threads has died
   */
  run(program: Program): void {
    this.begin(program, () => {})();
  }

  /**
   * Begins a program on the other threads, so that the caller may do something else before this thread joins
   * them.
   *
   * @param conclude Called at the program's end
   * @returns Does this thread's part and gives what `conclude` does; anything else that the core is asked for
   * does it first
   * @throws {Error} If the core is closed, or one of its threads has died
   */
  begin<T>(program: Program, conclude: () => T): () => T {
    this.#check();
    this.settle();
    const address = this.#place(program.bytes);
    program.write(address);
    if (this.threads > 1) this.exports.start(address, this.threads);
    let outcome: { readonly value: T } | { readonly error: unknown } | null = null;
    const finish = () => {
      if (outcome) return;
      this.#pending = null;
      try {
        this.#work(address);
        outcome = { value: conclude() };
      } catch (error) {
        outcome = { error };
      }
    };
    this.#pending = finish;
    return () => {
      finish();
      if ("error" in outcome!) throw outcome.error;
      return outcome!.value;
    };
  }

  /** Ends the program that has begun, if there is one. */
  settle(): void {
    this.#pending?.();
  }

  /** Ends the workers. */
  close(): void {
    this.settle();
    this.#isOpen = false;
    if (this.threads > 1) this.exports.start(0, 0);
    this.#workers?.terminate();
  }

  /** Does this thread's part of a program. */
  #work(address: number): void {
    try {
      if (this.exports.run(address, 0, this.threads)) this.#check();
    } catch (error) {
      this.exports.fail();
      throw error;
    }
  }

  #check(): void {
    if (!this.#isOpen) throw new TypeError("Cannot run the network: its engine is closed");
    if (this.memory.ints[(CONTROL + FAILED) / 4]) {
      const reason = this.#workers?.failure ?? "it has stopped answering";
      throw new Error(`Cannot run the network: a worker of the core has died, ${reason}`);
    }
  }

  #place(bytes: number): number {
    if (!this.#program || this.#program.bytes < bytes) {
      if (this.#program) this.memory.free(this.#program.address);
      this.#program = { address: this.memory.allocate(2 * bytes), bytes: 2 * bytes };
    }
    return this.#program.address;
  }
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("\n", "")), (character) => character.charCodeAt(0));
}

/** Fields of a browser's global object by which it is recognized; Deno's has neither. */
interface BrowserGlobals {
  /** Defined on a page's main thread, but not in its workers. */
  readonly document?: unknown;
  /** Whether memory may be shared with workers. */
  readonly crossOriginIsolated?: boolean;
}

/** The reason why only one thread can run here; null if several can. */
function findThreadObstacle(): string | null {
  const { document, crossOriginIsolated } = globalThis as BrowserGlobals;
  if (crossOriginIsolated === false) {
    return "this page is not cross-origin isolated, which takes the headers COOP and COEP";
  }
  return document === undefined ? null : "a page's main thread may not wait, a worker may";
}

/** The number of threads to run, if none is requested or if that many can run here. */
function chooseThreads(asked: number | undefined): number {
  const obstacle = findThreadObstacle();
  if (asked === undefined) return obstacle === null ? navigator.hardwareConcurrency : 1;
  if (!Number.isInteger(asked) || asked < 1 || asked > MAXIMUM_THREADS) {
    throw new RangeError(
      `Cannot open the core: threads is ${asked}, should be a whole number from 1 to ${MAXIMUM_THREADS}`,
    );
  }
  if (asked === 1 || obstacle === null) return asked;
  throw new RangeError(`Cannot open the core: threads is ${asked}, should be 1 here: ${obstacle}`);
}

/**
 * Opens the core; each call opens one more, with a memory and threads of its own. Needs no permission.
 *
 * @throws {RangeError} If that many threads cannot run here, or memory cannot be had
 */
export async function openCore(
  { threads: asked, tile = "narrow" }: CoreOptions = {},
): Promise<Core> {
  const threads = chooseThreads(asked);
  const memory = createMemory();
  const module = await WebAssembly.compile(decodeBase64(CORE_WASM));
  const exports = await instantiate(module, memory.memory);
  const workers = threads > 1
    ? await startWorkers(module, memory.memory, threads, () => exports.fail())
    : null;
  return new Core(memory, exports, { threads, tile }, workers);
}
