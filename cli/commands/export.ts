/**
 * `export`: a run's catalogs, network inputs, predictions or weights for other programs.
 */
import { BACKEND_OPTIONS } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { writeFiles } from "../program/outputs.ts";
import { choiceOption, textOption } from "../program/options.ts";
import { collectExport } from "../stages/exporting.ts";

/** The command `export`. */
export const EXPORT: Command = defineCommand({
  summary: "write catalogs, features, predictions or weights for NumPy, TOPCAT, tfjs or Keras",
  details: [
    "Catalogs, features and predictions become FITS, CSV or NPZ. Weights become safetensors, NPZ or " +
    "tfjs: a LayersModel that takes physical units and gives sigma8.",
    "In NPZ, split is 0 for train, 1 for validation and 2 for test. In CSV, numbers are the shortest " +
    "text that gives back their bits.",
  ],
  options: {
    run: textOption("DIR", undefined, {
      description: "the run folder",
      fallbackText: "none: the weights of the network that ships",
      role: "input run",
    }),
    what: choiceOption(["catalogs", "features", "predictions", "weights"] as const, "weights", {
      description: "what to write",
    }),
    format: choiceOption(["fits", "csv", "npz", "safetensors", "tfjs"] as const, undefined, {
      description: "the format",
      fallbackText: "csv, or tfjs for weights",
    }),
    out: textOption("DIR", "runs/export", {
      description: "the folder to write to",
      role: "export folder",
    }),
    ...BACKEND_OPTIONS,
  },
  renamed: { to: "out" },
  async run(values, { progress }) {
    const { what, out: folder } = values;
    const format = values.format ?? (what === "weights" ? "tfjs" : "csv");
    const files = await collectExport(values, format, progress);
    writeFiles(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
    const names = Object.keys(files);
    const text = `Wrote ${names.map((name) => `${folder}/${name}`).join(" and ")}`;
    return { json: { what, format, folder, files: names }, text };
  },
});
