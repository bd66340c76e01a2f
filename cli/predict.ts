/**
 * `predict`: sigma8 of observed catalogs, and whether to believe it (App. B).
 *
 * @module
 */
import { checkMapping, mapColumns, parseMapping } from "../src/catalogs/column_mapping.ts";
import type { ColumnMapping } from "../src/catalogs/column_mapping.ts";
import { MAGNETICUM } from "../src/cosmology/cosmology.ts";
import { fieldsRead } from "../src/features/fields_read.ts";
import { formatTable } from "../src/formats/csv.ts";
import type { FitsTable } from "../src/formats/fits.ts";
import { encodeFits } from "../src/formats/fits.ts";
import { loadPretrained, loadPretrainedReference } from "../src/pretrained/pretrained.ts";
import { BACKEND_OPTIONS, openBackend } from "./backend_options.ts";
import type { Command } from "./command.ts";
import { defineCommand } from "./command.ts";
import { inFile, UsageError } from "./errors.ts";
import { readJson, writeFile } from "./files.ts";
import { numberOption, textOption } from "./options.ts";
import type { CatalogPrediction } from "./prediction.ts";
import { predictTable } from "./prediction.ts";
import { loadTrainingRun, requireExperiment } from "./run_folder.ts";
import { chooseReference, SAFETY_FILE } from "./safety_file.ts";
import { readSourceTable } from "./source_table.ts";
import { openTrainedModel } from "./trained_model.ts";

/** The command `predict`. */
export const PREDICT: Command = defineCommand({
  summary: "predict sigma8 of an observed catalog, and judge whether that is safe (App. B)",
  details: [
    "Takes a FITS binary table or CSV, and a mapping of its columns to what the network reads:",
    '  --columns "logTemperature=log10(T[keV]), logLuminosity=log10(Lx)-44, redshift=z"',
    "Targets: logLuminosity [1e44 erg/s], logTemperature [keV], logGasMass, logWeakLensingMass [Msun/h],",
    "logGasMassProfile, gasSlopeProfile (7 shells, or _0 to _6 one by one), and redshift. Expressions:",
    '+ - * / ^, log10, ln, exp, h, columns by name or in double quotes; "T[keV]" checks the unit.',
    "Rows that cannot be used are counted by reason. A network may be trained on any of these columns:",
    '  train --set features.pixels=["logLuminosity","logTemperature"] --set features.supplementary=[]',
    `The verdict is held against ${SAFETY_FILE}, which "train" writes; where it is missing, the first`,
    "call measures the network on mock catalogs (some seconds) and writes it.",
  ],
  options: {
    catalog: textOption("FILE", undefined, {
      description: "the observed clusters, FITS or CSV",
      fallbackText: "none, it must be given",
    }),
    run: textOption("DIR", undefined, {
      description: "the run folder of the network",
      fallbackText: "the network that ships",
    }),
    columns: textOption("MAPPING", undefined, {
      description: "target=expression, with commas between them",
      fallbackText: "columns by the targets' own names",
    }),
    mapping: textOption("FILE", undefined, {
      description: "the mapping as a JSON object of expressions by target",
      fallbackText: "none",
    }),
    "catalog-id": textOption("COLUMN", undefined, {
      description: "the column that tells several catalogs in one table apart",
      fallbackText: "none, all rows are one catalog",
    }),
    table: textOption("NAME", undefined, {
      description: "the table of a FITS file with several",
      fallbackText: "CLUSTERS",
    }),
    h: numberOption(MAGNETICUM.h, { description: "the Hubble parameter h in expressions" }),
    out: textOption("FILE", undefined, {
      description: "write the terse value of every cluster; FITS if it ends in .fits, else CSV",
      fallbackText: "none",
    }),
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    if (values.catalog === undefined) {
      throw new UsageError("Cannot predict: there is no catalog, --catalog FILE is needed");
    }
    const mapping = chooseMapping(values.columns, values.mapping);
    const table = readSourceTable(values.catalog, values.table);
    const run = values.run === undefined
      ? (await loadPretrained()).run
      : loadTrainingRun(values.run, requireExperiment(values.run));
    // What is wrong with the mapping is told before anything is measured.
    const fields = fieldsRead(run.experiment.features);
    mapColumns(table.columns, [], { mapping, fields, h: values.h, ranges: {} });
    const engine = await openBackend(values, progress);
    const { model, dispose } = await openTrainedModel(engine, run);
    const reference = values.run === undefined
      ? await loadPretrainedReference()
      : await chooseReference(values.run, model, run.experiment, progress);
    const reading = { mapping, h: values.h, catalogId: values["catalog-id"] };
    const predictor = { experiment: run.experiment, model, reference };
    const { catalogs, clusters } = await predictTable(predictor, table, reading);
    dispose();
    engine.close();
    if (values.out !== undefined) writeTable(values.out, clusters);
    const json = { run: values.run ?? null, backend: engine.name, catalogs };
    return { json, text: catalogs.map(describe).join("\n\n") };
  },
});

function chooseMapping(text: string | undefined, path: string | undefined): ColumnMapping {
  if (text !== undefined && path !== undefined) {
    throw new UsageError("Cannot read mapping: --columns and --mapping are given, one is needed");
  }
  if (path === undefined) return text === undefined ? {} : parseMapping(text);
  const json = readJson(path);
  return inFile(path, () => checkMapping(json));
}

function writeTable(path: string, table: FitsTable): void {
  writeFile(path, path.endsWith(".fits") ? encodeFits([table]) : formatTable(table));
}

function describe(catalog: CatalogPrediction): string {
  const { id, rows, used, refused, sigma8, error, verdict, reasons } = catalog;
  const value = sigma8 === null ? "not predicted" : sigma8.toFixed(4);
  return [
    ...(id === "" ? [] : [`Catalog ${id}`]),
    `sigma8 ${value}${error === null ? "" : ` +- ${error.toFixed(4)}`}`,
    `${used} of ${rows} clusters used`,
    ...refused.map(({ reason, rows }) => `  ${rows} refused: ${reason}`),
    `Is it safe to apply? ${verdict}`,
    ...reasons.map((reason) => `  ${reason}`),
  ].join("\n");
}
