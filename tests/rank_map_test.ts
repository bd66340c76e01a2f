/** Maps of ranks: that they are distributions, what they make of posteriors, and that they make ranks uniform. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { measureCalibration } from "../src/evaluation/calibration.ts";
import { decodeMeans, decodePosteriors } from "../src/network/outputs.ts";
import { checkNormalization } from "../src/network/saved_fields.ts";
import type { BoundedNormals } from "../src/numerics/bounded_normal.ts";
import {
  boundedMean,
  boundedMoments,
  boundedProbability,
  boundedQuantile,
} from "../src/numerics/bounded_normal.ts";
import { cumulativeRule, gaussLegendre, gaussLegendreRule } from "../src/numerics/calculus.ts";
import type { Random } from "../src/numerics/random.ts";
import { createRandom } from "../src/numerics/random.ts";
import type { RankMap } from "../src/numerics/rank_map.ts";
import { fitRankMap, mapRank, rankDensity, sizeOfMap } from "../src/numerics/rank_map.ts";

/** A map of a size below 1, of one to five terms. */
function drawMap(random: Random): RankMap {
  const raw = Array.from({ length: 1 + random.integer(5) }, () => random.normal());
  const share = 0.99 * random.uniform() / sizeOfMap(raw);
  return raw.map((a) => share * a);
}

const MAPS = Array.from({ length: 20 }, (_, i) => drawMap(createRandom(3).fork(i)));

Deno.test("a map of ranks rises from 0 to 1, and its slope is a density of integral 1", () => {
  for (const map of MAPS) {
    assertEquals([mapRank(0, map), mapRank(1, map)], [0, 1]);
    assertAlmostEquals(mapRank(1e-12, map), 0, 1e-11);
    assertAlmostEquals(mapRank(1 - 1e-12, map), 1, 1e-11);
    let before = 0;
    for (let i = 1; i <= 400; i++) {
      const mapped = mapRank(i / 400, map);
      assertGreater(mapped, before);
      before = mapped;
    }
    for (const rank of [0.01, 0.2, 0.5, 0.77, 0.99]) {
      assertGreater(rankDensity(rank, map), 0);
      const slope = (mapRank(rank + 1e-5, map) - mapRank(rank - 1e-5, map)) / 2e-5;
      assertAlmostEquals(slope, rankDensity(rank, map), 1e-8);
    }
    assertAlmostEquals(gaussLegendre((u) => rankDensity(u, map), 0, 1, 8), 1, 1e-14);
  }
  assertEquals(mapRank(0.3, []), 0.3);
});

Deno.test("integrals up to the nodes of a rule are those of its polynomial", () => {
  for (const points of [1, 2, 5, 16, 56]) {
    const rule = gaussLegendreRule(points);
    const parts = cumulativeRule(rule);
    const degree = Math.min(points - 1, 7);
    for (let i = 0; i < points; i++) {
      let sum = 0;
      for (let j = 0; j < points; j++) {
        sum += parts[i * points + j]! * rule.weights[j]! * rule.nodes[j]! ** degree;
      }
      const exact = (rule.nodes[i]! ** (degree + 1) - (-1) ** (degree + 1)) / (degree + 1);
      assertAlmostEquals(sum, exact, 1e-12, `${points}, ${i}`);
    }
  }
});

/** Posteriors in the middle, at an end, narrow, flat, and in the other coordinate. */
const POSTERIORS: BoundedNormals = {
  min: 0.695,
  max: 0.925,
  center: [0.3, -2.2, 1.9, 0.1, 0],
  width: [0.2, 0.4, 0.6, 0.02, 1],
};

Deno.test("posteriors with mapped ranks are distributions, whose quantiles undo probabilities", () => {
  const { min, max, center } = POSTERIORS;
  for (const ranks of MAPS.slice(0, 4)) {
    for (const coordinate of ["inverse", "logarithm"] as const) {
      const mapped = { ...POSTERIORS, coordinate, ranks };
      const { mean, standardDeviation } = boundedMoments(mapped);
      for (let c = 0; c < center.length; c++) {
        assertEquals(boundedProbability(mapped, c, min), 0);
        assertEquals(boundedProbability(mapped, c, max), 1);
        for (const p of [0.001, 0.16, 0.5, 0.975]) {
          const x = boundedQuantile(mapped, c, p);
          assertAlmostEquals(boundedProbability(mapped, c, x), p, 1e-9);
        }
        // By parts: the mean is the integral of the probability above, the mean square of 2 x as much.
        const above = (x: number) => 1 - boundedProbability(mapped, c, x);
        const cuts = [1e-9, 1e-4, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1 - 1e-4, 1 - 1e-9]
          .map((p) => boundedQuantile(mapped, c, p));
        let [first, second] = [cuts[0]!, cuts[0]! ** 2];
        for (let i = 1; i < cuts.length; i++) {
          const [from, to] = [cuts[i - 1]!, cuts[i]!];
          first += gaussLegendre(above, from, to, 20);
          second += gaussLegendre((x) => 2 * x * above(x), from, to, 20);
        }
        assertAlmostEquals(mean[c]!, first, 2e-8);
        assertAlmostEquals(standardDeviation[c]!, Math.sqrt(second - first ** 2), 1e-6);
        assertAlmostEquals(
          boundedMean(center[c]!, POSTERIORS.width[c]!, mapped),
          mean[c]!,
          1e-15,
        );
      }
    }
  }
});

Deno.test("a map is fitted as the density of ranks, and stays one where none fits", () => {
  const random = createRandom(8);
  const map = [0.2, -0.15, 0.1];
  // Ranks of that density, by rejection: its largest value is below 1.5.
  const ranks: number[] = [];
  while (ranks.length < 40_000) {
    const rank = random.uniform();
    if (1.5 * random.uniform() < rankDensity(rank, map)) ranks.push(rank);
  }
  const fitted = fitRankMap(ranks, 3);
  for (const [k, a] of map.entries()) {
    assertAlmostEquals(fitted[k]!, a, 4 * Math.sqrt((2 * k + 3) / 40_000));
  }
  const hopeless = fitRankMap([0, 0, 0, 0.001], 3);
  assertAlmostEquals(sizeOfMap(hopeless), 0.5, 1e-12);
  assertEquals(fitRankMap([0.25, 0.75], 1), [0]);
  assertThrows(() => fitRankMap([], 3), RangeError, "there are 0 ranks");
});

Deno.test("ranks of catalogs that the map was not fitted on are uniform with it, and are not without", () => {
  const random = createRandom(9);
  const count = 6000;
  const { min, max } = POSTERIORS;
  const center = Float64Array.from({ length: count }, () => random.normal());
  const width = center.map(() => 0.3);
  const plain = { min, max, center, width };
  // Truths lie lower than the posteriors say, and more often in their tails.
  const truth = Float64Array.from(center, (_, c) => {
    const rank = random.uniform();
    return boundedQuantile(plain, c, rank + 0.3 * rank * (rank - 1) * (1 + rank));
  });
  const seen = 4000; // the errors of the fit are then half of those of the test
  const fitted = Float64Array.from(
    { length: seen },
    (_, c) => boundedProbability(plain, c, truth[c]!),
  );
  const held = { ...plain, center: center.subarray(seen), width: width.subarray(seen) };
  const test = (probit: BoundedNormals) => {
    const posteriors = { kind: "gaussian", ...boundedMoments(probit), probit } as const;
    return measureCalibration(posteriors, truth.subarray(seen), { min, max }, createRandom(2));
  };
  assertLess(test(held).ranks.chiSquareProbability, 1e-4);
  const mended = test({ ...held, ranks: fitRankMap(fitted, 3) });
  assertGreater(mended.ranks.chiSquareProbability, 0.01);
  assertGreater(mended.ranks.kolmogorovSmirnov.probability, 0.01);
  assertEquals(mended.findings, []);
});

Deno.test("a scale without a map is read as the identity, and one of negative densities is refused", () => {
  const scale = { kind: "probit", min: 0.695, max: 0.925, step: 0.01, shift: 0.1, widening: 1.1 };
  const old = scale as typeof scale & { kind: "probit" };
  const outputs = Float32Array.of(0.4, -2, -1.3, -1);
  assertEquals(decodeMeans(outputs, 2, old), decodeMeans(outputs, 2, { ...old, ranks: [] }));
  const mapped = { ...old, ranks: [0.1, 0.05, -0.02] };
  const { mean, probit } = decodePosteriors(outputs, mapped);
  assertEquals(mean, decodeMeans(outputs, 2, mapped));
  assertEquals(probit!.ranks, mapped.ranks);
  // Ranks that fall high more often than not mean truths above the posterior's middle.
  assert(mean.every((value, c) => value > decodeMeans(outputs, 2, old)[c]!));
  const normalization = { pixels: [], supplementary: [], sigma8: mapped };
  checkNormalization(normalization, { pixels: 0, supplementary: 0 });
  const bad = { ...normalization, sigma8: { ...mapped, ranks: [0.7, -0.4] } };
  const { message } = assertThrows(
    () => checkNormalization(bad, { pixels: 0, supplementary: 0 }),
    RangeError,
  );
  assert(message.includes("normalization.sigma8.ranks add up to 1.1"), message);
});
