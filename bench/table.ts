/**
 * The table of a benchmark's results. `deno task bench:table` puts that of every file in
 * bench/results between the README's two "bench" marks.
 */

/** One contestant's medians. */
export interface Measured {
  readonly name: string;
  readonly milliseconds: number;
  /** [MB] */
  readonly memory: number;
  /** Multiply-add ceiling measured in the same rounds [GFLOP/s]; `null` where it was not. */
  readonly peak: number | null;
}

/** One kind of work and all who did it. */
export interface Work {
  readonly name: string;
  readonly gigaflop: number;
  readonly contestants: readonly Measured[];
}

/** One run. */
export interface Results {
  readonly machine: string;
  readonly deno: string;
  readonly v8: string;
  /** How much two spinning workers do in the time of one: 2 on two real, idle cores. */
  readonly parallelism: number;
  readonly rounds: number;
  /** Load averages at the end of the run. */
  readonly load: readonly number[];
  readonly works: readonly Work[];
}

/** Markdown; ratios are of the core on one thread: above 1, it is faster. */
export function formatResults(
  { machine, deno, v8, parallelism, rounds, load, works }: Results,
): string {
  const lines = [
    `${machine}; Deno ${deno}, V8 ${v8}; ${rounds} interleaved rounds, medians; two workers spin ` +
    `${parallelism.toFixed(2)} times as fast as one; load ${
      load.map((x) => x.toFixed(1)).join(" ")
    }.`,
    "",
    "| work | on | ms | GFLOP/s | of the 128-bit peak | core is faster by | MB |",
    "| --- | --- | --- | --- | --- | --- | --- |",
  ];
  for (const { name, gigaflop, contestants } of works) {
    const own = contestants.find((contestant) => contestant.name === "core")!;
    for (const { name: on, milliseconds, memory, peak } of contestants) {
      const rate = 1000 * gigaflop / milliseconds;
      lines.push(
        `| ${name} | ${on} | ${milliseconds.toFixed(2)} | ${rate.toFixed(1)} | ` +
          `${peak === null ? "" : (rate / peak).toFixed(2)} | ` +
          `${(milliseconds / own.milliseconds).toFixed(2)} | ${memory.toFixed(0)} |`,
      );
    }
  }
  return lines.join("\n");
}

const MARKS = /(<!-- bench -->\n)[\s\S]*?(\n<!-- \/bench -->)/;

async function updateReadme(): Promise<void> {
  const tables: string[] = [];
  const folder = new URL("results/", import.meta.url);
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  for (const name of names) {
    const results: Results = JSON.parse(await Deno.readTextFile(new URL(name, folder)));
    if (results.works) tables.push(formatResults(results));
  }
  const readme = new URL("../README.md", import.meta.url);
  const text = await Deno.readTextFile(readme);
  if (!MARKS.test(text)) throw new SyntaxError("Cannot update the README: it has no bench marks");
  await Deno.writeTextFile(readme, text.replace(MARKS, `$1${tables.join("\n\n")}$2`));
}

if (import.meta.main) await updateReadme();
