/** The base sample and the catalogs of a run folder, as FITS with what they were drawn by. */
import type { Catalog } from "../../src/catalogs/catalog.ts";
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import { crc32 } from "../../src/formats/crc32.ts";
import type { FitsTable } from "../../src/formats/fits.ts";
import { encodeFits, encodeFitsPieces } from "../../src/formats/fits.ts";
import type { HeaderValue } from "../../src/formats/fits_header.ts";
import { headerValue } from "../../src/formats/fits_header.ts";
import { decodeFits } from "../../src/formats/fits_reader.ts";
import {
  baseSampleFromTables,
  baseSampleToTable,
  catalogsFromTables,
  catalogsToTables,
} from "../../src/runs/cluster_tables.ts";
import { inFile, RunError } from "../program/errors.ts";
import { canonicalJson } from "../../src/experiments/names.ts";
import { readOldPlan } from "../../src/experiments/old_form.ts";
import { exists, readBytes } from "../program/files.ts";
import { holdFile, writeFile } from "../program/outputs.ts";
import { fileIn, FILES, requireFile } from "./run_folder.ts";

/**
 * Saves the base sample with the first result that is drawn from it; one that is there must be the same.
 *
 * @throws {RunError} If the folder has another base sample
 */
export function saveBaseSample(folder: string, base: BaseSample): void {
  const path = fileIn(folder, "baseSample");
  const bytes = encodeFits([baseSampleToTable(base)]);
  if (!exists(path)) return holdFile(path, bytes);
  if (crc32(readBytes(path)) === crc32(bytes)) return;
  throw new RunError(`Cannot write ${path}: it holds another base sample; choose another --out`);
}

/** The base sample of a folder; see {@linkcode requireFile} and `decodeFits` for errors. */
export function loadBaseSample(folder: string): BaseSample {
  const path = requireFile(folder, "baseSample", "simulate");
  return inFile(path, () => baseSampleFromTables(decodeFits(readBytes(path)).tables));
}

/** CRC-32 of a folder's base sample, which names what was drawn from it. */
export function baseSampleChecksum(folder: string): number {
  return crc32(readBytes(requireFile(folder, "baseSample", "simulate")));
}

/** What catalogs are drawn by, as header cards; the base sample must have been saved. */
function originCards(folder: string, { catalog, seed }: Experiment, shard: string | undefined) {
  const base = baseSampleChecksum(folder);
  return [
    ...shard === undefined ? [] : [{ keyword: "SHARD", value: shard }],
    { keyword: "SEED", value: seed, comment: "root of the random streams" },
    { keyword: "BASECRC", value: base, comment: "CRC-32 of base_sample.fits" },
    { keyword: "PLAN", value: canonicalJson(catalog) },
  ];
}

/**
 * Saves the catalogs, with what they were drawn by.
 *
 * @param sets The set of each catalog
 * @param shard Which share of all catalogs they are, "2/3"; all of them if left out
 */
export function saveCatalogs(
  folder: string,
  experiment: Experiment,
  catalogs: readonly Catalog[],
  sets: readonly string[],
  shard?: string,
): void {
  const tables = catalogsToTables(catalogs, sets, originCards(folder, experiment, shard));
  const file = shard === undefined ? "catalogs" : "catalogShard";
  writeFile(fileIn(folder, file), encodeFitsPieces(tables));
}

/**
 * The catalogs of a folder.
 *
 * @param shard Which share they must be; all of them if left out
 * @throws {RunError} If there are none, or they were not drawn by this experiment
 */
export function loadCatalogs(folder: string, experiment: Experiment, shard?: string): Catalog[] {
  const tables = loadCatalogTables(folder, experiment, shard);
  const path = fileIn(folder, shard === undefined ? "catalogs" : "catalogShard");
  return inFile(path, () => catalogsFromTables(tables));
}

/** The tables that hold the catalogs of a folder; see {@linkcode loadCatalogs} for errors. */
export function loadCatalogTables(
  folder: string,
  experiment: Experiment,
  shard?: string,
): readonly FitsTable[] {
  const file = shard === undefined ? "catalogs" : "catalogShard";
  const path = requireFile(folder, file, "simulate");
  return inFile(path, () => {
    const { tables } = decodeFits(readBytes(path));
    const header = tables[0]?.header ?? [];
    for (const { keyword, value } of originCards(folder, experiment, shard)) {
      const found = headerValue(header, keyword);
      const present = keyword === "PLAN" ? canonicalJson(readOldPlan(parsePlan(found))) : found;
      if (present !== value) {
        throw new RunError(
          `Cannot use ${path}: it was drawn by another experiment or ${FILES.baseSample}, its ${keyword} ` +
            `is ${found}, expected ${value}; run "simulate" again`,
        );
      }
    }
    return tables;
  });
}

/** The plan of a header card; as it is if it is not JSON. */
function parsePlan(text: HeaderValue | undefined): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return text;
  }
}
