/**
 * The terse layer and its mass proxies (section 5.3, Figs. 15-16), and the spread over seeds.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import type { Catalog } from "../mod.ts";
import type { TerseTable } from "../src/interpretation/mod.ts";
import { createRandom, describeTerseLayer } from "../mod.ts";
import {
  correlateAtFixed,
  fitMassProxies,
  fitOptimalProxy,
  joinClusters,
  summarizeSeeds,
  tabulateTerse,
} from "../src/interpretation/mod.ts";
import { terseLayerColumns, terseLayerHeadlines } from "../src/interpretation/terse_layer.ts";
import { correlation, quantiles } from "../src/numerics/mod.ts";
import {
  encodeFirstPixel,
  makeCatalog,
  makeFeatures,
  makeModel,
} from "./interpretation_catalogs.ts";

/** A terse table with terse values made from its clusters. */
function tabulate(
  catalogs: readonly Catalog[],
  terse: (table: Omit<TerseTable, "terse">, i: number) => number,
): TerseTable {
  const table = joinClusters(makeFeatures(catalogs), catalogs);
  return { ...table, terse: Float64Array.from({ length: table.count }, (_, i) => terse(table, i)) };
}

/** Catalogs whose masses rise a little with sigma8, as the mass function makes them. */
function drawCatalogs(count: number, clusters: number, seed = 3): Catalog[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, c) => {
    const sigma8 = 0.7 + 0.22 * c / (count - 1);
    return makeCatalog(
      Array.from({ length: clusters }, () => ({
        logMass: 14.2 + 0.25 * random.normal() + 0.5 * (sigma8 - 0.81),
        logTemperature: random.normal(),
      })),
      { sigma8 },
    );
  });
}

Deno.test("the table joins a terse value to the cluster of its row", async () => {
  const catalogs = [
    makeCatalog([
      { logMass: 14.5, logLuminosity: 2, logTemperature: 0.5, logGasMass: 13.25 },
      { logMass: 14.1, logLuminosity: 1, logTemperature: 0.25, logWeakLensingMass: 14 },
    ], { sigma8: 0.7 }),
    makeCatalog([{ logMass: 14.9, logTemperature: 0.75 }], { sigma8: 0.9 }),
  ];
  const model = makeModel({ encode: encodeFirstPixel });
  const table = await tabulateTerse(model, makeFeatures(catalogs), catalogs);
  assertEquals([...table.terse], [0.25, 0.5, 0.75]);
  assertEquals([...table.logMass], [14.1, 14.5, 14.9]);
  assertEquals([...table.logWeakLensingMass], [14, 14.5, 14.9]);
  assertEquals(table.logYx[1], 13.75);
  assertEquals([...table.catalog], [0, 0, 1]);
  assertEquals([...table.row], [0, 1, 0]);
  assertEquals([...table.clusterCount], [2, 2, 1]);
  assertEquals([...table.sigma8], [0.7, 0.7, 0.9]);
});

Deno.test("a terse value that is the mass correlates with sigma8 only as the mass does", () => {
  const table = tabulate(drawCatalogs(40, 50), ({ logMass }, i) => 3 - 2 * logMass[i]!);
  const layer = describeTerseLayer(table);
  assertEquals([layer.count, layer.catalogs], [2000, 40]);
  assertAlmostEquals(layer.correlations.logMass!, -1, 1e-12);
  assertAlmostEquals(layer.correlations.sigma8!, -layer.massSigma8!, 1e-12);
  assertGreater(layer.massSigma8!, 0.05);
  assertEquals(layer.partial, null); // nothing of it is left at fixed mass
});

Deno.test("a noisy mass proxy has a partial correlation within its error of none", () => {
  const random = createRandom(8);
  const catalogs = drawCatalogs(60, 60);
  const offsets = catalogs.map(() => 0.1 * random.normal()); // a bias a catalog
  const table = tabulate(
    catalogs,
    ({ logMass, catalog }, i) => logMass[i]! + offsets[catalog[i]!]! + 0.1 * random.normal(),
  );
  const { partial, correlations } = describeTerseLayer(table);
  assertGreater(correlations.sigma8!, 0.05);
  assertLess(Math.abs(partial!.significance), 2.5);
  // Offsets are half of the residual variance, shared by 60 clusters: far above 1 / sqrt(3600).
  assertGreater(partial!.error, 0.05);
  assertLess(partial!.error, 0.15);
});

/** The correlation of x and y at a fixed value of z, from those of the pairs. */
function partialCorrelation(x: number[], y: number[], z: number[]): number {
  const [xy, xz, yz] = [correlation(x, y), correlation(x, z), correlation(y, z)];
  return (xy - xz * yz) / Math.sqrt((1 - xz * xz) * (1 - yz * yz));
}

Deno.test("the correlation at fixed mass is the partial one, and copies of a cluster add no certainty", () => {
  const x = [1, 2, 4, 3, 7, 5];
  const y = [2, 3, 1, 5, 4, 5];
  const given = [1, 0, 2, 2, 1, 3];
  const catalog = [0, 1, 2, 3, 4, 5];
  const found = correlateAtFixed(x, y, given, catalog)!;
  assertAlmostEquals(found.correlation, partialCorrelation(x, y, given), 1e-12);
  assertAlmostEquals(found.significance, found.correlation / found.error, 1e-12);
  const copy = (values: readonly number[]) => values.flatMap((value) => Array(50).fill(value));
  const copied = correlateAtFixed(copy(x), copy(y), copy(given), copy(catalog))!;
  assertAlmostEquals(copied.correlation, found.correlation, 1e-12);
  assertAlmostEquals(copied.error, found.error, 1e-12);
});

Deno.test("the error of the correlation at fixed mass is its scatter over unrelated catalogs", () => {
  const random = createRandom(21);
  const found = Array.from({ length: 300 }, () => {
    const catalog = Array.from({ length: 400 }, (_, i) => Math.floor(i / 10));
    const labels = Array.from({ length: 40 }, () => random.uniform());
    const offsets = Array.from({ length: 40 }, () => random.normal());
    const given = catalog.map(() => random.normal());
    const x = catalog.map((c, i) => given[i]! + offsets[c]! + random.normal());
    return correlateAtFixed(x, catalog.map((c) => labels[c]!), given, catalog)!;
  });
  const [low, high] = quantiles(found.map(({ correlation }) => correlation), [0.16, 0.84]);
  const error = found.reduce((sum, { error }) => sum + error, 0) / found.length;
  assertAlmostEquals((high! - low!) / 2 / error, 1, 0.15); // 300 draws: 6%
});

Deno.test("what catalogs share is taken off the chance and not off the correlation", () => {
  const random = createRandom(22);
  // x = mass + 2 shared + 0.3 label + noise, label uniform: the correlation at fixed mass is known.
  const [shared, noise, pull] = [2, 0.5, 0.3];
  const truth = pull / Math.sqrt(12) / Math.hypot(shared, noise, pull / Math.sqrt(12));
  const found = Array.from({ length: 200 }, () => {
    const catalog = Array.from({ length: 600 }, (_, i) => Math.floor(i / 10));
    const labels = Array.from({ length: 60 }, () => random.uniform());
    const offsets = Array.from({ length: 60 }, () => random.normal());
    const given = catalog.map(() => random.normal());
    const x = catalog.map((c, i) =>
      given[i]! + shared * offsets[c]! + pull * labels[c]! + noise * random.normal()
    );
    const y = catalog.map((c) => labels[c]!);
    return [
      correlateAtFixed(x, y, given, catalog)!,
      correlateAtFixed(x, y, given, catalog, [catalog.map((c) => offsets[c]!)])!,
    ] as const;
  });
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const [plain, controlled] = [0, 1].map((k) => found.map((pair) => pair[k]!));
  for (const some of [plain!, controlled!]) {
    const values = some.map(({ correlation }) => correlation);
    const [low, high] = quantiles(values, [0.16, 0.84]);
    assertAlmostEquals(mean(values), truth, 3 * (high! - low!) / 2 / Math.sqrt(200));
  }
  const [low, high] = quantiles(controlled!.map(({ correlation }) => correlation), [0.16, 0.84]);
  // The correlation itself varies too, so that the error, which is that of none, is a little less.
  assertLess((high! - low!) / 2, 0.25 * mean(plain!.map(({ error }) => error)));
  assertLess(mean(controlled!.map(({ error }) => error)), 0.25 * mean(plain!.map((p) => p.error)));
});

Deno.test("shared factors that do not vary, or follow from each other, change nothing", () => {
  const catalog = [0, 0, 1, 1, 2, 2];
  const [x, y] = [[1, 2, 4, 3, 7, 5], [2, 2, 1, 1, 5, 5]];
  const given = [1, 0, 2, 2, 1, 3];
  const plain = correlateAtFixed(x, y, given, catalog);
  const factor = [1, 1, 3, 3, 2, 2];
  assertEquals(correlateAtFixed(x, y, given, catalog, [factor.map(() => 4)]), plain);
  const twice = [factor, factor.map((value) => 2 * value)];
  assertEquals(correlateAtFixed(x, y, given, catalog, twice), plain);
});

Deno.test("a proxy's scatter is that of its errors once each catalog's mean is removed", () => {
  // Two masses, errors of -2 .. 2 hundredths of a dex at each, and a shift a catalog: the line on
  // the proxy has slope V / (V + E + S), of the variances of mass, errors and shifts.
  const steps = [-0.02, -0.01, 0, 0.01, 0.02];
  const shifts = [-0.3, 0, 0.3];
  const catalogs = shifts.map((shift) =>
    makeCatalog(
      [14, 15].flatMap((logMass) =>
        steps.map((step) => ({ logMass, logGasMass: logMass - 1 + step + shift }))
      ),
    )
  );
  const table = tabulate(catalogs, ({ logMass }, i) => 2 * logMass[i]!);
  const [terse, gas] = fitMassProxies(table);
  const slope = 0.25 / (0.25 + 0.0002 + 0.06);
  assertAlmostEquals(terse!.slope, 0.5, 1e-12);
  assertAlmostEquals(terse!.scatterPercent, 0, 1e-9);
  assertAlmostEquals(gas!.slope, slope, 1e-12);
  const errors = shifts.flatMap(() =>
    [-0.5, 0.5].flatMap((mass) => steps.map((step) => slope * (mass + step) - mass))
  );
  const [low, high] = quantiles(errors, [0.16, 0.84]);
  assertAlmostEquals(gas!.scatterPercent, 50 * Math.LN10 * (high! - low!), 1e-9);
});

Deno.test("the best combination of temperature and gas mass is fitted as any other proxy", () => {
  const table = drawCatalogs(20, 30);
  const weights = { temperature: 1.5, gasMass: 0.5 };
  const found = fitOptimalProxy(tabulate(table, () => 0), weights)!;
  const [same] = fitMassProxies(
    tabulate(table, (own, i) => 1.5 * own.logTemperature[i]! + 0.5 * own.logGasMass[i]!),
  );
  assertEquals({ ...found, proxy: "terse" }, same);
  assertEquals(fitOptimalProxy(tabulate(table, () => 0), { temperature: 0, gasMass: 0 }), null);
});

Deno.test("a proxy's error density counts every cluster once", () => {
  const table = tabulate(
    drawCatalogs(20, 30),
    ({ logMass, logTemperature }, i) => logMass[i]! + 0.05 * logTemperature[i]!,
  );
  const [terse] = fitMassProxies(table);
  const inside = terse!.density.reduce((sum, density) => sum + density * 0.02, 0);
  assertAlmostEquals(inside, 1, 1e-9);
  assertAlmostEquals(terse!.error[0]!, -0.99, 1e-12);
  assertAlmostEquals(terse!.error.at(-1)!, 0.99, 1e-12);
});

Deno.test("a catalog of one cluster has no say in a proxy's scatter", () => {
  const single = makeCatalog([{ logMass: 14.5 }]);
  const pair = makeCatalog([{ logMass: 14.2 }, { logMass: 14.6 }]);
  const noise = (table: Omit<TerseTable, "terse">, i: number) => table.logMass[i]! + (i % 2) / 10;
  const [terse] = fitMassProxies(tabulate([single, pair], noise));
  const counted = terse!.density.reduce((sum, density) => sum + density * 0.02 * 2, 0);
  assertAlmostEquals(counted, 2, 1e-9);
  assertThrows(
    () => fitMassProxies(tabulate([single, makeCatalog([{ logMass: 14 }])], noise)),
    RangeError,
    "0 catalogs have 2 clusters",
  );
});

Deno.test("a dead terse value has no correlation and makes no proxy", () => {
  const table = tabulate(drawCatalogs(5, 10), () => 0.1);
  const layer = describeTerseLayer(table);
  assertEquals(layer.correlations.logMass, null);
  assertEquals(layer.partial, null);
  assertEquals(layer.proxies.map(({ proxy }) => proxy), ["logGasMass", "logYx"]);
  assertEquals(terseLayerHeadlines(layer)["terse scatter percent"], null);
  assert(!("logMass" in terseLayerColumns(layer, table)["correlations"]!));
});

Deno.test("an observed catalog, whose masses are not known, has gaps and no NaN", () => {
  const observed = makeCatalog(
    [{
      logMass: NaN,
      logLuminosity: 0,
      logTemperature: 0.5,
      logGasMass: 13,
      logWeakLensingMass: 14,
    }, {
      logMass: NaN,
      logLuminosity: 1,
      logTemperature: 0.7,
      logGasMass: 13.5,
      logWeakLensingMass: 14.4,
    }],
    { sigma8: NaN },
  );
  const layer = describeTerseLayer(tabulate([observed], ({ logGasMass }, i) => logGasMass[i]!));
  assertEquals(layer.correlations.logMass, null);
  assertEquals(layer.correlations.sigma8, null);
  assertAlmostEquals(layer.correlations.logTemperature!, 1);
  assertEquals(layer.proxies, []);
});

Deno.test("the spread over seeds leaves out what no run has and counts what some miss", () => {
  const spread = summarizeSeeds([{ r: 0.9, fall: null, x: null }, { r: 0.94, fall: -1, x: null }]);
  assertEquals(spread.map(({ name, count, missing }) => [name, count, missing]), [
    ["r", 2, 0],
    ["fall", 1, 1],
  ]);
  assertAlmostEquals(spread[0]!.mean, 0.92);
  assertAlmostEquals(spread[0]!.standardDeviation!, 0.04 / Math.SQRT2);
  assertEquals([spread[0]!.min, spread[0]!.max], [0.9, 0.94]);
  assertEquals(spread[1]!.standardDeviation, null);
});
