/**
 * Whitening: the linear map that makes correlated numbers uncorrelated with unit variance, so that
 * the length of a whitened row is its Mahalanobis distance.
 *
 * @module
 */

/** Rows of the lower triangle of a Cholesky factor, one after the other, [size (size + 1) / 2]. */
export interface Whitening {
  /** Numbers a row. */
  readonly size: number;
  /** L of L L^T, the covariance. */
  readonly factor: Float64Array;
}

/**
 * The whitening of rows whose means are 0.
 *
 * @param rows Each [size]
 * @param ridge Added to every variance; above 0, so that columns that follow from others are allowed
 * @throws {RangeError} If there is no row or the ridge is not above 0
 */
export function fitWhitening(rows: readonly Float64Array[], ridge: number): Whitening {
  const size = rows[0]?.length ?? 0;
  if (size === 0 || !(ridge > 0)) {
    throw new RangeError(
      `Cannot whiten: there are ${rows.length} rows of ${size} and the ridge is ${ridge}, ` +
        "at least 1 of 1 and above 0 are needed",
    );
  }
  const factor = new Float64Array(size * (size + 1) / 2);
  for (let r = 0; r < size; r++) {
    for (let c = 0; c <= r; c++) {
      let rest = r === c ? ridge : 0;
      for (const row of rows) rest += row[r]! * row[c]! / rows.length;
      for (let k = 0; k < c; k++) rest -= factor[start(r) + k]! * factor[start(c) + k]!;
      factor[start(r) + c] = r === c ? Math.sqrt(rest) : rest / factor[start(c) + c]!;
    }
  }
  return { size, factor };
}

/** The row in coordinates that are uncorrelated and of unit variance, [size]. */
export function whiten({ size, factor }: Whitening, row: ArrayLike<number>): Float64Array {
  const result = new Float64Array(size);
  for (let r = 0; r < size; r++) {
    let rest = row[r]!;
    for (let k = 0; k < r; k++) rest -= factor[start(r) + k]! * result[k]!;
    result[r] = rest / factor[start(r) + r]!;
  }
  return result;
}

/** Where row r of a packed triangle begins. */
const start = (r: number): number => r * (r + 1) / 2;
