/**
 * Weak lensing masses of a survey on the sky: the record, mock catalogs, and the likelihood against brute
 * force.
 */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { prepareSkyCoreDrawing } from "../src/catalogs/sky/core/draw_core.ts";
import { drawSkyParameters, prepareSkyDrawing } from "../src/catalogs/sky/draw.ts";
import type { SkyLensing } from "../src/catalogs/sky/lensing.ts";
import {
  FIDUCIAL_SKY,
  parameterNames,
  sigma8Of,
  SKY_PRIORS,
  skyCoordinates,
  type SkyParameters,
  skyParametersAt,
  skyPriors,
} from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import { LN_FLUX_FACTOR, lnKCorrection, skyScatter } from "../src/catalogs/sky/relations.ts";
import {
  checkSkyClusters,
  MISSING_ERROR,
  type SkyClusters,
  type SkyMock,
  takeSkyClusters,
} from "../src/catalogs/sky/sky_clusters.ts";
import { checkSkySurvey, readSkySurvey, skySurveySchema } from "../src/catalogs/sky/survey.ts";
import { tableCosmology } from "../src/cosmology/abundance_table.ts";
import { HUBBLE_LENGTH } from "../src/cosmology/cosmology.ts";
import {
  expansionRate,
  fastComovingDistance,
  fastExpansion,
} from "../src/cosmology/fast_distance.ts";
import { computeMassFunction } from "../src/cosmology/mass_function.ts";
import { createPowerSpectrum } from "../src/cosmology/power_spectrum.ts";
import { prepareSkyLikelihood } from "../src/evaluation/sky/likelihood.ts";
import { testScore } from "../src/evaluation/sky/score_check.ts";
import { withoutLensing } from "../src/evaluation/sky/sensitivity.ts";
import { factorCholesky, solveCholesky } from "../src/numerics/cholesky.ts";
import { createRandom } from "../src/numerics/random.ts";
import {
  correlation,
  kolmogorovSmirnov,
  mean,
  standardDeviation,
} from "../src/numerics/statistics.ts";

const PLAIN = SKY_PRESETS.hiflugcs.survey;
const SURVEY = SKY_PRESETS["hiflugcs-lensing"].survey;
const LENSING = SURVEY.lensing!;
const A: SkyParameters = { ...FIDUCIAL_SKY, lensingBias: 0.05 };

Deno.test("a survey's lensing is read, completed and described, and bad values are one line each", () => {
  const own = { fraction: 0.3, scatter: 0.25, biasError: 0.05 };
  assertEquals(readSkySurvey({ ...PLAIN, lensing: own }), {
    ...PLAIN,
    lensing: { ...own, error: 0 },
  });
  const ruled = { ...own, error: 0.1, fluxMin: 30, redshiftMin: 0.05, redshiftMax: 0.2 };
  assertEquals(readSkySurvey({ ...PLAIN, lensing: ruled }).lensing, ruled);
  assertEquals("lensing" in readSkySurvey({ ...PLAIN }), false);
  checkSkySurvey(SURVEY);
  const { properties, required } = skySurveySchema() as {
    properties: { lensing: { properties: Record<string, unknown>; required: string[] } };
    required: string[];
  };
  assertEquals(properties.lensing.required, ["fraction", "scatter", "biasError"]);
  assertEquals(Object.keys(properties.lensing.properties).sort(), Object.keys(ruled).sort());
  assert(!required.includes("lensing"));
  const cases: [unknown, string][] = [
    [{ ...own, fraction: 1.5 }, "lensing.fraction is 1.5, should be from 0 to 1"],
    [{ ...own, scatter: 0 }, "lensing.scatter is 0, should be from 0.01 to 1"],
    [{ ...own, scatter: 25 }, "lensing.scatter is 25, should be from 0.01 to 1"],
    [{ ...own, error: -0.1 }, "lensing.error is -0.1, should be from 0 to 1"],
    [{ ...own, biasError: 0 }, "lensing.biasError is 0, should be from 0.001 to 1"],
    [{ ...own, fluxMin: -1 }, "lensing.fluxMin is -1, should be from 0.01 to 10000"],
    [{ ...own, redshiftMin: 0.2, redshiftMax: 0.1 }, "lensing.redshiftMin is 0.2, should be below"],
    [{ fraction: 0.5, scatter: 0.2 }, "Cannot read survey's lensing: biasError is missing"],
    [{ ...own, scater: 0.2 }, 'no field "scater"; did you mean scatter?'],
    [{ ...own, fluxMin: "30" }, 'fluxMin is "30", should be a number'],
    [0.5, "Cannot read survey's lensing: it is 0.5, should be an object with the fields fraction"],
    [null, "Cannot read survey's lensing: it is null"],
  ];
  for (const [lensing, words] of cases) {
    const { message } = assertThrows(() => readSkySurvey({ ...PLAIN, lensing }), RangeError);
    assert(message.includes(words) && !message.includes("\n") && message.length < 300, message);
  }
});

Deno.test("the bias is a parameter where a survey has lensing masses, and there alone", () => {
  assertEquals(skyPriors(PLAIN), SKY_PRIORS);
  const priors = skyPriors(SURVEY);
  assertEquals(parameterNames(priors).length, 15);
  const u = skyCoordinates(A, priors);
  assertAlmostEquals(u[14]!, 0.05 / LENSING.biasError, 1e-12);
  assertAlmostEquals(skyParametersAt(u, priors).lensingBias!, 0.05, 1e-12);
  const draw = (survey: typeof PLAIN) => drawSkyParameters(skyPriors(survey), createRandom(3));
  const { lensingBias, ...others } = draw(SURVEY);
  assertEquals(others, draw(PLAIN));
  assert(Math.abs(lensingBias!) < 0.4);
});

/** Mocks of some survey, and their clusters that have lensing masses. */
function drawMany(survey: typeof SURVEY, count: number, prepare = prepareSkyDrawing, seed = 5) {
  const drawer = prepare(survey);
  const random = createRandom(seed);
  const mocks = Array.from({ length: count }, (_, i) => drawer.draw(A, random.fork(i)));
  const lensed = mocks.flatMap((mock) =>
    Array.from(mock.redshift.keys())
      .filter((i) => mock.lensing!.lnMassError[i]! < MISSING_ERROR)
      .map((i) => ({
        z: mock.redshift[i]!,
        flux: Math.exp(mock.lnFlux[i]!),
        error: mock.lensing!.lnMassError[i]!,
        // of ln M_WL from ln M500, both in 1e14 Msun at h = 0.7
        offset: mock.lensing!.lnMass[i]! - (mock.lnMass[i]! - Math.log(0.7e14)),
        luminosityOffset: mock.luminosityOffset[i]!,
      }))
  );
  const clusters = mocks.reduce((sum, { redshift }) => sum + redshift.length, 0);
  return { mocks, lensed, clusters };
}

Deno.test("mocks have lensing masses of the share, the bias and the scatter that the survey says", () => {
  const { mocks, lensed, clusters } = drawMany(SURVEY, 300);
  assertAlmostEquals(lensed.length / clusters, 0.5, 0.02);
  const offsets = lensed.map(({ offset }) => offset);
  assertAlmostEquals(mean(offsets), 0.05, 0.012);
  assertAlmostEquals(standardDeviation(offsets), Math.hypot(0.2, 0.15), 0.008);
  assertEquals(new Set(lensed.map(({ error }) => error)), new Set([0.15]));
  const own = lensed.map(({ luminosityOffset }) => luminosityOffset);
  assertAlmostEquals(correlation(offsets, own), 0, 0.04);
  // All else is the survey's without lensing, to the bit; gaps are gaps.
  const drawer = prepareSkyDrawing(PLAIN);
  mocks.slice(0, 20).forEach((mock, i) => {
    const { lensing, ...others } = mock;
    assertEquals(others, drawer.draw(FIDUCIAL_SKY, createRandom(5).fork(i)));
    lensing!.lnMassError.forEach((error, row) => {
      if (error === MISSING_ERROR) assertEquals(lensing!.lnMass[row], 0);
    });
    checkSkyClusters(mock, SURVEY);
    assertThrows(() => checkSkyClusters(mock, PLAIN), RangeError, "it has lensing masses");
  });
});

Deno.test("the core's lensing masses are the reference's, from any instance", () => {
  const [reference, core] = [prepareSkyDrawing, prepareSkyCoreDrawing].map((prepare) =>
    drawMany(SURVEY, 60, prepare)
  );
  reference!.mocks.forEach(({ lensing }, i) => {
    const own = core!.mocks[i]!.lensing!;
    assertEquals(own.lnMassError, lensing!.lnMassError);
    lensing!.lnMass.forEach((ln, row) => assertAlmostEquals(own.lnMass[row]!, ln, 1e-11));
  });
  const again = prepareSkyCoreDrawing(SURVEY).draw(A, createRandom(5).fork(7));
  assertEquals(again, core!.mocks[7]);
  const other = drawMany(SURVEY, 100, prepareSkyCoreDrawing, 6);
  const { probability } = kolmogorovSmirnov(
    other.lensed.map(({ offset }) => offset),
    reference!.lensed.map(({ offset }) => offset),
  );
  assert(probability > 1e-3);
});

Deno.test("a rule says which clusters can have lensing masses, by what is seen of them", () => {
  const lensing: SkyLensing = {
    ...LENSING,
    fraction: 0.8,
    fluxMin: 30,
    redshiftMin: 0.04,
    redshiftMax: 0.1,
  };
  const { mocks, lensed } = drawMany({ ...SURVEY, lensing }, 60);
  assert(lensed.every(({ z, flux }) => z >= 0.04 && z <= 0.1 && flux >= 30));
  const possible =
    mocks.flatMap(({ redshift, lnFlux }) =>
      Array.from(redshift.keys()).filter((i) =>
        redshift[i]! >= 0.04 && redshift[i]! <= 0.1 && lnFlux[i]! >= Math.log(30)
      )
    ).length;
  assertAlmostEquals(lensed.length / possible, 0.8, 0.05);
});

const MOCK: SkyMock = prepareSkyDrawing(SURVEY).draw(A, createRandom(8));
/** Five clusters, two of them without a lensing mass. */
const FEW = (() => {
  const rows = [...MOCK.redshift.keys()];
  const has = (row: number) => MOCK.lensing!.lnMassError[row]! < MISSING_ERROR;
  return takeSkyClusters(MOCK, [
    ...rows.filter(has).slice(0, 3),
    ...rows.filter((row) => !has(row)).slice(0, 2),
  ]);
})();

/** ln f_i of a cluster by a plain sum over mass of the mass function times a Gaussian of 3 or 4 numbers. */
function bruteDensities(clusters: SkyClusters, parameters: SkyParameters): number[] {
  const { omegaM, lensingBias = 0 } = parameters;
  const cosmology = tableCosmology(omegaM, sigma8Of(parameters));
  const rate = expansionRate(cosmology);
  const spectrum = createPowerSpectrum(cosmology, { nodes: "fine" });
  const [cLL, cLT, cTT, cLG, cTG, cGG] = skyScatter(parameters).covariance;
  const step = 0.01;
  const lnMass = Array.from({ length: 600 }, (_, k) => Math.log(2.8e14) - 3.5 + step * k);
  return Array.from(clusters.redshift, (z, i) => {
    const distance = fastComovingDistance(rate, z); // Mpc/h
    const lnE = Math.log(fastExpansion(rate, z));
    const fiducial = fastComovingDistance(expansionRate(tableCosmology(0.3, 0.8)), z);
    const lnL = LN_FLUX_FACTOR + 2 * Math.log(distance / 0.7 * (1 + z)) + clusters.lnFlux[i]! -
      lnKCorrection(clusters.lnTemperature[i]!, Math.log1p(z));
    const lnG = clusters.lnGasMass[i]! + 2.5 * Math.log(distance / fiducial);
    const observed = [lnL, clusters.lnTemperature[i]!, lnG];
    const covariance = [
      [cLL + clusters.lnFluxError[i]! ** 2, cLT, cLG],
      [cLT, cTT + clusters.lnTemperatureError[i]! ** 2, cTG],
      [cLG, cTG, cGG + clusters.lnGasMassError[i]! ** 2],
    ];
    const hasMass = clusters.lensing!.lnMassError[i]! < MISSING_ERROR;
    if (hasMass) {
      observed.push(clusters.lensing!.lnMass[i]!);
      covariance.forEach((row) => row.push(0));
      covariance.push([
        ...[0, 0, 0],
        LENSING.scatter ** 2 + clusters.lensing!.lnMassError[i]! ** 2,
      ]);
    }
    const size = observed.length;
    const factor = factorCholesky(Float64Array.from(covariance.flat()), size)!;
    let lnDeterminant = 0;
    for (let d = 0; d < size; d++) lnDeterminant += 2 * Math.log(factor[d * (d + 3) / 2]!);
    const plan = { cosmology, fit: "tinker08", definition: "500c", redshift: z } as const;
    const { dndlnM } = computeMassFunction(plan, lnMass.map((ln) => ln / Math.LN10), spectrum);
    let sum = 0;
    lnMass.forEach((ln, k) => {
      const m = ln - Math.log(2.8e14);
      const expected = [
        parameters.lnL + parameters.slopeL * m + 2 * lnE,
        parameters.lnT + parameters.slopeT * m + 2 / 3 * lnE,
        parameters.lnG + parameters.slopeG * m,
        Math.log(4) + m + lensingBias,
      ];
      const y = Float64Array.from(observed, (value, d) => value - expected[d]!);
      const chiSquare = solveCholesky(factor, y).reduce((total, x, d) => total + x * y[d]!, 0);
      sum += step * dndlnM[k]! * Math.exp(-chiSquare / 2);
    });
    const volume = SURVEY.area * distance ** 2 * HUBBLE_LENGTH / Math.exp(lnE);
    return Math.log(volume * sum) - (size * Math.log(2 * Math.PI) + lnDeterminant) / 2;
  });
}

Deno.test("densities of clusters with and without lensing masses are those of brute force", () => {
  const likelihood = prepareSkyLikelihood(SURVEY, FEW);
  const densities = new Float64Array(5);
  const cases = [A, { ...A, S8: 0.85, omegaM: 0.45, scatterL: 0.3, lensingBias: -0.15 }];
  for (const parameters of cases) {
    likelihood.lnDensities(parameters, densities);
    bruteDensities(FEW, parameters).forEach((expected, i) =>
      assertAlmostEquals(densities[i]!, expected, 0.003, `cluster ${i}`)
    );
  }
  // Clusters without one have the density of the catalog without any, and feel no bias.
  const bare = new Float64Array(5);
  prepareSkyLikelihood(SURVEY, withoutLensing(FEW)).lnDensities(cases[1]!, bare);
  assertEquals(densities.slice(3), bare.slice(3));
  assert(densities.slice(0, 3).every((value, i) => Math.abs(value - bare[i]!) > 1e-3));
  assertThrows(() => prepareSkyLikelihood(PLAIN, FEW), RangeError, "the survey has none");
});

Deno.test("generator and likelihood agree on lensing masses: the score test implies no bias", () => {
  const biases = testScore(SURVEY, prepareSkyCoreDrawing(SURVEY), A, 300, createRandom(5));
  assertEquals(biases.length, 15);
  for (const { name, bias, error } of biases) {
    assert(Math.abs(bias) < 0.04 + 3.5 * error, `${name}: ${bias} +- ${error}`);
  }
  // It sees a generator whose masses are biased otherwise.
  const wrong = prepareSkyCoreDrawing(SURVEY);
  const shifted = {
    ...wrong,
    draw: (...args: Parameters<typeof wrong.draw>) => {
      const mock = wrong.draw(...args);
      const lensing = { ...mock.lensing!, lnMass: mock.lensing!.lnMass.map((ln) => ln + 0.1) };
      return { ...mock, lensing };
    },
  };
  const seen = testScore(SURVEY, shifted, A, 100, createRandom(6));
  const { bias, error } = seen.find(({ name }) => name === "lensingBias")!;
  assert(bias > 8 * error, `${bias} +- ${error}`);
});
