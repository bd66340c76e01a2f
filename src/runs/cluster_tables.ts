/** Base samples and catalogs as FITS tables, with units and the choices they were drawn by. */
import { counted } from "../numerics/counted.ts";
import type { Catalog } from "../catalogs/catalog.ts";
import type { CatalogParameters } from "../catalogs/priors.ts";
import { PARAMETER_NAMES } from "../catalogs/priors.ts";
import type { BaseSample } from "../clusters/base_sample.ts";
import type { ClusterTable, ObservedClusters } from "../clusters/cluster_table.ts";
import { SHELLS } from "../clusters/cluster_table.ts";
import { fitKnownRelations } from "../clusters/known_relations.ts";
import type { Cosmology } from "../cosmology/cosmology.ts";
import type { Split } from "../features/dataset.ts";
import type { FitsTable, WrittenTable } from "../formats/fits.ts";
import type { FitsColumn } from "../formats/fits_columns.ts";
import type { HeaderCard } from "../formats/fits_header.ts";
import { headerValue } from "../formats/fits_header.ts";

interface ColumnEntry {
  readonly unit: string;
  /** Values per cluster. */
  readonly width: number;
}

/** The columns of every cluster table, by the field that holds them. */
const CLUSTER_COLUMNS: Readonly<Record<Exclude<keyof ClusterTable, "count">, ColumnEntry>> = {
  logMass: { unit: "log10 Msun/h", width: 1 },
  logLuminosity: { unit: "log10 1e44 erg/s", width: 1 },
  logTemperature: { unit: "log10 keV", width: 1 },
  logGasMass: { unit: "log10 Msun/h", width: 1 },
  logGasMassProfile: { unit: "log10 Msun/h", width: SHELLS },
  gasSlopeProfile: { unit: "dlog rho/dlog r", width: SHELLS },
};
const OBSERVED_COLUMNS: Readonly<Record<Exclude<keyof ObservedClusters, "count">, ColumnEntry>> = {
  ...CLUSTER_COLUMNS,
  logWeakLensingMass: { unit: "log10 Msun/h", width: 1 },
};

/** Columns that may be NaN throughout, where a simulation's table does not have them. */
const MAY_BE_MISSING: ReadonlySet<string> = new Set([
  "logLuminosity",
  "logTemperature",
  "logGasMass",
  "logGasMassProfile",
]);

/** Header keywords of the cosmology. */
const COSMOLOGY_KEYWORDS: Readonly<Record<keyof Cosmology, string>> = {
  omegaM: "OMEGA_M",
  omegaB: "OMEGA_B",
  h: "HUBBLE_H",
  ns: "N_S",
  sigma8: "SIGMA8",
};

/** The neighbor recipe falls back on the ten nearest clusters, so there must be ten. */
export const LEAST_CLUSTERS = 10;

/** A base sample as the table CLUSTERS, its cosmology and redshift in the header. */
export function baseSampleToTable(base: BaseSample): WrittenTable {
  const header: HeaderCard[] = [
    ...Object.entries(COSMOLOGY_KEYWORDS).map(([name, keyword]) => ({
      keyword,
      value: base.cosmology[name as keyof Cosmology],
      comment: name,
    })),
    { keyword: "REDSHIFT", value: base.redshift },
  ];
  const { count } = base.clusters;
  return { name: "CLUSTERS", count, columns: toColumns(CLUSTER_COLUMNS, [base.clusters]), header };
}

/**
 * The base sample that {@linkcode baseSampleToTable} described; others' tables may have more
 * columns and cards. Its scaling relations are fitted anew.
 *
 * @throws {TypeError} If a column or header card is missing or of another shape
 * @throws {RangeError} If a value is not finite, or there are fewer than ten clusters
 */
export function baseSampleFromTables(tables: readonly FitsTable[]): BaseSample {
  const table = findTable(tables, "CLUSTERS");
  const number = (keyword: string): number => {
    const value = headerValue(table.header, keyword);
    if (typeof value === "number") return value;
    throw new TypeError(
      `Cannot read base sample: ${keyword} in the header of CLUSTERS is ${value ?? "missing"}, ` +
        `a number is needed`,
    );
  };
  const columns = Object.entries(CLUSTER_COLUMNS).map(([name, { width }]) => [
    name,
    readNumbers(table, name, width),
  ]);
  const clusters = { count: table.count, ...Object.fromEntries(columns) } as ClusterTable;
  const cosmology = Object.fromEntries(
    Object.entries(COSMOLOGY_KEYWORDS).map(([name, keyword]) => [name, number(keyword)]),
  ) as unknown as Cosmology;
  const redshift = number("REDSHIFT");
  if (clusters.count < LEAST_CLUSTERS) {
    throw new RangeError(
      `Cannot read base sample: it has ${
        counted(clusters.count, "cluster")
      }, at least ${LEAST_CLUSTERS}`,
    );
  }
  return { cosmology, redshift, clusters, relations: fitKnownRelations(clusters) };
}

/** Names of the sets in the column `split`. */
export const SETS: readonly (keyof Split)[] = ["train", "validation", "test"];

/** The set of every catalog of a split. */
export function nameSets(split: Split): string[] {
  const count = SETS.reduce((sum, name) => sum + split[name].length, 0);
  const sets = new Array<string>(count).fill("");
  for (const name of SETS) split[name].forEach((catalog) => sets[catalog] = name);
  return sets;
}

/** The first row of each catalog in the table of clusters, and its number of rows. */
export function rangeColumns(catalogs: readonly Catalog[]): FitsColumn[] {
  const counts = Int32Array.from(catalogs, ({ clusters }) => clusters.count);
  const firstRows = new Int32Array(counts.length);
  for (let i = 1; i < counts.length; i++) firstRows[i] = firstRows[i - 1]! + counts[i - 1]!;
  return [
    { name: "firstRow", shape: [], data: firstRows },
    { name: "count", shape: [], data: counts },
  ];
}

/**
 * Catalogs as the tables CATALOGS, one row per catalog, and CLUSTERS, one row per cluster.
 *
 * @param sets The set of each, as {@linkcode nameSets} says
 */
export function catalogsToTables(
  catalogs: readonly Catalog[],
  sets: readonly string[],
  header: readonly HeaderCard[],
): WrittenTable[] {
  const rows = catalogs.reduce((sum, { clusters }) => sum + clusters.count, 0);
  const columns: FitsColumn[] = [
    ...PARAMETER_NAMES.map((name) => ({
      name,
      shape: [],
      data: Float64Array.from(catalogs, ({ parameters }) => parameters[name]),
    })),
    ...rangeColumns(catalogs),
    { name: "split", shape: [], data: sets },
  ];
  const clusters = toColumns(OBSERVED_COLUMNS, catalogs.map((catalog) => catalog.clusters));
  return [
    { name: "CATALOGS", count: catalogs.length, columns, header },
    { name: "CLUSTERS", count: rows, columns: clusters, header },
  ];
}

/**
 * The catalogs that {@linkcode catalogsToTables} described; the split follows from the seed.
 *
 * @throws {TypeError} If a table or column is missing or of another shape
 * @throws {RangeError} If a value is not finite, or a catalog's rows are not in the table
 */
export function catalogsFromTables(tables: readonly FitsTable[]): Catalog[] {
  const table = findTable(tables, "CATALOGS");
  const clusters = findTable(tables, "CLUSTERS");
  const parameters = PARAMETER_NAMES.map((name) => readNumbers(table, name, 1));
  const firstRows = readNumbers(table, "firstRow", 1);
  const counts = readNumbers(table, "count", 1);
  const columns = Object.entries(OBSERVED_COLUMNS).map(([name, { width }]) => ({
    name,
    width,
    data: readNumbers(clusters, name, width),
  }));
  const allWidths = columns.reduce((sum, { width }) => sum + width, 0);
  return Array.from(counts, (count, i) => {
    const first = firstRows[i]!;
    if (!(first >= 0 && count >= 1 && first + count <= clusters.count)) {
      throw new RangeError(
        `Cannot read catalogs: catalog ${i} has ${counted(count, "row")} from ${first} on, ` +
          `CLUSTERS has ${clusters.count}`,
      );
    }
    // One array for all columns: tens of thousands of small ones take longer than their numbers.
    const numbers = new Float64Array(count * allWidths);
    let at = 0;
    const part = columns.map(({ name, width, data }) => {
      const own = numbers.subarray(at, at += count * width);
      own.set(data.subarray(first * width, (first + count) * width));
      return [name, own];
    });
    return {
      parameters: Object.fromEntries(
        PARAMETER_NAMES.map((name, p) => [name, parameters[p]![i]!]),
      ) as unknown as CatalogParameters,
      clusters: { count, ...Object.fromEntries(part) } as ObservedClusters,
    };
  });
}

/** The columns of several tables, whose values follow each other. */
function toColumns<T extends ClusterTable>(
  entries: Readonly<Record<Exclude<keyof T, "count">, ColumnEntry>>,
  tables: readonly T[],
): WrittenTable["columns"] {
  return Object.entries<ColumnEntry>(entries).map(([name, { unit, width }]) => ({
    name,
    unit,
    shape: width === 1 ? [] : [width],
    data: tables.map((table) => table[name as keyof T] as Float64Array),
  }));
}

/**
 * The table of a name.
 *
 * @throws {TypeError} If there is none
 */
export function findTable(tables: readonly FitsTable[], name: string): FitsTable {
  const table = tables.find((table) => table.name === name);
  if (table) return table;
  const names = tables.map((table) => table.name || "one without a name").join(", ") || "none";
  throw new TypeError(`Cannot read clusters: table ${name} is missing, the tables are ${names}`);
}

/**
 * A numeric column, `width` values per row.
 *
 * @throws {TypeError} If it is missing or of another shape
 * @throws {RangeError} If a value is not finite
 */
export function readNumbers(table: FitsTable, name: string, width: number): Float64Array {
  const column = table.columns.find((column) => column.name === name);
  const found = column?.data;
  if (!column || !found) {
    throw new TypeError(
      `Cannot read clusters: column ${name} is missing in ${table.name}, ` +
        `the columns are ${table.columns.map(({ name }) => name).join(", ")}`,
    );
  }
  const isNumeric = found instanceof Float64Array || found instanceof Float32Array ||
    found instanceof Int32Array || found instanceof Int16Array;
  if (!isNumeric || found.length !== table.count * width) {
    throw new TypeError(
      `Cannot read clusters: column ${name} of ${table.name} has values of shape ` +
        `[${column.shape.join(" x ")}], ${width} number${width === 1 ? "" : "s"} per row expected`,
    );
  }
  const values = new Float64Array(found);
  const bad = findNotFinite(values);
  const isGap = MAY_BE_MISSING.has(name) && found.every(Number.isNaN);
  if (bad >= 0 && !isGap) {
    throw new RangeError(
      `Cannot read clusters: ${name} in row ${Math.floor(bad / width) + 1} of ${table.name} is ` +
        `${found[bad]}, a finite number is needed`,
    );
  }
  return values;
}

/** The place of the first value that is not finite; -1 if all are. */
function findNotFinite(values: Float64Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

/**
 * A column of text, one per row.
 *
 * @throws {TypeError} If it is missing or of another kind
 */
export function readTexts(table: FitsTable, name: string): readonly string[] {
  const data = table.columns.find((column) => column.name === name)?.data;
  const isText = Array.isArray(data) && data.length === table.count &&
    data.every((value) => typeof value === "string");
  if (isText) return data;
  throw new TypeError(
    `Cannot read clusters: column ${name} of ${table.name} is ${
      data === undefined ? "missing" : "no text"
    }, one text per row is needed`,
  );
}
