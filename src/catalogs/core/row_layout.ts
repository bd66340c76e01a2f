/**
 * What the drawn rows hold: any columns that are linear in the four quantities a cluster draws.
 *
 * @module
 */
import type { RecipeSource } from "../observables.ts";
import type { Quantities } from "./quantities.ts";
import { baseQuantities, referenceOf } from "./quantities.ts";

/** One value of a row, for a cluster that takes its profile from base cluster k. */
export interface LinearColumn {
  /** The value where the cluster has base cluster k's own quantities; one a base cluster. */
  readonly base: ArrayLike<number>;
  /** What one dex more of log L_X, log T, log M_gas and log M_WL adds. */
  readonly perDex: Quantities;
}

/** The columns of drawn rows, and their order. */
export interface RowLayout {
  /** Columns of the pixels. */
  readonly pixels: readonly LinearColumn[];
  /** Columns of the supplementary values. */
  readonly supplementary: readonly LinearColumn[];
  /** "luminosity": ascending L_X; "shuffled": at random. */
  readonly order: "luminosity" | "shuffled";
}

/** Floats of a vector. */
export const LANES = 4;

/** Rows as the core reads them: pixels in whole vectors, then supplementary values in whole vectors. */
export interface PackedRows {
  /** Vectors of the pixels of a row. */
  readonly pixelVectors: number;
  /** Vectors of its supplementary values. */
  readonly supplementaryVectors: number;
  /** Values about the reference quantities, [base clusters x vectors x LANES]. */
  readonly rows: Float64Array;
  /** Slopes against each of the four quantities, [vectors x 4 x LANES]. */
  readonly slopes: Float64Array;
}

/**
 * Packs the columns of rows; what is left of a last vector is 0.
 *
 * @throws {RangeError} If a value is not finite, naming the column's place
 */
export function packRows(source: RecipeSource, layout: RowLayout): PackedRows {
  const { count } = source.base.clusters;
  const [pixelVectors, supplementaryVectors] = [layout.pixels, layout.supplementary].map(
    ({ length }) => Math.ceil(length / LANES),
  ) as [number, number];
  const stride = (pixelVectors + supplementaryVectors) * LANES;
  const packed = { rows: new Float64Array(count * stride), slopes: new Float64Array(stride * 4) };
  for (const [c, column] of layout.pixels.entries()) packColumn(source, column, packed, c);
  for (const [c, column] of layout.supplementary.entries()) {
    packColumn(source, column, packed, pixelVectors * LANES + c);
  }
  return { pixelVectors, supplementaryVectors, ...packed };
}

/** Writes one column at its place in a packed row. */
function packColumn(
  source: RecipeSource,
  { base, perDex }: LinearColumn,
  { rows, slopes }: Pick<PackedRows, "rows" | "slopes">,
  place: number,
): void {
  const lane = place % LANES;
  for (const [q, slope] of perDex.entries()) {
    slopes[(place - lane + q) * LANES + lane] = checkValue(slope, place);
  }
  const reference = referenceOf(source);
  const { count } = source.base.clusters;
  for (let k = 0; k < count; k++) {
    let value = base[k]!;
    for (const [q, own] of baseQuantities(source, k).entries()) {
      value -= perDex[q]! * (own - reference[q]!);
    }
    rows[k * (rows.length / count) + place] = checkValue(value, place);
  }
}

function checkValue(value: number, place: number): number {
  if (Number.isFinite(Math.fround(value))) return value;
  throw new RangeError(
    `Cannot lay out rows: place ${place} has the value ${value}, should be finite`,
  );
}
