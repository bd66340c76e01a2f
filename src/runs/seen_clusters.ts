/**
 * Observed clusters as a network sees them: a catalog whose parameters are not known, and its
 * features.
 */
import type { Catalog } from "../catalogs/catalog.ts";
import type { CatalogParameters } from "../catalogs/priors.ts";
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { FeatureArray } from "../features/features.ts";
import { buildFeatures } from "../features/features.ts";
import type { Random } from "../numerics/random.ts";
import { openStream } from "./streams.ts";

/** Nothing is known of how the universe drew an observed catalog. */
const UNKNOWN: CatalogParameters = {
  sigma8: NaN,
  luminosityBias: NaN,
  temperatureBias: NaN,
  gasMassBias: NaN,
  luminositySlopeFactor: NaN,
  luminosityScatterFactor: NaN,
  temperatureScatterFactor: NaN,
  gasMassScatterFactor: NaN,
  weakLensingScatter: NaN,
};

/** Observed clusters as a catalog, and the random stream of all that is done with them. */
export function openObserved(
  { seed }: Pick<Experiment, "seed">,
  clusters: ObservedClusters,
): { readonly catalog: Catalog; readonly random: Random } {
  return { catalog: { parameters: UNKNOWN, clusters }, random: openStream(seed, "prediction") };
}

/** Observed clusters as the network sees them. */
export function seeClusters(
  experiment: Pick<Experiment, "seed" | "features">,
  clusters: ObservedClusters,
): { readonly features: FeatureArray } {
  const { catalog, random } = openObserved(experiment, clusters);
  return { features: buildFeatures(catalog, experiment.features, random.fork("rows")) };
}
