/** The explicit likelihood and its posterior, against closed forms and brute force. */
import { assert, assertAlmostEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import type { BaseSample, CatalogPlan } from "../mod.ts";
import type { CatalogParameters } from "../src/catalogs/mod.ts";
import type { ObservedClusters } from "../src/clusters/mod.ts";
import { createRandom, drawBaseSample, drawCatalog, prepareCatalogs } from "../mod.ts";
import {
  drawCatalogs,
  drawParameters,
  expectedCounts,
  STANDARD_PRIORS,
  STANDARD_SURVEY,
} from "../src/catalogs/mod.ts";
import {
  catalogLnLikelihood,
  measureLimit,
  prepareLikelihood,
  sampleSigma8,
} from "../src/evaluation/mod.ts";
import { hasConverged } from "../src/evaluation/posterior_points.ts";
import { sampleEnsemble, sampleImportance, weightedMoments } from "../src/numerics/mod.ts";
import { MASS_BIN } from "../src/catalogs/abundance.ts";
import { createSmearing } from "../src/evaluation/smeared_counts.ts";
import { STANDARD_PLAN, unbiased } from "./mock_plans.ts";

const RANDOM = createRandom(3);
const BASE = drawBaseSample(RANDOM.fork("base sample"));
const MAKER = prepareCatalogs(BASE, STANDARD_PLAN);

/** Priors that fix all parameters but sigma8. */
const ONE_FREE: CatalogPlan = {
  ...STANDARD_PLAN,
  priors: {
    ...STANDARD_PRIORS,
    luminosityBias: { min: 1, max: 1, step: 1e-9 },
    temperatureBias: { min: 1, max: 1, step: 1e-9 },
    gasMassBias: { min: 1, max: 1, step: 1e-9 },
    luminositySlopeFactor: { min: 1, max: 1 },
    luminosityScatterFactor: { min: 1, max: 1 },
    temperatureScatterFactor: { min: 1, max: 1 },
    gasMassScatterFactor: { min: 1, max: 1 },
    weakLensingScatter: { min: 0.2, max: 0.2 },
  },
};

/** Clusters exactly on the base sample's relations, but for tiny offsets. */
function clustersAt(base: BaseSample, logMass: number[]): ObservedClusters {
  const { luminosity, temperature, gasMass } = base.relations;
  const column = ({ slope, intercept }: typeof luminosity) =>
    Float64Array.from(logMass, (m) => slope * m + intercept);
  return {
    count: logMass.length,
    logMass: Float64Array.from(logMass),
    logLuminosity: column(luminosity),
    logTemperature: column(temperature),
    logGasMass: column(gasMass),
    logGasMassProfile: new Float64Array(7 * logMass.length),
    gasSlopeProfile: new Float64Array(7 * logMass.length),
    logWeakLensingMass: Float64Array.from(logMass),
  };
}

/** A base sample whose offsets are those of the given one, times a factor. */
function shrinkScatter(base: BaseSample, factor: number): BaseSample {
  const { clusters, relations } = base;
  const shrink = (
    values: Float64Array,
    { slope, intercept }: { slope: number; intercept: number },
  ) =>
    values.map((value, i) => {
      const fit = slope * clusters.logMass[i]! + intercept;
      return fit + factor * (value - fit);
    });
  return {
    ...base,
    clusters: {
      ...clusters,
      logLuminosity: shrink(clusters.logLuminosity, relations.luminosity),
      logTemperature: shrink(clusters.logTemperature, relations.temperature),
      logGasMass: shrink(clusters.logGasMass, relations.gasMass),
    },
  };
}

Deno.test("smeared counts are the binned counts convolved with a Gaussian", () => {
  const counts = Float64Array.from({ length: 200 }, (_, b) => Math.exp(-0.03 * b));
  for (const width of [0.02, 0.035, 0.08]) {
    const smeared = createSmearing(13.6);
    smeared.smear(counts, width);
    for (const logMass of [13.54, 13.6, 13.65, 13.9, 14.403, 15.2]) {
      const points = 20;
      let sum = 0;
      for (let b = 0; b < counts.length; b++) {
        for (let p = 0; p < points; p++) {
          const m = 13.6 + (b + (p + 0.5) / points) * MASS_BIN;
          const z = (m - logMass) / width;
          sum += counts[b]! / points / MASS_BIN * Math.exp(-0.5 * z * z) /
            (width * Math.sqrt(2 * Math.PI)) * MASS_BIN;
        }
      }
      assertAlmostEquals(smeared.lnAt(logMass), Math.log(sum), 0.02);
    }
  }
});

Deno.test("smeared counts fall like the Gaussian far outside the bins", () => {
  const width = 0.03;
  const { lnAt, smear } = createSmearing(14);
  smear(Float64Array.of(1), width);
  const gaussian = (x: number) => -0.5 * ((x - 14.005) / width) ** 2;
  const expected = gaussian(14.6) - gaussian(14.02);
  assertAlmostEquals((lnAt(14.6) - lnAt(14.02)) / expected, 1, 0.01);
});

Deno.test("without scatter the likelihood is that of a Poisson process in mass", () => {
  const sharp = shrinkScatter(BASE, 0.1);
  const model = prepareLikelihood(sharp, STANDARD_PLAN, "without weak lensing");
  const logMass = [13.705, 13.955, 14.205, 14.605, 14.905];
  const lnLikelihood = catalogLnLikelihood(model, clustersAt(sharp, logMass));
  const poisson = (sigma8: number) => {
    const counts = expectedCounts(MAKER, unbiased(sigma8));
    const total = counts.reduce((sum, count) => sum + count, 0);
    return logMass.reduce(
      (sum, m) => sum + Math.log(counts[Math.floor((m - 13.6) / MASS_BIN)]!),
      -total,
    );
  };
  for (const sigma8 of [0.75, 0.85, 0.9]) {
    const found = lnLikelihood(unbiased(sigma8)) - lnLikelihood(unbiased(0.8));
    assertAlmostEquals(found, poisson(sigma8) - poisson(0.8), 0.02);
  }
});

Deno.test("the mass integral of the likelihood is that of brute force", () => {
  const parameters = {
    ...unbiased(0.8),
    luminosityBias: 1.2,
    temperatureBias: 0.9,
    luminositySlopeFactor: 1.1,
    luminosityScatterFactor: 0.8,
    gasMassScatterFactor: 1.2,
  };
  const { clusters } = drawCatalog(MAKER, parameters, RANDOM.fork("brute force"));
  const lnLikelihood = catalogLnLikelihood(prepareLikelihood(BASE, STANDARD_PLAN), clusters);
  const shifted = { ...parameters, sigma8: 0.84, temperatureBias: 1, weakLensingScatter: 0.25 };
  assertAlmostEquals(
    lnLikelihood(shifted) - lnLikelihood(parameters),
    bruteForce(clusters, shifted) - bruteForce(clusters, parameters),
    0.05,
  );
});

/** ln L by summing the integrand over a fine grid of masses. */
function bruteForce(clusters: ObservedClusters, parameters: CatalogParameters): number {
  const counts = expectedCounts(MAKER, parameters);
  const { relations, clusters: base } = BASE;
  const factors = [
    parameters.luminosityScatterFactor,
    parameters.temperatureScatterFactor,
    parameters.gasMassScatterFactor,
  ];
  const columns = ["logLuminosity", "logTemperature", "logGasMass"] as const;
  const fits = [relations.luminosity, relations.temperature, relations.gasMass];
  const biases = [
    parameters.luminosityBias,
    parameters.temperatureBias,
    parameters.gasMassBias,
  ];
  const offset = (k: number, i: number) =>
    base[columns[k]!][i]! - fits[k]!.slope * base.logMass[i]! - fits[k]!.intercept;
  const c = [0, 1, 2].map((a) =>
    [0, 1, 2].map((b) => {
      let sum = 0;
      for (let i = 0; i < base.count; i++) sum += offset(a, i) * offset(b, i);
      return sum / base.count * factors[a]! * factors[b]!;
    })
  );
  const predicted = (k: number, m: number) => {
    const slope = fits[k]!.slope * (k === 0 ? parameters.luminositySlopeFactor : 1);
    const pivot = k === 0 ? STANDARD_SURVEY.slopePivot : 0;
    return slope * (m - pivot) + fits[k]!.slope * pivot + fits[k]!.intercept +
      Math.log10(biases[k]!);
  };
  const lensing = parameters.weakLensingScatter / Math.LN10;
  let ln = -counts.reduce((sum, count) => sum + count, 0);
  const points = 4;
  const masses = Array.from(
    { length: counts.length * points },
    (_, p) => 13.6 + (p + 0.5) / points * MASS_BIN,
  );
  const expected = masses.map((m) => columns.map((_, k) => predicted(k, m)));
  const r = [0, 0, 0];
  for (let i = 0; i < clusters.count; i++) {
    const seen = columns.map((name) => clusters[name][i]!);
    let sum = 0;
    for (const [p, m] of masses.entries()) {
      for (let k = 0; k < 3; k++) r[k] = seen[k]! - expected[p]![k]!;
      const w = clusters.logWeakLensingMass[i]! - m;
      sum += counts[Math.floor(p / points)]! / points *
        Math.exp(lnGaussian3(r, c) - 0.5 * (w / lensing) ** 2) / lensing;
    }
    ln += Math.log(sum);
  }
  return ln;
}

/** ln of a 3D Gaussian up to a constant, conditioning one axis after the other. */
function lnGaussian3(r: number[], c: number[][]): number {
  const v0 = c[0]![0]!;
  const b1 = c[0]![1]! / v0;
  const b2 = c[0]![2]! / v0;
  const v1 = c[1]![1]! - b1 * c[0]![1]!;
  const cross = c[1]![2]! - b1 * c[0]![2]!;
  const v2 = c[2]![2]! - b2 * c[0]![2]! - cross * cross / v1;
  const e1 = r[1]! - b1 * r[0]!;
  const e2 = r[2]! - b2 * r[0]! - cross / v1 * e1;
  return -0.5 * (r[0]! ** 2 / v0 + e1 ** 2 / v1 + e2 ** 2 / v2 + Math.log(v0 * v1 * v2));
}

Deno.test("with one parameter free the sampled posterior is the integrated one", () => {
  const { clusters } = drawCatalog(MAKER, unbiased(0.8), RANDOM.fork("one free"));
  const model = prepareLikelihood(BASE, ONE_FREE);
  const posterior = sampleSigma8(model, clusters, RANDOM.fork("sample"));
  const lnLikelihood = catalogLnLikelihood(model, clusters);
  const grid = Array.from({ length: 2300 }, (_, i) => 0.695 + (i + 0.5) * 1e-4);
  const ln = grid.map((sigma8) => lnLikelihood(unbiased(sigma8)));
  const most = Math.max(...ln);
  const weights = ln.map((value) => Math.exp(value - most));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const mean = grid.reduce((sum, x, i) => sum + x * weights[i]!, 0) / total;
  const variance = grid.reduce((sum, x, i) => sum + (x - mean) ** 2 * weights[i]!, 0) / total;
  const width = Math.sqrt(variance);
  assertAlmostEquals(posterior.mean, mean, 0.08 * width);
  assertAlmostEquals(posterior.standardDeviation, width, 0.08 * width);
});

Deno.test("importance sampling and a long ensemble chain agree on a Gaussian that is cut off", () => {
  const center = Float64Array.of(0.5, -1, 2);
  const lnDensity = (x: Float64Array) => {
    const d = x.map((value, k) => value - center[k]!);
    return x[0]! < 0
      ? -Infinity
      : -0.5 * (d[0]! ** 2 + (d[1]! - 0.8 * d[0]!) ** 2 / 0.36 + d[2]! ** 2 / 4);
  };
  const random = createRandom(12);
  const starts = Array.from(
    { length: 20 },
    () => Float64Array.of(random.uniform(), random.normal(), random.normal()),
  );
  const chain = sampleEnsemble(lnDensity, starts, { burnIn: 500, steps: 8000 }, random);
  const uniform = new Float64Array(chain.points.length / 3).fill(3 / chain.points.length);
  const long = weightedMoments({ dimensions: 3, points: chain.points, weights: uniform });
  const cloud = sampleImportance(lnDensity, long, [2000, 20000], random);
  const moments = weightedMoments(cloud);
  for (let d = 0; d < 3; d++) {
    const width = Math.sqrt(long.covariance[4 * d]!);
    assertAlmostEquals(moments.mean[d]!, long.mean[d]!, 0.06 * width);
    assertAlmostEquals(moments.covariance[4 * d]! / width ** 2, 1, 0.08);
  }
  assertGreater(cloud.effectiveSamples, 5000);
});

Deno.test("a posterior whose last round is too small for it is sampled on until it converges", () => {
  const { clusters } = drawCatalog(MAKER, unbiased(0.9), RANDOM.fork("sampled on"));
  const model = prepareLikelihood(BASE, STANDARD_PLAN);
  const random = RANDOM.fork("added rounds");
  const pilot = { walkers: 20, burnIn: 300, steps: 100 };
  // 99 points cannot be worth the 100 samples that convergence takes.
  const short = sampleSigma8(model, clusters, random, { ...pilot, rounds: [500, 99] });
  const long = sampleSigma8(model, clusters, random, { ...pilot, rounds: [3000, 20000] });
  assert(hasConverged(short) && hasConverged(long));
  assertAlmostEquals(short.mean, long.mean, 0.35 * long.standardDeviation);
  assertAlmostEquals(short.standardDeviation / long.standardDeviation, 1, 0.3);
});

Deno.test("posterior means scatter about the truth as widely as the posteriors say", () => {
  const count = 40;
  const random = RANDOM.fork("limit");
  const parameters = drawParameters(STANDARD_PLAN.priors, count, random);
  const catalogs = drawCatalogs(MAKER, parameters, random);
  const model = prepareLikelihood(BASE, STANDARD_PLAN);
  const sampling = { walkers: 20, burnIn: 300, steps: 100, rounds: [1500, 2500] };
  const posteriors = catalogs.map(({ clusters }, i) => ({
    ...sampleSigma8(model, clusters, random.fork("posterior", i), sampling),
    sigma8: parameters[i]!.sigma8,
  }));
  const limit = measureLimit(posteriors, random);
  // Three standard errors of a scatter from 40 catalogs.
  assertAlmostEquals(limit.agreement, 1, 3 / Math.sqrt(2 * count));
  assertGreater(limit.width, 0.015);
  assertLess(limit.width, 0.021);
});

Deno.test("a catalog of one cluster has a posterior, as wide as almost the prior", () => {
  const model = prepareLikelihood(BASE, STANDARD_PLAN);
  const posterior = sampleSigma8(model, clustersAt(BASE, [14.2]), RANDOM.fork("single"));
  assertGreater(posterior.standardDeviation, 0);
  assertLess(posterior.mean, 0.8);
});

Deno.test("a likelihood refuses an empty catalog, a prior of no width and another recipe", () => {
  const model = prepareLikelihood(BASE, STANDARD_PLAN);
  assertThrows(
    () => catalogLnLikelihood(model, clustersAt(BASE, [])),
    RangeError,
    "Cannot take a likelihood: the catalog has 0 clusters",
  );
  const narrow = { ...STANDARD_PRIORS, sigma8: { min: 0.8, max: 0.8, step: 0.01 } };
  assertThrows(
    () => prepareLikelihood(BASE, { ...STANDARD_PLAN, priors: narrow }),
    RangeError,
    "a prior of some width",
  );
  assertThrows(
    () => prepareLikelihood(BASE, { ...STANDARD_PLAN, recipe: "prescriptive" }),
    RangeError,
    'only "neighbor"',
  );
});
