/**
 * What `predict` says of a catalog: sigma8, the rows that were used, and whether to believe it.
 *
 * @module
 */
import type { RefusalCount } from "../../src/observed/mapped_clusters.ts";
import { printable } from "../../src/observed/printable.ts";
import type { TableColumn } from "../../src/observed/source_table.ts";
import type { CatalogPrediction } from "../../src/runs/prediction.ts";

function describeRefusal({ reason, rows, values }: RefusalCount): string {
  if (values === undefined) return `  ${rows} refused: ${printable(reason)}`;
  const [least, greatest] = [values.min, values.max].map((value) => String(+value.toPrecision(4)));
  const found = least === greatest ? least : `${least} to ${greatest}`;
  return `  ${rows} refused: ${printable(reason)} (${found})`;
}

/** The lines of one catalog; text of its table cannot add any. */
export function describeCatalog(catalog: CatalogPrediction, scatter: number | null): string {
  const { id, rows, used, refused, sigma8, error, verdict, reasons } = catalog;
  const value = sigma8 === null ? "not predicted" : sigma8.toFixed(4);
  const own = error === null ? "" : ` +- ${error.toFixed(4)}`;
  const known = sigma8 === null || scatter === null
    ? ""
    : ` (scatter on fresh mock catalogs ${scatter.toFixed(4)})`;
  return [
    ...(id === "" ? [] : [`Catalog ${printable(id)}`]),
    `sigma8 ${value}${own}${known}`,
    `${used} of ${rows} clusters used`,
    ...refused.map(describeRefusal),
    `Is it safe to apply? ${verdict}`,
    ...reasons.map((reason) => `  ${printable(reason)}`),
  ].join("\n");
}

/** What a user should know of the columns that a mapping uses. */
export function describeOddities(columns: readonly TableColumn[]): string[] {
  return columns.flatMap(({ name, oddities }) => {
    if (oddities === null) return [];
    const { count, row, text, problem } = oddities;
    const texts = count === 1 ? "1 text counts" : `${count} texts count`;
    const first = `${JSON.stringify(text.slice(0, LONGEST))} in row ${row}, ${problem}`;
    return [`column ${name}: ${texts} as missing, the first is ${first}`];
  });
}

/** Characters of a stranger's text that are shown. */
const LONGEST = 40;
