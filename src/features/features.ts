/**
 * Network inputs of one catalog (section 3.2): a 2D array of pixels, one row per cluster, and
 * supplementary columns, in physical units. Rows ascend in luminosity (Fig. 6).
 */
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import { SHELLS } from "../clusters/cluster_table.ts";
import type { Catalog } from "../catalogs/catalog.ts";
import { argsort } from "../numerics/arrays.ts";
import type { Random } from "../numerics/random.ts";

/** Names of the input columns; {@linkcode COLUMNS} describes each. */
export type ColumnName =
  | "logTemperature"
  | "logGasMassProfile"
  | "gasSlopeProfile"
  | "logLuminosity"
  | "logWeakLensingMass"
  | "logGasMass"
  | "logYx"
  | "one";

/** Columns of one physical kind share their normalization (section 3.2). */
export type ColumnGroup =
  | "temperature"
  | "gas mass"
  | "slope"
  | "luminosity"
  | "mass"
  | "Y_X"
  | "constant";

/** An input column of one or more values per cluster. */
export interface Column {
  /** Columns of one group share their scaling. */
  readonly group: ColumnGroup;
  /** Values per cluster. */
  readonly width: number;
  /** Physical unit; for a logarithm, that of its argument. */
  readonly unit: string;
  /** The clusters' field that holds the values; `null` if they are computed. */
  readonly field: Exclude<keyof ObservedClusters, "count"> | null;
  /** Value `index` (below `width`) of cluster `cluster`. */
  value(clusters: ObservedClusters, cluster: number, index: number): number;
}

/** Every input column that a {@linkcode FeatureSpec} may name. */
export const COLUMNS: Readonly<Record<ColumnName, Column>> = {
  logTemperature: {
    group: "temperature",
    width: 1,
    unit: "log10 keV",
    field: "logTemperature",
    value: (clusters, i) => clusters.logTemperature[i]!,
  },
  logGasMassProfile: {
    group: "gas mass",
    width: SHELLS,
    unit: "log10 Msun/h",
    field: "logGasMassProfile",
    value: (clusters, i, shell) => clusters.logGasMassProfile[i * SHELLS + shell]!,
  },
  gasSlopeProfile: {
    group: "slope",
    width: SHELLS,
    unit: "dlog rho / dlog r",
    field: "gasSlopeProfile",
    value: (clusters, i, shell) => clusters.gasSlopeProfile[i * SHELLS + shell]!,
  },
  logLuminosity: {
    group: "luminosity",
    width: 1,
    unit: "log10 1e44 erg/s",
    field: "logLuminosity",
    value: (clusters, i) => clusters.logLuminosity[i]!,
  },
  logWeakLensingMass: {
    group: "mass",
    width: 1,
    unit: "log10 Msun/h",
    field: "logWeakLensingMass",
    value: (clusters, i) => clusters.logWeakLensingMass[i]!,
  },
  logGasMass: {
    group: "gas mass",
    width: 1,
    unit: "log10 Msun/h",
    field: "logGasMass",
    value: (clusters, i) => clusters.logGasMass[i]!,
  },
  logYx: {
    group: "Y_X",
    width: 1,
    unit: "log10 keV Msun/h",
    field: null,
    value: (clusters, i) => clusters.logGasMass[i]! + clusters.logTemperature[i]!,
  },
  one: { group: "constant", width: 1, unit: "1", field: null, value: () => 1 },
};

/** The columns that a network sees, and the order in which the clusters come. */
export interface FeatureSpec {
  /** Columns of the 2D input, which the encoder sees. */
  readonly pixels: readonly ColumnName[];
  /** Columns that join the terse value after the encoder. */
  readonly supplementary: readonly ColumnName[];
  /** Order of the rows. "luminosity": ascending L_X; "shuffled": random (section 4.2.1). */
  readonly order: "luminosity" | "shuffled";
}

/** Network inputs of one catalog, in physical units. True masses are not among them. */
export interface FeatureArray {
  /** Number of clusters. */
  readonly count: number;
  /** Pixels per cluster. */
  readonly width: number;
  /** Supplementary values per cluster. */
  readonly supplementaryWidth: number;
  /** [count x width]; those of a tall catalog are made when they are first asked for. */
  readonly pixels: Float32Array;
  /** Supplementary values, [count x supplementaryWidth]. */
  readonly supplementary: Float32Array;
  /** The column that the terse value is tied to in training, [count]; empty if there is none. */
  readonly tie: Float32Array;
  /** The label; NaN for an observed catalog, whose sigma8 is not known. */
  readonly sigma8: number;
  /** rows[r] is the place in the catalog of the cluster in row r. */
  readonly rows: Uint32Array;
  /** Some rows of a tall catalog, whose other pixels are not made for it; absent if all pixels are there. */
  takeRows?(from: number, to: number): FeatureArray;
}

/** Rows of a catalog that are seen at once: a taller one is tall, and goes through a network in parts. */
export const ROWS_A_PART = 65536;

/** Total number of values per cluster of these columns. */
export function widthOf(columns: readonly ColumnName[]): number {
  return columns.reduce((width, name) => width + COLUMNS[name].width, 0);
}

/** The physical group of each value of these columns, in order. */
export function groupsOf(columns: readonly ColumnName[]): ColumnGroup[] {
  return columns.flatMap((name) =>
    Array.from({ length: COLUMNS[name].width }, () => COLUMNS[name].group)
  );
}

/**
 * The inputs that a network sees of a catalog.
 *
 * @param catalog One mock or observed catalog
 * @param spec The columns, and the order of the clusters
 * @param random Orders the rows if the order is "shuffled"; not drawn from otherwise
 * @param tie The column that the terse value is tied to in training; none if left out
 * @throws {RangeError} If the catalog is empty, or a value, or a luminosity to order by, is not
 * finite, naming the column and the cluster
 */
export function buildFeatures(
  catalog: Catalog,
  spec: FeatureSpec,
  random: Random,
  tie: ColumnName | null = null,
): FeatureArray {
  const { clusters } = catalog;
  if (clusters.count < 1) {
    throw new RangeError("Cannot build features: the catalog has 0 clusters, at least 1 is needed");
  }
  const rows = spec.order === "luminosity"
    ? orderByLuminosity(clusters)
    : random.permutation(clusters.count);
  const built = {
    count: clusters.count,
    width: widthOf(spec.pixels),
    supplementaryWidth: widthOf(spec.supplementary),
    supplementary: fillColumns(clusters, spec.supplementary, rows),
    tie: fillColumns(clusters, tie === null ? [] : [tie], rows),
    sigma8: catalog.parameters.sigma8,
    rows,
  };
  const fill = (part: Uint32Array) => fillColumns(clusters, spec.pixels, part);
  if (clusters.count <= ROWS_A_PART) return { ...built, pixels: fill(rows) };
  checkColumns(clusters, spec.pixels);
  return openTall(built, fill);
}

/** The features of a tall catalog: its pixels would take more memory than all else. */
function openTall(
  built: Omit<FeatureArray, "pixels">,
  fill: (rows: Uint32Array) => Float32Array,
): FeatureArray {
  const { supplementary, supplementaryWidth, tie, rows } = built;
  let made: Float32Array | null = null;
  return {
    ...built,
    get pixels() {
      return made ??= fill(rows);
    },
    takeRows(from, to) {
      const part = rows.subarray(from, to);
      return {
        ...built,
        count: to - from,
        pixels: fill(part),
        supplementary: supplementary.subarray(from * supplementaryWidth, to * supplementaryWidth),
        tie: tie.length === 0 ? tie : tie.subarray(from, to),
        rows: part,
      };
    },
  };
}

/** Rows in ascending order of L_X; throws if one is NaN, which would have no place in the order. */
function orderByLuminosity(clusters: ObservedClusters): Uint32Array {
  for (let i = 0; i < clusters.count; i++) {
    checkFinite("logLuminosity", i, clusters.logLuminosity[i]!);
  }
  return argsort(clusters.logLuminosity);
}

function checkFinite(name: ColumnName, cluster: number, value: number): void {
  if (!Number.isFinite(Math.fround(value))) {
    throw new RangeError(
      `Cannot build features: ${name} of cluster ${cluster} is ${value}, should be a finite number`,
    );
  }
}

/** Throws unless every value of some columns is finite. */
function checkColumns(clusters: ObservedClusters, names: readonly ColumnName[]): void {
  for (const name of names) {
    const { width, value } = COLUMNS[name];
    for (let i = 0; i < clusters.count; i++) {
      for (let index = 0; index < width; index++) checkFinite(name, i, value(clusters, i, index));
    }
  }
}

function fillColumns(
  clusters: ObservedClusters,
  names: readonly ColumnName[],
  rows: Uint32Array,
): Float32Array {
  const width = widthOf(names);
  const values = new Float32Array(rows.length * width);
  let start = 0;
  for (const name of names) {
    const column = COLUMNS[name];
    const source = column.field === null ? null : clusters[column.field];
    for (let r = 0; r < rows.length; r++) {
      const row = rows[r]!;
      for (let index = 0; index < column.width; index++) {
        const value = source === null
          ? column.value(clusters, row, index)
          : source[row * column.width + index]!;
        const at = r * width + start + index;
        values[at] = value;
        if (!Number.isFinite(values[at])) checkFinite(name, row, value);
      }
    }
    start += column.width;
  }
  return values;
}
