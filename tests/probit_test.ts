/** Posteriors that end at the prior: their moments, labels in cells, and their ranks. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { cellsOf } from "../src/catalogs/grid.ts";
import { STANDARD_PRIORS } from "../src/catalogs/priors.ts";
import { measureCalibration } from "../src/evaluation/calibration.ts";
import type { GaussianPosteriors } from "../src/evaluation/ensemble_posterior.ts";
import { mixtureProbability, mixtureQuantiles } from "../src/evaluation/ensemble_posterior.ts";
import { drawWithinCells, probitScale, scaleLabel } from "../src/features/label_scale.ts";
import { SIGMA8_SCALE } from "../src/features/normalization.ts";
import { decodeMeans, decodePosteriors } from "../src/network/outputs.ts";
import { gaussLegendreRule } from "../src/numerics/calculus.ts";
import { normalProbability } from "../src/numerics/distributions.ts";
import {
  boundedMean,
  boundedMoments,
  boundedProbability,
  boundedQuantile,
} from "../src/numerics/bounded_normal.ts";
import { createRandom } from "../src/numerics/random.ts";
import type { Batch } from "../src/features/dataset.ts";
import type { ProbitScale } from "../src/features/normalization.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { experiment } from "../src/experiments/experiments.ts";
import type { Engine, Network } from "../src/model.ts";
import { recalibrateRun } from "../src/runs/recalibration.ts";

const SCALE = probitScale(STANDARD_PRIORS.sigma8);
const SCALE_ENDS = { min: SCALE.min, max: SCALE.max };

/** Nodes of z from -8 to 8 with their normal weights, far finer than any posterior. */
const NODES = Array.from({ length: 64 }, (_, i) => i / 4 - 8).flatMap((start) => {
  const { nodes, weights } = gaussLegendreRule(12);
  return Array.from(nodes, (node, k) => {
    const z = start + (node + 1) / 8;
    return { z, x: normalProbability(z), weight: weights[k]! * Math.exp(-z * z / 2) };
  });
});

/** Moments of z and x on the prior for a likelihood of 1/x about 1/peak, by brute force. */
function integrate(peak: number, noise: number, { min, max } = SCALE_ENDS) {
  const exponent = (x: number) => -((1 / x - 1 / peak) ** 2) / (2 * noise ** 2);
  const top = exponent(Math.min(Math.max(peak, min), max));
  let [sum, z1, z2, x1, x2] = [0, 0, 0, 0, 0];
  for (const { z, x: place, weight } of NODES) {
    const x = min + (max - min) * place;
    const w = weight * Math.exp(exponent(x) - top);
    sum += w;
    z1 += w * z;
    z2 += w * z * z;
    x1 += w * x;
    x2 += w * x * x;
  }
  const [center, mean] = [z1 / sum, x1 / sum];
  const [width, spread] = [Math.sqrt(z2 / sum - center ** 2), Math.sqrt(x2 / sum - mean ** 2)];
  return { center, width, mean, spread };
}

Deno.test("a posterior is found from the moments of its probit, wide and narrow, within and at the ends", () => {
  for (const peak of [0.66, 0.69, 0.7, 0.78, 0.81, 0.87, 0.95]) {
    for (const width of [0.006, 0.03, 0.1, 0.7]) {
      const truth = integrate(peak, width);
      const { center, width: own } = truth;
      const found = boundedMoments({ ...SCALE_ENDS, center: [center], width: [own] });
      assertAlmostEquals(found.mean[0]!, truth.mean, 1e-7, `${peak}, ${width}`);
      assertAlmostEquals(found.standardDeviation[0]!, truth.spread, 1e-7, `${peak}, ${width}`);
      assertAlmostEquals(boundedMean(center, own, SCALE_ENDS), truth.mean, 1e-7);
    }
  }
});

Deno.test("within the prior a posterior is the Gaussian that it looks like", () => {
  // 1/100 of the interval, on which 1/x is nearly linear.
  const width = 0.01 * Math.sqrt(2 * Math.PI);
  const bounded = { ...SCALE_ENDS, center: [0], width: [width] };
  for (const score of [-3, -1, 0, 2]) {
    const below = boundedProbability(bounded, 0, 0.81 + 0.0023 * score);
    assertAlmostEquals(below, normalProbability(score), 2e-3);
  }
});

Deno.test("a flat posterior is flat, and one of no solution is still a distribution", () => {
  const flat = { min: 1, max: 2, center: [0], width: [1] };
  for (const x of [0.01, 0.3, 0.77]) {
    assertAlmostEquals(boundedProbability(flat, 0, 1 + x), x, 1e-9);
  }
  const wide = { min: 1, max: 2, center: [0.2, -9, 6], width: [5, 1, 0.01] };
  for (const index of [0, 1, 2]) {
    const places = [1, 1.2, 1.5, 1.9, 2].map((x) => boundedProbability(wide, index, x));
    assert(places.every((p, i) => Number.isFinite(p) && p >= (places[i - 1] ?? 0) - 1e-12));
    assert(boundedMoments(wide).mean.every((mean) => mean >= 1 && mean <= 2));
  }
});

Deno.test("a posterior has no mass outside its interval, and quantiles that undo probabilities", () => {
  const bounded = { min: 0.695, max: 0.925, center: [-2.2, 0.3], width: [0.4, 0.2] };
  for (const index of [0, 1]) {
    assertEquals(boundedProbability(bounded, index, 0.695), 0);
    assertEquals(boundedProbability(bounded, index, 0.6), 0);
    assertEquals(boundedProbability(bounded, index, 0.925), 1);
    assertEquals(boundedProbability(bounded, index, 0.95), 1);
    for (const p of [0.001, 0.16, 0.5, 0.975]) {
      const x = boundedQuantile(bounded, index, p);
      assertGreater(x, 0.695);
      assertLess(x, 0.925);
      assertAlmostEquals(boundedProbability(bounded, index, x), p, 1e-9);
    }
  }
  assertThrows(() => boundedQuantile(bounded, 0, 1), RangeError, "p is 1");
});

Deno.test("the cells of the sigma8 grid are the prior, and labels come back", () => {
  assertAlmostEquals(SCALE.min, 0.695, 1e-15);
  assertAlmostEquals(SCALE.max, 0.925, 1e-15);
  assertEquals(cellsOf({ min: 1, max: 2, step: 0.5 }), { min: 0.75, max: 2.25 });
  for (const sigma8 of [0.7, 0.81, 0.92]) {
    const label = Math.fround(scaleLabel(sigma8, SCALE));
    // A network that is sure says the label's sigma8.
    const sure = Float32Array.of(label, -12);
    assertAlmostEquals(decodeMeans(sure, 2, SCALE)[0]!, sigma8, 1e-6);
    assertAlmostEquals(decodePosteriors(sure, SCALE).mean[0]!, sigma8, 1e-6);
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

/** Catalogs whose likelihood is a Gaussian in 1/sigma8, and their exact posteriors. */
function observeCatalogs(count: number, noise: number): [GaussianPosteriors, Float64Array] {
  const random = createRandom(4);
  const center = new Float64Array(count);
  const width = new Float64Array(count);
  const truth = new Float64Array(count);
  for (let c = 0; c < count; c++) {
    truth[c] = SCALE.min + (SCALE.max - SCALE.min) * random.uniform();
    const found = integrate(1 / (1 / truth[c]! + noise * random.normal()), noise);
    center[c] = found.center;
    width[c] = found.width;
  }
  const probit = { ...SCALE_ENDS, center, width };
  return [{ ...boundedMoments(probit), probit }, truth];
}

Deno.test("ranks within exact posteriors are uniform, those of Gaussians with their moments are not", () => {
  const [posteriors, truth] = observeCatalogs(8000, 0.07);
  const measure = (posteriors: GaussianPosteriors) =>
    measureCalibration({ kind: "gaussian", ...posteriors }, truth, SCALE_ENDS, createRandom(2));
  const { ranks, coverage, findings } = measure(posteriors);
  assertGreater(ranks.chiSquareProbability, 0.01);
  assertEquals(findings, []);
  for (const { level, covered, error } of coverage) {
    assertLess(Math.abs(covered - level), 4 * error);
  }
  const { mean, standardDeviation } = posteriors; // Gaussians of the same moments leave the prior
  assertLess(measure({ mean, standardDeviation }).ranks.chiSquareProbability, 1e-3);
});

Deno.test("values on a grid have uniform ranks within the prior if they stand for cells", () => {
  const random = createRandom(5);
  const truth = Float64Array.from({ length: 5000 }, () => 0.7 + 0.01 * random.integer(23));
  const [center, width] = [truth.map(() => 0), truth.map(() => 1)];
  const probit = { ...SCALE_ENDS, center, width };
  const posteriors = { kind: "gaussian", ...boundedMoments(probit), probit } as const;
  const measure = (step: number) =>
    measureCalibration(posteriors, truth, { ...SCALE_ENDS, step }, createRandom(2)).ranks;
  assertGreater(measure(0.01).chiSquareProbability, 0.01);
  assertLess(measure(0).chiSquareProbability, 1e-7);
});

Deno.test("an ensemble of bounded posteriors mixes their probabilities", () => {
  const of = (center: number, width: number): GaussianPosteriors => {
    const probit = { min: SCALE.min, max: SCALE.max, center: [center], width: [width] };
    return { ...boundedMoments(probit), probit };
  };
  const members = [of(-1.5, 0.3), of(-1.1, 0.2)];
  const [median] = mixtureQuantiles(members, [0.5]);
  const halves = members.map(({ probit }) => boundedProbability(probit!, 0, median!));
  assertAlmostEquals(halves[0]! + halves[1]!, 1, 1e-7);
  assertAlmostEquals(mixtureProbability(members, 0, median!), 0.5, 1e-7);
  assertEquals(mixtureProbability(members, 0, SCALE.min), 0);
});

/** An engine whose network gives every catalog the same mean and ln variance. */
function openConstantEngine(outputs: readonly [number, number]): Engine {
  const predict = (batch: Batch) =>
    Promise.resolve(Float32Array.from({ length: 2 * batch.count }, (_, i) => outputs[i % 2]!));
  const network = { predict, dispose: () => {} } as unknown as Network;
  return { name: "constant", create: () => Promise.resolve(network), close: () => {} };
}

Deno.test("a run is shifted and widened to the posterior that its catalogs ask for, which is the prior", async () => {
  const chosen = experiment("standard", "compact");
  const base = drawBaseSample(chosen.seed);
  const scales = (count: number) => Array.from({ length: count }, () => ({ offset: 0, scale: 1 }));
  const normalization = { pixels: scales(15), supplementary: scales(2), sigma8: SCALE };
  const run = { experiment: chosen, normalization, history: [], selectedEpoch: 1, weights: {} };
  const recalibrate = async (outputs: readonly [number, number]) => {
    const engine = openConstantEngine(outputs);
    const options = { base, trained: 400, random: createRandom(6) };
    const { normalization } = await recalibrateRun(engine, run, options);
    return normalization.sigma8 as ProbitScale;
  };
  const right = await recalibrate([0, 0]); // 2000 catalogs: errors of 0.022 and 0.016
  assertAlmostEquals(right.shift, 0, 0.09);
  assertAlmostEquals(right.widening, 1, 0.065);
  const high = await recalibrate([0.4, Math.log(0.8)]);
  assertLess(high.shift, -0.2);
  const [mean] = decodeMeans(Float32Array.of(0.4, Math.log(0.8)), 2, high);
  const [before] = decodeMeans(Float32Array.of(0.4, Math.log(0.8)), 2, SCALE);
  assertLess(Math.abs(mean! - 0.81), 0.5 * Math.abs(before! - 0.81));
  assertGreater((await recalibrate([0, Math.log(0.25)])).widening, 1.5);
  const linear = { ...run, normalization: { ...normalization, sigma8: SIGMA8_SCALE } };
  const options = { base, trained: 10, random: createRandom(6) };
  assertEquals(await recalibrateRun(openConstantEngine([0, 0]), linear, options), linear);
});
