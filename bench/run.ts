/**
 * `deno task bench`: one interleaved run of training steps, the encoder's forward pass and mock
 * generation, ours against tfjs, stock and with our kernels, and PyTorch, NumPy, onnxruntime-web and
 * jax-js where they run. Each contestant is a process of its own; in every round each works once, in
 * turn. Prints each work's table and the goals, and writes bench/results/<machine>.json, from which
 * `deno task bench:table` makes that of bench/README.md. Takes about ten minutes on an idle machine.
 *
 * With --share 0.1, rounds of a network's work have a tenth of their steps.
 *
 * usage: run.ts [--rounds 5] [--share 1] [--only full,compact40,compact10,set32,set10,encoder,mocks] [--out file.json]
 */
import { parseArgs } from "node:util";
import { median } from "../src/numerics/statistics.ts";
import type { Answer } from "./contestant.ts";
import type { NetworkWork } from "./contestants.ts";
import { startAll } from "./contestants.ts";
import { fileName, print, writeResults } from "./files.ts";
import { judge, NAMES, WORK_NAMES } from "./goals.ts";
import { machineName, measureParallelism } from "./machine.ts";
import type { NetworkName } from "./networks.ts";
import { forwardFlops, NETWORKS } from "./networks.ts";
import type { Measured, Results, Work } from "./results.ts";
import type { Contestant } from "./statistics.ts";
import { typicalCpu, typicalTime } from "./statistics.ts";
import { formatResults } from "./table.ts";

type Part = keyof typeof WORK_NAMES;

/** Works on networks, with the number of steps of a round: each round lasts about a second. */
const NETWORK_WORKS: Readonly<Partial<Record<Part, NetworkWork & { readonly steps: number }>>> = {
  full: { network: "full", catalogs: 20, steps: 2, work: "step" },
  compact40: { network: "compact", catalogs: 40, steps: 60, work: "step" },
  compact10: { network: "compact", catalogs: 10, steps: 200, work: "step" },
  set32: { network: "set", catalogs: 32, steps: 150, work: "step" },
  set10: { network: "set", catalogs: 10, steps: 400, work: "step" },
  encoder: { network: "full", catalogs: 20, steps: 3, work: "encode" },
};

/** Stock tfjs takes this fraction of the steps; a step of the full network takes it half a minute. */
const STOCK_STEPS = 1 / 20;

/** Rounds of stock tfjs on the full network. */
const STOCK_ROUNDS = 2;

function stepsOf({ name }: Contestant, steps: number): number {
  return name === NAMES.stock ? Math.ceil(STOCK_STEPS * steps) : steps;
}

async function measureNetwork(part: Part, rounds: number, share: number): Promise<Work> {
  const { steps: all, ...work } = NETWORK_WORKS[part]!;
  const steps = Math.ceil(share * all);
  const contestants = startAll(work);
  const answers = new Map<Contestant, Answer[]>(contestants.map((one) => [one, []]));
  const failures = new Map<Contestant, string>();
  const spun: number[] = [];
  for (let round = -1; round < rounds; round++) {
    if (round >= 0) spun.push(await measureParallelism());
    for (const contestant of contestants) {
      if (failures.has(contestant)) continue;
      // The round before the first is a warm-up, which stock tfjs on the full network goes without.
      const isSlow = contestant.name === NAMES.stock && part === "full";
      if (isSlow && (round < 0 || round >= STOCK_ROUNDS)) continue;
      const answer = await contestant.round(stepsOf(contestant, steps));
      if (typeof answer === "string") failures.set(contestant, answer);
      else if (round >= 0) answers.get(contestant)!.push(answer);
    }
  }
  for (const contestant of contestants) await contestant.close();
  const gigaflop = (network: NetworkName) => {
    const flops = forwardFlops(NETWORKS[network], work.catalogs);
    return (work.work === "step" ? 3 * flops.all : flops.encoder) / 1e9;
  };
  return {
    name: WORK_NAMES[part],
    gigaflop: gigaflop(work.network),
    parallelism: median(spun),
    contestants: contestants.map((contestant) => {
      const { name } = contestant;
      const measured = summarize(name, failures.get(contestant) ?? answers.get(contestant)!);
      const isOther = name === NAMES.convolution || name === NAMES.convolutionThreads;
      return isOther ? { ...measured, gigaflop: gigaflop("convolution") } : measured;
    }),
  };
}

function summarize(name: string, found: readonly Answer[] | string): Measured {
  if (typeof found === "string") {
    return { name, milliseconds: null, reason: found, memory: null, peak: null };
  }
  const peaks = found.flatMap(({ peak }) => peak === undefined ? [] : [peak]);
  return {
    name,
    milliseconds: typicalTime(found),
    cpu: typicalCpu(found),
    reason: null,
    memory: Math.max(...found.map(({ memory }) => memory)),
    peak: peaks.length === 0 ? null : median(peaks),
  };
}

async function measure(part: Part, rounds: number, share: number): Promise<Work> {
  if (NETWORK_WORKS[part]) return await measureNetwork(part, rounds, share);
  const { measureMocks } = await import("./mock_rounds.ts");
  return { name: WORK_NAMES[part], gigaflop: null, contestants: await measureMocks(rounds) };
}

interface RunOptions {
  readonly rounds: number;
  readonly share: number;
  readonly parts: readonly Part[];
  readonly out: string | undefined;
}

function readOptions(args: string[]): RunOptions {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "5" },
      share: { type: "string", default: "1" },
      only: { type: "string" },
      out: { type: "string" },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(
      `Cannot run the benchmark: --rounds is ${values.rounds}, a whole number from 1 on is needed`,
    );
  }
  const share = Number(values.share);
  if (!(share > 0 && share <= 1)) {
    throw new RangeError(
      `Cannot run the benchmark: --share is ${values.share}, a number above 0 and up to 1 is needed`,
    );
  }
  const names = Object.keys(WORK_NAMES) as Part[];
  const parts = values.only?.split(",") ?? names;
  const wrong = parts.find((part) => !names.includes(part as Part));
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot run the benchmark: --only has "${wrong}", some of ${names.join(",")} are needed`,
    );
  }
  return { rounds, share, parts: parts as Part[], out: values.out };
}

/** Measures everything, printing each work's table as it comes. */
async function main(): Promise<void> {
  const { rounds, share, parts, out } = readOptions(Deno.args);
  const machine = await machineName();
  const setting = {
    ...{ machine, label: readLabel(), rounds },
    ...{ deno: Deno.version.deno, v8: Deno.version.v8 },
    parallelism: await measureParallelism(),
  };
  const works: Work[] = [];
  for (const part of parts) {
    const work = await measure(part, rounds, share);
    works.push(work);
    const found = { works: [work], goals: judge([work]) };
    await print(`${formatResults({ ...setting, load: Deno.loadavg(), ...found })}\n`);
  }
  const results: Results = { ...setting, load: Deno.loadavg(), works, goals: judge(works) };
  await writeResults(results, out ?? fileName([machine, setting.label ?? ""].join(" ").trim()));
}

/** What the environment gives all contestants: large pages, which make PyTorch twice as fast. */
function readLabel(): string | null {
  const tunables = Deno.env.get("GLIBC_TUNABLES") ?? "";
  return tunables.includes("glibc.malloc.hugetlb=1") ? "large pages" : null;
}

if (import.meta.main) await main();
