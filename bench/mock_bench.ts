/**
 * Mock generation: `deno bench -A bench/mock_bench.ts` times each way alone; `deno run -A
 * bench/mock_bench.ts 9` has them work in turn for 9 rounds, NumPy included where it is installed,
 * and prints medians of nanoseconds a cluster and their ratios.
 */
import { cpuUsage } from "node:process";
import { median } from "../src/numerics/statistics.ts";
import type { Contestant, Round } from "./mocks.ts";
import { CONTESTANTS, countClusters, openNumpy } from "./mocks.ts";

/** A round lasts this long at least, so that caches are a contestant's own again [ms]. */
const ROUND = 60;
/** All ratios are to this contestant. */
const REFERENCE = "WASM, reused arrays";

/** Medians over rounds in which every contestant works once. */
async function compare(count: number): Promise<void> {
  const numpy = await openNumpy();
  const rounds = new Map<string, Round[]>();
  const add = (name: string, round: Round) => rounds.set(name, [...rounds.get(name) ?? [], round]);
  for (const { draw } of CONTESTANTS) draw(); // compiled and warm before the first round
  for (let round = 0; round < count; round++) {
    for (const contestant of CONTESTANTS) add(contestant.name, timeRound(contestant));
    for (const peer of numpy) add(peer.name, await peer.draw());
  }
  for (const peer of numpy) await peer.close();
  const typical = (name: string, kind: keyof Round) =>
    median(rounds.get(name)!.map((round) => round[kind]));
  const rows = [...rounds.keys()].map((name) => {
    const cells = (["wall", "processor"] as const).flatMap((kind) => [
      typical(name, kind).toFixed(0),
      (typical(name, kind) / typical(REFERENCE, kind)).toFixed(2),
    ]);
    return `| ${[name, ...cells].join(" | ")} |`;
  });
  const lines = [
    "| mock generation | ns a cluster, wall | ratio | ns a cluster, processor | ratio |",
    "|---|---|---|---|---|",
    ...rows,
  ];
  await Deno.stdout.write(new TextEncoder().encode(`${lines.join("\n")}\n`));
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

if (import.meta.main && Deno.args[0] !== undefined) {
  await compare(Number(Deno.args[0]));
} else {
  for (const { name, draw } of CONTESTANTS) {
    Deno.bench(name, { group: "mock catalogs, 1000" }, () => void draw());
  }
}
