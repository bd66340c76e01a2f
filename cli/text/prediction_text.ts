/**
 * What `predict` prints for people.
 *
 * @module
 */
import type { RefusalCount } from "../../src/observed/mapped_clusters.ts";
import { printable } from "../../src/observed/printable.ts";
import type { Proposal } from "../../src/observed/proposal.ts";
import type { CatalogPrediction } from "../../src/runs/prediction.ts";
import type { Predictions } from "../stages/prediction.ts";
import { SAFETY_FILE } from "../stages/safety_reference.ts";
import { describeProposals } from "./columns_text.ts";

/** What the help of `predict` explains, by paragraph. */
export const PREDICT_DETAILS: readonly string[] = [
  "Takes a table and a mapping of its columns to what the network reads; terse columns proposes " +
  "one:\n" +
  '  --columns "logTemperature=log10(T[keV]), logLuminosity=log10(Lx)-44, redshift=z"',
  "Targets are logLuminosity [1e44 erg/s], logTemperature [keV], logGasMass and logWeakLensingMass " +
  "[Msun/h], logGasMassProfile and gasSlopeProfile (7 shells, or _0 to _6 one by one), and redshift. " +
  "Expressions have + - * / ^, log10, ln, exp, h, and columns by name or in double quotes; " +
  '"T[keV]" checks the unit.',
  'Masses in Msun become Msun/h by * h, as in "logGasMass=log10(M gas[Msun] * h)", with --h of the ' +
  "catalog. Rows that cannot be used are counted by reason.",
  "A network may be trained on any of these columns:\n" +
  '  train --set features.pixels=["logLuminosity","logTemperature"] \\\n' +
  "    --set features.supplementary=[]",
  `The verdict compares the catalog with ${SAFETY_FILE}, which "train" writes. Where it is missing, the ` +
  "first call measures the network on mock catalogs (some seconds) and writes it.",
  "With --survey, the likelihood of a flux-limited survey answers (see terse help survey). Targets are " +
  "name, z, flux [1e-12 erg/s/cm2, 0.1-2.4 keV], T [keV], Mgas [1e14 Msun], e_lnL, e_lnT, e_lnMgas, " +
  "beta and core (beta model; core radius over r500); T and Mgas may be missing. Gas masses are " +
  "converted from --h and --source-omega-m. Rows outside the survey are left out.",
];

/** Every catalog's sigma8 and verdict. */
export function formatPredictions(
  { catalogs, scatter, faithfulness, redshifts }: Predictions,
  proposed: readonly Proposal[],
): string {
  const texts = catalogs.map((catalog) => describeCatalog(catalog, scatter));
  if (proposed.length > 0) {
    texts.unshift(describeProposals(proposed, "Columns were mapped as:").join("\n"));
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

function describeRefusal({ reason, rows, values }: RefusalCount): string {
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
    `${used} of ${rows} clusters used`,
    ...refused.map(describeRefusal),
    `Is it safe to apply? ${verdict}`,
    ...reasons.map((reason) => `  ${printable(reason)}`),
  ].join("\n");
}
