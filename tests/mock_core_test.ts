/**
 * Catalogs drawn in WASM: the arithmetic against numerics/random.ts and double precision, every row
 * against the recipe, the distribution against the TypeScript path, and the same bits in any batch.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { binCenter } from "../src/catalogs/abundance.ts";
import type { CatalogMaker } from "../src/catalogs/catalog.ts";
import { drawCatalog, expectedCounts, prepareCatalogs } from "../src/catalogs/catalog.ts";
import { openMockCore } from "../src/catalogs/core/core_memory.ts";
import { tabulateNeighbors } from "../src/catalogs/core/neighbor_intervals.ts";
import { QUANTITY_RECIPES } from "../src/catalogs/core/quantities.ts";
import type { NeighborRange } from "../src/catalogs/neighbors.ts";
import { findNeighbors } from "../src/catalogs/neighbors.ts";
import type { RecipeName } from "../src/catalogs/observables.ts";
import { RECIPES, STANDARD_EXPONENTS, tiltRelation } from "../src/catalogs/observables.ts";
import type { CatalogParameters } from "../src/catalogs/priors.ts";
import { drawParameters, STANDARD_PRIORS } from "../src/catalogs/priors.ts";
import { LARGER_SURVEY, STANDARD_SURVEY } from "../src/catalogs/survey.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { SHELLS } from "../src/clusters/cluster_table.ts";
import { evaluateRelation } from "../src/clusters/scaling_relation.ts";
import type { NormalizedCatalog } from "../src/features/dataset.ts";
import { normalizeCatalog } from "../src/features/dataset.ts";
import type { ColumnName, FeatureSpec } from "../src/features/features.ts";
import { buildFeatures, COLUMNS, widthOf } from "../src/features/features.ts";
import { createMockCore, freshCatalogs } from "../src/features/fresh.ts";
import type { LinearScale, Normalization } from "../src/features/normalization.ts";
import { SIGMA8_SCALE } from "../src/features/normalization.ts";
import { createRandom } from "../src/numerics/random.ts";
import { correlation, kolmogorovSmirnov, mean } from "../src/numerics/statistics.ts";
import { STANDARD_FEATURES, STANDARD_PLAN } from "./mock_plans.ts";

const RANDOM = createRandom(20);
const BASE = drawBaseSample(RANDOM.fork("base sample"));
const MAKER = prepareCatalogs(BASE, STANDARD_PLAN);
const EVERYTHING: FeatureSpec = {
  pixels: Object.keys(COLUMNS) as ColumnName[],
  supplementary: ["logWeakLensingMass", "logYx", "one", "logLuminosity", "logYx"],
  order: "luminosity",
};

/** KS probabilities below this fail; with some 60 of them and fixed seeds, chance has 6%. */
const LEAST_PROBABILITY = 1e-3;

function scalesOf(columns: readonly ColumnName[], scale: LinearScale): LinearScale[] {
  return Array.from({ length: widthOf(columns) }, () => scale);
}

function scaling(spec: FeatureSpec, scale: LinearScale = { offset: 0, scale: 1 }): Normalization {
  return {
    pixels: scalesOf(spec.pixels, scale),
    supplementary: scalesOf(spec.supplementary, scale),
    sigma8: SIGMA8_SCALE,
  };
}

/** The reference path, in streams of its own. */
function drawReference(
  maker: CatalogMaker,
  spec: FeatureSpec,
  parameters: readonly CatalogParameters[],
): NormalizedCatalog[] {
  const random = RANDOM.fork("reference");
  return parameters.map((entry, i) => {
    const catalog = drawCatalog(maker, entry, random.fork("catalog", i));
    const features = buildFeatures(catalog, spec, random.fork("rows", i));
    return normalizeCatalog(features, scaling(spec));
  });
}

/** All values of one column, over all catalogs: pixels first, then supplementary values. */
function columnOf(
  catalogs: readonly NormalizedCatalog[],
  spec: FeatureSpec,
  column: number,
): number[] {
  const width = widthOf(spec.pixels);
  const supplementary = widthOf(spec.supplementary);
  return catalogs.flatMap((catalog) =>
    Array.from(
      { length: catalog.count },
      (_, r) =>
        column < width
          ? catalog.pixels[r * width + column]!
          : catalog.supplementary[r * supplementary + column - width]!,
    )
  );
}

function assertSameDistribution(a: ArrayLike<number>, b: ArrayLike<number>, what: string): void {
  const { probability, distance } = kolmogorovSmirnov(a, b);
  assert(
    probability > LEAST_PROBABILITY,
    `${what}: distance ${distance}, probability ${probability}`,
  );
}

function assertSameColumns(
  drawn: readonly NormalizedCatalog[],
  reference: readonly NormalizedCatalog[],
  spec: FeatureSpec,
): void {
  const width = widthOf(spec.pixels) + widthOf(spec.supplementary);
  for (let c = 0; c < width; c++) {
    const a = columnOf(drawn, spec, c);
    const b = columnOf(reference, spec, c);
    if (b.every((value) => value === b[0])) assertEquals(new Set(a), new Set(b));
    else assertSameDistribution(a, b, `column ${c}`);
  }
}

const heights = (catalogs: readonly NormalizedCatalog[]) => catalogs.map(({ count }) => count);

Deno.test("sixteen blocks of the core are the blocks of numerics/random.ts", () => {
  const core = openMockCore();
  const at = core.allocate(128);
  const stream = RANDOM.fork("blocks");
  for (let start = 0; start < 128; start += 16) {
    core.exports.blocks(at, ...stream.state.key, start);
    const words = new Uint32Array(core.exports.memory.buffer, at, 32);
    for (let i = 0; i < 16; i++) {
      const [low, high] = createBlock(stream.state.key, start + i);
      const four = 8 * (i >> 2) + (i & 3);
      assertEquals([words[four], words[four + 4]], [low, high]);
    }
  }
});

function createBlock(key: readonly [number, number], counter: number): [number, number] {
  const stream = RANDOM.fork("blocks");
  assertEquals(stream.state.key, key);
  for (let i = 0; i < counter; i++) stream.words();
  const words = stream.words();
  return [words[0]!, words[1]!];
}

/** Words that try every exponent, the ends, and many numbers between. */
function wordsToTry(count: number): Uint32Array {
  const stream = RANDOM.fork("words");
  const words = Uint32Array.from({ length: count }, () => stream.words()[0]!);
  words.set([0, 1, 2, 3, 0xffffffff, 0xfffffffe, 0x80000000, 0x7fffffff]);
  for (let i = 0; i < 32; i++) words.set([2 ** i, 2 ** i - 1], 8 + 2 * i);
  return words;
}

/** The uniform number in (0, 1] that the core makes of a word. */
function toUniform(word: number): number {
  return Math.fround(Math.fround(word >>> 1) + 0.5) * 2 ** -31;
}

Deno.test("logarithms of uniform numbers are right to 2e-7 of themselves, and never above 0", () => {
  const core = openMockCore();
  const at = core.allocate(16);
  const words = wordsToTry(4 * 60000);
  let largest = 0;
  for (let i = 0; i < words.length; i += 4) {
    new Uint32Array(core.exports.memory.buffer, at, 4).set(words.subarray(i, i + 4));
    core.exports.logarithms(at);
    for (const [j, value] of core.floats(at, 4).entries()) {
      const exact = Math.log(toUniform(words[i + j]!));
      assert(value <= 0 && Number.isFinite(value));
      largest = Math.max(largest, Math.abs(value - exact) / Math.max(Math.abs(exact), 2 ** -24));
    }
  }
  assertLess(largest, 2e-7);
});

Deno.test("normal numbers are right to 1e-6", () => {
  const core = openMockCore();
  const at = core.allocate(32);
  const words = wordsToTry(4 * 20000);
  const radii = words.toReversed();
  let largest = 0;
  for (let i = 0; i < words.length; i += 4) {
    const pair = new Uint32Array(core.exports.memory.buffer, at, 8);
    pair.set(radii.subarray(i, i + 4));
    pair.set(words.subarray(i, i + 4), 4);
    core.exports.normals(at);
    for (const [j, value] of core.floats(at, 8).entries()) {
      const radius = Math.sqrt(-2 * Math.log(toUniform(radii[i + (j & 3)]!)));
      const angle = words[i + (j & 3)]! * 2 ** -31 * Math.PI;
      const exact = radius * (j < 4 ? Math.cos(angle) : Math.sin(angle));
      largest = Math.max(largest, Math.abs(value - exact));
    }
  }
  assertLess(largest, 1e-6);
});

Deno.test("the table of intervals gives every mass the neighbors of the rule, for both recipes", () => {
  const stream = RANDOM.fork("masses");
  for (const name of Object.keys(RECIPES) as RecipeName[]) {
    const recipe = QUANTITY_RECIPES[name](MAKER);
    const { ends, ranges } = tabulateNeighbors(13.6, 2.4, recipe.changes, recipe.findRange);
    let near = 0;
    for (let i = 0; i < 4000; i++) {
      const depth = 2.4 * stream.uniform();
      const interval = ends.findIndex((end) => end > depth);
      const at = interval < 0 ? ends.length : interval;
      const isOnEdge = ends.some((end) => Math.abs(end - depth) < 1e-6);
      const expected: NeighborRange = recipe.findRange(13.6 + depth);
      const first = ranges[2 * at]!;
      if (isOnEdge) near++;
      else assertEquals({ first, end: first + ranges[2 * at + 1]! }, expected);
    }
    assertLess(near, 200);
  }
});

Deno.test("every row follows from its mass and one eligible neighbor, to 2e-5", () => {
  const parameters = drawParameters(STANDARD_PRIORS, 200, RANDOM)
    .map((entry) => ({ ...entry, weakLensingScatter: 0 })); // the lensing mass is then the mass
  const drawn = createMockCore(MAKER, STANDARD_FEATURES, scaling(STANDARD_FEATURES)).draw(
    parameters,
    RANDOM,
  );
  const { clusters, relations } = MAKER.source.base;
  const { offsets } = MAKER.source;
  const bySlope = new Map(
    Array.from({ length: clusters.count }, (_, k) => [
      Math.fround(clusters.gasSlopeProfile[k * SHELLS]!),
      k,
    ]),
  );
  assertEquals(bySlope.size, clusters.count, "slopes tell base clusters apart");
  for (const [c, catalog] of drawn.entries()) {
    const p = parameters[c]!;
    const luminosity = tiltRelation(
      relations.luminosity,
      p.luminositySlopeFactor,
      p.luminosityBias,
      MAKER.source.slopePivot,
    );
    for (let r = 0; r < catalog.count; r++) {
      const pixels = catalog.pixels.subarray(15 * r, 15 * r + 15);
      const [logLuminosity, mass] = catalog.supplementary.subarray(2 * r, 2 * r + 2);
      const k = bySlope.get(pixels[8]!)!;
      const first = Math.min(
        ...[-2e-6, 2e-6].map((e) => findNeighbors(clusters.logMass, mass! + e).first),
      );
      const end = Math.max(
        ...[-2e-6, 2e-6].map((e) => findNeighbors(clusters.logMass, mass! + e).end),
      );
      assert(first <= k && k < end, `base cluster ${k} is not from ${first} to ${end}`);
      assertAlmostEquals(
        logLuminosity!,
        evaluateRelation(luminosity, mass!) + p.luminosityScatterFactor * offsets.luminosity[k]!,
        2e-5,
      );
      assertAlmostEquals(
        pixels[0]!,
        evaluateRelation(relations.temperature, mass!) + Math.log10(p.temperatureBias) +
          p.temperatureScatterFactor * offsets.temperature[k]!,
        2e-5,
      );
      const logGasMass = evaluateRelation(relations.gasMass, mass!) + Math.log10(p.gasMassBias) +
        p.gasMassScatterFactor * offsets.gasMass[k]!;
      for (let s = 0; s < SHELLS; s++) {
        const shell = clusters.logGasMassProfile[k * SHELLS + s]! - clusters.logGasMass[k]!;
        assertAlmostEquals(pixels[1 + s]!, logGasMass + shell, 2e-5);
        assertAlmostEquals(pixels[8 + s]!, clusters.gasSlopeProfile[k * SHELLS + s]!, 1e-6);
      }
    }
  }
});

Deno.test("columns, numbers of clusters and correlations are those of the TypeScript path", () => {
  const parameters = drawParameters(STANDARD_PRIORS, 1200, RANDOM.fork("distribution"));
  const drawn = createMockCore(MAKER, STANDARD_FEATURES, scaling(STANDARD_FEATURES)).draw(
    parameters,
    RANDOM,
  );
  const reference = drawReference(MAKER, STANDARD_FEATURES, parameters);
  assertSameDistribution(heights(drawn), heights(reference), "N");
  assertSameColumns(drawn, reference, STANDARD_FEATURES);
  // About 94 000 clusters each: two correlations differ by 0.005 at most, one standard deviation.
  const columns = Array.from({ length: 17 }, (_, c) => columnOf(drawn, STANDARD_FEATURES, c));
  const expected = Array.from({ length: 17 }, (_, c) => columnOf(reference, STANDARD_FEATURES, c));
  for (let a = 0; a < 17; a++) {
    for (let b = 0; b < a; b++) {
      const r = correlation(columns[a]!, columns[b]!);
      assertAlmostEquals(r, correlation(expected[a]!, expected[b]!), 0.02, `columns ${a} and ${b}`);
    }
  }
  const sigma8 = parameters.map((entry) => entry.sigma8);
  const withSigma8 = correlation(heights(drawn), sigma8);
  assertAlmostEquals(withSigma8, correlation(heights(reference), sigma8), 0.03);
  assertEquals(drawn.map(({ label }) => label), reference.map(({ label }) => label));
});

Deno.test("every column of the table is drawn, in any place, and at random if so asked", () => {
  const parameters = drawParameters(STANDARD_PRIORS, 400, RANDOM.fork("everything"));
  for (const order of ["luminosity", "shuffled"] as const) {
    const spec: FeatureSpec = { ...EVERYTHING, order };
    const drawn = createMockCore(MAKER, spec, scaling(spec)).draw(parameters, RANDOM);
    assertSameColumns(drawn, drawReference(MAKER, spec, parameters), spec);
  }
});

Deno.test("rows ascend in luminosity, or do not know it when shuffled", () => {
  const parameters = drawParameters(STANDARD_PRIORS, 400, RANDOM.fork("order"));
  const luminosities = (spec: FeatureSpec, { count, supplementary }: NormalizedCatalog) =>
    Array.from({ length: count }, (_, r) => supplementary[r * widthOf(spec.supplementary)]!);
  const ordered = createMockCore(MAKER, STANDARD_FEATURES, scaling(STANDARD_FEATURES)).draw(
    parameters,
    RANDOM,
  );
  for (const catalog of ordered) {
    const rows = luminosities(STANDARD_FEATURES, catalog);
    assert(rows.every((value, r) => r === 0 || value >= rows[r - 1]!));
  }
  const spec: FeatureSpec = { ...STANDARD_FEATURES, order: "shuffled" };
  const shuffled = createMockCore(MAKER, spec, scaling(spec)).draw(parameters, RANDOM);
  // The same clusters, in rows that are independent of them: about 31 000, so 0.006 at one sigma.
  const rank: number[] = [];
  const luminosity: number[] = [];
  for (const [c, catalog] of shuffled.entries()) {
    const rows = luminosities(spec, catalog);
    assertEquals(rows.toSorted((a, b) => a - b), luminosities(STANDARD_FEATURES, ordered[c]!));
    const middle = mean(rows);
    rank.push(...rows.map((_, r) => (r + 0.5) / catalog.count));
    luminosity.push(...rows.map((value) => value - middle));
  }
  assertLess(Math.abs(correlation(rank, luminosity)), 0.025);
});

Deno.test("masses are Poisson in every bin, with the expected counts", () => {
  const [entry] = drawParameters(STANDARD_PRIORS, 1, RANDOM.fork("one"));
  const still = { ...entry!, weakLensingScatter: 0 };
  const spec: FeatureSpec = {
    ...STANDARD_FEATURES,
    pixels: ["one"],
    supplementary: ["logWeakLensingMass"],
  };
  const draws = 4000;
  const drawn = createMockCore(MAKER, spec, scaling(spec)).draw(Array(draws).fill(still), RANDOM);
  const expected = expectedCounts(MAKER, still).map((count) => count * draws);
  const found = new Float64Array(expected.length);
  for (const { supplementary } of drawn) {
    for (const mass of supplementary) {
      const bin = Math.min(Math.max(Math.floor((mass - 13.6) / 0.01), 0), found.length - 1);
      found[bin]!++;
    }
  }
  let chiSquare = 0;
  let bins = 0;
  for (const [i, count] of expected.entries()) {
    if (count < 20) continue;
    bins++;
    chiSquare += (found[i]! - count) ** 2 / count;
  }
  assertGreater(bins, 80);
  assertAlmostEquals(chiSquare / bins, 1, 4 * Math.sqrt(2 / bins), "chi square a bin");
  const rare = expected.findIndex((_, i) => binCenter(MAKER.bins, i) > 15);
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const tail = sum(expected.subarray(rare));
  assertAlmostEquals(sum(found.subarray(rare)), tail, 4 * Math.sqrt(tail), "above 10^15");
  const counts = heights(drawn);
  const variance = mean(counts.map((count) => (count - mean(counts)) ** 2));
  assertAlmostEquals(variance / mean(counts), 1, 4 * Math.sqrt(2 / draws), "variance of N");
});

Deno.test("smoothed surveys, masses off the grid and large catalogs are the TypeScript path's", () => {
  const spec: FeatureSpec = { ...STANDARD_FEATURES, pixels: ["logGasMass"] };
  const priors = { ...STANDARD_PRIORS, sigma8: { min: 0.7031, max: 0.9, step: 0.1969 } };
  for (
    const [survey, count] of [
      [LARGER_SURVEY, 300],
      [{ ...STANDARD_SURVEY, volumeFraction: 12 }, 20], // more than 1024 clusters: sorted by digits
      [{ ...STANDARD_SURVEY, volumeFraction: 60 }, 6], // more than one run has room for
    ] as const
  ) {
    const maker = prepareCatalogs(BASE, { ...STANDARD_PLAN, survey });
    const parameters = [
      ...drawParameters(STANDARD_PRIORS, count, RANDOM.fork("surveys")),
      ...drawParameters(priors, count, RANDOM.fork("surveys off the grid")),
    ];
    const drawn = createMockCore(maker, spec, scaling(spec)).draw(parameters, RANDOM);
    const reference = drawReference(maker, spec, parameters);
    assertSameColumns(drawn, reference, spec);
    for (const [c, { count: clusters, supplementary }] of drawn.entries()) {
      const expected = expectedCounts(maker, parameters[c]!).reduce((a, b) => a + b, 0);
      assertAlmostEquals(clusters, expected, 5 * Math.sqrt(expected) + 3);
      for (let r = 1; r < clusters; r++) assert(supplementary[2 * r]! >= supplementary[2 * r - 2]!);
    }
  }
});

Deno.test("the prescriptive recipe gives base clusters scaled with sigma8, as the TypeScript path", () => {
  const maker = prepareCatalogs(BASE, { ...STANDARD_PLAN, recipe: "prescriptive" });
  const parameters = drawParameters(STANDARD_PRIORS, 400, RANDOM.fork("prescriptive"));
  const drawn = createMockCore(maker, STANDARD_FEATURES, scaling(STANDARD_FEATURES)).draw(
    parameters,
    RANDOM,
  );
  assertSameColumns(drawn, drawReference(maker, STANDARD_FEATURES, parameters), STANDARD_FEATURES);
  const { clusters, cosmology } = maker.source.base;
  const known = [...clusters.logLuminosity].map(Math.fround).sort((a, b) => a - b);
  for (const [c, { count, supplementary }] of drawn.entries()) {
    const growth = Math.log10(parameters[c]!.sigma8 / cosmology.sigma8);
    for (let r = 0; r < count; r += 10) {
      const own = supplementary[2 * r]! - STANDARD_EXPONENTS.luminosity * growth;
      assertLess(Math.min(...known.map((value) => Math.abs(value - own))), 2e-5);
    }
  }
});

Deno.test("scaled values are those in physical units, scaled", () => {
  const parameters = drawParameters(STANDARD_PRIORS, 20, RANDOM);
  const scale = { offset: 12.5, scale: 0.31 };
  const plain = createMockCore(MAKER, STANDARD_FEATURES, scaling(STANDARD_FEATURES)).draw(
    parameters,
    RANDOM,
  );
  const scaled = createMockCore(MAKER, STANDARD_FEATURES, scaling(STANDARD_FEATURES, scale)).draw(
    parameters,
    RANDOM,
  );
  for (const [c, { pixels, supplementary }] of scaled.entries()) {
    for (
      const [values, physical] of [
        [pixels, plain[c]!.pixels],
        [supplementary, plain[c]!.supplementary],
      ] as const
    ) {
      assertEquals(values.length, physical.length);
      for (const [i, value] of values.entries()) {
        assertAlmostEquals(value, (physical[i]! - 12.5) / 0.31, 2e-5);
      }
    }
  }
});

Deno.test("a catalog is the same bits alone, in any batch, and on another core", () => {
  const parameters = drawParameters(STANDARD_PRIORS, 150, RANDOM);
  const core = createMockCore(MAKER, STANDARD_FEATURES, scaling(STANDARD_FEATURES));
  const all = core.draw(parameters, RANDOM);
  const other = createMockCore(MAKER, STANDARD_FEATURES, scaling(STANDARD_FEATURES));
  assertEquals(other.draw([parameters[149]!], RANDOM, 149), [all[149]!]);
  assertEquals(core.draw(parameters.slice(70), RANDOM, 70), all.slice(70));
  assertEquals(other.draw(parameters, RANDOM), all);
  assertNotEquals(core.draw(parameters, RANDOM.fork("other")), all);
  assertEquals(core.draw([], RANDOM), []);
});

Deno.test("a worker draws the second half of a batch to the same bits", async () => {
  const parameters = drawParameters(STANDARD_PRIORS, 60, RANDOM);
  const { href: fresh } = new URL("../src/features/fresh.ts", import.meta.url);
  const { href: random } = new URL("../src/numerics/random.ts", import.meta.url);
  const source = `import { createMockCore } from ${JSON.stringify(fresh)};
    import { Random } from ${JSON.stringify(random)};
    onmessage = ({ data: { maker, spec, scales, half, state } }) =>
      postMessage(createMockCore(maker, spec, scales).draw(half, new Random(state), 30));`;
  const url = `data:text/javascript,${encodeURIComponent(source)}`;
  const worker = new Worker(url, { type: "module" });
  const second = await new Promise<NormalizedCatalog[]>((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => resolve(data);
    const half = parameters.slice(30);
    const scales = scaling(STANDARD_FEATURES);
    worker.postMessage({
      maker: MAKER,
      spec: STANDARD_FEATURES,
      scales,
      half,
      state: RANDOM.state,
    });
  });
  worker.terminate();
  const core = createMockCore(MAKER, STANDARD_FEATURES, scaling(STANDARD_FEATURES));
  assertEquals(
    [...core.draw(parameters.slice(0, 30), RANDOM), ...second],
    core.draw(parameters, RANDOM),
  );
});

Deno.test("reused arrays hold the latest draw, new ones keep theirs", () => {
  const parameters = drawParameters(STANDARD_PRIORS, 100, RANDOM);
  const kept = createMockCore(MAKER, STANDARD_FEATURES, scaling(STANDARD_FEATURES));
  const first = kept.draw(parameters, RANDOM);
  const copy = structuredClone(first);
  kept.draw(parameters, RANDOM.fork("again"));
  assertEquals(first, copy);
  const reused = createMockCore(MAKER, STANDARD_FEATURES, scaling(STANDARD_FEATURES), {
    arrays: "reused",
  });
  const before = reused.draw(parameters, RANDOM);
  assertEquals(before, first);
  const after = reused.draw(parameters, RANDOM.fork("again"));
  assertEquals(after, kept.draw(parameters, RANDOM.fork("again")));
  assert(before[0]!.pixels.buffer === after[0]!.pixels.buffer);
});

Deno.test("an epoch's fresh catalogs are always the same, and not those of another epoch", () => {
  const core = createMockCore(MAKER, STANDARD_FEATURES, scaling(STANDARD_FEATURES));
  const source = freshCatalogs(() => core, STANDARD_PRIORS, 40, RANDOM);
  const third = source(3);
  assertEquals(third.length, 40);
  assertNotEquals(source(4), third);
  assertEquals(source(3), third);
  assertGreater(new Set(third.map(({ label }) => label)).size, 10);
});

Deno.test("what cannot be drawn is refused in one line", () => {
  const core = createMockCore(MAKER, STANDARD_FEATURES, scaling(STANDARD_FEATURES));
  const [entry] = drawParameters(STANDARD_PRIORS, 1, RANDOM);
  for (
    const [change, message] of [
      [{ sigma8: NaN }, "sigma8 is NaN, should be finite and above 0"],
      [{ luminosityBias: 0 }, "luminosityBias is 0, should be finite and above 0"],
      [{ luminositySlopeFactor: -1 }, "luminositySlopeFactor is -1, should be finite and above 0"],
      [{ weakLensingScatter: -0.1 }, "weakLensingScatter is -0.1, should be finite and 0 or more"],
      [{ gasMassScatterFactor: Infinity }, "gasMassScatterFactor is Infinity, should be finite"],
    ] as const
  ) {
    const wrong = { ...entry!, ...change };
    assertThrows(() => core.draw([entry!, wrong], RANDOM), RangeError, message);
  }
  const tiny = prepareCatalogs(BASE, {
    ...STANDARD_PLAN,
    survey: { ...STANDARD_SURVEY, volumeFraction: 0.008 },
  });
  const emptied = createMockCore(tiny, STANDARD_FEATURES, scaling(STANDARD_FEATURES));
  const many = drawParameters(STANDARD_PRIORS, 200, RANDOM);
  assertThrows(
    () => emptied.draw(many, RANDOM),
    RangeError,
    "Cannot draw catalog: it came out empty",
  );
  assertThrows(
    () => createMockCore(MAKER, STANDARD_FEATURES, { ...scaling(STANDARD_FEATURES), pixels: [] }),
    TypeError,
    "Cannot scale columns: there are 0 scales for 15 values, one each is needed",
  );
  assertThrows(
    () =>
      createMockCore(MAKER, STANDARD_FEATURES, scaling(STANDARD_FEATURES, { offset: 0, scale: 0 })),
    RangeError,
    "should be finite",
  );
  assertThrows(
    () => freshCatalogs(() => core, STANDARD_PRIORS, 1.5, RANDOM),
    RangeError,
    "Cannot draw fresh catalogs: count is 1.5, should be a whole number from 1 on",
  );
});
