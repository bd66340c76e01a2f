/**
 * `deno task bench`: one interleaved run of training steps and of the encoder's forward pass, ours
 * against stock tfjs, tfjs with our kernels, and PyTorch where it is installed. Each contestant is a
 * process of its own; every round has each of them work once, in turn. Prints a table of ratios and
 * writes bench/results/<machine>.json, from which `deno task bench:table` makes the README's.
 *
 * usage: run.ts [rounds] [part of a work's name, to run no other]
 */
import type { Answer, Task } from "./contestant.ts";
import type { NetworkName } from "./networks.ts";
import { forwardFlops, NETWORKS, ROWS } from "./networks.ts";
import { median } from "../src/numerics/statistics.ts";
import { Contestant, typicalTime } from "./statistics.ts";
import type { Results, Work } from "./table.ts";
import { formatResults } from "./table.ts";

const HERE = new URL(".", import.meta.url).pathname;
const PYTHON = "/usr/bin/python3";
const ROUNDS = Number(Deno.args[0] ?? 5);
const ONLY = Deno.args[1] ?? "";
const TURBO = "--v8-flags=--experimental-wasm-revectorize,--no-wasm-bounds-checks";

/** Works, with the number of steps of a round: each round lasts about a second. */
const WORKS: readonly {
  network: NetworkName;
  catalogs: number;
  steps: number;
  work: Task["work"];
}[] = [
  { network: "full", catalogs: 20, steps: 2, work: "step" },
  { network: "compact", catalogs: 40, steps: 60, work: "step" },
  { network: "compact", catalogs: 10, steps: 200, work: "step" },
  { network: "full", catalogs: 20, steps: 3, work: "encode" },
];

function startAll(network: NetworkName, catalogs: number, work: Task["work"]): Contestant[] {
  const task = (backend: Task["backend"], threads: number, tile: Task["tile"]): string =>
    JSON.stringify({ backend, network, catalogs, threads, tile, work } satisfies Task);
  const deno = (name: string, backend: Task["backend"], threads: number, ...flags: string[]) =>
    new Contestant(name, Deno.execPath(), [
      ...[
        "run",
        "-A",
        ...flags,
        `${HERE}contestant.ts`,
        task(backend, threads, flags.length > 0 ? "wide" : "narrow"),
      ],
    ]);
  const peer = JSON.stringify({
    architecture: NETWORKS[network],
    catalogs,
    rows: ROWS,
    threads: 1,
    work,
  });
  const python = (name: string, env: Record<string, string> = {}) =>
    new Contestant(name, PYTHON, [`${HERE}peers/pytorch_step.py`, peer], env);
  return [
    deno("core", "core", 1),
    deno("core, 2 threads", "core", 2),
    deno("core, turbo", "core", 1, TURBO),
    deno("tfjs with wasm_training", "wasm", 1),
    ...work === "step" ? [deno("tfjs, stock", "stock", 1)] : [],
    python("PyTorch, as shipped"),
    python("PyTorch, AVX-512", { OPENBLAS_CORETYPE: "SKYLAKEX" }),
  ];
}

/** Stock tfjs takes a twentieth of the steps, and on the full network, half a minute a step, one. */
const SLOW = "tfjs, stock";

async function measure(work: typeof WORKS[number]): Promise<Work> {
  const { network, catalogs, steps } = work;
  const isSlow = ({ name }: Contestant) => name === SLOW;
  const isOnce = (contestant: Contestant) => isSlow(contestant) && network === "full";
  const stepsOf = (contestant: Contestant) => isSlow(contestant) ? Math.ceil(steps / 20) : steps;
  const alive = new Map<Contestant, Answer[]>();
  for (const contestant of startAll(network, catalogs, work.work)) {
    const warm = isOnce(contestant) ||
      await contestant.round(stepsOf(contestant)).catch(() => null);
    if (warm) alive.set(contestant, []);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [contestant, answers] of alive) {
      if (round > 0 && isOnce(contestant)) continue;
      const answer = await contestant.round(stepsOf(contestant));
      if (answer) answers.push(answer);
    }
  }
  for (const contestant of alive.keys()) await contestant.close();
  const flops = forwardFlops(NETWORKS[network], catalogs);
  return {
    name: nameOf(work),
    gigaflop: (work.work === "step" ? 3 * flops.all : flops.encoder) / 1e9,
    contestants: [...alive].map(([{ name }, answers]) => ({
      name,
      milliseconds: typicalTime(answers),
      memory: Math.max(...answers.map(({ memory }) => memory)),
      peak: answers[0]!.peak === undefined ? null : median(answers.map(({ peak }) => peak!)),
    })),
  };
}

function nameOf({ network, work, catalogs }: typeof WORKS[number]): string {
  return `${network}, ${work === "step" ? "Adam step" : "encoder forward"}, ${catalogs} catalogs`;
}

/** How much faster two workers spin than one does alone: 2 on two real cores. */
async function parallelism(): Promise<number> {
  const source = `self.onmessage = () => { let x = 1; const s = performance.now();
    for (let i = 0; i < 3e8; i++) x = Math.imul(x, 3) ^ i;
    self.postMessage([performance.now() - s, x]); };`;
  const spin = () => {
    const worker = new Worker(`data:text/javascript,${encodeURIComponent(source)}`, {
      type: "module",
    });
    return new Promise<number>((resolve) => {
      worker.onmessage = ({ data }) => (worker.terminate(), resolve(data[0]));
      worker.postMessage(0);
    });
  };
  const alone = await spin();
  const together = Math.max(...await Promise.all([spin(), spin()]));
  return 2 * alone / together;
}

async function machineName(): Promise<string> {
  const info = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const model = info.match(/model name\s*: (.*)/)?.[1] ?? Deno.build.arch;
  const family = info.match(/cpu family\s*: (.*)/)?.[1];
  return `${model}${family ? ` family ${family}` : ""}, ${navigator.hardwareConcurrency} threads`;
}

/** Measures everything, printing each work's table as it comes. */
async function main(): Promise<void> {
  const machine = await machineName();
  const setting = {
    machine,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    parallelism: await parallelism(),
    rounds: ROUNDS,
  };
  const works: Work[] = [];
  for (const work of WORKS.filter((work) => nameOf(work).includes(ONLY))) {
    const measured = await measure(work);
    works.push(measured);
    const text = formatResults({ ...setting, load: Deno.loadavg(), works: [measured] });
    await Deno.stdout.write(new TextEncoder().encode(`${text}\n\n`));
  }
  const results: Results = { ...setting, load: Deno.loadavg(), works };
  const file = machine.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  await Deno.mkdir(`${HERE}results`, { recursive: true });
  await Deno.writeTextFile(`${HERE}results/${file}.json`, `${JSON.stringify(results, null, 2)}\n`);
}

if (import.meta.main) await main();
