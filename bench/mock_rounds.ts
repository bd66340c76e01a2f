/**
 * Rounds of mock generation in which every contestant works once, in turn.
 */
import { cpuUsage } from "node:process";
import { median } from "../src/numerics/statistics.ts";
import type { Contestant, Round } from "./mocks.ts";
import { CONTESTANTS, countClusters, openNumpy } from "./mocks.ts";
import type { Measured } from "./results.ts";

/** A round lasts this long at least, so that caches are a contestant's own again [ms]. */
const ROUND = 60;

/** Every contestant's rounds; NumPy's where it is installed. */
export async function runRounds(count: number): Promise<Map<string, Round[]>> {
  const numpy = await openNumpy();
  const rounds = new Map<string, Round[]>();
  const add = (name: string, round: Round) => rounds.set(name, [...rounds.get(name) ?? [], round]);
  for (const { draw } of CONTESTANTS) draw(); // compiled and warm before the first round
  for (let round = 0; round < count; round++) {
    for (const contestant of CONTESTANTS) add(contestant.name, timeRound(contestant));
    for (const peer of numpy) add(peer.name, await peer.draw());
  }
  for (const peer of numpy) await peer.close();
  return rounds;
}

function timeRound({ draw }: Contestant): Round {
  let clusters = 0;
  const before = cpuUsage();
  const start = performance.now();
  while (performance.now() - start < ROUND) clusters += countClusters(draw());
  const wall = performance.now() - start;
  const { user, system } = cpuUsage(before);
  return { wall: wall * 1e6 / clusters, processor: (user + system) * 1e3 / clusters };
}

/** Medians as a benchmark's results: nanoseconds per cluster are milliseconds per million clusters. */
export async function measureMocks(count: number): Promise<Measured[]> {
  const rounds = await runRounds(count);
  const measured = [...rounds].map(([name, all]): Measured => ({
    name,
    milliseconds: median(all.map(({ wall }) => wall)),
    cpu: median(all.map(({ processor }) => processor)),
    ...{ reason: null, memory: null, peak: null },
  }));
  if (measured.some(({ name }) => name.startsWith("NumPy"))) return measured;
  const reason = "/usr/bin/python3 has no NumPy";
  return [...measured, { name: "NumPy", milliseconds: null, reason, memory: null, peak: null }];
}
