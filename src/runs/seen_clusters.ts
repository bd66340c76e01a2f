/**
 * Observed clusters as a network sees them: a catalog whose parameters are not known, and its features.
 *
 * @module
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

/** Observed clusters as the network sees them. */
export function seeClusters(
  { seed, features: spec }: Pick<Experiment, "seed" | "features">,
  clusters: ObservedClusters,
): { readonly catalog: Catalog; readonly features: FeatureArray; readonly random: Random } {
  const catalog: Catalog = { parameters: UNKNOWN, clusters };
  const random = openStream(seed, "prediction");
  return { catalog, random, features: buildFeatures(catalog, spec, random.fork("rows")) };
}
