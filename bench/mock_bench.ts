/**
 * Mock generation: `deno bench -A bench/mock_bench.ts` times each way alone; `deno run -A
 * bench/mock_bench.ts 9` has them work in turn for 9 rounds, NumPy included where it is installed,
 * and prints medians of nanoseconds per cluster and their ratios.
 */
import { median } from "../src/numerics/statistics.ts";
import { print } from "./files.ts";
import { NAMES } from "./goals.ts";
import { runRounds } from "./mock_rounds.ts";
import type { Round } from "./mocks.ts";
import { CONTESTANTS } from "./mocks.ts";

/** Medians over rounds in which every contestant works once. */
async function compare(count: number): Promise<void> {
  const rounds = await runRounds(count);
  const typical = (name: string, kind: keyof Round) =>
    median(rounds.get(name)!.map((round) => round[kind]));
  const rows = [...rounds.keys()].map((name) => {
    const cells = (["wall", "processor"] as const).flatMap((kind) => [
      typical(name, kind).toFixed(0),
      (typical(name, kind) / typical(NAMES.mock, kind)).toFixed(2),
    ]);
    return `| ${[name, ...cells].join(" | ")} |`;
  });
  await print([
    "| mock generation | ns per cluster, wall | ratio | ns per cluster, processor | ratio |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n"));
}

if (import.meta.main && Deno.args[0] !== undefined) {
  await compare(Number(Deno.args[0]));
} else {
  for (const { name, draw } of CONTESTANTS) {
    Deno.bench(name, { group: "mock catalogs, 1000" }, () => void draw());
  }
}
