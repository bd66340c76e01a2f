/** Clusters: the base sample, its scaling relations and gas profiles, and the simulation's table. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import {
  BASE_COUNT,
  BASE_LOG_MASS_MIN,
  type BaseSample,
  drawBaseSample,
} from "../src/clusters/base_sample.ts";
import { selectClusters, SHELL_EDGES, SHELLS } from "../src/clusters/cluster_table.ts";
import {
  CORE_SLOPE,
  drawGasProfiles,
  type GasDensity,
  integrateGasDensity,
  MEAN_GAS_DENSITY,
  OUTER_SLOPE,
} from "../src/clusters/gas_profile.ts";
import {
  evaluateRelation,
  fitScalingRelations,
  scalingOffsets,
  type ScalingRelations,
} from "../src/clusters/scaling_relation.ts";
import { OFFSET_CORRELATIONS, TABLE_2 } from "../src/clusters/stand_ins.ts";
import { MAGNETICUM } from "../src/cosmology/cosmology.ts";
import { computeMassFunction } from "../src/cosmology/mass_function.ts";
import { createRandom } from "../src/numerics/random.ts";
import { correlation, histogram, mean, standardDeviation } from "../src/numerics/statistics.ts";

const SEED = 20240101;
const BASE: BaseSample = drawBaseSample(createRandom(SEED));
const OBSERVABLES = ["luminosity", "temperature", "gasMass"] as const;

Deno.test("the base sample has the simulation's 1165 clusters, all above its mass limit", () => {
  const { clusters } = BASE;
  assertEquals(clusters.count, BASE_COUNT);
  assertEquals(clusters.logMass.length, 1165);
  assertEquals(clusters.gasSlopeProfile.length, 1165 * SHELLS);
  assert(clusters.logMass.every((m) => m >= BASE_LOG_MASS_MIN));
  for (const column of Object.values(clusters)) {
    if (typeof column !== "number") assert(column.every(Number.isFinite));
  }
});

/** Relative number of clusters between two masses by the Tinker function, midpoints 0.001 dex apart. */
function integrateMassFunction(low: number, high: number): number {
  const nodes = Math.round((high - low) / 0.001);
  const { dndlnM } = computeMassFunction(
    { cosmology: MAGNETICUM, fit: "tinker08", definition: "500c", redshift: 0.07 },
    Array.from({ length: nodes }, (_, i) => low + (i + 0.5) * 0.001),
  );
  return dndlnM.reduce((sum, n) => sum + n, 0);
}

Deno.test("base masses follow the Tinker function at 500c, given their number", () => {
  const edges = [13.58, 13.68, 13.78, 13.88, 13.98, 14.13, 14.33, 14.58, 15.8];
  const observed = histogram(BASE.clusters.logMass, edges);
  const expected = edges.slice(1).map((edge, b) => integrateMassFunction(edges[b]!, edge));
  const scale = BASE_COUNT / expected.reduce((sum, n) => sum + n, 0);
  const chiSquared = expected.reduce(
    (sum, n, b) => sum + (observed[b]! - n * scale) ** 2 / (n * scale),
    0,
  );
  assertLess(chiSquared, 24.3); // 7 degrees of freedom: one sample in 1000 is above
});

Deno.test("the fitted relations are Table 2's within the sampling error", () => {
  const spread = standardDeviation(BASE.clusters.logMass);
  const center = mean(BASE.clusters.logMass);
  for (const name of OBSERVABLES) {
    const fitted = BASE.relations[name];
    const table = TABLE_2[name];
    const error = table.scatter / Math.sqrt(BASE_COUNT);
    assertAlmostEquals(fitted.slope, table.slope, 3.5 * error / spread);
    assertAlmostEquals(
      evaluateRelation(fitted, center),
      evaluateRelation(table, center),
      3.5 * error,
    );
    assertAlmostEquals(fitted.scatter, table.scatter, 3.5 * error / Math.SQRT2);
  }
});

Deno.test("Table 2 gives a rich cluster's luminosity, temperature and gas mass at 10^14.4", () => {
  assertAlmostEquals(10 ** evaluateRelation(TABLE_2.luminosity, 14.4), 1.76, 0.005);
  assertAlmostEquals(10 ** evaluateRelation(TABLE_2.temperature, 14.4), 3.42, 0.005);
  assertAlmostEquals(10 ** evaluateRelation(TABLE_2.gasMass, 14.4) / 1e13, 2.42, 0.005);
});

Deno.test("offsets correlate as stated: hot clusters are poor in gas, bright ones rich", () => {
  const offsets = scalingOffsets(BASE.clusters, BASE.relations);
  const pairs = [
    ["luminosity", "temperature", OFFSET_CORRELATIONS.luminosityTemperature],
    ["luminosity", "gasMass", OFFSET_CORRELATIONS.luminosityGasMass],
    ["temperature", "gasMass", OFFSET_CORRELATIONS.temperatureGasMass],
  ] as const;
  for (const [a, b, r] of pairs) {
    const error = (1 - r * r) / Math.sqrt(BASE_COUNT);
    assertAlmostEquals(correlation(offsets[a], offsets[b]), r, 3.5 * error);
  }
});

Deno.test("a base sample is the same for the same seed and another for another", () => {
  assertEquals(drawBaseSample(createRandom(SEED)), BASE);
  assertNotEquals(drawBaseSample(createRandom(SEED + 1)).clusters.logMass, BASE.clusters.logMass);
});

Deno.test("clusters on a power law are fitted by it without scatter, and have no offsets", () => {
  const logMass = Float64Array.of(13.6, 14, 14.1, 15);
  const relations: ScalingRelations = {
    luminosity: { slope: 1.5, intercept: -21, scatter: 0 },
    temperature: { slope: 0.5, intercept: -6, scatter: 0 },
    gasMass: { slope: 1.25, intercept: -4, scatter: 0 },
  };
  const clusters = {
    ...selectClusters(BASE.clusters, [0, 1, 2, 3]),
    logMass,
    logLuminosity: logMass.map((m) => evaluateRelation(relations.luminosity, m)),
    logTemperature: logMass.map((m) => evaluateRelation(relations.temperature, m)),
    logGasMass: logMass.map((m) => evaluateRelation(relations.gasMass, m)),
  };
  const fitted = fitScalingRelations(clusters);
  const offsets = scalingOffsets(clusters, relations);
  for (const name of OBSERVABLES) {
    assertAlmostEquals(fitted[name].slope, relations[name].slope, 1e-12);
    assertAlmostEquals(fitted[name].intercept, relations[name].intercept, 1e-10);
    assertAlmostEquals(fitted[name].scatter, 0, 1e-12);
    assert(offsets[name].every((offset) => offset === 0));
  }
});

Deno.test("offsets from the fitted relations have no mean and no trend with mass", () => {
  const offsets = scalingOffsets(BASE.clusters, BASE.relations);
  for (const name of OBSERVABLES) {
    assertAlmostEquals(mean(offsets[name]), 0, 1e-12);
    assertAlmostEquals(correlation(offsets[name], BASE.clusters.logMass), 0, 1e-10);
  }
});

Deno.test("relations cannot be fitted to two clusters or to equal masses", () => {
  const two = selectClusters(BASE.clusters, [0, 1]);
  assertThrows(() => fitScalingRelations(two), RangeError, "2 clusters");
  const equal = selectClusters(BASE.clusters, [5, 5, 5]);
  assertThrows(() => fitScalingRelations(equal), RangeError, "all masses are equal");
});

Deno.test("selected clusters keep their profiles", () => {
  const picked = selectClusters(BASE.clusters, [7, 3]);
  assertEquals(picked.logMass[1], BASE.clusters.logMass[3]);
  assertEquals(
    [...picked.gasSlopeProfile.subarray(SHELLS)],
    [...BASE.clusters.gasSlopeProfile.subarray(3 * SHELLS, 4 * SHELLS)],
  );
});

Deno.test("shells are log-spaced to R500 and have 0.67 and 0.13 R500 among their edges", () => {
  assertEquals(SHELL_EDGES.length, 7);
  assertEquals(SHELL_EDGES[6], 1);
  assertAlmostEquals(SHELL_EDGES[5]!, 0.67, 0.004);
  assertAlmostEquals(SHELL_EDGES[1]!, 0.13, 0.004);
  for (let s = 1; s < 7; s++) assertAlmostEquals(SHELL_EDGES[s]! / SHELL_EDGES[s - 1]!, 1.5, 1e-12);
});

Deno.test("a power law's shell masses and slopes are the closed form", () => {
  for (const slope of [-2, -1.3, -0.5, 0]) {
    const density: GasDensity = { lnDensity: (x) => slope * Math.log(x), slope: () => slope };
    const { logGasMassProfile, gasSlopeProfile } = integrateGasDensity(density, 13);
    let inner = 0;
    for (const [s, x] of SHELL_EDGES.entries()) {
      const enclosed = x ** (3 + slope);
      assertAlmostEquals(logGasMassProfile[s]!, 13 + Math.log10(enclosed - inner), 1e-6);
      assertEquals(gasSlopeProfile[s], slope);
      inner = enclosed;
    }
  }
});

Deno.test("the mean profile steepens from -0.8 at the core edge to -2.3 at R500", () => {
  const { gasSlopeProfile } = integrateGasDensity(MEAN_GAS_DENSITY, 13);
  assertAlmostEquals(gasSlopeProfile[0]!, CORE_SLOPE, 1e-12);
  assertAlmostEquals(gasSlopeProfile[6]!, OUTER_SLOPE, 1e-12);
  assertEquals([CORE_SLOPE, OUTER_SLOPE], [-0.8, -2.3]);
  for (let s = 1; s < 7; s++) assertLess(gasSlopeProfile[s]!, gasSlopeProfile[s - 1]!);
});

Deno.test("the mean profile's slope is the derivative of its density", () => {
  for (const x of [0.03, 0.1, 0.4, 1]) {
    const h = 1e-5;
    const rise = MEAN_GAS_DENSITY.lnDensity(x * Math.exp(h)) -
      MEAN_GAS_DENSITY.lnDensity(x * Math.exp(-h));
    assertAlmostEquals(MEAN_GAS_DENSITY.slope(x), rise / (2 * h), 1e-7);
  }
});

const PROFILE_COUNT = 4000;
const PROFILES = drawGasProfiles(new Float64Array(PROFILE_COUNT).fill(13), createRandom(SEED));
const column = (profile: Float64Array, shell: number) =>
  Float64Array.from({ length: PROFILE_COUNT }, (_, i) => profile[i * SHELLS + shell]!);

Deno.test("shell masses of every cluster sum to its gas mass", () => {
  const { clusters } = BASE;
  for (let i = 0; i < clusters.count; i++) {
    const shells = clusters.logGasMassProfile.subarray(i * SHELLS, (i + 1) * SHELLS);
    const total = shells.reduce((sum, logMass) => sum + 10 ** logMass, 0);
    assertAlmostEquals(Math.log10(total), clusters.logGasMass[i]!, 1e-12);
  }
});

Deno.test("shell masses scatter by 0.19 dex in the core and 0.02 in the shell to 0.67 R500", () => {
  const scatter = (shell: number) => standardDeviation(column(PROFILES.logGasMassProfile, shell));
  assertAlmostEquals(scatter(0), 0.19, 0.01);
  assertAlmostEquals(scatter(5), 0.02, 0.002);
  for (let s = 1; s <= 4; s++) assertLess(scatter(s), scatter(s - 1));
});

Deno.test("neighboring shells depart together, distant ones less so", () => {
  const r = (a: number, b: number) =>
    correlation(column(PROFILES.logGasMassProfile, a), column(PROFILES.logGasMassProfile, b));
  assertGreater(r(0, 1), 0.9);
  assertGreater(r(1, 2), 0.9);
  assertGreater(r(0, 1), r(0, 2));
  assertGreater(r(0, 2), r(0, 3));
});

Deno.test("drawn slopes scatter about the mean profile's, most in the core, and agree with the shells", () => {
  const expected = integrateGasDensity(MEAN_GAS_DENSITY, 13).gasSlopeProfile;
  for (let s = 0; s < SHELLS; s++) {
    assertAlmostEquals(mean(column(PROFILES.gasSlopeProfile, s)), expected[s]!, 0.02);
  }
  const scatter = (shell: number) => standardDeviation(column(PROFILES.gasSlopeProfile, shell));
  assertGreater(scatter(0), 4 * scatter(5));
  // Mean densities of two shells tell the slope at the edge between them to the profile's curvature.
  const volume = (s: number) => SHELL_EDGES[s]! ** 3 - (s === 0 ? 0 : SHELL_EDGES[s - 1]! ** 3);
  const edge = 2;
  const fromShells = Float64Array.from({ length: PROFILE_COUNT }, (_, i) => {
    const logDensity = (s: number) =>
      PROFILES.logGasMassProfile[i * SHELLS + s]! - Math.log10(volume(s));
    return (logDensity(edge + 1) - logDensity(edge)) / Math.log10(1.5);
  });
  assertGreater(correlation(fromShells, column(PROFILES.gasSlopeProfile, edge)), 0.99);
  assertAlmostEquals(mean(fromShells), expected[edge]!, 0.05);
});
