/**
 * `export`: a run's catalogs, network inputs, predictions or weights for other programs.
 *
 * @module
 */
import type { FitsTable } from "../../src/formats/fits.ts";
import { loadPretrained } from "../../src/pretrained/pretrained.ts";
import type { BackendValues } from "../program/backend_options.ts";
import { BACKEND_OPTIONS, openBackend } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { UsageError } from "../program/errors.ts";
import type { ExportedFiles } from "../storage/export_files.ts";
import { TABLE_FORMATS, WEIGHT_FORMATS } from "../storage/export_files.ts";
import { tabulateFeatures, tabulatePredictions } from "../stages/export_tables.ts";
import { makeFolder, writeFile } from "../program/files.ts";
import { choiceOption, textOption } from "../program/options.ts";
import type { Progress } from "../program/progress.ts";
import { requireExperiment } from "../storage/run_folder.ts";
import { loadCatalogTables } from "../storage/simulation_files.ts";
import { loadTrainingRun } from "../storage/training_files.ts";

/** The command `export`. */
export const EXPORT: Command = defineCommand({
  summary: "write catalogs, features, predictions or weights for NumPy, TOPCAT, tfjs or Keras",
  details: [
    "Catalogs, features and predictions become FITS, CSV or NPZ; weights safetensors, NPZ or tfjs, a",
    "LayersModel that takes physical units and gives sigma8. In NPZ, split is 0 for train, 1 for",
    "validation, 2 for test; in CSV, numbers are the shortest text that gives back their bits.",
  ],
  options: {
    run: textOption("DIR", undefined, {
      description: "the run folder",
      fallbackText: "none: the weights of the network that ships",
    }),
    what: choiceOption(["catalogs", "features", "predictions", "weights"] as const, "weights", {
      description: "what to write",
    }),
    format: choiceOption(["fits", "csv", "npz", "safetensors", "tfjs"] as const, undefined, {
      description: "the format",
      fallbackText: "csv, or tfjs for weights",
    }),
    to: textOption("DIR", "runs/export", { description: "the folder to write to" }),
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    const { what, to } = values;
    const format = values.format ?? (what === "weights" ? "tfjs" : "csv");
    const files = what === "weights"
      ? pickFormat(WEIGHT_FORMATS, what, format)(await loadWeights(values.run))
      : pickFormat(TABLE_FORMATS, what, format)(what, await loadTables(values, what, progress));
    return write(files, to, { what, format });
  },
});

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
  { run: folder, ...backend }: BackendValues & { readonly run: string | undefined },
  what: "catalogs" | "features" | "predictions",
  progress: Progress,
): Promise<readonly FitsTable[]> {
  if (folder === undefined) throw new UsageError(`Cannot write ${what}: --run DIR is needed`);
  const experiment = requireExperiment(folder);
  if (what === "catalogs") return loadCatalogTables(folder, experiment);
  if (what === "features") return tabulateFeatures(folder, experiment);
  const engine = await openBackend(backend, progress);
  const tables = await tabulatePredictions(folder, experiment, engine);
  engine.close();
  return tables;
}

function write(files: ExportedFiles, folder: string, said: Readonly<Record<string, string>>) {
  makeFolder(folder);
  for (const [name, content] of Object.entries(files)) writeFile(`${folder}/${name}`, content);
  const names = Object.keys(files);
  const text = `Wrote ${names.map((name) => `${folder}/${name}`).join(" and ")}`;
  return { json: { ...said, folder, files: names }, text };
}
