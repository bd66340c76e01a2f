/**
 * The ratios that the toolkit should reach, in one run on one machine.
 */
import type { Goal, Measured, Work } from "./results.ts";

/** Names of contestants, as in the tables. */
export const NAMES = {
  core: "core",
  threads: "core, 2 threads",
  turbo: "core, turbo",
  turboThreads: "core, turbo, 2 threads",
  tfjs: "tfjs with wasm_training",
  stock: "tfjs, stock",
  torch: "PyTorch, as shipped",
  torchWide: "PyTorch, AVX-512",
  numpy: "NumPy, as shipped",
  numpyWide: "NumPy, AVX-512",
  onnx: "onnxruntime-web",
  jax: "jax-js",
  convolution: "core, convolutions",
  convolutionThreads: "core, convolutions, 2 threads",
  mock: "WASM, reused arrays",
  newMock: "WASM, new arrays",
} as const;

/** Names of works. */
export const WORK_NAMES = {
  full: "full, Adam step, 20 catalogs",
  compact40: "compact, Adam step, 40 catalogs",
  compact10: "compact, Adam step, 10 catalogs",
  set32: "set, Adam step, 32 catalogs",
  set10: "set, Adam step, 10 catalogs",
  encoder: "full, encoder forward, 20 catalogs",
  mocks: "mock generation, a million clusters",
} as const;

/** A ratio of two contestants: how many times faster one is, or another number. */
interface Wanted {
  readonly work: string;
  readonly what: string;
  readonly value: (find: (name: string) => Measured | undefined, work: Work) => number | null;
  readonly wanted: number;
  readonly bound?: Goal["bound"];
}

/** Contestants with several threads, whose CPU time does not measure their speed. */
const ON_THREADS: readonly string[] = ["threads", "turboThreads", "convolutionThreads", "jax"]
  .map((name) => NAMES[name as Name]);

/**
 * What a contestant's time is: CPU time of one thread, which other programs on the machine change
 * little; wall time of several, and where no CPU time was measured.
 */
export function timeOf({ name, cpu, milliseconds }: Measured): number | null {
  return ON_THREADS.includes(name) ? milliseconds : cpu ?? milliseconds;
}

type WorkName = keyof typeof WORK_NAMES;
type Name = keyof typeof NAMES;

const ratio = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a && b ? a / b : null;

function faster(work: WorkName, fast: Name, slow: Name, wanted: number): Wanted {
  return {
    work: WORK_NAMES[work],
    what: `${NAMES[fast]} is faster than ${NAMES[slow]} by`,
    value: (find) => {
      const [a, b] = [find(NAMES[slow]), find(NAMES[fast])];
      // Wall time of both, if of one.
      const isWall = [slow, fast].some((name) => ON_THREADS.includes(NAMES[name]));
      const time = (one: Measured | undefined) => one && (isWall ? one.milliseconds : timeOf(one));
      return ratio(time(a), time(b));
    },
    wanted,
  };
}

/** What a second thread gains, as a part of what a second spinning worker gains. */
function gain(work: WorkName): Wanted {
  return {
    work: WORK_NAMES[work],
    what: `what ${NAMES.threads} gain is of what two spinning workers gain`,
    value: (find, { parallelism }) => {
      const gained = ratio(
        find(NAMES.core)?.milliseconds,
        find(NAMES.threads)?.milliseconds,
      );
      return ratio(gained, parallelism);
    },
    wanted: 0.95,
  };
}

/** How many times as fast as the fastest NumPy mocks are drawn, by CPU time. */
function fasterThanNumpy(name: Name): Wanted {
  return {
    work: WORK_NAMES.mocks,
    what: `${NAMES[name]} is faster than the fastest NumPy by`,
    value: (find, { contestants }) => {
      const times = contestants.filter(({ name }) => name.startsWith("NumPy"))
        .map((one) => timeOf(one) ?? Infinity);
      const own = find(NAMES[name]);
      return times.length === 0 || !own ? null : ratio(Math.min(...times), timeOf(own));
    },
    wanted: 5,
  };
}

/** V8 joins two vectors of 128 bits to one: turbo's ceiling is twice the core's. */
const VECTORS_JOINED = 2;

function ofPeak(name: Name, bits: string, vectors: number): Wanted {
  return {
    work: WORK_NAMES.encoder,
    what: `${NAMES[name]}, fraction of the ${bits} multiply-add peak`,
    value: (find, { gigaflop }) => {
      const [one, peak] = [find(NAMES[name]), find(NAMES.core)?.peak];
      const time = one && timeOf(one);
      return gigaflop && time && peak ? 1000 * gigaflop / time / (vectors * peak) : null;
    },
    wanted: 0.92,
  };
}

const WANTED: readonly Wanted[] = [
  faster("full", "core", "stock", 25),
  faster("full", "core", "torch", 0.6),
  faster("full", "turbo", "torch", 1.15),
  faster("full", "turbo", "torchWide", 0.78),
  gain("full"),
  {
    work: WORK_NAMES.full,
    what: `memory of ${NAMES.core} is that of ${NAMES.torch} times`,
    value: (find) => ratio(find(NAMES.core)?.memory, find(NAMES.torch)?.memory),
    wanted: 0.6,
    bound: "at most",
  },
  faster("compact40", "core", "torch", 1.5),
  faster("compact40", "turbo", "torch", 3),
  gain("compact40"),
  faster("compact10", "core", "torch", 2.5),
  faster("set32", "core", "convolution", 2),
  faster("set32", "threads", "convolutionThreads", 2),
  gain("set32"),
  faster("set10", "core", "convolution", 2),
  faster("set10", "threads", "convolutionThreads", 2),
  ofPeak("core", "128-bit", 1),
  ofPeak("turbo", "256-bit", VECTORS_JOINED),
  faster("encoder", "core", "tfjs", 1.5),
  fasterThanNumpy("mock"),
  fasterThanNumpy("newMock"),
];

/** Every goal of the works that were measured, and whether it is met. */
export function judge(works: readonly Work[]): Goal[] {
  return WANTED.flatMap(({ work: name, what, value, wanted, bound = "at least" }): Goal[] => {
    const work = works.find((work) => work.name === name);
    if (!work) return [];
    const find = (name: string) => work.contestants.find((contestant) => contestant.name === name);
    const found = value(find, work);
    const reached = found !== null && Number.isFinite(found) ? found : null;
    const met = reached === null
      ? null
      : bound === "at least"
      ? reached >= wanted
      : reached <= wanted;
    return [{ work: name, what, reached, wanted, bound, met }];
  });
}
