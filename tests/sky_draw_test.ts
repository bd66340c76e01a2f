/** Mock catalogs of the sky survey against the abundance they are drawn from. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { expectClusters, FINE_NODES, prepareSkyAbundance } from "../src/catalogs/sky/abundance.ts";
import {
  checkDetectionTable,
  detectedShare,
  detectionRow,
  type DetectionTable,
} from "../src/catalogs/sky/detection.ts";
import { prepareSkyDrawing, type SkyDrawing } from "../src/catalogs/sky/draw.ts";
import { STUDENT_OFFSETS } from "../src/catalogs/sky/offsets.ts";
import { FIDUCIAL_SKY } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import type { SkyMock } from "../src/catalogs/sky/sky_clusters.ts";
import { checkSkyClusters, takeSkyClusters } from "../src/catalogs/sky/sky_clusters.ts";
import { createRandom } from "../src/numerics/random.ts";
import { correlation, mean, median, standardDeviation } from "../src/numerics/statistics.ts";

const SURVEY = { ...SKY_PRESETS.hiflugcs.survey, redshiftMin: 0.01 };
const A = FIDUCIAL_SKY;

/** Columns of many catalogs, one after the other. */
function drawMany(count: number, drawing: SkyDrawing = {}, parameters = A) {
  const drawer = prepareSkyDrawing(SURVEY, drawing);
  const random = createRandom(11);
  const mocks = Array.from({ length: count }, (_, i) => {
    return drawer.draw(parameters, random.fork("catalog", i));
  });
  const column = (name: Exclude<keyof SkyMock, "lensing">) =>
    Float64Array.from(mocks.flatMap((mock) => Array.from(mock[name])));
  return { perCatalog: column("redshift").length / count, column };
}

Deno.test("4000 catalogs have the numbers and medians of the reference", () => {
  const { perCatalog, column } = drawMany(4000);
  assertAlmostEquals(perCatalog, 72.77, 0.4);
  const redshift = column("redshift");
  const clusters = redshift.length;
  const expected = expectClusters(SURVEY, A);
  assertAlmostEquals(mean(redshift), expected.meanRedshift, 0.0003);
  assertAlmostEquals(mean(redshift.map(Math.log)), expected.meanLnRedshift, 0.005);
  assertAlmostEquals(mean(column("lnMass")), expected.meanLnMass, 0.006);
  assertAlmostEquals(median(redshift), 0.03926, 0.0004);
  assertAlmostEquals(Math.exp(median(column("lnFlux"))), 31.53, 0.3);
  assertAlmostEquals(Math.exp(median(column("lnTemperature"))), 3.788, 0.02);
  assertAlmostEquals(Math.exp(median(column("lnGasMass"))), 0.2942, 0.003);
  assertAlmostEquals(redshift.filter((z) => z > 0.1).length / clusters, 0.0942, 0.003);
  // sL^2 d ln N / d lnL, the mean true offset that selection by flux leaves (Malmquist)
  const abundance = prepareSkyAbundance(SURVEY, FINE_NODES);
  const rise = Math.log(
    abundance.compute({ ...A, lnL: A.lnL + 1e-4 }).expected /
      abundance.compute({ ...A, lnL: A.lnL - 1e-4 }).expected,
  ) / 2e-4;
  const offset = mean(column("luminosityOffset"));
  assertAlmostEquals(offset, A.scatterL ** 2 * rise, 0.003);
  assertAlmostEquals(offset, 0.267, 0.005);
});

Deno.test("a catalog depends on its stream alone, and all its clusters are within the survey", () => {
  const drawer = prepareSkyDrawing(SURVEY);
  const first = drawer.draw(A, createRandom(3).fork("catalog", 7));
  drawer.draw({ ...A, omegaM: 0.2 }, createRandom(3).fork("catalog", 8));
  assertEquals(prepareSkyDrawing(SURVEY).draw(A, createRandom(3).fork("catalog", 7)), first);
  checkSkyClusters(first, SURVEY);
});

Deno.test("Student offsets keep the variance and gain outliers", () => {
  const kurtosis = (values: Float64Array) => {
    const center = mean(values);
    const width = standardDeviation(values);
    return mean(values.map((x) => ((x - center) / width) ** 4));
  };
  // With tiny scatter of L the catalog is a mass-selected one, whose T offsets are unbiased.
  const calm = { ...A, scatterL: 0.02, pLT: 0, pLG: 0, pTG: 0 };
  const offsets = (drawing: SkyDrawing) => {
    const { column } = drawMany(400, drawing, calm);
    const [t, m, z] = [column("lnTemperature"), column("lnMass"), column("redshift")];
    return t.map((value, i) =>
      value - A.lnT - A.slopeT * (m[i]! - Math.log(2.8e14)) -
      2 / 3 * Math.log(Math.sqrt(0.3 * (1 + z[i]!) ** 3 + 0.7))
    );
  };
  const gaussian = offsets({});
  const student = offsets({ offsets: STUDENT_OFFSETS });
  assertAlmostEquals(standardDeviation(gaussian), Math.hypot(0.11, 0.05), 0.002);
  assertAlmostEquals(standardDeviation(student), Math.hypot(0.11, 0.05), 0.003);
  assertAlmostEquals(kurtosis(gaussian), 3, 0.15);
  assert(kurtosis(student) > 4);
});

Deno.test("a library of Gaussian offsets draws the catalogs of Gaussian scatter", () => {
  const random = createRandom(21);
  const draw = () => Float64Array.from({ length: 1000 }, () => random.normal());
  const [zL, zT, zG] = [draw(), draw(), draw()];
  const library = {
    luminosity: zL.map((z) => 0.42 * z),
    temperature: zL.map((z, i) => 0.11 * (-0.3 * z + Math.sqrt(0.91) * zT[i]!)),
    gasMass: zL.map((z, i) => 0.14 * (0.3 * z + Math.sqrt(0.91) * zG[i]!)),
  };
  const parameters = { ...A, pTG: 0 };
  const own = drawMany(300, { offsets: { kind: "library", library } }, parameters);
  const gaussian = drawMany(300, {}, parameters);
  assertAlmostEquals(own.perCatalog / gaussian.perCatalog, 1, 0.05);
  for (const name of ["lnMass", "lnTemperature", "lnGasMass", "luminosityOffset"] as const) {
    const width = standardDeviation(gaussian.column(name));
    assertAlmostEquals(mean(own.column(name)), mean(gaussian.column(name)), 0.06 * width);
    assertAlmostEquals(standardDeviation(own.column(name)) / width, 1, 0.06);
  }
});

Deno.test("a detection table that is 1 is the sharp limit, and a ramp is what it says", () => {
  const flat: DetectionTable = { flux: [1, 1000], redshift: [0.1], probability: [1, 1] };
  assertAlmostEquals(detectedShare(detectionRow(flat, 20, 0.05), 0.3, 0.4), 0.7733726, 1e-6);
  const ramp: DetectionTable = {
    flux: [10, 20, 60],
    redshift: [0.05, 0.2],
    probability: [0, 0, 1, 0, 0.5, 1],
  };
  // By simulation: normal ln flux, linear probability in ln flux.
  const random = createRandom(4);
  for (const z of [0.03, 0.125, 0.25]) {
    const row = detectionRow(ramp, 20, z);
    const share = Math.min(Math.max((z - 0.05) / 0.15, 0), 1);
    let sum = 0;
    const trials = 200000;
    for (let i = 0; i < trials; i++) {
      const x = 0.4 + 0.5 * random.normal();
      if (x > 0) sum += Math.min(share * 0.5 + (1 - share * 0.5) * x / Math.log(3), 1);
    }
    assertAlmostEquals(detectedShare(row, 0.4, 0.5), sum / trials, 0.004);
  }
  const { column, perCatalog } = drawMany(250, { detection: ramp });
  const expected = expectClusters(SURVEY, A, { detection: ramp });
  assertAlmostEquals(perCatalog / expected.expected, 1, 0.035);
  assert(expected.expected < 60);
  assertAlmostEquals(mean(column("lnMass")), expected.meanLnMass, 0.02);
  const fluxes = column("lnFlux");
  assert(fluxes.every((ln) => ln > Math.log(20)));
});

Deno.test("temperature errors can be a real catalog's", () => {
  const { column } = drawMany(50, { temperatureErrors: [0.02, 0.3] });
  const errors = column("lnTemperatureError");
  assertEquals(new Set(errors), new Set([0.02, 0.3]));
  assertAlmostEquals(errors.filter((e) => e === 0.3).length / errors.length, 0.5, 0.04);
});

Deno.test("gas masses and temperatures correlate as the partial correlations say", () => {
  const strong = { ...A, pLT: 0, pLG: 0, pTG: 0.79 };
  const { column } = drawMany(200, {}, strong);
  const m = column("lnMass").map((ln) => ln - Math.log(2.8e14));
  const t = column("lnTemperature").map((value, i) => value - A.slopeT * m[i]!);
  const g = column("lnGasMass").map((value, i) => value - A.slopeG * m[i]!);
  const attenuation = 0.11 * 0.14 / (Math.hypot(0.11, 0.05) * Math.hypot(0.14, 0.1));
  assertAlmostEquals(correlation(t, g), 0.79 * attenuation, 0.03);
});

Deno.test("clusters that a survey cannot have found are refused by name", () => {
  const mock = prepareSkyDrawing(SURVEY).draw(A, createRandom(1));
  const names = Array.from(mock.redshift, (_, i) => `c${i}`);
  const change = (name: Exclude<keyof SkyMock, "lensing">, row: number, value: number) => ({
    ...mock,
    [name]: mock[name].map((x, i) => i === row ? value : x),
  });
  const cases: [SkyMock, RegExp][] = [
    [change("redshift", 2, 0), /redshift of c2 is 0, should be within the survey's 0.01 to 0.25/],
    [change("redshift", 3, 0.31), /redshift of c3 is 0.31/],
    [change("lnFlux", 1, Math.log(2)), /flux of c1 is 2.000e-12 .* limit of 20e-12/],
    [
      change("lnTemperatureError", 0, -0.1),
      /lnTemperatureError of c0 is -0.1, should be 0 or more/,
    ],
    [change("lnGasMass", 4, NaN), /lnGasMass of c4 is NaN, should be a number/],
  ];
  for (const [clusters, message] of cases) {
    assertThrows(() => checkSkyClusters(clusters, SURVEY, names), RangeError, undefined);
    try {
      checkSkyClusters(clusters, SURVEY, names);
    } catch (error) {
      assert(message.test((error as Error).message), (error as Error).message);
    }
  }
  assertThrows(
    () => checkSkyClusters(takeSkyClusters(mock, [0, 1, 0]), SURVEY),
    RangeError,
    "rows 1 and 3 are the same cluster",
  );
  assertThrows(
    () => checkSkyClusters(takeSkyClusters(mock, [0, 1]), SURVEY, ["a", "a"]),
    RangeError,
    "rows 1 and 2 are the same cluster, a",
  );
  assertThrows(
    () => checkSkyClusters(takeSkyClusters(mock, []), SURVEY),
    RangeError,
    "no clusters",
  );
  assertThrows(
    () => checkDetectionTable({ flux: [1, 2], redshift: [0.1], probability: [0, 1.5] }),
    RangeError,
    "a probability is 1.5",
  );
});
