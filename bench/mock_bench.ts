/**
 * Mock generation: `deno bench -A bench/mock_bench.ts` times each way alone; `deno run -A
 * bench/mock_bench.ts 9` has them work in turn for 9 rounds, NumPy included where it is installed,
 * and prints medians of nanoseconds a cluster and their ratios.
 */
import { median } from "../src/numerics/statistics.ts";
import type { Contestant } from "./mocks.ts";
import { CONTESTANTS, countClusters, openNumpy } from "./mocks.ts";

if (import.meta.main && Deno.args[0] !== undefined) await compare(Number(Deno.args[0]));
else {for (const { name, draw } of CONTESTANTS) {
    Deno.bench(name, { group: "mocks" }, () => void draw());
  }}

/** Medians over rounds in which every contestant runs once. */
async function compare(rounds: number): Promise<void> {
  const numpy = await openNumpy();
  const times = new Map<string, number[]>();
  const add = (name: string, time: number) => times.set(name, [...times.get(name) ?? [], time]);
  for (const { draw } of CONTESTANTS) draw(); // compiled and warm before the first round
  for (let round = 0; round < rounds; round++) {
    for (const contestant of CONTESTANTS) add(contestant.name, timeOnce(contestant));
    for (const peer of numpy) add(peer.name, await peer.draw());
  }
  for (const peer of numpy) await peer.close();
  const reference = median(times.get("WASM, reused arrays")!);
  const lines = [
    "| mock generation | ns a cluster, median | least | times the WASM core's |",
    "|---|---|---|---|",
    ...[...times].map(([name, values]) => {
      const ratio = (median(values) / reference).toFixed(2);
      const least = Math.min(...values).toFixed(0);
      return `| ${name} | ${median(values).toFixed(0)} | ${least} | ${ratio} |`;
    }),
  ];
  await Deno.stdout.write(new TextEncoder().encode(`${lines.join("\n")}\n`));
}

function timeOnce({ draw }: Contestant): number {
  const start = performance.now();
  const catalogs = draw();
  return (performance.now() - start) * 1e6 / countClusters(catalogs);
}
