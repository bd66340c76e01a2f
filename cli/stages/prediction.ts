/** The stage that predicts: a network, from the package or a run folder, on a table of clusters. */
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { FitsTable } from "../../src/formats/fits.ts";
import type { OpenModel, TrainingRun } from "../../src/network/trained_model.ts";
import { openModel } from "../../src/network/trained_model.ts";
import type { ColumnMapping } from "../../src/observed/column_mapping.ts";
import { checkMapping, parseMapping } from "../../src/observed/column_mapping.ts";
import type { KeptTable } from "../../src/observed/kept_table.ts";
import { keepUsed } from "../../src/observed/kept_table.ts";
import { printable } from "../../src/observed/printable.ts";
import type { Proposal } from "../../src/observed/proposal.ts";
import type { PretrainedName } from "../../src/pretrained/pretrained.ts";
import { loadPretrained, loadPretrainedReference } from "../../src/pretrained/pretrained.ts";
import type {
  NetworkFacts,
  PlannedReading,
  Predictions,
  ReadingRequest,
} from "../../src/runs/observed_prediction.ts";
import { AUTO, joinPredictions, planReading } from "../../src/runs/observed_prediction.ts";
import { predictionNeed } from "../../src/runs/needs.ts";
import { predictTable } from "../../src/runs/prediction.ts";
import { openBackend } from "../program/backend_options.ts";
import { checkHubble, checkOmegaM } from "../program/sky_options.ts";
import { sourceOptions } from "../program/catalog_options.ts";
import { inFile, UsageError } from "../program/errors.ts";
import { readJson } from "../program/files.ts";
import { requireRoom } from "../program/machine.ts";
import type { PredictOptionValues } from "../program/predict_options.ts";
import type { Progress } from "../program/progress.ts";
import { loadVerdict } from "../storage/interpretation_files.ts";
import { loadScatter, requireExperiment } from "../storage/run_folder.ts";
import { takeFromTable } from "../storage/source_table.ts";
import { loadTrainingRun } from "../storage/training_files.ts";
import { loadMembers } from "./ensemble.ts";
import { chooseReference } from "./safety_reference.ts";

/** The catalog, its columns, and the network. */
export interface PredictValues extends Omit<PredictOptionValues, "catalog" | "survey"> {
  /** Path of the table. */
  readonly catalog: string;
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
  const { h, run: folder, ensemble, network: shipped = "compact", "catalog-id": catalogId } =
    values;
  checkOptions(values);
  const mapping = chooseMapping(values.columns, values.mapping);
  const { run, ...known } = folder === undefined
    ? await loadShipped(shipped)
    : loadFolder(folder, progress);
  const { experiment } = run;
  const others = loadMembers(ensemble, run);
  // A fault of the mapping is reported before anything is measured.
  const { table, reading } = readCatalog(values, experiment, { mapping, h, catalogId });
  if (catalogId !== undefined) {
    requireRoom("predict", [predictionNeed(table.entries, printable(catalogId))]);
  }
  for (const warning of reading.warnings) progress.say(printable(`Warning: ${warning}`));
  const engine = await openBackend(values, progress);
  const model = await openModel(engine, run);
  const reference = folder === undefined
    ? await loadPretrainedReference(shipped)
    : await chooseReference(folder, model, experiment, progress);
  const columns = values["leave-one-out"] ? "terse and change" : "terse";
  const members: OpenModel[] = [];
  for (const other of others) members.push(await openModel(engine, other));
  const predictor = { experiment, model, reference, members };
  const { catalogs, clusters } = await predictTable(predictor, table, { ...reading, columns });
  engine.close();
  const facts = { run: folder ?? null, backend: engine.name, ...known };
  // What one network was measured to scatter is not what an ensemble does.
  const network = others.length === 0 ? facts : { ...facts, scatter: null, ensemble };
  const found = joinPredictions(network, experiment, reading, catalogs);
  return { found, clusters, proposed: reading.proposed };
}

/** Reads a table and plans its use; its file is forgotten on return. */
function readCatalog(
  values: PredictValues,
  experiment: Experiment,
  request: ReadingRequest,
): { readonly table: KeptTable; readonly reading: PlannedReading } {
  return takeFromTable(values.catalog, values.table, sourceOptions(values), (table) => {
    const reading = planReading(table, experiment, request);
    return { table: keepUsed(table, reading.kept), reading };
  });
}

/** A network, and what is known of it. */
interface Source extends Pick<NetworkFacts, "scatter" | "faithfulness"> {
  readonly run: TrainingRun<Experiment>;
}

/** @throws {UsageError} If h is out of range, two networks are asked for, or a column of no table */
function checkOptions(values: PredictValues): void {
  checkHubble(values.h);
  checkOmegaM(values["source-omega-m"]);
  if (values.run !== undefined && values.network !== undefined) {
    throw new UsageError("Cannot predict: --run and --network are given, one network is needed");
  }
  if (values["leave-one-out"] && values.to === undefined) {
    throw new UsageError("Cannot predict: --leave-one-out adds a column to the table of --to FILE");
  }
}

async function loadShipped(name: PretrainedName): Promise<Source> {
  const { run, provenance } = await loadPretrained(name);
  return { run, scatter: provenance.fresh.scatter, faithfulness: null };
}

function loadFolder(folder: string, progress: Progress): Source {
  const run = loadTrainingRun(folder, requireExperiment(folder));
  const faithfulness = loadVerdict(folder);
  const { scatter, reason } = loadScatter(folder);
  if (reason !== "") progress.say(`No scatter is quoted: ${reason}`);
  return { run, scatter, faithfulness };
}

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
