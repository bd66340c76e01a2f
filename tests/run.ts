/**
 * Runs the whole suite, as `deno task test` does: one test file more at a time than there are CPU threads,
 * for some of them always wait (for a browser, a download, a disk). Options of `deno test` may follow.
 */

import { removeFolder } from "./environment.ts";

const TESTS = new URL(".", import.meta.url).pathname;

/** What takes longest starts first, so that no thread is left without work at the end. */
const FIRST = [
  "strangers_hour_test.ts",
  "page_browser_test.ts",
  "quick.ts",
  "cli_observe_test.ts",
  "network_test.ts",
  "reliability_test.ts",
  "readme_test.ts",
  "cli_report_test.ts",
  "report_browser_test.ts",
  "cli_predict_test.ts",
];

const quick: readonly string[] = Deno.readTextFileSync(`${TESTS}quick.ts`).match(/\w+_test\.ts/g) ??
  [];
const others = [...Deno.readDirSync(TESTS)].map(({ name }) => name)
  .filter((name) => name.endsWith("_test.ts") && !quick.includes(name) && !FIRST.includes(name))
  .sort();

/** All that the tests leave behind goes with it. */
const temporary = Deno.makeTempDirSync({ prefix: "terse_suite_" });
const suite = new Deno.Command(Deno.execPath(), {
  args: [
    ...["test", "-A", "--no-check", "--parallel", ...Deno.args],
    ...[...FIRST, ...others].map((name) => `tests/${name}`),
  ],
  cwd: new URL("..", import.meta.url),
  env: {
    TMPDIR: temporary,
    DENO_JOBS: Deno.env.get("DENO_JOBS") ?? `${navigator.hardwareConcurrency + 1}`,
  },
}).spawn();
// A terminal's Ctrl-C reaches the suite, too; here it must not come before the folder is removed.
Deno.addSignalListener("SIGINT", () => {});
Deno.addSignalListener("SIGTERM", () => suite.kill("SIGTERM"));
const { code } = await suite.status;
await removeFolder(temporary);
Deno.exit(code);
