/** `calibrate` as its users run it, on tiny networks. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { COVERAGE_LEVELS } from "../src/evaluation/mod.ts";
import { decodeSafetensors } from "../src/formats/mod.ts";
import {
  assertRefused,
  documentOf,
  makeTestFolder,
  readFolder,
  SMALL,
  terse,
} from "./cli_process.ts";
import { makeRun, NETWORK, ONE_THREAD } from "./cli_runs.ts";

const folder = makeTestFolder("calibrate");

const RUN = `${folder}/run`;
/** As best is trained; its sisters by seed draw fresh clusters, too. */
const GAUSSIAN = [
  "--set=schedule.catalogs=fresh clusters",
  "--set=architecture.outputs=mean and log variance",
  "--set=schedule.loss=gaussian",
];

interface Found {
  readonly networks: number;
  readonly calibration: {
    readonly count: number;
    readonly coverage: readonly { readonly level: number; readonly covered: number }[];
    readonly ranks: { readonly counts: readonly number[] };
    readonly findings: readonly string[];
  };
  readonly comparison: {
    readonly count: number;
    readonly network: { readonly scatter: number; readonly width: number };
    readonly explicit: { readonly scatter: number; readonly width: number };
    readonly widthRatio: number;
  } | null;
}

/** A run with a Gaussian output, made once. */
let made: Promise<void> | undefined;
const makeGaussian = (): Promise<void> => made ??= makeRun(folder, RUN, ...GAUSSIAN);

async function calibrate(...args: string[]): Promise<Found> {
  await makeGaussian();
  const all = ["calibrate", `--out=${RUN}`, ...ONE_THREAD, "--json", ...args];
  return documentOf(await terse(folder, ...all)) as unknown as Found;
}

/** Columns of a CSV file by name. */
function readColumns(name: string): Record<string, string[]> {
  const text = Deno.readTextFileSync(`${RUN}/figures/calibration_${name}.csv`);
  const [header, ...rows] = text.trimEnd().split("\n").map((line) => line.split(","));
  return Object.fromEntries(header!.map((column, c) => [column, rows.map((row) => row[c]!)]));
}

Deno.test("calibrate writes the same record as it prints, and a CSV file a plot", async () => {
  const found = await calibrate("--catalogs=200", "--explicit=3");
  assertEquals(JSON.parse(Deno.readTextFileSync(`${RUN}/calibration.json`)), found);
  const { calibration, comparison, networks } = found;
  assertEquals([calibration.count, comparison!.count, networks], [200, 3, 1]);
  assertEquals(calibration.coverage.map(({ level }) => level), COVERAGE_LEVELS);
  assertEquals(calibration.ranks.counts.reduce((sum, count) => sum + count, 0), 200);
  const { network, explicit, widthRatio } = comparison!;
  assertAlmostEquals(network.width / explicit.width, widthRatio, 1e-12);
  assert(explicit.width > 0.01 && explicit.width < 0.03, `${explicit.width}`);
  // Two epochs teach it little: it is nearly as unsure as the prior.
  assert(network.width > 2 * explicit.width, `${network.width}`);

  const names = Object.keys(readFolder(`${RUN}/figures`)).sort();
  const plots = ["coverage", "posteriors", "ranks", "tarp", "thirdsByMean", "thirdsByTruth"];
  assertEquals(names, plots.map((name) => `calibration_${name}.csv`));
  assertEquals(readColumns("coverage").level!.map(Number), COVERAGE_LEVELS);
  const { sigma8, standardDeviation, explicitMean } = readColumns("posteriors");
  assertEquals([sigma8!.length, explicitMean!.filter((text) => text !== "").length], [200, 3]);
  assert(standardDeviation!.every((text) => Number(text) > 0));
});

/** The range of sigma8 that the tiny design draws from, half a step beyond its ends. */
const [LOWEST, HIGHEST] = [0.695, 0.925];
/** Spacing of the grid that true values are on. */
const CELL = 0.01;
const GRID = Float64Array.from(
  { length: 2000 },
  (_, i) => LOWEST + (HIGHEST - LOWEST) * (i + 0.5) / 2000,
);

/** The coordinate in which the likelihood is Gaussian, at the grid's values. */
const V = GRID.map((x) => 8 * (1 / x - 1 / 0.81));

/**
 * Share of a posterior below a value, by its mean and standard deviation alone: a flat prior times a
 * likelihood that is Gaussian in 1 / sigma8, whose two numbers Newton's method finds on a grid.
 */
function shareBelow(truth: number, mean: number, deviation: number): number {
  const wanted = [mean, mean ** 2 + deviation ** 2];
  const weights = new Float64Array(GRID.length);
  let [a, b] = [0, 0];
  for (let step = 0; step < 200; step++) {
    let highest = -Infinity;
    for (let i = 0; i < weights.length; i++) {
      weights[i] = a * V[i]! + b * V[i]! ** 2;
      highest = Math.max(highest, weights[i]!);
    }
    // sums[k][p]: the weighted sum of sigma8^k v^p
    const sums = [0, 1, 2].map(() => new Float64Array(3));
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i] = Math.exp(weights[i]! - highest);
      for (let k = 0, x = weight; k < 3; k++, x *= GRID[i]!) {
        for (let p = 0, term = x; p < 3; p++, term *= V[i]!) sums[k]![p]! += term;
      }
    }
    const total = sums[0]![0]!;
    const average = (k: number, p: number) => sums[k]![p]! / total;
    const misses = wanted.map((value, k) => value - average(k + 1, 0));
    if (Math.hypot(...misses) < 1e-9) {
      return weights.reduce((sum, w, i) => sum + (GRID[i]! < truth ? w : 0), 0) / total;
    }
    const slope = (k: number, power: number) =>
      average(k + 1, power) - average(k + 1, 0) * average(0, power);
    const [p, q, r, s] = [slope(0, 1), slope(0, 2), slope(1, 1), slope(1, 2)];
    const determinant = p * s - q * r;
    const moves = [s * misses[0]! - q * misses[1]!, p * misses[1]! - r * misses[0]!]
      .map((move) => move / determinant);
    const damping = Math.min(1, 5 / Math.hypot(...moves));
    a += damping * moves[0]!;
    b += damping * moves[1]!;
  }
  throw new Error(`no posterior has the mean ${mean} and the deviation ${deviation}`);
}

Deno.test("calibrate counts the true values inside its intervals", async () => {
  const { calibration } = await calibrate("--catalogs=200", "--explicit=0");
  const { sigma8, mean, standardDeviation } = readColumns("posteriors");
  // A true value stands for a cell of the prior's grid, somewhere in which the rank is taken.
  const cells = sigma8!.map((truth, c) =>
    [-CELL / 2, CELL / 2].map((move) =>
      shareBelow(Number(truth) + move, Number(mean![c]), Number(standardDeviation![c]))
    )
  );
  for (const level of [0.68, 0.95]) {
    const [low, high] = [(1 - level) / 2, (1 + level) / 2];
    const surely = cells.filter(([from, to]) => from! > low && to! < high).length / 200;
    const perhaps = cells.filter(([from, to]) => to! > low && from! < high).length / 200;
    const { covered } = calibration.coverage.find((entry) => entry.level === level)!;
    assert(surely <= covered && covered <= perhaps, `${surely} ${covered} ${perhaps}`);
    assert(perhaps - surely < 0.2, `${surely} ${perhaps}`);
  }
});

Deno.test("calibrate samples on the catalogs of limit, and takes the posteriors that are there", async () => {
  await calibrate("--catalogs=20", "--explicit=3");
  const first = JSON.parse(Deno.readTextFileSync(`${RUN}/limit.json`));
  assertEquals([first.limit, first.posteriors.length], [null, 3]);
  const { sigma8, explicitMean } = readColumns("posteriors");
  assertEquals(
    first.posteriors.map((p: { sigma8: number }) => p.sigma8),
    sigma8!.slice(0, 3).map(Number),
  );
  documentOf(await terse(folder, "limit", `--out=${RUN}`, "--catalogs=4", "--json"));
  const limit = Deno.readTextFileSync(`${RUN}/limit.json`);
  assertEquals(JSON.parse(limit).posteriors.slice(0, 3), first.posteriors);
  await calibrate("--catalogs=20", "--explicit=3");
  assertEquals(Deno.readTextFileSync(`${RUN}/limit.json`), limit);
  assertEquals(readColumns("posteriors").explicitMean, explicitMean);
});

Deno.test("calibrate --seeds trains more networks and tests their mixture, which is wider", async () => {
  await makeGaussian();
  const args = [
    "calibrate",
    `--out=${RUN}`,
    ...ONE_THREAD,
    "--catalogs=30",
    "--explicit=0",
    "--seeds=2",
  ];
  const { code, stdout, stderr } = await terse(folder, ...args);
  assertEquals(code, 0, stderr);
  for (const word of ["coverage", "68%: ", "ranks (SBC)", "TARP", "pulls", "true 0.7"]) {
    assertStringIncludes(stdout, word);
  }
  assert(!stdout.includes("explicit"), stdout);
  const { metadata } = decodeSafetensors(Deno.readFileSync(`${RUN}/seeds/2/weights.safetensors`));
  assertEquals(JSON.parse(metadata.header!).experiment.seed, 2);
  const { within, between, standardDeviation } = readColumns("posteriors");
  assert(between!.some((text) => Number(text) > 0));
  for (const [c, text] of standardDeviation!.entries()) {
    assertAlmostEquals(Number(text), Math.hypot(Number(within![c]), Number(between![c])), 1e-8);
  }
  const again = await calibrate("--catalogs=30", "--explicit=0", "--seeds=2");
  assertEquals([again.networks, again.comparison], [2, null]);
});

Deno.test("calibrate refuses a network without a variance, in a clear line", async () => {
  const out = `${folder}/value`;
  const value = [
    "--set=architecture.outputs=value",
    "--set=architecture.label=linear",
    "--set=schedule.loss=mae",
  ];
  const all = [...SMALL, ...NETWORK, ...value, "--json"];
  documentOf(await terse(folder, "simulate", `--out=${out}`, ...all));
  const refused = await terse(folder, "calibrate", `--out=${out}`, ...ONE_THREAD);
  assertRefused(refused, 1, "has no variance", "--preset compact or best");
});

Deno.test("calibrate refuses more explicit posteriors than catalogs, and a folder untrained", async () => {
  await makeGaussian();
  const args = ["calibrate", `--out=${RUN}`, ...ONE_THREAD];
  const more = ["--catalogs=10", "--explicit=11"];
  assertRefused(await terse(folder, ...args, ...more), 1, "11", "0 or 3 to 10");
  assertRefused(await terse(folder, ...args, "--catalogs=9"), 2, "--catalogs", "from 10 on");
  const out = `${folder}/untrained`;
  const tiny = [...SMALL, ...NETWORK, ...GAUSSIAN];
  documentOf(await terse(folder, "simulate", `--out=${out}`, ...tiny, "--json"));
  const early = await terse(folder, "calibrate", `--out=${out}`, ...ONE_THREAD);
  assertRefused(early, 1, "weights.safetensors", 'run "train" first');
});
