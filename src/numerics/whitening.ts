/**
 * Whitening: the linear map that makes correlated numbers uncorrelated with unit variance, so that
 * the length of a whitened row is its Mahalanobis distance.
 */
import { thereAre } from "./counted.ts";
import { factorCholesky, solveLower } from "./cholesky.ts";

/** The Cholesky factor of a covariance. */
export interface Whitening {
  /** Numbers per row. */
  readonly size: number;
  /** Cholesky factor in the layout of {@linkcode factorCholesky}, [size (size + 1) / 2]. */
  readonly factor: Float64Array;
}

/**
 * The whitening of rows whose means are 0.
 *
 * @param rows Each [size]
 * @param ridge Added to every variance; above 0, so that columns that follow from others are allowed
 * @throws {RangeError} If there is no row or the ridge is not above 0, or too small for the
 * covariance to be positive definite
 */
export function fitWhitening(rows: readonly Float64Array[], ridge: number): Whitening {
  const size = rows[0]?.length ?? 0;
  if (size === 0 || !(ridge > 0)) {
    throw new RangeError(
      `Cannot whiten: ${thereAre(rows.length, "row")} of ${size} and the ridge is ${ridge}, ` +
        "there should be 1 row or more of 1 number or more, and the ridge should be above 0",
    );
  }
  const factor = factorCholesky(lowerCovariance(rows, size, ridge), size);
  if (factor !== null) return { size, factor };
  throw new RangeError(
    `Cannot whiten: the covariance of ${rows.length} rows is not positive definite with a ridge of ` +
      `${ridge}, the rows should be finite or the ridge larger`,
  );
}

/** The lower triangle of the covariance of rows whose means are 0, [size x size]. */
function lowerCovariance(
  rows: readonly Float64Array[],
  size: number,
  ridge: number,
): Float64Array {
  const covariance = new Float64Array(size * size);
  for (let r = 0; r < size; r++) covariance[r * size + r] = ridge;
  // Row by row: each is read once, and its numbers lie next to each other.
  for (const row of rows) {
    for (let r = 0; r < size; r++) {
      const value = row[r]!;
      for (let c = 0; c <= r; c++) covariance[r * size + c]! += value * row[c]! / rows.length;
    }
  }
  return covariance;
}

/**
 * The row in coordinates that are uncorrelated and of unit variance, [size].
 *
 * @throws {TypeError} If the row does not have `size` numbers
 */
export function whiten({ factor }: Whitening, row: ArrayLike<number>): Float64Array {
  return solveLower(factor, row);
}
