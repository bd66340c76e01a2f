/**
 * What the likelihoods of all catalogs of a plan share: expected counts by mass and sigma8, the
 * scatter of the observables, and which observables are read.
 *
 * @module
 */
import type { BaseSample } from "../clusters/base_sample.ts";
import { createPowerSpectrum } from "../cosmology/power_spectrum.ts";
import { massBins, volumeCounts } from "../catalogs/abundance.ts";
import type { CatalogPlan } from "../catalogs/catalog.ts";
import { checkSurvey } from "../catalogs/survey.ts";
import type { CountsTable } from "./expected_counts.ts";
import { SIGMA8_STEP } from "./expected_counts.ts";
import type { OneNumber } from "./one_number.ts";
import { offsetCovariance, oneNumberOf } from "./one_number.ts";

/** Whether the likelihood reads weak lensing masses (Standard) or not (No WL). */
export type WeakLensingUse = "with weak lensing" | "without weak lensing";

/** What the likelihood of every catalog of a plan shares. */
export interface LikelihoodModel extends CountsTable {
  /** Whether weak lensing masses are read. */
  readonly weakLensing: WeakLensingUse;
  /** Covariance of the base sample's offsets in log L_X, log T, log Mgas [dex^2], row-major. */
  readonly covariance: Float64Array;
  /** Seen in place of log T and log Mgas; `null` where both are seen. */
  readonly oneNumber: OneNumber | null;
}

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
    oneNumber: null,
  };
}

/**
 * The same catalogs as a network with one terse value per cluster can see them at best: log T and
 * log Mgas are replaced by their best combination. log L_X and weak lensing masses stay.
 *
 * @throws {RangeError} See {@linkcode oneNumberOf}
 */
export function seeOneNumber(model: LikelihoodModel): LikelihoodModel {
  return { ...model, oneNumber: oneNumberOf(model.base) };
}
