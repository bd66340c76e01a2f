/**
 * The Cholesky factor of a symmetric positive definite matrix, A = L L^T, and what is solved, drawn
 * and measured with it. Matrices are row-major, [size x size]; a factor holds the rows of the lower
 * triangle L up to the diagonal, one after the other, [size (size + 1) / 2].
 */

/**
 * The factor L of a matrix A = L L^T, [size (size + 1) / 2]; null if A is not positive definite.
 *
 * @example The matrix 4 2, 2 5
 * ```ts
 * import { factorCholesky, solveCholesky } from "@clusters/terse/numerics";
 * import { assertEquals } from "@std/assert";
 *
 * const factor = factorCholesky(Float64Array.of(4, 2, 2, 5), 2)!;
 * assertEquals([...factor], [2, 1, 2]);
 * assertEquals([...solveCholesky(factor, [8, 12])], [1, 2]);
 * assertEquals(factorCholesky(Float64Array.of(1, 2, 2, 1), 2), null);
 * ```
 *
 * @param matrix [size x size], of which the lower triangle is read
 * @throws {TypeError} If the matrix does not have `size x size` elements
 */
export function factorCholesky(matrix: ArrayLike<number>, size: number): Float64Array | null {
  if (matrix.length !== size * size) {
    throw new TypeError(
      `Cannot factor matrix: it has ${matrix.length} elements, ${size} x ${size} expected`,
    );
  }
  const factor = new Float64Array(rowStart(size));
  for (let r = 0; r < size; r++) {
    const row = rowStart(r);
    for (let c = 0; c <= r; c++) {
      const column = rowStart(c);
      let rest = matrix[r * size + c]!;
      for (let k = 0; k < c; k++) rest -= factor[row + k]! * factor[column + k]!;
      if (r === c && !(rest > 0)) return null;
      factor[row + c] = r === c ? Math.sqrt(rest) : rest / factor[column + c]!;
    }
  }
  return factor;
}

/**
 * The x of A x = b for the factor of A, [size].
 *
 * @param factor From {@linkcode factorCholesky}
 * @throws {TypeError} If b is not as long as A is wide
 */
export function solveCholesky(factor: Float64Array, b: ArrayLike<number>): Float64Array {
  const x = solveLower(factor, b);
  for (let r = x.length - 1; r >= 0; r--) {
    let rest = x[r]!;
    for (let k = r + 1; k < x.length; k++) rest -= factor[rowStart(k) + r]! * x[k]!;
    x[r] = rest / factor[rowStart(r) + r]!;
  }
  return x;
}

/**
 * The x of L x = b, [size]; if b has the covariance A, x has unit variances and no correlation.
 *
 * @param factor From {@linkcode factorCholesky}
 * @throws {TypeError} If b is not as long as L is wide
 */
export function solveLower(factor: Float64Array, b: ArrayLike<number>): Float64Array {
  checkLength("solve", factor, b);
  const x = new Float64Array(b);
  for (let r = 0; r < x.length; r++) {
    const row = rowStart(r);
    let rest = x[r]!;
    for (let k = 0; k < r; k++) rest -= factor[row + k]! * x[k]!;
    x[r] = rest / factor[row + r]!;
  }
  return x;
}

/**
 * The product L x, [size]; if x has unit variances and no correlation, it has the covariance A.
 *
 * @param factor From {@linkcode factorCholesky}
 * @param product Receives the product, and is returned; a new array if left out
 * @throws {TypeError} If x is not as long as L is wide
 */
export function multiplyLower(
  factor: Float64Array,
  x: ArrayLike<number>,
  product: Float64Array = new Float64Array(x.length),
): Float64Array {
  checkLength("multiply", factor, x);
  for (let r = 0; r < x.length; r++) {
    const row = rowStart(r);
    let sum = 0;
    for (let k = 0; k <= r; k++) sum += factor[row + k]! * x[k]!;
    product[r] = sum;
  }
  return product;
}

/** The inverse of A for its factor, both triangles, [size x size]. */
export function invertCholesky(factor: Float64Array): Float64Array {
  const size = sizeOf(factor);
  const inverse = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    const unit = new Float64Array(size);
    unit[c] = 1;
    const column = solveCholesky(factor, unit);
    for (let r = 0; r < size; r++) inverse[r * size + c] = column[r]!;
  }
  return inverse;
}

/** The natural log of the determinant of A for its factor. */
export function lnDeterminant(factor: Float64Array): number {
  const size = sizeOf(factor);
  let sum = 0;
  for (let r = 0; r < size; r++) sum += 2 * Math.log(factor[rowStart(r) + r]!);
  return sum;
}

/** Where row r of a triangle begins. */
function rowStart(r: number): number {
  return r * (r + 1) / 2;
}

/** Rows of a triangle: the n of n (n + 1) / 2, found by n^2 <= n (n + 1) < (n + 1)^2. */
function sizeOf(factor: Float64Array): number {
  return Math.floor(Math.sqrt(2 * factor.length));
}

function checkLength(action: string, factor: Float64Array, vector: ArrayLike<number>): void {
  if (rowStart(vector.length) === factor.length) return;
  throw new TypeError(
    `Cannot ${action}: the vector has ${vector.length} elements, should have ${
      sizeOf(factor)
    }, as the factor has rows`,
  );
}
