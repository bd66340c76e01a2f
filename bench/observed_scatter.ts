// deno-lint-ignore-file no-console -- a report prints
/**
 * The effect of mock observations of the gas profiles (section 2.1.2): sigma8's scatter of the same
 * experiment with `drawn` and with `observed` profiles, seed by seed. Training, test and fresh
 * catalogs come from one base sample, observed or not. A stopped run resumes where it was:
 *
 *     deno task bench:profiles [--out runs/profiles] [--seeds 3] [--experiment standard] [--json]
 */
import { mean } from "../src/numerics/mod.ts";

const PROFILES = ["drawn", "observed"] as const;
type Profiles = typeof PROFILES[number];

/** A scatter of sigma8 with its bootstrap error. */
interface Scatter {
  readonly value: number;
  readonly error: number;
}

interface Line {
  readonly seed: number;
  readonly profiles: Profiles;
  readonly test: Scatter;
  readonly fresh: Scatter;
}

async function reproduce(seed: number, profiles: Profiles, args: Args): Promise<Line> {
  const folder = `${args.out}/${args.experiment}_${profiles}_${seed}`;
  const main = new URL("../cli/main.ts", import.meta.url).pathname;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", main, "reproduce", "--json", `--out=${folder}`, `--seed=${seed}`],
      ...[`--profiles=${profiles}`, `--experiment=${args.experiment}`],
    ],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (code !== 0) throw new Error(`Cannot measure ${folder}: reproduce ended with code ${code}`);
  const { test, fresh } = JSON.parse(new TextDecoder().decode(stdout));
  const scatterOf = (errors: { scatter: number; scatterError: number }): Scatter => ({
    value: errors.scatter,
    error: errors.scatterError,
  });
  return { seed, profiles, test: scatterOf(test), fresh: scatterOf(fresh) };
}

interface Args {
  readonly out: string;
  readonly seeds: number;
  readonly experiment: string;
}

function readArgs(args: readonly string[]): Args {
  const option = (name: string, fallback: string) =>
    args.includes(name) ? args[args.indexOf(name) + 1]! : fallback;
  return {
    out: option("--out", "runs/profiles"),
    seeds: Number(option("--seeds", "3")),
    experiment: option("--experiment", "standard"),
  };
}

/** Markdown for src/xray/README.md: one row per seed, the mean last. */
function formatLines(lines: readonly Line[], seeds: readonly number[]): string {
  const cell = ({ value, error }: Scatter) => `${value.toFixed(4)} ± ${error.toFixed(4)}`;
  const of = (profiles: Profiles, seed: number) =>
    lines.find((line) => line.profiles === profiles && line.seed === seed)!;
  const sets = ["test", "fresh"] as const;
  const columns = PROFILES.flatMap((profiles) => sets.map((set) => ({ profiles, set })));
  const average = columns.map(({ profiles, set }) =>
    mean(seeds.map((seed) => of(profiles, seed)[set].value)).toFixed(4)
  );
  return [
    `| seed | ${columns.map(({ profiles, set }) => `${profiles}, ${set}`).join(" | ")} |`,
    `| ---- | ${columns.map(() => "---").join(" | ")} |`,
    ...seeds.map((seed) =>
      `| ${seed} | ${columns.map((c) => cell(of(c.profiles, seed)[c.set])).join(" | ")} |`
    ),
    `| mean | ${average.join(" | ")} |`,
  ].join("\n");
}

async function main(args: Args): Promise<Line[]> {
  const seeds = Array.from({ length: args.seeds }, (_, i) => i + 1);
  const lines: Line[] = [];
  for (const seed of seeds) {
    for (const profiles of PROFILES) lines.push(await reproduce(seed, profiles, args));
  }
  console.log(Deno.args.includes("--json") ? JSON.stringify(lines) : formatLines(lines, seeds));
  return lines;
}

if (import.meta.main) await main(readArgs(Deno.args));
