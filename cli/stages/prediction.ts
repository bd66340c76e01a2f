/**
 * The stage that predicts: a network, from the package or a run folder, on a table of clusters.
 *
 * @module
 */
import { MAGNETICUM } from "../../src/cosmology/cosmology.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import { fieldsRead } from "../../src/features/fields_read.ts";
import type { FitsTable } from "../../src/formats/fits.ts";
import type { FaithfulnessVerdict } from "../../src/interpretation/faithfulness/verdict.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import { openModel } from "../../src/network/trained_model.ts";
import type { ColumnMapping } from "../../src/observed/column_mapping.ts";
import { checkMapping, parseMapping } from "../../src/observed/column_mapping.ts";
import { columnsUsed } from "../../src/observed/mapped_clusters.ts";
import { printable } from "../../src/observed/printable.ts";
import type { Proposal } from "../../src/observed/proposal.ts";
import { chooseProposals, proposeMapping, writeMapping } from "../../src/observed/proposal.ts";
import { loadPretrained, loadPretrainedReference } from "../../src/pretrained/pretrained.ts";
import type { CatalogPrediction } from "../../src/runs/prediction.ts";
import { predictTable, redshiftsOf } from "../../src/runs/prediction.ts";
import type { BackendValues } from "../program/backend_options.ts";
import { openBackend } from "../program/backend_options.ts";
import type { CatalogValues } from "../program/catalog_options.ts";
import { sourceOptions } from "../program/catalog_options.ts";
import { inFile, UsageError } from "../program/errors.ts";
import { readJson } from "../program/files.ts";
import type { Progress } from "../program/progress.ts";
import { loadVerdict } from "../storage/interpretation_files.ts";
import { loadScatter, requireExperiment } from "../storage/run_folder.ts";
import { readSourceTable } from "../storage/source_table.ts";
import { loadTrainingRun } from "../storage/training_files.ts";
import { chooseReference } from "./safety_reference.ts";
import { describeOddities } from "./source_warnings.ts";

/** The catalog, its columns, and the network. */
export interface PredictValues extends BackendValues, CatalogValues {
  /** Path of the table. */
  readonly catalog: string;
  /** The run folder of the network; undefined for the network that ships. */
  readonly run: string | undefined;
  /** A mapping, "target=expression, ..."; at most one of this and the next is given. */
  readonly columns: string | undefined;
  /** Path of a mapping. */
  readonly mapping: string | undefined;
  /** The column that distinguishes catalogs in one table. */
  readonly "catalog-id": string | undefined;
  /** The simulation's unless given. */
  readonly h: number | undefined;
}

/** Predictions as the document of `--json`. */
export interface Predictions {
  readonly run: string | null;
  readonly backend: string;
  /** Scatter of sigma8 on fresh mock catalogs; `null` if that was not measured. */
  readonly scatter: number | null;
  /** Whether the network's interpretation is true; `null` if that was not judged. */
  readonly faithfulness: FaithfulnessVerdict | null;
  /** The redshifts that the network is for, and whether the table's were checked. */
  readonly redshifts: { readonly min: number; readonly max: number; readonly checked: boolean };
  /** The mapping, if it was found by the columns' names, units and UCDs. */
  readonly mapping?: ColumnMapping;
  readonly warnings: readonly string[];
  readonly catalogs: readonly CatalogPrediction[];
}

/** Predictions, and what they were made of. */
export interface PredictedFile {
  readonly found: Predictions;
  /** The terse value of every cluster. */
  readonly clusters: FitsTable;
  /** Columns that were found by their names, units and UCDs; empty if a mapping was given. */
  readonly proposed: readonly Proposal[];
}

/** Predicts sigma8 of every catalog in a table, and gives the terse value of every cluster. */
export async function predictFile(
  values: PredictValues,
  progress: Progress,
): Promise<PredictedFile> {
  const { h = MAGNETICUM.h, run: folder } = values;
  const given = chooseMapping(values.columns, values.mapping);
  const table = readSourceTable(values.catalog, values.table, sourceOptions(values));
  const { run, scatter, faithfulness } = folder === undefined
    ? await loadShipped()
    : loadFolder(folder, progress);
  const { experiment } = run;
  // A fault of the mapping is reported before anything is measured.
  const fields = fieldsRead(experiment.features);
  const proposed = given === AUTO ? chooseProposals(proposeMapping(table.columns), fields) : [];
  const mapping = given === AUTO ? parseMapping(writeMapping(proposed)) : given;
  const used = columnsUsed(table.columns, { mapping, fields, h, ranges: {} });
  const warnings = [
    ...table.warnings,
    ...describeOddities(used.map((place) => table.columns[place]!)),
  ];
  for (const warning of warnings) progress.say(printable(`Warning: ${warning}`));
  const engine = await openBackend(values, progress);
  const model = await openModel(engine, run);
  const reference = folder === undefined
    ? await loadPretrainedReference()
    : await chooseReference(folder, model, experiment, progress);
  const reading = { mapping, h, catalogId: values["catalog-id"] };
  const predictor = { experiment, model, reference };
  const { catalogs, clusters } = await predictTable(predictor, table, reading);
  model.dispose();
  engine.close();
  const { min, max } = redshiftsOf(experiment.catalog.survey);
  const redshifts = { min, max, checked: Object.hasOwn(mapping, "redshift") };
  const network = { run: folder ?? null, backend: engine.name, scatter, faithfulness };
  const chosen = proposed.length > 0 ? { mapping } : {};
  const found = { ...network, redshifts, ...chosen, warnings, catalogs };
  return { found, clusters, proposed };
}

/** A network, and what is known of it; `null` if that was not measured. */
interface Source {
  readonly run: TrainingRun<Experiment>;
  /** Scatter of sigma8 on fresh mock catalogs. */
  readonly scatter: number | null;
  /** Whether the network's interpretation is true. */
  readonly faithfulness: FaithfulnessVerdict | null;
}

async function loadShipped(): Promise<Source> {
  const { run, provenance } = await loadPretrained();
  return { run, scatter: provenance.fresh.scatter, faithfulness: null };
}

function loadFolder(folder: string, progress: Progress): Source {
  const run = loadTrainingRun(folder, requireExperiment(folder));
  const faithfulness = loadVerdict(folder);
  const { scatter, reason } = loadScatter(folder);
  if (reason !== "") progress.say(`No scatter is quoted: ${reason}`);
  return { run, scatter, faithfulness };
}

/** The value of --columns with which columns are found by their names, units and UCDs. */
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
