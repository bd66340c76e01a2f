/**
 * The turns of `deno task bench:peak`, in a process of their own: prints JSON.
 *
 * usage: peak_turns.ts narrow|wide|threads TURNS
 */
import { cpuUsage } from "node:process";
import type { Network } from "../src/model.ts";
import { Core, openCore } from "../src/network/core/core.ts";
import { createCoreNetwork } from "../src/network/core/network.ts";
import { initialWeights } from "../src/network/weights.ts";
import { createRandom } from "../src/numerics/random.ts";
import { median, quantile } from "../src/numerics/statistics.ts";
import type { NetworkName } from "./networks.ts";
import { forwardFlops, INPUTS, makeBatch, NETWORKS, STEPS } from "./networks.ts";
import type { Spin } from "./spin_worker.ts";

/** What one process measures. */
export type Part = "narrow" | "wide" | "threads";

/** The multiply-add rate of a work, as a fraction of the bare loop's. */
export interface Fraction {
  readonly work: string;
  readonly tile: string;
  /** Rates of the work and of the bare loop [GFLOP/s]. */
  readonly rate: number;
  readonly peak: number;
  /** Whether the issue sets a goal for it. */
  readonly isGoal: boolean;
}

/** What two threads gain, and how much that is of two workers' gain. */
export interface Gain {
  readonly work: string;
  readonly gain: number;
  readonly ofWhole: number | null;
  readonly ofProducts: number | null;
}

interface Work {
  readonly name: string;
  readonly network: NetworkName;
  readonly catalogs: number;
  readonly kind: "encode" | "step";
  /** Times in a row in one turn. */
  readonly times: number;
}

/** Widths of two layers after the 15 pixels: products of 120 rows of which a turn takes half a millisecond. */
const TILED: readonly (readonly [number, number])[] = [[512, 256], [2048, 128]];
/** Turns so short are many, and undisturbed ones among them. */
const SHORT = { rows: 120, rounds: 4e5, turns: 10 };

/** Turns of 10 to 30 ms: long enough for the clock of CPU time. */
const FRACTIONS: readonly Work[] = [
  {
    name: "full, encoder forward, 1 catalog",
    network: "full",
    catalogs: 1,
    kind: "encode",
    times: 1,
  },
  {
    name: "full, encoder forward, 6 catalogs",
    network: "full",
    catalogs: 6,
    kind: "encode",
    times: 1,
  },
  {
    name: "compact convolutional, Adam step, 40 catalogs",
    network: "compact",
    catalogs: 40,
    kind: "step",
    times: 2,
  },
  { name: "set, Adam step, 32 catalogs", network: "set", catalogs: 32, kind: "step", times: 4 },
];
const THREADED: readonly Work[] = [
  {
    name: "full, encoder forward, 6 catalogs",
    network: "full",
    catalogs: 6,
    kind: "encode",
    times: 1,
  },
  { name: "full, Adam step, 8 catalogs", network: "full", catalogs: 8, kind: "step", times: 1 },
  {
    name: "compact convolutional, Adam step, 40 catalogs",
    network: "compact",
    catalogs: 40,
    kind: "step",
    times: 4,
  },
  { name: "set, Adam step, 32 catalogs", network: "set", catalogs: 32, kind: "step", times: 8 },
];

/** Rounds of the bare loop in a turn, 12 vectors of 4 multiply-adds each: about 15 ms. */
const PEAK_ROUNDS = 1e7;
const PEAK_GIGAFLOP = PEAK_ROUNDS * 12 * 4 * 2 / 1e9;
/** Rounds of a spinning worker: about 30 ms. */
const SPINS: readonly Spin[] = [
  { kind: "whole numbers", rounds: 3e7 },
  { kind: "multiply-adds", rounds: 2e7 },
];
const NARROW = "default, of 128 bits";
const WIDE = "turbo, of 256 bits";

/** Share of the turns that count as undisturbed. */
const UNDISTURBED = 0.1;

type Turn = () => Promise<number>;

/** Milliseconds of all, which take turns there and back, so that none always follows the same one. */
async function takeTurns(all: readonly Turn[], turns: number): Promise<number[][]> {
  const times = all.map((): number[] => []);
  for (const turn of all) await turn();
  for (let i = 0; i < turns; i++) {
    const order = [...all.keys()];
    for (const place of i % 2 ? order.reverse() : order) times[place]!.push(await all[place]!());
  }
  return times;
}

const least = (times: readonly number[]): number => quantile(times, UNDISTURBED);

async function openNetwork(
  { network: name }: Work,
  threads: number,
  tile: "narrow" | "wide",
): Promise<{ network: Network; peak: () => void; close: () => void }> {
  const core = await openCore({ threads, tile });
  const architecture = NETWORKS[name];
  const weights = initialWeights(architecture, INPUTS, createRandom(1));
  const room = core.memory.allocate(64);
  return {
    network: createCoreNetwork(core, { architecture, inputs: INPUTS }, weights),
    peak: () => core.exports.peak(PEAK_ROUNDS, room),
    close: () => core.close(),
  };
}

function turnOf(network: Network, { network: name, catalogs, kind, times }: Work): Turn {
  const batch = makeBatch(catalogs);
  return async () => {
    const start = performance.now();
    for (let i = 0; i < times; i++) {
      if (kind === "encode") await network.encode(batch);
      else await network.step(batch, STEPS[name]);
    }
    return performance.now() - start;
  };
}

/** Milliseconds that this process has worked, whatever else the machine did meanwhile. */
function worked(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

/** A turn timed by the CPU time of this process, which has one thread at work. */
function byCpu(run: () => Promise<unknown>): Turn {
  return async () => {
    const before = worked();
    await run();
    return worked() - before;
  };
}

async function measureFraction(
  work: Work,
  tile: "narrow" | "wide",
  turns: number,
): Promise<Fraction> {
  const { network, peak, close } = await openNetwork(work, 1, tile);
  const bare = byCpu(() => Promise.resolve(peak()));
  const [peaks, times] = await takeTurns([bare, byCpu(turnOf(network, work))], turns);
  close();
  const flops = forwardFlops(NETWORKS[work.network], work.catalogs);
  const gigaflop = work.times * (work.kind === "encode" ? flops.encoder : 3 * flops.all) / 1e9;
  // With V8's flags, two vectors of 128 bits are one of 256.
  const ceiling = (tile === "wide" ? 2 : 1) * PEAK_GIGAFLOP;
  return {
    work: work.name,
    tile: tile === "wide" ? WIDE : NARROW,
    rate: 1000 * gigaflop / least(times!),
    peak: 1000 * ceiling / least(peaks!),
    isGoal: work.kind === "encode" && work.catalogs > 1,
  };
}

/** The products of two layers by themselves: the program that the core ran last, run again. */
async function measureTile(
  widths: readonly [number, number],
  tile: "narrow" | "wide",
  turns: number,
): Promise<Fraction> {
  const opened = await openCore({ threads: 1, tile });
  let last: [number, number, number] = [0, 0, 1];
  const run = (...args: [number, number, number]) => opened.exports.run(...(last = args));
  const core = new Core(opened.memory, { ...opened.exports, run }, { threads: 1, tile }, null);
  const architecture = { ...NETWORKS.full, encoder: widths };
  const form = { architecture, inputs: INPUTS };
  const network = createCoreNetwork(
    core,
    form,
    initialWeights(architecture, INPUTS, createRandom(1)),
  );
  await network.encode(makeBatch(1, SHORT.rows));
  const room = core.memory.allocate(64);
  const turn = (run: () => unknown): Turn => () => {
    const start = performance.now();
    run();
    return Promise.resolve(performance.now() - start);
  };
  const [peaks, times] = await takeTurns([
    turn(() => opened.exports.peak(SHORT.rounds, room)),
    turn(() => opened.exports.run(...last)),
  ], SHORT.turns * turns);
  opened.close();
  const ceiling = (tile === "wide" ? 2 : 1) * PEAK_GIGAFLOP * SHORT.rounds / PEAK_ROUNDS;
  const [first, second] = widths;
  const gigaflop = 2 * SHORT.rows * (INPUTS.pixels * first + first * second + second) / 1e9;
  return {
    work: `the tile: layers of ${first} and ${second}, ${SHORT.rows} rows`,
    tile: tile === "wide" ? WIDE : NARROW,
    rate: 1000 * gigaflop / least(times!),
    peak: 1000 * ceiling / least(peaks!),
    isGoal: true,
  };
}

/** Starts a worker that spins on request. */
async function startSpinner(): Promise<{ spin: (what: Spin) => Promise<number>; end: () => void }> {
  const worker = new Worker(new URL("spin_worker.ts", import.meta.url), { type: "module" });
  const answer = () => new Promise<number>((resolve) => worker.onmessage = (e) => resolve(e.data));
  await answer();
  return {
    spin(what) {
      const answered = answer();
      worker.postMessage(what);
      return answered;
    },
    end: () => worker.terminate(),
  };
}

async function measureGains(works: readonly Work[], turns: number): Promise<Gain[]> {
  const spinners = [await startSpinner(), await startSpinner()];
  const spins = SPINS.flatMap((what): Turn[] => [
    () => spinners[0]!.spin(what),
    async () => Math.max(...await Promise.all(spinners.map(({ spin }) => spin(what)))),
  ]);
  const gains: Gain[] = [];
  const workers: number[][] = SPINS.map(() => []);
  for (const work of works) {
    const engines = [await openNetwork(work, 1, "narrow"), await openNetwork(work, 2, "narrow")];
    const steps = engines.map(({ network }) => turnOf(network, work));
    const times = await takeTurns([...spins, ...steps], turns);
    for (const { close } of engines) close();
    const [whole, products] = SPINS.map((_, i) =>
      2 * least(times[2 * i]!) / least(times[2 * i + 1]!)
    );
    workers[0]!.push(whole!);
    workers[1]!.push(products!);
    const gain = least(times.at(-2)!) / least(times.at(-1)!);
    gains.push({ work: work.name, gain, ofWhole: gain / whole!, ofProducts: gain / products! });
  }
  for (const { end } of spinners) end();
  return [
    ...SPINS.map(({ kind }, i) => ({
      work: `workers on ${kind}`,
      gain: median(workers[i]!),
      ...{ ofWhole: null, ofProducts: null },
    })),
    ...gains,
  ];
}

async function main(): Promise<unknown> {
  const [part, turns] = [Deno.args[0] as Part, Number(Deno.args[1])];
  if (!["narrow", "wide", "threads"].includes(part)) {
    throw new RangeError(`Cannot measure ${part}: narrow, wide or threads is needed`);
  }
  if (part === "threads") return await measureGains(THREADED, turns);
  const tile = part;
  const rows: Fraction[] = [];
  for (const widths of TILED) rows.push(await measureTile(widths, tile, turns));
  for (const work of FRACTIONS) rows.push(await measureFraction(work, part, turns));
  return rows;
}

if (import.meta.main) {
  await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(await main())));
  Deno.exit();
}
