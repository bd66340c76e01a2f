/**
 * `deno task bench:shards`: what shards cost and how they scale. In every round each command does two
 * of its shards one after the other and both at once, as users start them; prints a table of medians
 * and what a million catalogs take at these rates, and puts both between the "shards" marks of a file
 * that is named. Takes about three minutes on an idle machine.
 *
 * usage: shards.ts [bench/README.md]
 */
import { median } from "../src/numerics/statistics.ts";
import { print } from "./files.ts";
import { machineName, measureParallelism } from "./machine.ts";
import type { Taken } from "./process.ts";
import { runMeasured } from "./process.ts";

const ROUNDS = 5;
const MAIN = new URL("../cli/main.ts", import.meta.url).pathname;

/** Options for other steps of the priors' grid. */
function designOf(sigma8: number, bias: number): string[] {
  const biases = ["luminosityBias", "temperatureBias", "gasMassBias"];
  return [
    `--set=catalog.priors.sigma8.step=${sigma8}`,
    ...biases.map((name) => `--set=catalog.priors.${name}.step=${bias}`),
  ];
}

/** 56 x 26^3 catalogs. */
const MILLION = designOf(0.004, 0.02);
const DESIGN = 984256;
/** 45 x 11^3 catalogs, which are merged. */
const MANY = designOf(0.005, 0.05);
const MERGED = 59895;
const SHARDS = 100;
const POSTERIORS = 20;

interface Work {
  readonly name: string;
  readonly args: readonly string[];
  /** Two shards that take as long as each other. */
  readonly shards: readonly [string, string];
  /** Catalogs, posteriors or networks of both. */
  readonly things: number;
}

const WORKS: readonly Work[] = [
  {
    name: `\`simulate\`, two of ${SHARDS} shards of ${DESIGN} catalogs`,
    args: ["simulate", ...MILLION],
    shards: [`50/${SHARDS}`, `51/${SHARDS}`],
    things: 2 * DESIGN / SHARDS,
  },
  {
    name: `\`limit\`, two shards of ${POSTERIORS} posteriors`,
    args: ["limit", `--catalogs=${POSTERIORS}`, "--threads=1"],
    shards: ["1/2", "2/2"],
    things: POSTERIORS,
  },
  {
    name: "`interpret --seeds 3`, two shards of two trainings",
    args: ["interpret", "--seeds=3", "--backend=core", "--threads=1"],
    shards: ["1/2", "2/2"],
    things: 2,
  },
];

/** One round of a work. */
interface Round {
  /** Wall time of both shards, one after the other [s]. */
  readonly inTurn: number;
  /** Wall time of both shards at once [s]. */
  readonly atOnce: number;
  /** CPU time of both, one after the other [s]. */
  readonly cpu: number;
  /** Largest memory of one process [MB]. */
  readonly memory: number;
  /** Size of both shards' files [bytes]. */
  readonly disk: number;
}

function terse(...args: string[]): Promise<Taken> {
  const permissions = ["--no-prompt", "--allow-read", `--allow-write=${folder}`];
  return runMeasured(Deno.execPath(), ["run", ...permissions, MAIN, ...args, "--quiet"]);
}

const folder = Deno.makeTempDirSync({ prefix: "terse_bench_shards_" });

/** A run folder for a work: empty, or with what its command begins with. */
async function prepare(name: string): Promise<string> {
  const out = `${folder}/${name}`;
  const copy = new Deno.Command("cp", { args: ["-r", `${folder}/start`, out] });
  if (!(await copy.output()).success) throw new Error(`Cannot copy a run folder to ${out}`);
  return out;
}

async function measureRound({ args, shards: [first, second] }: Work): Promise<Round> {
  const needsRun = args[0] === "interpret";
  const out = needsRun ? await prepare("turn") : `${folder}/turn`;
  const share = (folder: string, shard: string) =>
    terse(...args, `--out=${folder}`, `--shard=${shard}`);
  const before = needsRun ? sizeOf(out) : 0;
  const turn = [await share(out, first), await share(out, second)] as const;
  const disk = sizeOf(out) - before;
  Deno.removeSync(out, { recursive: true });
  const other = needsRun ? await prepare("once") : `${folder}/once`;
  const start = performance.now();
  await Promise.all([share(other, first), share(other, second)]);
  const atOnce = (performance.now() - start) / 1000;
  Deno.removeSync(other, { recursive: true });
  return {
    inTurn: turn[0].seconds + turn[1].seconds,
    atOnce,
    cpu: turn[0].cpu + turn[1].cpu,
    memory: Math.max(turn[0].memory, turn[1].memory),
    disk,
  };
}

function sizeOf(path: string): number {
  let bytes = 0;
  for (const { name, isDirectory } of Deno.readDirSync(path)) {
    bytes += isDirectory ? sizeOf(`${path}/${name}`) : Deno.statSync(`${path}/${name}`).size;
  }
  return bytes;
}

function formatRow({ name, things }: Work, rounds: readonly Round[]): string {
  const typical = (value: (round: Round) => number) => median(rounds.map(value));
  const cells = [
    name,
    typical(({ inTurn }) => inTurn).toFixed(1),
    typical(({ atOnce }) => atOnce).toFixed(1),
    typical(({ inTurn, atOnce }) => inTurn / atOnce).toFixed(2),
    `${Number((1000 * typical(({ cpu }) => cpu) / things).toPrecision(2))}`,
    typical(({ memory }) => memory).toFixed(0),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Time and memory of a merge of many catalogs. */
async function measureMerge(): Promise<Taken> {
  const args = ["simulate", ...MANY, `--out=${folder}/many`];
  for (const place of [1, 2, 3, 4]) await terse(...args, `--shard=${place}/4`);
  const taken = await terse("simulate", `--out=${folder}/many`, "--merge");
  Deno.removeSync(`${folder}/many`, { recursive: true });
  return taken;
}

/** Cost of a million catalogs, from the rounds of simulate and of limit. */
function formatPlan(simulate: readonly Round[], limit: readonly Round[], merge: Taken): string {
  const per = (rounds: readonly Round[], value: (round: Round) => number, things: number) =>
    1e6 * median(rounds.map(value)) / things;
  const catalogs = WORKS[0]!.things;
  const cpu = per(simulate, ({ cpu }) => cpu, catalogs);
  const disk = per(simulate, ({ disk }) => disk, catalogs);
  const memory = median(simulate.map(({ memory }) => memory));
  const posteriors = per(limit, ({ cpu }) => cpu, POSTERIORS);
  const gigabytes = (megabytes: number) => (megabytes / 1000).toFixed(1);
  return [
    `A million catalogs in ${SHARDS} shards, at these rates: ${
      (cpu / 60).toFixed(0)
    } CPU minutes, `,
    `${(disk / 1e9).toFixed(1)} GB of disk, ${gigabytes(memory)} GB of memory per process; the `,
    `posteriors of them all: ${(posteriors / 86400).toFixed(1)} CPU days. To merge ${MERGED} `,
    `catalogs takes ${merge.cpu.toFixed(0)} CPU seconds and ${
      gigabytes(merge.memory)
    } GB of memory.`,
  ].join("");
}

const MARKS = /(<!-- shards -->\n)[\s\S]*?(\n?<!-- \/shards -->)/;

async function main(): Promise<void> {
  const parallelism = await measureParallelism();
  const rounds = WORKS.map((): Round[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, work] of WORKS.entries()) rounds[i]!.push(await measureRound(work));
  }
  const load = Deno.loadavg().map((x) => x.toFixed(1)).join(" ");
  const text = [
    `${await machineName()}; ${ROUNDS} interleaved rounds, medians; two workers spin ` +
    `${parallelism.toFixed(2)} times as fast as one; load ${load}.`,
    "",
    "| work | in turn, s | at once, s | times as fast | CPU ms each | MB |",
    "| --- | --- | --- | --- | --- | --- |",
    ...WORKS.map((work, i) => formatRow(work, rounds[i]!)),
    "",
    formatPlan(rounds[0]!, rounds[1]!, await measureMerge()),
  ].join("\n");
  await print(text);
  const [page] = Deno.args;
  if (page === undefined) return;
  const old = await Deno.readTextFile(page);
  if (!MARKS.test(old)) throw new Error(`Cannot write the table: ${page} has no shards marks`);
  await Deno.writeTextFile(page, old.replace(MARKS, (_, start, end) => start + text + end));
}

if (import.meta.main) {
  try {
    await terse("simulate", `--out=${folder}/start`, "--epochs=6");
    await terse("train", `--out=${folder}/start`, "--backend=core");
    await main();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
