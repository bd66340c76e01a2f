/**
 * Checks the sky survey's generator and likelihood against each other on many mocks: the score test,
 * the coverage of the explicit posteriors, and the speed of both.
 *
 * usage: sky.ts [--mocks 150] [--from 0] [--score 2000] [--seed 1] [--record FILE]
 *
 * `--record` keeps one line of JSON per mock and continues where the file ends.
 */
import process from "node:process";
import { parseArgs } from "@std/cli/parse-args";
import { prepareSkyDrawing } from "../src/catalogs/sky/draw.ts";
import { FIDUCIAL_SKY } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import type { JudgedSkyMock } from "../src/evaluation/sky/coverage.ts";
import { judgeSkyMock, measureSkyCoverage, SKY_COSMOLOGY } from "../src/evaluation/sky/coverage.ts";
import type { SkyCosmologyName } from "../src/evaluation/sky/coverage.ts";
import { testScore } from "../src/evaluation/sky/score_test.ts";
import { createRandom } from "../src/numerics/random.ts";
import { median } from "../src/numerics/statistics.ts";
import { print } from "./files.ts";
import { machineName } from "./machine.ts";

const { mocks, from, score, seed, record } = parseArgs(Deno.args, {
  string: ["record"],
  default: { mocks: 150, from: 0, score: 2000, seed: 1 },
});

/** The survey of the reference numbers: HIFLUGCS from z = 0.01. */
const SURVEY = { ...SKY_PRESETS.hiflugcs.survey, redshiftMin: 0.01 };
const drawer = prepareSkyDrawing(SURVEY);
const random = createRandom(Number(seed));

/** CPU seconds that a piece of work takes; other programs of the machine do not count. */
function cpuSeconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  return process.cpuUsage(start).user / 1e6;
}

print(await machineName());
const speed = cpuSeconds(() => {
  for (let i = 0; i < 2000; i++) drawer.draw(FIDUCIAL_SKY, random.fork("speed", i));
});
print(`drawing: ${Math.round(2000 / speed)} catalogs of 73 clusters per CPU second`);

if (Number(score) > 0) {
  print(`score test, ${score} mocks: implied bias over posterior width`);
  for (
    const { name, bias, error } of testScore(SURVEY, drawer, FIDUCIAL_SKY, Number(score), random)
  ) {
    print(`  ${name.padEnd(9)} ${bias.toFixed(3).padStart(7)} +- ${error.toFixed(3)}`);
  }
}

const known = record === undefined
  ? []
  : (await Deno.readTextFile(record).catch(() => "")).split("\n").filter(Boolean)
    .map((line): JudgedSkyMock => JSON.parse(line));
const judged: JudgedSkyMock[] = [...known];
let seconds = 0;
for (let i = Number(from) + known.length; i < Number(from) + Number(mocks); i++) {
  let mock: JudgedSkyMock | null = null;
  seconds += cpuSeconds(() => mock = judgeSkyMock(SURVEY, drawer, random.fork("mock", i)));
  if (mock === null) continue;
  judged.push(mock);
  if (record !== undefined) {
    await Deno.writeTextFile(record, JSON.stringify(mock) + "\n", { append: true });
  }
}
const fresh = judged.length - known.length;
if (fresh > 0) print(`posteriors: ${(seconds / fresh).toFixed(1)} CPU seconds each`);
if (judged.length > 1) {
  const samples = judged.map(({ effectiveSamples }) => effectiveSamples);
  print(
    `${judged.length} prior mocks, N median ${median(judged.map(({ count }) => count))}; ` +
      `effective samples: median ${Math.round(median(samples))}, least ${
        Math.round(Math.min(...samples))
      }`,
  );
  print("         bias    rms error  rms width  pull mean  pull sd  68%    95%    ranks p");
  for (const name of Object.keys(SKY_COSMOLOGY) as SkyCosmologyName[]) {
    const c = measureSkyCoverage(judged.map((mock) => mock[name]));
    const [low, high] = c.intervals.map(({ covered }) => `${(100 * covered).toFixed(1)}%`);
    print(
      `${name.padEnd(7)} ${c.bias.toFixed(4).padStart(7)}  ${c.rmsError.toFixed(4)}     ` +
        `${c.rmsWidth.toFixed(4)}     ${c.pullMean.toFixed(2).padStart(5)}      ` +
        `${c.pullDeviation.toFixed(2)}     ${low}  ${high}  ${c.rankProbability.toFixed(3)}`,
    );
  }
}
