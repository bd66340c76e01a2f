/** The likelihood where scatter has a tail: against brute force, finite differences and calibration. */
import { assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { MASS_BIN } from "../src/catalogs/abundance.ts";
import type { CatalogPlan } from "../src/catalogs/catalog.ts";
import { drawCatalog, expectedCounts, prepareCatalogs } from "../src/catalogs/catalog.ts";
import type { CatalogParameters } from "../src/catalogs/priors.ts";
import { drawParameters, STANDARD_PRIORS } from "../src/catalogs/priors.ts";
import { STANDARD_SURVEY } from "../src/catalogs/survey.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { createClusterDensities, OBSERVABLES } from "../src/evaluation/cluster_densities.ts";
import type { LikelihoodModel } from "../src/evaluation/likelihood_model.ts";
import { prepareLikelihood } from "../src/evaluation/likelihood_model.ts";
import { createRandom } from "../src/numerics/random.ts";

const PLAN: CatalogPlan = {
  survey: { ...STANDARD_SURVEY, redshift: 0.10114286 },
  priors: STANDARD_PRIORS,
  massFunction: "tinker08",
  recipe: "neighbor",
};
const RANDOM = createRandom(4);
const BASE = drawBaseSample(RANDOM, "measured");
const MAKER = prepareCatalogs(BASE, PLAN);
const MODEL = prepareLikelihood(BASE, PLAN, "with weak lensing", "mixture");
const PARAMETERS = drawParameters(PLAN.priors, 12, RANDOM.fork("parameters"));

Deno.test("the measured stand-in has a tail of its own, and Table 2's has none", () => {
  assertGreater(MODEL.scatter.length, 1);
  const plain = prepareLikelihood(drawBaseSample(RANDOM), PLAN);
  const gaussian = prepareLikelihood(
    drawBaseSample(RANDOM),
    PLAN,
    "with weak lensing",
    "gaussian",
  );
  assertEquals(plain.scatter, gaussian.scatter);
});

Deno.test("a Gaussian cut in two equal parts is the Gaussian", () => {
  const whole = prepareLikelihood(BASE, PLAN, "with weak lensing", "gaussian");
  const [gaussian] = whole.scatter;
  const parts = [0.3, 0.7].map((weight) => ({ ...gaussian!, weight }));
  const { clusters } = drawCatalog(MAKER, PARAMETERS[0]!, RANDOM.fork("catalog", 0));
  const evaluate = (model: LikelihoodModel) => {
    const densities = createClusterDensities(model, clusters);
    return { sum: densities.evaluate(PARAMETERS[1]!, true), ...densities };
  };
  const [one, two] = [evaluate(whole), evaluate({ ...whole, scatter: parts })];
  assertAlmostEquals(one.sum, two.sum, 1e-8);
  one.derivatives.forEach((value, k) => assertAlmostEquals(two.derivatives[k]!, value, 1e-7));
});

/** ln density of one cluster by a sum over fine steps in mass and over the components. */
function bruteForce(
  model: LikelihoodModel,
  parameters: CatalogParameters,
  observed: readonly number[],
): number {
  const counts = expectedCounts(MAKER, parameters);
  const { luminosity, temperature, gasMass } = BASE.relations;
  const tilt = luminosity.slope * (parameters.luminositySlopeFactor - 1);
  const factors = [
    parameters.luminosityScatterFactor,
    parameters.temperatureScatterFactor,
    parameters.gasMassScatterFactor,
  ];
  const lensing = parameters.weakLensingScatter / Math.LN10;
  let sum = 0;
  const points = 10;
  for (let step = 0; step < counts.length * points; step++) {
    const m = model.bins.logMassMin + (step + 0.5) * MASS_BIN / points;
    const lambda = counts[Math.floor(step / points)]! / MASS_BIN;
    const expected = [
      luminosity.slope * m + luminosity.intercept + tilt * (m - PLAN.survey.slopePivot) +
      Math.log10(parameters.luminosityBias),
      temperature.slope * m + temperature.intercept + Math.log10(parameters.temperatureBias),
      gasMass.slope * m + gasMass.intercept + Math.log10(parameters.gasMassBias),
    ];
    for (const { weight, mean, covariance } of model.scatter) {
      const x = expected.map((value, k) => observed[k]! - value - factors[k]! * mean[k]!);
      const c = Array.from(
        covariance,
        (value, k) => value * factors[Math.floor(k / 3)]! * factors[k % 3]!,
      );
      const [quadratic, determinant] = solve3(c, x);
      const w = (observed[3]! - m) / lensing;
      sum += weight * lambda * Math.exp(-0.5 * (quadratic + w * w)) /
        (Math.sqrt(determinant) * lensing) * MASS_BIN / points;
    }
  }
  return Math.log(sum);
}

/** x' C^-1 x and the determinant of a 3 x 3 matrix, by cofactors. */
function solve3(c: readonly number[], x: readonly number[]): [number, number] {
  const minor = (r: number, k: number) => {
    const [r1, r2] = [0, 1, 2].filter((i) => i !== r) as [number, number];
    const [k1, k2] = [0, 1, 2].filter((i) => i !== k) as [number, number];
    return (c[3 * r1 + k1]! * c[3 * r2 + k2]! - c[3 * r1 + k2]! * c[3 * r2 + k1]!) *
      ((r + k) % 2 ? -1 : 1);
  };
  const determinant = [0, 1, 2].reduce((sum, k) => sum + c[k]! * minor(0, k), 0);
  let quadratic = 0;
  for (let r = 0; r < 3; r++) {
    for (let k = 0; k < 3; k++) quadratic += x[r]! * x[k]! * minor(r, k) / determinant;
  }
  return [quadratic, determinant];
}

Deno.test("densities with a tail differ from cluster to cluster as brute force has it", () => {
  const { clusters } = drawCatalog(MAKER, PARAMETERS[2]!, RANDOM.fork("catalog", 2));
  const densities = createClusterDensities(MODEL, clusters);
  for (const parameters of [PARAMETERS[2]!, PARAMETERS[3]!]) {
    densities.evaluate(parameters);
    const found = [0, 3, 7].map((i) => densities.lnDensity[i]!);
    const wanted = [0, 3, 7].map((i) =>
      bruteForce(MODEL, parameters, OBSERVABLES.map((name) => clusters[name][i]!))
    );
    for (const k of [1, 2]) {
      assertAlmostEquals(found[k]! - found[0]!, wanted[k]! - wanted[0]!, 0.02);
    }
  }
});

Deno.test("derivatives with a tail are finite differences", () => {
  const { clusters } = drawCatalog(MAKER, PARAMETERS[4]!, RANDOM.fork("catalog", 4));
  const densities = createClusterDensities(MODEL, clusters);
  densities.evaluate(PARAMETERS[5]!, true);
  const derivatives = densities.derivatives.slice();
  const step = 1e-4;
  OBSERVABLES.forEach((name, k) => {
    const at = (shift: number) => {
      const moved = { ...clusters, [name]: clusters[name].map((value) => value + shift) };
      const moving = createClusterDensities(MODEL, moved);
      moving.evaluate(PARAMETERS[5]!);
      return moving.lnDensity;
    };
    const [up, down] = [at(step), at(-step)];
    for (let i = 0; i < clusters.count; i++) {
      const slope = (up[i]! - down[i]!) / (2 * step);
      assertAlmostEquals(derivatives[4 * i + k]!, slope, 0.004 * Math.max(1, Math.abs(slope)));
    }
  });
});

Deno.test("catalogs with a tail are likelier under the mixture, where they were drawn", () => {
  const gaussian = prepareLikelihood(BASE, PLAN, "with weak lensing", "gaussian");
  const gains = PARAMETERS.slice(0, 12).map((parameters, i) => {
    const { clusters } = drawCatalog(MAKER, parameters, RANDOM.fork("gain", i));
    const lnLikelihood = (model: LikelihoodModel) =>
      createClusterDensities(model, clusters).evaluate(parameters);
    return lnLikelihood(MODEL) - lnLikelihood(gaussian);
  });
  assertGreater(gains.reduce((sum, gain) => sum + gain, 0) / gains.length, 10);
  assertGreater(Math.min(...gains), 0);
});
