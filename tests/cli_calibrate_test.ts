/** `calibrate` as its users run it, on tiny networks. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { COVERAGE_LEVELS } from "../src/evaluation/mod.ts";
import { decodeSafetensors } from "../src/formats/mod.ts";
import { assertRefused, documentOf, readFolder, SMALL, terse } from "./cli_process.ts";
import { BACKEND, makeRun, NETWORK } from "./cli_runs.ts";

const folder = Deno.makeTempDirSync({ prefix: "terse_calibrate_" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

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
  const all = ["calibrate", `--out=${RUN}`, BACKEND, "--json", ...args];
  return documentOf(await terse(folder, ...all)) as unknown as Found;
}

/** Columns of a CSV file by name. */
function readColumns(name: string): Record<string, string[]> {
  const text = Deno.readTextFileSync(`${RUN}/figures/calibration_${name}.csv`);
  const [header, ...rows] = text.trimEnd().split("\n").map((line) => line.split(","));
  return Object.fromEntries(header!.map((column, c) => [column, rows.map((row) => row[c]!)]));
}

Deno.test("calibrate writes the same record as it prints, and a CSV file a plot", async () => {
  const found = await calibrate("--catalogs=200", "--explicit=3", "--threads=1");
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

Deno.test("calibrate counts the true values inside its intervals", async () => {
  const { calibration } = await calibrate("--catalogs=200", "--explicit=0");
  const { counts } = calibration.ranks;
  // An interval of 90% leaves the lowest and the highest twentieth of the ranks out.
  const ends = counts.length / 20;
  const outside = [...counts.slice(0, ends), ...counts.slice(-ends)];
  const { covered } = calibration.coverage.find(({ level }) => level === 0.9)!;
  assertAlmostEquals(covered, 1 - outside.reduce((sum, count) => sum + count, 0) / 200, 1e-12);
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
  const args = ["calibrate", `--out=${RUN}`, BACKEND, "--catalogs=30", "--explicit=0", "--seeds=2"];
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
  const refused = await terse(folder, "calibrate", `--out=${out}`, BACKEND);
  assertRefused(refused, 1, "has no variance", "--preset compact or best");
});

Deno.test("calibrate refuses more explicit posteriors than catalogs, and a folder untrained", async () => {
  await makeGaussian();
  const args = ["calibrate", `--out=${RUN}`, BACKEND];
  const more = ["--catalogs=10", "--explicit=11"];
  assertRefused(await terse(folder, ...args, ...more), 1, "11", "0 or 3 to 10");
  assertRefused(await terse(folder, ...args, "--catalogs=9"), 2, "--catalogs", "from 10 on");
  const out = `${folder}/untrained`;
  const tiny = [...SMALL, ...NETWORK, ...GAUSSIAN];
  documentOf(await terse(folder, "simulate", `--out=${out}`, ...tiny, "--json"));
  const early = await terse(folder, "calibrate", `--out=${out}`, BACKEND);
  assertRefused(early, 1, "weights.safetensors", 'run "train" first');
});
