/** The catalogs of a run: those of its design, and fresh ones that no training has seen. */
import type { Catalog } from "../catalogs/catalog.ts";
import { drawCatalog, prepareCatalogs } from "../catalogs/catalog.ts";
import type { CatalogParameters } from "../catalogs/priors.ts";
import { designParameters, drawParameters } from "../catalogs/priors.ts";
import type { BaseSample } from "../clusters/base_sample.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { Random } from "../numerics/random.ts";
import { openStream } from "./streams.ts";

/**
 * New catalogs of an experiment's priors, one at a time; catalog i is the same for any count.
 *
 * @param random Root of their streams; that of the run's fresh catalogs if left out
 */
export function* drawFreshCatalogs(
  { catalog, seed }: Experiment,
  base: BaseSample,
  count: number,
  random: Random = openStream(seed, "fresh"),
): Generator<Catalog, void, void> {
  const maker = prepareCatalogs(base, catalog);
  for (const [i, entry] of drawParameters(catalog.priors, count, random).entries()) {
    yield drawCatalog(maker, entry, random.fork("catalog", i));
  }
}

/** Catalogs of a design, from number `from` up to, but not including, number `to`. */
export interface DesignRange {
  /** Number of the first catalog, from 0. */
  readonly from: number;
  /** Number after that of the last catalog. */
  readonly to: number;
}

/** The parameters of an experiment's design, one record per catalog (section 2.2). */
export function designOf({ catalog, seed }: Experiment): CatalogParameters[] {
  return designParameters(catalog.priors, openStream(seed, "design"));
}

/**
 * The catalogs of an experiment's design, one at a time, in the design's order; each is the same in
 * any range.
 *
 * @param base What they are drawn from: `drawBaseSample(experiment.seed)`, or clusters of a table
 * @param range Which of them; all if left out
 */
export function* drawDesign(
  experiment: Experiment,
  base: BaseSample,
  range?: DesignRange,
): Generator<Catalog, void, void> {
  const parameters = designOf(experiment);
  const { from, to } = range ?? { from: 0, to: parameters.length };
  const random = openStream(experiment.seed, "catalogs");
  const maker = prepareCatalogs(base, experiment.catalog);
  for (let i = from; i < to; i++) {
    yield drawCatalog(maker, parameters[i]!, random.fork("catalog", i));
  }
}
