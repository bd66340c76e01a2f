/**
 * Runs the whole suite, as `deno task test` does: as many test files at a time as there are CPU threads.
 * Options of `deno test` may follow.
 */
import { removeFolder } from "./environment.ts";

const TESTS = new URL(".", import.meta.url).pathname;

const namesIn = (folder: string): string[] =>
  [...Deno.readDirSync(`${TESTS}${folder}`)].map(({ name }) => `${folder}${name}`).sort();

/** Modules that import several test files, which share an isolate. */
const TOGETHER = namesIn("together/");
const shared = TOGETHER.flatMap((name) =>
  Deno.readTextFileSync(TESTS + name).match(/\w+_test\.ts/g) ?? []
);

/** What takes longest starts first, so that no thread is left without work at the end. */
const FIRST = ["strangers_hour_test.ts", "page_browser_test.ts", ...TOGETHER];
const THEN = ["network_test.ts", "reliability_test.ts", "readme_test.ts", "report_browser_test.ts"];
const others = namesIn("").filter((name) => name.endsWith("_test.ts") && !shared.includes(name));

/** All that the tests leave behind goes with it. */
const temporary = Deno.makeTempDirSync({ prefix: "terse_suite_" });
const suite = new Deno.Command(Deno.execPath(), {
  args: [
    ...["test", "-A", "--no-check", "--parallel", ...Deno.args],
    ...[...new Set([...FIRST, ...THEN, ...others])].map((name) => `tests/${name}`),
  ],
  cwd: new URL("..", import.meta.url),
  env: {
    TMPDIR: temporary,
  },
}).spawn();
// A terminal's Ctrl-C reaches the suite, too; here it must not come before the folder is removed.
Deno.addSignalListener("SIGINT", () => {});
Deno.addSignalListener("SIGTERM", () => suite.kill("SIGTERM"));
const { code } = await suite.status;
await removeFolder(temporary);
Deno.exit(code);
