/** Scores of networks whose faithfulness is known: written by hand, the optimum itself, and none. */
import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import type { Catalog } from "../src/catalogs/catalog.ts";
import { drawCatalog, prepareCatalogs } from "../src/catalogs/catalog.ts";
import { drawParameters, STANDARD_PRIORS } from "../src/catalogs/priors.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { prepareLikelihood } from "../src/evaluation/likelihood.ts";
import type { FeatureArray, FeatureSpec } from "../src/features/features.ts";
import { buildFeatures } from "../src/features/features.ts";
import { fitNormalization, normalizeColumns } from "../src/features/normalization.ts";
import type { ExactCatalog } from "../src/interpretation/exact/exact_catalog.ts";
import { answerExactly } from "../src/interpretation/exact/exact_catalog.ts";
import { isGap } from "../src/interpretation/exact/gap.ts";
import { findOptimalGradient } from "../src/interpretation/exact/optimal_gradient.ts";
import { projectOnAxes } from "../src/interpretation/exact/principal_axes.ts";
import {
  faithfulnessColumns,
  measureFaithfulness,
} from "../src/interpretation/faithfulness/faithfulness.ts";
import type { LeaveOneOutScore } from "../src/interpretation/faithfulness/leave_one_out_score.ts";
import { compareLeaveOneOut } from "../src/interpretation/faithfulness/leave_one_out_score.ts";
import { compareSeeds } from "../src/interpretation/faithfulness/seed_agreement.ts";
import { judgeFaithfulness } from "../src/interpretation/faithfulness/verdict.ts";
import { leaveOneOut } from "../src/interpretation/leave_one_out.ts";
import { tabulateTerse } from "../src/interpretation/terse_table.ts";
import type { Model } from "../src/model.ts";
import { createRandom } from "../src/numerics/random.ts";
import { makeCatalog } from "./interpretation_catalogs.ts";
import { STANDARD_FEATURES, STANDARD_PLAN } from "./mock_plans.ts";

const RANDOM = createRandom(2);
const BASE = drawBaseSample(RANDOM.fork("base sample"));
const WIDTH = 15;
const MAKER = prepareCatalogs(BASE, STANDARD_PLAN);
const CATALOGS: Catalog[] = drawParameters(STANDARD_PRIORS, 40, RANDOM)
  .map((parameters, i) => drawCatalog(MAKER, parameters, RANDOM.fork("catalog", i)));
const FEATURES = CATALOGS.map((catalog, i) =>
  buildFeatures(catalog, STANDARD_FEATURES, RANDOM.fork("features", i))
);
const SCALES = fitNormalization(FEATURES, STANDARD_FEATURES, "z-score").pixels;
const LIKELIHOOD = prepareLikelihood(BASE, STANDARD_PLAN);

/** Exact answers of every fifth catalog. */
const EXACT: (ExactCatalog | null)[] = CATALOGS.map(({ clusters }, i) =>
  i % 5 === 0 ? answerExactly(LIKELIHOOD, clusters, RANDOM.fork("exact", i)) : null
);

const OPTIMAL = (() => {
  const column = (name: "logTemperature" | "logGasMass") =>
    Float64Array.from(
      FEATURES.flatMap(({ rows }, c) => Array.from(rows, (r) => CATALOGS[c]!.clusters[name][r]!)),
    );
  const optimal = findOptimalGradient(BASE, {
    width: WIDTH,
    pixels: Float32Array.from(
      FEATURES.flatMap(({ pixels }) => [...normalizeColumns(pixels, SCALES)]),
    ),
    logTemperature: column("logTemperature"),
    logGasMass: column("logGasMass"),
  });
  assert(!isGap(optimal));
  return optimal;
})();

/** A linear encoder of normalized pixels, and a regression of the test's. */
function linearModel(
  gradient: ArrayLike<number>,
  regress: (terse: Float32Array, supplementary: Float32Array) => number,
): Pick<Model, "encode" | "encoderGradient" | "regress"> {
  return {
    encode: ({ pixels, count }: FeatureArray) => {
      const normalized = normalizeColumns(pixels, SCALES);
      return Promise.resolve(Float32Array.from({ length: count }, (_, r) => {
        let sum = 0;
        for (let p = 0; p < WIDTH; p++) sum += normalized[r * WIDTH + p]! * gradient[p]!;
        return sum;
      }));
    },
    encoderGradient: ({ count }) =>
      Promise.resolve(Float32Array.from({ length: count * WIDTH }, (_, i) => gradient[i % WIDTH]!)),
    regress: (catalogs) =>
      Promise.resolve(
        Float64Array.from(catalogs, ({ terse, supplementary }) => regress(terse, supplementary)),
      ),
  };
}

async function judge(
  model: Pick<Model, "encode" | "encoderGradient" | "regress">,
  exact: readonly (ExactCatalog | null)[] = EXACT,
) {
  const found = {
    leaveOneOut: await leaveOneOut(model, FEATURES, CATALOGS),
    terseTable: await tabulateTerse(model, FEATURES, CATALOGS),
  };
  const ground = { base: BASE, exact, columns: STANDARD_FEATURES.pixels, scales: SCALES };
  return await measureFaithfulness(model, FEATURES, found, ground);
}

const sum = (terse: Float32Array) => terse.reduce((total, x) => total + x, 0);

Deno.test("an encoder that is the optimum has cosines of 1, the optimal weights and proxy", async () => {
  const { scores, details } = await judge(linearModel(OPTIMAL.gradient, sum));
  assert(!isGap(scores.saliency) && !isGap(scores.weights) && !isGap(scores.proxy));
  assertAlmostEquals(scores.saliency.rawCosine, 1, 1e-6);
  assertAlmostEquals(scores.saliency.projectedCosine, 1, 1e-6);
  assertLess(scores.saliency.offManifold, 1e-4);
  assertAlmostEquals(scores.weights.found! / scores.weights.optimal, 1, 0.02);
  assertAlmostEquals(scores.weights.optimal, 2.73, 0.1);
  // The pixels give the best combination but for the curvature of profiles in their shapes.
  assertAlmostEquals(scores.proxy.line, scores.proxy.optimal, 0.3);
  assertLess(scores.proxy.line, 6.5);
  assertLess(scores.proxy.withinCatalogs, 3.5);
  assertGreater(scores.proxy.rWithinCatalogs, 0.998);
  assert(!isGap(details.proxies) && !isGap(details.sensitivities));
  assertGreater(details.proxies.logYx!.withinCatalogs, 6.5);
  assertGreater(details.proxies.logGasMass!.withinCatalogs, 15);
  assertGreater(details.sensitivities.cosine, 0.999);
  assertLess(details.sensitivities.shapeLeakage, 0.03);
});

Deno.test("a gradient's component off the data's axes lowers the raw cosine, not the projected one", async () => {
  const random = createRandom(3);
  const noise = Float64Array.from({ length: WIDTH }, () => random.normal());
  const along = projectOnAxes(OPTIMAL.axes, noise);
  const off = noise.map((x, p) => x - along[p]!);
  const scale = 0.75 * Math.hypot(...OPTIMAL.gradient) / Math.hypot(...off); // a 3-4-5 triangle
  const gradient = OPTIMAL.gradient.map((x, p) => x + scale * off[p]!);
  const { scores, details } = await judge(linearModel(gradient, sum));
  assert(!isGap(scores.saliency) && !isGap(scores.proxy) && !isGap(details.saliency));
  assertAlmostEquals(scores.saliency.rawCosine, 0.8, 1e-4);
  assertAlmostEquals(scores.saliency.projectedCosine, 1, 1e-4);
  assertAlmostEquals(scores.saliency.offManifold, 0.6, 1e-4);
  assertAlmostEquals(details.saliency.offManifoldOfMean, 0.6, 1e-4);
  assertLess(scores.proxy.line, 6.5); // it is as good a proxy: there are no pixels off the axes
  assertEquals(scores.verdict.faithful, false);
  for (const { rawCosine } of details.saliency.bins) assertAlmostEquals(rawCosine, 0.8, 1e-4);
});

Deno.test("an encoder of gas mass alone gives temperature no weight and scatters as gas mass does", async () => {
  const gradient = Float64Array.from({ length: WIDTH }, (_, p) => p >= 1 && p < 8 ? 1 : 0);
  const { scores, details } = await judge(linearModel(gradient, sum));
  assert(!isGap(scores.weights) && !isGap(details.proxies) && !isGap(scores.saliency));
  assertEquals(scores.weights.found, 0);
  assertAlmostEquals(
    details.proxies.terse!.withinCatalogs,
    details.proxies.logGasMass!.withinCatalogs,
    4,
  );
  assertLess(scores.saliency.projectedCosine, 0.9);
});

Deno.test("leave-one-outs equal to the exact ones score 1, noisy ones less", () => {
  const random = createRandom(5);
  const rows: { catalog: number; row: number; logMass: number; exact: number }[] = [];
  FEATURES.forEach((features, catalog) => {
    const answers = EXACT[catalog]?.everything;
    if (!answers || isGap(answers) || isGap(answers.leaveOneOut)) return;
    const { change } = answers.leaveOneOut;
    features.rows.forEach((cluster, row) => {
      const logMass = CATALOGS[catalog]!.clusters.logMass[cluster]!;
      rows.push({ catalog, row, logMass, exact: change[cluster]! });
    });
  });
  const network = (change: (exact: number) => number) => ({
    catalog: Uint32Array.from(rows, ({ catalog }) => catalog),
    row: Uint32Array.from(rows, ({ row }) => row),
    logMass: Float64Array.from(rows, ({ logMass }) => logMass),
    change: Float64Array.from(rows, ({ exact }) => change(exact)),
  });
  const answers = EXACT.map((exact) => exact && exact.everything);
  const compare = (change: (exact: number) => number) => {
    const comparison = compareLeaveOneOut(network(change), FEATURES, answers);
    assert(!isGap(comparison));
    return comparison;
  };
  const same = compare((exact) => exact);
  assertEquals([same.score.r, same.score.noise, same.skill].map((x) => Math.round(x * 1e9) / 1e9), [
    1,
    0,
    1,
  ]);
  assertAlmostEquals(same.score.slope, 1, 1e-9);
  assertAlmostEquals(same.score.exactRms, 0.001, 0.0005);
  assert(same.score.bins.length >= 4);
  for (const { r } of same.score.bins) assertAlmostEquals(r!, 1, 1e-9);

  const half = compare((exact) => exact / 2);
  assertAlmostEquals(half.score.slope, 0.5, 1e-9);
  assertAlmostEquals(half.score.networkRms, same.score.exactRms / 2, 1e-9);

  const noisy = compare((exact) => exact + 0.0024 * random.normal());
  assertAlmostEquals(noisy.score.noise, 0.0024, 0.0003);
  assertAlmostEquals(noisy.score.r, 1 / Math.hypot(1, 0.0024 / same.score.exactRms), 0.1);
  assertEquals(noisy.skill, 0);
  assertGreater(noisy.rError!, 0);

  const none = compare(() => 0);
  assertEquals([none.score.r, none.score.slope, none.skill], [0, 0, 0]);

  const unreliable = answers.map((exact) =>
    exact && !isGap(exact) && !isGap(exact.leaveOneOut)
      ? {
        ...exact,
        leaveOneOut: { ...exact.leaveOneOut, paretoK: exact.leaveOneOut.paretoK.map(() => 0.8) },
      }
      : exact
  );
  assertEquals(compareLeaveOneOut(network((x) => x), FEATURES, unreliable), {
    gap: "there are no exact answers for these catalogs",
  });
});

Deno.test("networks with random weights, and networks that learned nothing, are not faithful", async () => {
  for (let seed = 0; seed < 8; seed++) {
    const random = createRandom(100 + seed);
    const gradient = Float64Array.from({ length: WIDTH }, () => random.normal());
    const [a, b, c] = [random.normal(), random.normal(), random.normal()];
    const { scores, details } = await judge(
      linearModel(gradient, (terse, supplementary) => {
        let inside = 0;
        for (let i = 0; i < terse.length; i++) {
          inside += Math.tanh(a * terse[i]! + b * (supplementary[2 * i + 1]! - 14)) / terse.length;
        }
        return 0.8 + 0.1 * c * inside;
      }),
    );
    assertEquals(scores.verdict.faithful, false);
    assert(!isGap(details.leaveOneOut));
    assertLess(details.leaveOneOut.skill, 0.05);
  }
  const constant = await judge(linearModel(new Float64Array(WIDTH), () => 0.81));
  assertEquals(constant.scores.verdict.faithful, false);
  assertEquals(constant.scores.saliency, { rawCosine: 0, projectedCosine: 0, offManifold: 0 });
  assertEquals((constant.scores.leaveOneOut as LeaveOneOutScore).r, 0);
  assert(isGap(constant.scores.proxy));
});

Deno.test("the slope of sigma8 against one cluster's mass is the regression's times the encoder's", async () => {
  const { details } = await judge(linearModel(OPTIMAL.gradient, (terse) => 0.002 * sum(terse)));
  assert(!isGap(details.massSlopes));
  for (const { networkMedian, networkPerDex, count, from, to } of details.massSlopes) {
    assertAlmostEquals(networkMedian, 0.002, 0.00006); // t rises by 1 per dex of mass
    assertAlmostEquals(networkPerDex, networkMedian * count / (8 * (to - from)), 1e-4);
  }
  const heavy = details.massSlopes.filter(({ from }) => from > 14.35);
  assert(heavy.length > 1 && heavy.every(({ exactMedian }) => exactMedian > 0.001));
});

Deno.test("the activation pattern dips in the core where the optimal gradient nearly does not", async () => {
  const { details } = await judge(linearModel(OPTIMAL.gradient, sum));
  assert(!isGap(details.pattern));
  const shells = details.pattern.slice(1, 8);
  const best = shells.findIndex(({ terse }) => terse === Math.max(...shells.map((s) => s.terse)));
  assert(shells[best]!.radius! >= 0.29 && shells[best]!.radius! <= 0.67);
  assertLess(shells[0]!.mass, 0.9);
  assertGreater(shells[best]!.mass, 0.94);
  assertAlmostEquals(shells[0]!.proxyPercent!, 34.5, 5); // faithful.md, section 2
  assertAlmostEquals(shells[4]!.proxyPercent!, 18.5, 3);
});

Deno.test("seeds that agree have cosines and correlations of 1; one that turns around has -1", () => {
  const one = {
    meanGradient: Float64Array.of(1, 2),
    terse: Float64Array.of(0, 1, 2),
    change: Float64Array.of(0.1, 0.3, 0.2),
  };
  const turned = {
    meanGradient: Float64Array.of(-1, -2),
    terse: Float64Array.of(0, -1, -2),
    change: one.change,
  };
  assertEquals(compareSeeds([one]), null);
  const same = compareSeeds([one, one])!;
  assertAlmostEquals(same.saliency.min, 1);
  const agreement = compareSeeds([one, one, turned])!;
  assertEquals(agreement.networks, 3);
  assertAlmostEquals(agreement.saliency.min, -1);
  assertAlmostEquals(agreement.terse.mean, -1 / 3);
  assertAlmostEquals(agreement.leaveOneOut.min, 1);
});

Deno.test("the verdict names the number that decides, or what is missing", () => {
  const bins: [] = [];
  const good = { r: 0.9, slope: 0.95, exactRms: 0.0012, networkRms: 0.0013, noise: 0.0006, bins };
  const saliency = { rawCosine: 0.98, projectedCosine: 0.998, offManifold: 0.1 };
  const faithful = judgeFaithfulness(good, saliency);
  assertEquals(faithful.faithful, true);
  // Half of the way from 0.8 to 1; the cosines, which end at 1 too, have come further.
  assertEquals([faithful.value, faithful.limit], [0.9, 0.8]);
  assert(faithful.text.startsWith("faithful: the correlation of leave-one-outs"));
  assertEquals(judgeFaithfulness({ ...good, r: 0.99, slope: 1.2 }, saliency).value, 1.2);
  assertEquals(judgeFaithfulness(good, { ...saliency, rawCosine: 0.91 }).value, 0.91);
  const noisy = judgeFaithfulness({ ...good, r: 0.32 }, saliency);
  assertEquals([noisy.faithful, noisy.value, noisy.limit], [false, 0.32, 0.8]);
  assertEquals(
    noisy.text,
    "not faithful: the correlation of leave-one-outs with the exact ones is 0.32, " +
      "should be at least 0.8",
  );
  const bold = judgeFaithfulness({ ...good, slope: 2 }, saliency);
  assertEquals(
    bold.text,
    "not faithful: the slope of leave-one-outs on the exact ones is 2.00, should be at most 1.25",
  );
  const off = judgeFaithfulness(good, { ...saliency, offManifold: 0.57 });
  assertEquals([off.faithful, off.value], [false, 0.57]);
  const missing = judgeFaithfulness({ gap: "no answers" }, saliency);
  assertEquals([missing.faithful, missing.value], [null, null]);
  assertEquals(
    missing.text,
    "not known whether faithful: leave-one-out against exact is missing, no answers",
  );
  assertEquals(
    judgeFaithfulness({ gap: "no answers" }, { ...saliency, rawCosine: 0.5 }).faithful,
    false,
  );
});

Deno.test("scores without what they need are gaps with their reasons, and the figures leave them out", async () => {
  const model = linearModel(OPTIMAL.gradient, sum);
  const { scores, details } = await judge(model, []);
  assertEquals(scores.leaveOneOut, { gap: "there are no exact answers for these catalogs" });
  assertEquals(details.massSlopes, { gap: "there are no exact answers for these catalogs" });
  assertEquals(scores.verdict.faithful, null);
  const panels = Object.keys(faithfulnessColumns(details, STANDARD_FEATURES.pixels));
  assertEquals(panels, ["gradient", "spectrum", "sensitivities", "pattern"]);

  const unconverged = await judge(model, [
    { everything: { gap: "it did not" }, oneNumber: { gap: "it did not" } },
  ]);
  assertEquals(unconverged.scores.leaveOneOut, { gap: "it did not" });

  const catalog = makeCatalog([{ logMass: 14.2 }, { logMass: 14.4 }, { logMass: 14.6 }]);
  const spec: FeatureSpec = { ...STANDARD_FEATURES, pixels: ["logLuminosity", "logTemperature"] };
  const features = [buildFeatures(catalog, spec, RANDOM)];
  const other = linearModelOf(2);
  const found = {
    leaveOneOut: await leaveOneOut(other, features, [catalog]),
    terseTable: await tabulateTerse(other, features, [catalog]),
  };
  const scales = fitNormalization(features, spec, "z-score").pixels;
  const ground = { base: BASE, exact: [], columns: spec.pixels, scales };
  const judged = await measureFaithfulness(other, features, found, ground);
  assertEquals(judged.scores.saliency, {
    gap: "the encoder sees logLuminosity, so that T and Mgas are not all it has of mass",
  });
});

/** An encoder of the first pixel. */
function linearModelOf(width: number): Pick<Model, "encode" | "encoderGradient" | "regress"> {
  return {
    encode: ({ count, pixels }) =>
      Promise.resolve(Float32Array.from({ length: count }, (_, r) => pixels[r * width]!)),
    encoderGradient: ({ count }) =>
      Promise.resolve(
        Float32Array.from({ length: count * width }, (_, i) => i % width === 0 ? 1 : 0),
      ),
    regress: (catalogs) => Promise.resolve(Float64Array.from(catalogs, ({ terse }) => sum(terse))),
  };
}

Deno.test("a network that does not see what the exact answers read is compared with none of them", async () => {
  const gradient = OPTIMAL.gradient.subarray(1);
  const features = FEATURES.map((catalog) => ({
    ...catalog,
    width: WIDTH - 1,
    pixels: catalog.pixels.filter((_, i) => i % WIDTH !== 0),
  }));
  const blind: Pick<Model, "encode" | "encoderGradient" | "regress"> = {
    ...linearModel(OPTIMAL.gradient, sum),
    encode: ({ count, pixels, width }) =>
      Promise.resolve(
        Float32Array.from({ length: count }, (_, r) =>
          gradient.reduce((total, x, p) => total + x * pixels[r * width + p]!, 0)),
      ),
    encoderGradient: ({ count }) =>
      Promise.resolve(
        Float32Array.from({ length: count * (WIDTH - 1) }, (_, i) => gradient[i % (WIDTH - 1)]!),
      ),
  };
  const found = {
    leaveOneOut: await leaveOneOut(blind, features, CATALOGS),
    terseTable: await tabulateTerse(blind, features, CATALOGS),
  };
  const gap = "the network does not see temperature, which the exact answers read";
  const columns = STANDARD_FEATURES.pixels.filter((name) => name !== "logTemperature");
  const { supplementary } = STANDARD_FEATURES;
  const ground = { base: BASE, exact: EXACT, columns, supplementary, scales: SCALES.slice(1) };
  const { scores, details } = await measureFaithfulness(blind, features, found, ground);
  for (const part of [scores.leaveOneOut, scores.saliency, scores.weights, details.massSlopes]) {
    assertEquals(part, { gap });
  }
  assert(!isGap(scores.proxy)); // which needs no exact answer
  assertEquals(scores.verdict.faithful, null);
  assert(scores.verdict.text.endsWith(gap));

  const whole = { ...ground, columns: STANDARD_FEATURES.pixels, scales: SCALES };
  const seeing = linearModel(OPTIMAL.gradient, sum);
  const own = {
    leaveOneOut: await leaveOneOut(seeing, FEATURES, CATALOGS),
    terseTable: await tabulateTerse(seeing, FEATURES, CATALOGS),
  };
  const all = await measureFaithfulness(seeing, FEATURES, own, whole);
  assert(!isGap(all.scores.leaveOneOut) && !isGap(all.scores.saliency));
  const dim = { ...whole, supplementary: ["logWeakLensingMass" as const] };
  const without = await measureFaithfulness(seeing, FEATURES, own, dim);
  assertEquals(without.scores.leaveOneOut, {
    gap: "the network does not see luminosity, which the exact answers read",
  });
});
