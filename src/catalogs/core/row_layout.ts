/**
 * The content of drawn rows: any columns that are linear in the four quantities that a cluster
 * draws.
 */
import type { RecipeSource } from "../observables.ts";
import type { Quantities } from "./quantities.ts";
import { baseQuantities, referenceOf } from "./quantities.ts";

/** A column of the rows, for a cluster that takes its profile from base cluster k. */
export interface LinearColumn {
  /** The value for base cluster k's own quantities, one per base cluster. */
  readonly base: ArrayLike<number>;
  /** Change of the value per dex of log L_X, log T, log M_gas and log M_WL. */
  readonly perDex: Quantities;
}

/** The columns of drawn rows, and their order. */
export interface RowLayout {
  /** Columns of the pixels. */
  readonly pixels: readonly LinearColumn[];
  /** Columns of the supplementary values. */
  readonly supplementary: readonly LinearColumn[];
  /** Order of the rows. "luminosity": ascending L_X; "shuffled": random. */
  readonly order: "luminosity" | "shuffled";
}

/** Floats per vector. */
export const LANES = 4;

/** Rows in the core's form: pixels in whole vectors, then supplementary values in whole vectors. */
export interface PackedRows {
  /** Vectors per row of pixels. */
  readonly pixelVectors: number;
  /** Vectors per row of supplementary values. */
  readonly supplementaryVectors: number;
  /** Offsets, then values about the reference quantities, [base clusters x (1 + vectors) x LANES]. */
  readonly rows: Float64Array;
  /** Slopes of a vector by a quantity, for each pair that is not all zero, vector by vector. */
  readonly slopes: readonly number[];
  /** The quantity, 0 to 3, of each entry of `slopes`. */
  readonly sources: readonly number[];
  /** Number of terms up to the end of each vector. */
  readonly termEnds: readonly number[];
}

/**
 * Packs the columns of rows; unused lanes of a last vector are 0.
 *
 * @param source The base sample
 * @param offsets Offsets of the base clusters, four each
 * @param layout The columns
 * @throws {RangeError} If a value is not finite, naming the column's place
 */
export function packRows(
  source: RecipeSource,
  offsets: Float64Array,
  layout: RowLayout,
): PackedRows {
  const pixels = padColumns(source, layout.pixels);
  const supplementary = padColumns(source, layout.supplementary);
  const columns = [...pixels, ...supplementary];
  return {
    pixelVectors: pixels.length / LANES,
    supplementaryVectors: supplementary.length / LANES,
    rows: packConstants(source, offsets, columns),
    ...packTerms(columns),
  };
}

/** Columns of zeros up to a whole number of vectors. */
function padColumns(source: RecipeSource, columns: readonly LinearColumn[]): LinearColumn[] {
  const base = new Float64Array(source.base.clusters.count);
  const missing = Math.ceil(columns.length / LANES) * LANES - columns.length;
  return [...columns, ...Array<LinearColumn>(missing).fill({ base, perDex: [0, 0, 0, 0] })];
}

/** One row per base cluster: its offsets, then each column at the reference quantities. */
function packConstants(
  source: RecipeSource,
  offsets: Float64Array,
  columns: readonly LinearColumn[],
): Float64Array {
  const { count } = source.base.clusters;
  const stride = LANES + columns.length;
  const rows = new Float64Array(count * stride);
  const reference = referenceOf(source);
  for (let k = 0; k < count; k++) {
    rows.set(offsets.subarray(k * LANES, (k + 1) * LANES), k * stride);
    const own = baseQuantities(source, k).map((value, q) => value - reference[q]!);
    for (const [c, { base, perDex }] of columns.entries()) {
      const moved = own.reduce((sum, value, q) => sum + perDex[q]! * value, 0);
      rows[k * stride + LANES + c] = checkValue(base[k]! - moved, c);
    }
  }
  return rows;
}

/** The slopes that are not all 0 in their vector. */
function packTerms(
  columns: readonly LinearColumn[],
): Pick<PackedRows, "slopes" | "sources" | "termEnds"> {
  const slopes: number[] = [];
  const sources: number[] = [];
  const termEnds: number[] = [];
  for (let c = 0; c < columns.length; c += LANES) {
    for (let q = 0; q < 4; q++) {
      const slope = columns.slice(c, c + LANES).map(({ perDex }) => checkValue(perDex[q]!, c));
      if (slope.every((value) => value === 0)) continue;
      slopes.push(...slope);
      sources.push(q);
    }
    termEnds.push(sources.length);
  }
  return { slopes, sources, termEnds };
}

function checkValue(value: number, place: number): number {
  if (Number.isFinite(Math.fround(value))) return value;
  throw new RangeError(
    `Cannot lay out rows: place ${place} has the value ${value}, should be finite`,
  );
}
