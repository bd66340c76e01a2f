/**
 * The CPU benchmark: what it says of goals that are met, missed or not measured, and of contestants
 * that cannot run.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { judge, NAMES, WORK_NAMES } from "../bench/goals.ts";
import type { Measured, Results, Work } from "../bench/results.ts";
import { Contestant } from "../bench/statistics.ts";
import { formatResults } from "../bench/table.ts";

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
    measured(NAMES.stock, null),
    measured(NAMES.torch, 500, 400),
  ],
};

Deno.test("a goal is met from its ratio on, missed before it, and not judged without a contestant", () => {
  const goals = judge([STEP]);
  const find = (words: string) => goals.find(({ what }) => what.includes(words))!;
  const { reached, met } = find(`faster than ${NAMES.tfjs}`);
  assertEquals([reached, met], [2, true]);
  assertEquals(find(`faster than ${NAMES.torch}`).met, false);
  assertEquals(find(`faster than ${NAMES.stock}`).met, null);
  const memory = find("memory of");
  assertEquals([memory.reached, memory.bound, memory.met], [0.75, "at most", false]);
  assert(goals.every(({ work }) => work === STEP.name));
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
    measured("NumPy, a", 60),
    measured("NumPy, b", 40),
  ];
  const [goal] = judge([{ name: WORK_NAMES.mocks, gigaflop: null, contestants }]);
  assertEquals([goal!.reached, goal!.met], [4, false]);
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
  assertStringIncludes(text, `| ${STEP.name} | core | 1000.00 | 40.0 | 0.67 | 1.00 | 300 |`);
  assertStringIncludes(text, `| ${NAMES.stock} | none: it is not here | - | - | - |`);
  assertStringIncludes(text, "| 0.50 | at least 0.6 | missed |");
  assertStringIncludes(text, "| - | at least 25 | not measured |");
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
      console.log(JSON.stringify({ times: [JSON.parse(line).steps], memory: 1 }));
    }`;
  const working = new Contestant("working", Deno.execPath(), ["eval", echo]);
  assertEquals(await working.round(7), { times: [7], memory: 1 });
  assertEquals(await working.round(8), { times: [8], memory: 1 });
  await working.close();
});
