/**
 * `deno task bench:set`: the set network's training step against that of the convolutional network which
 * it replaces, interleaved in one process, so that whatever else the machine does falls on both. Prints
 * wall time and CPU time per step; CPU time is what counts on a busy machine, though with two threads it
 * includes the time that they wait for each other.
 *
 * usage: set_step.ts [rounds]
 */
import process from "node:process";
import type { Network } from "../src/model.ts";
import { openEngine } from "../src/network/backends.ts";
import { initialWeights } from "../src/network/weights.ts";
import { median } from "../src/numerics/statistics.ts";
import { createRandom } from "../src/numerics/random.ts";
import { print } from "./files.ts";
import type { NetworkName } from "./networks.ts";
import { INPUTS, makeBatch, NETWORKS, STEPS } from "./networks.ts";

const NAMES: readonly NetworkName[] = ["convolution", "set"];
const THREADS = [1, 2];
/** Catalogs of a batch, and steps of a round. */
const BATCHES: readonly [catalogs: number, steps: number][] = [[32, 12], [10, 40]];
const ROUNDS = 15;

/** Milliseconds of each step: the least and the median. */
interface Times {
  readonly wall: number[];
  readonly cpu: number[];
}

async function measure(
  threads: number,
  catalogs: number,
  steps: number,
  rounds: number,
): Promise<Record<string, Times>> {
  const engine = await openEngine("core", { threads });
  const batch = makeBatch(catalogs);
  const networks = new Map<NetworkName, Network>();
  const times: Record<string, Times> = {};
  for (const name of NAMES) {
    const weights = initialWeights(NETWORKS[name], INPUTS, createRandom(1));
    networks.set(name, await engine.create(NETWORKS[name], INPUTS, weights));
    times[name] = { wall: [], cpu: [] };
  }
  for (let round = -1; round < rounds; round++) {
    for (const [name, network] of networks) {
      const cpu = process.cpuUsage();
      for (let i = 0; i < steps; i++) {
        const start = performance.now();
        await network.step(batch, STEPS[name]);
        if (round >= 0) times[name]!.wall.push(performance.now() - start);
      }
      const { user, system } = process.cpuUsage(cpu);
      if (round >= 0) times[name]!.cpu.push((user + system) / 1000 / steps);
    }
  }
  engine.close();
  return times;
}

async function main(): Promise<void> {
  const rounds = Number(Deno.args[0] ?? ROUNDS);
  await print("| threads | catalogs | ms | convolution | set | times as fast |");
  await print("| --- | --- | --- | --- | --- | --- |");
  for (const threads of THREADS) {
    for (const [catalogs, steps] of BATCHES) {
      const times = await measure(threads, catalogs, steps, rounds);
      const kinds: [string, (times: Times) => number][] = [
        ["wall, least", ({ wall }) => Math.min(...wall)],
        ["wall, median", ({ wall }) => median(wall)],
        ["CPU, median", ({ cpu }) => median(cpu)],
      ];
      for (const [kind, of] of kinds) {
        const [slow, fast] = NAMES.map((name) => of(times[name]!)) as [number, number];
        const cells = [threads, catalogs, kind, slow.toFixed(2), fast.toFixed(2)];
        await print(`| ${cells.join(" | ")} | ${(slow / fast).toFixed(2)} |`);
      }
    }
  }
  await print(`\nload ${Deno.loadavg().map((load) => load.toFixed(1)).join(" ")}`);
}

if (import.meta.main) await main();
