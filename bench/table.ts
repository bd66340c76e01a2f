/**
 * The tables of a benchmark's results. `deno task bench:table` puts those of every file in
 * bench/results between the two "bench" marks of a page.
 *
 * usage: table.ts [bench/README.md]
 */
import { judge, NAMES, timeOf } from "./goals.ts";
import type { Goal, Results, Work } from "./results.ts";

/** Contestants with which all times are compared; the first that is there. */
const REFERENCES: readonly string[] = [NAMES.core, NAMES.mock];

const number = (value: number | null, digits: number): string =>
  value === null ? "-" : value.toFixed(digits);

function formatWork({ name, gigaflop, contestants }: Work): string[] {
  const reference = contestants.find(({ name }) => REFERENCES.includes(name));
  return contestants.map((contestant) => {
    const { name: on, milliseconds, cpu, reason, memory, peak } = contestant;
    const operations = contestant.gigaflop ?? gigaflop;
    const time = timeOf(contestant);
    const rate = time === null || operations === null ? null : 1000 * operations / time;
    // Wall time with wall time, CPU time with CPU time.
    const isWall = time === milliseconds;
    const own = reference && (isWall ? reference.milliseconds : timeOf(reference));
    const cells = [
      ...[name, on, milliseconds === null ? `none: ${reason}` : milliseconds.toFixed(2)],
      ...[number(cpu ?? null, 2), number(rate, 1)],
      rate === null || peak === null ? "-" : (rate / peak).toFixed(2),
      time === null || !own ? "-" : (time / own).toFixed(2),
      number(memory, 0),
    ];
    return `| ${cells.join(" | ")} |`;
  });
}

function formatGoal({ work, what, reached, wanted, bound, met }: Goal): string {
  const verdict = met === null ? "not measured" : met ? "met" : "missed";
  return `| ${work} | ${what} | ${number(reached, 2)} | ${bound} ${wanted} | ${verdict} |`;
}

/** Markdown: the setting, every time, and every goal. */
export function formatResults(results: Results): string {
  const { machine, label, deno, v8, parallelism, rounds, load, works, goals, device } = results;
  const setting = [
    `${machine}${label === null ? "" : ` (${label})`}; Deno ${deno}, V8 ${v8}`,
    `${rounds} ${device ? "" : "interleaved "}rounds, medians`,
    ...parallelism === null
      ? []
      : [`two workers spin ${parallelism.toFixed(2)} times as fast as one`],
    `load ${load.map((x) => x.toFixed(1)).join(" ")}`,
  ];
  const lines = [
    `${setting.join("; ")}.`,
    "",
    `| work | on | ms | CPU ms | GFLOP/s | of the ${device ? "" : "128-bit "}peak | takes, ` +
    "core = 1 | MB |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...works.flatMap(formatWork),
  ];
  if (goals.length > 0) {
    lines.push(
      "",
      "| work | ratio | reached | goal | |",
      "| --- | --- | --- | --- | --- |",
      ...goals.map(formatGoal),
    );
  }
  return lines.join("\n");
}

const MARKS = /(<!-- bench -->\n)[\s\S]*?(\n?<!-- \/bench -->)/;

async function updatePage(page: string | URL): Promise<void> {
  const tables: string[] = [];
  const folder = new URL("results/", import.meta.url);
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  for (const name of names.filter((name) => name.endsWith(".json"))) {
    const results: Results = JSON.parse(await Deno.readTextFile(new URL(name, folder)));
    if (!results.works) continue;
    // The goals are today's, whatever they were in that run; a GPU has none.
    const { device, parallelism, works } = results;
    const spun = works.map((work) => parallelism === null ? work : { parallelism, ...work });
    const goals = device ? results.goals : judge(spun);
    tables.push(formatResults({ ...results, goals }));
  }
  const text = await Deno.readTextFile(page);
  if (!MARKS.test(text)) throw new SyntaxError(`Cannot update ${page}: it has no bench marks`);
  // A function, so that nothing in the tables is taken for a reference to a group.
  const updated = text.replace(
    MARKS,
    (_, open: string) => `${open}\n${tables.join("\n\n")}\n\n<!-- /bench -->`,
  );
  await Deno.writeTextFile(page, updated);
}

if (import.meta.main) {
  await updatePage(Deno.args[0] ?? new URL("README.md", import.meta.url));
}
