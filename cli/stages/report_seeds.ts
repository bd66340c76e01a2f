/** The spread over trainings that `interpret --seeds` left behind. */
import type { SeedSpread } from "../../src/interpretation/ensemble.ts";
import { RunError } from "../program/errors.ts";
import { readJson } from "../program/files.ts";
import { fileIn, hasFile } from "../storage/run_folder.ts";

/** How far the scatter of sigma8 may be from the record's on another backend, relatively. */
const TOLERANCE = 1e-3;

/** The record of a run folder's interpretation, as far as a report needs it. */
export interface SpreadRecord {
  /** Scatter of sigma8 of the network that was interpreted. */
  readonly scatter: number;
  /** The spreads; null if several networks were not interpreted. */
  readonly seeds: readonly SeedSpread[] | null;
}

const refuse = (folder: string, what: string): RunError =>
  new RunError(
    `Cannot use ${fileIn(folder, "interpretation")}: ${what}; run "interpret" again or remove it`,
  );

/**
 * Reads the record of a run folder, before anything takes time; null if there is none.
 *
 * @throws {RunError} If the record is damaged
 */
export function readSpreads(folder: string): SpreadRecord | null {
  if (!hasFile(folder, "interpretation")) return null;
  const record = readJson(fileIn(folder, "interpretation")) as
    | Readonly<Record<string, unknown>>
    | null;
  const scatter = (record?.headlines as Readonly<Record<string, unknown>> | null | undefined)
    ?.["sigma8 scatter"];
  if (typeof scatter !== "number") throw refuse(folder, "it has no scatter of sigma8");
  const { seeds = null } = record!;
  if (seeds === null) return { scatter, seeds };
  if (Array.isArray(seeds) && seeds.every(isSpread)) return { scatter, seeds };
  throw refuse(folder, "seeds is not a list of spreads");
}

/**
 * The spreads of a record.
 *
 * @param scatter That of the folder's network on its test catalogs
 * @throws {RunError} If the record is about another network
 */
export function spreadsOf(
  folder: string,
  record: SpreadRecord | null,
  scatter: number,
): SpreadRecord["seeds"] {
  if (record === null || Math.abs(record.scatter - scatter) <= TOLERANCE * scatter) {
    return record?.seeds ?? null;
  }
  const what = `its network scatters by ${record.scatter}, that of the folder by ${scatter}`;
  throw refuse(folder, what);
}

function isSpread(entry: Readonly<Record<string, unknown>> | null): entry is
  & Readonly<Record<string, unknown>>
  & SeedSpread {
  const isNumber = (value: unknown) => typeof value === "number" && Number.isFinite(value);
  return typeof entry?.name === "string" &&
    [entry.count, entry.missing, entry.mean, entry.min, entry.max].every(isNumber) &&
    (entry.standardDeviation === null || isNumber(entry.standardDeviation));
}
