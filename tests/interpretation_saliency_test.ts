/**
 * Saliency (section 5.2, Eq. 4, Figs. 10-12) of encoders whose gradients are known.
 */
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { FeatureArray, Model, Saliency } from "../mod.ts";
import type { FeatureSpec } from "../src/features/mod.ts";
import { measureSaliency } from "../mod.ts";
import { SHELL_EDGES, SHELLS } from "../src/clusters/mod.ts";
import { catalogMassRanges, saliencyProfile, saliencyTrend } from "../src/interpretation/mod.ts";
import { saliencyColumns, saliencyHeadlines } from "../src/interpretation/saliency_trends.ts";
import { makeCatalog, makeFeatures, makeModel } from "./interpretation_catalogs.ts";

/** The Standard catalog's columns: 1 + 7 + 7 pixels. */
const STANDARD: FeatureSpec = {
  pixels: ["logTemperature", "logGasMassProfile", "gasSlopeProfile"],
  supplementary: ["logLuminosity"],
  order: "luminosity",
};

/** d terse / d pixel = weight of the pixel times T of the row, which tests set to single clusters. */
function scaleByTemperature(weights: readonly number[]): Model {
  return makeModel({
    encoderGradient: ({ count, width, pixels }: FeatureArray) =>
      Promise.resolve(
        Float32Array.from(
          { length: count * width },
          (_, i) => weights[i % width]! * pixels[width * Math.floor(i / width)]!,
        ),
      ),
  });
}

/** Negative for slopes, as in the paper; exact in Float32. */
const WEIGHTS = [
  4,
  ...Array.from({ length: SHELLS }, (_, s) => (s + 1) / 8),
  ...Array.from({ length: SHELLS }, (_, s) => -(s + 1) / 16),
];

/** Twelve clusters at 10^14.05 with T 1 to 12, and four at 10^14.55 with T 20 to 23. */
const CATALOGS = [
  makeCatalog(
    Array.from({ length: 12 }, (_, i) => ({ logMass: 14.05, logTemperature: i + 1 })),
  ),
  makeCatalog(
    Array.from({ length: 4 }, (_, i) => ({ logMass: 14.55, logTemperature: 20 + i })),
    { sigma8: 0.9 },
  ),
];

async function measure(fewest = 4): Promise<Saliency> {
  const features = makeFeatures(CATALOGS, STANDARD);
  return await measureSaliency(scaleByTemperature(WEIGHTS), features, CATALOGS, STANDARD.pixels, {
    fewest,
  });
}

Deno.test("saliency is the absolute gradient, summarized by mass bin and pixel", async () => {
  const { count, bins, sparse } = await measure();
  assertEquals(count, 16);
  assertEquals(sparse, []);
  assertEquals(bins.map(({ from, to, count }) => [from, to, count]), [
    [14, 14.1, 12],
    [14.5, 14.6, 4],
  ]);
  for (const [p, weight] of WEIGHTS.entries()) {
    assertAlmostEquals(bins[0]!.median[p]!, Math.abs(weight) * 6.5, 1e-12);
    assertAlmostEquals(bins[0]!.mean[p]!, Math.abs(weight) * 6.5, 1e-12);
    assertAlmostEquals(bins[0]!.low[p]!, Math.abs(weight) * (1 + 0.16 * 11), 1e-12);
    assertAlmostEquals(bins[0]!.high[p]!, Math.abs(weight) * (1 + 0.84 * 11), 1e-12);
    assertAlmostEquals(bins[1]!.median[p]!, Math.abs(weight) * 21.5, 1e-12);
  }
});

Deno.test("a pixel's averages keep the sign of its gradient apart from its size", async () => {
  const { pixels } = await measure();
  const mean = (78 + 86) / 16;
  for (const [p, weight] of WEIGHTS.entries()) {
    assertAlmostEquals(pixels[p]!.mean, Math.abs(weight) * mean, 1e-12);
    assertAlmostEquals(pixels[p]!.signedMean, weight * mean, 1e-12);
  }
  assertEquals(pixels.map(({ radius }) => radius), [null, ...SHELL_EDGES, ...SHELL_EDGES]);
});

Deno.test("a saliency map has the rows of the features next to their true masses", async () => {
  const features = makeFeatures(CATALOGS, STANDARD);
  const model = scaleByTemperature(WEIGHTS);
  const { maps } = await measureSaliency(model, features, CATALOGS, STANDARD.pixels, {
    maps: [1],
  });
  const [map] = maps;
  assertEquals([maps.length, map!.catalog, map!.sigma8, map!.count, map!.width], [
    1,
    1,
    0.9,
    4,
    15,
  ]);
  assertEquals([...map!.logMass], [14.55, 14.55, 14.55, 14.55]);
  for (let r = 0; r < 4; r++) {
    assertEquals(map!.saliency[r * 15], 4 * (20 + r));
    assertEquals(map!.saliency[r * 15 + 14], 7 / 16 * (20 + r));
  }
});

Deno.test("true masses follow their clusters into rows of another order", async () => {
  const catalog = makeCatalog([
    { logMass: 14.15, logLuminosity: 1, logTemperature: 2 },
    { logMass: 14.85, logLuminosity: -1, logTemperature: 3 },
  ]);
  const { bins } = await measureSaliency(
    scaleByTemperature(WEIGHTS),
    makeFeatures([catalog], STANDARD),
    [catalog],
    STANDARD.pixels,
    { fewest: 1 },
  );
  assertEquals(bins.map(({ from, mean }) => [from, mean[0]]), [[14.1, 8], [14.8, 12]]);
});

Deno.test("a profile has a curve a mass bin at the shells' radii", async () => {
  const profile = saliencyProfile(await measure(), "gasSlopeProfile")!;
  assertEquals(profile.radius, SHELL_EDGES);
  assertEquals(profile.curves.length, 2);
  profile.curves[1]!.median.forEach((value, s) => {
    assertAlmostEquals(value, 21.5 * (s + 1) / 16, 1e-12);
  });
});

Deno.test("a trend is taken at the shell nearest to 0.67 R500 and knows its peak", async () => {
  const trend = saliencyTrend(await measure(), "logGasMassProfile")!;
  assertAlmostEquals(trend.radius!, 2 / 3);
  assertEquals(trend.logMass, [14.05, 14.55]);
  assertEquals(trend.count, [12, 4]);
  assertAlmostEquals(trend.mean[0]!, 6.5 * 6 / 8, 1e-12);
  assertEquals(trend.peakLogMass, 14.55);
  assertEquals(saliencyTrend(await measure(), "logTemperature")!.radius, null);
});

Deno.test("a mass bin with too few clusters is a gap in every curve", async () => {
  const saliency = await measure(5);
  assertEquals(saliency.sparse, [{ from: 14.5, to: 14.6, count: 4 }]);
  assertEquals(saliencyProfile(saliency, "logGasMassProfile")!.curves.length, 1);
  const none = await measure(100);
  assertEquals(saliencyTrend(none, "logGasMassProfile")!.peakLogMass, null);
  assertEquals(saliencyColumns(none)["medians"]!["from"]!.length, 0);
});

Deno.test("what an encoder does not see has no profile, no trend and no headline", async () => {
  const spec: FeatureSpec = { ...STANDARD, pixels: ["logTemperature", "logYx"] };
  const saliency = await measureSaliency(
    scaleByTemperature([1, 2]),
    makeFeatures(CATALOGS, spec),
    CATALOGS,
    spec.pixels,
  );
  assertEquals(saliencyProfile(saliency, "logGasMassProfile"), null);
  assertEquals(saliencyProfile(saliency, "logYx"), null);
  assertEquals(saliencyTrend(saliency, "gasSlopeProfile"), null);
  const headlines = saliencyHeadlines(saliency);
  assertEquals(headlines["slope at 0.67 R500"], null);
  assertAlmostEquals(headlines["temperature"]!, 164 / 16, 1e-12);
});

Deno.test("saliency refuses columns of another width, gradients that are not finite and absent maps", async () => {
  const features = makeFeatures(CATALOGS, STANDARD);
  const model = scaleByTemperature(WEIGHTS);
  await assertRejects(
    () => measureSaliency(model, features, CATALOGS, ["logTemperature"]),
    TypeError,
    "features 0 have 15 pixels per cluster, should be 1",
  );
  await assertRejects(
    () => measureSaliency(scaleByTemperature([NaN]), features, CATALOGS, STANDARD.pixels),
    RangeError,
    "a gradient of catalog 0 is NaN",
  );
  await assertRejects(
    () => measureSaliency(model, features, CATALOGS, STANDARD.pixels, { maps: [2] }),
    RangeError,
    "catalog is 2, should be a whole number from 0 to 1",
  );
});

Deno.test("the columns of a saliency figure are equally long within a panel", async () => {
  const panels = saliencyColumns(await measure());
  assertEquals(Object.keys(panels), ["pixels", "medians", "means", "map_0", "map_1"]);
  for (const columns of Object.values(panels)) {
    const lengths = new Set(Object.values(columns).map(({ length }) => length));
    assertEquals(lengths.size, 1);
  }
  assertAlmostEquals(panels["medians"]!["logGasMassProfile at 0.67 R500"]![0]!, 6.5 * 0.75, 1e-12);
  assert(panels["pixels"]!["signedMean"]![14]! < 0);
});

Deno.test("the rectangles of Fig. 12 span the catalogs' transition and median masses", () => {
  const catalogs = [
    makeCatalog([{ logMass: 14 }, { logMass: 14.2 }, { logMass: 14.8 }], { luminosityBias: 0.8 }),
    makeCatalog([{ logMass: 14.1 }, { logMass: 14.5 }], { luminosityBias: 1.2 }),
  ];
  const ranges = catalogMassRanges(catalogs, ({ luminosityBias }) => 15 - luminosityBias);
  assertEquals(ranges.median.from, 14.2);
  assertAlmostEquals(ranges.median.to, 14.3);
  assertAlmostEquals(ranges.transition.from, 13.8);
  assertAlmostEquals(ranges.transition.to, 14.2);
  assertThrows(() => catalogMassRanges([], () => 14), RangeError, "there are 0 catalogs");
});
