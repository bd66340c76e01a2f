/**
 * The likelihood of a mock catalog, which the paper does without: how much there is to know about
 * sigma8. Clusters are an inhomogeneous Poisson process in mass, seen through power laws with
 * correlated Gaussian scatter (Table 2) and a weak lensing mass (Eq. 2); the true masses are
 * integrated out. The density at the observables of cluster i, with lambda(m) the expected clusters
 * a dex at log mass m (Eq. 3), is
 *
 *     f_i = integral of lambda(m) N(x_i; alpha m + beta, C) N(w_i; m, s^2) dm,
 *
 * and ln L = sum ln f_i - integral of lambda. Selection acts on mass, so x and w do not enter it.
 * It is a property of the mocks, not of real surveys: scatter drawn from the base sample's clusters
 * is only nearly Gaussian, and gas profiles are left out.
 *
 * @module
 */
import type { BaseSample } from "../clusters/base_sample.ts";
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import { scalingOffsets } from "../clusters/scaling_relation.ts";
import { createPowerSpectrum } from "../cosmology/power_spectrum.ts";
import { massBins, selectCounts, volumeCounts } from "../catalogs/abundance.ts";
import type { MassBins } from "../catalogs/abundance.ts";
import type { CatalogPlan } from "../catalogs/catalog.ts";
import type { CatalogParameters } from "../catalogs/priors.ts";
import { scatterInDex } from "../catalogs/priors.ts";
import { breakLogMass, checkSurvey } from "../catalogs/survey.ts";
import { smearCounts } from "./smeared_counts.ts";

/** Whether the likelihood reads weak lensing masses (Standard) or not (No WL). */
export type WeakLensingUse = "with weak lensing" | "without weak lensing";

/** What the likelihood of every catalog of a plan shares. */
export interface LikelihoodModel {
  /** The sample that the catalogs are drawn from. */
  readonly base: BaseSample;
  /** How they are drawn. */
  readonly plan: CatalogPlan;
  /** Whether weak lensing masses are read. */
  readonly weakLensing: WeakLensingUse;
  /** Mass bins of {@linkcode LikelihoodModel.lnCounts}. */
  readonly bins: MassBins;
  /** Where {@linkcode LikelihoodModel.lnCounts} is tabulated, ascending, equally spaced. */
  readonly sigma8: Float64Array;
  /** ln of the clusters in the volume by mass bin, an array for each of `sigma8`. */
  readonly lnCounts: readonly Float64Array[];
  /** Covariance of the base sample's offsets in log L_X, log T, log Mgas [dex^2], row-major. */
  readonly covariance: Float64Array;
}

/** ln n(M) against sigma8 is then interpolated to 3e-4. */
const SIGMA8_STEP = 0.005;

/**
 * Works out, once for all catalogs of a plan, what their likelihoods share.
 *
 * @param base The sample that the catalogs were drawn from
 * @param plan Their survey, priors and mass function; the recipe must be "neighbor"
 * @param weakLensing Whether weak lensing masses are read
 * @throws {RangeError} If the survey is out of range, the sigma8 prior has no width, or the recipe
 * is another
 */
export function prepareLikelihood(
  base: BaseSample,
  plan: CatalogPlan,
  weakLensing: WeakLensingUse = "with weak lensing",
): LikelihoodModel {
  checkSurvey(plan.survey);
  const { min, max, step } = plan.priors.sigma8;
  if (!(max > min)) {
    throw new RangeError(
      `Cannot prepare the likelihood: sigma8 runs from ${min} to ${max}, a prior of some width ` +
        "is needed",
    );
  }
  if (plan.recipe !== "neighbor") {
    throw new RangeError(
      `Cannot prepare the likelihood: the recipe is "${plan.recipe}", only "neighbor" has one`,
    );
  }
  const bins = massBins(plan.survey);
  const nodes = Math.ceil((max - min + step) / SIGMA8_STEP) + 1;
  const sigma8 = Float64Array.from(
    { length: nodes },
    (_, i) => min - step / 2 + i * SIGMA8_STEP,
  );
  const spectrum = createPowerSpectrum(base.cosmology); // its shape is that of every sigma8
  const lnCounts = Array.from(sigma8, (value) => {
    const cosmology = { ...base.cosmology, sigma8: value };
    return volumeCounts(plan.survey, bins, cosmology, plan.massFunction, spectrum).map(Math.log);
  });
  return {
    base,
    plan,
    weakLensing,
    bins,
    sigma8,
    lnCounts,
    covariance: offsetCovariance(base),
  };
}

/** Covariance of the offsets from the fitted relations, luminosity, temperature, gas mass. */
function offsetCovariance({ clusters, relations }: BaseSample): Float64Array {
  const { luminosity, temperature, gasMass } = scalingOffsets(clusters, relations);
  const offsets = [luminosity, temperature, gasMass];
  return Float64Array.from({ length: 9 }, (_, k) => {
    const [a, b] = [offsets[Math.floor(k / 3)]!, offsets[k % 3]!];
    return a.reduce((sum, value, i) => sum + value * b[i]!, 0) / clusters.count;
  });
}

/**
 * The log likelihood of one catalog as a function of its parameters.
 *
 * @example sigma8 that the catalog was made with is likelier than one far off
 * ```ts
 * import {
 *   catalogLnLikelihood, createRandom, drawBaseSample, drawCatalog, drawParameters,
 *   prepareCatalogs, prepareLikelihood, STANDARD_PRIORS, STANDARD_SURVEY,
 * } from "@clusters/terse";
 * import { assertGreater } from "@std/assert";
 *
 * const random = createRandom(1);
 * const base = drawBaseSample(random);
 * const plan = { survey: STANDARD_SURVEY, priors: STANDARD_PRIORS } as const;
 * const full = { ...plan, massFunction: "tinker08", recipe: "neighbor" } as const;
 * const parameters = { ...drawParameters(STANDARD_PRIORS, 1, random)[0]!, sigma8: 0.8 };
 * const { clusters } = drawCatalog(prepareCatalogs(base, full), parameters, random);
 * const lnLikelihood = catalogLnLikelihood(prepareLikelihood(base, full), clusters);
 * assertGreater(lnLikelihood(parameters), lnLikelihood({ ...parameters, sigma8: 0.72 }));
 * ```
 *
 * @param model From {@linkcode prepareLikelihood}
 * @param clusters The catalog, one cluster or more; true masses are not read
 * @returns ln L up to a constant of the catalog; sigma8 outside the table gives -Infinity
 * @throws {RangeError} If the catalog has no clusters or a value is not finite
 */
export function catalogLnLikelihood(
  model: LikelihoodModel,
  clusters: ObservedClusters,
): (parameters: CatalogParameters) => number {
  checkClusters(clusters);
  const { relations } = model.base;
  const observed = [clusters.logLuminosity, clusters.logTemperature, clusters.logGasMass] as const;
  const intercepts = new Float64Array(3);
  const slopes = new Float64Array(3);
  return (parameters) => {
    const counts = expectedBinCounts(model, parameters);
    if (!counts) return -Infinity;
    setRelations(slopes, intercepts, relations, parameters, model.plan.survey.slopePivot);
    const inverse = invert(scaleCovariance(model.covariance, parameters));
    const weights = multiply(inverse.matrix, slopes);
    const precision = dot(weights, slopes);
    const lensing = model.weakLensing === "with weak lensing"
      ? scatterInDex(parameters.weakLensingScatter) ** 2
      : Infinity;
    const lensingPrecision = 1 / lensing;
    const density = smearCounts(
      counts,
      model.bins.logMassMin,
      1 / Math.sqrt(precision + lensingPrecision),
    );
    let sum = -density.total;
    const residual = new Float64Array(3);
    for (let i = 0; i < clusters.count; i++) {
      for (let k = 0; k < 3; k++) residual[k] = observed[k]![i]! - intercepts[k]!;
      const mass = dot(weights, residual) / precision;
      const misfit = quadratic(inverse.matrix, residual) - precision * mass * mass;
      sum -= 0.5 * misfit;
      let best = mass;
      if (lensingPrecision > 0) {
        const pull = clusters.logWeakLensingMass[i]! - mass;
        const variance = lensing + 1 / precision;
        sum -= 0.5 * (pull * pull / variance + Math.log(variance));
        best += pull * lensingPrecision / (precision + lensingPrecision);
      }
      sum += density.lnAt(best);
    }
    return sum - 0.5 * clusters.count * (inverse.lnDeterminant + Math.log(precision));
  };
}

function checkClusters(clusters: ObservedClusters): void {
  if (clusters.count < 1) {
    throw new RangeError("Cannot take a likelihood: the catalog has 0 clusters, it needs some");
  }
  for (
    const name of [
      "logLuminosity",
      "logTemperature",
      "logGasMass",
      "logWeakLensingMass",
    ] as const
  ) {
    const at = clusters[name].findIndex((value) => !Number.isFinite(value));
    if (at >= 0) {
      throw new RangeError(
        `Cannot take a likelihood: ${name} of cluster ${at} is ${clusters[name][at]}, ` +
          "should be finite",
      );
    }
  }
}

/** Expected clusters by mass bin, the volume's interpolated in sigma8; null outside the table. */
function expectedBinCounts(
  { plan, base, bins, sigma8, lnCounts }: LikelihoodModel,
  parameters: CatalogParameters,
): Float64Array | null {
  const place = (parameters.sigma8 - sigma8[0]!) / SIGMA8_STEP;
  const node = Math.min(Math.floor(place), sigma8.length - 2);
  if (!(place >= 0 && place <= sigma8.length - 1)) return null;
  const fraction = place - node;
  const [low, high] = [lnCounts[node]!, lnCounts[node + 1]!];
  const counts = low.map((value, i) => Math.exp(value + fraction * (high[i]! - value)));
  const logMassBreak = breakLogMass(plan.survey, base.relations.luminosity, parameters);
  return selectCounts(plan.survey, bins, counts, logMassBreak);
}

/** log X = slope m + intercept of the catalog's own relations (section 2.2.2). */
function setRelations(
  slopes: Float64Array,
  intercepts: Float64Array,
  { luminosity, temperature, gasMass }: BaseSample["relations"],
  parameters: CatalogParameters,
  slopePivot: number,
): void {
  const tilt = luminosity.slope * (parameters.luminositySlopeFactor - 1);
  slopes[0] = luminosity.slope + tilt;
  slopes[1] = temperature.slope;
  slopes[2] = gasMass.slope;
  intercepts[0] = luminosity.intercept - tilt * slopePivot + Math.log10(parameters.luminosityBias);
  intercepts[1] = temperature.intercept + Math.log10(parameters.temperatureBias);
  intercepts[2] = gasMass.intercept + Math.log10(parameters.gasMassBias);
}

function scaleCovariance(covariance: Float64Array, parameters: CatalogParameters): Float64Array {
  const factors = [
    parameters.luminosityScatterFactor,
    parameters.temperatureScatterFactor,
    parameters.gasMassScatterFactor,
  ];
  return covariance.map((value, k) => value * factors[Math.floor(k / 3)]! * factors[k % 3]!);
}

/** Inverse and ln determinant of a symmetric positive 3x3 matrix, by cofactors. */
function invert(c: Float64Array): { matrix: Float64Array; lnDeterminant: number } {
  const [a, b, d, , e, f, , , g] = c as unknown as number[];
  const cofactors = [
    e! * g! - f! * f!,
    d! * f! - b! * g!,
    b! * f! - d! * e!,
    a! * g! - d! * d!,
    b! * d! - a! * f!,
    a! * e! - b! * b!,
  ];
  const determinant = a! * cofactors[0]! + b! * cofactors[1]! + d! * cofactors[2]!;
  const [p, q, r, s, t, u] = cofactors.map((value) => value / determinant);
  return {
    matrix: Float64Array.of(p!, q!, r!, q!, s!, t!, r!, t!, u!),
    lnDeterminant: Math.log(determinant),
  };
}

function multiply(matrix: Float64Array, v: Float64Array): Float64Array {
  return v.map((_, k) =>
    matrix[3 * k]! * v[0]! + matrix[3 * k + 1]! * v[1]! + matrix[3 * k + 2]! * v[2]!
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
}

function quadratic(m: Float64Array, v: Float64Array): number {
  const [x, y, z] = [v[0]!, v[1]!, v[2]!];
  return m[0]! * x * x + m[4]! * y * y + m[8]! * z * z +
    2 * (m[1]! * x * y + m[2]! * x * z + m[5]! * y * z);
}
