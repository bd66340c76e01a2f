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
 */
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import type { CatalogParameters } from "../catalogs/priors.ts";
import { createClusterDensities } from "./cluster_densities.ts";
import type { LikelihoodModel } from "./likelihood_model.ts";

export { prepareLikelihood, seeOneNumber } from "./likelihood_model.ts";
export type { LikelihoodModel, WeakLensingUse } from "./likelihood_model.ts";
export type { CountsTable } from "./expected_counts.ts";
export { type OneNumber, oneNumberOf } from "./one_number.ts";

/**
 * The log likelihood of one catalog as a function of its parameters.
 *
 * @example sigma8 that the catalog was made with is likelier than one far off
 * ```ts
 * import { createRandom, drawBaseSample, drawCatalog, prepareCatalogs } from "@clusters/terse";
 * import { STANDARD_PRIORS, STANDARD_SURVEY, drawParameters } from "@clusters/terse/catalogs";
 * import { catalogLnLikelihood, prepareLikelihood } from "@clusters/terse/evaluation";
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
 * @param model From `prepareLikelihood`
 * @param clusters The catalog, one cluster or more; true masses are not read
 * @returns ln L up to a constant of the catalog; -Infinity for a sigma8 outside the table
 * @throws {RangeError} If the catalog has no clusters or a value is not finite
 */
export function catalogLnLikelihood(
  model: LikelihoodModel,
  clusters: ObservedClusters,
): (parameters: CatalogParameters) => number {
  const { evaluate } = createClusterDensities(model, clusters);
  return (parameters) => evaluate(parameters);
}
