/**
 * `deno task bench:peak`: how much of a core's multiply-add rate the network's products reach, and
 * how much of what two spinning workers gain two threads gain. Everything that is compared takes
 * short turns in one process, there and back, and the fastest tenth of the turns stands for it.
 * Fractions of the peak are of CPU time, which is reliable on a shared machine; two threads need
 * wall time, and a quiet machine. A neighbor on the same processor core slows what loads from the caches, and
 * not the bare loop, for seconds: fractions are medians of several processes, and the table has their range.
 * Prints the tables and puts them between the two "peak" marks of a page.
 *
 * usage: peak.ts [--turns 20] [--processes 9] [--only peak|threads] [--page bench/README.md]
 */
import { parseArgs } from "node:util";
import { median } from "../src/numerics/statistics.ts";
import { print } from "./files.ts";
import { machineName } from "./machine.ts";
import type { Fraction, Gain, Part } from "./peak_turns.ts";

/** What V8 needs to join two vectors of 128 bits. */
const TURBO = "--v8-flags=--experimental-wasm-revectorize,--no-wasm-bounds-checks";
const GOALS = { fraction: 0.92, gain: 0.95 };

/** Runs one part in a process of its own. */
async function measure<T>(part: Part, turns: number, ...flags: string[]): Promise<T> {
  const script = new URL("peak_turns.ts", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...flags, script, part, String(turns)],
  }).output();
  if (!success) throw new Error(`Cannot measure ${part}: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

const judge = (value: number, goal: number) => value >= goal ? "met" : "missed";

/** The same works as several processes measured them, a row each. */
function formatFractions(runs: readonly (readonly Fraction[])[]): string[] {
  return [
    "| work on one thread | tile | GFLOP/s | peak | of the peak | least, most | 0.92 |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...runs[0]!.map(({ work, tile, isGoal }, i) => {
      const fractions = runs.map((rows) => rows[i]!.rate / rows[i]!.peak);
      const fraction = median(fractions);
      const cells = [
        ...[work, tile],
        median(runs.map((rows) => rows[i]!.rate)).toFixed(1),
        median(runs.map((rows) => rows[i]!.peak)).toFixed(1),
        fraction.toFixed(2),
        `${Math.min(...fractions).toFixed(2)}, ${Math.max(...fractions).toFixed(2)}`,
        isGoal ? judge(fraction, GOALS.fraction) : "",
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  ];
}

function formatGains(rows: readonly Gain[]): string[] {
  return [
    "| two at once | times as fast as one | of what workers on whole numbers gain | of what workers on multiply-adds gain | 0.95 |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map(({ work, gain, ofWhole, ofProducts }) => {
      const best = ofWhole === null ? "" : judge(ofWhole, GOALS.gain);
      const cells = [work, gain, ofWhole, ofProducts].map((cell) =>
        cell === null ? "" : typeof cell === "number" ? cell.toFixed(2) : cell
      );
      return `| ${[...cells, best].join(" | ")} |`;
    }),
  ];
}

const MARKS = /(<!-- peak -->\n)[\s\S]*?(\n?<!-- \/peak -->)/;

function readCount(name: string, value: string, least: number): number {
  const count = Number(value);
  if (Number.isInteger(count) && count >= least) return count;
  throw new RangeError(
    `Cannot measure the peak: --${name} is ${value}, a whole number from ${least} on is needed`,
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      turns: { type: "string", default: "20" },
      processes: { type: "string", default: "9" },
      only: { type: "string" },
      page: { type: "string" },
    },
  });
  if (values.only !== undefined && !["peak", "threads"].includes(values.only)) {
    throw new RangeError(
      `Cannot measure the peak: --only is ${values.only}, peak or threads is needed`,
    );
  }
  const turns = readCount("turns", values.turns, 10);
  const processes = readCount("processes", values.processes, 1);
  const before = Deno.loadavg()[0]!;
  const tables: string[][] = [];
  if (values.only !== "threads") {
    const runs: Fraction[][] = [];
    for (let process = 0; process < processes; process++) {
      runs.push([
        ...await measure<Fraction[]>("narrow", turns),
        ...await measure<Fraction[]>("wide", turns, TURBO),
      ]);
    }
    tables.push(formatFractions(runs));
  }
  if (values.only !== "peak") {
    tables.push(formatGains(await measure<Gain[]>("threads", 3 * turns)));
  }
  const load = [before, Deno.loadavg()[0]!].map((value) => value.toFixed(1));
  const text = [
    `${await machineName()}; Deno ${Deno.version.deno}; medians of ${processes} processes on one thread, ` +
    `in each the fastest tenth of ${turns} turns; load ${load[0]} before and ${load[1]} after.`,
    ...tables.flatMap((table) => ["", ...table]),
  ].join("\n");
  await print(text);
  if (values.page === undefined) return;
  const page = await Deno.readTextFile(values.page);
  if (!MARKS.test(page)) {
    throw new SyntaxError(`Cannot update ${values.page}: it has no peak marks`);
  }
  const updated = page.replace(MARKS, (_, open: string) => `${open}\n${text}\n\n<!-- /peak -->`);
  await Deno.writeTextFile(values.page, updated);
}

if (import.meta.main) await main();
