/** Tables of mock clusters as a stranger's survey would publish them. */
import { createRandom, drawBaseSample, drawCatalog, EXPERIMENTS, prepareCatalogs } from "../mod.ts";
import { drawParameters } from "../src/catalogs/mod.ts";
import type { FitsTable } from "../src/formats/mod.ts";
import { OBSERVED_FIELDS } from "../src/observed/column_mapping.ts";
import { FIELD_WIDTHS } from "../src/observed/column_mapping.ts";

/** Clusters of one catalog after the other, under the names of the targets, with the catalog's `id`. */
export function drawMockTable(
  { seed, catalogs }: { readonly seed: number; readonly catalogs: number },
): FitsTable {
  const random = createRandom(seed);
  const plan = EXPERIMENTS.standard.catalog;
  const maker = prepareCatalogs(drawBaseSample(random.fork("base")), plan);
  const drawn = drawParameters(plan.priors, catalogs, random).map((parameters, i) =>
    drawCatalog(maker, parameters, random.fork("catalog", i)).clusters
  );
  const columns = OBSERVED_FIELDS.map((name) => ({
    name,
    shape: FIELD_WIDTHS[name] === 1 ? [] : [FIELD_WIDTHS[name]],
    data: Float64Array.from(drawn.flatMap((clusters) => [...clusters[name]])),
  }));
  const ids = drawn.flatMap(({ count }, i) => new Array<string>(count).fill(`field ${i + 1}`));
  const count = ids.length;
  return {
    name: "CLUSTERS",
    count,
    columns: [{ name: "id", shape: [], data: ids }, ...columns],
    header: [],
  };
}
