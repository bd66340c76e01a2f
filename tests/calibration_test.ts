/** Calibration of predicted posteriors, ensembles, and the distributions that the tests rest on. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import type { Calibration, PredictedPosteriors } from "../src/evaluation/mod.ts";
import { createRandom, experiment, train } from "../mod.ts";
import { calibrationColumns } from "../src/evaluation/calibration.ts";
import { mixtureQuantiles } from "../src/evaluation/ensemble_posterior.ts";
import {
  combineEnsemble,
  COVERAGE_LEVELS,
  measureCalibration,
  mixtureProbability,
  POSTERIOR_QUANTILES,
  viewPosteriors,
} from "../src/evaluation/mod.ts";
import { inputWidths, predictCatalogs } from "../src/network/mod.ts";
import { checkSchedule } from "../src/network/schedule.ts";
import {
  chiSquareTail,
  mean,
  normalProbability,
  normalQuantile,
  testUniformity,
} from "../src/numerics/mod.ts";
import { openLinearEngine } from "./linear_engine.ts";

// Distributions

Deno.test("the normal probability has 14 digits from the middle to the far tails", () => {
  // Values of mpmath at 30 digits.
  for (
    const [z, expected] of [
      [0, 0.5],
      [1, 0.841344746068542949],
      [-1.999, 0.0228041769326588887],
      [-2.001, 0.0226961949456415506],
      [-5, 2.86651571879193911e-7],
      [-10, 7.61985302416052607e-24],
      [-37, 5.72557122252457682e-300],
    ] as const
  ) assertAlmostEquals(normalProbability(z) / expected, 1, 2e-14, `at ${z}`);
  assertEquals([normalProbability(-Infinity), normalProbability(Infinity)], [0, 1]);
});

Deno.test("the normal quantile inverts the normal probability", () => {
  for (const p of [1e-300, 1e-20, 0.001, 0.16, 0.5, 0.84, 0.999]) {
    assertAlmostEquals(normalProbability(normalQuantile(p)) / p, 1, 1e-12, `at ${p}`);
  }
  assertEquals(normalQuantile(0.975), -normalQuantile(1 - 0.975));
});

Deno.test("the chi-square tail has mpmath's values and is a probability at its ends", () => {
  for (
    const [x, degrees, tail] of [
      [3.841, 1, 0.0500136837639567],
      [30.144, 19, 0.0499941679966814],
      [23.209, 10, 0.0100008658147408],
    ] as const
  ) assertAlmostEquals(chiSquareTail(x, degrees), tail, 1e-15);
  for (const degrees of [1, 2, 3, 18, 19]) assertAlmostEquals(chiSquareTail(0, degrees), 1, 1e-15);
  assertEquals(chiSquareTail(1e5, 19), 0);
});

Deno.test("evenly spaced values are uniform and squeezed ones are not", () => {
  const even = Float64Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100);
  assertAlmostEquals(testUniformity(even).distance, 0.005, 1e-12);
  assertAlmostEquals(testUniformity(even).probability, 1, 1e-12);
  const squeezed = testUniformity(even.map((value) => 0.25 + value / 2));
  assertAlmostEquals(squeezed.distance, 0.2525, 1e-12);
  assertLess(squeezed.probability, 1e-5);
});

Deno.test("numbers that a distribution does not have are refused", () => {
  assertThrows(() => normalProbability(NaN), RangeError, "z is NaN");
  for (const p of [0, 1, NaN, 1e-310]) {
    assertThrows(() => normalQuantile(p), RangeError, "Cannot take a normal quantile");
  }
  for (const [x, degrees] of [[-1, 2], [NaN, 2], [1, 0], [1, 1.5]]) {
    assertThrows(() => chiSquareTail(x!, degrees!), RangeError, "Cannot take a chi-square");
  }
  assertThrows(() => testUniformity([]), RangeError, "there are none");
  assertThrows(() => testUniformity([0.5, NaN]), RangeError, "to NaN");
});

// Calibration

const PRIOR = { min: 0.7, max: 0.92 };
const COUNT = 3000;
const WIDTH = 0.02;

interface Setting {
  readonly seed?: number;
  /** Stated over true width. */
  readonly factor?: number;
  /** In true widths. */
  readonly bias?: number;
}

/**
 * Exact posteriors by construction: the mean is drawn, and the truth about it. The mean stays five
 * widths inside the prior, so that no truth leaves it.
 */
function drawGaussians({ seed = 1, factor = 1, bias = 0 }: Setting) {
  const random = createRandom(seed);
  const margin = 5 * WIDTH;
  const center = Float64Array.from(
    { length: COUNT },
    () => PRIOR.min + margin + (PRIOR.max - PRIOR.min - 2 * margin) * random.uniform(),
  );
  const truth = center.map((value) => value + WIDTH * random.normal());
  return {
    truth,
    mean: center.map((value) => value + bias * WIDTH),
    standardDeviation: center.map(() => factor * WIDTH),
  };
}

function calibrate(setting: Setting): Calibration {
  const { truth, ...gaussians } = drawGaussians(setting);
  return measureCalibration({ kind: "gaussian", ...gaussians }, truth, PRIOR, createRandom(9));
}

Deno.test("exact Gaussian posteriors pass every test, for each of five seeds", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const { findings, coverage, ranks, randomPoints, pulls } = calibrate({ seed });
    assertEquals(findings, []);
    for (const { level, covered, error } of coverage) {
      assertLess(Math.abs(covered - level), 4 * error, `seed ${seed}, level ${level}`);
    }
    for (const probability of [ranks.chiSquareProbability, ranks.kolmogorovSmirnov.probability]) {
      assertGreater(probability, 0.005);
    }
    assertGreater(randomPoints.probability, 0.005);
    assertLess(randomPoints.largestDeviation, 0.03);
    assertAlmostEquals(pulls.width, 1, 0.05);
  }
});

Deno.test("posteriors stated 1.5 times too narrow cover as a Gaussian of that width does", () => {
  const { coverage, findings, randomPoints, pulls } = calibrate({ factor: 1 / 1.5 });
  for (const { level, covered, error } of coverage) {
    const expected = 2 * normalProbability(normalQuantile((1 + level) / 2) / 1.5) - 1;
    assertAlmostEquals(covered, expected, 5 * error + 0.01, `level ${level}`);
  }
  assertAlmostEquals(pulls.width, 1.5, 0.08);
  assert(findings.some((finding) => finding.includes("overconfident")));
  assert(findings.some((finding) => finding.includes("95% intervals")));
  assert(findings.some((finding) => finding.startsWith("Ranks are not uniform: chi-square")));
  assert(findings.some((finding) => finding.startsWith("TARP")));
  assertLess(randomPoints.probability, 1e-6);
});

Deno.test("posteriors stated 1.5 times too wide are found underconfident", () => {
  const { coverage, findings } = calibrate({ factor: 1.5 });
  assert(findings.some((finding) => finding.includes("underconfident")));
  const { covered } = coverage.find(({ level }) => level === 0.68)!;
  assertAlmostEquals(covered, 2 * normalProbability(1.5 * normalQuantile(0.84)) - 1, 0.03);
});

Deno.test("posteriors half a width too high are found biased, by ranks and pulls", () => {
  const { findings, pulls, ranks } = calibrate({ bias: 0.5 });
  assertAlmostEquals(pulls.mean, -0.5, 0.08);
  assertAlmostEquals(pulls.width, 1, 0.05);
  assert(findings[0]!.startsWith("Posteriors lie high"));
  assertLess(ranks.kolmogorovSmirnov.probability, 1e-10);
  assertGreater(ranks.counts[0]!, 1.5 * ranks.expected);
});

Deno.test("TARP finds a bias of one width, and one of half a width less surely", () => {
  const [half, one] = [0.5, 1].map((bias) => calibrate({ bias }).randomPoints.probability);
  assertLess(one!, 1e-15);
  assertLess(half!, 0.01);
  assertGreater(half!, one!);
});

Deno.test("TARP's probabilities are those of the ball about each point that reaches the truth", () => {
  // The posterior is flat enough to be a straight line, so that the ball's probability is known.
  const { truth, mean } = drawGaussians({});
  const standardDeviation = mean.map(() => 1e6);
  const { randomPoints } = measureCalibration(
    { kind: "gaussian", mean, standardDeviation },
    truth,
    PRIOR,
    createRandom(2),
  );
  // All regions hold next to nothing: all truths are inside at the first credibility above 0.
  assertEquals(randomPoints.curve.map(({ coverage }) => coverage > 0.999).indexOf(true), 1);
  assertAlmostEquals(randomPoints.largestDeviation, 0.95, 1e-9);
});

Deno.test("TARP finds estimates that do not lean inward at the prior's edges, pulls do not", () => {
  const random = createRandom(1);
  const truth = Float64Array.from({ length: COUNT }, () => 0.7 + 0.22 * random.uniform());
  const mean = truth.map((value) => value + WIDTH * random.normal());
  const standardDeviation = mean.map(() => WIDTH);
  const { pulls, ranks, randomPoints } = measureCalibration(
    { kind: "gaussian", mean, standardDeviation },
    truth,
    PRIOR,
    createRandom(1),
  );
  assertAlmostEquals(pulls.mean, 0, 4 * pulls.meanError);
  assertGreater(ranks.kolmogorovSmirnov.probability, 0.005);
  assertLess(randomPoints.probability, 1e-5);
});

Deno.test("TARP's curve runs from 0 to 1 inside its nested bands", () => {
  const { curve } = calibrate({}).randomPoints;
  assertEquals(curve.at(-1)!.credibility, 1);
  assertAlmostEquals(curve.at(-1)!.coverage, 1, 1e-9);
  for (const { coverage, band68, band95 } of curve) {
    assert(band95[0] <= band68[0] && band68[1] <= band95[1]);
    assert(band95[0] <= coverage && coverage <= band95[1]);
  }
  const middle = curve[10]!;
  const expected = Math.sqrt(0.25 / COUNT);
  assertAlmostEquals((middle.band68[1] - middle.band68[0]) / 2 / expected, 1, 0.25);
});

Deno.test("thirds split the prior, say which touch its edge, and hold every catalog once", () => {
  const { thirdsByTruth, thirdsByMean } = calibrate({});
  assertEquals(thirdsByTruth.map(({ atEdge }) => atEdge), [true, false, true]);
  for (const thirds of [thirdsByTruth, thirdsByMean]) {
    assertEquals(thirds.reduce((sum, { count }) => sum + count, 0), COUNT);
  }
  // All means lie within the middle third; the truths of the outer ones are its tails.
  assertEquals(thirdsByMean.map(({ count }) => count), [COUNT]);
  assertGreater(thirdsByTruth[0]!.bias, 0.01);
  assertLess(thirdsByTruth[2]!.bias, -0.01);
  const { coverage } = thirdsByMean[0]!;
  assertEquals(coverage.map(({ level }) => level), [0.68, 0.95]);
});

Deno.test("a third in which posteriors are too narrow is found there and nowhere else", () => {
  const random = createRandom(4);
  const mean = Float64Array.from({ length: COUNT }, () => 0.72 + 0.18 * random.uniform());
  const truth = mean.map((value) => value + 0.004 * (random.uniform() - 0.5) * Math.sqrt(12));
  const upper = PRIOR.min + 2 * (PRIOR.max - PRIOR.min) / 3;
  const standardDeviation = mean.map((value) => value < upper ? 0.004 : 0.002);
  const { thirdsByMean } = measureCalibration(
    { kind: "gaussian", mean, standardDeviation },
    truth,
    PRIOR,
    createRandom(1),
  );
  // A uniform error of width sqrt(12) s: |error| < z s covers z / sqrt(3).
  const z = normalQuantile(0.84);
  const expected = [z, z, z / 2].map((value) => value / Math.sqrt(3));
  thirdsByMean.forEach(({ coverage }, k) =>
    assertAlmostEquals(coverage[0]!.covered, expected[k]!, 0.06)
  );
});

Deno.test("quantiles of a Gaussian and a mixture of one are calibrated as that Gaussian is", () => {
  const { truth, mean, standardDeviation } = drawGaussians({ factor: 0.8, bias: 0.1 });
  const forms: PredictedPosteriors[] = [
    { kind: "gaussian", mean, standardDeviation },
    { kind: "mixture", members: [{ mean, standardDeviation }] },
    {
      kind: "quantiles",
      probabilities: POSTERIOR_QUANTILES,
      quantiles: mixtureQuantiles([{ mean, standardDeviation }], POSTERIOR_QUANTILES),
    },
  ];
  const [direct, ...others] = forms.map((form) =>
    measureCalibration(form, truth, PRIOR, createRandom(3))
  );
  for (const other of others) {
    assertEquals(other.coverage, direct!.coverage);
    assertEquals(other.ranks.counts, direct!.ranks.counts);
    assertAlmostEquals(other.pulls.width, direct!.pulls.width, 1e-9);
    assertAlmostEquals(other.randomPoints.distance, direct!.randomPoints.distance, 1e-9);
  }
});

Deno.test("truths drawn from a mixture are calibrated under it, and not under one member", () => {
  const random = createRandom(12);
  const first = Float64Array.from({ length: COUNT }, () => 0.78 + 0.02 * random.uniform());
  const members = [
    { mean: first, standardDeviation: first.map(() => 0.01) },
    { mean: first.map((value) => value + 0.04), standardDeviation: first.map(() => 0.02) },
  ];
  const truth = Float64Array.from(first, (_, c) => {
    const { mean, standardDeviation } = members[random.integer(2)]!;
    return mean[c]! + standardDeviation[c]! * random.normal();
  });
  const measure = (posteriors: PredictedPosteriors) =>
    measureCalibration(posteriors, truth, { min: 0.6, max: 1 }, createRandom(1));
  assertEquals(measure({ kind: "mixture", members }).findings, []);
  assertGreater(measure({ kind: "gaussian", ...members[0]! }).findings.length, 3);
});

Deno.test("a calibration's columns are equally long within each plot's table", () => {
  const tables = calibrationColumns(calibrate({}));
  assertEquals(Object.keys(tables), [
    "coverage",
    "ranks",
    "tarp",
    "thirdsByTruth",
    "thirdsByMean",
  ]);
  assertEquals(tables["coverage"]!["level"], COVERAGE_LEVELS);
  assertEquals(Array.from(tables["ranks"]!["count"]!).reduce((a, b) => a + b), COUNT);
  for (const columns of Object.values(tables)) {
    const lengths = Object.values(columns).map(({ length }) => length);
    assert(lengths.every((length) => length === lengths[0]));
    for (const column of Object.values(columns)) assert(Array.from(column).every(Number.isFinite));
  }
});

Deno.test("the same stream gives the same calibration", () => {
  assertEquals(calibrate({ seed: 6 }), calibrate({ seed: 6 }));
});

// Ensembles

Deno.test("an ensemble's variance is the mean variance plus the variance of the means", () => {
  const { mean, standardDeviation, within, between } = combineEnsemble([
    { mean: [0.7, 0.8], standardDeviation: [0.01, 0.03] },
    { mean: [0.8, 0.8], standardDeviation: [0.07, 0.03] },
  ]);
  assertAlmostEquals(mean[0]!, 0.75, 1e-12);
  assertAlmostEquals(within[0]!, 0.05, 1e-12);
  assertAlmostEquals(between[0]!, 0.05, 1e-12);
  assertAlmostEquals(standardDeviation[0]!, 0.05 * Math.SQRT2, 1e-12);
  assertEquals(between[1], 0);
  assertAlmostEquals(standardDeviation[1]!, 0.03, 1e-12);
});

Deno.test("a mixture's quantiles are where its probability is the one asked for", () => {
  const members = [
    { mean: [0.75, 0.8], standardDeviation: [0.01, 0.02] },
    { mean: [0.85, 0.8], standardDeviation: [0.03, 0.02] },
    { mean: [0.8, 0.8], standardDeviation: [0.005, 0.02] },
  ];
  const probabilities = [0.025, 0.16, 0.5, 0.84, 0.975];
  const quantiles = mixtureQuantiles(members, probabilities);
  for (const [k, p] of probabilities.entries()) {
    assertAlmostEquals(mixtureProbability(members, 0, quantiles[k]!), p, 1e-8);
    assertAlmostEquals(quantiles[5 + k]!, 0.8 + 0.02 * normalQuantile(p), 1e-12);
  }
});

Deno.test("the median of two far members of equal width lies half way, their 25% on the first", () => {
  const members = [0.7, 0.9].map((mean) => ({ mean: [mean], standardDeviation: [0.01] }));
  const [quarter, half] = mixtureQuantiles(members, [0.25, 0.5]);
  assertAlmostEquals(quarter!, 0.7, 1e-9);
  assertAlmostEquals(half!, 0.8, 1e-9);
});

Deno.test("the center of quantiles is their median, read off where none is listed", () => {
  const { center } = viewPosteriors({
    kind: "quantiles",
    probabilities: [0.16, 0.84],
    quantiles: [0.7, 0.8, 0.8, 0.9],
  });
  assertAlmostEquals(center[0]!, 0.75, 1e-12);
  assertAlmostEquals(center[1]!, 0.85, 1e-12);
});

// A network of two outputs

Deno.test("a mean and a log variance are trained by the Gaussian loss, and by no other", () => {
  const two = { architecture: { outputs: "mean and log variance" } } as const;
  const { architecture, schedule } = experiment("standard", "compact", {
    ...two,
    schedule: { loss: "gaussian" },
  });
  checkSchedule(schedule, architecture);
  for (const loss of ["mae", "mse"] as const) {
    assertThrows(
      () => experiment("standard", "compact", { ...two, schedule: { loss } }),
      RangeError,
      `architecture.outputs is "mean and log variance" and schedule.loss "${loss}"`,
    );
    assertThrows(
      () => checkSchedule({ ...schedule, loss }, architecture),
      RangeError,
      "outputs is",
    );
  }
  assertThrows(
    () => experiment("standard", "paper", { schedule: { loss: "gaussian" } }),
    RangeError,
    'architecture.outputs is "value" and schedule.loss "gaussian"',
  );
});

Deno.test("a network of two outputs is selected by the validation MSE of its mean", async () => {
  const { architecture, schedule, features } = experiment("standard", "paper", {
    features: { pixels: ["logGasMass"], supplementary: [] },
    architecture: { encoder: [2], convolution: [1], dense: [2], outputs: "mean and log variance" },
    schedule: { loss: "gaussian", epochs: 6, selectFrom: 1, batches: 4 },
  });
  const random = createRandom(2);
  const catalogs = Array.from({ length: 24 }, () => {
    const pixels = Float32Array.from({ length: 5 }, () => random.normal());
    const none = new Float32Array(0);
    return { count: 5, pixels, supplementary: none, label: pixels[0]!, tie: none };
  });
  const data = { train: catalogs.slice(0, 16), validation: catalogs.slice(16) };
  const engine = openLinearEngine();
  const choices = { architecture, schedule, features };
  for await (const event of train(engine, choices, data, createRandom(3))) {
    if (event.kind !== "end") continue;
    const { history, selectedEpoch, weights } = event;
    const network = await engine.create(architecture, inputWidths(features), weights);
    const outputs = await predictCatalogs(network, data.validation);
    assertEquals(outputs.length, 2 * data.validation.length);
    const mse = mean(data.validation.map(({ label }, c) => (outputs[2 * c]! - label) ** 2));
    const errors = history.map(({ validationMse }) => validationMse);
    assertAlmostEquals(mse, Math.min(...errors), 1e-9);
    assertEquals(selectedEpoch, errors.indexOf(Math.min(...errors)) + 1);
    return;
  }
  throw new Error("training has no end");
});

// Bad input

Deno.test("what cannot be calibrated is refused in one line", () => {
  const truth = Float64Array.from({ length: 20 }, (_, i) => 0.75 + 0.005 * i);
  const fine = { mean: truth, standardDeviation: truth.map(() => 0.02) };
  const measure = (
    changes: { posteriors?: PredictedPosteriors; truth?: Float64Array; prior?: typeof PRIOR },
  ) =>
    measureCalibration(
      changes.posteriors ?? { kind: "gaussian", ...fine },
      changes.truth ?? truth,
      changes.prior ?? PRIOR,
      createRandom(1),
    );
  const gaussian = (changes: Partial<typeof fine>) =>
    measure({ posteriors: { kind: "gaussian", ...fine, ...changes } });
  const quantiles = (values: number[], probabilities = [0.16, 0.84]) =>
    measure({ posteriors: { kind: "quantiles", probabilities, quantiles: values } });
  const pairs = Array.from({ length: 40 }, (_, i) => 0.7 + 0.1 * (i % 2));
  measure({}); // as it stands it is fine
  quantiles(pairs);
  const none = new Float64Array(0);
  const cases: [() => unknown, string][] = [
    [
      () => measure({ prior: { min: 0.8, max: 0.8 } }),
      "runs from 0.8 to 0.8, the maximum should be",
    ],
    [() => measure({ prior: { min: NaN, max: 0.9 } }), "runs from NaN to 0.9"],
    [() => measure({ prior: { min: 0.8, max: 0.9 } }), "is 0.75, should be in the prior, 0.8"],
    [() => measure({ truth: truth.with(3, NaN) }), "sigma8 of catalog 3 is NaN"],
    [() => gaussian({ mean: none, standardDeviation: none }), "there are 0 posteriors"],
    [() => gaussian({ mean: truth.with(2, NaN) }), "catalog 2 is NaN +- 0.02"],
    [() => gaussian({ standardDeviation: fine.standardDeviation.with(1, 0) }), "+- 0, should be"],
    [() => gaussian({ standardDeviation: fine.standardDeviation.with(1, -1) }), "+- -1, should"],
    [() => gaussian({ standardDeviation: fine.standardDeviation.with(1, Infinity) }), "Infinity"],
    [
      () => gaussian({ mean: truth.with(5, 0.9), standardDeviation: truth.map(() => 1e-320) }),
      "widths from its posterior",
    ],
    [() => measure({ posteriors: { kind: "mixture", members: [] } }), "0 members"],
    [() => quantiles([]), "there are 0 posteriors"],
    [() => quantiles(pairs.with(1, 0.7)), "quantile 1 of catalog 0 is 0.7, should be finite and"],
    [() => quantiles(pairs.with(2, NaN)), "quantile 0 of catalog 1 is NaN, should be finite"],
    [() => quantiles(pairs, [0.84, 0.16]), "probabilities are 0.84, 0.16, should be 2 or more"],
    [() => quantiles(pairs, [0, 0.5]), "p is 0"],
    [
      () =>
        measureCalibration(
          { kind: "gaussian", mean: [0.8], standardDeviation: [0.1] },
          [0.8],
          PRIOR,
          createRandom(1),
        ),
      "there is 1 catalog, at least 10",
    ],
  ];
  for (const [refused, message] of cases) {
    const error = assertThrows(refused, RangeError, message);
    assert(!error.message.includes("\n"));
  }
});

Deno.test("posteriors, members and truths of different numbers are refused", () => {
  const two = { mean: [0.8, 0.8], standardDeviation: [0.1, 0.1] };
  assertThrows(
    () => combineEnsemble([two, { mean: [0.8], standardDeviation: [0.1] }]),
    TypeError,
    "member 1 has 1 posteriors, the first 2",
  );
  assertThrows(
    () => combineEnsemble([{ mean: [0.8, 0.8], standardDeviation: [0.1] }]),
    TypeError,
    "2 means and 1 standard deviations",
  );
  assertThrows(
    () => measureCalibration({ kind: "gaussian", ...two }, [0.8], PRIOR, createRandom(1)),
    TypeError,
    "2 posteriors and 1 true values",
  );
  assertThrows(
    () => viewPosteriors({ kind: "quantiles", probabilities: [0.1, 0.9], quantiles: [0.8] }),
    TypeError,
    "1 quantiles, should be 2 per catalog",
  );
  assertThrows(() => mixtureQuantiles([two], [1]), RangeError, "p is 1");
});
