/** Options of `predict`: the table, the network, and what is written of each cluster. */
import type { PretrainedName } from "../../src/pretrained/pretrained.ts";
import type { BackendValues } from "./backend_options.ts";
import { BACKEND_OPTIONS } from "./backend_options.ts";
import type { CatalogValues } from "./catalog_options.ts";
import { CATALOG_OPTIONS } from "./catalog_options.ts";
import type { OptionTable } from "./options.ts";
import { choiceOption, flag, repeatedOption, textOption } from "./options.ts";
import type { SkyValues } from "./sky_options.ts";
import { SKY_OPTIONS } from "./sky_options.ts";

/** Values of {@linkcode PREDICT_OPTIONS}. */
export interface PredictOptionValues extends BackendValues, CatalogValues, SkyValues {
  /** Path of the table. */
  readonly catalog: string | undefined;
  /** The run folder of the network. */
  readonly run: string | undefined;
  /** Run folders of more networks, whose posteriors are mixed with that of the first. */
  readonly ensemble: readonly string[];
  /** The network that ships; undefined for the first, or if a run folder is given. */
  readonly network: PretrainedName | undefined;
  /** A mapping, "target=expression, ..."; at most one of this and the next is given. */
  readonly columns: string | undefined;
  /** Path of a mapping. */
  readonly mapping: string | undefined;
  /** The column that distinguishes catalogs in one table. */
  readonly "catalog-id": string | undefined;
  /** Path of the table to write. */
  readonly to: string | undefined;
  /** Whether that table has what leaving out each cluster changes. */
  readonly "leave-one-out": boolean;
}

const NETWORKS: readonly PretrainedName[] = ["compact", "global"];

/** A catalog, its columns, a network, and a table of clusters. */
export const PREDICT_OPTIONS: OptionTable<PredictOptionValues> = {
  catalog: textOption("FILE", undefined, {
    description: "the observed clusters: FITS, VOTable, CSV, VizieR, CDS or text, also .gz",
    fallbackText: "none: it must be given",
    role: "input",
  }),
  run: textOption("DIR", undefined, {
    description: "the run folder of the network",
    fallbackText: "a network that ships",
    role: "input run",
  }),
  ensemble: repeatedOption("DIR", {
    description: "one more network, for the posterior of all with equal weights; repeatable",
    fallbackText: "none",
    role: "input run",
  }),
  network: choiceOption(NETWORKS, undefined, {
    description: "the network that ships; global needs only luminosity, temperature and gas mass",
    fallbackText: "compact",
  }),
  columns: textOption("MAPPING", undefined, {
    description: "target=expression, separated by commas; auto takes what is certain",
    fallbackText: "columns named like the targets",
  }),
  mapping: textOption("FILE", undefined, {
    description: "the mapping, expressions in JSON",
    role: "input",
  }),
  "catalog-id": textOption("COLUMN", undefined, {
    description: "the column that distinguishes several catalogs in one table",
    fallbackText: "none: all rows are one catalog",
  }),
  ...CATALOG_OPTIONS,
  ...SKY_OPTIONS,
  to: textOption("FILE", undefined, {
    description: "write the terse value of every cluster; FITS if it ends in .fits, else CSV",
    role: "output",
  }),
  "leave-one-out": flag("write to the same file what sigma8 changes by without each cluster"),
  ...BACKEND_OPTIONS,
};
