/**
 * Leave-one-out (section 5.1, Fig. 9) on models whose answers are known.
 */
import { assert, assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import type { Catalog, Model } from "../mod.ts";
import type { TerseArray } from "../src/network/mod.ts";
import { createRandom, leaveOneOut } from "../mod.ts";
import { leaveOneOutColumns } from "../src/interpretation/leave_one_out.ts";
import { binByMass } from "../src/interpretation/mod.ts";
import { leaveOneOutHeadlines } from "../src/interpretation/leave_one_out.ts";
import {
  encodeFirstPixel,
  makeCatalog,
  makeFeatures,
  makeModel,
} from "./interpretation_catalogs.ts";

/** sigma8 = 0.5 + sum over clusters of terse (log T) and a tenth of log L_X. */
function addUp({ count, terse, supplementary }: TerseArray): number {
  let sigma8 = 0.5;
  for (let r = 0; r < count; r++) sigma8 += terse[r]! + 0.1 * supplementary[r]!;
  return sigma8;
}

const ADDING: Model = makeModel({
  encode: encodeFirstPixel,
  regress: (catalogs) => Promise.resolve(Float64Array.from(catalogs, addUp)),
});

const ALL = { fewest: 1 };

Deno.test("leaving a cluster out of a sum takes its own terms away, joined to its true mass", async () => {
  const catalog = makeCatalog([
    { logMass: 14.5, logTemperature: 0.75, logLuminosity: 0.5 },
    { logMass: 14.1, logTemperature: 0.25, logLuminosity: -1 },
    { logMass: 14.9, logTemperature: 0.5, logLuminosity: 0 },
  ]);
  const result = await leaveOneOut(ADDING, makeFeatures([catalog]), [catalog], ALL);
  assertEquals([...result.logMass], [14.1, 14.9, 14.5]); // rows ascend in luminosity
  assertEquals([...result.row], [0, 1, 2]);
  const expected = [-0.25 + 0.1, -0.5, -0.75 - 0.05];
  expected.forEach((change, r) => assertAlmostEquals(result.change[r]!, change, 1e-7));
  assertAlmostEquals(result.original[0]!, 0.5 + 1.5 - 0.05, 1e-7);
});

Deno.test("every leave-one-out equals a prediction from a catalog built without the cluster", async () => {
  const catalogs = drawCatalogsByHand(7, 40);
  const model = makeModel({
    encode: encodeFirstPixel,
    regress: (all) => Promise.resolve(Float64Array.from(all, weighByRank)),
  });
  const features = makeFeatures(catalogs);
  const { catalog, row, change, original } = await leaveOneOut(model, features, catalogs, ALL);
  for (let i = 0; i < change.length; i += 13) {
    const whole = catalogs[catalog[i]!]!;
    const omitted = features[catalog[i]!]!.rows[row[i]!]!;
    const [rest] = makeFeatures([removeCluster(whole, omitted)]);
    const terse = await model.encode(rest!);
    const [sigma8] = await model.regress([
      { count: rest!.count, terse, supplementary: rest!.supplementary },
    ]);
    assertAlmostEquals(original[catalog[i]!]! + change[i]!, sigma8!, 1e-12);
  }
});

Deno.test("a catalog of one cluster is skipped with a count and predicted as a whole", async () => {
  const single = makeCatalog([{ logMass: 14.3, logTemperature: 0.5 }]);
  const pair = makeCatalog([{ logMass: 14.2 }, { logMass: 14.6 }]);
  const result = await leaveOneOut(ADDING, makeFeatures([single, pair]), [single, pair], ALL);
  assertEquals(result.skipped, 1);
  assertEquals(result.count, 2);
  assertEquals([...result.catalog], [1, 1]);
  assertAlmostEquals(result.original[0]!, 0.5 + 0.5 + 0.03, 1e-7);
  assert(result.change.every(Number.isFinite));
});

Deno.test("all leave-one-outs of a catalog share one encoder pass and few regressions", async () => {
  const catalogs = drawCatalogsByHand(3, 60);
  const calls = { encode: 0, regress: 0, ensembles: 0 };
  const model = makeModel({
    encode: (catalog) => (calls.encode++, encodeFirstPixel(catalog)),
    regress: (all) => {
      calls.regress++;
      calls.ensembles += all.length;
      return ADDING.regress(all);
    },
  });
  const { count } = await leaveOneOut(model, makeFeatures(catalogs), catalogs);
  assertEquals(calls.encode, 3);
  assertEquals(calls.ensembles, count + 3);
  assertLess(calls.regress, count / 60);
});

Deno.test("bands, half width and distributions are the quantiles of the changes", async () => {
  // Terse values 0 to 1 in steps of 1/128 in one mass bin: changes -1 to 0, exact in Float32.
  const catalog = makeCatalog(
    Array.from({ length: 129 }, (_, i) => ({
      logMass: 14.25,
      logTemperature: i / 128,
      logLuminosity: 0,
    })),
  );
  const result = await leaveOneOut(ADDING, makeFeatures([catalog]), [catalog]);
  const [band] = result.bands;
  assertEquals([band!.from, band!.to, band!.count], [14.2, 14.3, 129]);
  assertAlmostEquals(band!.median, -0.5, 1e-9);
  assertAlmostEquals(band!.low68, -0.84, 1e-9);
  assertAlmostEquals(band!.high68, -0.16, 1e-9);
  assertAlmostEquals(band!.low95, -0.975, 1e-9);
  assertAlmostEquals(band!.high95, -0.025, 1e-9);
  assertAlmostEquals(result.halfWidth, 0.68, 1e-9);
  const [all, above] = result.distributions;
  assertEquals([all!.above, above!.above, above!.count], [null, 14.2, 129]);
  assertAlmostEquals(all!.lowered, 128 / 129);
  all!.probability.forEach((p, i) => assertAlmostEquals(all!.change[i]!, p - 1, 1e-9));
});

Deno.test("a bin or benchmark with too few clusters is a gap with its count, not a value", async () => {
  const heavy = Array.from({ length: 5 }, () => ({ logMass: 15.05 }));
  const light = Array.from({ length: 60 }, () => ({ logMass: 14.05 }));
  const catalog = makeCatalog([...heavy, ...light]);
  const result = await leaveOneOut(ADDING, makeFeatures([catalog]), [catalog]);
  assertEquals(result.bands.map(({ from }) => from), [14]);
  assertEquals(result.sparse, [{ from: 15, to: 15.1, count: 5 }]);
  assertEquals(result.distributions.map(({ above }) => above), [null]);
  assertEquals(leaveOneOutHeadlines(result).fall, null);
  const { bands, clusters } = leaveOneOutColumns(result);
  assertEquals(bands!["median"]!.length, 1);
  assertEquals(clusters!["change"]!.length, 65);
});

Deno.test("a mean of masses falls when a massive cluster leaves and rises when a light one does", async () => {
  const catalog = makeCatalog(
    Array.from({ length: 400 }, (_, i) => ({ logMass: 13.8 + i / 400 })),
  );
  const model = makeModel({
    encode: encodeFirstPixel,
    regress: (all) =>
      Promise.resolve(
        Float64Array.from(all, ({ terse, count }) => terse.reduce((a, b) => a + b) / count),
      ),
  });
  const result = await leaveOneOut(model, makeFeatures([catalog]), [catalog], { fewest: 20 });
  const medians = result.bands.map(({ median }) => median);
  assert(medians[0]! > 0 && medians.at(-1)! < 0);
  for (let b = 1; b < medians.length; b++) assertLess(medians[b]!, medians[b - 1]!);
  assertLess(leaveOneOutHeadlines(result).fall!, 0);
});

Deno.test("leave-one-out refuses catalogs that are not those of the features", async () => {
  const pair = makeCatalog([{ logMass: 14.2 }, { logMass: 14.6 }]);
  const other = { ...pair, parameters: { ...pair.parameters, sigma8: 0.9 } };
  const features = makeFeatures([pair]);
  await assertRejects(() => leaveOneOut(ADDING, features, []), TypeError, "equally many");
  await assertRejects(() => leaveOneOut(ADDING, features, [other]), TypeError, "sigma8 0.8");
  await assertRejects(
    () => leaveOneOut(ADDING, features, [makeCatalog([{ logMass: 14.2 }])]),
    TypeError,
    "features 0 have 2 rows and the catalog 1 cluster,",
  );
});

Deno.test("leave-one-out refuses predictions that are not finite and catalogs of single clusters", async () => {
  const pair = makeCatalog([{ logMass: 14.2 }, { logMass: 14.6 }]);
  const features = makeFeatures([pair]);
  const broken = makeModel({
    encode: encodeFirstPixel,
    regress: (all) => Promise.resolve(new Float64Array(all.length).fill(NaN)),
  });
  await assertRejects(() => leaveOneOut(broken, features, [pair]), RangeError, "is NaN");
  const dead = makeModel({
    encode: ({ count }) => Promise.resolve(new Float32Array(count).fill(NaN)),
  });
  await assertRejects(
    () => leaveOneOut(dead, features, [pair]),
    RangeError,
    "terse value of row 0",
  );
  const single = makeCatalog([{ logMass: 14.2 }]);
  await assertRejects(
    () => leaveOneOut(ADDING, makeFeatures([single]), [single]),
    RangeError,
    "0 of 1 catalog have 2 clusters",
  );
});

Deno.test("a mass at an edge belongs to the bin above it", () => {
  const { bins } = binByMass([14.2, 14.1, 14.3, 13.9], { fewest: 1 });
  assertEquals(bins.map(({ from, to, members }) => [from, to, ...members]), [
    [13.9, 14, 3],
    [14.1, 14.2, 1],
    [14.2, 14.3, 0],
    [14.3, 14.4, 2],
  ]);
});

/** Depends on the order of the clusters, as a convolution does. */
function weighByRank({ count, terse, supplementary }: TerseArray): number {
  let sigma8 = 0;
  for (let r = 0; r < count; r++) sigma8 += (r + 1) * terse[r]! * supplementary[r]! / count;
  return sigma8;
}

function drawCatalogsByHand(catalogs: number, clusters: number): Catalog[] {
  const random = createRandom(11);
  return Array.from({ length: catalogs }, () =>
    makeCatalog(
      Array.from({ length: clusters + random.integer(20) }, () => ({
        logMass: 13.6 + 1.4 * random.uniform(),
        logLuminosity: random.normal(),
        logTemperature: random.normal(),
      })),
    ));
}

function removeCluster({ parameters, clusters }: Catalog, omitted: number): Catalog {
  const values = Array.from({ length: clusters.count }, (_, i) => ({
    logMass: clusters.logMass[i]!,
    logLuminosity: clusters.logLuminosity[i]!,
    logTemperature: clusters.logTemperature[i]!,
  }));
  return makeCatalog(values.filter((_, i) => i !== omitted), parameters);
}
