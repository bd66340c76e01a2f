/** Features: columns in physical units, scaling by physical group, the split and the batches. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { Catalog } from "../src/catalogs/catalog.ts";
import type { CatalogParameters } from "../src/catalogs/priors.ts";
import { SHELLS } from "../src/clusters/cluster_table.ts";
import {
  joinCatalogs,
  normalizeCatalog,
  planBatches,
  splitCatalogs,
} from "../src/features/dataset.ts";
import type { ColumnName, FeatureArray, FeatureSpec } from "../src/features/features.ts";
import { buildFeatures, COLUMNS, groupsOf, widthOf } from "../src/features/features.ts";
import type { NormalizationKind } from "../src/features/normalization.ts";
import { fitNormalization, normalizeColumns } from "../src/features/normalization.ts";
import { createRandom } from "../src/numerics/random.ts";
import { mean, standardDeviation } from "../src/numerics/statistics.ts";
import { STANDARD_FEATURES, unbiased } from "./mock_plans.ts";

const PARAMETERS: CatalogParameters = unbiased(0.85);

/** Every value says where it comes from: the column's number times 100, plus cluster and shell. */
function numberedCatalog(logLuminosity: readonly number[], sigma8 = 0.85): Catalog {
  const count = logLuminosity.length;
  const column = (base: number) => Float64Array.from({ length: count }, (_, i) => base + i);
  const profile = (base: number) =>
    Float64Array.from(
      { length: count * SHELLS },
      (_, k) => base + Math.floor(k / SHELLS) + (k % SHELLS) / 8,
    );
  return {
    parameters: { ...PARAMETERS, sigma8 },
    clusters: {
      count,
      logMass: column(100),
      logLuminosity: Float64Array.from(logLuminosity),
      logTemperature: column(200),
      logGasMass: column(300),
      logGasMassProfile: profile(400),
      gasSlopeProfile: profile(500),
      logWeakLensingMass: column(600),
    },
  };
}

const features = (catalog: Catalog, spec: FeatureSpec) =>
  buildFeatures(catalog, spec, createRandom(1));

Deno.test("the Standard catalog has 15 pixels and 2 supplementary values a cluster", () => {
  assertEquals(widthOf(STANDARD_FEATURES.pixels), 15);
  assertEquals(widthOf(STANDARD_FEATURES.supplementary), 2);
  assertEquals(groupsOf(STANDARD_FEATURES.pixels), [
    "temperature",
    ...Array(7).fill("gas mass"),
    ...Array(7).fill("slope"),
  ]);
});

Deno.test("rows ascend in luminosity and keep temperature, shells and slopes of one cluster together", () => {
  const array = features(numberedCatalog([3, 1, 2]), STANDARD_FEATURES);
  assertEquals([...array.rows], [1, 2, 0]);
  const shells = [0, 1, 2, 3, 4, 5, 6].map((s) => s / 8);
  assertEquals([...array.pixels.subarray(0, 15)], [
    201,
    ...shells.map((s) => 401 + s),
    ...shells.map((s) => 501 + s),
  ]);
  assertEquals([...array.supplementary], [1, 601, 2, 602, 3, 600]);
  assertEquals([array.count, array.width, array.supplementaryWidth], [3, 15, 2]);
  assertEquals(array.sigma8, 0.85);
});

Deno.test("clusters of equal luminosity keep their places", () => {
  assertEquals([...features(numberedCatalog([2, 1, 2, 1]), STANDARD_FEATURES).rows], [1, 3, 0, 2]);
});

Deno.test("a shuffled catalog has every cluster once, pixels and supplementary values together", () => {
  const catalog = numberedCatalog(Array.from({ length: 50 }, (_, i) => i));
  const { rows, pixels, supplementary } = features(catalog, {
    ...STANDARD_FEATURES,
    order: "shuffled",
  });
  assertNotEquals([...rows], [...rows].sort((a, b) => a - b));
  assertEquals([...rows].sort((a, b) => a - b), Array.from({ length: 50 }, (_, i) => i));
  for (const [r, i] of rows.entries()) {
    assertEquals(pixels[15 * r], 200 + i);
    assertEquals(supplementary[2 * r], i);
    assertEquals(supplementary[2 * r + 1], 600 + i);
  }
});

Deno.test("every column is as wide as it says, finite, and different in different clusters", () => {
  const { clusters } = numberedCatalog([1, 2]);
  for (const [name, column] of Object.entries(COLUMNS)) {
    for (let index = 0; index < column.width; index++) {
      const values = [0, 1].map((i) => column.value(clusters, i, index));
      assert(values.every(Number.isFinite), name);
      assertEquals(values[1]! - values[0]!, name === "one" ? 0 : name === "logYx" ? 2 : 1);
    }
  }
});

Deno.test("Y_X is gas mass times temperature", () => {
  assertEquals(COLUMNS.logYx.value(numberedCatalog([1]).clusters, 0, 0), 300 + 200);
});

Deno.test("an array of ones knows nothing but the count", () => {
  const ones: FeatureSpec = {
    pixels: Array<ColumnName>(15).fill("one"),
    supplementary: ["one", "one"],
    order: "luminosity",
  };
  const array = features(numberedCatalog([1, 2]), ones);
  assertEquals([...array.pixels], Array(30).fill(1));
  assertEquals([...array.supplementary], Array(4).fill(1));
  const { pixels } = fitNormalization([array], ones, "range");
  assertEquals(pixels[0], { offset: 0, scale: 1 });
});

Deno.test("features of an empty catalog are refused", () => {
  assertThrows(() => features(numberedCatalog([]), STANDARD_FEATURES), RangeError, "0 clusters");
});

Deno.test("a value that is not a number is refused by column and cluster", () => {
  const catalog = numberedCatalog([1, 2]);
  catalog.clusters.logTemperature[1] = NaN;
  const error = assertThrows(() => features(catalog, STANDARD_FEATURES), RangeError);
  assertStringIncludes(error.message, "logTemperature of cluster 1 is NaN");
});

Deno.test("a luminosity that cannot order rows is refused even where it is no input", () => {
  const spec: FeatureSpec = { pixels: ["logTemperature"], supplementary: [], order: "luminosity" };
  const catalog = numberedCatalog([1, NaN, 0]);
  assertThrows(() => features(catalog, spec), RangeError, "logLuminosity of cluster 1 is NaN");
  assertEquals(features(catalog, { ...spec, order: "shuffled" }).count, 3);
});

Deno.test("a value too large for the network's float32 is refused", () => {
  const catalog = numberedCatalog([1]);
  catalog.clusters.logTemperature[0] = 1e39;
  assertThrows(() => features(catalog, STANDARD_FEATURES), RangeError, "logTemperature");
});

const TRAINING = [
  numberedCatalog([3, 1, 2], 0.7),
  numberedCatalog([5, 4, 6, 9], 0.92),
].map((catalog) => features(catalog, STANDARD_FEATURES));

/** Scaled values of all catalogs in the columns of one group. */
function scaledGroup(kind: NormalizationKind, group: string): number[] {
  const { pixels } = fitNormalization(TRAINING, STANDARD_FEATURES, kind);
  const groups = groupsOf(STANDARD_FEATURES.pixels);
  return TRAINING.flatMap((array) =>
    [...normalizeColumns(array.pixels, pixels)].filter((_, k) => groups[k % 15] === group)
  );
}

Deno.test("range scaling takes each physical group to 0 to 1 by one linear map", () => {
  for (const group of ["temperature", "gas mass", "slope"]) {
    const values = scaledGroup("range", group);
    assertEquals(Math.min(...values), 0);
    assertEquals(Math.max(...values), 1);
  }
  const { pixels } = fitNormalization(TRAINING, STANDARD_FEATURES, "range");
  for (let shell = 2; shell <= 7; shell++) assertEquals(pixels[shell], pixels[1]);
});

Deno.test("z-scores have mean 0 and standard deviation 1 over each physical group", () => {
  for (const group of ["temperature", "gas mass", "slope"]) {
    const values = scaledGroup("z-score", group);
    assertAlmostEquals(mean(values), 0, 1e-6);
    assertAlmostEquals(standardDeviation(values), 1, 1e-6);
  }
});

Deno.test("z-scores keep their digits when the spread is small relative to the values", () => {
  // In float32 the neighbors of 14 are 2^-20 apart: three values, standard deviation sqrt(2/3) steps.
  const step = 2 ** -20;
  const array: FeatureArray = {
    ...TRAINING[0]!,
    count: 3,
    width: 1,
    supplementaryWidth: 0,
    pixels: Float32Array.of(14, 14 + step, 14 + 2 * step),
    supplementary: new Float32Array(0),
  };
  const spec: FeatureSpec = { pixels: ["logGasMass"], supplementary: [], order: "luminosity" };
  const scale = fitNormalization([array], spec, "z-score").pixels[0]!.scale;
  assertAlmostEquals(scale / step, Math.sqrt(2 / 3), 1e-6);
});

Deno.test("the label runs from -1 to 1 over the design in both scalings", () => {
  for (const kind of ["range", "z-score"] as const) {
    const normalization = fitNormalization(TRAINING, STANDARD_FEATURES, kind);
    const labels = TRAINING.map((array) => normalizeCatalog(array, normalization).label);
    assertAlmostEquals(labels[0]!, -1, 1e-12);
    assertAlmostEquals(labels[1]!, 1, 1e-12);
  }
});

Deno.test("a normalization without catalogs is refused", () => {
  assertThrows(() => fitNormalization([], STANDARD_FEATURES, "range"), RangeError, "0 catalogs");
});

Deno.test("4968 catalogs split into 3974, 497 and 497, each in one set", () => {
  const { train, validation, test } = splitCatalogs(4968, createRandom(3));
  assertEquals([train.length, validation.length, test.length], [3974, 497, 497]);
  assertEquals(new Set([...train, ...validation, ...test]).size, 4968);
  for (const set of [train, validation, test]) {
    assertEquals([...set], [...set].sort((a, b) => a - b));
  }
});

Deno.test("the split is random, and the same for the same seed", () => {
  const split = (seed: number) => [...splitCatalogs(100, createRandom(seed)).test];
  assertEquals(split(3), split(3));
  assertNotEquals(split(3), split(4));
});

Deno.test("as few as three catalogs make three sets, fewer do not", () => {
  for (let count = 3; count <= 40; count++) {
    const { train, validation, test } = splitCatalogs(count, createRandom(1));
    assert(train.length > 0 && validation.length > 0 && test.length > 0);
    assertEquals(train.length + validation.length + test.length, count);
  }
  for (const count of [0, 2, 3.5, NaN]) {
    assertThrows(() => splitCatalogs(count, createRandom(1)), RangeError, "Cannot split");
  }
});

/** Heights as in the design, with many ties. */
const HEIGHTS = Array.from({ length: 103 }, (_, i) => 20 + (i * 7) % 13);

Deno.test("batches of equal height hold all catalogs of one N each", () => {
  const plan = planBatches(HEIGHTS, "equal height", createRandom(5));
  assertEquals(plan.length, 13);
  for (const batch of plan) {
    assertEquals(new Set(Array.from(batch, (i) => HEIGHTS[i])).size, 1);
  }
  assertEquals(plan.flatMap((batch) => [...batch]).sort((a, b) => a - b), [...HEIGHTS.keys()]);
});

Deno.test("batches of a size hold neighbors in N, every catalog once, the last batch smaller", () => {
  const plan = planBatches(HEIGHTS, 10, createRandom(5));
  assertEquals(plan.map((batch) => batch.length).sort((a, b) => a - b), [3, ...Array(10).fill(10)]);
  assertEquals(plan.flatMap((batch) => [...batch]).sort((a, b) => a - b), [...HEIGHTS.keys()]);
  const spans = plan.map((batch) => {
    const heights = Array.from(batch, (i) => HEIGHTS[i]!);
    return [Math.min(...heights), Math.max(...heights)] as const;
  }).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  for (let i = 1; i < spans.length; i++) assert(spans[i - 1]![1] <= spans[i]![0]);
});

Deno.test("random batches hold catalogs of any N, every catalog once", () => {
  const plan = planBatches(HEIGHTS, { random: 10 }, createRandom(5));
  assertEquals(plan.map((batch) => batch.length).sort((a, b) => a - b), [3, ...Array(10).fill(10)]);
  assertEquals(plan.flatMap((batch) => [...batch]).sort((a, b) => a - b), [...HEIGHTS.keys()]);
  // Ten of 13 heights: on average 7 differ, where sorted batches have two or three.
  const kinds = plan.map((batch) => new Set(Array.from(batch, (i) => HEIGHTS[i])).size);
  assert(kinds.filter((number) => number >= 5).length >= 9, `${kinds}`);
});

Deno.test("batches come in another order in another epoch, with other ties", () => {
  const plan = (epoch: number) =>
    planBatches(HEIGHTS, 10, createRandom(5).fork(epoch)).map((batch) => [...batch]);
  assertEquals(plan(1), plan(1));
  assertNotEquals(plan(1), plan(2));
});

Deno.test("a size of batches that is not a whole number from 1 on is refused", () => {
  for (const size of [0, -1, 2.5, NaN]) {
    for (const batches of [size, { random: size }]) {
      assertThrows(
        () => planBatches(HEIGHTS, batches, createRandom(5)),
        RangeError,
        `the size of batches is ${size}`,
      );
    }
  }
});

Deno.test("a joined batch keeps each catalog's rows, labels and scaling", () => {
  const normalization = fitNormalization(TRAINING, STANDARD_FEATURES, "range");
  const parts = TRAINING.map((array) => normalizeCatalog(array, normalization));
  const batch = joinCatalogs(parts);
  assertEquals([...batch.rowOffsets], [0, 3, 7]);
  assertEquals(batch.count, 2);
  assertEquals([...batch.pixels.subarray(3 * 15)], [...parts[1]!.pixels]);
  assertEquals([...batch.supplementary.subarray(0, 6)], [...parts[0]!.supplementary]);
  assertEquals([...batch.labels], parts.map((part) => Math.fround(part.label)));
});
