/** The paper's six conclusions, decided by measures whose answer is known. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ConclusionMeasures } from "../src/interpretation/faithfulness/conclusion_measures.ts";
import { drawConclusions } from "../src/interpretation/faithfulness/conclusions.ts";

const curve = (...values: number[]) =>
  values.map((value, i) => ({
    from: Number((13.9 + i / 10).toFixed(1)),
    to: Number((14 + i / 10).toFixed(1)),
    value,
  }));

/** What faithful.md, section 4, has of the exact answers. */
const EXACT: ConclusionMeasures = {
  proxy: { line: 5.3, within: 2.85, r: 0.9989, gasMass: 18.8, optimal: 5.3 },
  scatter: { scatter: 0.0187, limit: 0.0186 },
  leaveOneOut: {
    bands: [
      { from: 13.9, to: 14.2, value: -0.0012 },
      { from: 14.2, to: 14.4, value: -0.0018 },
      { from: 14.4, to: 14.6, value: -0.0024 },
      { from: 14.6, to: 14.8, value: -0.0032 },
    ],
    lowered: 1,
    halfWidth: 0.002,
    r: null,
    noise: null,
  },
  shells: {
    radius: [0.088, 0.13, 0.2, 0.3, 0.44, 0.67, 1],
    gradient: [0.023, 0.027, 0.028, 0.03, 0.031, 0.033, 0.035],
    correlation: [0.842, 0.899, 0.935, 0.954, 0.959, 0.959, 0.957],
  },
  withoutLensing: {
    perCluster: curve(0.003, 0.0034, 0.004, 0.0044, 0.005, 0.0062, 0.007, 0.008, 0.009, 0.0095),
    perDex: curve(0.1, 0.2, 0.3, 0.5, 0.7, 0.57, 0.4, 0.21, 0.1, 0.05),
    r: null,
  },
  correlations: { partial: 0.002, flagged: false, control: { partial: -0.26, flagged: true } },
};

const outcomes = (measures: ConclusionMeasures) =>
  drawConclusions(measures).map(({ outcome }) => outcome);

Deno.test("the conclusions of the exact answers are the prototype's", () => {
  const conclusions = drawConclusions(EXACT);
  assertEquals(conclusions.map(({ number }) => number), [1, 2, 3, 4, 5, 6]);
  assertEquals(conclusions.map(({ outcome }) => outcome), [
    "holds",
    "holds",
    "holds",
    "holds",
    "holds for the population only",
    "holds",
  ]);
  assertStringIncludes(conclusions[1]!.measured, "limit 0.0186");
  assertStringIncludes(conclusions[2]!.why, "there is no threshold");
  assertStringIncludes(conclusions[3]!.why, "rises to R500 without the paper's peak");
  assertStringIncludes(conclusions[4]!.measured, "summed over a catalog at 10^14.35");
  for (const { claim, why } of conclusions) assert(claim.length > 20 && why.length > 10);
});

Deno.test("a noisy, reversed or random network does not reach conclusions that it does not support", () => {
  const measures: ConclusionMeasures = {
    proxy: { line: 24.6, within: 24.5, r: 0.932, gasMass: 18.6, optimal: 5 },
    scatter: { scatter: 0.0242, limit: 0.0215 },
    leaveOneOut: { ...EXACT.leaveOneOut!, r: 0.42, noise: 0.0027 },
    shells: { ...EXACT.shells!, gradient: [0.27, 0.35, 0.38, 0.26, 0.11, 0.09, 0.04] },
    withoutLensing: { ...EXACT.withoutLensing!, perDex: curve(0.7, 0.5, 0.3, 0.2, 0.1) },
    correlations: { partial: -0.2, flagged: true, control: null },
  };
  assertEquals(outcomes(measures), [
    "does not hold",
    "does not hold",
    "holds for the population only",
    "holds for the population only",
    "does not hold",
    "does not hold",
  ]);
  const blind = { ...EXACT.correlations!, control: { partial: 0.01, flagged: false } };
  assertEquals(outcomes({ ...measures, correlations: blind })[5], "does not hold");
  const flat = EXACT.leaveOneOut!.bands.map((band) => ({ ...band, value: -0.001 }));
  const still = { ...EXACT.leaveOneOut!, bands: flat };
  assertEquals(outcomes({ ...measures, leaveOneOut: still })[2], "does not hold");
  const seldom = { ...EXACT.leaveOneOut!, lowered: 0.7 };
  assertEquals(outcomes({ ...measures, leaveOneOut: seldom })[2], "does not hold");
});

Deno.test("what was not measured is not decided", () => {
  const none: ConclusionMeasures = {
    proxy: null,
    scatter: null,
    leaveOneOut: null,
    shells: null,
    withoutLensing: null,
    correlations: null,
  };
  for (const { outcome, measured, why } of drawConclusions(none)) {
    assertEquals([outcome, measured], ["not measured", ""]);
    assert(why.startsWith("it takes "));
  }
  const [one] = EXACT.leaveOneOut!.bands.slice(1);
  const few = { ...none, leaveOneOut: { ...EXACT.leaveOneOut!, bands: [one!] } };
  const [, , third] = drawConclusions(few);
  assertEquals([third!.outcome, third!.measured], ["not measured", ""]);
  assertStringIncludes(third!.why, "too few clusters above 10^14.2");
});

Deno.test("a peak by single clusters of a network that is not faithful is doubted", () => {
  const jagged = curve(0.003, 0.0034, 0.004, 0.0044, 0.005, 0.007, 0.0102, 0.002, 0.001, -0.001);
  const withoutLensing = { ...EXACT.withoutLensing!, perCluster: jagged, r: 0.72 };
  const [, , , , fifth] = drawConclusions({ ...EXACT, withoutLensing });
  assertEquals(fifth!.outcome, "holds for the population only");
  assertStringIncludes(fifth!.why, "matters most elsewhere");
  assertStringIncludes(fifth!.why, "r 0.72 with the exact ones");
  const [, , , , exact] = drawConclusions(EXACT);
  assertStringIncludes(exact!.why, "the more the heavier it is");
  assert(!exact!.why.includes("trusted"));
});

Deno.test("a core whose weight is negative is not the least", () => {
  const gradient = EXACT.shells!.gradient.map((value, s) => s === 0 ? -0.034 : value);
  const [, , , fourth] = drawConclusions({ ...EXACT, shells: { ...EXACT.shells!, gradient } });
  assertEquals(fourth!.outcome, "holds for the population only");
});
