/**
 * The sky survey's likelihood and posterior, against numbers of an independent program on a fixed
 * mock catalog (its likelihoods by brute force, its posterior by two runs).
 */
import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { prepareSkyDrawing } from "../src/catalogs/sky/draw.ts";
import { FIDUCIAL_SKY, sigma8Of, type SkyParameters } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import {
  checkSkyClusters,
  MISSING_ERROR,
  type SkyClusters,
  takeSkyClusters,
} from "../src/catalogs/sky/sky_clusters.ts";
import { prepareSkyLikelihood } from "../src/evaluation/sky/likelihood.ts";
import {
  correlateSky,
  sampleSkyPosterior,
  shareBelow,
  SKY_SAMPLING,
  summarizeSky,
} from "../src/evaluation/sky/posterior.ts";
import { testScore } from "../src/evaluation/sky/score_check.ts";
import { createRandom } from "../src/numerics/random.ts";

const SURVEY = { ...SKY_PRESETS.hiflugcs.survey, redshiftMin: 0.01 };
const A = FIDUCIAL_SKY;
const B: SkyParameters = { ...A, S8: 0.85, omegaM: 0.45, scatterL: 0.3 };
const C: SkyParameters = { ...A, S8: 0.65, omegaM: 0.2, lnL: Math.log(2.2), slopeL: 1.4 };

/** The fixed mock of `fixtures/sky_mock.csv`. */
function readMock(): SkyClusters {
  const text = Deno.readTextFileSync(new URL("../fixtures/sky_mock.csv", import.meta.url));
  const [header, ...lines] = text.trim().split("\n").filter((line) => !line.startsWith("#"));
  const names = header!.split(",");
  const rows = lines.map((line) => line.split(",").map(Number));
  const column = (name: string) => Float64Array.from(rows, (row) => row[names.indexOf(name)]!);
  return {
    redshift: column("z"),
    lnFlux: column("flux").map(Math.log),
    lnTemperature: column("T").map(Math.log),
    lnGasMass: column("Mgas").map(Math.log),
    lnFluxError: column("e_lnL"),
    lnTemperatureError: column("e_lnT"),
    lnGasMassError: column("e_lnMgas"),
  };
}

const MOCK = readMock();

Deno.test("ln likelihoods of the fixed mock are those of brute force", () => {
  checkSkyClusters(MOCK, SURVEY);
  const likelihood = prepareSkyLikelihood(SURVEY, MOCK);
  assertAlmostEquals(likelihood.count, 65);
  // Ten nodes in redshift give the number of clusters, up to 174 here, to 0.01%.
  assertAlmostEquals(likelihood.lnLikelihood(A), 326.784, 0.02);
  assertAlmostEquals(likelihood.lnLikelihood(B), 264.285, 0.02);
  assertAlmostEquals(likelihood.lnLikelihood(C), 305.262, 0.02);
});

Deno.test("a catalog without one cluster has a likelihood less by that cluster's density", () => {
  const likelihood = prepareSkyLikelihood(SURVEY, MOCK);
  const densities = new Float64Array(65);
  likelihood.lnDensities(C, densities);
  const rows = Array.from(densities.keys()).filter((row) => row !== 17);
  const without = prepareSkyLikelihood(SURVEY, takeSkyClusters(MOCK, rows));
  const expected = likelihood.lnLikelihood(C) - densities[17]!;
  assertAlmostEquals(without.lnLikelihood(C), expected, 1e-9);
});

Deno.test("a missing column leaves the likelihood of the others", () => {
  const missing = {
    ...MOCK,
    lnGasMass: MOCK.lnGasMass.map(() => 0),
    lnGasMassError: MOCK.lnGasMassError.map(() => MISSING_ERROR),
  };
  const likelihood = prepareSkyLikelihood(SURVEY, missing);
  // Nothing of the gas relation is left.
  const base = likelihood.lnLikelihood(A);
  assertAlmostEquals(likelihood.lnLikelihood({ ...A, lnG: A.lnG + 0.5, slopeG: 0.9 }), base, 1e-3);
  assertAlmostEquals(
    likelihood.lnLikelihood({ ...A, pLG: -0.5, pTG: 0.6, scatterG: 0.3 }),
    base,
    1e-3,
  );
  assert(Math.abs(likelihood.lnLikelihood({ ...A, lnT: A.lnT + 0.1 }) - base) > 1);
});

Deno.test("the posterior of the fixed mock is the independent one, from two seeds", () => {
  const likelihood = prepareSkyLikelihood(SURVEY, MOCK);
  const runs = [1, 2].map((seed) => sampleSkyPosterior(likelihood, createRandom(seed)));
  const expected: [(p: SkyParameters) => number, number, number, number[]][] = [
    [sigma8Of, 0.758, 0.065, [0.632, 0.693, 0.756, 0.823, 0.889]],
    [(p) => p.omegaM, 0.283, 0.052, [0.196, 0.233, 0.278, 0.335, 0.4]],
    [(p) => p.S8, 0.7285, 0.027, [0.6765, 0.7022, 0.7284, 0.7544, 0.7831]],
    [(p) => Math.exp(p.lnL), 1.91, 0.3, []],
    [(p) => Math.exp(p.lnT), 4.74, 0.24, []],
    [(p) => p.scatterL, 0.447, 0.072, []],
  ];
  for (const [quantity, mean, width, quantiles] of expected) {
    const summaries = runs.map((run) => summarizeSky(run, quantity));
    for (const summary of summaries) {
      assertAlmostEquals(summary.mean, mean, 0.15 * width);
      assertAlmostEquals(summary.deviation, width, 0.08 * width);
      quantiles.forEach((q, i) => assertAlmostEquals(summary.quantiles[i]!, q, 0.25 * width));
    }
    assertAlmostEquals(summaries[0]!.mean, summaries[1]!.mean, 0.12 * width);
  }
  for (const run of runs) {
    assert(run.effectiveSamples > 400);
    assertAlmostEquals(correlateSky(run, sigma8Of, (p) => p.omegaM), -0.905, 0.02);
    assertAlmostEquals(shareBelow(run, (p) => p.S8, 0.7284), 0.5, 0.06);
  }
});

Deno.test("generator and likelihood agree: the score test implies no bias", () => {
  const biases = testScore(SURVEY, prepareSkyDrawing(SURVEY), A, 500, createRandom(5));
  for (const { name, bias, error } of biases) {
    assert(Math.abs(bias) < 0.04 + 3.5 * error, `${name}: ${bias} +- ${error}`);
    assert(error < 0.05);
  }
});

Deno.test("the score test sees a generator that selects by another limit", () => {
  const brighter = prepareSkyDrawing({ ...SURVEY, fluxLimit: 23 });
  const biases = testScore(SURVEY, brighter, A, 200, createRandom(6));
  assert(biases.some(({ bias, error }) => Math.abs(bias) > 8 * error));
});

Deno.test("a catalog far from all that the priors expect has a posterior, or one line", () => {
  const short = { ...SKY_SAMPLING, rounds: [300], mostAdded: 0, burnIn: 20, steps: 20 };
  const sample = (change: Partial<SkyClusters>) =>
    sampleSkyPosterior(
      prepareSkyLikelihood(SURVEY, { ...takeSkyClusters(MOCK, [...Array(20).keys()]), ...change }),
      createRandom(1),
      undefined,
      short,
    );
  const scaled = (column: Float64Array, factor: number) =>
    column.slice(0, 20).map((ln) => ln + Math.log(factor));
  for (const factor of [1e-3, 1e3]) {
    for (const name of ["lnTemperature", "lnGasMass"] as const) {
      const { effectiveSamples, weights } = sample({ [name]: scaled(MOCK[name], factor) });
      assert(effectiveSamples >= 1 && weights.every(Number.isFinite), `${name} by ${factor}`);
    }
  }
  const nothing = new Float64Array(20).fill(NaN);
  assertThrows(() => sample({ lnGasMass: nothing }), RangeError, "Cannot sample");
});
