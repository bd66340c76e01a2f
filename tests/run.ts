/**
 * Runs the whole suite, as `deno task test` does: as many test files at a time as there are CPU threads,
 * those that open a GPU in a process of their own. Options of `deno test` may follow.
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
/** What takes longest starts first, so that no thread is left without work at the end. */
const FIRST = ["strangers_hour_test.ts", ...TOGETHER, "readme_test.ts"];
const others = namesIn("").filter((name) =>
  name.endsWith("_test.ts") && !shared.includes(name) && !DEVICE.includes(name)
);

/** All that the tests leave behind goes with it. */
const temporary = Deno.makeTempDirSync({ prefix: "terse_suite_" });
const running = new AbortController();
const run = (names: readonly string[]): Promise<Outcome> =>
  runProcess(
    [
      ...["test", "-A", "--no-check", "--parallel", ...Deno.args],
      ...[...new Set(names)].map((name) => `tests/${name}`),
    ],
    { TMPDIR: temporary },
    running.signal,
  );
// The folder is removed before this program ends.
for (const name of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(name, () => running.abort());
}
const outcomes: Outcome[] = [];
for (const names of [DEVICE, [...FIRST, ...others]]) {
  let outcome = await run(names);
  // Once more, and no more than that.
  if (names === DEVICE && isKilledAtEnd(outcome)) outcome = await run(names);
  outcomes.push(outcome);
  if (running.signal.aborted) break;
}
const { text, code } = sumOutcomes(outcomes);
await removeFolder(temporary);
await Deno.stdout.write(new TextEncoder().encode(`\n${text}\n`));
Deno.exit(code);
