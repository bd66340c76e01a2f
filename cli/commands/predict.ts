/**
 * `predict`: sigma8 of observed catalogs, and whether to believe it (App. B).
 *
 * @module
 */
import type { ColumnMapping } from "../../src/observed/column_mapping.ts";
import { checkMapping, parseMapping } from "../../src/observed/column_mapping.ts";
import { printable } from "../../src/observed/printable.ts";
import { chooseProposals, proposeMapping, writeMapping } from "../../src/observed/proposal.ts";
import { columnsUsed } from "../../src/observed/mapped_clusters.ts";
import { MAGNETICUM } from "../../src/cosmology/cosmology.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import { fieldsRead } from "../../src/features/fields_read.ts";
import { formatTable } from "../../src/formats/csv.ts";
import type { FitsTable } from "../../src/formats/fits.ts";
import { encodeFits } from "../../src/formats/fits.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import { loadPretrained, loadPretrainedReference } from "../../src/pretrained/pretrained.ts";
import { CATALOG_OPTIONS, sourceOptions } from "../program/catalog_options.ts";
import { BACKEND_OPTIONS, openBackend } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { inFile, UsageError } from "../program/errors.ts";
import type { FaithfulnessVerdict } from "../../src/interpretation/faithfulness/verdict.ts";
import type { Results } from "../../src/runs/evaluation.ts";
import { readJson, writeFile } from "../program/files.ts";
import { numberOption, textOption } from "../program/options.ts";
import { predictTable, redshiftsOf } from "../../src/runs/prediction.ts";
import { fileIn, hasFile, requireExperiment } from "../storage/run_folder.ts";
import { chooseReference, SAFETY_FILE } from "../stages/safety_reference.ts";
import { readSourceTable } from "../storage/source_table.ts";
import { loadVerdict } from "../storage/interpretation_files.ts";
import { describeProposals } from "../text/columns_text.ts";
import { describeCatalog, describeOddities } from "../text/prediction_text.ts";
import { openModel } from "../../src/network/trained_model.ts";
import { loadTrainingRun } from "../storage/training_files.ts";

/** The command `predict`. */
export const PREDICT: Command = defineCommand({
  summary: "predict sigma8 of an observed catalog, and judge whether that is safe (App. B)",
  details: [
    "Takes a table and a mapping of its columns to what the network reads; terse columns proposes one:",
    '  --columns "logTemperature=log10(T[keV]), logLuminosity=log10(Lx)-44, redshift=z"',
    "Targets: logLuminosity [1e44 erg/s], logTemperature [keV], logGasMass, logWeakLensingMass [Msun/h],",
    "logGasMassProfile, gasSlopeProfile (7 shells, or _0 to _6 one by one), and redshift. Expressions:",
    '+ - * / ^, log10, ln, exp, h, columns by name or in double quotes; "T[keV]" checks the unit.',
    'Masses in Msun become Msun/h by * h: "logGasMass=log10(M gas[Msun] * h)" with --h of the catalog.',
    "Rows that cannot be used are counted by reason. A network may be trained on any of these columns:",
    '  train --set features.pixels=["logLuminosity","logTemperature"] --set features.supplementary=[]',
    `The verdict is held against ${SAFETY_FILE}, which "train" writes; where it is missing, the first`,
    "call measures the network on mock catalogs (some seconds) and writes it.",
  ],
  options: {
    catalog: textOption("FILE", undefined, {
      description:
        "the observed clusters: FITS, VOTable, CSV, VizieR, CDS and most tables of text, also .gz",
      fallbackText: "none, it must be given",
    }),
    run: textOption("DIR", undefined, {
      description: "the run folder of the network",
      fallbackText: "the network that ships",
    }),
    columns: textOption("MAPPING", undefined, {
      description: "target=expression, with commas between them; auto takes what is certain",
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
    ...CATALOG_OPTIONS,
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
    const given = chooseMapping(values.columns, values.mapping);
    const table = readSourceTable(values.catalog, values.table, sourceOptions(values));
    const { run, scatter, faithfulness } = values.run === undefined
      ? await loadShipped()
      : loadFolder(values.run);
    // What is wrong with the mapping is told before anything is measured.
    const fields = fieldsRead(run.experiment.features);
    const proposed = given === AUTO ? chooseProposals(proposeMapping(table.columns), fields) : [];
    const mapping = given === AUTO ? parseMapping(writeMapping(proposed)) : given;
    const used = columnsUsed(table.columns, { mapping, fields, h: values.h, ranges: {} });
    const warnings = [
      ...table.warnings,
      ...describeOddities(used.map((place) => table.columns[place]!)),
    ];
    for (const warning of warnings) progress.say(printable(`Warning: ${warning}`));
    const engine = await openBackend(values, progress);
    const model = await openModel(engine, run);
    const reference = values.run === undefined
      ? await loadPretrainedReference()
      : await chooseReference(values.run, model, run.experiment, progress);
    const reading = { mapping, h: values.h, catalogId: values["catalog-id"] };
    const predictor = { experiment: run.experiment, model, reference };
    const { catalogs, clusters } = await predictTable(predictor, table, reading);
    model.dispose();
    engine.close();
    if (values.out !== undefined) writeTable(values.out, clusters);
    const { min, max } = redshiftsOf(run.experiment.catalog.survey);
    const redshifts = { min, max, checked: Object.hasOwn(mapping, "redshift") };
    const network = { run: values.run ?? null, backend: engine.name, scatter, faithfulness };
    const chosen = proposed.length > 0 ? { mapping } : {};
    const json = { ...network, redshifts, ...chosen, warnings, catalogs };
    const texts = catalogs.map((catalog) => describeCatalog(catalog, scatter));
    if (proposed.length > 0) {
      texts.unshift(describeProposals(proposed, "Columns were mapped as:").join("\n"));
    }
    if (faithfulness) {
      texts.push(`What terse values and single clusters show: ${faithfulness.text}`);
    }
    if (!redshifts.checked) {
      texts.push(
        `Redshifts were not looked at (redshift=... maps them), the network is for ${min} to ${max}`,
      );
    }
    return { json, text: texts.join("\n\n") };
  },
});

/** A network, and what is known of it; `null` if that was not measured. */
interface Source {
  readonly run: TrainingRun<Experiment>;
  /** Of sigma8 on fresh mock catalogs. */
  readonly scatter: number | null;
  /** Whether its interpretation is true. */
  readonly faithfulness: FaithfulnessVerdict | null;
}

async function loadShipped(): Promise<Source> {
  const { run, provenance } = await loadPretrained();
  return { run, scatter: provenance.fresh.scatter, faithfulness: null };
}

function loadFolder(folder: string): Source {
  const run = loadTrainingRun(folder, requireExperiment(folder));
  const faithfulness = loadVerdict(folder);
  if (!hasFile(folder, "results")) return { run, scatter: null, faithfulness };
  const { fresh } = readJson(fileIn(folder, "results")) as Partial<Results>;
  return { run, scatter: fresh?.scatter ?? null, faithfulness };
}

/** Columns are found by their names, units and UCDs. */
const AUTO = "auto";

function chooseMapping(
  text: string | undefined,
  path: string | undefined,
): ColumnMapping | typeof AUTO {
  if (text !== undefined && path !== undefined) {
    throw new UsageError("Cannot read mapping: --columns and --mapping are given, one is needed");
  }
  if (text === AUTO) return AUTO;
  if (path === undefined) return text === undefined ? {} : parseMapping(text);
  const json = readJson(path);
  return inFile(path, () => checkMapping(json));
}

function writeTable(path: string, table: FitsTable): void {
  writeFile(path, path.endsWith(".fits") ? encodeFits([table]) : formatTable(table));
}
