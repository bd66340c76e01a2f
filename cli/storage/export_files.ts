/** Tables and networks as files that other programs read: name and content of each. */
import { formatTable } from "../../src/formats/csv.ts";
import type { FitsTable } from "../../src/formats/fits.ts";
import { encodeFits, encodeFitsPieces } from "../../src/formats/fits.ts";
import type { ColumnData } from "../../src/formats/fits_elements.ts";
import { encodeNpz } from "../../src/formats/npz.ts";
import { encodeSafetensors } from "../../src/formats/safetensors.ts";
import { LAYERS_WEIGHTS_FILE } from "../../src/network/layers_graph.ts";
import { toLayersModel } from "../../src/network/layers_model.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import { trainingRunToArrays } from "../../src/network/trained_model.ts";
import type { ArrayData, NamedArray } from "../../src/numerics/arrays.ts";
import { SETS } from "../../src/runs/cluster_tables.ts";
import type { Content } from "../program/outputs.ts";
import { writeFile } from "../program/outputs.ts";

/** Contents by file name. */
export type ExportedFiles = Readonly<Record<string, Content>>;

/** Writes a table to one file: FITS if its name ends in .fits, else CSV. */
export function writeTable(path: string, table: FitsTable): void {
  writeFile(path, path.endsWith(".fits") ? encodeFitsPieces([table]) : formatTable(table));
}

/** The formats of tables. */
export const TABLE_FORMATS: Readonly<
  Record<"fits" | "csv" | "npz", (what: string, tables: readonly FitsTable[]) => ExportedFiles>
> = {
  fits: (what, tables) => ({ [`${what}.fits`]: encodeFits(tables) }),
  csv: (_, tables) =>
    Object.fromEntries(
      tables.map((table) => [`${table.name.toLowerCase()}.csv`, formatTable(table)]),
    ),
  npz: (what, tables) => ({
    [`${what}.npz`]: encodeNpz(
      Object.fromEntries(
        tables.flatMap(({ count, columns }) =>
          columns.map(({ name, shape, data }): [string, NamedArray] => [
            name,
            { shape: [count, ...shape], data: toNumbers(data) },
          ])
        ),
      ),
    ),
  }),
};

/** NPZ holds no text: the set of a catalog becomes its place in {@linkcode SETS}. */
function toNumbers(data: ColumnData): ArrayData {
  return Array.isArray(data)
    ? Int32Array.from(data, (text) => SETS.indexOf(text))
    : data as ArrayData;
}

/** The formats of a trained network. */
export const WEIGHT_FORMATS: Readonly<
  Record<"safetensors" | "npz" | "tfjs", (run: TrainingRun) => ExportedFiles>
> = {
  safetensors: (run) => {
    const { arrays, metadata } = trainingRunToArrays(run);
    return { "weights.safetensors": encodeSafetensors(arrays, metadata) };
  },
  npz: ({ weights }) => ({ "weights.npz": encodeNpz(weights) }),
  tfjs: (run) => {
    const { model, weights } = toLayersModel(run);
    return {
      "model.json": `${JSON.stringify(model)}\n`,
      [LAYERS_WEIGHTS_FILE]: weights,
    };
  },
};
