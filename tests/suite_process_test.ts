/** The suite's own processes: what they print, how they end, and one that is killed after its tests. */
import { assert, assertEquals } from "@std/assert";
import { isKilledAtEnd, readSummary, runProcess, sumOutcomes } from "./suite_process.ts";

Deno.test("The summary of a process of tests is read, in colors or not, and the last one counts", () => {
  const plain = "a ... ok\nok | 3 passed (2 steps) | 0 failed | 1 ignored (8m55s)\n";
  assertEquals(readSummary(plain), { passed: 3, failed: 0, ignored: 1 });
  const colors =
    `${plain}\n\x1b[0m\x1b[31mFAILED\x1b[0m | 20 passed | 2 failed \x1b[0m(9s)\n\nerror: no\n`;
  assertEquals(readSummary(colors), { passed: 20, failed: 2, ignored: 0 });
  assertEquals(readSummary("Aborted\n"), { passed: 0, failed: 0, ignored: 0 });
});

Deno.test("A process that is killed after its tests is told from one that fails, and is no success", async () => {
  // The output of a test runner whose process is then ended as by a broken heap.
  const program = (summary: string, end: string) =>
    runProcess(["eval", `console.log("${summary}"); ${end}`], {});
  const passed = "ok | 2 passed | 0 failed | 1 ignored (1s)";
  const killed = await program(
    passed,
    "Deno.kill(Deno.pid, 'SIGABRT'); await new Promise(() => {})",
  );
  assert(isKilledAtEnd(killed));
  const sound = await program(passed, "");
  assert(!isKilledAtEnd(sound));
  const failed = await program("FAILED | 2 passed | 1 failed (1s)", "Deno.exit(1)");
  assert(!isKilledAtEnd(failed));
  assertEquals(sumOutcomes([sound, sound]), {
    text: "ok | 4 passed | 0 failed | 2 ignored, in all",
    code: 0,
  });
  assertEquals(sumOutcomes([failed, sound]).code, 1);
  assert(sumOutcomes([sound, killed]).code > 128);
});
