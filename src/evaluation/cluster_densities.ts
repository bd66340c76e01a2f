/**
 * The density of every cluster of a catalog under given parameters, and its derivatives to the
 * cluster's observables: the part of the likelihood that belongs to single clusters.
 *
 * Evaluated tens of thousands of times per catalog, so that nothing in here makes a new array.
 */
import type { MixtureComponent } from "../numerics/gaussian_mixture.ts";
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import type { CatalogParameters } from "../catalogs/priors.ts";
import { scatterInDex } from "../catalogs/priors.ts";
import { createCountsReader } from "./expected_counts.ts";
import type { LikelihoodModel } from "./likelihood_model.ts";
import type { OneNumber } from "./one_number.ts";
import { createSmearing } from "./smeared_counts.ts";

/** Observables by which a density is differentiated, in the order of the derivatives. */
export const OBSERVABLES = [
  "logLuminosity",
  "logTemperature",
  "logGasMass",
  "logWeakLensingMass",
] as const;

/** Densities of the clusters of one catalog; arrays are overwritten at each evaluation. */
export interface ClusterDensities {
  /** Number of clusters. */
  readonly count: number;
  /** ln f of each cluster up to a constant of the cluster, [count]. */
  readonly lnDensity: Float64Array;
  /** d ln f / d observable, cluster after cluster in the order of OBSERVABLES, [count x 4]. */
  readonly derivatives: Float64Array;
  /**
   * Evaluates all densities.
   *
   * @param derive Whether to compute the derivatives as well
   * @returns ln L up to a constant of the catalog; -Infinity for a sigma8 outside the table, where
   * the arrays are left as they were
   */
  evaluate(parameters: CatalogParameters, derive?: boolean): number;
}

/**
 * An evaluator of one catalog's densities.
 *
 * @param model From `prepareLikelihood`
 * @param clusters The catalog, one cluster or more; true masses are not read
 * @throws {RangeError} If the catalog has no clusters or a value that is read is not finite
 */
export function createClusterDensities(
  model: LikelihoodModel,
  clusters: ObservedClusters,
): ClusterDensities {
  const isLensed = model.weakLensing === "with weak lensing";
  checkClusters(clusters, isLensed);
  const { count } = clusters;
  const lnDensity = new Float64Array(count);
  const derivatives = new Float64Array(4 * count);
  const readCounts = createCountsReader(model);
  const parts = model.scatter.map((component) =>
    createPart({ model, component, clusters, isLensed })
  );
  const evaluate = (parameters: CatalogParameters, derive = false): number => {
    const counts = readCounts(parameters);
    if (!counts) return -Infinity;
    for (const part of parts) part.evaluate(parameters, counts, derive);
    if (parts.length === 1) {
      lnDensity.set(parts[0]!.lnDensity);
      if (derive) derivatives.set(parts[0]!.derivatives);
    } else combineParts(parts, { lnDensity, derivatives }, derive);
    let sum = -parts[0]!.total;
    for (let i = 0; i < count; i++) sum += lnDensity[i]!;
    return sum;
  };
  return { count, lnDensity, derivatives, evaluate };
}

/** Where a catalog's densities come from. */
interface PartSource {
  readonly model: LikelihoodModel;
  readonly component: MixtureComponent;
  readonly clusters: ObservedClusters;
  readonly isLensed: boolean;
}

/** The densities under one Gaussian of the scatter, including its weight. */
interface DensityPart {
  readonly lnDensity: Float64Array;
  readonly derivatives: Float64Array;
  /** Number of clusters expected in the whole survey. */
  readonly total: number;
  evaluate(parameters: CatalogParameters, counts: Float64Array, derive: boolean): void;
}

function createPart({ model, component, clusters, isLensed }: PartSource): DensityPart {
  const { count, logLuminosity, logTemperature, logGasMass, logWeakLensingMass } = clusters;
  const lnDensity = new Float64Array(count);
  const derivatives = new Float64Array(4 * count);
  const smearing = createSmearing(model.bins.logMassMin);
  const form = new Float64Array(6);
  const slopes = new Float64Array(3);
  const intercepts = new Float64Array(3);
  const lnWeight = Math.log(component.weight);
  const evaluate = (parameters: CatalogParameters, counts: Float64Array, derive: boolean) => {
    setRelations(slopes, intercepts, model, parameters);
    shiftByMean(intercepts, component.mean, parameters);
    const lnDeterminant = setForm(form, component.covariance, model.oneNumber, parameters);
    const [a, b, d] = [form[0]!, form[1]!, form[2]!];
    const [e, f, g] = [form[3]!, form[4]!, form[5]!];
    const [sx, sy, sz] = [slopes[0]!, slopes[1]!, slopes[2]!];
    const wx = a * sx + b * sy + d * sz;
    const wy = b * sx + e * sy + f * sz;
    const wz = d * sx + f * sy + g * sz;
    const precision = wx * sx + wy * sy + wz * sz;
    const lensing = isLensed ? scatterInDex(parameters.weakLensingScatter) ** 2 : Infinity;
    const lensingPrecision = 1 / lensing;
    const share = lensingPrecision / (precision + lensingPrecision);
    const pullPrecision = isLensed ? 1 / (lensing + 1 / precision) : 0;
    const normalization = lnDeterminant + Math.log(precision) -
      (isLensed ? Math.log(pullPrecision) : 0);
    smearing.smear(counts, 1 / Math.sqrt(precision + lensingPrecision));
    for (let i = 0; i < count; i++) {
      const x = logLuminosity[i]! - intercepts[0]!;
      const y = logTemperature[i]! - intercepts[1]!;
      const z = logGasMass[i]! - intercepts[2]!;
      const fx = a * x + b * y + d * z;
      const fy = b * x + e * y + f * z;
      const fz = d * x + f * y + g * z;
      const mass = (wx * x + wy * y + wz * z) / precision;
      const misfit = fx * x + fy * y + fz * z - precision * mass * mass;
      const pull = isLensed ? logWeakLensingMass[i]! - mass : 0;
      const best = isLensed ? mass + pull * share : mass;
      lnDensity[i] = smearing.lnAt(best) -
        0.5 * (misfit + pull * pull * pullPrecision + normalization) + lnWeight;
      if (!derive) continue;
      const slope = smearing.slopeAt(best);
      const perMass = (pull * pullPrecision + slope * (1 - share)) / precision + mass;
      derivatives[4 * i] = wx * perMass - fx;
      derivatives[4 * i + 1] = wy * perMass - fy;
      derivatives[4 * i + 2] = wz * perMass - fz;
      derivatives[4 * i + 3] = isLensed ? slope * share - pull * pullPrecision : 0;
    }
  };
  return {
    lnDensity,
    derivatives,
    get total() {
      return smearing.total;
    },
    evaluate,
  };
}

/** Sums the parts' densities; derivatives of ln f are means of theirs by their shares. */
function combineParts(
  parts: readonly DensityPart[],
  { lnDensity, derivatives }: Pick<ClusterDensities, "lnDensity" | "derivatives">,
  derive: boolean,
): void {
  for (let i = 0; i < lnDensity.length; i++) {
    let most = -Infinity;
    for (const part of parts) most = Math.max(most, part.lnDensity[i]!);
    let sum = 0;
    for (const part of parts) sum += Math.exp(part.lnDensity[i]! - most);
    const ln = most + Math.log(sum);
    lnDensity[i] = ln;
    if (!derive) continue;
    for (let k = 4 * i; k < 4 * i + 4; k++) {
      derivatives[k] = 0;
      for (const part of parts) {
        derivatives[k]! += Math.exp(part.lnDensity[i]! - ln) * part.derivatives[k]!;
      }
    }
  }
}

/** Moves the relations by a component's mean offsets, which the scatter factors scale. */
function shiftByMean(
  intercepts: Float64Array,
  mean: ArrayLike<number>,
  parameters: CatalogParameters,
): void {
  intercepts[0]! += mean[0]! * parameters.luminosityScatterFactor;
  intercepts[1]! += mean[1]! * parameters.temperatureScatterFactor;
  intercepts[2]! += mean[2]! * parameters.gasMassScatterFactor;
}

/** Sets the catalog's own relations, log X = slope m + intercept (section 2.2.2). */
function setRelations(
  slopes: Float64Array,
  intercepts: Float64Array,
  { base: { relations: { luminosity, temperature, gasMass } }, plan }: LikelihoodModel,
  parameters: CatalogParameters,
): void {
  const tilt = luminosity.slope * (parameters.luminositySlopeFactor - 1);
  slopes[0] = luminosity.slope + tilt;
  slopes[1] = temperature.slope;
  slopes[2] = gasMass.slope;
  intercepts[0] = luminosity.intercept - tilt * plan.survey.slopePivot +
    Math.log10(parameters.luminosityBias);
  intercepts[1] = temperature.intercept + Math.log10(parameters.temperatureBias);
  intercepts[2] = gasMass.intercept + Math.log10(parameters.gasMassBias);
}

/**
 * The inverse covariance of the offsets from the relations, both triangles' six numbers by rows.
 * Where one number t = u log T + v log Mgas is seen, it is A' (A C A')^-1 A, with A the map to
 * (log L_X, t): a form of rank 2.
 *
 * @returns ln of the determinant of C or A C A'
 */
function setForm(
  form: Float64Array,
  c: Float64Array,
  oneNumber: OneNumber | null,
  parameters: CatalogParameters,
): number {
  const { luminosityScatterFactor: p, temperatureScatterFactor: q } = parameters;
  const { gasMassScatterFactor: r } = parameters;
  const [a, b, d] = [c[0]! * p * p, c[1]! * p * q, c[2]! * p * r];
  const [e, f, g] = [c[4]! * q * q, c[5]! * q * r, c[8]! * r * r];
  if (oneNumber) {
    const { temperature: u, gasMass: v } = oneNumber;
    const cross = u * b + v * d;
    const variance = u * u * e + 2 * u * v * f + v * v * g;
    const determinant = a * variance - cross * cross;
    const [ll, lt, tt] = [variance / determinant, -cross / determinant, a / determinant];
    form[0] = ll;
    form[1] = u * lt;
    form[2] = v * lt;
    form[3] = u * u * tt;
    form[4] = u * v * tt;
    form[5] = v * v * tt;
    return Math.log(determinant);
  }
  form[0] = e * g - f * f;
  form[1] = d * f - b * g;
  form[2] = b * f - d * e;
  form[3] = a * g - d * d;
  form[4] = b * d - a * f;
  form[5] = a * e - b * b;
  const determinant = a * form[0]! + b * form[1]! + d * form[2]!;
  for (let k = 0; k < 6; k++) form[k]! /= determinant;
  return Math.log(determinant);
}

function checkClusters(clusters: ObservedClusters, isLensed: boolean): void {
  if (clusters.count < 1) {
    throw new RangeError(
      "Cannot take a likelihood: the catalog has 0 clusters, should have 1 or more",
    );
  }
  for (const name of OBSERVABLES) {
    if (name === "logWeakLensingMass" && !isLensed) continue;
    const at = clusters[name].findIndex((value) => !Number.isFinite(value));
    if (at >= 0) {
      throw new RangeError(
        `Cannot take a likelihood: ${name} of cluster ${at} is ${clusters[name][at]}, ` +
          "should be finite",
      );
    }
  }
}
