/**
 * The verdict of App. B on encoders of which it is known whether they read sigma8, and the join of
 * all schemes.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { Catalog, Random } from "../mod.ts";
import type { TerseTable } from "../src/interpretation/mod.ts";
import { createRandom, judgeOverspecialization, leaveOneOut } from "../mod.ts";
import {
  explainedVariance,
  interpret,
  interpretationColumns,
  interpretationHeadlines,
  joinClusters,
} from "../src/interpretation/mod.ts";
import { overspecializationColumns } from "../src/interpretation/overspecialization.ts";
import {
  encodeFirstPixel,
  makeCatalog,
  makeFeatures,
  makeModel,
  SMALL_SPEC,
} from "./interpretation_catalogs.ts";

/** sigma8 on a grid; masses rise with it so that r(log M, sigma8) is about 0.12. */
function drawCatalogs(count: number, clusters: number): Catalog[] {
  const random = createRandom(17);
  return Array.from({ length: count }, (_, c) => {
    const sigma8 = 0.7 + 0.01 * (c % 23);
    return makeCatalog(
      Array.from({ length: clusters }, () => ({
        logMass: 14.2 + 0.25 * random.normal() + 0.45 * (sigma8 - 0.81),
      })),
      { sigma8 },
    );
  });
}

const CATALOGS = drawCatalogs(230, 60);
const JOINED = joinClusters(makeFeatures(CATALOGS), CATALOGS);

type Encoder = (logMass: number, sigma8: number, random: Random, catalog: number) => number;

/** A terse table of CATALOGS: terse values from mass, sigma8 and noise. */
function tabulate(encoder: Encoder): TerseTable {
  const random = createRandom(23);
  const { logMass, sigma8, catalog } = JOINED;
  return {
    ...JOINED,
    terse: logMass.map((m, i) => encoder(m, sigma8[i]!, random, catalog[i]!)),
  };
}

/** A bias a catalog, as of T or M_gas: 0.8 to 1.3 in dex. */
const OFFSETS = (() => {
  const random = createRandom(29);
  return CATALOGS.map(() => 0.2 * (random.uniform() - 0.5));
})();

const SOUND: Readonly<Record<string, Encoder>> = {
  "the true mass": (m) => -2 * m,
  "a mass proxy with scatter and a bias a catalog": (m, _, random, c) =>
    m + OFFSETS[c]! + 0.08 * random.normal(),
  "a mass proxy that saturates at both ends": (m, _, random) =>
    Math.tanh(4 * (m - 14.2)) + 0.1 * random.normal(),
  "noise": (_m, _s, random) => random.normal(),
  "a bias a catalog and nothing else": (_m, _s, random, c) => OFFSETS[c]! + 0.01 * random.normal(),
  "a constant": () => 0.3,
};

const OVERSPECIALIZED: Readonly<Record<string, Encoder>> = {
  "sigma8 itself": (_m, s) => s,
  "minus sigma8 with scatter": (_m, s, random) => -s + 0.03 * random.normal(),
  "mass, and a little of sigma8": (m, s, random) => m + 2 * s + 0.05 * random.normal(),
  "large values of either sign for high sigma8": (_m, s, random) =>
    (random.uniform() < 0.5 ? -1 : 1) * Math.sqrt(s - 0.65),
};

for (const [name, encoder] of Object.entries(SOUND)) {
  Deno.test(`an encoder that returns ${name} is not overspecialized`, () => {
    const { overspecialized, reasons } = judgeOverspecialization(tabulate(encoder));
    assertEquals(reasons, []);
    assertEquals(overspecialized, false);
  });
}

for (const [name, encoder] of Object.entries(OVERSPECIALIZED)) {
  Deno.test(`an encoder that returns ${name} is overspecialized`, () => {
    const { overspecialized, reasons } = judgeOverspecialization(tabulate(encoder));
    assertEquals(overspecialized, true);
    assertGreater(reasons.length, 0);
  });
}

Deno.test("a sound encoder's raw correlation with sigma8 is the mass's, not a reason", () => {
  const { numbers } = judgeOverspecialization(tabulate((m) => m));
  assertGreater(numbers.massSigma8!, 0.08);
  assertAlmostEquals(numbers.sigma8!, numbers.massSigma8!, 1e-12);
  assertAlmostEquals(numbers.explained, numbers.explainedByMass, 1e-12);
  assertEquals(numbers.partial, null);
});

Deno.test("the verdict names each reason with its number", () => {
  const { reasons, numbers } = judgeOverspecialization(
    tabulate((_m, s, random) => -s + 0.03 * random.normal()),
  );
  assertEquals(reasons.length, 3);
  assertStringIncludes(reasons[0]!, `r is ${numbers.partial!.correlation.toFixed(3)}`);
  assertStringIncludes(reasons[1]!, `explains ${(100 * numbers.explained).toFixed(1)}%`);
  assertStringIncludes(reasons[2]!, "not a mass proxy");
  assertLess(numbers.partial!.correlation, -0.8);
});

Deno.test("a terse value whose size alone tells sigma8 is found by what it explains", () => {
  const { numbers, reasons } = judgeOverspecialization(
    tabulate((_m, s, random) => (random.uniform() < 0.5 ? -1 : 1) * Math.sqrt(s - 0.65)),
  );
  assertLess(Math.abs(numbers.partial!.correlation), 0.05);
  assertStringIncludes(reasons[0]!, "of the variance of sigma8");
});

Deno.test("a verdict needs enough catalogs", () => {
  const few = CATALOGS.slice(0, 29);
  const joined = joinClusters(makeFeatures(few), few);
  assertThrows(
    () => judgeOverspecialization({ ...joined, terse: joined.logMass }),
    RangeError,
    "there are 29 catalogs with clusters, should be 30 or more",
  );
});

Deno.test("a label that follows from the value is explained in full", () => {
  const catalog = Array.from({ length: 40 }, (_, i) => i >> 1);
  const label = catalog.map((c) => Math.floor(c / 5));
  assertAlmostEquals(explainedVariance(label, label, catalog).share, 1, 1e-12);
  assertAlmostEquals(explainedVariance(label, label, catalog).beyondChance, 1, 1e-12);
});

Deno.test("a constant explains nothing", () => {
  const { share, chance, beyondChance } = explainedVariance([1, 1, 1, 1], [0, 0, 1, 1], [
    0,
    0,
    1,
    1,
  ]);
  [share, chance, beyondChance].forEach((value) => assertAlmostEquals(value, 0, 1e-12));
});

Deno.test("what chance explains is the mean over labels dealt out at random", () => {
  const random = createRandom(31);
  const catalog = Array.from({ length: 600 }, (_, i) => Math.floor(i / 12) % 30);
  const offsets = Array.from({ length: 30 }, () => random.normal());
  const value = catalog.map((c) => offsets[c]! + 0.3 * random.normal());
  let sum = 0;
  let chance = 0;
  for (let deal = 0; deal < 1000; deal++) {
    const labels = random.permutation(30);
    const found = explainedVariance(value, catalog.map((c) => labels[c]!), catalog);
    sum += found.share;
    chance = found.chance;
  }
  assertGreater(chance, 0.08); // the bins tell catalogs apart
  assertAlmostEquals(sum / 1000 / chance, 1, 0.06); // one deal scatters by half
});

Deno.test("one call applies every scheme with one encoder pass a catalog", async () => {
  let encoded = 0;
  const model = makeModel({
    encode: (catalog) => (encoded++, encodeFirstPixel(catalog)),
    encoderGradient: ({ count }) => Promise.resolve(new Float32Array(count).fill(-1)),
    regress: (all) =>
      Promise.resolve(Float64Array.from(all, ({ terse }) => 0.5 + terse.reduce((a, b) => a + b))),
  });
  const features = makeFeatures(CATALOGS);
  const result = await interpret(model, features, CATALOGS, SMALL_SPEC.pixels);
  assertEquals(encoded, CATALOGS.length);
  assertEquals(result.overspecialization!.overspecialized, false);
  assertEquals(result.saliency.pixels[0]!.mean, 1);
  const alone = await leaveOneOut(model, features, CATALOGS);
  assertEquals(result.leaveOneOut.change, alone.change);
  const headlines = interpretationHeadlines(result);
  assertEquals(headlines["saliency: temperature"], 1);
  assertAlmostEquals(headlines["terse layer: r(terse, log M)"]!, 1, 1e-6);
  const columns = interpretationColumns(result);
  assertEquals(columns["terse_layer_clusters"]!["terse"]!.length, JOINED.count);
  assert(Object.values(headlines).every((value) => value === null || Number.isFinite(value)));
});

Deno.test("with too few catalogs the verdict is a gap and the other schemes go on", async () => {
  const model = makeModel({
    encode: encodeFirstPixel,
    encoderGradient: ({ count }) => Promise.resolve(new Float32Array(count).fill(-1)),
    regress: (all) => Promise.resolve(Float64Array.from(all, ({ count }) => count)),
  });
  const few = CATALOGS.slice(0, 5);
  const result = await interpret(model, makeFeatures(few), few, SMALL_SPEC.pixels);
  assertEquals(result.overspecialization, null);
  assert(result.leaveOneOut.change.every((change) => change === -1));
  await assertRejects(() => interpret(model, [], [], SMALL_SPEC.pixels), RangeError);
});

Deno.test("the verdict's row leaves out what is not defined", () => {
  const { numbers } = overspecializationColumns(judgeOverspecialization(tabulate((m) => m)));
  assertEquals(numbers!["overspecialized"], [0]);
  assert(!("partial significance" in numbers!));
});
