/**
 * `columns`: the content of a user's table, and the columns that a network could read.
 */
import { describeColumn } from "../../src/observed/column_record.ts";
import { proposeMapping } from "../../src/observed/proposal.ts";
import { proposeSkyMapping } from "../../src/observed/sky_proposal.ts";
import { chooseTable } from "../../src/observed/source_reader.ts";
import type { ReadTable, SourceFile } from "../../src/observed/source_table.ts";
import { CATALOG_OPTIONS, sourceOptions } from "../program/catalog_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { inFile, UsageError } from "../program/errors.ts";
import { openSourceFile } from "../storage/source_table.ts";
import { describeFile, recordFile } from "../text/columns_text.ts";

/** The command `columns`. */
export const COLUMNS: Command = defineCommand({
  summary: "list what is in a catalog, and propose a mapping of its columns for predict",
  details: [
    "Lists the tables of a file, the columns of one with units, ranges and first rows, and what was " +
    "skipped and why. Reads FITS, VOTable, ECSV, CSV, tabs, bars, VizieR, IPAC, CDS and AAS " +
    "machine-readable tables, SExtractor and plain ASCII, packed with gzip or not.",
    "The proposed mapping comes from names, units and UCDs; predict --columns=auto uses it. A table with " +
    "redshifts and fluxes or lensing masses has a second one, for predict --survey.",
  ],
  positionals: "FILE",
  options: CATALOG_OPTIONS,
  run(values, { positionals }) {
    const [path, second] = positionals;
    if (path === undefined || second !== undefined) {
      throw new UsageError(
        `Cannot list columns: ${positionals.length} files are given, one FILE is needed`,
      );
    }
    const file = openSourceFile(path, sourceOptions(values));
    const table = inFile(path, () => readChosen(file, values.table));
    const columns = table?.columns.map((_, place) => describeColumn(table, place)) ?? [];
    const proposals = table ? proposeMapping(table.columns) : [];
    const survey = table ? proposeSkyMapping(table.columns) : [];
    const report = { file, table, columns, proposals, survey };
    return Promise.resolve({ json: recordFile(report), text: describeFile(report) });
  },
});

/** The table to list; `null` if there are several and none is asked for. */
function readChosen(file: SourceFile, wanted: string | undefined): ReadTable | null {
  const usable = file.tables.filter(({ fault }) => fault === "");
  if (wanted === undefined && file.tables.length > 1) {
    return usable.length === 1 ? usable[0]!.read() : null;
  }
  return chooseTable(file, wanted).read();
}
