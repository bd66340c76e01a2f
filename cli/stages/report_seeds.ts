/**
 * The spread over trainings that `interpret --seeds` left behind.
 *
 * @module
 */
import type { SeedSpread } from "../../src/interpretation/ensemble.ts";
import { RunError } from "../program/errors.ts";
import { readJson } from "../program/files.ts";
import { fileIn, hasFile } from "../storage/run_folder.ts";

/** How far the scatter of sigma8 may be from the record's on another backend, relatively. */
const TOLERANCE = 1e-3;

/**
 * The spreads of a run folder; null if several networks were not interpreted.
 *
 * @param scatter That of the folder's network on its test catalogs
 * @throws {RunError} If the record is damaged or is about another network
 */
export function loadSpreads(folder: string, scatter: number): readonly SeedSpread[] | null {
  if (!hasFile(folder, "interpretation")) return null;
  const path = fileIn(folder, "interpretation");
  const refuse = (what: string) =>
    new RunError(`Cannot use ${path}: ${what}; run "interpret" again or remove it`);
  const record = readJson(path) as Readonly<Record<string, unknown>> | null;
  const found = (record?.headlines as Readonly<Record<string, unknown>> | null | undefined)
    ?.["sigma8 scatter"];
  if (typeof found !== "number") throw refuse("it has no scatter of sigma8");
  if (Math.abs(found - scatter) > TOLERANCE * scatter) {
    throw refuse(`its network scatters by ${found}, that of the folder by ${scatter}`);
  }
  const { seeds = null } = record!;
  if (seeds === null) return null;
  if (Array.isArray(seeds) && seeds.every(isSpread)) return seeds;
  throw refuse("seeds is not a list of spreads");
}

function isSpread(entry: Readonly<Record<string, unknown>> | null): entry is
  & Readonly<Record<string, unknown>>
  & SeedSpread {
  const isNumber = (value: unknown) => typeof value === "number" && Number.isFinite(value);
  return typeof entry?.name === "string" &&
    [entry.count, entry.missing, entry.mean, entry.min, entry.max].every(isNumber) &&
    (entry.standardDeviation === null || isNumber(entry.standardDeviation));
}
