/** Posteriors that end at the prior: probit-normal distributions, labels in cells, and their ranks. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { cellsOf, STANDARD_PRIORS } from "../src/catalogs/priors.ts";
import { measureCalibration } from "../src/evaluation/calibration.ts";
import type { GaussianPosteriors } from "../src/evaluation/ensemble_posterior.ts";
import { mixtureProbability, mixtureQuantiles } from "../src/evaluation/ensemble_posterior.ts";
import { drawWithinCells, probitScale, scaleLabel } from "../src/features/label_scale.ts";
import { SIGMA8_SCALE } from "../src/features/normalization.ts";
import { decodeMeans, decodePosteriors } from "../src/network/outputs.ts";
import { gaussLegendre } from "../src/numerics/calculus.ts";
import { normalProbability, normalQuantile } from "../src/numerics/distributions.ts";
import {
  owensT,
  probitMean,
  probitMoments,
  probitProbability,
  probitQuantile,
  probitVariance,
} from "../src/numerics/probit_normal.ts";
import { createRandom } from "../src/numerics/random.ts";

const SCALE = probitScale(STANDARD_PRIORS.sigma8);

/** The mean of f(z) over a normal z, by brute force. */
function average(f: (z: number) => number, center: number, width: number): number {
  const weighted = (t: number) =>
    f(center + width * t) * Math.exp(-t * t / 2) / Math.sqrt(2 * Math.PI);
  return [-9, -6, -3, 0, 3, 6].reduce((sum, a) => sum + gaussLegendre(weighted, a, a + 3, 60), 0);
}

Deno.test("Owen's T has its known values", () => {
  assertAlmostEquals(owensT(0, 1), 1 / 8, 1e-15);
  assertAlmostEquals(owensT(0, 0.5), Math.atan(0.5) / (2 * Math.PI), 1e-15);
  for (const h of [0.1, 1, 3.7, 8]) {
    const below = normalProbability(h);
    assertAlmostEquals(owensT(h, 1), below * (1 - below) / 2, 1e-14);
  }
});

Deno.test("a probit-normal's moments are those of quadrature, from narrow to flat", () => {
  for (const center of [-3, -1.2, 0, 0.4, 2.5]) {
    for (const width of [0.01, 0.2, 1, 2.5]) {
      const mean = average(normalProbability, center, width);
      const square = average((z) => (normalProbability(z) - mean) ** 2, center, width);
      assertAlmostEquals(probitMean(center, width), mean, 1e-12);
      assertAlmostEquals(probitVariance(center, width), square, 1e-12 + 1e-10 * square);
    }
  }
});

Deno.test("a probit-normal has no mass outside its interval, and quantiles that undo probabilities", () => {
  const normals = { min: 0.695, max: 0.925, center: [-2.2, 0.3], width: [0.4, 0.2] };
  for (const index of [0, 1]) {
    assertEquals(probitProbability(normals, index, 0.695), 0);
    assertEquals(probitProbability(normals, index, 0.6), 0);
    assertEquals(probitProbability(normals, index, 0.925), 1);
    assertEquals(probitProbability(normals, index, 0.95), 1);
    for (const p of [0.001, 0.16, 0.5, 0.975]) {
      const x = probitQuantile(normals, index, p);
      assertGreater(x, 0.695);
      assertLess(x, 0.925);
      assertAlmostEquals(probitProbability(normals, index, x), p, 1e-10);
    }
  }
});

Deno.test("the cells of the sigma8 grid are the prior, and labels come back", () => {
  assertAlmostEquals(SCALE.min, 0.695, 1e-15);
  assertAlmostEquals(SCALE.max, 0.925, 1e-15);
  assertEquals(cellsOf({ min: 1, max: 2, step: 0.5 }), { min: 0.75, max: 2.25 });
  for (const sigma8 of [0.7, 0.81, 0.92]) {
    const label = Math.fround(scaleLabel(sigma8, SCALE));
    // A network that is sure says the label's sigma8.
    const sure = Float32Array.of(label, -40);
    assertAlmostEquals(decodeMeans(sure, 2, SCALE)[0]!, sigma8, 1e-7);
    assertAlmostEquals(decodePosteriors(sure, SCALE).mean[0]!, sigma8, 1e-7);
  }
  assertEquals(scaleLabel(NaN, SCALE), NaN);
  assertThrows(() => scaleLabel(0.6, SCALE), RangeError, "p is -0.4");
  const linear = decodePosteriors(Float32Array.of(0.5, Math.log(0.04)), SIGMA8_SCALE);
  assertAlmostEquals(linear.mean[0]!, 0.81 + 0.055, 1e-7);
  assertAlmostEquals(linear.standardDeviation[0]!, 0.022, 1e-8);
  assertEquals("probit" in linear, false);
});

Deno.test("labels are drawn evenly within their cells, those at the ends too", () => {
  for (const sigma8 of [0.7, 0.8, 0.92]) {
    const labels = new Float32Array(4000).fill(scaleLabel(sigma8, SCALE));
    const drawn = drawWithinCells(labels, SCALE, createRandom(1).fork("labels"));
    assertEquals(drawn, drawWithinCells(labels, SCALE, createRandom(1).fork("labels")));
    const places = Array.from(
      drawn,
      (z) => (SCALE.min + 0.23 * normalProbability(z) - sigma8) / 0.01,
    );
    assert(places.every((place) => Math.abs(place) <= 0.5001));
    const mean = places.reduce((sum, x) => sum + x, 0) / 4000;
    const square = places.reduce((sum, x) => sum + x * x, 0) / 4000;
    assertAlmostEquals(mean, 0, 5 / Math.sqrt(12 * 4000));
    assertAlmostEquals(square, 1 / 12, 0.006); // five standard deviations: 1/12 sqrt(4/5 / 4000)
  }
});

/** Catalogs whose posterior is exactly normal in probit space, since what is seen is z + noise. */
function observeProbits(count: number, noise: number): [GaussianPosteriors, Float64Array] {
  const random = createRandom(4);
  const center = new Float64Array(count);
  const truth = new Float64Array(count);
  for (let c = 0; c < count; c++) {
    const place = random.uniform();
    truth[c] = SCALE.min + (SCALE.max - SCALE.min) * place;
    center[c] = (normalQuantile(place) + noise * random.normal()) / (1 + noise ** 2);
  }
  const width = center.map(() => noise / Math.sqrt(1 + noise ** 2));
  const probit = { min: SCALE.min, max: SCALE.max, center, width };
  return [{ ...probitMoments(probit), probit }, truth];
}

Deno.test("ranks within exact probit posteriors are uniform, those of their Gaussians are not", () => {
  const [posteriors, truth] = observeProbits(20_000, 0.3);
  const measure = (posteriors: GaussianPosteriors) =>
    measureCalibration({ kind: "gaussian", ...posteriors }, truth, SCALE_ENDS, createRandom(2));
  const { ranks, coverage, findings } = measure(posteriors);
  assertGreater(ranks.chiSquareProbability, 0.01);
  assertEquals(findings, []);
  for (const { level, covered, error } of coverage) {
    assertLess(Math.abs(covered - level), 4 * error);
  }
  // Gaussians of the same moments leave the prior.
  const { mean, standardDeviation } = posteriors;
  assertLess(measure({ mean, standardDeviation }).ranks.chiSquareProbability, 1e-7);
});

const SCALE_ENDS = { min: SCALE.min, max: SCALE.max };

Deno.test("values on a grid have uniform ranks within the prior if they stand for cells", () => {
  const random = createRandom(5);
  const truth = Float64Array.from({ length: 5000 }, () => 0.7 + 0.01 * random.integer(23));
  const [center, width] = [truth.map(() => 0), truth.map(() => 1)];
  const probit = { ...SCALE_ENDS, center, width };
  const posteriors = { kind: "gaussian", ...probitMoments(probit), probit } as const;
  const measure = (step: number) =>
    measureCalibration(posteriors, truth, { ...SCALE_ENDS, step }, createRandom(2)).ranks;
  assertGreater(measure(0.01).chiSquareProbability, 0.01);
  assertLess(measure(0).chiSquareProbability, 1e-7);
});

Deno.test("an ensemble of probit posteriors mixes their probabilities", () => {
  const of = (center: number, width: number): GaussianPosteriors => {
    const probit = { min: SCALE.min, max: SCALE.max, center: [center], width: [width] };
    return { ...probitMoments(probit), probit };
  };
  const members = [of(-1.5, 0.3), of(-1.1, 0.2)];
  const [median] = mixtureQuantiles(members, [0.5]);
  const halves = members.map(({ probit }) => probitProbability(probit!, 0, median!));
  assertAlmostEquals(halves[0]! + halves[1]!, 1, 1e-7);
  assertAlmostEquals(mixtureProbability(members, 0, median!), 0.5, 1e-7);
  assertEquals(mixtureProbability(members, 0, SCALE.min), 0);
});
