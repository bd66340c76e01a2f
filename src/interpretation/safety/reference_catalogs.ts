/**
 * The catalogs that an observed one is compared with: fresh draws of the training catalogs' own
 * distribution, from resamples of their base sample.
 */
import type { Catalog, CatalogMaker, CatalogPlan } from "../../catalogs/catalog.ts";
import { drawCatalog, prepareCatalogs } from "../../catalogs/catalog.ts";
import { drawParameters } from "../../catalogs/priors.ts";
import type { BaseSample } from "../../clusters/base_sample.ts";
import { selectClusters } from "../../clusters/cluster_table.ts";
import { fitScalingRelations } from "../../clusters/scaling_relation.ts";
import type { Random } from "../../numerics/random.ts";

/** Number of reference catalogs: half of them must rank well below a verdict's level. */
export const REFERENCE_CATALOGS = 1200;

/** Number of resamples: enough for the spread between base samples. */
const RESAMPLES = 24;

/**
 * Share of the base sample in a resample. Two base samples differ by the sampling errors of both,
 * one error by twice the variance, which is that of a bootstrap of half as many clusters.
 */
const RESAMPLED_SHARE = 0.5;

/**
 * Draws reference catalogs for {@linkcode buildSafetyReference}.
 *
 * A base sample is finite, and the universe has drawn another one: each part of the catalogs comes
 * from a bootstrap resample of half as many clusters, so that the sampling error of either is not
 * mistaken for a fault of the data.
 *
 * @param random Forked by "base sample" and "catalog"
 * @param count Number of catalogs
 * @throws {RangeError} As `prepareCatalogs` and `drawCatalog` do
 */
export function drawReferenceCatalogs(
  base: BaseSample,
  plan: CatalogPlan,
  random: Random,
  count: number = REFERENCE_CATALOGS,
): Catalog[] {
  const makers: CatalogMaker[] = [];
  for (let i = 0; i < Math.min(RESAMPLES, count); i++) {
    const sample = resample(base, random.fork("base sample", i));
    makers.push(prepareCatalogs(sample, plan, makers[0]));
  }
  return drawParameters(plan.priors, count, random).map((parameters, i) =>
    drawCatalog(makers[i % makers.length]!, parameters, random.fork("catalog", i))
  );
}

function resample(base: BaseSample, random: Random): BaseSample {
  const { count } = base.clusters;
  const length = Math.ceil(RESAMPLED_SHARE * count);
  const rows = Uint32Array.from({ length }, () => random.integer(count));
  const clusters = selectClusters(base.clusters, rows);
  return { ...base, clusters, relations: fitScalingRelations(clusters) };
}
