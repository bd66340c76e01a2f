/**
 * The sky survey: its records, its scaling relations and how many clusters it expects, against
 * numbers of an independent program (numba; brute-force integrals where they say so).
 */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  expectClusters,
  LIKELIHOOD_NODES,
  prepareSkyAbundance,
} from "../src/catalogs/sky/abundance.ts";
import {
  FIDUCIAL_SKY,
  readSkyParameters,
  sigma8Of,
  SKY_PARAMETER_NAMES,
  SKY_PRIORS,
  skyCoordinates,
  type SkyParameters,
  skyParametersAt,
} from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import { LN_FLUX_FACTOR, lnKCorrection, skyScatter } from "../src/catalogs/sky/relations.ts";
import { checkSkySurvey, readSkySurvey, type SkySurvey } from "../src/catalogs/sky/survey.ts";
import {
  GRID_LN_MASS,
  GRID_MASSES,
  prepareAbundance,
  tableCosmology,
} from "../src/cosmology/abundance_table.ts";
import { expansionRate, fastComovingDistance } from "../src/cosmology/fast_distance.ts";
import { computeMassFunction } from "../src/cosmology/mass_function.ts";
import { createPowerSpectrum } from "../src/cosmology/power_spectrum.ts";
import { normalProbability, normalQuantile } from "../src/numerics/distributions.ts";
import { fastNormalProbability, fastNormalQuantile } from "../src/numerics/fast_normal.ts";

const SURVEY_A: SkySurvey = { ...SKY_PRESETS.hiflugcs.survey, redshiftMin: 0.01 };
const SURVEY_D: SkySurvey = {
  ...SURVEY_A,
  area: 4.24,
  redshiftMin: 0.02,
  redshiftMax: 0.3,
  fluxLimit: 3,
  fluxError: 0.1,
};
const A = FIDUCIAL_SKY;
const B: SkyParameters = { ...A, S8: 0.85, omegaM: 0.45, scatterL: 0.3 };
const C: SkyParameters = { ...A, S8: 0.65, omegaM: 0.2, lnL: Math.log(2.2), slopeL: 1.4 };

/** Asserts a value within a share of what is expected. */
function assertWithin(value: number, expected: number, share: number): void {
  assertAlmostEquals(value, expected, share * Math.abs(expected));
}

Deno.test("surveys A to D expect the brute-force number, redshifts and masses", () => {
  const cases: [SkySurvey, SkyParameters, number, number, number, number][] = [
    [SURVEY_A, A, 72.768, 0.04945, -3.24178, 32.8804],
    [SURVEY_A, B, 173.934, 0.0484, -3.24804, 32.9368],
    [SURVEY_A, C, 45.506, 0.04402, -3.35545, 32.5119],
    [SURVEY_D, A, 526.365, 0.0973, -2.53293, 32.6216],
  ];
  for (const [survey, parameters, expected, redshift, lnRedshift, lnMass] of cases) {
    const found = expectClusters(survey, parameters);
    assertWithin(found.expected, expected, 1e-4);
    assertWithin(found.meanRedshift, redshift, 3e-4);
    assertAlmostEquals(found.meanLnRedshift, lnRedshift, 1e-4);
    assertAlmostEquals(found.meanLnMass, lnMass, 2e-3);
    const quick = prepareSkyAbundance(survey, LIKELIHOOD_NODES).compute(parameters).expected;
    assertWithin(quick, expected, 1e-4);
  }
});

Deno.test("selection by true mass finds fewer clusters than selection by flux", () => {
  const { expected } = expectClusters(SURVEY_A, A, { by: "true mass" });
  assertWithin(expected, 59.78, 0.004);
});

Deno.test("the mass function is the table's, and terse's own at any redshift", () => {
  const cases: [number, number, number, number[]][] = [
    [0.3, 0.8, 0.05, [7.930e-5, 1.6005e-5, 1.6610e-6, 3.811e-8]],
    [0.2, 0.9, 0.2, [3.783e-5, 7.210e-6, 7.549e-7, 2.272e-8]],
  ];
  for (const [omegaM, sigma8, redshift, expected] of cases) {
    const cosmology = tableCosmology(omegaM, sigma8);
    const spectrum = createPowerSpectrum(cosmology, { nodes: "fine" });
    const plan = { cosmology, fit: "tinker08", definition: "500c", redshift } as const;
    const { dndlnM } = computeMassFunction(plan, [13.5, 14, 14.5, 15], spectrum);
    expected.forEach((value, i) => assertWithin(dndlnM[i]!, value, 0.001));
    const grid = computeMassFunction(plan, GRID_LN_MASS.map((ln) => ln / Math.LN10), spectrum);
    const table = new Float64Array(GRID_MASSES);
    prepareAbundance([redshift]).fill(omegaM, sigma8, table);
    for (let k = 0; k < 70; k++) assertWithin(Math.exp(table[k]!), grid.dndlnM[k]!, 0.002);
  }
});

Deno.test("the K-correction and luminosity distances are the table's", () => {
  const temperatures = [1, 2, 3, 5, 8, 12];
  const expected: [number, number[]][] = [
    [0.05, [0.9971, 1.0108, 1.0176, 1.0243, 1.0292, 1.0326]],
    [0.1, [0.9935, 1.0205, 1.034, 1.0476, 1.0573, 1.0641]],
    [0.2, [0.9845, 1.0371, 1.0638, 1.0909, 1.1105, 1.1244]],
  ];
  for (const [z, row] of expected) {
    row.forEach((value, i) => {
      assertAlmostEquals(
        Math.exp(lnKCorrection(Math.log(temperatures[i]!), Math.log1p(z))),
        value,
        6e-5,
      );
    });
  }
  const distances: [number, number[]][] = [
    [0.2, [43.191, 223.127, 994.971]],
    [0.3, [43.158, 222.288, 980.05]],
    [0.5, [43.094, 220.648, 952.707]],
  ];
  for (const [omegaM, row] of distances) {
    const rate = expansionRate(tableCosmology(omegaM, 0.8));
    [0.01, 0.05, 0.2].forEach((z, i) => {
      assertWithin(fastComovingDistance(rate, z) * (1 + z) / 0.7, row[i]!, 2e-5);
    });
  }
  assertAlmostEquals(LN_FLUX_FACTOR, -13.636113944, 1e-8);
});

/** Integral of the thermal spectrum with the Born Gaunt factor over a band, by its definition. */
function bandEmission(temperature: number, low: number, high: number): number {
  const steps = 4000;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const energy = low + (high - low) * (i + 0.5) / steps;
    // e^(-E/T) g with g = sqrt(3)/pi e^(E/2T) K0(E/2T) and K0(x) = int_0^inf e^(-x cosh t) dt
    const x = energy / (2 * temperature);
    let bessel = 0;
    for (let t = 0.0125; t < 8; t += 0.025) bessel += 0.025 * Math.exp(-x * Math.cosh(t));
    sum += Math.exp(-x) * bessel * (high - low) / steps;
  }
  return sum;
}

Deno.test("the K-correction is the integral of bremsstrahlung over the band, to 0.3%", () => {
  for (const temperature of [1, 2.5, 6, 14]) {
    const rest = bandEmission(temperature, 0.1, 2.4);
    for (const z of [0.05, 0.15, 0.3]) {
      const integral = bandEmission(temperature, 0.1 * (1 + z), 2.4 * (1 + z)) / rest;
      const fit = Math.exp(lnKCorrection(Math.log(temperature), Math.log1p(z)));
      assertWithin(fit, integral, 0.003);
    }
  }
});

Deno.test("the scatter's factor times its transpose is its covariance", () => {
  const { factor: [ll, tl, tt, gl, gt, gg], covariance } = skyScatter({
    ...A,
    pTG: -0.7,
    pLG: 0.6,
  });
  const product = [
    ll * ll,
    ll * tl,
    tl * tl + tt * tt,
    ll * gl,
    tl * gl + tt * gt,
    gl * gl + gt * gt + gg * gg,
  ];
  product.forEach((value, i) => assertAlmostEquals(value, covariance[i]!, 1e-15));
});

Deno.test("parameters and their standard normal coordinates map to each other", () => {
  const u = skyCoordinates(B, SKY_PRIORS);
  const back = skyParametersAt(u, SKY_PRIORS);
  for (const name of SKY_PARAMETER_NAMES) assertAlmostEquals(back[name], B[name], 1e-8);
  const median = skyParametersAt(new Float64Array(14), SKY_PRIORS);
  assertAlmostEquals(median.S8, 0.75, 1e-12);
  assertAlmostEquals(Math.exp(median.lnT), 5 * (4 / 4.3) ** 0.63, 1e-12);
  assertAlmostEquals(A.lnT, SKY_PRIORS.lnT.kind === "normal" ? SKY_PRIORS.lnT.mean : NaN, 1e-6);
  assertAlmostEquals(sigma8Of(B), 0.85 * Math.sqrt(0.3 / 0.45), 1e-15);
});

Deno.test("the fast normal functions are the exact ones", () => {
  for (let z = -8.4; z <= 8.4; z += 0.0137) {
    const exact = normalProbability(z);
    assertAlmostEquals(fastNormalProbability(z), exact, 3e-10);
    if (z > -8) assertWithin(fastNormalProbability(z), exact, 1e-6);
  }
  for (const p of [1e-250, 1e-40, 1e-15, 1e-8, 0.001, 0.05, 0.3, 0.5, 0.8, 0.95, 0.9999999]) {
    assertAlmostEquals(fastNormalQuantile(p), normalQuantile(p), 1e-12);
  }
});

Deno.test("surveys and parameters of one's own are read, with errors where they need not be given", () => {
  const survey = {
    area: 8.14,
    redshiftMin: 0.01,
    redshiftMax: 0.25,
    fluxLimit: 20,
    fluxError: 0.05,
  };
  assertEquals(readSkySurvey(survey), SURVEY_A);
  assertEquals(readSkyParameters({ ...A }), A);
  for (const { survey } of Object.values(SKY_PRESETS)) checkSkySurvey(survey);
  assert(expectClusters(SKY_PRESETS["erass1-like"].survey, A).expected > 1000);
});

Deno.test("surveys and parameters out of range are refused in one line", () => {
  const survey = { ...SURVEY_A };
  const cases: [() => unknown, string][] = [
    [
      () => readSkySurvey({ ...survey, redshiftMin: 0 }),
      "Cannot use survey: redshiftMin is 0, should be from 0.001 to 0.3, where the K-correction was fitted",
    ],
    [
      () => readSkySurvey({ ...survey, redshiftMax: 0.5 }),
      "Cannot use survey: redshiftMax is 0.5, should be from 0.001 to 0.3, where the K-correction was fitted",
    ],
    [
      () => readSkySurvey({ ...survey, redshiftMin: 0.25 }),
      "Cannot use survey: redshiftMin is 0.25, should be below redshiftMax, 0.25",
    ],
    [() => readSkySurvey({ ...survey, area: -1 }), "Cannot use survey: area is -1"],
    [() => readSkySurvey({ ...survey, fluxError: -0.1 }), "Cannot use survey: fluxError is -0.1"],
    [
      () => readSkySurvey({ ...survey, fluxLimt: 3 }),
      'Cannot read survey: there is no field "fluxLimt"; did you mean fluxLimit?',
    ],
    [() => readSkySurvey([1]), "Cannot read survey: it is a list"],
    [
      () => readSkySurvey({ ...survey, fluxLimit: "20" }),
      'Cannot read survey: fluxLimit is "20", should be a number',
    ],
    [
      () => readSkyParameters({ ...A, omegaM: 0.1 }),
      "Cannot compute abundance: omegaM is 0.1, should be from 0.15625, where Tinker's mass " +
      "function begins for M500c, to 0.7",
    ],
    [() => readSkyParameters({ ...A, scatterL: -0.4 }), "Cannot use parameters: scatterL is -0.4"],
    [() => readSkyParameters({ S8: 0.8 }), "Cannot read parameters: omegaM is missing"],
  ];
  for (const [act, message] of cases) {
    const error = assertThrows(act, RangeError);
    assert(error.message.startsWith(message), error.message);
    assert(!error.message.includes("\n"));
  }
});
