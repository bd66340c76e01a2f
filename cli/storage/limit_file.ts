/** The posteriors of a limit as a file: written as they are found, read to resume. */
import type { CatalogParameters } from "../../src/catalogs/priors.ts";
import type { WeakLensingUse } from "../../src/evaluation/likelihood.ts";
import type { InformationLimit } from "../../src/evaluation/posterior.ts";
import { POSTERIOR_QUANTILES } from "../../src/evaluation/posterior.ts";
import { readOldOrigin } from "../../src/experiments/old_form.ts";
import { RunError } from "../program/errors.ts";
import { exists, readJson } from "../program/files.ts";
import { writeFile } from "../program/outputs.ts";
import type { PosteriorRecord } from "../../src/runs/posteriors.ts";
import type { LikelihoodOrigin } from "./likelihood_origin.ts";
import { fileIn, FILES, refuseOther } from "./run_folder.ts";

const FILE_OF = {
  "with weak lensing": "limit",
  "without weak lensing": "limitWithoutLensing",
} as const satisfies Record<WeakLensingUse, keyof typeof FILES>;

/** The name of the file of a limit. */
export function limitFile(weakLensing: WeakLensingUse): string {
  return FILES[FILE_OF[weakLensing]];
}

/** Saves posteriors and, once all are there, their summary. */
export function savePosteriors(
  folder: string,
  origin: LikelihoodOrigin,
  posteriors: readonly PosteriorRecord[],
  limit: InformationLimit | null,
): void {
  const plain = posteriors.map((record) => ({ ...record, quantiles: [...record.quantiles] }));
  const text = JSON.stringify({ origin, limit, posteriors: plain }, null, 1);
  writeFile(fileIn(folder, FILE_OF[origin.weakLensing]), `${text}\n`);
}

/**
 * The posteriors that a folder has; none if it has no file.
 *
 * @param parameters What each catalog is drawn with, by its number, as far as they are asked for
 * @throws {RunError} If the file is damaged or of another experiment
 */
export function loadPosteriors(
  folder: string,
  origin: LikelihoodOrigin,
  parameters: readonly CatalogParameters[],
): PosteriorRecord[] {
  const path = fileIn(folder, FILE_OF[origin.weakLensing]);
  if (!exists(path)) return [];
  const file = readJson(path) as { origin?: unknown; posteriors?: unknown } | null;
  refuseOther(folder, FILES[FILE_OF[origin.weakLensing]], readOldOrigin(file?.origin), origin);
  if (!Array.isArray(file?.posteriors)) {
    throw new RunError(
      `Cannot read ${path}: posteriors is not a list, remove the file to begin anew`,
    );
  }
  const seen = new Set<number>();
  return file.posteriors.map((entry: Record<keyof PosteriorRecord, unknown> | null, i) => {
    const isNew = isRecord(entry) && !seen.has(entry.catalog);
    if (!isNew || (parameters[entry.catalog]?.sigma8 ?? entry.sigma8) !== entry.sigma8) {
      throw new RunError(
        `Cannot read ${path}: posterior ${i} is not what was written, remove the file to begin anew`,
      );
    }
    seen.add(entry.catalog);
    return { ...entry, quantiles: Float64Array.from(entry.quantiles) };
  });
}

/** The numbers of a record, and the least that each can be. */
const LEAST: Readonly<Record<Exclude<keyof PosteriorRecord, "quantiles">, number>> = {
  catalog: 0,
  clusters: 1,
  sigma8: 0,
  mean: 0,
  standardDeviation: Number.MIN_VALUE,
  effectiveSamples: 1,
  lastChange: 0,
};

function isRecord(entry: Record<string, unknown> | null): entry is PosteriorRecord & typeof entry {
  const isNumber = (value: unknown, least: number) =>
    typeof value === "number" && Number.isFinite(value) && value >= least;
  return Object.entries(LEAST).every(([name, least]) => isNumber(entry?.[name], least)) &&
    Number.isInteger(entry?.catalog) && Array.isArray(entry?.quantiles) &&
    entry.quantiles.length === POSTERIOR_QUANTILES.length &&
    entry.quantiles.every((value) => isNumber(value, 0));
}
