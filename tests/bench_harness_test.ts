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
    contestant("wrong", "return 1;"),
    contestant("broken", "throw new TypeError('out of order');"),
    contestant("absent", "", "Deno.exit(3);"),
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

Deno.test("results within the tolerance have a speed, and numbers of any array are compared", async () => {
  const programs = [
    contestant("array", "return [1, 2];"),
    contestant("typed", "return new Float32Array([1, 2.001]);"),
  ];
  const strict = await compare(programs, QUICK);
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
  const work = "sum(odd ? 40000 : 10000); return known;";
  const wavering = contestant(
    "wavering",
    work,
    `${SUM}
    const known = sum(20000);
    const odd = Deno.readTextFileSync("${file}").length % 2 === 1;
    Deno.writeTextFileSync("${file}", "x", { append: true });`,
  );
  const once = contestant("once", "return sum(20000);", SUM);
  const generations = async (resolution: number) =>
    (await compare([once, wavering], { ...QUICK, attempts: 2, resolution })).generations;
  assertEquals(await generations(0.3), 4);
  assertEquals(await generations(20), 2, "both are within the resolution");
  await Deno.remove(file);
});
