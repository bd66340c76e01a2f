/**
 * Catalogs that no training has seen.
 *
 * @module
 */
import type { Catalog } from "../src/catalogs/catalog.ts";
import { drawCatalog, prepareCatalogs } from "../src/catalogs/catalog.ts";
import { drawParameters } from "../src/catalogs/priors.ts";
import type { BaseSample } from "../src/clusters/base_sample.ts";
import type { Experiment } from "../src/experiments.ts";
import type { Random } from "../src/numerics/random.ts";
import { createRandom } from "../src/numerics/random.ts";
import type { Progress } from "./progress.ts";

/** The root of fresh catalogs and of the order of their clusters. */
export function freshRandom(seed: number): Random {
  return createRandom(seed).fork("fresh");
}

/**
 * Draws new catalogs of an experiment's priors; catalog i is the same for any count.
 *
 * @param random Their root; {@linkcode freshRandom} if left out
 */
export function drawFreshCatalogs(
  { catalog, seed }: Experiment,
  base: BaseSample,
  count: number,
  progress: Progress,
  random: Random = freshRandom(seed),
): Catalog[] {
  const maker = prepareCatalogs(base, catalog);
  const bar = progress.start("Simulating fresh", count, "catalogs");
  const catalogs = drawParameters(catalog.priors, count, random).map((entry, i) => {
    bar.update(i);
    return drawCatalog(maker, entry, random.fork("catalog", i));
  });
  bar.end();
  return catalogs;
}
