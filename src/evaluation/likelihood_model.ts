/**
 * The part of the likelihood that all catalogs of a plan share: expected counts by mass and sigma8,
 * the scatter of the observables, and the choice of observables.
 */
import type { BaseSample } from "../clusters/base_sample.ts";
import { createPowerSpectrum } from "../cosmology/power_spectrum.ts";
import { massBins, volumeCounts } from "../catalogs/abundance.ts";
import type { CatalogPlan } from "../catalogs/catalog.ts";
import { checkSurvey } from "../catalogs/survey.ts";
import { scalingOffsets } from "../clusters/scaling_relation.ts";
import type { MixtureComponent } from "../numerics/gaussian_mixture.ts";
import { chooseGaussianMixture } from "../numerics/gaussian_mixture.ts";
import type { CountsTable } from "./expected_counts.ts";
import { SIGMA8_STEP } from "./expected_counts.ts";
import type { OneNumber } from "./one_number.ts";
import { offsetCovariance, oneNumberOf } from "./one_number.ts";

/** Whether the likelihood reads weak lensing masses (Standard) or not (No WL). */
export type WeakLensingUse = "with weak lensing" | "without weak lensing";

/**
 * The form of the observables' scatter: one Gaussian with the covariance of the base sample's
 * offsets, or a mixture of up to three, as many as held-out clusters prefer.
 */
export type ScatterForm = "gaussian" | "mixture";

/** Most Gaussians of a mixture. */
const MOST_COMPONENTS = 3;

/**
 * The distribution of a base sample's offsets from its relations.
 *
 * @throws {RangeError} If a mixture is asked for and the offsets have no scatter in a direction
 */
function describeScatter(base: BaseSample, form: ScatterForm): MixtureComponent[] {
  const gaussian = { weight: 1, mean: new Float64Array(3), covariance: offsetCovariance(base) };
  if (form === "gaussian") return [gaussian];
  const { luminosity, temperature, gasMass } = scalingOffsets(base.clusters, base.relations);
  const rows = Array.from(luminosity, (l, i) => [l, temperature[i]!, gasMass[i]!]);
  const mixture = chooseGaussianMixture(rows, MOST_COMPONENTS);
  return mixture.length === 1 ? [gaussian] : mixture;
}

/** The part of the likelihood that all catalogs of a plan share. */
export interface LikelihoodModel extends CountsTable {
  /** Whether weak lensing masses are read. */
  readonly weakLensing: WeakLensingUse;
  /**
   * Distribution of the base sample's offsets in log L_X, log T, log Mgas [dex]: one Gaussian, or
   * several where it has a tail. Scatter factors scale means and widths alike.
   */
  readonly scatter: readonly MixtureComponent[];
  /** The number that replaces log T and log Mgas; `null` where both are read. */
  readonly oneNumber: OneNumber | null;
}

/**
 * Computes, once for all catalogs of a plan, what their likelihoods share.
 *
 * @param base The sample from which the catalogs were drawn
 * @param plan Their survey, priors and mass function; the recipe must be "neighbor"
 * @param weakLensing Whether weak lensing masses are read
 * @param scatter Form of the scatter about the relations; "mixture" if left out, which is one
 *   Gaussian where held-out clusters gain nothing from more
 * @throws {RangeError} If the survey is out of range, the sigma8 prior has no width, or the recipe
 * is another
 */
export function prepareLikelihood(
  base: BaseSample,
  plan: CatalogPlan,
  weakLensing: WeakLensingUse = "with weak lensing",
  scatter: ScatterForm = "mixture",
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
    scatter: describeScatter(base, scatter),
    oneNumber: null,
  };
}

/**
 * The model of the same catalogs as a network with one terse value per cluster sees them at best:
 * log T and log Mgas are replaced by their best combination. log L_X and weak lensing masses stay.
 *
 * @throws {RangeError} See {@linkcode oneNumberOf}
 */
export function seeOneNumber(model: LikelihoodModel): LikelihoodModel {
  return { ...model, oneNumber: oneNumberOf(model.base) };
}
