/** Options of the commands that read a user's table. */
import type { SourceOptions } from "../../src/observed/source_table.ts";
import type { Option } from "./options.ts";
import { flag, textOption } from "./options.ts";

/** Values of {@linkcode CATALOG_OPTIONS}. */
export interface CatalogValues {
  readonly table: string | undefined;
  readonly missing: string | undefined;
  readonly "ignore-checksum": boolean;
}

/** Which table of a file is read, and how. */
export const CATALOG_OPTIONS: { readonly [K in keyof CatalogValues]: Option<CatalogValues[K]> } = {
  table: textOption("NAME", undefined, {
    description: "the table of a file with several: its name, its number or NAME,EXTVER",
    fallbackText: "the only one, or CLUSTERS",
  }),
  missing: textOption("VALUES", undefined, {
    description: 'what stands for a missing value, with commas between: "-999,--"',
    fallbackText: "blanks, dashes, NaN, null and the like",
  }),
  "ignore-checksum": flag("read a FITS table whose data do not match their checksum"),
};

/** How a table is to be read. */
export function sourceOptions(values: CatalogValues): SourceOptions {
  return {
    missing: values.missing === undefined
      ? []
      : values.missing.split(",").map((text) => text.trim()),
    ignoreChecksum: values["ignore-checksum"],
  };
}
