/** Tables of mock clusters as a stranger's survey would publish them. */
import { createRandom, drawBaseSample, drawCatalog, EXPERIMENTS, prepareCatalogs } from "../mod.ts";
import { drawParameters } from "../src/catalogs/mod.ts";
import type { FitsTable } from "../src/formats/mod.ts";
import { OBSERVED_FIELDS } from "../src/observed/column_mapping.ts";
import { FIELD_WIDTHS } from "../src/observed/column_mapping.ts";

/** A table as the VOTable that a server of the Virtual Observatory would send. */
export function formatVotable({ count, columns }: FitsTable): string {
  const one = (value: string | number) =>
    String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const fields = columns.map(({ name, shape, data }) => {
    const type = Array.isArray(data) ? 'datatype="char" arraysize="*"' : 'datatype="double"';
    const size = shape.length > 0 ? ` arraysize="${shape[0]}"` : "";
    return `<FIELD name="${name}" ${type}${size}/>`;
  });
  const rows = Array.from({ length: count }, (_, row) => {
    const cells = columns.map(({ shape, data }) => {
      const width = shape[0] ?? 1;
      const values = data.slice(row * width, (row + 1) * width) as Iterable<string | number>;
      return `<TD>${Array.from(values, one).join(" ")}</TD>`;
    });
    return `<TR>${cells.join("")}</TR>`;
  });
  return `<?xml version="1.0"?>
<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"><RESOURCE type="results">
<TABLE name="clusters">${fields.join("")}<DATA><TABLEDATA>
${rows.join("\n")}
</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>
`;
}

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
