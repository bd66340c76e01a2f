/** The stage that exports: a run's tables or weights as the files of a format. */
import type { FitsTable } from "../../src/formats/fits.ts";
import { loadPretrained } from "../../src/pretrained/pretrained.ts";
import type { BackendValues } from "../program/backend_options.ts";
import { openBackend } from "../program/backend_options.ts";
import { UsageError } from "../program/errors.ts";
import type { Progress } from "../program/progress.ts";
import type { ExportedFiles } from "../storage/export_files.ts";
import { TABLE_FORMATS, WEIGHT_FORMATS } from "../storage/export_files.ts";
import { requireExperiment } from "../storage/run_folder.ts";
import { loadCatalogs, loadCatalogTables } from "../storage/simulation_files.ts";
import { loadTrainingRun } from "../storage/training_files.ts";
import { tabulateFeatures, tabulatePredictions } from "../../src/runs/export_tables.ts";

/** What is exported, and from where. */
export interface ExportValues extends BackendValues {
  /** The run folder; undefined for the network that ships. */
  readonly run: string | undefined;
  readonly what: "catalogs" | "features" | "predictions" | "weights";
}

/**
 * Collects the files of an export.
 *
 * @throws {UsageError} If the format does not suit, or a run folder is needed and not given
 */
export async function collectExport(
  values: ExportValues,
  format: string,
  progress: Progress,
): Promise<ExportedFiles> {
  const { what } = values;
  if (what === "weights") {
    return pickFormat(WEIGHT_FORMATS, what, format)(await loadWeights(values.run));
  }
  return pickFormat(TABLE_FORMATS, what, format)(what, await loadTables(values, what, progress));
}

function pickFormat<T>(formats: Readonly<Record<string, T>>, what: string, format: string): T {
  const found = formats[format];
  if (found) return found;
  const names = Object.keys(formats).join(", ");
  throw new UsageError(`Cannot write ${what} as ${format}: one of ${names} is needed`);
}

async function loadWeights(folder: string | undefined) {
  if (folder === undefined) return (await loadPretrained()).run;
  return loadTrainingRun(folder, requireExperiment(folder));
}

async function loadTables(
  { run: folder, ...backend }: ExportValues,
  what: "catalogs" | "features" | "predictions",
  progress: Progress,
): Promise<readonly FitsTable[]> {
  if (folder === undefined) throw new UsageError(`Cannot write ${what}: --run DIR is needed`);
  const experiment = requireExperiment(folder);
  if (what === "catalogs") return loadCatalogTables(folder, experiment);
  const catalogs = loadCatalogs(folder, experiment);
  if (what === "features") return tabulateFeatures(experiment, catalogs);
  const run = loadTrainingRun(folder, experiment);
  const engine = await openBackend(backend, progress);
  const tables = await tabulatePredictions(engine, run, catalogs);
  engine.close();
  return tables;
}
