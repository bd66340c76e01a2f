/**
 * The posterior of a catalog with weak lensing masses: what they add, what each of them does, and what is
 * seen of masses in a wrong unit.
 */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { prepareSkyCoreDrawing } from "../src/catalogs/sky/core/draw_core.ts";
import { prepareSkyDrawing } from "../src/catalogs/sky/draw.ts";
import { countLensing } from "../src/catalogs/sky/lensing.ts";
import { FIDUCIAL_SKY, type SkyParameters } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import {
  MISSING_ERROR,
  type SkyClusters,
  type SkyMock,
  takeSkyClusters,
} from "../src/catalogs/sky/sky_clusters.ts";
import {
  changeLikelihood,
  leaveEachOut,
  summarizeReweighted,
} from "../src/evaluation/sky/influence.ts";
import { refuseLensingUnit } from "../src/evaluation/sky/lensing_offsets.ts";
import { prepareSkyLikelihood } from "../src/evaluation/sky/likelihood.ts";
import { sampleSkyPosterior, summarizeSky } from "../src/evaluation/sky/posterior.ts";
import { leaveLensingOut, senseSky, withoutLensing } from "../src/evaluation/sky/sensitivity.ts";
import { skyStatisticNames, skyStatistics } from "../src/evaluation/sky/statistics.ts";
import { drawReference } from "../src/evaluation/sky/reference.ts";
import { judgeSkyCatalog, realisticDrawing } from "../src/evaluation/sky/verdict.ts";
import { createRandom } from "../src/numerics/random.ts";
import { massScaleOf } from "../src/runs/sky_lensing_answer.ts";

const SURVEY = SKY_PRESETS["hiflugcs-lensing"].survey;
const LENSING = SURVEY.lensing!;
const S8 = ({ S8 }: SkyParameters) => S8;
const MOCK: SkyMock = prepareSkyDrawing(SURVEY).draw(
  { ...FIDUCIAL_SKY, lensingBias: 0.05 },
  createRandom(8),
);
const LIKELIHOOD = prepareSkyLikelihood(SURVEY, MOCK);
const POSTERIOR = sampleSkyPosterior(LIKELIHOOD, createRandom(1));
/** A thousand points of it, which what follows from weights is as exact for. */
const POINTS = {
  ...POSTERIOR,
  parameters: POSTERIOR.parameters.slice(0, 1000),
  weights: normalize(POSTERIOR.weights.slice(0, 1000)),
};

function normalize(weights: Float64Array): Float64Array {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

Deno.test("lensing masses sharpen the scale of mass and S8, and their bias is found", () => {
  const bare = sampleSkyPosterior(
    prepareSkyLikelihood(SURVEY, withoutLensing(MOCK)),
    createRandom(1),
  );
  assert(POSTERIOR.effectiveSamples > 400);
  const width = (of: typeof POSTERIOR, quantity: (p: SkyParameters) => number) =>
    summarizeSky(of, quantity).deviation;
  assert(width(POSTERIOR, S8) < 0.95 * width(bare, S8));
  assert(width(POSTERIOR, massScaleOf) < 0.88 * width(bare, massScaleOf));
  const bias = ({ lensingBias }: SkyParameters) => lensingBias!;
  assertAlmostEquals(width(bare, bias), LENSING.biasError, 0.004);
  assert(width(POSTERIOR, bias) < 0.9 * LENSING.biasError);
  // A sharp prior of the bias makes it the scale of mass.
  const known = { ...SURVEY, lensing: { ...LENSING, biasError: 0.01 } };
  const sharp = sampleSkyPosterior(prepareSkyLikelihood(known, MOCK), createRandom(1));
  assert(width(sharp, massScaleOf) < 0.92 * width(POSTERIOR, massScaleOf));
});

Deno.test("leaving a cluster or its lensing mass out by weights is sampling without it", () => {
  const row = MOCK.lensing!.lnMassError.findIndex((error) => error < MISSING_ERROR);
  const whole = summarizeSky(POSTERIOR, S8);
  const direct = (clusters: SkyClusters) => {
    const posterior = sampleSkyPosterior(prepareSkyLikelihood(SURVEY, clusters), createRandom(3));
    return (summarizeSky(posterior, S8).mean - whole.mean) / whole.deviation;
  };
  const rows = [...MOCK.redshift.keys()].filter((other) => other !== row);
  const influences = leaveEachOut(POSTERIOR, LIKELIHOOD, [S8]);
  assertAlmostEquals(influences[row]!.changes[0]!, direct(takeSkyClusters(MOCK, rows)), 0.12);
  const { lnMass, lnMassError } = MOCK.lensing!;
  const lensing = {
    lnMass: lnMass.map((ln, i) => i === row ? 0 : ln),
    lnMassError: lnMassError.map((error, i) => i === row ? MISSING_ERROR : error),
  };
  const changes = leaveLensingOut(POINTS, SURVEY, MOCK, S8);
  const without = prepareSkyLikelihood(SURVEY, { ...MOCK, lensing });
  const own = summarizeSky(POINTS, S8);
  const moved = summarizeReweighted(POINTS, changeLikelihood(POINTS, LIKELIHOOD, without), S8);
  assertAlmostEquals(changes[row]!, (moved.mean - own.mean) / own.deviation, 1e-6);
  assertEquals(
    changes.filter((change) => !Number.isNaN(change)).length,
    countLensing(MOCK.lensing),
  );
});

Deno.test("sensitivities are the change of S8 when a measurement is moved", () => {
  const { deviation } = summarizeSky(POINTS, S8);
  const slopes = senseSky(POINTS, SURVEY, MOCK, S8);
  const row = MOCK.lensing!.lnMassError.findIndex((error) => error < MISSING_ERROR);
  const gap = MOCK.lensing!.lnMassError.findIndex((error) => error === MISSING_ERROR);
  assert(Number.isNaN(slopes.lensingMass[gap]!));
  const add = (column: Float64Array, by: number) => column.map((ln, i) => i === row ? ln + by : ln);
  const changed = (clusters: SkyClusters) => {
    const likelihood = prepareSkyLikelihood(SURVEY, clusters);
    return summarizeReweighted(POINTS, changeLikelihood(POINTS, LIKELIHOOD, likelihood), S8).mean;
  };
  const moves: [number, (by: number) => SkyClusters][] = [
    [slopes.lensingMass[row]!, (by) => {
      const lensing = { ...MOCK.lensing!, lnMass: add(MOCK.lensing!.lnMass, by) };
      return { ...MOCK, lensing };
    }],
    [slopes.temperature[row]!, (by) => ({ ...MOCK, lnTemperature: add(MOCK.lnTemperature, by) })],
    [slopes.gasMass[row]!, (by) => ({ ...MOCK, lnGasMass: add(MOCK.lnGasMass, by) })],
    [slopes.flux[row]!, (by) => ({ ...MOCK, lnFlux: add(MOCK.lnFlux, by) })],
  ];
  for (const [slope, move] of moves) {
    const step = 0.01;
    const expected = (changed(move(step)) - changed(move(-step))) / (2 * step * deviation);
    assertAlmostEquals(slope, expected, 0.01 * Math.abs(expected) + 1e-3);
  }
  // A heavier lensing mass is a heavier scale of mass: S8 rises with nearly every one of them.
  const known = slopes.lensingMass.filter((slope) => !Number.isNaN(slope));
  assert(known.filter((slope) => slope > 0).length > 0.9 * known.length);
});

Deno.test("masses in another unit are refused, and a wrong h is far out among mocks", () => {
  const times = (factor: number): SkyClusters => {
    const { lnMass, lnMassError } = MOCK.lensing!;
    return { ...MOCK, lensing: { lnMass: lnMass.map((ln) => ln + Math.log(factor)), lnMassError } };
  };
  refuseLensingUnit(MOCK, SURVEY);
  refuseLensingUnit(withoutLensing(MOCK), SURVEY);
  refuseLensingUnit(times(0.7), SURVEY);
  for (const factor of [1e14, 10, 0.1]) {
    const { message } = assertThrows(() => refuseLensingUnit(times(factor), SURVEY), RangeError);
    assert(/lensing masses are .* times those that its temperatures tell/.test(message), message);
  }
  const cold = {
    ...times(10),
    lnTemperatureError: MOCK.lnTemperatureError.map(() => MISSING_ERROR),
  };
  assertThrows(() => refuseLensingUnit(cold, SURVEY), RangeError, "that its gas masses tell");

  const drawing = realisticDrawing(MOCK, SURVEY);
  const share = countLensing(MOCK.lensing) / MOCK.redshift.length;
  assertAlmostEquals(drawing.lensingSample!.fraction, share, 1e-12);
  const reference = drawReference(
    SURVEY,
    MOCK.redshift.length,
    prepareSkyCoreDrawing(SURVEY, drawing),
    createRandom(4),
    700,
  );
  const names = skyStatisticNames(SURVEY);
  assertEquals(names.length, 47);
  assertEquals(skyStatistics(MOCK, SURVEY).length, 47);
  assertEquals(skyStatistics(withoutLensing(MOCK), SURVEY).filter(Number.isNaN).length, 14);
  const own = judgeSkyCatalog(SURVEY, MOCK, reference);
  assertEquals(own.verdict, "consistent", own.reasons.join());
  assert(own.tests["offset of lensing masses"]! > 0.05);
  const half = judgeSkyCatalog(SURVEY, times(0.5), reference);
  assertEquals(half.verdict, "do not apply");
  assert(
    half.reasons.some((reason) => /^offset of lensing masses.* times those of mocks/.test(reason)),
  );
});
