/**
 * From catalogs to what a network is trained, selected and tested on. Every stream is named here,
 * so that each stage of a run gives the same numbers alone or after the others.
 *
 * @module
 */
import type { Catalog } from "../src/catalogs/catalog.ts";
import type { Experiment } from "../src/experiments.ts";
import type { NormalizedCatalog, Split } from "../src/features/dataset.ts";
import { normalizeCatalog, splitCatalogs } from "../src/features/dataset.ts";
import type { FeatureArray } from "../src/features/features.ts";
import { buildFeatures } from "../src/features/features.ts";
import type { Normalization } from "../src/features/normalization.ts";
import { fitNormalization } from "../src/features/normalization.ts";
import type { Random } from "../src/numerics/random.ts";
import { createRandom } from "../src/numerics/random.ts";

/** The three sets of an experiment's catalogs (section 3.2). */
export interface FeatureSets {
  readonly train: readonly FeatureArray[];
  readonly validation: readonly FeatureArray[];
  readonly test: readonly FeatureArray[];
}

/** The split of an experiment's catalogs, which follows from its seed. */
export function splitOf(experiment: Experiment, count: number): Split {
  return splitCatalogs(count, createRandom(experiment.seed).fork("split"));
}

/** Network inputs of some catalogs; catalog i takes its order from `random.fork("features", i)`. */
export function buildAll(
  experiment: Experiment,
  catalogs: readonly Catalog[],
  random: Random,
): FeatureArray[] {
  return catalogs.map((catalog, i) =>
    buildFeatures(catalog, experiment.features, random.fork("features", i))
  );
}

/** Network inputs of an experiment's catalogs, split in three. */
export function buildSets(experiment: Experiment, catalogs: readonly Catalog[]): FeatureSets {
  const features = buildAll(experiment, catalogs, createRandom(experiment.seed));
  const split = splitOf(experiment, catalogs.length);
  const pick = (rows: Uint32Array) => Array.from(rows, (row) => features[row]!);
  return { train: pick(split.train), validation: pick(split.validation), test: pick(split.test) };
}

/** The scaling that the training catalogs give, and all that training needs, scaled by it. */
export function scaleSets(experiment: Experiment, { train, validation }: FeatureSets): {
  readonly normalization: Normalization;
  readonly train: readonly NormalizedCatalog[];
  readonly validation: readonly NormalizedCatalog[];
} {
  const kind = experiment.architecture.normalization;
  const normalization = fitNormalization(train, experiment.features, kind);
  const scale = (catalog: FeatureArray) => normalizeCatalog(catalog, normalization);
  return { normalization, train: train.map(scale), validation: validation.map(scale) };
}
