/** The network of a survey with lensing masses: its inputs, and a terse value that is tied to the masses. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import { prepareSkyDrawing } from "../src/catalogs/sky/draw.ts";
import { FIDUCIAL_SKY } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import { MISSING_ERROR } from "../src/catalogs/sky/sky_clusters.ts";
import {
  ownProxyScatter,
  type ProxyCatalog,
  withinCorrelation,
} from "../src/evaluation/sky/mass_proxy.ts";
import { withoutLensing } from "../src/evaluation/sky/sensitivity.ts";
import {
  fitSkyScales,
  joinSkyCatalogs,
  skyColumns,
  skyInputs,
  skyWidth,
  surveyColumns,
} from "../src/features/sky_inputs.ts";
import type { Engine } from "../src/model.ts";
import { openEngine } from "../src/network/backends.ts";
import { createRandom } from "../src/numerics/random.ts";
import { mean, standardDeviation } from "../src/numerics/statistics.ts";
import { loadSkyNetwork } from "../src/pretrained/sky.ts";
import { evaluateSkyNetwork } from "../src/runs/sky_evaluation.ts";
import {
  finishSkyRun,
  openSkyNetwork,
  type SkyRun,
  skyRunFromArrays,
  skyRunToArrays,
  whyNotAsked,
} from "../src/runs/sky_network.ts";
import { skyVariants } from "../src/runs/sky_robustness.ts";
import { SKY_TIE, skyRecipe } from "../src/runs/sky_recipe.ts";
import { drawSkyPair, trainSky } from "../src/runs/sky_training.ts";

const SURVEY = SKY_PRESETS["hiflugcs-lensing"].survey;
const DRAWER = prepareSkyDrawing(SURVEY);

Deno.test("lensing masses are for the regression alone, with a mask, and are what terse values are tied to", () => {
  const mocks = [0, 1].map((i) => DRAWER.draw(FIDUCIAL_SKY, createRandom(1).fork("mock", i)));
  assertEquals(skyInputs({ survey: SURVEY }), { pixels: 4, supplementary: 4 });
  assertEquals(skyInputs({ survey: SKY_PRESETS.hiflugcs.survey }), { pixels: 4, supplementary: 2 });
  const columns = mocks.map((mock) => surveyColumns(mock, SURVEY));
  const scales = fitSkyScales(columns, skyWidth(SURVEY));
  assertEquals(scales.length, 5);
  const batch = joinSkyCatalogs(columns, scales);
  const bare = joinSkyCatalogs(mocks.map(skyColumns), scales.slice(0, 4));
  assertEquals(batch.pixels, bare.pixels);
  assertEquals(bare.tie.length, 0);
  const known = mocks.flatMap(({ lensing }) =>
    Array.from(lensing!.lnMassError, (error) => error < MISSING_ERROR)
  );
  known.forEach((isThere, row) => {
    const [lnL, lnZ, mass, mask] = batch.supplementary.subarray(4 * row, 4 * row + 4);
    assertEquals([lnL, lnZ], [...bare.supplementary.subarray(2 * row, 2 * row + 2)]);
    assertEquals(mask, isThere ? 1 : 0);
    assertEquals(batch.tie[row], isThere ? mass : NaN);
    if (!isThere) assertEquals(mass, 0);
  });
  const tied = batch.tie.filter((value) => !Number.isNaN(value));
  assertAlmostEquals(mean(tied), 0, 1e-5);
  assertAlmostEquals(standardDeviation(tied), 1, 0.02);
  // A catalog without any is one whose masks are all 0.
  const none = joinSkyCatalogs([surveyColumns(withoutLensing(mocks[0]!), SURVEY)], scales);
  assert(none.tie.every(Number.isNaN));
});

Deno.test("robustness asks what wrong lensing masses do, where a survey has them", () => {
  const names = (survey: typeof SURVEY) => skyVariants(survey).map(({ name }) => name);
  const plain = names(SKY_PRESETS.hiflugcs.survey);
  assertEquals(names(SURVEY), [...plain, "lensing masses 10% low", "no lensing masses"]);
  const mock = DRAWER.draw(FIDUCIAL_SKY, createRandom(1));
  const [low, none] = skyVariants(SURVEY).slice(-2).map(({ spoil }) => spoil(mock));
  assertAlmostEquals(Math.exp(low!.lensing!.lnMass[0]! - mock.lensing!.lnMass[0]!), 0.9, 1e-12);
  assertEquals(low!.lensing!.lnMassError, mock.lensing!.lnMassError);
  assertEquals(none!.lensing, undefined);
});

Deno.test("a network is not asked of a catalog with another share of lensing masses than it knows", () => {
  const mock = DRAWER.draw(FIDUCIAL_SKY, createRandom(1));
  assertEquals(whyNotAsked(mock, SURVEY), null);
  assertMatch(
    whyNotAsked(withoutLensing(mock), SURVEY)!,
    /^0 clusters have lensing masses, .* some/,
  );
  const all = prepareSkyDrawing({ ...SURVEY, lensing: { ...SURVEY.lensing!, fraction: 1 } })
    .draw(FIDUCIAL_SKY, createRandom(1));
  assertMatch(whyNotAsked(all, SURVEY)!, new RegExp(`^${all.redshift.length} clusters have`));
  const cold = { ...mock, lnTemperatureError: mock.lnTemperatureError.map(() => MISSING_ERROR) };
  assertMatch(whyNotAsked(cold, SURVEY)!, /lack a temperature/);
});

/** A small network after a short training. */
async function train(engine: Engine, tieWeight: number): Promise<SkyRun> {
  const base = skyRecipe(SURVEY, { catalogs: 500, fresh: 100, epochs: 5, batch: 10, seed: 5 });
  assertEquals(base.tieWeight, SKY_TIE);
  const narrow = { encoder: [8, 4], cluster: [8], dense: [8] };
  const recipe = { ...base, tieWeight, architecture: { ...base.architecture, ...narrow } };
  let last;
  for await (const state of trainSky(engine, recipe)) last = state;
  return await finishSkyRun(engine, recipe, last!);
}

Deno.test("tied to the masses of half of the clusters, the terse value is a mass of all of them", async () => {
  const engine = await openEngine("core", { threads: 1 });
  const random = createRandom(3);
  const mocks = Array.from({ length: 30 }, (_, i) => DRAWER.draw(FIDUCIAL_SKY, random.fork(i)));
  const correlate = async (run: SkyRun) => {
    const network = await openSkyNetwork(engine, run);
    const catalogs: ProxyCatalog[] = [];
    for (const mock of mocks) {
      catalogs.push({ lnMass: mock.lnMass, columns: [await network.encode(mock)] });
    }
    network.dispose();
    return withinCorrelation(catalogs);
  };
  const tied = await train(engine, SKY_TIE);
  const [with_, without] = [await correlate(tied), await correlate(await train(engine, 0))];
  assert(with_ > 0.95 && with_ > without, `${with_}, ${without}`);
  // It asks of the masses, and answers where there is none.
  const network = await openSkyNetwork(engine, skyRunFromArrays(skyRunToArrays(tied)));
  const [mock] = mocks;
  const bare = withoutLensing(mock!);
  const [own, other] = await network.posteriors([mock!, bare]);
  assertNotEquals(own, other);
  assert(Number.isFinite(other!.mean[0]));
  // The terse value is made without them.
  assertEquals(await network.encode(mock!), await network.encode(bare));
  network.dispose();
  engine.close();
});

Deno.test("the network that ships has a terse value that is a mass, and errors that are its widths", async () => {
  const run = await loadSkyNetwork("hiflugcs-lensing");
  assertEquals(run.recipe.survey, SURVEY);
  assertEquals(run.recipe.tieWeight, SKY_TIE);
  const engine = await openEngine("core", { threads: 1 });
  const network = await openSkyNetwork(engine, run);
  const random = createRandom(7);
  const catalogs: ProxyCatalog[] = [];
  for (let i = 0; i < 120; i++) {
    const { mock } = drawSkyPair(DRAWER, random.fork(i));
    if (mock.redshift.length < 10) continue;
    catalogs.push({ lnMass: mock.lnMass, columns: [await network.encode(mock)] });
  }
  // Of all four columns the best linear function has 0.986 and 9.9%, ln Mgas 0.975 and 14.9%.
  assert(withinCorrelation(catalogs) > 0.98);
  assert(ownProxyScatter(catalogs) < 0.13);
  const { coverage } = await evaluateSkyNetwork(network, SURVEY, 200, createRandom(9));
  for (const name of ["S8", "omegaM", "sigma8"] as const) {
    const { rmsError, rmsWidth, intervals } = coverage[name];
    assertAlmostEquals(rmsError / rmsWidth, 1, 0.15, name);
    assertAlmostEquals(intervals[0]!.covered, 0.68, 0.09, name);
  }
  // Masses of half of the clusters sharpen S8: without them the same network is less sure.
  const [mock] = [0].map((i) => DRAWER.draw(FIDUCIAL_SKY, random.fork("mock", i)));
  const [own, bare] = await network.posteriors([mock!, withoutLensing(mock!)]);
  assert(own!.deviation[0] < bare!.deviation[0]);
  network.dispose();
  engine.close();
});
