/**
 * Correlations of clusters with a property of their catalogs, with an error that knows that
 * clusters of one catalog share its scaling relations and are not independent.
 */
import { factorCholesky, solveCholesky } from "../numerics/cholesky.ts";
import { momentsOfRows } from "../numerics/eigen.ts";
import { correlation, fitLine } from "../numerics/statistics.ts";

/** A partial correlation and how far it is from none. */
export interface CatalogCorrelation {
  /** Pearson's r of the residuals at the fixed value, -1 to 1. */
  readonly correlation: number;
  /** The standard error of `correlation` if there were none, clustered by catalog. */
  readonly error: number;
  /** correlation / error; at most the square root of the number of catalogs, either sign. */
  readonly significance: number;
}

/**
 * Least share of a column's variance that may be left at the fixed value: what is left of a
 * column in Float32 that follows it exactly is rounding, some 1e-12.
 */
const LEAST_RESIDUAL = 1e-9;

/**
 * Pearson's correlation, or `null` where it is not defined: fewer than two values, a column
 * whose values are all equal, or one with a value that is not known (NaN).
 */
export function correlateIfVaried(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  return x.length > 1 && varies(x) && varies(y) ? correlation(x, y) : null;
}

/**
 * The correlation of x and y at fixed `given`, linearly, with a cluster-robust error (Liang and
 * Zeger 1986): the products of the residuals are summed over each catalog before they are squared.
 *
 * What the clusters of a catalog share (a temperature bias moves all of its terse values together)
 * makes this error many times 1 / sqrt(clusters). Where such factors are known and drawn
 * independently of y, their expected part in the correlation is 0. Their part in x, by least
 * squares, is then left out of the products, but not out of the scale: the same correlation is
 * estimated with less chance in it (a control variate).
 *
 * @example
 * ```ts
 * import { correlateAtFixed } from "@clusters/terse/interpretation";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const given = [0, 1, 0, 1];
 * const y = [1, 1, -1, -1];
 * const x = y.map((value, i) => 3 * value + 2 * given[i]!);
 * assertAlmostEquals(correlateAtFixed(x, y, given, [0, 0, 1, 1])!.correlation, 1);
 * ```
 *
 * @param x One value per cluster
 * @param y One value per cluster
 * @param given What is held fixed
 * @param catalog The catalog of each cluster, whole numbers from 0
 * @param shared Factors of x that are independent of y by the way they are drawn, each one value
 * per cluster; one that does not vary is ignored
 * @returns `null` if nothing is left of x or y at fixed `given`, or a column does not vary
 */
export function correlateAtFixed(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  given: ArrayLike<number>,
  catalog: ArrayLike<number>,
  shared: readonly ArrayLike<number>[] = [],
): CatalogCorrelation | null {
  if (!(x.length > 1 && varies(x) && varies(y) && varies(given))) return null;
  const restX = residuals(x, given);
  const restY = residuals(y, given);
  if (restX === null || restY === null) return null;
  const own = withoutShared(restX, shared.filter(varies));
  const sums: number[] = [];
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < restX.length; i++) {
    const product = own[i]! * restY[i]!;
    xx += restX[i]! ** 2;
    yy += restY[i]! ** 2;
    xy += product;
    sums[catalog[i]!] = (sums[catalog[i]!] ?? 0) + product;
  }
  const squares = sums.reduce((total, sum) => total + sum * sum, 0);
  const scale = Math.sqrt(xx * yy);
  return {
    correlation: xy / scale,
    error: Math.sqrt(squares) / scale,
    significance: squares > 0 ? xy / Math.sqrt(squares) : 0,
  };
}

/** What the least-squares plane on the shared factors leaves of values of mean 0. */
function withoutShared(
  values: Float64Array,
  shared: readonly ArrayLike<number>[],
): Float64Array {
  const width = shared.length;
  if (width === 0) return values;
  const rows = new Float64Array(values.length * width);
  for (let i = 0; i < values.length; i++) {
    for (let k = 0; k < width; k++) rows[i * width + k] = shared[k]![i]!;
  }
  const { mean, covariance } = momentsOfRows(rows, width);
  const factor = factorCholesky(covariance, width);
  // Factors that follow from each other: the plane is not unique, and all of the chance stays.
  if (factor === null) return values;
  const along = Float64Array.from(
    { length: width },
    (_, k) =>
      values.reduce((sum, value, i) => sum + value * (shared[k]![i]! - mean[k]!), 0) /
      values.length,
  );
  const slopes = solveCholesky(factor, along);
  return values.map((value, i) =>
    slopes.reduce((rest, slope, k) => rest - slope * (shared[k]![i]! - mean[k]!), value)
  );
}

/** What the line on `given` leaves of `values`; `null` if that is rounding only. */
function residuals(values: ArrayLike<number>, given: ArrayLike<number>): Float64Array | null {
  const { slope, intercept, scatter } = fitLine(given, values);
  const followed = correlation(values, given) ** 2;
  const total = scatter === 0 ? 0 : 1 - followed;
  if (!(total > LEAST_RESIDUAL)) return null;
  return Float64Array.from(values, (value, i) => value - slope * given[i]! - intercept);
}

/**
 * Whether all values of a column are known and two differ; exact, where a variance would show
 * rounding. Observed catalogs have NaN for what is not known.
 */
export function varies(values: ArrayLike<number>): boolean {
  let different = false;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return false;
    if (values[i] !== values[0]) different = true;
  }
  return different;
}
