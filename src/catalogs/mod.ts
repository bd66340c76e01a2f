/**
 * Mock catalogs (section 2.2): surveys, priors, designs and draws. Imported alone as
 * `@clusters/terse/catalogs`.
 *
 * @example A survey finds more clusters where matter fluctuates more
 * ```ts
 * import { createRandom, drawBaseSample, EXPERIMENTS } from "@clusters/terse";
 * import { drawParameters, expectedCounts, prepareCatalogs } from "@clusters/terse/catalogs";
 * import { assertGreater } from "@std/assert";
 *
 * const { catalog: plan } = EXPERIMENTS.standard;
 * const maker = prepareCatalogs(drawBaseSample(1), plan);
 * const [parameters] = drawParameters(plan.priors, 1, createRandom(1));
 * const count = (sigma8: number) =>
 *   expectedCounts(maker, { ...parameters!, sigma8 }).reduce((sum, clusters) => sum + clusters);
 * assertGreater(count(0.85), 1.2 * count(0.8));
 * ```
 *
 * @module
 */
export type { RowArrays } from "./core/draw_batch.ts";
export {
  breakLogMass,
  fluxLimit,
  LARGER_SURVEY,
  selectionFunction,
  SMALLER_SURVEY,
  STANDARD_SURVEY,
  type Survey,
  SURVEY_LOG_MASS_MAX,
} from "./survey.ts";
export {
  type CatalogParameters,
  designParameters,
  drawParameters,
  type Priors,
  STANDARD_PRIORS,
} from "./priors.ts";
export type { Grid, Interval } from "./grid.ts";
export type { MassBins } from "./abundance.ts";
export {
  type RecipeName,
  type RecipeSource,
  type SigmaExponents,
  STANDARD_EXPONENTS,
} from "./observables.ts";
export {
  type Catalog,
  type CatalogMaker,
  type CatalogPlan,
  drawCatalog,
  drawCatalogs,
  expectedCounts,
  prepareCatalogs,
  volumeCountsAt,
} from "./catalog.ts";
