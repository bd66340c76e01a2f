/**
 * The catalogs of a run: those of its design, and fresh ones that no training has seen.
 *
 * @module
 */
import type { Catalog } from "../catalogs/catalog.ts";
import { drawCatalog, prepareCatalogs } from "../catalogs/catalog.ts";
import type { CatalogParameters } from "../catalogs/priors.ts";
import { designParameters, drawParameters } from "../catalogs/priors.ts";
import type { BaseSample } from "../clusters/base_sample.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { Random } from "../numerics/random.ts";
import { createRandom } from "../numerics/random.ts";

/** The root of fresh catalogs and of the order of their clusters. */
export function freshRandom(seed: number): Random {
  return createRandom(seed).fork("fresh");
}

/**
 * New catalogs of an experiment's priors, one at a time; catalog i is the same for any count.
 *
 * @param random Root of their streams; {@linkcode freshRandom} if left out
 */
export function* drawFreshCatalogs(
  { catalog, seed }: Experiment,
  base: BaseSample,
  count: number,
  random: Random = freshRandom(seed),
): Generator<Catalog, void, void> {
  const maker = prepareCatalogs(base, catalog);
  for (const [i, entry] of drawParameters(catalog.priors, count, random).entries()) {
    yield drawCatalog(maker, entry, random.fork("catalog", i));
  }
}

/** Catalogs of a design, from number `from` up to, but not including, number `to`. */
export interface DesignRange {
  readonly from: number;
  readonly to: number;
}

/** The parameters of an experiment's design, one record per catalog (section 2.2). */
export function designOf({ catalog, seed }: Experiment): CatalogParameters[] {
  return designParameters(catalog.priors, createRandom(seed).fork("design"));
}

/**
 * The catalogs of an experiment's design, one at a time, in the design's order; each is the same in
 * any range.
 *
 * @param range Which of them; all if left out
 */
export function* drawDesign(
  experiment: Experiment,
  base: BaseSample,
  range?: DesignRange,
): Generator<Catalog, void, void> {
  const parameters = designOf(experiment);
  const { from, to } = range ?? { from: 0, to: parameters.length };
  const random = createRandom(experiment.seed);
  const maker = prepareCatalogs(base, experiment.catalog);
  for (let i = from; i < to; i++) {
    yield drawCatalog(maker, parameters[i]!, random.fork("catalog", i));
  }
}
