/**
 * Checks the sky survey's generator and likelihood against each other on many mocks: the score test,
 * the coverage of the explicit posteriors, and the speed of both.
 *
 * usage: sky.ts [--mocks 150] [--from 0] [--score 2000] [--seed 1] [--redshift-min 0.02] [--record FILE]
 *   [--survey hiflugcs]
 *
 * The score test and the speed are of the reference numbers' survey, HIFLUGCS from z = 0.01; the
 * posteriors are of HIFLUGCS from `--redshift-min` on, or of another `--survey` as it is. `--record` keeps one line of JSON per mock and
 * continues where the file ends.
 */
import process from "node:process";
import { parseArgs } from "@std/cli/parse-args";
import { prepareSkyCoreDrawing } from "../src/catalogs/sky/core/draw_core.ts";
import { prepareSkyDrawing } from "../src/catalogs/sky/draw.ts";
import { FIDUCIAL_SKY } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS, type SkyPresetName } from "../src/catalogs/sky/presets.ts";
import type { JudgedSkyMock } from "../src/evaluation/sky/coverage.ts";
import { judgeSkyMock, measureSkyCoverage, SKY_COSMOLOGY } from "../src/evaluation/sky/coverage.ts";
import type { SkyCosmologyName } from "../src/evaluation/sky/coverage.ts";
import { testScore } from "../src/evaluation/sky/score_check.ts";
import { createRandom } from "../src/numerics/random.ts";
import { median } from "../src/numerics/statistics.ts";
import { print } from "./files.ts";
import { machineName } from "./machine.ts";

const { mocks, from, score, seed, record, survey: name, ...rest } = parseArgs(Deno.args, {
  string: ["record", "survey"],
  default: {
    ...{ mocks: 150, from: 0, score: 2000, seed: 1, "redshift-min": 0.02 },
    survey: "hiflugcs",
  },
});

/** The survey of the reference numbers: HIFLUGCS from z = 0.01. */
const SURVEY = { ...SKY_PRESETS.hiflugcs.survey, redshiftMin: 0.01 };
const drawer = prepareSkyDrawing(SURVEY);
const coreDrawer = prepareSkyCoreDrawing(SURVEY);
/** The survey whose posteriors are judged. */
const JUDGED = name === "hiflugcs"
  ? { ...SURVEY, redshiftMin: Number(rest["redshift-min"]) }
  : SKY_PRESETS[name as SkyPresetName].survey;
const judgedDrawer = prepareSkyDrawing(JUDGED);
const random = createRandom(Number(seed));

/** CPU seconds that a piece of work takes; other programs of the machine do not count. */
function cpuSeconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  return process.cpuUsage(start).user / 1e6;
}

print(await machineName());
for (const [way, own] of [["TypeScript", drawer], ["WASM", coreDrawer]] as const) {
  const speed = cpuSeconds(() => {
    for (let i = 0; i < 2000; i++) own.draw(FIDUCIAL_SKY, random.fork("speed", i));
  });
  print(`drawing in ${way}: ${Math.round(2000 / speed)} catalogs of 73 clusters per CPU second`);
}

if (Number(score) > 0) {
  print(`score test, ${score} mocks: implied bias over posterior width`);
  for (
    const { name, bias, error } of testScore(SURVEY, drawer, FIDUCIAL_SKY, Number(score), random)
  ) {
    print(`  ${name.padEnd(9)} ${bias.toFixed(3).padStart(7)} +- ${error.toFixed(3)}`);
  }
}

/** A mock of the record: its number, and what its posterior cost. */
type RecordedMock = JudgedSkyMock & { readonly mock: number; readonly seconds: number };

const judged: RecordedMock[] = record === undefined
  ? []
  : (await Deno.readTextFile(record).catch(() => "")).split("\n").filter(Boolean)
    .map((line): RecordedMock => JSON.parse(line));
const first = Math.max(Number(from), 1 + Math.max(-1, ...judged.map(({ mock }) => mock)));
for (let i = first; i < Number(from) + Number(mocks); i++) {
  let found: JudgedSkyMock | null = null;
  const seconds = cpuSeconds(() =>
    found = judgeSkyMock(JUDGED, judgedDrawer, random.fork("mock", i))
  );
  if (found === null) continue;
  const mock: RecordedMock = { mock: i, seconds, ...found as JudgedSkyMock };
  judged.push(mock);
  if (record !== undefined) {
    await Deno.writeTextFile(record, JSON.stringify(mock) + "\n", { append: true });
  }
}
const times = judged.map(({ seconds }) => seconds);
if (times.length > 0) {
  print(
    `posteriors: median ${median(times).toFixed(1)} CPU seconds, most ${
      Math.max(...times).toFixed(1)
    }`,
  );
}
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
