/**
 * The interleaved harness: its intervals against known distributions, its gates, and a planted
 * slow-down among programs that are the same.
 */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { ComparisonOptions, SpeedComparison } from "../src/bench/mod.ts";
import { compare, formatComparison, judgeRatios } from "../src/bench/mod.ts";
import { isDecided } from "../src/bench/ratios.ts";
import { createRandom } from "../src/numerics/random.ts";

const HARNESS = new URL("../src/bench/mod.ts", import.meta.url).href;

/** A contestant that does `body`, the body of a function. */
function contestant(name: string, body: string, prelude = "") {
  const program = `import { serveTurns } from "${HARNESS}";
    ${prelude}
    await serveTurns(() => { ${body} });`;
  return { name, command: [Deno.execPath(), "eval", program] };
}

/** A contestant of a shell's lines, which begins in a twentieth of the CPU time that Deno takes. */
const script = (name: string, lines: string) => ({ name, command: ["sh", "-c", lines] });

/** One that says that each iteration took `milliseconds`, a term of the shell's arithmetic, with a result of JSON. */
const telling = (name: string, milliseconds: string, prelude = "", result = "[1]") =>
  script(
    name,
    `${prelude}
    while read -r request; do
      count=\${request##*:}
      time=$(( \${count%?} * (${milliseconds}) ))
      echo "{\\"cpu\\": $time, \\"wall\\": $time, \\"result\\": ${result.replaceAll('"', '\\"')}}"
    done`,
  );

/** Sets `odd` to 1 in every second process of a contestant, and to 0 in the others. */
const alternate = (file: string): string =>
  `odd=$(( $(wc -c < ${file}) % 2 )); printf x >> ${file}`;

/** A function `sum` of so many terms: some tenths of a millisecond. */
const SUM = `function sum(count) {
  let s = 0;
  for (let i = 0; i < count; i++) s += Math.sqrt(i) * Math.exp(-i % 3);
  return s;
}`;

const QUICK: ComparisonOptions = { generations: 2, attempts: 1, rounds: 6, milliseconds: 1 };

function find({ standings }: SpeedComparison, name: string) {
  return standings.find((standing) => standing.name === name)!;
}

Deno.test("a ratio's interval holds the true ratio in 95 of 100 draws", () => {
  const random = createRandom(5);
  const draw = (scale: number) =>
    Array.from({ length: 20 }, () => scale * (1 + 0.3 * Math.abs(random.normal())));
  let held = 0;
  const runs = 400;
  for (let run = 0; run < runs; run++) {
    const generations = Array.from({ length: 9 }, () => ({ own: draw(1.05), baseline: draw(1) }));
    const { estimate, low, high } = judgeRatios(generations, 0.1);
    assert(low <= estimate && estimate <= high);
    if (low <= 1.05 && 1.05 <= high) held++;
  }
  // 96.1% by the binomial distribution: 3 standard deviations below, or more.
  assert(held / runs > 0.93, `${held} of ${runs}`);
});

Deno.test("disturbed turns leave the ratio of low quantiles as it was", () => {
  const random = createRandom(6);
  const turns = (scale: number, disturbed: number) =>
    Array.from({ length: 60 }, () => scale * (random.uniform() < disturbed ? 1.6 : 1));
  const generations = Array.from({ length: 9 }, () => ({
    own: turns(1.05, 0.8),
    baseline: turns(1, 0.4),
  }));
  assertEquals(judgeRatios(generations, 0.1).estimate, 1.05);
  assert(judgeRatios(generations, 0.5).estimate > 1.5);
});

Deno.test("an interval of few generations is their range, and one alone is refused", () => {
  const one = (own: number) => ({ own: [own], baseline: [2] });
  const range = judgeRatios([one(2), one(3), one(4), one(6)], 0.5);
  assertEquals(range, { estimate: 1.75, low: 1, high: 3 });
  assertThrows(() => judgeRatios([one(2)], 0.5), RangeError, "2 or more are needed");
});

Deno.test("a wrong result, a failure and a faster program are distinguished", async () => {
  const comparison = await compare([
    contestant("loop", "return sum(20000);", SUM),
    contestant("half more", "sum(10000); return sum(20000);", SUM),
    telling("wrong", "1"),
    contestant("broken", "throw new TypeError('out of order');"),
    script("absent", "exit 3"),
  ], QUICK);
  assertEquals(find(comparison, "loop").verdict, "baseline");
  assert(find(comparison, "half more").ratio!.estimate > 1.1, "half as much again is slower");
  assertEquals(find(comparison, "wrong").verdict, "wrong result");
  assertEquals(find(comparison, "wrong").milliseconds, null);
  assertEquals(find(comparison, "broken").verdict, "failed");
  assertStringIncludes(find(comparison, "broken").reason, "out of order");
  assertEquals(find(comparison, "absent").reason, "it ended with code 3");
  const text = formatComparison(comparison);
  for (const { name } of comparison.standings) assertStringIncludes(text, `| ${name} |`);
  assertStringIncludes(text, "against itself");
});

Deno.test("contestants that print, answer nonsense or are not there fail in one line each", async () => {
  const comparison = await compare([
    contestant("sound", "return [1, NaN, Infinity];"),
    telling("chatty", "1", "echo 'loading | data'"),
    script("nonsense", `while read -r request; do echo '{"cpu": -1}'; done`),
    script("forgetful", "exit 0"),
    { name: "missing", command: ["/no/such/program"] },
    { name: "empty", command: [] },
    telling("zero for NaN", "1", "", '[1, 0, "Infinity"]'),
    telling("zero for infinity", "1", "", '[1, "NaN", 0]'),
    telling("text", "1", "", '"one"'),
    telling("fickle", "1", "turn=0", '[$(( (turn += 1) > 2 ? 7 : 1 )), "NaN", "Infinity"]'),
    contestant("equal", "return new Float64Array([1, NaN, Infinity]);"),
  ], { ...QUICK, tolerance: 0.1 });
  const reasons = Object.fromEntries(
    comparison.standings.map(({ name, verdict, reason }) => [name, `${verdict}: ${reason}`]),
  );
  for (
    const [name, words] of [
      ["chatty", `failed: it wrote "loading | data" on stdout`],
      ["nonsense", `failed: it answered {"cpu":-1}, where a turn`],
      ["forgetful", "failed: it ended with code 0 before its turn"],
      ["missing", "failed: there is no program /no/such/program"],
      ["empty", "failed: its command is empty"],
      ["zero for NaN", "wrong result: its result is not the baseline's"],
      ["zero for infinity", "wrong result: its result is not the baseline's"],
      ["text", "wrong result: its result is not the baseline's"],
      ["fickle", "wrong result: a later result is not the baseline's"],
    ] as const
  ) assertStringIncludes(reasons[name]!, words);
  assert(find(comparison, "equal").ratio !== null);
  const lines = formatComparison(comparison).split("\n");
  assertEquals(lines.length, 2 + comparison.standings.length + 2);
  assertStringIncludes(lines.join(), "loading \\| data");
});

Deno.test("a contestant that hangs fails when the patience has ended, and is ended", async () => {
  const mute = script("mute", "exec sleep 1000");
  const options = { ...QUICK, rounds: 1, patience: 8000 };
  const start = performance.now();
  const comparison = await compare([telling("sound", "1"), mute], options);
  assertEquals(find(comparison, "mute").reason, "it gave no answer for 8000 ms");
  assert(performance.now() - start < 60_000);
});

Deno.test("options out of range are refused before any process starts", async () => {
  const wrong: readonly [ComparisonOptions, string][] = [
    [{ rounds: 0 }, "rounds is 0, should be a whole number from 1 on"],
    [{ rounds: NaN }, "rounds is NaN"],
    [{ generations: 1 }, "generations is 1, should be a whole number from 2 on"],
    [{ attempts: 0 }, "attempts is 0"],
    [{ milliseconds: 0 }, "milliseconds is 0"],
    [{ share: 2 }, "share is 2, should be a number from 0 to 1"],
    [{ tolerance: -1 }, "tolerance is -1"],
    [{ resolution: 0 }, "resolution is 0"],
    [{ patience: -5 }, "patience is -5"],
    [{ clock: "sun" as "cpu" }, "clock is sun, should be cpu or wall"],
  ];
  const never = { name: "never", command: ["/no/such/program"] };
  for (const [options, words] of wrong) {
    await assertRejects(() => compare([never], options), RangeError, words);
  }
  await assertRejects(() => compare([never], QUICK), Error, "there is no program /no/such/program");
});

Deno.test("a single contestant is compared with itself, and a wild one is not resolved", async () => {
  const alone = await compare([contestant("alone", "return sum(20000);", SUM)], QUICK);
  assertEquals(alone.standings.map(({ verdict }) => verdict), ["baseline"]);
  assert(alone.twin!.estimate > 0);
  const file = await Deno.makeTempFile();
  // Half the work in every second process, and three times as much in the others.
  const wild = telling("wild", "odd ? 6 : 1", alternate(file));
  const options = { ...QUICK, resolution: 0.3 };
  const comparison = await compare([telling("tame", "2"), wild], options);
  assertEquals(find(comparison, "wild").verdict, "not resolved");
  await Deno.remove(file);
});

Deno.test("results within the tolerance have a speed, and numbers of any array are compared", async () => {
  const programs = [
    contestant("array", "return [1, 2];"),
    contestant("typed", "return new Float32Array([1, 2.001]);"),
  ];
  const told = [
    telling("array", "1", "", "[1, 2]"),
    telling("typed", "1", "", `[1, ${Math.fround(2.001)}]`),
  ];
  const strict = await compare(told, QUICK);
  assertEquals(find(strict, "typed").verdict, "wrong result");
  const loose = await compare(programs, { ...QUICK, tolerance: 1e-3 });
  assert(find(loose, "typed").ratio !== null);
});

Deno.test("a baseline that fails ends the comparison with its error message", async () => {
  const broken = contestant("broken", "throw new Error('no input');");
  await assertRejects(() => compare([broken], QUICK), Error, "no input");
  await assertRejects(() => compare([], QUICK), RangeError, "0 contestants");
});

Deno.test("work twice as long is slower, and the baseline against itself is 1", async () => {
  const comparison = await compare([
    contestant("once", "return sum(30000);", SUM),
    contestant("twice", "sum(30000); return sum(30000);", SUM),
  ], { ...QUICK, generations: 5, rounds: 60 });
  const { ratio } = find(comparison, "twice");
  assert(ratio!.estimate > 1.6 && ratio!.estimate < 2.5, `the ratio is ${ratio!.estimate}`);
  assert(Math.abs(comparison.twin!.estimate - 1) < 0.1, `A/A is ${comparison.twin!.estimate}`);
});

Deno.test("an interval decides if it leaves out 1, or stays within the resolution of it", () => {
  const decides = (estimate: number, low: number, high: number) =>
    isDecided({ estimate, low, high }, 0.02);
  assert(decides(1.05, 1.03, 1.06));
  assert(decides(0.95, 0.94, 0.96));
  assert(decides(1.001, 0.99, 1.01));
  assert(!decides(1.04, 0.99, 1.06), "1.05 and 1 are both possible");
  assert(!decides(1, 0.95, 1.001));
  assert(!decides(1.01, 1.005, 1.03), "slower, and perhaps by more than the resolution");
});

Deno.test("generations are run again only while a ratio decides nothing", async () => {
  const file = await Deno.makeTempFile();
  // Twice the work in every second process of the contestant, and half of it in the others.
  const wavering = telling("wavering", "odd ? 4 : 1", alternate(file));
  const once = telling("once", "2");
  const generations = async (resolution: number) =>
    (await compare([once, wavering], { ...QUICK, attempts: 2, resolution })).generations;
  assertEquals(await generations(0.3), 4);
  assertEquals(await generations(20), 2, "both are within the resolution");
  await Deno.remove(file);
});
