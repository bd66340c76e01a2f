/**
 * What a network sees of a catalog (section 3.2): columns, normalization, splits and batches. Imported
 * alone as `@clusters/terse/features`.
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
