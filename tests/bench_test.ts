/**
 * The CPU benchmark: what it says of goals that are met, missed or not measured, and of contestants
 * that cannot run.
 */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { judge, NAMES, WORK_NAMES } from "../bench/goals.ts";
import type { Measured, Results, Work } from "../bench/results.ts";
import { Contestant } from "../bench/statistics.ts";
import { formatResults } from "../bench/table.ts";
import { testWith } from "./tools.ts";

function measured(name: string, milliseconds: number | null, memory = 100): Measured {
  const reason = milliseconds === null ? "it is not here" : null;
  return { name, milliseconds, reason, memory, peak: name === NAMES.core ? 60 : null };
}

const STEP: Work = {
  name: WORK_NAMES.full,
  gigaflop: 40,
  contestants: [
    measured(NAMES.core, 1000, 300),
    measured(NAMES.threads, 600),
    measured(NAMES.tfjs, 2000),
    measured(NAMES.stock, 25000),
    measured(NAMES.turbo, null),
    measured(NAMES.torch, 500, 400),
  ],
};

Deno.test("a goal is met from its ratio on, missed before it, and not judged without a contestant", () => {
  const goals = judge([STEP]);
  const find = (words: string) => goals.find(({ what }) => what.includes(words))!;
  const { reached, met } = find(`faster than ${NAMES.stock}`);
  assertEquals([reached, met], [25, true]);
  assertEquals(find(`${NAMES.core} is faster than ${NAMES.torch}`).met, false);
  assertEquals(find(`${NAMES.turbo} is faster`).met, null);
  const memory = find("memory of");
  assertEquals([memory.reached, memory.bound, memory.met], [0.75, "at most", false]);
  assert(goals.every(({ work }) => work === STEP.name));
});

Deno.test("one thread is judged by CPU time, two by wall time and by what two spinning workers gain", () => {
  const contestants = [
    { ...measured(NAMES.core, 1000), cpu: 400 },
    { ...measured(NAMES.threads, 600), cpu: 900 },
    { ...measured(NAMES.torch, 300), cpu: 280 },
  ];
  const goals = judge([{ ...STEP, parallelism: 1.6, contestants }]);
  const reached = (words: string) => goals.find(({ what }) => what.includes(words))!.reached!;
  assertAlmostEquals(reached(`${NAMES.core} is faster than ${NAMES.torch}`), 280 / 400, 1e-12);
  assertAlmostEquals(reached("two spinning workers"), 1000 / 600 / 1.6, 1e-12);
});

Deno.test("the encoder is judged by the peak of the same run, turbo by twice as much", () => {
  const contestants = [measured(NAMES.core, 200), measured(NAMES.turbo, 100)];
  const [core, turbo] = judge([{ name: WORK_NAMES.encoder, gigaflop: 11.4, contestants }]);
  assertEquals([core!.reached, core!.met], [0.95, true]);
  assertEquals([turbo!.reached, turbo!.met], [0.95, true]);
});

Deno.test("mocks are judged by the fastest NumPy", () => {
  const contestants = [
    measured(NAMES.mock, 10),
    { ...measured(NAMES.newMock, 20), cpu: 8 },
    measured("NumPy, a", 60),
    measured("NumPy, b", 40),
  ];
  const [reused, fresh] = judge([{ name: WORK_NAMES.mocks, gigaflop: null, contestants }]);
  assertEquals([reused!.reached, reused!.met], [4, false]);
  assertEquals([fresh!.reached, fresh!.met], [5, true]);
});

Deno.test("the table has every contestant, the reason of one that did not run, and every goal", () => {
  const results: Results = {
    machine: "machine",
    label: null,
    deno: "2",
    v8: "15",
    parallelism: 2,
    rounds: 5,
    load: [0, 0, 0],
    works: [STEP],
    goals: judge([STEP]),
  };
  const text = formatResults(results);
  assertStringIncludes(text, `| ${STEP.name} | core | 1000.00 | - | 40.0 | 0.67 | 1.00 | 300 |`);
  assertStringIncludes(text, `| ${NAMES.turbo} | none: it is not here | - | - | - | - | 100 |`);
  assertStringIncludes(text, "| 0.50 | at least 0.6 | missed |");
  assertStringIncludes(text, "| - | at least 1.15 | not measured |");
});

Deno.test("a contestant that cannot run says why, and one that can answers each round", async () => {
  const fails = `throw new TypeError("no such library")`;
  const failing = new Contestant("failing", Deno.execPath(), ["eval", fails]);
  assertStringIncludes(await failing.round(1) as string, "no such library");
  await failing.close();
  const missing = new Contestant("missing", "/usr/bin/env", ["/no/such/python"]);
  assertStringIncludes(await missing.round(1) as string, "/no/such/python");
  await missing.close();
  const echo = `
    for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
      const { steps } = JSON.parse(line);
      console.log(JSON.stringify({ times: [steps], cpu: steps, memory: 1 }));
    }`;
  const working = new Contestant("working", Deno.execPath(), ["eval", echo]);
  assertEquals(await working.round(7), { times: [7], cpu: 7, memory: 1 });
  assertEquals(await working.round(8), { times: [8], cpu: 8, memory: 1 });
  await working.close();
});

await testWith(
  ["numpy"],
  "a peer that multiplies by the reference BLAS is refused, not timed",
  async () => {
    const line = (path: string) => `7f00-7f01 r-xp 00000000 fe:00 12 ${path}\n`;
    const reference = "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0";
    const maps = [
      line(reference),
      line("/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3"),
      line("/opt/numpy.libs/libopenblas64_p-r0-0cf96a72.so") + line(reference),
      line("/opt/torch/lib/libmkl_core.so.2"),
      line("/usr/lib/x86_64-linux-gnu/libc.so.6") + "7f00-7f01 rw-p 00000000 00:00 0\n",
    ];
    const program = `import json, sys
sys.path.insert(0, "bench/peers")
from blas import slow_library
print(json.dumps([slow_library(maps) for maps in json.loads(sys.argv[1])]))`;
    const { stdout } = await new Deno.Command("/usr/bin/python3", {
      args: ["-B", "-c", program, JSON.stringify(maps)],
      cwd: new URL("..", import.meta.url).pathname,
    }).output();
    const found = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals(found, [reference, null, null, null, null]);
  },
);
