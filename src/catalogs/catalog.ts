/**
 * Mock catalogs (section 2.2).
 *
 * @module
 */
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import type { MassFunctionName } from "../cosmology/mass_function.ts";
import type { RecipeName, SigmaExponents } from "./observables.ts";
import type { CatalogParameters, Priors } from "./priors.ts";
import type { Survey } from "./survey.ts";

/** All choices by which catalogs are made from a base sample. */
export interface CatalogPlan {
  readonly survey: Survey;
  readonly priors: Priors;
  readonly massFunction: MassFunctionName;
  readonly recipe: RecipeName;
  /** For the prescriptive recipe alone; {@linkcode STANDARD_EXPONENTS} if left out. */
  readonly exponents?: SigmaExponents;
}

/** One mock or observed catalog; an observed one has NaN for what is not known. */
export interface Catalog {
  readonly parameters: CatalogParameters;
  readonly clusters: ObservedClusters;
}
