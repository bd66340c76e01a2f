/** From catalogs to what a network is trained, selected and tested on. */
import type { Catalog, CatalogMaker } from "../catalogs/catalog.ts";
import { prepareCatalogs } from "../catalogs/catalog.ts";
import type { BaseSample } from "../clusters/base_sample.ts";
import { drawBaseSample, isDrawnFrom } from "../clusters/base_sample.ts";
import type { StandInName } from "../clusters/stand_ins.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { NormalizedCatalog, Split } from "../features/dataset.ts";
import { normalizeCatalog, splitCatalogs } from "../features/dataset.ts";
import type { ColumnName, FeatureArray, FeatureSpec } from "../features/features.ts";
import { buildFeatures } from "../features/features.ts";
import type { MockCore } from "../features/fresh.ts";
import { createMockCore, freshCatalogs } from "../features/fresh.ts";
import { probitScale } from "../features/label_scale.ts";
import type { LabelScale, Normalization } from "../features/normalization.ts";
import { fitNormalization, SIGMA8_SCALE } from "../features/normalization.ts";
import type { Architecture } from "../model.ts";
import type { TrainingData } from "../network/training_data.ts";
import type { Random } from "../numerics/random.ts";
import { openStream } from "./streams.ts";

/** The three sets of an experiment's catalogs (section 3.2). */
export interface FeatureSets {
  /** Inputs that the network is trained on. */
  readonly train: readonly FeatureArray[];
  /** Inputs that select the best epoch. */
  readonly validation: readonly FeatureArray[];
  /** Inputs that the network is measured on. */
  readonly test: readonly FeatureArray[];
}

/** The split of an experiment's catalogs, which follows from its seed. */
export function splitOf(experiment: Experiment, count: number): Split {
  return splitCatalogs(count, openStream(experiment.seed, "split"));
}

/**
 * Network inputs of some catalogs; catalog i takes its order from `random.fork("features", i)`.
 *
 * @param tie What the terse value is tied to in training, for catalogs to train on
 */
export function buildAll(
  experiment: Experiment,
  catalogs: readonly Catalog[],
  random: Random,
  tie: ColumnName | null = null,
): FeatureArray[] {
  return catalogs.map((catalog, i) =>
    buildFeatures(catalog, experiment.features, random.fork("features", i), tie)
  );
}

/** Network inputs of an experiment's catalogs, split in three. */
export function buildSets(experiment: Experiment, catalogs: readonly Catalog[]): FeatureSets {
  const tie = experiment.schedule.tie?.column ?? null;
  const features = buildAll(experiment, catalogs, openStream(experiment.seed, "features"), tie);
  const split = splitOf(experiment, catalogs.length);
  const pick = (rows: Uint32Array) => Array.from(rows, (row) => features[row]!);
  return { train: pick(split.train), validation: pick(split.validation), test: pick(split.test) };
}

/** Those of the test set alone, in a tenth of the time. */
export function buildTests(experiment: Experiment, catalogs: readonly Catalog[]): FeatureArray[] {
  const tie = experiment.schedule.tie?.column ?? null;
  const random = openStream(experiment.seed, "features");
  const { test } = splitOf(experiment, catalogs.length);
  return Array.from(
    test,
    (row) => buildFeatures(catalogs[row]!, experiment.features, random.fork("features", row), tie),
  );
}

/** What a network is trained on. */
export interface TrainingSets {
  /** The design's catalogs. */
  readonly sets: FeatureSets;
  /** What fresh catalogs are drawn from; the design was, too. */
  readonly base: BaseSample;
  /** Seed of the run whose catalogs these are; the experiment's own if left out. */
  readonly seed?: number;
}

/**
 * The scaling that the design's training catalogs give, and all that training needs, scaled by it.
 *
 * @param random Of the training; fresh catalogs of epoch e are drawn from `random.fork("fresh", e)`,
 * fresh clusters from `random.fork("base sample", e)`
 * @throws {RangeError} If clusters are to be fresh, and those there are were not drawn
 */
export function prepareTraining(
  { architecture, base: { standIn }, catalog, features, schedule, seed: own }: Experiment,
  { sets, base, seed = own }: TrainingSets,
  random: Random,
): { readonly normalization: Normalization; readonly data: TrainingData } {
  const label = architecture.label === "probit" ? probitScale(catalog.priors.sigma8) : SIGMA8_SCALE;
  const { normalization, train: fixed, validation } = scaleSets(sets, {
    ...{ features, label, normalization: architecture.normalization },
    isFixed: schedule.catalogs === "fixed",
  });
  if (fixed) return { normalization, data: { train: fixed, validation, label } };
  let sister: CatalogMaker | undefined;
  const openCore = (base: BaseSample) => {
    const maker = prepareCatalogs(base, catalog, sister);
    sister ??= maker;
    const tie = schedule.tie?.column ?? null;
    return createMockCore(maker, features, normalization, { arrays: "reused", tie });
  };
  let coreOf: (epoch: number) => MockCore;
  if (schedule.catalogs === "fresh") {
    const core = openCore(base);
    coreOf = () => core;
  } else {
    checkDrawn(base, seed, standIn);
    coreOf = (epoch) => openCore(drawBaseSample(random.fork("base sample", epoch), standIn));
  }
  const train = freshCatalogs(coreOf, catalog.priors, sets.train.length, random);
  return { normalization, data: { train, validation, label } };
}

/** How the sets are scaled, and whether the training catalogs are. */
interface Scaling {
  readonly features: FeatureSpec;
  readonly normalization: Architecture["normalization"];
  readonly label: LabelScale;
  readonly isFixed: boolean;
}

/** Sets that are scaled; without training catalogs where others are drawn. */
interface ScaledSets {
  readonly normalization: Normalization;
  readonly train: readonly NormalizedCatalog[] | null;
  readonly validation: readonly NormalizedCatalog[];
}

/** How sets were last scaled: networks of other seeds are trained on the same. */
const SCALED = new WeakMap<FeatureSets, ScaledSets & { readonly scaling: string }>();

function scaleSets(sets: FeatureSets, scaling: Scaling): ScaledSets {
  const text = JSON.stringify(scaling);
  const known = SCALED.get(sets);
  if (known?.scaling === text) return known;
  const { features, label } = scaling;
  const normalization = fitNormalization(sets.train, features, scaling.normalization, label);
  const scale = (catalog: FeatureArray) => normalizeCatalog(catalog, normalization);
  const train = scaling.isFixed ? sets.train.map(scale) : null;
  const scaled = { normalization, train, validation: sets.validation.map(scale) };
  SCALED.set(sets, { ...scaled, scaling: text });
  return scaled;
}

function checkDrawn(base: BaseSample, seed: number, standIn: StandInName): void {
  if (isDrawnFrom(seed, base, standIn)) return;
  throw new RangeError(
    'Cannot train: schedule.catalogs is "fresh clusters", which draws new base samples, and this ' +
      "run's is from a file or observed; --fresh-training takes new catalogs of the clusters that are there",
  );
}
