/** Catalogs: the survey, the priors and the design, the draw by Eqs. 1-3, and both recipes. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  binCenter,
  drawMasses,
  MASS_BIN,
  massBins,
  selectCounts,
} from "../src/catalogs/abundance.ts";
import {
  type Catalog,
  type CatalogMaker,
  type CatalogPlan,
  drawCatalog,
  drawCatalogs,
  expectedCounts,
  prepareCatalogs,
} from "../src/catalogs/catalog.ts";
import { gridValues } from "../src/catalogs/grid.ts";
import { findClosest, findNeighbors } from "../src/catalogs/neighbors.ts";
import { RECIPES, STANDARD_EXPONENTS, tiltRelation } from "../src/catalogs/observables.ts";
import {
  type CatalogParameters,
  designParameters,
  drawParameters,
  type Priors,
  scatterInDex,
  STANDARD_PRIORS,
} from "../src/catalogs/priors.ts";
import {
  breakLogMass,
  checkSurvey,
  LARGER_SURVEY,
  selectionFunction,
  SMALLER_SURVEY,
  STANDARD_SURVEY,
  type Survey,
} from "../src/catalogs/survey.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { type ObservedClusters, SHELLS } from "../src/clusters/cluster_table.ts";
import { evaluateRelation, scalingOffsets } from "../src/clusters/scaling_relation.ts";
import { computeMassFunction } from "../src/cosmology/mass_function.ts";
import { createRandom } from "../src/numerics/random.ts";
import {
  correlation,
  fitLine,
  kolmogorovSmirnov,
  mean,
  median,
  quantiles,
  standardDeviation,
} from "../src/numerics/statistics.ts";
import { STANDARD_PLAN, unbiased } from "./mock_plans.ts";

/** The luminosity slope turns about 10^15. */
const HIGH_PIVOT_SURVEY: Survey = { ...STANDARD_SURVEY, slopePivot: 15 };

const RANDOM = createRandom(20240102);
const BASE = drawBaseSample(RANDOM.fork("base sample"));
const MAKER = prepareCatalogs(BASE, STANDARD_PLAN);
const DESIGN = designParameters(STANDARD_PRIORS, RANDOM.fork("design"));
const CATALOGS = drawCatalogs(MAKER, DESIGN, RANDOM);

const FIDUCIAL: CatalogParameters = unbiased(0.81);

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

// Priors and the design

Deno.test("the design has 23 x 6^3 = 4968 catalogs, every grid point once", () => {
  assertEquals(DESIGN.length, 4968);
  const points = new Set(
    DESIGN.map((p) => [p.sigma8, p.luminosityBias, p.temperatureBias, p.gasMassBias].join()),
  );
  assertEquals(points.size, 4968);
  assertEquals(gridValues(STANDARD_PRIORS.gasMassBias), [0.8, 0.9, 1, 1.1, 1.2, 1.3]);
});

Deno.test("grid values are the decimal numbers that one would write", () => {
  const values = gridValues(STANDARD_PRIORS.sigma8);
  assertEquals([values[0], values[3], values[11], values[22]], [0.7, 0.73, 0.81, 0.92]);
  assertEquals(gridValues({ min: 0.8, max: 0.8, step: 0.01 }), [0.8]);
});

Deno.test("a grid that is not a whole number of steps upward is refused", () => {
  for (
    const grid of [
      { min: 0.7, max: 0.92, step: 0 },
      { min: 0.7, max: 0.92, step: -0.01 },
      { min: 0.92, max: 0.7, step: 0.01 },
      { min: 0.7, max: 0.92, step: 0.03 },
      { min: NaN, max: 0.92, step: 0.01 },
      { min: 0.7, max: Infinity, step: 0.01 },
    ]
  ) assertThrows(() => gridValues(grid), RangeError, "Cannot lay out a grid");
});

Deno.test("the random parameters are uniform over their priors and independent of the grid", () => {
  const names = [
    "luminositySlopeFactor",
    "luminosityScatterFactor",
    "temperatureScatterFactor",
    "gasMassScatterFactor",
    "weakLensingScatter",
  ] as const;
  const even = Float64Array.from({ length: 4968 }, (_, i) => (i + 0.5) / 4968);
  for (const [n, name] of names.entries()) {
    const { min, max } = STANDARD_PRIORS[name];
    const values = DESIGN.map((p) => p[name]);
    const expected = even.map((u) => min + (max - min) * u);
    assertGreater(kolmogorovSmirnov(values, expected).probability, 0.001);
    assertLess(Math.abs(correlation(values, DESIGN.map((p) => p.sigma8))), 0.05);
    for (const other of names.slice(n + 1)) {
      assertLess(Math.abs(correlation(values, DESIGN.map((p) => p[other]))), 0.05);
    }
  }
});

Deno.test("fresh parameters take every grid value about equally often", () => {
  const fresh = drawParameters(STANDARD_PRIORS, 6000, RANDOM.fork("fresh"));
  for (const name of ["sigma8", "luminosityBias", "temperatureBias", "gasMassBias"] as const) {
    const values = gridValues(STANDARD_PRIORS[name]);
    const expected = 6000 / values.length;
    const chiSquared = values.reduce((total, value) => {
      const count = fresh.filter((p) => p[name] === value).length;
      return total + (count - expected) ** 2 / expected;
    }, 0);
    assertLess(chiSquared, 49); // 22 degrees of freedom: one in 1000 is above
  }
  assertEquals(drawParameters(STANDARD_PRIORS, 5, RANDOM.fork("fresh")), fresh.slice(0, 5));
});

Deno.test("a prior of zero width fixes its parameter, but sigma8 must vary in the design", () => {
  const fixed: Priors = {
    ...STANDARD_PRIORS,
    sigma8: { min: 0.8, max: 0.8, step: 0.01 },
    weakLensingScatter: { min: 0.2, max: 0.2 },
  };
  for (const parameters of drawParameters(fixed, 20, RANDOM)) {
    assertEquals([parameters.sigma8, parameters.weakLensingScatter], [0.8, 0.2]);
  }
  const error = assertThrows(() => designParameters(fixed, RANDOM), RangeError);
  assertStringIncludes(error.message, "sigma8 is 0.8 throughout");
});

Deno.test("priors out of range are refused by name", () => {
  const refused: Partial<Priors>[] = [
    { sigma8: { min: -0.1, max: 0.1, step: 0.1 } },
    { gasMassBias: { min: 0, max: 1, step: 0.5 } },
    { weakLensingScatter: { min: -0.1, max: 0.3 } },
    { weakLensingScatter: { min: 0.3, max: 0.1 } },
    { temperatureScatterFactor: { min: 0.7, max: NaN } },
    { luminositySlopeFactor: { min: 0, max: 1.3 } },
  ];
  for (const change of refused) {
    const priors = { ...STANDARD_PRIORS, ...change };
    const name = Object.keys(change)[0]!;
    for (
      const use of [
        () => designParameters(priors, RANDOM),
        () => drawParameters(priors, 1, RANDOM),
        () => prepareCatalogs(BASE, { ...STANDARD_PLAN, priors }),
      ]
    ) assertThrows(use, RangeError, name);
  }
  assertThrows(() => drawParameters(STANDARD_PRIORS, 1.5, RANDOM), RangeError, "count is 1.5");
});

// The survey

Deno.test("the survey finds all clusters above the break, a power law below, none below the limit", () => {
  const found = (logMass: number) => selectionFunction(STANDARD_SURVEY, 14.4, logMass);
  assertEquals([found(14.4), found(15), found(13.599)], [1, 1, 0]);
  assertAlmostEquals(found(14), 10 ** (-2.4 * 0.4), 1e-15);
  assertAlmostEquals(found(13.6), 10 ** (-2.4 * 0.8), 1e-15);
});

Deno.test("at the baseline luminosity relation the break is where the survey says", () => {
  for (const survey of [STANDARD_SURVEY, HIGH_PIVOT_SURVEY]) {
    assertAlmostEquals(breakLogMass(survey, BASE.relations.luminosity, FIDUCIAL), 14.4, 1e-12);
  }
});

Deno.test("the break moves so that its luminosity, the flux limit's, stays", () => {
  const { luminosity } = BASE.relations;
  const limit = evaluateRelation(luminosity, 14.4);
  for (const survey of [STANDARD_SURVEY, HIGH_PIVOT_SURVEY]) {
    for (const parameters of DESIGN.slice(0, 200)) {
      const { luminositySlopeFactor, luminosityBias } = parameters;
      const tilted = tiltRelation(
        luminosity,
        luminositySlopeFactor,
        luminosityBias,
        survey.slopePivot,
      );
      const logMass = breakLogMass(survey, luminosity, parameters);
      assertAlmostEquals(evaluateRelation(tilted, logMass), limit, 1e-11);
    }
  }
});

Deno.test("brighter clusters put the break at a lower mass", () => {
  const at = (luminosityBias: number) =>
    breakLogMass(STANDARD_SURVEY, BASE.relations.luminosity, { ...FIDUCIAL, luminosityBias });
  assertLess(at(1.3), 14.4);
  assertGreater(at(0.8), 14.4);
});

Deno.test("a tilted relation keeps its value at the pivot but for the bias", () => {
  const { luminosity } = BASE.relations;
  const tilted = tiltRelation(luminosity, 1.3, 0.8, 15);
  assertAlmostEquals(
    evaluateRelation(tilted, 15),
    evaluateRelation(luminosity, 15) + Math.log10(0.8),
    1e-12,
  );
  assertAlmostEquals(tilted.slope, 1.3 * luminosity.slope, 1e-12);
});

Deno.test("a survey out of range is refused by field", () => {
  const refused: Partial<Survey>[] = [
    { volumeFraction: 0 },
    { volumeFraction: NaN },
    { redshift: -0.1 },
    { logMassMin: 13.5 },
    { logMassMin: 16 },
    { logMassBreak: Infinity },
    { slope: -1 },
    { slopePivot: 0 },
    { smoothing: -0.076 },
  ];
  for (const change of refused) {
    const error = assertThrows(() => checkSurvey({ ...STANDARD_SURVEY, ...change }), RangeError);
    const [name, value] = Object.entries(change)[0]!;
    assertStringIncludes(error.message, `${name} is ${value}`);
  }
  for (const survey of [STANDARD_SURVEY, HIGH_PIVOT_SURVEY, SMALLER_SURVEY, LARGER_SURVEY]) {
    checkSurvey(survey);
  }
});

Deno.test("a survey without clusters is refused when catalogs are prepared", () => {
  const survey = { ...STANDARD_SURVEY, logMassMin: 15.5 };
  const error = assertThrows(() => prepareCatalogs(BASE, { ...STANDARD_PLAN, survey }), RangeError);
  assertStringIncludes(error.message, "should hold at least 1");
});

Deno.test("a catalog that comes out empty is refused, with the number that was expected", () => {
  const survey = { ...STANDARD_SURVEY, volumeFraction: 0.01 };
  const maker = prepareCatalogs(BASE, { ...STANDARD_PLAN, survey });
  let empty = 0;
  for (let i = 0; i < 60; i++) {
    try {
      assertGreater(drawCatalog(maker, FIDUCIAL, RANDOM.fork("small", i)).clusters.count, 0);
    } catch (error) {
      assert(error instanceof RangeError);
      assertStringIncludes(error.message, "came out empty, with 1.5 clusters expected");
      empty++;
    }
  }
  assertGreater(empty, 3); // exp(-1.5) of 60 is 13
  assertLess(empty, 30);
});

Deno.test("an empty base sample is refused", () => {
  const clusters = { ...BASE.clusters, count: 0 };
  assertThrows(
    () => prepareCatalogs({ ...BASE, clusters }, STANDARD_PLAN),
    RangeError,
    "0 clusters",
  );
});

// The abundance

/** n(M) per dex in the survey's half box. */
function density(sigma8: number, logMass: number): number {
  const { dndlnM } = computeMassFunction({
    cosmology: { ...BASE.cosmology, sigma8 },
    fit: "tinker08",
    definition: "500c",
    redshift: 0.07,
  }, [logMass]);
  return dndlnM[0]! * Math.LN10 * 0.5 * 352 ** 3;
}

Deno.test("the expected counts are the volume times the mass function times Eq. 1", () => {
  for (const sigma8 of [0.7, 0.81, 0.92]) {
    const parameters = { ...FIDUCIAL, sigma8, luminosityBias: 1.2, luminositySlopeFactor: 0.9 };
    const counts = expectedCounts(MAKER, parameters);
    const logMassBreak = breakLogMass(STANDARD_SURVEY, BASE.relations.luminosity, parameters);
    for (const index of [0, 40, 90, 140]) {
      const logMass = 13.6 + (index + 0.5) * MASS_BIN;
      const expected = density(sigma8, logMass) * MASS_BIN *
        selectionFunction(STANDARD_SURVEY, logMassBreak, logMass);
      assertAlmostEquals(counts[index]! / expected, 1, 1e-9);
    }
  }
});

Deno.test("a sigma8 between grid points gives counts between theirs", () => {
  const total = (sigma8: number) => sum(expectedCounts(MAKER, { ...FIDUCIAL, sigma8 }));
  assertLess(total(0.8), total(0.805));
  assertLess(total(0.805), total(0.81));
  assertAlmostEquals(total(0.805), (total(0.8) + total(0.81)) / 2, 0.1);
});

Deno.test("smoothing multiplies a power law by the closed form, right down to the survey's limit", () => {
  const survey = { ...SMALLER_SURVEY, slope: 2.4 };
  const bins = massBins(survey);
  const flat = new Float64Array(bins.below + bins.count).fill(1);
  const smoothed = selectCounts(survey, bins, flat, 20); // the break is out of sight
  const factor = Math.exp((2.4 * Math.LN10 * 0.076) ** 2 / 2);
  for (const index of [0, 1, 50, 150]) {
    const sharp = 10 ** (2.4 * (binCenter(bins, index) - 20));
    assertAlmostEquals(smoothed[index]! / sharp, factor, 1e-4);
  }
});

Deno.test("smoothing lowers the peak at the break and hardly changes the number of clusters", () => {
  const survey = { ...STANDARD_SURVEY, smoothing: 0.076 };
  const smooth = expectedCounts(prepareCatalogs(BASE, { ...STANDARD_PLAN, survey }), FIDUCIAL);
  const sharp = expectedCounts(MAKER, FIDUCIAL);
  assertEquals(smooth.length, sharp.length);
  assertLess(Math.max(...smooth), 0.93 * Math.max(...sharp));
  assertAlmostEquals(sum(smooth) / sum(sharp), 1, 0.05);
  const steepest = (counts: Float64Array) =>
    Math.max(
      ...counts.map((_, i) =>
        i < 2 ? 0 : Math.abs(counts[i]! - 2 * counts[i - 1]! + counts[i - 2]!)
      ),
    );
  assertLess(steepest(smooth), 0.1 * steepest(sharp));
});

Deno.test("App. A's surveys hold clusters in proportion to their volumes", () => {
  const [smaller, larger] = [SMALLER_SURVEY, LARGER_SURVEY].map((survey) =>
    sum(expectedCounts(prepareCatalogs(BASE, { ...STANDARD_PLAN, survey }), FIDUCIAL))
  );
  assertAlmostEquals(larger! / smaller!, 8 / 3, 1e-12);
});

Deno.test("the number in a mass bin is Poisson, and masses are uniform in the bin", () => {
  const bins = massBins(STANDARD_SURVEY);
  const counts = new Float64Array(bins.count);
  counts[3] = 2.5;
  counts[100] = 40;
  const draws = Array.from(
    { length: 4000 },
    (_, i) => drawMasses(bins, counts, RANDOM.fork("bin", i)),
  );
  const low = draws.map((masses) => masses.filter((m) => m < 14).length);
  const high = draws.map((masses) => masses.filter((m) => m > 14).length);
  for (const [numbers, expected] of [[low, 2.5], [high, 40]] as const) {
    assertAlmostEquals(mean(numbers) / expected, 1, 0.04);
    assertAlmostEquals(standardDeviation(numbers) ** 2 / expected, 1, 0.08);
  }
  const inBin = draws.flatMap((masses) => [...masses.filter((m) => m < 14)]);
  const even = inBin.map((_, i) => 13.63 + (i + 0.5) / inBin.length * MASS_BIN);
  assertGreater(kolmogorovSmirnov(inBin, even).probability, 0.001);
  assertAlmostEquals(correlation(low, high), 0, 0.06);
});

// The catalogs of the design

const ALL_MASSES = Float64Array.from(CATALOGS.flatMap(({ clusters }) => [...clusters.logMass]));

Deno.test("the number of clusters is 79 in the mean, 34 in the scatter, and from about 15 to 194", () => {
  const counts = CATALOGS.map(({ clusters }) => clusters.count);
  assertAlmostEquals(mean(counts), 79, 1.5);
  assertAlmostEquals(standardDeviation(counts), 34, 1);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  assert(least >= 7 && least <= 22, `least N is ${least}`);
  assert(most >= 180 && most <= 215, `most N is ${most}`);
});

Deno.test("the median cluster has 10^14.2 Msun/h, and none lies below the survey's limit", () => {
  assertAlmostEquals(median(ALL_MASSES), 14.2, 0.03);
  assert(ALL_MASSES.every((m) => m >= STANDARD_SURVEY.logMassMin));
});

Deno.test("bocquet16-hydro gives 77 clusters, the higher slope pivot 92, in the mean", () => {
  const average = (plan: CatalogPlan) => {
    const maker = prepareCatalogs(BASE, plan);
    return mean(DESIGN.map((parameters) => sum(expectedCounts(maker, parameters))));
  };
  assertAlmostEquals(average({ ...STANDARD_PLAN, massFunction: "bocquet16-hydro" }), 77, 1.5);
  assertAlmostEquals(average({ ...STANDARD_PLAN, survey: HIGH_PIVOT_SURVEY }), 92, 2.5);
});

Deno.test("every value of every catalog is finite, and the columns have the catalog's length", () => {
  for (const { clusters } of CATALOGS) {
    for (const [name, column] of Object.entries(clusters)) {
      if (typeof column === "number") continue;
      const width = name.endsWith("Profile") ? SHELLS : 1;
      assertEquals(column.length, clusters.count * width);
      assert(column.every(Number.isFinite), name);
    }
  }
});

/** Half-width of the middle 68% of log mass errors by a linear proxy, in percent (Fig. 16). */
function proxyScatter(proxy: (clusters: ObservedClusters) => Float64Array): number {
  const line = fitLine(
    Float64Array.from(CATALOGS.flatMap(({ clusters }) => [...proxy(clusters)])),
    ALL_MASSES,
  );
  const errors = CATALOGS.flatMap(({ clusters }) => {
    const raw = proxy(clusters).map((x, i) => evaluateRelation(line, x) - clusters.logMass[i]!);
    const center = mean(raw);
    return Array.from(raw, (error) => error - center);
  });
  const [low, high] = quantiles(errors, [0.16, 0.84]);
  return 100 * Math.LN10 * (high! - low!) / 2;
}

Deno.test("gas mass is a mass proxy of about 17.9% scatter and Y_X of about 8.2%", () => {
  // Base samples of other seeds give 16.7 to 18.7 and 7.9 to 8.8.
  assertAlmostEquals(proxyScatter((clusters) => clusters.logGasMass), 17.9, 1.5);
  const logYx = (clusters: ObservedClusters) =>
    clusters.logGasMass.map((value, i) => value + clusters.logTemperature[i]!);
  assertAlmostEquals(proxyScatter(logYx), 8.2, 0.8);
});

// The neighbor recipe

const ASCENDING = MAKER.source.base.clusters.logMass;

Deno.test("neighbors are the base clusters within 0.1 dex, or the ten nearest of fewer than five", () => {
  let nearest = 0;
  for (let i = 0; i < 1000; i++) {
    const logMass = 13.5 + 0.002 * i;
    const { first, end } = findNeighbors(ASCENDING, logMass);
    const distances = ASCENDING.map((m) => Math.abs(m - logMass));
    const within = distances.filter((d) => d <= 0.1).length;
    const chosen = distances.subarray(first, end);
    if (within >= 5) {
      assertEquals(end - first, within);
      assert(chosen.every((d) => d <= 0.1));
    } else {
      nearest++;
      assertEquals([...chosen].sort(), [...distances.toSorted().subarray(0, 10)].sort());
    }
  }
  assertGreater(nearest, 50);
});

Deno.test("a base sample of fewer than ten clusters is taken whole where it is sparse", () => {
  assertEquals(findNeighbors(Float64Array.of(13.6, 13.9, 14.5), 15), { first: 0, end: 3 });
  assertEquals(findNeighbors(Float64Array.of(13.6), 13.6), { first: 0, end: 1 });
});

Deno.test("a few percent of mock clusters need the ten nearest, all of them massive", () => {
  const some = ALL_MASSES.filter((_, i) => i % 20 === 0);
  const sparse = some.filter((m) =>
    ASCENDING.filter((other) => Math.abs(other - m) <= 0.1).length < 5
  );
  // It hangs on the few most massive base clusters: 1.0 to 7.4% over 60 base samples, in the mean
  // 3.1%; decisions.md has 1.7%.
  const fraction = sparse.length / some.length;
  assert(fraction > 0.008 && fraction < 0.08, `the fraction is ${fraction}`);
  assertGreater(Math.min(...sparse), 14.4);
});

const BASE_OFFSETS = scalingOffsets(MAKER.source.base.clusters, BASE.relations);

/** The base cluster whose slope profile a mock cluster has. */
function neighborOf(clusters: ObservedClusters, i: number): number {
  const slopes = MAKER.source.base.clusters.gasSlopeProfile;
  const { first, end } = findNeighbors(ASCENDING, clusters.logMass[i]!);
  for (let n = first; n < end; n++) {
    if (
      clusters.gasSlopeProfile.subarray(i * SHELLS, (i + 1) * SHELLS)
        .every((slope, s) => slope === slopes[n * SHELLS + s])
    ) return n;
  }
  throw new Error(`no neighbor of cluster ${i} has its slopes`);
}

Deno.test("a cluster takes all three offsets and the profile from one neighbor, scaled and biased", () => {
  const parameters = DESIGN[3456]!;
  const { clusters } = drawCatalog(MAKER, parameters, RANDOM.fork("one"));
  const luminosity = tiltRelation(
    BASE.relations.luminosity,
    parameters.luminositySlopeFactor,
    parameters.luminosityBias,
    14.4,
  );
  for (let i = 0; i < clusters.count; i++) {
    const n = neighborOf(clusters, i);
    const m = clusters.logMass[i]!;
    assertAlmostEquals(
      clusters.logLuminosity[i]!,
      evaluateRelation(luminosity, m) +
        parameters.luminosityScatterFactor * BASE_OFFSETS.luminosity[n]!,
      1e-12,
    );
    assertAlmostEquals(
      clusters.logTemperature[i]!,
      evaluateRelation(BASE.relations.temperature, m) + Math.log10(parameters.temperatureBias) +
        parameters.temperatureScatterFactor * BASE_OFFSETS.temperature[n]!,
      1e-12,
    );
    assertAlmostEquals(
      clusters.logGasMass[i]!,
      evaluateRelation(BASE.relations.gasMass, m) + Math.log10(parameters.gasMassBias) +
        parameters.gasMassScatterFactor * BASE_OFFSETS.gasMass[n]!,
      1e-12,
    );
  }
});

Deno.test("a profile is the neighbor's, scaled by the ratio of total gas masses", () => {
  const { clusters } = CATALOGS[1234]!;
  const base = MAKER.source.base.clusters;
  for (let i = 0; i < clusters.count; i++) {
    const n = neighborOf(clusters, i);
    const ratio = clusters.logGasMass[i]! - base.logGasMass[n]!;
    let total = 0;
    for (let s = 0; s < SHELLS; s++) {
      const logMass = clusters.logGasMassProfile[i * SHELLS + s]!;
      assertAlmostEquals(logMass, base.logGasMassProfile[n * SHELLS + s]! + ratio, 1e-12);
      total += 10 ** logMass;
    }
    assertAlmostEquals(Math.log10(total), clusters.logGasMass[i]!, 1e-11);
  }
});

Deno.test("without scatter factors clusters lie on the catalog's relations", () => {
  const parameters = {
    ...FIDUCIAL,
    luminosityScatterFactor: 0,
    temperatureScatterFactor: 0,
    gasMassScatterFactor: 0,
    gasMassBias: 1.3,
  };
  const { clusters } = drawCatalog(MAKER, parameters, RANDOM.fork("tight"));
  const line = fitLine(clusters.logMass, clusters.logGasMass);
  assertAlmostEquals(line.scatter, 0, 1e-12);
  assertAlmostEquals(
    evaluateRelation(line, 14.4),
    evaluateRelation(BASE.relations.gasMass, 14.4) + Math.log10(1.3),
    1e-11,
  );
});

Deno.test("mock clusters are not copies: equal offsets come with different masses", () => {
  const pairs = new Set(
    CATALOGS.slice(0, 500).flatMap(({ clusters }) =>
      Array.from(clusters.logMass, (m, i) => `${m},${clusters.logTemperature[i]}`)
    ),
  );
  const count = CATALOGS.slice(0, 500).reduce((n, { clusters }) => n + clusters.count, 0);
  assertEquals(pairs.size, count);
});

// Weak lensing

Deno.test("weak lensing masses scatter in ln M by the catalog's value, unbiased (Eq. 2)", () => {
  const pulls = CATALOGS.slice(0, 1000).flatMap(({ clusters, parameters }) =>
    Array.from(
      clusters.logWeakLensingMass,
      (m, i) => (m - clusters.logMass[i]!) * Math.LN10 / parameters.weakLensingScatter,
    )
  );
  assertAlmostEquals(mean(pulls), 0, 0.02);
  assertAlmostEquals(standardDeviation(pulls), 1, 0.015);
  assertAlmostEquals(scatterInDex(0.3), 0.1303, 1e-4);
});

Deno.test("weak lensing errors know nothing of the X-ray offsets", () => {
  const { clusters } = drawCatalog(
    prepareCatalogs(BASE, { ...STANDARD_PLAN, survey: { ...STANDARD_SURVEY, volumeFraction: 50 } }),
    FIDUCIAL,
    RANDOM.fork("large"),
  );
  assertGreater(clusters.count, 5000);
  const errors = clusters.logWeakLensingMass.map((m, i) => m - clusters.logMass[i]!);
  const offsets = scalingOffsets(clusters, BASE.relations);
  for (const values of Object.values(offsets)) {
    assertAlmostEquals(correlation(errors, values), 0, 0.05);
  }
  assertAlmostEquals(correlation(offsets.temperature, offsets.gasMass), -0.95, 0.03);
});

// The prescriptive recipe

const PRESCRIPTIVE = prepareCatalogs(BASE, { ...STANDARD_PLAN, recipe: "prescriptive" });

Deno.test("the prescriptive recipe shows base clusters themselves, scaled by a power of sigma8", () => {
  const base = MAKER.source.base.clusters;
  const parameters = { ...FIDUCIAL, sigma8: 0.9, temperatureBias: 1.3, gasMassScatterFactor: 1.3 };
  const { clusters } = drawCatalog(PRESCRIPTIVE, parameters, RANDOM.fork("prescribed"));
  const growth = Math.log10(0.9 / BASE.cosmology.sigma8);
  for (let i = 0; i < clusters.count; i++) {
    const n = base.logMass.indexOf(clusters.logMass[i]!);
    assert(n >= 0);
    assertAlmostEquals(clusters.logLuminosity[i]!, base.logLuminosity[n]! + 0.2 * growth, 1e-12);
    assertAlmostEquals(clusters.logTemperature[i]!, base.logTemperature[n]! + 0.1 * growth, 1e-12);
    assertAlmostEquals(clusters.logGasMass[i]!, base.logGasMass[n]! - 0.1 * growth, 1e-12);
    assertAlmostEquals(
      clusters.logGasMassProfile[i * SHELLS + 4]!,
      base.logGasMassProfile[n * SHELLS + 4]! - 0.1 * growth,
      1e-12,
    );
  }
});

Deno.test("prescriptive catalogs are scaled by the plan's exponents, and Y_X has none by default", () => {
  assertEquals(STANDARD_EXPONENTS, { luminosity: 0.2, temperature: 0.1, gasMass: -0.1 });
  const none = { luminosity: 0, temperature: 0, gasMass: 0 };
  const plan: CatalogPlan = { ...STANDARD_PLAN, recipe: "prescriptive", exponents: none };
  const maker = prepareCatalogs(BASE, plan);
  const parameters = { ...FIDUCIAL, sigma8: 0.75 };
  const plain = drawCatalog(maker, parameters, RANDOM).clusters;
  const scaled = drawCatalog(PRESCRIPTIVE, parameters, RANDOM).clusters;
  assertEquals(plain.logMass, scaled.logMass);
  assertNotEquals(plain.logTemperature, scaled.logTemperature);
  for (let i = 0; i < plain.count; i++) {
    const logYx = (clusters: ObservedClusters) =>
      clusters.logTemperature[i]! + clusters.logGasMass[i]!;
    assertAlmostEquals(logYx(plain), logYx(scaled), 1e-12);
  }
});

Deno.test("both recipes have the abundance of section 2.2.1", () => {
  for (const i of [0, 2000, 4967]) {
    const prescribed = drawCatalog(PRESCRIPTIVE, DESIGN[i]!, RANDOM.fork("catalog", i));
    assertEquals(prescribed.clusters.count, CATALOGS[i]!.clusters.count);
    for (const [j, m] of CATALOGS[i]!.clusters.logMass.entries()) {
      const n = findClosest(ASCENDING, m);
      assertEquals(prescribed.clusters.logMass[j], ASCENDING[n]);
      assert(ASCENDING.every((other) => Math.abs(other - m) >= Math.abs(ASCENDING[n]! - m)));
    }
  }
});

Deno.test("every recipe keeps shell masses summing to the total and fills every column", () => {
  for (const [name, recipe] of Object.entries(RECIPES)) {
    const masses = Float64Array.of(13.61, 14.2, 15.3);
    const table = recipe(MAKER.source, masses, DESIGN[77]!, RANDOM.fork(name));
    assertEquals(table.count, 3);
    for (let i = 0; i < 3; i++) {
      const shells = table.logGasMassProfile.subarray(i * SHELLS, (i + 1) * SHELLS);
      const total = shells.reduce((mass, logMass) => mass + 10 ** logMass, 0);
      assertAlmostEquals(Math.log10(total), table.logGasMass[i]!, 1e-11);
    }
  }
});

// The same bits, wherever a catalog is drawn

Deno.test("a catalog is the same bits alone, among all, and in reverse order", () => {
  for (const i of [0, 17, 4967]) {
    assertEquals(drawCatalog(MAKER, DESIGN[i]!, RANDOM.fork("catalog", i)), CATALOGS[i]);
  }
  for (let i = 40; i >= 0; i--) {
    assertEquals(drawCatalog(MAKER, DESIGN[i]!, RANDOM.fork("catalog", i)), CATALOGS[i]);
  }
});

Deno.test("drawing a catalog leaves the stream that it is given as it was", () => {
  const stream = RANDOM.fork("catalog", 5);
  const before = stream.state;
  drawCatalog(MAKER, DESIGN[5]!, stream);
  assertEquals(stream.state, before);
});

Deno.test("a sigma8 off the maker's grid gives the same catalog as one on it", () => {
  const other = prepareCatalogs(BASE, {
    ...STANDARD_PLAN,
    priors: { ...STANDARD_PRIORS, sigma8: { min: 0.5, max: 0.6, step: 0.1 } },
  });
  assertEquals(drawCatalog(other, DESIGN[99]!, RANDOM.fork("catalog", 99)), CATALOGS[99]);
});

/** Draws catalogs in a worker that gets the maker by structured clone. */
function drawInWorker(maker: CatalogMaker, indices: readonly number[]): Promise<Catalog[]> {
  const source = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const code = `
    import { drawCatalog } from ${source("../src/catalogs/catalog.ts")};
    import { Random } from ${source("../src/numerics/random.ts")};
    self.onmessage = ({ data: { maker, parameters, indices, state } }) => {
      const random = new Random(state);
      self.postMessage(indices.map((index, i) =>
        drawCatalog(maker, parameters[i], random.fork("catalog", index))
      ));
    };`;
  const url = URL.createObjectURL(new Blob([code], { type: "application/javascript" }));
  const worker = new Worker(url, { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<Catalog[]>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => reject(new Error(event.message));
  const parameters = indices.map((i) => DESIGN[i]!);
  worker.postMessage({ maker, parameters, indices, state: RANDOM.state });
  return promise.finally(() => {
    worker.terminate();
    URL.revokeObjectURL(url);
  });
}

Deno.test("a worker that is sent the maker draws the same bits", async () => {
  const indices = [4000, 3, 77];
  const drawn = await drawInWorker(MAKER, indices);
  assertEquals(drawn, indices.map((i) => CATALOGS[i]!));
});
