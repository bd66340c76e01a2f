/**
 * What a network sees of a catalog (section 3.2): columns, normalization, splits and batches. Imported
 * alone as `@clusters/terse/features`.
 *
 * @example Columns of a mock catalog as a network sees them
 * ```ts
 * import { EXPERIMENTS, createRandom, drawBaseSample, drawCatalog, prepareCatalogs } from "@clusters/terse";
 * import { drawParameters } from "@clusters/terse/catalogs";
 * import { buildFeatures, fitNormalization, normalizeCatalog } from "@clusters/terse/features";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const random = createRandom(1);
 * const { catalog: plan } = EXPERIMENTS.standard;
 * const [parameters] = drawParameters(plan.priors, 1, random);
 * const catalog = drawCatalog(prepareCatalogs(drawBaseSample(1), plan), parameters!, random);
 * const spec = {
 *   pixels: ["logTemperature", "logGasMass"],
 *   supplementary: ["logLuminosity"],
 *   order: "luminosity",
 * } as const;
 * const features = buildFeatures(catalog, spec, random);
 * assertEquals(features.pixels.length, 2 * features.count);
 * const { pixels } = normalizeCatalog(features, fitNormalization([features], spec, "z-score"));
 * const mean = pixels.reduce((sum, pixel, i) => sum + (i % 2 === 0 ? pixel : 0), 0) / features.count;
 * assertAlmostEquals(mean, 0, 1e-5);
 * ```
 *
 * @module
 */
export {
  buildFeatures,
  type Column,
  type ColumnGroup,
  type ColumnName,
  COLUMNS,
  type FeatureArray,
  type FeatureSpec,
  groupsOf,
  widthOf,
} from "./features.ts";
export {
  fitNormalization,
  type LabelScale,
  type LinearScale,
  type Normalization,
  type NormalizationKind,
  normalizeColumns,
  type ProbitScale,
  SIGMA8_SCALE,
} from "./normalization.ts";
export {
  type Batch,
  type Batches,
  joinCatalogs,
  normalizeCatalog,
  type NormalizedCatalog,
  planBatches,
  type Split,
  splitCatalogs,
} from "./dataset.ts";
export { fieldsRead } from "./fields_read.ts";
export { createMockCore, freshCatalogs, type MockCore } from "./fresh.ts";
