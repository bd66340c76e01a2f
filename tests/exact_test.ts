/** The exact answers, against closed forms, finite differences, brute force and re-sampling. */
import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { drawCatalog, prepareCatalogs } from "../src/catalogs/catalog.ts";
import { drawParameters, STANDARD_PRIORS } from "../src/catalogs/priors.ts";
import type { CatalogParameters } from "../src/catalogs/priors.ts";
import { STANDARD_SURVEY } from "../src/catalogs/survey.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import type { ObservedClusters } from "../src/clusters/cluster_table.ts";
import { createClusterDensities, OBSERVABLES } from "../src/evaluation/cluster_densities.ts";
import { prepareLikelihood, seeOneNumber } from "../src/evaluation/likelihood.ts";
import type { LikelihoodModel } from "../src/evaluation/likelihood.ts";
import { offsetCovariance, oneNumberOf } from "../src/evaluation/one_number.ts";
import type { PosteriorSampling } from "../src/evaluation/posterior.ts";
import { hasConverged, samplePoints } from "../src/evaluation/posterior.ts";
import { answerExactly, answerFor } from "../src/interpretation/exact/exact_catalog.ts";
import type { ExactAnswers, ExactLeaveOneOut } from "../src/interpretation/exact/exact_catalog.ts";
import { isGap } from "../src/interpretation/exact/gap.ts";
import { measureInfluence } from "../src/interpretation/exact/influence.ts";
import { createParetoTail, PARETO_LIMIT } from "../src/numerics/pareto_tail.ts";
import { createRandom } from "../src/numerics/random.ts";
import { correlation } from "../src/numerics/statistics.ts";
import { STANDARD_PLAN } from "./mock_plans.ts";

const RANDOM = createRandom(1);
const BASE = drawBaseSample(RANDOM.fork("base sample"));
const MAKER = prepareCatalogs(BASE, STANDARD_PLAN);
const STANDARD = prepareLikelihood(BASE, STANDARD_PLAN);
const UNLENSED = prepareLikelihood(BASE, STANDARD_PLAN, "without weak lensing");
const MODELS: Readonly<Record<string, LikelihoodModel>> = {
  "with weak lensing": STANDARD,
  "without weak lensing": UNLENSED,
  "of one number": seeOneNumber(STANDARD),
  "of one number without weak lensing": seeOneNumber(UNLENSED),
};
const PARAMETERS = drawParameters(STANDARD_PRIORS, 4, RANDOM);

function catalogOf(i: number): ObservedClusters {
  return drawCatalog(MAKER, PARAMETERS[i]!, RANDOM.fork("catalog", i)).clusters;
}

/** The first clusters of a catalog, or those that a test keeps. */
function keep(clusters: ObservedClusters, isKept: (i: number) => boolean): ObservedClusters {
  const rows = Array.from({ length: clusters.count }, (_, i) => i).filter(isKept);
  const pick = (values: Float64Array) => Float64Array.from(rows, (i) => values[i]!);
  return {
    ...clusters,
    count: rows.length,
    logMass: pick(clusters.logMass),
    logLuminosity: pick(clusters.logLuminosity),
    logTemperature: pick(clusters.logTemperature),
    logGasMass: pick(clusters.logGasMass),
    logWeakLensingMass: pick(clusters.logWeakLensingMass),
  };
}

/** The same clusters with one observable of one of them moved. */
function move(
  clusters: ObservedClusters,
  name: typeof OBSERVABLES[number],
  cluster: number,
  by: number,
): ObservedClusters {
  return { ...clusters, [name]: clusters[name].map((x, i) => i === cluster ? x + by : x) };
}

for (const [name, model] of Object.entries(MODELS)) {
  Deno.test(`derivatives of a cluster's density ${name} are its finite differences`, () => {
    const clusters = catalogOf(1);
    const parameters = { ...PARAMETERS[0]!, sigma8: 0.83 };
    const densities = createClusterDensities(model, clusters);
    densities.evaluate(parameters, true);
    const h = 1e-4;
    for (const [k, observable] of OBSERVABLES.entries()) {
      for (const i of [0, 17, 40]) {
        const at = (by: number) => {
          const moved = createClusterDensities(model, move(clusters, observable, i, by));
          moved.evaluate(parameters);
          return moved.lnDensity[i]!;
        };
        const expected = (at(h) - at(-h)) / (2 * h);
        const found = densities.derivatives[4 * i + k]!;
        assertAlmostEquals(found, expected, 0.002 * Math.max(1, Math.abs(expected)));
      }
    }
  });
}

Deno.test("cluster densities sum to the log likelihood less the expected count", () => {
  const clusters = catalogOf(0);
  const two = keep(clusters, (i) => i < 2);
  const parameters = PARAMETERS[0]!;
  const all = createClusterDensities(STANDARD, clusters);
  const few = createClusterDensities(STANDARD, two);
  const [lnAll, lnFew] = [all.evaluate(parameters), few.evaluate(parameters)];
  assertEquals([...few.lnDensity], [...all.lnDensity.subarray(0, 2)]);
  const rest = all.lnDensity.subarray(2).reduce((sum, value) => sum + value, 0);
  assertAlmostEquals(lnAll - lnFew, rest, 1e-9);
});

Deno.test("the density of one number is that of log L_X and t, integrated over mass by brute force", () => {
  const { temperature: u, gasMass: v } = oneNumberOf(BASE);
  const clusters = catalogOf(2);
  const density = (parameters: CatalogParameters, i: number): number => {
    const { relations } = BASE;
    const c = offsetCovariance(BASE);
    const [p, q, r] = [
      parameters.luminosityScatterFactor,
      parameters.temperatureScatterFactor,
      parameters.gasMassScatterFactor,
    ];
    const ll = c[0]! * p * p;
    const lt = u * c[1]! * p * q + v * c[2]! * p * r;
    const tt = u * u * c[4]! * q * q + 2 * u * v * c[5]! * q * r + v * v * c[8]! * r * r;
    const determinant = ll * tt - lt * lt;
    const lensing = parameters.weakLensingScatter / Math.LN10;
    const pivot = STANDARD_SURVEY.slopePivot;
    const counts = volumeOf(parameters);
    const t = u * clusters.logTemperature[i]! + v * clusters.logGasMass[i]!;
    let sum = 0;
    const points = 8;
    for (let k = 0; k < counts.length * points; k++) {
      const m = 13.6 + (k + 0.5) / points * 0.01;
      const x = clusters.logLuminosity[i]! - relations.luminosity.intercept -
        relations.luminosity.slope *
          (pivot + parameters.luminositySlopeFactor * (m - pivot)) -
        Math.log10(parameters.luminosityBias);
      const y = t - u * (relations.temperature.slope * m + relations.temperature.intercept +
            Math.log10(parameters.temperatureBias)) -
        v * (relations.gasMass.slope * m + relations.gasMass.intercept +
            Math.log10(parameters.gasMassBias));
      const w = (clusters.logWeakLensingMass[i]! - m) / lensing;
      const misfit = (tt * x * x - 2 * lt * x * y + ll * y * y) / determinant + w * w;
      sum += counts[Math.floor(k / points)]! / points * Math.exp(-0.5 * misfit) /
        (Math.sqrt(determinant) * lensing);
    }
    return Math.log(sum);
  };
  const densities = createClusterDensities(MODELS["of one number"]!, clusters);
  const [a, b] = [PARAMETERS[2]!, { ...PARAMETERS[3]!, sigma8: PARAMETERS[2]!.sigma8 + 0.02 }];
  for (const i of [3, 20, 41]) {
    densities.evaluate(a);
    const atA = densities.lnDensity[i]!;
    densities.evaluate(b);
    assertAlmostEquals(densities.lnDensity[i]! - atA, density(b, i) - density(a, i), 0.01);
  }
});

/** Clusters expected by mass bin, interpolated in nothing. */
function volumeOf(parameters: CatalogParameters): Float64Array {
  const plan = {
    ...STANDARD_PLAN,
    priors: {
      ...STANDARD_PRIORS,
      sigma8: { min: parameters.sigma8, max: parameters.sigma8 + 0.01, step: 0.01 },
    },
  };
  const { bins, base } = prepareLikelihood(BASE, plan);
  const maker = prepareCatalogs(base, plan);
  const counts = maker.volumeCounts[0]!;
  const { slope, logMassBreak, slopePivot } = STANDARD_SURVEY;
  const l = BASE.relations.luminosity.slope;
  const turn = slopePivot +
    (l * (logMassBreak - slopePivot) - Math.log10(parameters.luminosityBias)) /
      (l * parameters.luminositySlopeFactor);
  return counts.map((count, i) => {
    const m = bins.logMassMin + (i + 0.5) * 0.01;
    return m < turn ? count * 10 ** (slope * (m - turn)) : count;
  });
}

Deno.test("the best single number is 2.7 times as much temperature as gas mass, with slope 1", () => {
  const { temperature, gasMass, scatter } = oneNumberOf(BASE);
  assertAlmostEquals(temperature / gasMass, 2.74, 0.15); // faithful.md, section 2
  const { relations } = BASE;
  assertAlmostEquals(
    temperature * relations.temperature.slope + gasMass * relations.gasMass.slope,
    1,
    1e-12,
  );
  const c = offsetCovariance(BASE);
  const variance = (u: number, v: number) => u * u * c[4]! + 2 * u * v * c[5]! + v * v * c[8]!;
  assertAlmostEquals(scatter ** 2, variance(temperature, gasMass), 1e-12);
  // Along the line of slope 1, both neighbors scatter more.
  for (const by of [-0.02, 0.02]) {
    const other = variance(
      temperature + by,
      gasMass - by * relations.temperature.slope / relations.gasMass.slope,
    );
    assertGreater(other, scatter ** 2);
  }
});

Deno.test("on a linear Gaussian toy the influence of each datum is the closed form", () => {
  // s ~ N(0, 1), x_i ~ N(s, 0.5^2): the posterior mean is precision-weighted.
  const x = [0.3, -0.4, 1.1, 0.6];
  const [prior, noise] = [1, 4];
  const precision = prior + noise * x.length;
  const meanOf = (values: number[]) =>
    noise * values.reduce((a, b) => a + b, 0) / (prior + noise * values.length);
  const random = createRandom(8);
  const width = 1.3 / Math.sqrt(precision);
  const center = meanOf(x);
  const s = Float64Array.from({ length: 200_000 }, () => center + width * random.normal());
  const raw = s.map((value) =>
    Math.exp(
      -0.5 * precision * (value - center) ** 2 + 0.5 * ((value - center) / width) ** 2,
    )
  );
  const total = raw.reduce((a, b) => a + b, 0);
  const lnDensity = new Float64Array(x.length);
  const derivatives = new Float64Array(x.length);
  const { mean, change, changeError, derivative, derivativeError, paretoK } = measureInfluence(
    s,
    raw.map((value) => value / total),
    {
      count: x.length,
      width: 1,
      lnDensity,
      derivatives,
      moveTo: (p) =>
        x.forEach((value, i) => {
          lnDensity[i] = -0.5 * noise * (value - s[p]!) ** 2;
          derivatives[i] = -noise * (value - s[p]!);
        }),
    },
  );
  assertAlmostEquals(mean, center, 0.003);
  for (const i of x.keys()) {
    const exact = meanOf(x.filter((_, k) => k !== i)) - center;
    assertLess(changeError[i]!, 0.003);
    assertAlmostEquals(change[i]!, exact, 4 * changeError[i]!);
    assertLess(derivativeError[i]!, 0.003);
    assertAlmostEquals(derivative[i]!, noise / precision, 4 * derivativeError[i]!);
    assertLess(paretoK[i]!, 0.5);
  }
});

Deno.test("the Pareto tail index is that of NumPy on powers of a known sequence", () => {
  // Zhang and Stephens's estimate with the weak prior on k, as arviz codes it, written in NumPy.
  const tail = createParetoTail();
  for (const [power, expected] of [[0.3, 0.30320337], [0.7, 0.67658284], [1.2, 1.14193288]]) {
    const weights = Float64Array.from(
      { length: 4000 },
      (_, i) => -power! * Math.log(1 - ((i + 1) * 0.6180339887498949) % 1),
    );
    assertAlmostEquals(tail.fit(weights), expected!, 1e-6);
  }
  assertEquals(tail.fit(new Float64Array(1000)), -Infinity);
  assertEquals(tail.fit(new Float64Array(10)), Infinity);
});

/** Long enough that a posterior mean is known to 1% of its width. */
const LONG = { walkers: 20, burnIn: 300, steps: 200, rounds: [3000, 5000, 30_000] };

/** Enough where two answers come from the same points. */
const SHORT = { walkers: 20, burnIn: 200, steps: 100, rounds: [2000, 3000] };

function answersOf(
  model: LikelihoodModel,
  clusters: ObservedClusters,
  name: string,
  sampling: PosteriorSampling = LONG,
): ExactAnswers {
  const answers = answerFor(model, clusters, RANDOM.fork(name), sampling);
  assert(!isGap(answers), "gap" in answers ? answers.gap : "");
  return answers;
}

for (const name of ["with weak lensing", "of one number without weak lensing"]) {
  Deno.test(`the exact leave-one-out ${name} is that of sampling the catalog anew without the cluster`, () => {
    const model = MODELS[name]!;
    for (const c of [0, 1]) {
      const clusters = catalogOf(c);
      const { leaveOneOut, posterior } = answersOf(model, clusters, "whole");
      const { change } = leaveOneOut as ExactLeaveOneOut;
      const heaviest = clusters.logMass.indexOf(Math.max(...clusters.logMass));
      const lightest = clusters.logMass.indexOf(Math.min(...clusters.logMass));
      for (const i of [heaviest, lightest]) {
        const densities = createClusterDensities(model, keep(clusters, (k) => k !== i));
        const { posterior: less } = samplePoints(densities, model, RANDOM.fork("less"), LONG);
        assert(hasConverged(less));
        const error = Math.hypot(
          posterior.standardDeviation / Math.sqrt(posterior.effectiveSamples),
          less.standardDeviation / Math.sqrt(less.effectiveSamples),
        );
        assertLess(error, 0.0005);
        assertAlmostEquals(change[i]!, less.mean - posterior.mean, 4 * error);
      }
      assertLess(change[heaviest]!, -0.001);
    }
  });
}

Deno.test("the exact sensitivities are finite differences of the reweighted posterior mean", () => {
  for (const name of ["with weak lensing", "of one number without weak lensing"]) {
    const model = MODELS[name]!;
    const clusters = keep(catalogOf(0), (i) => i < 20);
    const { sensitivities } = answersOf(model, clusters, "differences", SHORT);
    const densities = createClusterDensities(model, clusters);
    const { cloud, parametersAt } = samplePoints(
      densities,
      model,
      RANDOM.fork("differences"),
      SHORT,
    );
    const { points, weights, dimensions } = cloud;
    const [cluster, h] = [11, 1e-3];
    for (const observable of OBSERVABLES) {
      const moved = [-h, h].map((by) =>
        createClusterDensities(model, move(clusters, observable, cluster, by))
      );
      const means = moved.map((other) => {
        let [total, sum] = [0, 0];
        for (let p = 0; p < weights.length; p++) {
          if (!(weights[p]! > 0)) continue;
          const point = points.subarray(p * dimensions, (p + 1) * dimensions);
          densities.evaluate(parametersAt(point));
          other.evaluate(parametersAt(point));
          const w = weights[p]! *
            Math.exp(other.lnDensity[cluster]! - densities.lnDensity[cluster]!);
          total += w;
          sum += w * point[0]!;
        }
        return sum / total;
      });
      const found = sensitivities[observable];
      const expected = (means[1]! - means[0]!) / (2 * h);
      if (observable === "logWeakLensingMass" && name.includes("without")) {
        assertEquals(found, undefined);
      } else {
        const scale = Math.max(Math.abs(expected), 0.002);
        assertAlmostEquals(found!.slope[cluster]!, expected, 0.01 * scale);
      }
    }
  }
});

Deno.test("one number per cluster costs almost nothing: exact changes agree with those of everything", () => {
  const [all, one]: number[][] = [[], []];
  let unreliable = 0;
  for (const i of [0, 1, 2, 3]) {
    const answers = answerExactly(STANDARD, catalogOf(i), RANDOM.fork("both", i));
    assert(!isGap(answers.everything) && !isGap(answers.oneNumber));
    for (
      const [list, { leaveOneOut }] of [[all, answers.everything], [
        one,
        answers.oneNumber,
      ]] as const
    ) {
      const { change, paretoK } = leaveOneOut as ExactLeaveOneOut;
      unreliable += paretoK.filter((k) => k > PARETO_LIMIT).length;
      list!.push(...change);
    }
    const ratio = answers.oneNumber.posterior.standardDeviation /
      answers.everything.posterior.standardDeviation;
    assertAlmostEquals(ratio, 1, 0.1);
  }
  assertLess(unreliable / (2 * all!.length), 0.05);
  assertGreater(correlation(all!, one!), 0.95); // 0.974 in faithful.md, section 2
});

Deno.test("an exact answer that cannot be given is a gap with its reason", () => {
  const clusters = catalogOf(0);
  const single = answerExactly(STANDARD, keep(clusters, (i) => i === 0), RANDOM);
  assert(!isGap(single.oneNumber));
  assert(isGap(single.oneNumber.leaveOneOut));
  assertEquals(
    single.oneNumber.leaveOneOut.gap,
    "the catalog has one cluster, and without it there is none to learn from",
  );
  assertEquals(single.oneNumber.sensitivities.logTemperature!.slope.length, 1);

  const missing = answerExactly(
    STANDARD,
    { ...clusters, logTemperature: clusters.logTemperature.map((x, i) => i === 5 ? NaN : x) },
    RANDOM,
  );
  for (const answer of [missing.everything, missing.oneNumber]) {
    assert(isGap(answer));
    assertEquals(
      answer.gap,
      "Cannot take a likelihood: logTemperature of cluster 5 is NaN, should be finite",
    );
  }
  // A weak lensing mass that is not read may be missing.
  const unlensed = answerFor(
    MODELS["without weak lensing"]!,
    { ...clusters, logWeakLensingMass: clusters.logWeakLensingMass.map(() => NaN) },
    RANDOM,
  );
  assert(!isGap(unlensed));

  const short = { walkers: 20, burnIn: 5, steps: 5, rounds: [60] };
  const unconverged = answerExactly(STANDARD, clusters, RANDOM, short);
  assert(isGap(unconverged.everything));
  assert(unconverged.everything.gap.startsWith("the posterior has not converged: its points are"));

  const { logTemperature, logMass } = BASE.clusters;
  const { slope, intercept } = BASE.relations.temperature;
  const follows = logTemperature.map((_, i) =>
    slope * logMass[i]! + intercept + 0.3 * (BASE.clusters.logGasMass[i]! -
        BASE.relations.gasMass.slope * logMass[i]! - BASE.relations.gasMass.intercept)
  );
  const degenerate = {
    ...STANDARD,
    base: { ...BASE, clusters: { ...BASE.clusters, logTemperature: follows } },
  };
  const { oneNumber } = answerExactly(degenerate, clusters, RANDOM);
  assert(isGap(oneNumber));
  assert(oneNumber.gap.startsWith("Cannot combine temperature and gas mass: the offsets of one"));
});
