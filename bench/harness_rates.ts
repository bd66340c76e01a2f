/**
 * How often the interleaved harness (`@clusters/terse/bench`) is right on the machine that runs it: the
 * same program against itself, and against one that does 5% more. `deno task bench:harness` prints each
 * comparison as it is made, and puts the rates between the two "harness" marks of a page.
 *
 * usage: harness_rates.ts [--runs 20] [--extra 0.05] [--page bench/README.md]
 */
import { parseArgs } from "node:util";
import type { SpeedComparison } from "../src/bench/mod.ts";
import { compare } from "../src/bench/mod.ts";
import { print } from "./files.ts";
import { machineName } from "./machine.ts";

/** Terms of the program's sum: about a millisecond. */
const TERMS = 40_000;
/** A/A must be 1 within this, and a verdict needs more. */
const RESOLUTION = 0.02;
/** Share of runs that should be right. */
const GOAL = 19 / 20;

const HARNESS = new URL("../src/bench/mod.ts", import.meta.url).href;

function contestant(name: string, terms: number) {
  const program = `import { serveTurns } from "${HARNESS}";
    function sum(count) {
      let s = 0;
      for (let i = 0; i < count; i++) s += Math.sqrt(i) * Math.exp(-i % 3);
      return s;
    }
    await serveTurns(() => { sum(${terms}); });`;
  return { name, command: [Deno.execPath(), "eval", program] };
}

/** One run's numbers. */
interface Run {
  readonly comparison: SpeedComparison;
  readonly seconds: number;
  readonly load: number;
}

async function measure(extra: number): Promise<Run> {
  const start = performance.now();
  const comparison = await compare([
    contestant("program", TERMS),
    contestant("the same", TERMS),
    contestant("slower", Math.round(TERMS * (1 + extra))),
  ], { resolution: RESOLUTION });
  return { comparison, seconds: (performance.now() - start) / 1000, load: Deno.loadavg()[0]! };
}

function formatRun({ comparison, seconds, load }: Run): string {
  const { standings, twin, generations } = comparison;
  const ratios = [twin, ...standings.slice(1).map(({ ratio }) => ratio)].map((ratio) =>
    `${ratio!.estimate.toFixed(4)} (${ratio!.low.toFixed(3)}-${ratio!.high.toFixed(3)})`
  );
  const verdicts = standings.slice(1).map(({ verdict }) => verdict);
  return [
    ...ratios,
    ...verdicts,
    `${generations} generations, ${seconds.toFixed(0)} s, load ${load}`,
  ]
    .join("; ");
}

/** The rates as a Markdown table. */
function formatRates(runs: readonly Run[], machine: string, extra: number): string {
  const count = (is: (comparison: SpeedComparison) => boolean) =>
    runs.filter(({ comparison }) => is(comparison)).length;
  const verdictIs = (place: number, verdict: string) => ({ standings }: SpeedComparison) =>
    standings[place]!.verdict === verdict;
  const rows: [string, number][] = [
    [
      `A/A is 1 within ${RESOLUTION}`,
      count(({ twin }) => Math.abs(twin!.estimate - 1) <= RESOLUTION),
    ],
    ["the same program: no difference", count(verdictIs(1, "no difference"))],
    [`${100 * extra}% more work: slower`, count(verdictIs(2, "slower"))],
  ];
  const sorted = (of: (run: Run) => number) => runs.map(of).sort((a, b) => a - b);
  const [seconds, loads] = [sorted((run) => run.seconds), sorted((run) => run.load)];
  const longer = runs.filter(({ comparison }) => comparison.generations > 9).length;
  return [
    `${machine}; Deno ${Deno.version.deno}; load ${loads[0]} to ${loads.at(-1)}; a comparison of ` +
    `four processes took ${seconds[0]!.toFixed(0)} to ${seconds.at(-1)!.toFixed(0)} s, and ` +
    `${longer} of ${runs.length} needed more than nine generations.`,
    "",
    "| verdict | right | goal |",
    "| --- | --- | --- |",
    ...rows.map(([name, right]) =>
      `| ${name} | ${right} of ${runs.length} | ${Math.ceil(GOAL * runs.length)} |`
    ),
  ].join("\n");
}

const MARKS = /(<!-- harness -->\n)[\s\S]*?(\n?<!-- \/harness -->)/;

/** Puts the rates between the marks of a page; throws if it has none. */
async function updatePage(page: string, text: string): Promise<void> {
  const before = await Deno.readTextFile(page);
  if (!MARKS.test(before)) {
    throw new Error(`Cannot update ${page}: it has no <!-- harness --> and <!-- /harness -->`);
  }
  const after = before.replace(MARKS, (_, open: string) => `${open}\n${text}\n\n<!-- /harness -->`);
  await Deno.writeTextFile(page, after);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      runs: { type: "string", default: "20" },
      extra: { type: "string", default: "0.05" },
      page: { type: "string" },
    },
  });
  const [count, extra] = [Number(values.runs), Number(values.extra)];
  if (!Number.isInteger(count) || count < 1 || !(extra > 0)) {
    throw new RangeError(
      `Cannot measure the harness: --runs is ${values.runs} and --extra ${values.extra}, a whole ` +
        "number from 1 on and a number above 0 are needed",
    );
  }
  const runs: Run[] = [];
  for (let i = 0; i < count; i++) {
    runs.push(await measure(extra));
    await print(`${i + 1}: ${formatRun(runs.at(-1)!)}`);
  }
  const text = formatRates(runs, await machineName(), extra);
  await print(text);
  if (values.page) await updatePage(values.page, text);
}

if (import.meta.main) await main();
