/** Exact answers as a file: written as they are found, read to resume and to judge networks. */
import type { WeakLensingUse } from "../../src/evaluation/likelihood.ts";
import type { ExactAnswers } from "../../src/interpretation/exact/exact_catalog.ts";
import type { Gap } from "../../src/interpretation/exact/gap.ts";
import type { ExactSummary } from "../../src/interpretation/exact/summary.ts";
import type { ExactRecord, ExactTask } from "../../src/runs/exact.ts";
import { readOldOrigin } from "../../src/experiments/old_form.ts";
import { RunError } from "../program/errors.ts";
import { exists, readJson } from "../program/files.ts";
import { writeFile } from "../program/outputs.ts";
import type { LikelihoodOrigin } from "./likelihood_origin.ts";
import { fileIn, FILES, refuseOther } from "./run_folder.ts";

const FILE_OF = {
  "with weak lensing": "exact",
  "without weak lensing": "exactWithoutLensing",
} as const satisfies Record<WeakLensingUse, keyof typeof FILES>;

/** The name of the file of exact answers. */
export function exactFile(weakLensing: WeakLensingUse): string {
  return FILES[FILE_OF[weakLensing]];
}

/** Saves answers, one catalog per line, and, once all are there, their summary. */
export function saveExact(
  folder: string,
  origin: LikelihoodOrigin,
  records: readonly ExactRecord[],
  summary: ExactSummary | Gap | null,
): void {
  const plain = (value: unknown) =>
    JSON.stringify(
      value,
      (_, inner) => ArrayBuffer.isView(inner) ? Array.from(inner as Float64Array) : inner,
    );
  const text = `{"origin": ${plain(origin)},\n"summary": ${plain(summary)},\n"answers": [\n` +
    `${records.map(plain).join(",\n")}\n]}\n`;
  writeFile(fileIn(folder, FILE_OF[origin.weakLensing]), text);
}

/**
 * The answers that a folder has, in order; none if it has no file.
 *
 * @param tasks The catalogs that answers may be asked for, in order
 * @throws {RunError} If the file is damaged or of another experiment
 */
export function loadExact(
  folder: string,
  origin: LikelihoodOrigin,
  tasks: readonly ExactTask[],
): ExactRecord[] {
  const name = FILE_OF[origin.weakLensing];
  const path = fileIn(folder, name);
  if (!exists(path)) return [];
  const file = readJson(path) as { origin?: unknown; answers?: unknown } | null;
  refuseOther(folder, FILES[name], readOldOrigin(file?.origin), JSON.parse(JSON.stringify(origin)));
  if (!Array.isArray(file?.answers)) {
    throw new RunError(`Cannot read ${path}: answers is not a list, remove the file to begin anew`);
  }
  const seen = new Set<number>();
  return file.answers.map((entry: unknown, i) => {
    const record = readRecord(entry);
    const task = record && tasks[record.rank];
    const isWritten = task && task.catalog === record.catalog && task.place === record.place &&
      task.parameters.sigma8 === record.sigma8;
    if (!isWritten || seen.has(record.rank)) {
      throw new RunError(
        `Cannot read ${path}: answer ${i} is not what was written, remove the file to begin anew`,
      );
    }
    seen.add(record.rank);
    return record;
  }).sort((a, b) => a.rank - b.rank);
}

type Entry = Readonly<Record<string, unknown>>;

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null;
}

function readRecord(entry: unknown): ExactRecord | null {
  if (!isEntry(entry)) return null;
  const { rank, place, catalog, clusters, sigma8 } = entry;
  const isWhole = (value: unknown): value is number =>
    Number.isInteger(value) && value as number >= 0;
  if (!isWhole(rank) || !isWhole(place) || !isWhole(catalog) || !isWhole(clusters)) return null;
  if (typeof sigma8 !== "number" || !(sigma8 > 0)) return null;
  const logMass = readNumbers(entry["logMass"], clusters);
  const everything = readAnswers(entry["everything"], clusters);
  const oneNumber = readAnswers(entry["oneNumber"], clusters);
  if (!logMass || !everything || !oneNumber) return null;
  return { rank, place, catalog, clusters, sigma8, logMass, everything, oneNumber };
}

function readGap(value: Entry): Gap | null {
  return typeof value["gap"] === "string" ? { gap: value["gap"] } : null;
}

function readAnswers(value: unknown, count: number): ExactAnswers | Gap | null {
  if (!isEntry(value)) return null;
  const gap = readGap(value);
  if (gap) return gap;
  const { posterior, leaveOneOut, sensitivities } = value;
  if (!isEntry(posterior) || !isEntry(leaveOneOut) || !isEntry(sensitivities)) return null;
  const quantiles = readNumbers(posterior["quantiles"]);
  const numbers = ["mean", "standardDeviation", "effectiveSamples", "lastChange"] as const;
  if (!quantiles || numbers.some((name) => !Number.isFinite(posterior[name]))) return null;
  const changes = readGap(leaveOneOut) ?? readColumns(leaveOneOut, ["change", "error"], count);
  const paretoK = readIndices(leaveOneOut["paretoK"], count);
  if (!changes || (!("gap" in changes) && !paretoK)) return null;
  const slopes = Object.entries(sensitivities).map(([name, columns]) =>
    [name, isEntry(columns) ? readColumns(columns, ["slope", "error"], count) : null] as const
  );
  if (slopes.some(([, columns]) => columns === null)) return null;
  return {
    count,
    posterior: { ...posterior, quantiles },
    leaveOneOut: "gap" in changes ? changes : { ...changes, paretoK },
    sensitivities: Object.fromEntries(slopes),
  } as unknown as ExactAnswers;
}

function readColumns(
  value: Entry,
  names: readonly string[],
  count: number,
): Readonly<Record<string, Float64Array>> | null {
  const columns = names.map((name) => [name, readNumbers(value[name], count)] as const);
  return columns.every(([, column]) => column !== null)
    ? Object.fromEntries(columns) as Record<string, Float64Array>
    : null;
}

function readNumbers(value: unknown, count?: number): Float64Array | null {
  const isList = Array.isArray(value) && (count === undefined || value.length === count) &&
    value.every(Number.isFinite);
  return isList ? Float64Array.from(value) : null;
}

/** Pareto indices; JSON has null for one that is not finite, which is none to rely on. */
function readIndices(value: unknown, count: number): Float64Array | null {
  if (!Array.isArray(value) || value.length !== count) return null;
  const isNumber = value.every((k) => k === null || Number.isFinite(k));
  return isNumber ? Float64Array.from(value, (k) => k ?? Infinity) : null;
}
