/** The options that name a base sample. */
import { BASE_REDSHIFT } from "../../src/clusters/base_sample.ts";
import type { OptionTable } from "./options.ts";
import { numberOption, textOption } from "./options.ts";

/** Where a base sample comes from. */
export interface BaseSampleValues {
  /** Path of its file; drawn if undefined. */
  readonly "base-sample": string | undefined;
  /** Redshift of the file's snapshot; that of its header lines, or 0.07. */
  readonly "base-redshift": number | undefined;
  /** Cosmology of the simulation as JSON; Magneticum's if undefined. */
  readonly "base-cosmology": string | undefined;
  /** Columns of the file under other names, "mass=M500*h, temperature=T". */
  readonly "base-columns": string | undefined;
}

/** Options that name a base sample. */
export const BASE_SAMPLE_OPTIONS: OptionTable<BaseSampleValues> = {
  "base-sample": textOption("FILE", undefined, {
    description: "the simulation's clusters: a table with its portal's columns, or FITS",
    fallbackText: "drawn from the seed",
    role: "input",
  }),
  "base-redshift": numberOption(undefined, {
    description: "redshift of the snapshot in --base-sample",
    fallbackText: `that of its header lines, or ${BASE_REDSHIFT}`,
  }),
  "base-cosmology": textOption("JSON", undefined, {
    description: "cosmology of --base-sample: omegaM, omegaB, h, ns and sigma8; the rest stay",
    fallbackText: "Magneticum's",
  }),
  "base-columns": textOption("LIST", undefined, {
    description: "columns of --base-sample under other names, as in mass=M500*h, temperature=kT",
    fallbackText: "the portal's headings",
  }),
};

/** A drawn base sample. */
export const DRAWN: BaseSampleValues = {
  "base-sample": undefined,
  "base-redshift": undefined,
  "base-cosmology": undefined,
  "base-columns": undefined,
};
