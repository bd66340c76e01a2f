/**
 * Self-calibration (section 5.2.1, Figs. 13-14; App. A, Fig. 18) on catalogs whose sigma8 is known.
 */
import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import type { CatalogSummaries } from "../src/interpretation/mod.ts";
import { calibrateByCounts, createRandom, drawBaseSample, prepareCatalogs } from "../mod.ts";
import {
  breakLogMass,
  drawCatalogs,
  drawParameters,
  LARGER_SURVEY,
  SMALLER_SURVEY,
  STANDARD_PRIORS,
  STANDARD_SURVEY,
} from "../src/catalogs/mod.ts";
import { compareTransitions, summarizeCatalogs } from "../src/interpretation/mod.ts";
import {
  selfCalibrationColumns,
  selfCalibrationHeadlines,
} from "../src/interpretation/self_calibration.ts";
import { transitionColumns } from "../src/interpretation/transition_proxies.ts";
import { makeCatalog } from "./interpretation_catalogs.ts";

/** [N_cluster, median log Y_X, sigma8] of each catalog. */
function summarize(rows: readonly (readonly [number, number, number])[]): CatalogSummaries {
  return {
    count: rows.length,
    clusterCount: Float64Array.from(rows, ([count]) => count),
    medianLogYx: Float64Array.from(rows, ([, logYx]) => logYx),
    medianLogLuminosity: new Float64Array(rows.length),
    sigma8: Float64Array.from(rows, ([, , sigma8]) => sigma8),
  };
}

Deno.test("catalogs are summarized by their number of clusters and their medians", () => {
  const catalog = makeCatalog([
    { logMass: 14, logLuminosity: -1, logTemperature: 0.5, logGasMass: 13 },
    { logMass: 14.5, logLuminosity: 0, logTemperature: 0.25, logGasMass: 13.5 },
    { logMass: 15, logLuminosity: 2, logTemperature: 0.75, logGasMass: 14 },
  ], { sigma8: 0.74 });
  const summaries = summarizeCatalogs([catalog]);
  assertEquals([...summaries.clusterCount], [3]);
  assertEquals([...summaries.medianLogYx], [13.75]); // of 13.5, 13.75 and 14.75
  assertEquals([...summaries.medianLogLuminosity], [0]);
  assertEquals([...summaries.sigma8], [0.74]);
});

/** Four bins with 3, 3, 4 and 1 catalogs. */
const PLANE = summarize([
  [20, 13.1, 0.70],
  [25, 13.2, 0.72],
  [29, 13.1, 0.74],
  [20, 13.8, 0.80],
  [25, 13.9, 0.81],
  [29, 13.9, 0.82],
  [90, 13.8, 0.90],
  [95, 13.9, 0.90],
  [99, 13.8, 0.92],
  [99, 13.9, 0.92],
  [100, 13.0, 0.80],
]);

Deno.test("a bin has the mean and the scatter of sigma8 of its catalogs, or is left out", () => {
  const plane = calibrateByCounts(PLANE, { bins: 2, fewest: 3 });
  assertEquals([...plane.countEdges], [20, 60, 100]);
  assertEquals([...plane.logYxEdges], [13, 13.45, 13.9]);
  assertEquals([plane.catalogs, plane.sparse], [11, 1]);
  assertEquals(
    plane.cells.map(({ countFrom, logYxFrom, catalogs }) => [countFrom, logYxFrom, catalogs]),
    [
      [20, 13, 3],
      [20, 13.45, 3],
      [60, 13.45, 4],
    ],
  );
  const [low, middle, high] = plane.cells;
  assertAlmostEquals(low!.mean, 0.72, 1e-12);
  assertAlmostEquals(low!.scatter, 0.02, 1e-12);
  assertAlmostEquals(middle!.scatter, 0.01, 1e-12);
  assertAlmostEquals(high!.mean, 0.91, 1e-12);
  assertAlmostEquals(high!.scatter, Math.sqrt(4e-4 / 3), 1e-12);
});

Deno.test("the scatter in a bin is pooled with the bins' counts", () => {
  const { scatter } = calibrateByCounts(PLANE, { bins: 2, fewest: 3 });
  assertAlmostEquals(scatter!, Math.sqrt((2 * 4e-4 + 2 * 1e-4 + 3 * 4e-4 / 3) / 7), 1e-12);
});

Deno.test("the regions are the fullest bins below and above the mean sigma8", () => {
  const { regions } = calibrateByCounts(PLANE, { bins: 2, fewest: 3 });
  assertEquals(regions.map(({ name, catalogs }) => [name, catalogs]), [["A", 3], ["B", 4]]);
  assertEquals([...regions[0]!.sigma8], [0.70, 0.72, 0.74]);
});

Deno.test("a plane without a full bin has gaps and no scatter", () => {
  const plane = calibrateByCounts(PLANE, { bins: 2, fewest: 5 });
  assertEquals([plane.cells.length, plane.regions.length, plane.sparse], [0, 0, 11]);
  assertEquals(plane.scatter, null);
  assertEquals(selfCalibrationHeadlines(plane)["scatter in A"], null);
  assertEquals(selfCalibrationColumns(plane)["cells"]!["mean"]!.length, 0);
});

Deno.test("self-calibration refuses a single catalog, and bins that one catalog can fill", () => {
  assertThrows(
    () => calibrateByCounts(summarize([[20, 13, 0.8]])),
    RangeError,
    "there is 1 catalog,",
  );
  assertThrows(() => calibrateByCounts(PLANE, { fewest: 1 }), RangeError, "fewest 1");
  assertThrows(() => calibrateByCounts(PLANE, { bins: 0 }), RangeError, "bins is 0");
});

Deno.test("the two sets of Fig. 13 have the lowest and highest transitions and mean densities", () => {
  // Sixteen catalogs: the lowest two transitions have Y_X 13 and 13.2, the highest two 14 and 14.2.
  const catalogs = Array.from({ length: 16 }, (_, c) => {
    const logYx = c < 2 ? 13.01 + 0.2 * c : c >= 14 ? 14.01 + 0.2 * (c - 14) : 13.5;
    const cluster = { logMass: 14, logTemperature: 0, logGasMass: logYx, logLuminosity: -c };
    return makeCatalog(c === 0 ? [cluster] : [cluster, cluster, cluster], {
      luminosityBias: 0.8 + c / 20,
    });
  });
  const proxies = compareTransitions(catalogs, ({ luminosityBias }) => 14 + luminosityBias);
  const [low, high] = proxies.sets;
  assertEquals([low!.name, low!.count, high!.name, high!.count], ["low", 2, "high", 2]);
  assertAlmostEquals(low!.transition, 14.825, 1e-12);
  assertAlmostEquals(high!.transition, 15.525, 1e-12);
  assertAlmostEquals(low!.logYx.median, 13.21, 1e-12); // three clusters of four
  // A catalog counts once, however many clusters: both peaks are 1 / (2 x 0.05 dex).
  const peaks = [...low!.logYx.density].filter((density) => density > 0);
  assertEquals(peaks.length, 2);
  peaks.forEach((density) => assertAlmostEquals(density, 10, 1e-9));
  assertAlmostEquals(proxies.medianLuminosityCorrelation!, -1, 1e-12);
  const { logYx } = transitionColumns(proxies);
  assertEquals(logYx!["density_low"]!.length, logYx!["logYx"]!.length);
});

const RANDOM = createRandom(4);
const BASE = drawBaseSample(RANDOM.fork("base sample"));

for (
  const [name, survey, clusters] of [
    ["Standard", STANDARD_SURVEY, [70, 90]],
    ["smaller", SMALLER_SURVEY, [40, 60]],
    ["larger", LARGER_SURVEY, [110, 150]],
  ] as const
) {
  Deno.test(`number of clusters and median Y_X calibrate the ${name} survey to about 0.03`, () => {
    const maker = prepareCatalogs(BASE, {
      survey,
      priors: STANDARD_PRIORS,
      massFunction: "tinker08",
      recipe: "neighbor",
    });
    const catalogs = drawCatalogs(maker, drawParameters(STANDARD_PRIORS, 1000, RANDOM), RANDOM);
    const summaries = summarizeCatalogs(catalogs);
    const mean = summaries.clusterCount.reduce((a, b) => a + b) / 1000;
    assertGreater(mean, clusters[0]);
    assertLess(mean, clusters[1]);
    const { scatter, priorScatter, regions } = calibrateByCounts(summaries);
    assertAlmostEquals(priorScatter, 0.0663, 0.004);
    assertLess(scatter!, 0.035); // the paper's "~ 0.03"; prototype 0.027
    assertGreater(scatter!, 0.018); // not below the information limit
    assertEquals(regions.map(({ name }) => name), ["A", "B"]);
    const { medianYxCorrelation } = compareTransitions(
      catalogs,
      (parameters) => breakLogMass(survey, BASE.relations.luminosity, parameters),
    );
    // The median follows the transition, through biases of T and M_gas and a varied mass function.
    assertGreater(medianYxCorrelation!, 0.12); // 0.22 to 0.25 over the design; error 0.03
  });
}
