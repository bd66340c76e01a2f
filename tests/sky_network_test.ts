/**
 * The network of a survey on the sky: its inputs, the posteriors that it gives, its training, and the
 * one that ships.
 */
import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { openSkyCatalog } from "../cli/storage/sky_files.ts";
import { prepareSkyDrawing } from "../src/catalogs/sky/draw.ts";
import { FIDUCIAL_SKY, priorCoordinate, SKY_PRIORS } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import { SKY_COSMOLOGY } from "../src/evaluation/sky/coverage.ts";
import { decodeJoint, jointPoints, scoreTruth } from "../src/evaluation/sky/joint_posterior.ts";
import { credibilityAbout, testJointPoints } from "../src/evaluation/sky/joint_points.ts";
import { ownProxyScatter } from "../src/evaluation/sky/mass_proxy.ts";
import { summarizeSky } from "../src/evaluation/sky/posterior.ts";
import {
  fitSkyScales,
  joinSkyCatalogs,
  skyColumns,
  skyInputs,
} from "../src/features/sky_inputs.ts";
import { fitSkyRelations, RELATION_INPUTS } from "../src/features/sky_relations.ts";
import { openEngine } from "../src/network/backends.ts";
import { createRandom } from "../src/numerics/random.ts";
import { correlation, mean, standardDeviation } from "../src/numerics/statistics.ts";
import { loadSkyNetwork } from "../src/pretrained/sky.ts";
import { evaluateSkyNetwork } from "../src/runs/sky_evaluation.ts";
import { fitWarp } from "../src/runs/sky_recalibration.ts";
import {
  finishSkyRun,
  openSkyNetwork,
  skyRunFromArrays,
  skyRunToArrays,
  skyStateFromArrays,
  skyStateToArrays,
} from "../src/runs/sky_network.ts";
import { type SkyRecipe, skyRecipe } from "../src/runs/sky_recipe.ts";
import { drawSkyPair, trainSky } from "../src/runs/sky_training.ts";

const SURVEY = SKY_PRESETS.hiflugcs.survey;
const DRAWER = prepareSkyDrawing(SURVEY);

Deno.test("catalogs of any number of clusters are joined without padding, scaled by column", () => {
  const random = createRandom(1);
  const mocks = [0, 1, 2].map((i) => DRAWER.draw(FIDUCIAL_SKY, random.fork("mock", i)));
  const columns = mocks.map(skyColumns);
  const batch = joinSkyCatalogs(columns, fitSkyScales(columns));
  const rows = mocks.map(({ redshift }) => redshift.length);
  assertEquals([...batch.rowOffsets], [
    0,
    rows[0]!,
    rows[0]! + rows[1]!,
    rows[0]! + rows[1]! + rows[2]!,
  ]);
  for (const column of [0, 1, 2, 3]) {
    const values = batch.pixels.filter((_, at) => at % 4 === column);
    assertAlmostEquals(mean(values), 0, 1e-5);
    assertAlmostEquals(standardDeviation(values), 1, 0.01);
  }
  assertEquals(batch.supplementary[2 * rows[0]! + 1], batch.pixels[4 * rows[0]! + 3]);
});

Deno.test("a catalog's relations are those of its clusters, and each of them is given all", () => {
  const random = createRandom(4);
  const slopes = { L: 0.5, T: [0.2, 0.6], G: [-0.1, 0.3, 0.8] } as const;
  const rows = Array.from({ length: 20_000 }, () => {
    const z = random.normal();
    const L = 1 + slopes.L * z + 0.4 * random.normal();
    const T = -0.5 + slopes.T[0] * z + slopes.T[1] * L + 0.3 * random.normal();
    const G = slopes.G[0] * z + slopes.G[1] * L + slopes.G[2] * T + 0.2 * random.normal();
    return [L, T, G, z];
  });
  const found = fitSkyRelations(Float32Array.from(rows.flat()), 0, rows.length);
  assertEquals(found.length, RELATION_INPUTS);
  const level = -0.5 + 0.6;
  // By z alone, then by what z leaves of L, then by what both leave of T.
  const byT = [slopes.T[0] + slopes.T[1] * slopes.L, slopes.T[1]];
  const byG = [
    slopes.G[0] + slopes.G[1] * slopes.L + slopes.G[2] * byT[0]!,
    slopes.G[1] + slopes.G[2] * slopes.T[1],
    slopes.G[2],
  ];
  const expected = [level, 0.3 + 0.8 * level, slopes.L, ...byT, ...byG];
  expected.forEach((value, k) => assertAlmostEquals(found[k]!, value, 0.03, `${k}`));
  [1, 0.4, 0.3, 0.2].forEach((scatter, k) =>
    assertAlmostEquals((found[8 + k]! / 2) - 1, Math.log(scatter), 0.02)
  );
  // One cluster has no line, and gives numbers all the same.
  assert(fitSkyRelations(Float32Array.of(1, 2, 3, 4), 0, 1).every(Number.isFinite));

  const mocks = [0, 1].map((i) => DRAWER.draw(FIDUCIAL_SKY, random.fork("mock", i)));
  const columns = mocks.map(skyColumns);
  const scales = fitSkyScales(columns);
  const bare = joinSkyCatalogs(columns, scales);
  const batch = joinSkyCatalogs(columns, scales, { relations: true });
  assertEquals(batch.pixels, bare.pixels);
  const width = skyInputs({ survey: SURVEY, relations: true }).supplementary;
  assertEquals([skyInputs({ survey: SURVEY }).supplementary, width], [2, 14]);
  const own = mocks.map((_, c) =>
    fitSkyRelations(batch.pixels, batch.rowOffsets[c]!, batch.rowOffsets[c + 1]!)
  );
  for (let row = 0; row < batch.rowOffsets[2]!; row++) {
    const given = batch.supplementary.subarray(width * row, width * (row + 1));
    assertEquals(given.subarray(0, 2), bare.supplementary.subarray(2 * row, 2 * row + 2));
    assertEquals(given.subarray(2), own[row < batch.rowOffsets[1]! ? 0 : 1]!);
  }
});

Deno.test("without lensing masses terse values are tied to T Mgas, in training alone", () => {
  const random = createRandom(3);
  const mocks = [0, 1].map((i) => DRAWER.draw(FIDUCIAL_SKY, random.fork("mock", i)));
  const columns = mocks.map(skyColumns);
  const scales = fitSkyScales(columns);
  assertEquals(joinSkyCatalogs(columns, scales).tie.length, 0);
  const { tie } = joinSkyCatalogs(columns, scales, { tied: true });
  const lnY = mocks.flatMap(({ lnTemperature, lnGasMass }) =>
    Array.from(lnTemperature, (ln, i) => ln + lnGasMass[i]!)
  );
  assertEquals(tie.length, lnY.length);
  const unit = scales[1]!.scale + scales[2]!.scale;
  lnY.forEach((ln, i) => assertAlmostEquals(tie[i]! - tie[0]!, (ln - lnY[0]!) / unit, 1e-5));
  assertAlmostEquals(mean(tie), 0, 1e-5);
});

Deno.test("the terse value of the network that ships is a mass within catalogs, and with ln L to 13%", async () => {
  const run = await loadSkyNetwork("hiflugcs");
  const engine = await openEngine("core", { threads: 1 });
  const network = await openSkyNetwork(engine, run);
  const random = createRandom(12);
  const mocks = Array.from({ length: 150 }, (_, i) => drawSkyPair(DRAWER, random.fork(i)).mock)
    .filter(({ redshift }) => redshift.length >= 10);
  const terse = await Promise.all(mocks.map((mock) => network.encode(mock)));
  engine.close();
  const scatterOf = (columnsOf: (flat: Float32Array, c: number) => ArrayLike<number>[]) =>
    ownProxyScatter(mocks.map((mock, c) => ({
      lnMass: mock.lnMass,
      columns: columnsOf(skyColumns(mock), c),
    })));
  const column = (flat: Float32Array, k: number) => flat.filter((_, at) => at % 4 === k);
  const pair = scatterOf((flat, c) => [terse[c]!, column(flat, 0)]);
  const best = scatterOf((flat) => [0, 1, 2, 3].map((k) => column(flat, k)));
  assertLess(scatterOf((_, c) => [terse[c]!]), 0.13);
  assertLess(pair, 0.12);
  assertLess(pair, 1.12 * best);
});

/** Outputs of the network for a covariance of two numbers. */
function outputsFor(means: [number, number], widths: [number, number], r: number): Float32Array {
  const conditional = widths[0] * Math.sqrt(1 - r * r);
  return Float32Array.of(
    ...means,
    -Math.log(conditional),
    -Math.log(widths[1]),
    -r * widths[0] / widths[1],
  );
}

Deno.test("five outputs are two means, two widths and a correlation, and points have them", () => {
  const joint = decodeJoint(outputsFor([0.3, -0.4], [0.2, 0.5], -0.7), 0);
  assertAlmostEquals(joint.deviation[0], 0.2, 1e-6);
  assertAlmostEquals(joint.deviation[1], 0.5, 1e-6);
  assertAlmostEquals(joint.correlation, -0.7, 1e-6);
  const { parameters } = jointPoints(joint);
  const probits = (["S8", "omegaM"] as const).map((name) =>
    parameters.map((at) => priorCoordinate(SKY_PRIORS[name], at[name]))
  ) as [number[], number[]];
  assertAlmostEquals(mean(probits[0]), 0.3, 0.004);
  assertAlmostEquals(mean(probits[1]), -0.4, 0.01);
  assertAlmostEquals(standardDeviation(probits[0]), 0.2, 0.004);
  assertAlmostEquals(standardDeviation(probits[1]), 0.5, 0.01);
  assertAlmostEquals(correlation(probits[0], probits[1]), -0.7, 0.02);
});

Deno.test("a network that knows nothing gives the box", () => {
  const points = jointPoints(decodeJoint(outputsFor([0, 0], [1, 1], 0), 0));
  const { mean: middle, deviation } = summarizeSky(points, SKY_COSMOLOGY.S8);
  assertAlmostEquals(middle, 0.75, 1e-3);
  assertAlmostEquals(deviation, 0.4 / Math.sqrt(12), 1e-3);
});

Deno.test("a warp is fitted to ranks that are not uniform, and makes them so", () => {
  const random = createRandom(6);
  const scores = Float64Array.from({ length: 4000 }, () => 0.3 + 1.2 * random.normal());
  const warp = fitWarp(scores);
  assertAlmostEquals(warp[0], 0.3, 0.05);
  assertAlmostEquals(warp[1], 1.2, 0.04);
  const joint = { mean: [0.2, -0.1], deviation: [0.3, 0.5], correlation: -0.6 } as const;
  const plain = jointPoints(joint);
  const warped = jointPoints({ ...joint, warps: [warp, [0, 1, 0, 0]] });
  const of = (points: typeof plain, name: "S8" | "omegaM") =>
    summarizeSky(points, SKY_COSMOLOGY[name]);
  const moved = (of(warped, "S8").mean - of(plain, "S8").mean) / of(plain, "S8").deviation;
  assertAlmostEquals(moved, 0.3, 0.05);
  assertAlmostEquals(of(warped, "S8").deviation / of(plain, "S8").deviation, 1.2, 0.05);
  assertAlmostEquals(of(warped, "omegaM").mean, of(plain, "omegaM").mean, 1e-9);
  // Values drawn from the posterior have scores that are standard normal.
  const own = plain.parameters.map((at) => scoreTruth(joint, at));
  for (const k of [0, 1] as const) {
    assertAlmostEquals(mean(own.map((score) => score[k])), 0, 0.01);
    assertAlmostEquals(standardDeviation(own.map((score) => score[k])), 1, 0.01);
  }
  // A shift alone where a cubic would turn back.
  const clipped = scores.map((z) => Math.min(Math.max(z, -1), 1));
  assertEquals(fitWarp(clipped).slice(2), [0, 0]);
});

Deno.test("random points see a wrong correlation that the ranks of single numbers do not", () => {
  const random = createRandom(3);
  const test = (r: number) => {
    const joint = { mean: [0, 0], deviation: [0.5, 0.5], correlation: r } as const;
    const { parameters } = jointPoints({ ...joint, correlation: -0.9 });
    const points = jointPoints(joint);
    return testJointPoints(Array.from({ length: 800 }, (_, i) => {
      const truth = parameters[random.integer(parameters.length)]!;
      return credibilityAbout(points, truth, random.fork("point", i));
    })).probability;
  };
  assertLess(test(0.9), 1e-3);
  assert(test(-0.9) > 0.01);
});

const SMALL: Partial<SkyRecipe> = { catalogs: 200, fresh: 100, epochs: 3, batch: 20, seed: 5 };
const NARROW = { encoder: [8, 4], cluster: [8], dense: [8] };

Deno.test("a training lowers its loss, resumes to the same bits, and does on any number of threads", async () => {
  const base = skyRecipe(SURVEY, SMALL);
  const recipe = { ...base, architecture: { ...base.architecture, ...NARROW } };
  const train = async (
    threads: number,
    stopAfter = Infinity,
    resume?: Parameters<typeof trainSky>[2],
  ) => {
    const engine = await openEngine("core", { threads });
    let last = resume;
    for await (const state of trainSky(engine, recipe, resume)) {
      last = state;
      if (state.epoch === stopAfter) break;
    }
    engine.close();
    return last!;
  };
  const whole = await train(1);
  assertLess(whole.history[2]!, whole.history[0]!);
  const saved = skyStateToArrays(recipe, await train(2, 1));
  const resumed = await train(2, Infinity, skyStateFromArrays(saved).state);
  assertEquals(resumed.weights, whole.weights);
  assertEquals(resumed.history, whole.history);
  const engine = await openEngine("core", { threads: 1 });
  const run = await finishSkyRun(engine, recipe, whole);
  const [turned, plain] = [run, { ...run, weights: whole.weights }].map((of) =>
    openSkyNetwork(engine, of)
  );
  const mock = DRAWER.draw(FIDUCIAL_SKY, createRandom(2));
  assertEquals(await (await turned!).posteriors([mock]), await (await plain!).posteriors([mock]));
  assert(correlation(await (await turned!).encode(mock), mock.lnGasMass) > 0);
  engine.close();
  const file = skyRunToArrays(run);
  assertEquals(skyRunFromArrays(file).weights, run.weights);
  const damaged = { ...file, metadata: { ...file.metadata, checksum: "0" } };
  assertThrows(() => skyRunFromArrays(damaged), SyntaxError, "checksum");
});

Deno.test("the network that ships answers HIFLUGCS as the likelihood does, and its errors are its widths", async () => {
  const run = await loadSkyNetwork("hiflugcs");
  assertEquals(run.recipe, skyRecipe(SURVEY));
  const engine = await openEngine("core", { threads: 1 });
  const network = await openSkyNetwork(engine, run);
  const path = new URL("../fixtures/hiflugcs.csv", import.meta.url).pathname;
  const { clusters } = openSkyCatalog(path, SURVEY, "leave out");
  const [joint] = await network.posteriors([clusters]);
  const S8 = summarizeSky(jointPoints(joint!), SKY_COSMOLOGY.S8);
  assertAlmostEquals(S8.mean, 0.759, 0.3 * 0.029);
  assertAlmostEquals(S8.deviation, 0.029, 0.004);
  // The likelihood's omegaM is the mean of eight posteriors of 500 to 3000 independent samples.
  const omegaM = summarizeSky(jointPoints(joint!), SKY_COSMOLOGY.omegaM);
  assertAlmostEquals(omegaM.mean, 0.304, 0.3 * 0.065);
  assertAlmostEquals(omegaM.deviation, 0.065, 0.008);
  const { coverage } = await evaluateSkyNetwork(network, SURVEY, 250, createRandom(9));
  for (const name of ["S8", "omegaM", "sigma8"] as const) {
    const { rmsError, rmsWidth, intervals } = coverage[name];
    assertAlmostEquals(rmsError / rmsWidth, 1, 0.12, name);
    assertAlmostEquals(intervals[0]!.covered, 0.68, 0.08, name);
  }
  const unmeasured = { ...clusters, lnGasMassError: clusters.lnGasMassError.map(() => 1e3) };
  const error = await network.posteriors([unmeasured]).catch((reason) => reason);
  assertEquals(error.message.includes("54 of 54 clusters lack"), true, String(error));
  engine.close();
});
