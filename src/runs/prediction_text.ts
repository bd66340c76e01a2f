/** Predictions of observed catalogs as lines for people. */
import { counted } from "../numerics/counted.ts";
import type { RefusalCount } from "../observed/refusals.ts";
import { printable } from "../observed/printable.ts";
import type { Proposal } from "../observed/proposal.ts";
import { describeProposals } from "../observed/proposal_text.ts";
import type { Predictions } from "./observed_prediction.ts";
import type { CatalogPrediction } from "./prediction.ts";

/** Every catalog's sigma8 and verdict. */
export function formatPredictions(
  { catalogs, scatter, faithfulness, redshifts, ensemble }: Predictions,
  proposed: readonly Proposal[],
): string {
  const texts = catalogs.map((catalog) => describeCatalog(catalog, scatter));
  if (proposed.length > 0) {
    texts.unshift(describeProposals(proposed, "Columns were mapped as:").join("\n"));
  }
  if (ensemble) {
    texts.push(
      `sigma8 is of the posteriors of ${
        counted(
          ensemble.length + 1,
          "network",
        )
      } with equal weights; the verdict ` +
        "and the terse values are the first network's",
    );
  }
  if (faithfulness) {
    texts.push(`What terse values and single clusters show: ${faithfulness.text}`);
  }
  if (!redshifts.checked) {
    const { min, max } = redshifts;
    texts.push(
      `Redshifts were not checked (redshift=... maps them): the network is for ${min} to ${max}`,
    );
  }
  return texts.join("\n\n");
}

/** How many rows were refused, and why. */
export function describeRefusal({ reason, rows, values }: RefusalCount): string {
  if (values === undefined) return `  ${rows} refused: ${printable(reason)}`;
  const [least, greatest] = [values.min, values.max].map((value) => String(+value.toPrecision(4)));
  const found = least === greatest ? least : `${least} to ${greatest}`;
  return `  ${rows} refused: ${printable(reason)} (${found})`;
}

/** The lines of one catalog; text of its table cannot add any. */
function describeCatalog(catalog: CatalogPrediction, scatter: number | null): string {
  const { id, rows, used, refused, sigma8, error, verdict, reasons } = catalog;
  const value = sigma8 === null ? "not predicted" : sigma8.toFixed(4);
  const own = error === null ? "" : ` +- ${error.toFixed(4)}`;
  const known = sigma8 === null || scatter === null
    ? ""
    : ` (scatter on fresh mock catalogs ${scatter.toFixed(4)})`;
  return [
    ...(id === "" ? [] : [`Catalog ${printable(id)}`]),
    `sigma8 ${value}${own}${known}`,
    `${used} of ${counted(rows, "cluster")} used`,
    ...refused.map(describeRefusal),
    `Is it safe to apply? ${verdict}`,
    ...reasons.map((reason) => `  ${printable(reason)}`),
  ].join("\n");
}
