/** The observations of a base sample as a file: written as they are found, read to resume. */
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import { SHELLS } from "../../src/clusters/cluster_table.ts";
import { crc32 } from "../../src/formats/crc32.ts";
import type { FitsTable } from "../../src/formats/fits.ts";
import { encodeFits } from "../../src/formats/fits.ts";
import type { HeaderCard } from "../../src/formats/fits_header.ts";
import { headerValue } from "../../src/formats/fits_header.ts";
import { decodeFits } from "../../src/formats/fits_reader.ts";
import { STANDARD_INSTRUMENT } from "../../src/xray/instrument.ts";
import { OBSERVATION_VERSION } from "../../src/xray/observe.ts";
import type { Quality } from "../../src/xray/quality.ts";
import { QUALITIES } from "../../src/xray/quality.ts";
import type { ObservedProfile } from "../../src/xray/observed_profiles.ts";
import { STANDARD_SKY } from "../../src/xray/sky_model.ts";
import {
  baseSampleToTable,
  findTable,
  readNumbers,
  readTexts,
} from "../../src/runs/cluster_tables.ts";
import { inFile, RunError } from "../program/errors.ts";
import { canonicalJson } from "../../src/experiments/names.ts";
import { exists, readBytes } from "../program/files.ts";
import { writeFile } from "../program/outputs.ts";
import { fileIn } from "./run_folder.ts";

/** What a measured cluster's values are, in the order of {@linkcode ObservedProfile.values}. */
const MEASURED: readonly {
  readonly name: string;
  readonly unit: string;
  readonly width: number;
}[] = [
  { name: "logGasMass", unit: "log10 Msun/h", width: 1 },
  { name: "logGasMassError", unit: "dex", width: 1 },
  { name: "logGasMassProfile", unit: "log10 Msun/h", width: SHELLS },
  { name: "logGasMassProfileError", unit: "dex", width: SHELLS },
  { name: "gasSlopeProfile", unit: "dlog rho/dlog r", width: SHELLS },
  { name: "gasSlopeProfileError", unit: "dlog rho/dlog r", width: SHELLS },
];
const VALUES = MEASURED.reduce((sum, { width }) => sum + width, 0);

/** CRC-32 of a base sample's file, which names what was observed. */
export function checksumOf(base: BaseSample): number {
  return crc32(encodeFits([baseSampleToTable(base)]));
}

/** What observations follow from, as header cards. */
export function observationCards(base: BaseSample, seed: number): HeaderCard[] {
  const conditions = {
    version: OBSERVATION_VERSION,
    instrument: STANDARD_INSTRUMENT,
    sky: STANDARD_SKY,
  };
  return [
    { keyword: "SEED", value: seed, comment: "root of the random streams" },
    { keyword: "BASECRC", value: checksumOf(base), comment: "CRC-32 of what was observed" },
    { keyword: "OBSERVED", value: canonicalJson(conditions) },
  ];
}

/** Saves observations as the tables OBSERVATIONS, all of them, and MEASUREMENTS. */
export function saveObservations(
  folder: string,
  cards: readonly HeaderCard[],
  profiles: readonly ObservedProfile[],
): void {
  const sorted = profiles.toSorted((a, b) => a.row - b.row);
  const measured = sorted.filter(({ values }) => values !== undefined);
  const tables = [observationTable(sorted, cards), measurementTable(measured)];
  writeFile(fileIn(folder, "observedProfiles"), encodeFits(tables));
}

function observationTable(
  profiles: readonly ObservedProfile[],
  header: readonly HeaderCard[],
): FitsTable {
  const numbers = (get: (profile: ObservedProfile) => number) => Float64Array.from(profiles, get);
  const columns = [
    { name: "row", data: Int32Array.from(profiles, ({ row }) => row) },
    { name: "quality", data: profiles.map(({ quality }) => quality) },
    { name: "reason", data: profiles.map(({ quality }) => QUALITIES[quality].reason) },
    { name: "photons", unit: "count", data: numbers(({ photons }) => photons) },
    { name: "maskedShare", data: numbers(({ maskedShare }) => maskedShare) },
    { name: "reducedDeviance", data: numbers(({ reducedDeviance }) => reducedDeviance) },
  ].map((column) => ({ ...column, shape: [] }));
  return { name: "OBSERVATIONS", count: profiles.length, columns, header };
}

function measurementTable(profiles: readonly ObservedProfile[]): FitsTable {
  const row = { name: "row", shape: [], data: Int32Array.from(profiles, ({ row }) => row) };
  let from = 0;
  const columns = MEASURED.map(({ name, unit, width }) => {
    const data = new Float64Array(profiles.length * width);
    profiles.forEach(({ values }, i) => data.set(values!.subarray(from, from + width), i * width));
    from += width;
    return { name, unit, shape: width === 1 ? [] : [width], data };
  });
  return { name: "MEASUREMENTS", count: profiles.length, columns: [row, ...columns], header: [] };
}

/**
 * The observations that a folder has; none if it has no file.
 *
 * @param cards What they must follow from
 * @throws {RunError} If the file is damaged, or of another base sample, seed or sky
 */
export function loadObservations(folder: string, cards: readonly HeaderCard[]): ObservedProfile[] {
  const path = fileIn(folder, "observedProfiles");
  if (!exists(path)) return [];
  return inFile(path, () => {
    const { tables } = decodeFits(readBytes(path));
    const table = findTable(tables, "OBSERVATIONS");
    for (const { keyword, value } of cards) {
      const found = headerValue(table.header, keyword);
      if (found === value) continue;
      throw new RunError(
        `Cannot use ${path}: it is of other clusters or another sky, its ${keyword} is ${found}, ` +
          `expected ${value}; choose another --out`,
      );
    }
    return readProfiles(table, findTable(tables, "MEASUREMENTS"));
  });
}

/** CRC-32 of the base sample that a folder's observations are of. */
export function observedChecksum(folder: string): unknown {
  const path = fileIn(folder, "observedProfiles");
  const { tables } = inFile(path, () => decodeFits(readBytes(path)));
  return headerValue(findTable(tables, "OBSERVATIONS").header, "BASECRC");
}

/** How the observations of a folder ended; null if it has none. */
export function readQualities(folder: string): readonly Quality[] | null {
  const path = fileIn(folder, "observedProfiles");
  if (!exists(path)) return null;
  const { tables } = inFile(path, () => decodeFits(readBytes(path)));
  return readTexts(findTable(tables, "OBSERVATIONS"), "quality") as readonly Quality[];
}

function readProfiles(observations: FitsTable, measurements: FitsTable): ObservedProfile[] {
  const columns = MEASURED.map(({ name, width }) => ({
    width,
    data: readNumbers(measurements, name, width),
  }));
  const values = new Map<number, Float64Array>();
  readNumbers(measurements, "row", 1).forEach((row, i) => {
    const parts = columns.map(({ width, data }) => data.subarray(i * width, (i + 1) * width));
    values.set(row, Float64Array.from(parts.flatMap((part) => [...part])));
  });
  const column = (name: string) => readNumbers(observations, name, 1);
  const [rows, photons] = [column("row"), column("photons")];
  const [maskedShare, reducedDeviance] = [column("maskedShare"), column("reducedDeviance")];
  const profiles = readTexts(observations, "quality").map((quality, i) => ({
    row: rows[i]!,
    quality: quality as Quality,
    photons: photons[i]!,
    maskedShare: maskedShare[i]!,
    reducedDeviance: reducedDeviance[i]!,
    values: values.get(rows[i]!),
  }));
  const bad = profiles.find(({ quality, values }) =>
    QUALITIES[quality]?.measured !== (values?.length === VALUES)
  );
  if (bad || new Set(rows).size < rows.length) {
    throw new RangeError(
      `Cannot read observations: ${
        bad ? `row ${bad.row} is "${bad.quality}"` : "a row comes twice"
      }, expected each row once, with values where its quality has them`,
    );
  }
  return profiles;
}
