import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreaterOrEqual,
  assertLess,
  assertLessOrEqual,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { Catalog, FeatureArray, Safety } from "../mod.ts";
import type { FeatureSpec } from "../src/features/mod.ts";
import type { CatalogFaultName } from "../src/observed/mod.ts";
import type { BaseSample, Model, SafetyReference } from "../mod.ts";
import type { ObservedClusters } from "../src/clusters/mod.ts";
import {
  createRandom,
  drawBaseSample,
  drawCatalog,
  EXPERIMENTS,
  judgeSafety,
  prepareCatalogs,
} from "../mod.ts";
import { drawParameters } from "../src/catalogs/mod.ts";
import { MAGNETICUM } from "../src/cosmology/mod.ts";
import {
  buildSafetyReference,
  drawReferenceCatalogs,
  safetyReferenceFromArrays,
  safetyReferenceToArrays,
} from "../src/interpretation/safety/mod.ts";
import { CATALOG_FAULTS, takeRows } from "../src/observed/mod.ts";
import { meanOwnKernel } from "../src/numerics/maximum_mean_discrepancy.ts";
import {
  binomialTail,
  fitWhitening,
  maximumMeanDiscrepancy,
  testDiscrepancy,
  whiten,
} from "../src/numerics/mod.ts";
import { remember } from "./remember.ts";

/** Base sample of the training; the honest catalogs come from others. */
const TRAINING_BASE = 1;
const OTHER_BASES = [2, 3, 4];
const FRESH_SEED = 20;
const H = MAGNETICUM.h;

const PLAN = EXPERIMENTS.standard.catalog;
const SPEC: FeatureSpec = {
  pixels: ["logTemperature", "logGasMass"],
  supplementary: ["logLuminosity", "logWeakLensingMass"],
  order: "luminosity",
};

/** Terse value log Y_X; sigma8 rises with its mean. */
const MODEL: Pick<Model, "encode" | "regress"> = {
  encode: ({ count, width, pixels }: FeatureArray) =>
    Promise.resolve(
      Float32Array.from({ length: count }, (_, r) => pixels[r * width]! + pixels[r * width + 1]!),
    ),
  regress: (catalogs) =>
    Promise.resolve(
      Float64Array.from(
        catalogs,
        ({ terse }) => 0.8 + 0.1 * (terse.reduce((sum, v) => sum + v, 0) / terse.length - 13.6),
      ),
    ),
};

const rememberBase = remember<BaseSample>();
const baseOf = (seed: number) => rememberBase(`${seed}`, () => drawBaseSample(createRandom(seed)));

let built: Promise<SafetyReference> | undefined;
function buildReference(): Promise<SafetyReference> {
  return built ??= (() => {
    const base = baseOf(TRAINING_BASE);
    const catalogs = drawReferenceCatalogs(base, PLAN, createRandom(10));
    return buildSafetyReference(MODEL, SPEC, catalogs, { h: H, random: createRandom(11) });
  })();
}

const rememberHonest = remember<Catalog[]>();

/** Catalogs that no reference has seen, of another universe's base sample. */
const drawHonest = (base: number, count: number): Catalog[] =>
  rememberHonest(`${base}, ${count}`, () => drawCatalogsOf(base, count));

function drawCatalogsOf(base: number, count: number): Catalog[] {
  const random = createRandom(FRESH_SEED + base);
  const maker = prepareCatalogs(baseOf(base), PLAN);
  return drawParameters(PLAN.priors, count, random).map((parameters, i) =>
    drawCatalog(maker, parameters, random.fork("catalog", i))
  );
}

type Plant = (clusters: ObservedClusters, i: number) => ObservedClusters;

async function judgeAll(catalogs: readonly Catalog[], plant: Plant): Promise<Safety[]> {
  const reference = await buildReference();
  const results: Safety[] = [];
  for (const [i, catalog] of catalogs.entries()) {
    const clusters = plant(catalog.clusters, i);
    results.push(await judgeSafety(MODEL, reference, { ...catalog, clusters }, createRandom(i)));
  }
  return results;
}

const flagged = (results: readonly Safety[]) =>
  results.filter(({ verdict }) => verdict !== "consistent").length;

Deno.test("Of honest catalogs from other base samples, at most one in ten is flagged", async () => {
  const honest = OTHER_BASES.flatMap((base) => drawHonest(base, 30));
  const results = await judgeAll(honest, (clusters) => clusters);
  assertLessOrEqual(flagged(results), honest.length / 10);
  for (const { verdict, reasons, probability } of results) {
    assertEquals(reasons.length === 0, verdict === "consistent");
    assert(probability !== null && probability > 0 && probability <= 1);
  }
});

/** Faults that must be found in nearly every catalog, and words of a reason. */
const MUST_FIND: Readonly<Record<string, { plant: Plant; says: string }>> = {
  "weak lensing masses in Msun instead of Msun/h": {
    plant: planted("weak lensing masses in Msun"),
    says: "masses were given in Msun instead of Msun/h",
  },
  "all masses in Msun instead of Msun/h": {
    plant: planted("all masses in Msun"),
    says: "masses were given in Msun instead of Msun/h",
  },
  "a temperature in K": {
    plant: (clusters) => ({
      ...clusters,
      logTemperature: clusters.logTemperature.map((value) => value + Math.log10(1.16045e7)),
    }),
    says: "lie outside the range of training, most in logTemperature",
  },
  "a sample without its luminous half": {
    plant: planted("faint clusters only"),
    says: "the luminous clusters were missing",
  },
  "a sample of its brightest 30%": {
    plant: planted("bright clusters only"),
    says: "the faint clusters were missing",
  },
  "20% of the clusters shuffled between columns": {
    plant: planted("rows mixed up"),
    says: "columns of some clusters were those of others",
  },
};

function planted(name: CatalogFaultName): Plant {
  return (clusters, i) => CATALOG_FAULTS[name].plant(clusters, H, createRandom(i).fork(name));
}

for (const [name, { plant, says }] of Object.entries(MUST_FIND)) {
  Deno.test(`A catalog with ${name} is found in 19 of 20 cases, with its reason`, async () => {
    const results = await judgeAll(drawHonest(2, 20), plant);
    assertGreaterOrEqual(flagged(results), 19);
    const told = results.filter(({ reasons }) => reasons.some((line) => line.includes(says)));
    assertGreaterOrEqual(told.length, 10);
  });
}

Deno.test("Faults that no direction was made for are found out too", async () => {
  const others: readonly Plant[] = [
    // The cooler half is missing.
    (clusters) => {
      const median = clusters.logTemperature.toSorted()[clusters.count >> 1]!;
      const rows = Array.from({ length: clusters.count }, (_, i) => i)
        .filter((i) => clusters.logTemperature[i]! >= median);
      return takeRows(clusters, rows);
    },
    // Natural for decimal logarithms, within the range of training for most clusters.
    (clusters) => ({
      ...clusters,
      logTemperature: clusters.logTemperature.map((value) => value * Math.LN10),
    }),
    // Luminosities that saturate.
    (clusters) => ({
      ...clusters,
      logLuminosity: clusters.logLuminosity.map((value) => Math.min(value, -0.1)),
    }),
  ];
  for (const [p, plant] of others.entries()) {
    assertGreaterOrEqual(flagged(await judgeAll(drawHonest(3, 10), plant)), 9, `fault ${p}`);
  }
});

Deno.test("A gas mass in Msun hides among the biases that the priors allow, half of the time", async () => {
  // A limit, not a merit: 1 / h = 1.42 and the priors reach from 0.8 to 1.3.
  const found = flagged(await judgeAll(drawHonest(2, 20), planted("gas masses in Msun")));
  assert(found >= 5 && found <= 18, `${found} of 20`);
});

Deno.test("The verdict's numbers are those of the catalog", async () => {
  const reference = await buildReference();
  const [catalog] = drawHonest(2, 1);
  const { clusters } = catalog!;
  const safety = await judgeSafety(MODEL, reference, catalog!, createRandom(0));
  assertEquals(safety.clusters, clusters.count);
  assertEquals(safety.columns.map(({ name }) => name), [
    "logLuminosity",
    "logTemperature",
    "logGasMass",
    "logWeakLensingMass",
    "terse",
  ]);
  const [luminosity] = safety.columns;
  assertEquals(luminosity!.max, Math.max(...clusters.logLuminosity));
  assertLess(luminosity!.trainingMin, luminosity!.min);
  assert(luminosity!.distance > 0 && luminosity!.probability <= 1);
  assertEquals(safety.terse!.correlations.map(({ observable }) => observable), [
    "logLuminosity",
    "logTemperature",
    "logGasMass",
    "logWeakLensingMass",
  ]);
  for (const { correlation, usual } of safety.terse!.correlations) {
    assert(correlation > 0.5 && usual.low > 0.3 && usual.high <= 1.05, `${correlation}`);
  }
  assert(safety.terse!.probability > 0 && safety.terse!.discrepancy > 0);
  // Leaving out one of N clusters moves the mean, and sigma8, by about 1 / N.
  const { value, usual } = safety.stability!.largest;
  assert(usual !== null && value > 0 && value < 0.3 / clusters.count * 1.5);
  assertLess(Math.abs(safety.partial!), 0.05);
});

Deno.test("A reference is the same after it was saved, in less than 60 kB", async () => {
  const reference = await buildReference();
  const saved = safetyReferenceToArrays(reference);
  const bytes = Object.values(saved.arrays).reduce((sum, { data }) => sum + data.byteLength, 0);
  const header = JSON.stringify(saved.header);
  assertLess(bytes + header.length, 60_000);
  const loaded = safetyReferenceFromArrays({ ...saved, header: JSON.parse(header) });
  for (const [i, catalog] of drawHonest(3, 4).entries()) {
    const before = await judgeSafety(MODEL, reference, catalog, createRandom(i));
    const after = await judgeSafety(MODEL, loaded, catalog, createRandom(i));
    assertEquals([after.verdict, after.reasons], [before.verdict, before.reasons]);
    after.tests.forEach(({ score }, t) => assertAlmostEquals(score, before.tests[t]!.score, 1e-3));
  }
  const { pools: _, ...rest } = saved.arrays;
  assertThrows(
    () => safetyReferenceFromArrays({ header: saved.header, arrays: rest }),
    TypeError,
    "pools is missing",
  );
});

Deno.test("A catalog that is too small or constant is not to be used, and the reason says so", async () => {
  const reference = await buildReference();
  const [catalog] = drawHonest(2, 1);
  const few = takeRows(catalog!.clusters, [0, 1, 2]);
  const small = await judgeSafety(
    MODEL,
    reference,
    { ...catalog!, clusters: few },
    createRandom(0),
  );
  assertEquals([small.verdict, small.probability], ["do not apply", null]);
  assertStringIncludes(small.reasons.at(-1)!, "There are 3 clusters, at least 8");
  const constant = {
    ...catalog!.clusters,
    logTemperature: catalog!.clusters.logTemperature.map(() => 0.5),
  };
  const flat = await judgeSafety(
    MODEL,
    reference,
    { ...catalog!, clusters: constant },
    createRandom(0),
  );
  assertEquals(flat.verdict, "do not apply");
  assertStringIncludes(flat.reasons.join(), "logTemperature is 0.5000 for all clusters");
});

Deno.test("A catalog many times larger than the survey's is refused before it costs time", async () => {
  const reference = await buildReference();
  const [catalog] = drawHonest(2, 1);
  const rows = Array.from({ length: 5000 }, (_, i) => i % catalog!.clusters.count);
  const clusters = takeRows(catalog!.clusters, rows);
  const safety = await judgeSafety(
    MODEL,
    reference,
    { ...catalog!, clusters },
    createRandom(0),
  );
  assertEquals([safety.verdict, safety.stability], ["do not apply", null]);
  assertStringIncludes(safety.reasons.at(-1)!, "There are 5000 clusters; 95% of the mocks");
});

Deno.test("Rows that were refused for their range count against a catalog", async () => {
  const reference = await buildReference();
  const [catalog] = drawHonest(2, 1);
  const { count } = catalog!.clusters;
  const judge = (outside: number) =>
    judgeSafety(MODEL, reference, catalog!, createRandom(0), { outside });
  assertEquals((await judge(1)).verdict, (await judge(0)).verdict);
  const { verdict, reasons } = await judge(count);
  assertEquals(verdict, "do not apply");
  assertStringIncludes(reasons[0]!, `${count} of ${2 * count} clusters lie outside`);
});

Deno.test("Of a few clusters, some may lie outside by chance; of many, the same share may not", async () => {
  const reference = await buildReference();
  const [catalog] = drawHonest(2, 1);
  const isTold = async (count: number, outside: number) => {
    const rows = Array.from({ length: count }, (_, i) => i % catalog!.clusters.count);
    const clusters = takeRows(catalog!.clusters, rows);
    const judged = { ...catalog!, clusters };
    const { reasons } = await judgeSafety(MODEL, reference, judged, createRandom(0), { outside });
    return reasons.some((line) => line.includes("lie outside"));
  };
  // Of 32, 1.6 are expected where 5% is; 4 or more come in 7% of the catalogs, 6 in 0.5%.
  assertEquals([await isTold(28, 4), await isTold(26, 6)], [false, true]);
  assertEquals([await isTold(280, 40), await isTold(310, 10)], [true, false]);
});

Deno.test("Gas masses in Msun are looked for wherever the network reads gas masses, whole or by shell", async () => {
  const base = baseOf(TRAINING_BASE);
  const catalogs = drawReferenceCatalogs(base, PLAN, createRandom(21), 130);
  const faultsOf = async (pixels: FeatureSpec["pixels"]) => {
    const spec: FeatureSpec = { pixels, supplementary: [], order: "shuffled" };
    const options = { h: H, random: createRandom(22) };
    const sum: Pick<Model, "encode" | "regress"> = {
      ...MODEL,
      encode: ({ count, width, pixels }) =>
        Promise.resolve(Float32Array.from({ length: count }, (_, r) => pixels[r * width]!)),
    };
    const { directions } = await buildSafetyReference(sum, spec, catalogs, options);
    return directions.map(({ fault }) => fault).filter((name) => name.includes("masses"));
  };
  assertEquals(await faultsOf(["logTemperature", "logGasMassProfile"]), ["gas masses in Msun"]);
  assertEquals(await faultsOf(["logGasMass", "logWeakLensingMass"]), [
    "weak lensing masses in Msun",
    "gas masses in Msun",
    "all masses in Msun",
  ]);
  assertEquals(await faultsOf(["logTemperature", "gasSlopeProfile"]), []);
});

Deno.test("An overspecialized network is not to be applied to any catalog", async () => {
  const base = baseOf(TRAINING_BASE);
  const catalogs = drawReferenceCatalogs(base, PLAN, createRandom(12), 200);
  // A terse value that is the label itself, with some mass beside it.
  const labels: Pick<Model, "encode" | "regress"> = {
    ...MODEL,
    encode: ({ count, width, pixels, sigma8 }) =>
      Promise.resolve(
        Float32Array.from(
          { length: count },
          (_, r) => 5 * sigma8 + 0.1 * pixels[r * width + 1]!,
        ),
      ),
  };
  const options = { h: H, random: createRandom(13) };
  const reference = await buildSafetyReference(labels, SPEC, catalogs, options);
  const [honest] = drawHonest(2, 1);
  const { verdict, reasons } = await judgeSafety(labels, reference, honest!, createRandom(0));
  assertEquals(verdict, "do not apply");
  assertStringIncludes(reasons[0]!, "The network is overspecialized");
});

Deno.test("A network whose terse value never varies is judged by its columns alone", async () => {
  const base = baseOf(TRAINING_BASE);
  const catalogs = drawReferenceCatalogs(base, PLAN, createRandom(14), 200);
  const blind = {
    ...MODEL,
    encode: ({ count }: FeatureArray) => Promise.resolve(new Float32Array(count).fill(0.25)),
  };
  const options = { h: H, random: createRandom(15) };
  const reference = await buildSafetyReference(blind, SPEC, catalogs, options);
  assertEquals(reference.terse, null);
  assert(reference.tests.every(({ name }) => name !== "terse"));
  const [honest] = drawHonest(2, 1);
  const safety = await judgeSafety(blind, reference, honest!, createRandom(0));
  assertEquals(safety.terse, null);
  const bright = MUST_FIND["a sample of its brightest 30%"]!.plant(honest!.clusters, 0);
  const cut = await judgeSafety(
    blind,
    reference,
    { ...honest!, clusters: bright },
    createRandom(0),
  );
  assertEquals(cut.verdict, "do not apply");
});

Deno.test("Too few catalogs make no reference", async () => {
  const base = baseOf(TRAINING_BASE);
  const catalogs = drawReferenceCatalogs(base, PLAN, createRandom(16), 100);
  const options = { h: H, random: createRandom(17) };
  await assertRejects(
    () => buildSafetyReference(MODEL, SPEC, catalogs, options),
    RangeError,
    "at least 120",
  );
});

Deno.test("A binomial tail is that of its terms, also where the first of them vanish", () => {
  assertAlmostEquals(binomialTail(4, 32, 0.05), 0.07380549164360023, 1e-14); // exact fractions
  assertEquals(binomialTail(0, 10, 0.3), 1);
  assertAlmostEquals(binomialTail(10, 10, 0.3), 0.3 ** 10, 1e-16);
  // (1 - 1/2)^4000 is below the least number; the tail beyond the mean is half and half a term.
  const middle = 0.5 + 0.5 / Math.sqrt(Math.PI * 2000);
  assertAlmostEquals(binomialTail(2000, 4000, 0.5), middle, 1e-5);
  assertThrows(() => binomialTail(3, 2, 0.5), RangeError, "count is 3 and trials 2");
  assertThrows(() => binomialTail(1, 2, 0), RangeError, "share is 0");
});

Deno.test("The maximum mean discrepancy of equal samples is 0, and its test is calibrated", () => {
  assertAlmostEquals(maximumMeanDiscrepancy([1, 2, 3], [1, 2, 3], 1), 0, 1e-15);
  const own = meanOwnKernel([1, 2, 4], 1);
  assertAlmostEquals(own, (3 + 2 * (Math.exp(-0.5) + Math.exp(-2) + Math.exp(-4.5))) / 9, 1e-15);
  assertEquals(
    maximumMeanDiscrepancy([0, 1], [1, 2, 4], 1, own),
    maximumMeanDiscrepancy([0, 1], [1, 2, 4], 1),
  );
  // Two points a distance d apart: k(a,a) + k(b,b) - 2 k(a,b).
  assertAlmostEquals(maximumMeanDiscrepancy([0], [1], 1), 2 - 2 * Math.exp(-0.5), 1e-15);
  const random = createRandom(18);
  const draw = (count: number) => Float64Array.from({ length: count }, () => random.normal());
  const rejected = Array.from({ length: 100 }, (_, i) => {
    const { probability, discrepancy } = testDiscrepancy(draw(20), draw(30), 1, random.fork(i), 99);
    assert(discrepancy >= 0 && probability >= 0.01);
    return probability <= 0.1;
  }).filter(Boolean).length;
  assert(rejected >= 2 && rejected <= 20, `${rejected} of 100`); // 10 +- 3 expected
  assertThrows(() => maximumMeanDiscrepancy([], [1], 1), RangeError);
  assertThrows(() => maximumMeanDiscrepancy([1], [1], 0), RangeError);
});

Deno.test("Whitened rows have unit variance and no correlation", () => {
  const random = createRandom(19);
  const rows = Array.from({ length: 500 }, () => {
    const [a, b] = [random.normal(), random.normal()];
    return Float64Array.of(3 * a, a + 0.1 * b);
  });
  const whitening = fitWhitening(rows, 1e-9);
  const moment = (i: number, j: number) =>
    rows.reduce((sum, row) => {
      const white = whiten(whitening, row);
      return sum + white[i]! * white[j]! / rows.length;
    }, 0);
  assertAlmostEquals(moment(0, 0), 1, 1e-6);
  assertAlmostEquals(moment(1, 1), 1, 1e-6);
  assertAlmostEquals(moment(0, 1), 0, 1e-6);
  assertThrows(() => fitWhitening([], 1), RangeError);
  assertThrows(() => fitWhitening(rows, 0), RangeError);
});
