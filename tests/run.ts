/**
 * Runs the whole suite, as `deno task test` does: one test file more at a time than there are CPU threads,
 * for some of them always wait (for a browser, a download, a disk), and beside them, in a process of
 * their own, those that open a GPU. Options of `deno test` may follow.
 */
import { removeFolder } from "./environment.ts";
import type { Outcome } from "./suite_process.ts";
import { isKilledAtEnd, runProcess, sumOutcomes } from "./suite_process.ts";

const TESTS = new URL(".", import.meta.url).pathname;

const namesIn = (folder: string): string[] =>
  [...Deno.readDirSync(`${TESTS}${folder}`)].map(({ name }) => `${folder}${name}`).sort();

/** Modules that import several test files, which share an isolate. */
const TOGETHER = namesIn("together/");
const shared = TOGETHER.flatMap((name) =>
  Deno.readTextFileSync(TESTS + name).match(/\w+_test\.ts/g) ?? []
);

/** Files that open a GPU: threads of a software adapter may abort the process that they are in as it ends. */
const DEVICE = [
  "network_test.ts",
  "bench_gpu_test.ts",
  "set_regression_test.ts",
  "gpu_encoder_test.ts",
];
/** Done in half a minute: it fills the end. */
const QUICK = "together/quick.ts";
/** What takes longest starts first, so that no thread is left without work at the end. */
const FIRST = [
  ...["together/library.ts", "strangers_hour_test.ts", "together/sky.ts"],
  ...TOGETHER.filter((name) => name !== QUICK),
  ...["readme_test.ts", QUICK],
];
const others = namesIn("").filter((name) =>
  name.endsWith("_test.ts") && !shared.includes(name) && !DEVICE.includes(name)
);

/** All that the tests leave behind goes with it. */
const temporary = Deno.makeTempDirSync({ prefix: "terse_suite_" });
/** Runs that several files need are made once; see cli_runs.ts. */
const runs = `${temporary}/runs`;
Deno.mkdirSync(runs);
const running = new AbortController();
const run = (names: readonly string[], env: Record<string, string> = {}): Promise<Outcome> =>
  runProcess(
    [
      ...["test", "-A", "--no-check", "--parallel", ...Deno.args],
      ...[...new Set(names)].map((name) => `tests/${name}`),
    ],
    { TMPDIR: temporary, TERSE_TEST_RUNS: runs, ...env },
    running.signal,
  );
/** One file after the other: they often wait, for shaders and for a device, while other tests run. */
async function runDevice(): Promise<Outcome> {
  const one = { DENO_JOBS: "1" };
  const outcome = await run(DEVICE, one);
  // Once more, and no more than that.
  return isKilledAtEnd(outcome) && !running.signal.aborted ? await run(DEVICE, one) : outcome;
}
// The folder is removed before this program ends.
for (const name of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(name, () => running.abort());
}
const jobs = Deno.env.get("DENO_JOBS") ?? `${navigator.hardwareConcurrency + 1}`;
const outcomes = await Promise.all([
  runDevice(),
  run([...FIRST, ...others], { DENO_JOBS: jobs }),
]);
const { text, code } = sumOutcomes(outcomes);
await removeFolder(temporary);
await Deno.stdout.write(new TextEncoder().encode(`\n${text}\n`));
Deno.exit(code);
