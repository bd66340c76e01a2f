/**
 * Random commands on one folder, disturbed in every way for an hour: killed, two at a time, on a
 * full disk, with links in the way. At the end every file must be whole, and equal to that of an
 * undisturbed run. `deno task test:soak [--minutes=N] [--seed=N] [--figure=FILE]`.
 */
import { command, decode, type Finished, readFolder } from "../../tests/cli_process.ts";
import { BACKEND, DESIGN, NETWORK } from "../../tests/cli_runs.ts";
import { createUniform, DISTURBANCES, type Ending, type Ground } from "./disturbances.ts";
import { drawSoak, type Endings } from "./figure.ts";

const option = (name: string, fallback: string): string =>
  Deno.args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback;

const MINUTES = Number(option("minutes", "60"));
const SEED = Number(option("seed", "1"));
const FIGURE = option("figure", "");

const root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "terse_soak_" }));
const [calm, disk, outside] = ["calm", "disk", "outside"].map((name) => `${root}/${name}`) as [
  string,
  string,
  string,
];
for (const path of [calm, disk, outside]) Deno.mkdirSync(path);
Deno.writeTextFileSync(`${outside}/file`, "kept");

const shell = (program: string, ...args: string[]): boolean =>
  new Deno.Command(program, { args, stderr: "null" }).outputSync().success;
const isMounted = shell("mount", "-t", "tmpfs", "-o", "size=48m", "terse", disk);

/** The experiment of the folder; a command that begins a folder must be told. */
const CHOICES = [...DESIGN, ...NETWORK.slice(0, -1), "--epochs=12"];

/** What is run, in an order in which all of it succeeds; `OUT` is the folder. */
const COMMANDS: readonly (readonly string[])[] = [
  ["simulate", "--out=OUT/run", ...CHOICES, "--threads=1"],
  ["train", "--out=OUT/run", BACKEND, "--threads=1"],
  ["evaluate", "--out=OUT/run", BACKEND, "--threads=1", "--fresh-test=20"],
  ["limit", "--out=OUT/run", "--catalogs=3", "--threads=1", ...CHOICES],
  ["exact", "--out=OUT/run", "--catalogs=2", "--threads=1", ...CHOICES],
  ["robustness", "--out=OUT/run", "--catalogs=3", BACKEND, "--threads=1"],
  ["interpret", "--out=OUT/run", BACKEND, "--threads=1"],
  ["export", "--run=OUT/run", "--what=catalogs", "--format=fits", "--out=OUT/export"],
  ["export", "--run=OUT/run", "--what=weights", "--format=npz", "--out=OUT/export"],
];

/** Commands that are always refused, and must leave all as it was. */
const REFUSED: readonly (readonly string[])[] = [
  ["simulate", "--out=OUT/run", "--merge"],
  ["train", "--out=OUT/run", "--set=catalog.survey.volumeFraction=0.3"],
  ["evaluate", "--out=OUT/run", "--fresh-test=1e9", BACKEND],
  ["export", "--run=OUT/run", "--format=safetensors", "--out=OUT/run"],
];

function start(out: string, args: readonly string[]): Deno.ChildProcess {
  return command(root, ...args.map((arg) => arg.replace("OUT", out)), "--json").spawn();
}

/** Runs every command, undisturbed. */
async function runAll(out: string): Promise<void> {
  for (const args of COMMANDS) {
    const { code, stderr } = decode(await start(out, args).output());
    if (code !== 0) fail(`${args.join(" ")} failed undisturbed: ${stderr}`);
  }
}

/** Prints lines at once, so that what was found is there if this process is stopped. */
function say(...lines: string[]): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${lines.join("\n")}\n`));
}

function fail(what: string): never {
  say(`soak, seed ${SEED}: ${what}; the folders are in ${root}`);
  Deno.exit(1);
}

/** Files whose content depends on what else is there while the soak goes on. */
const IN_PROGRESS =
  /^run\/(checkpoints|figures)\/|history\.csv|(limit|exact|interpretation)\.json$/;

/** A folder's files, without the times that some records say they took. */
function contents(folder: string): Record<string, string> {
  const files = Object.entries(readFolder(folder)).filter(([name]) => name !== "filler");
  return Object.fromEntries(files.map(([name, bytes]) => {
    const text = new TextDecoder("latin1").decode(bytes);
    const plain = name.endsWith(".json") && !/experiment|model/.test(name)
      ? text.replace(/"seconds": \{[^}]*\}/, "").replaceAll(root, "").replace(/"out": "[^"]*"/, "")
      : text;
    return [name, plain];
  }));
}

/** Compares what is there with the undisturbed run. */
function compare(expected: Record<string, string>, isEnd: boolean): void {
  for (const [name, text] of Object.entries(contents(disk))) {
    if (!isEnd && (IN_PROGRESS.test(name) || /\.terse[.-]|\.part$/.test(name))) continue;
    if (text !== expected[name]) fail(`${name} is not that of an undisturbed run`);
  }
  const missing = Object.keys(expected).filter((name) => !(name in contents(disk)));
  if (isEnd && missing.length > 0) fail(`${missing.join(", ")} missing at the end`);
  const beside = Object.entries(readFolder(outside));
  if (beside.length !== 1 || Deno.readTextFileSync(`${outside}/file`) !== "kept") {
    fail(`something was written outside: ${beside.map(([name]) => name).join(", ")}`);
  }
}

/** A command that failed says why in one line. */
function checkLine({ code, stderr }: Finished): void {
  if (code === 0) return;
  const lines = stderr.split("\n").filter((line) => line.startsWith("terse: "));
  const isClear = lines.length === 1 && lines[0]!.length <= 308 && !/^\s+at /m.test(stderr) &&
    /^terse: (Cannot|Stopped)/.test(lines[0]!);
  if (!isClear) fail(`exit ${code} without one clear line: ${stderr}`);
}

say(`Undisturbed run, disk ${isMounted ? "of 48 MB" : "cannot be mounted here"}`);
await runAll(calm);
const expected = contents(calm);
const uniform = createUniform(SEED);
const ground: Ground = {
  run: `${disk}/run`,
  outside,
  isMounted,
  uniform,
  start: () => start(disk, COMMANDS[Math.floor(uniform() * COMMANDS.length)]!),
};
const counts: Record<string, Endings> = {};
const count = (name: string, ending: Ending) => {
  counts[name] ??= { done: 0, refused: 0, killed: 0 };
  counts[name][ending === null ? "killed" : ending.code === 0 ? "done" : "refused"]++;
};
const names = [...Object.keys(DISTURBANCES), "refused", "begun anew"];
const end = performance.now() + MINUTES * 60_000;
while (performance.now() < end) {
  const name = names[Math.floor(uniform() * names.length)]!;
  if (name === "begun anew") {
    if (uniform() < 0.3) {
      for (const { name } of Deno.readDirSync(disk)) remove(`${disk}/${name}`);
    }
  } else if (name === "refused") {
    const before = readFolder(disk);
    const args = REFUSED[Math.floor(uniform() * REFUSED.length)]!;
    const ending = decode(await start(disk, args).output());
    if (ending.code === 0) fail(`${args.join(" ")} was not refused`);
    checkLine(ending);
    // A lock and parts that a killed process left are cleared by whoever comes next.
    const kept = (files: Record<string, Uint8Array>) =>
      JSON.stringify(
        Object.entries(files).filter(([name]) => !/\.terse[.-]/.test(name))
          .map(([name, bytes]) => [name, bytes.length]).sort(),
      );
    if (kept(readFolder(disk)) !== kept(before)) fail(`${args.join(" ")} left something behind`);
    count(name, ending);
  } else {
    for (const ending of await DISTURBANCES[name]!(ground)) {
      if (ending !== null) checkLine(ending);
      count(name, ending);
    }
  }
  compare(expected, false);
}
await runAll(disk);
compare(expected, true);
const total = Object.values(counts)
  .reduce((sum, { done, refused, killed }) => sum + done + refused + killed, 0);
const files = Object.keys(expected).length;
const title = `${total} commands in ${MINUTES} minutes; ${files} of ${files} files as undisturbed`;
say(title);
say(
  ...Object.entries(counts).map(([name, { done, refused, killed }]) =>
    `${name}: ${done} done, ${refused} refused, ${killed} killed`
  ),
);
if (FIGURE !== "") Deno.writeTextFileSync(FIGURE, drawSoak(counts, title));
if (isMounted) shell("umount", disk);
Deno.removeSync(root, { recursive: true });

function remove(path: string): void {
  Deno.removeSync(path, { recursive: true });
}
