/** Eigensystems of small symmetric matrices by Jacobi rotations, and moments of points. */

/** Eigenvalues in descending order, with their eigenvectors. */
export interface Eigensystem {
  /** Descending, [size]. */
  readonly values: Float64Array;
  /** Unit vectors, one row per value, [size x size]. */
  readonly vectors: Float64Array;
}

/** Most sweeps; a matrix of finite numbers converges after about 7. */
const MOST_SWEEPS = 60;

/** Off-diagonal squares below this share of all squares are rounding. */
const ROUNDING = 1e-30;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix.
 *
 * @example
 * ```ts
 * import { decomposeSymmetric } from "./eigen.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { values } = decomposeSymmetric(Float64Array.of(2, 1, 1, 2), 2);
 * assertAlmostEquals(values[0]!, 3);
 * assertAlmostEquals(values[1]!, 1);
 * ```
 *
 * @param matrix Row-major, [size x size]; not changed
 * @throws {TypeError} If the matrix does not have `size x size` elements
 * @throws {RangeError} If an element is not finite
 */
export function decomposeSymmetric(matrix: Float64Array, size: number): Eigensystem {
  checkMatrix(matrix, size);
  const a = matrix.slice();
  const vectors = new Float64Array(size * size);
  for (let k = 0; k < size; k++) vectors[k * size + k] = 1;
  const all = a.reduce((sum, x) => sum + x * x, 0);
  for (let sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a, size) > ROUNDING * all; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) rotate(a, vectors, size, p, q);
    }
  }
  const order = Array.from({ length: size }, (_, k) => k)
    .sort((j, k) => a[k * size + k]! - a[j * size + j]!);
  return {
    values: Float64Array.from(order, (k) => a[k * size + k]!),
    vectors: Float64Array.from(
      { length: size * size },
      (_, i) => vectors[order[Math.floor(i / size)]! * size + i % size]!,
    ),
  };
}

/** Sum of the squares off the diagonal. */
function offDiagonal(a: Float64Array, size: number): number {
  let sum = 0;
  for (let p = 0; p < size; p++) {
    for (let q = 0; q < size; q++) if (p !== q) sum += a[p * size + q]! ** 2;
  }
  return sum;
}

/** The rotation in the plane of p and q that makes element (p, q) zero (Golub and Van Loan, 8.5). */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const element = a[p * size + q]!;
  if (element === 0) return;
  const tau = (a[q * size + q]! - a[p * size + p]!) / (2 * element);
  const t = Math.sign(tau || 1) / (Math.abs(tau) + Math.hypot(1, tau));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const [x, y] = [a[k * size + p]!, a[k * size + q]!];
    a[k * size + p] = c * x - s * y;
    a[k * size + q] = s * x + c * y;
  }
  for (let k = 0; k < size; k++) {
    const [x, y] = [a[p * size + k]!, a[q * size + k]!];
    a[p * size + k] = c * x - s * y;
    a[q * size + k] = s * x + c * y;
    const [u, v] = [vectors[p * size + k]!, vectors[q * size + k]!];
    vectors[p * size + k] = c * u - s * v;
    vectors[q * size + k] = s * u + c * v;
  }
}

function checkMatrix(matrix: Float64Array, size: number): void {
  if (matrix.length !== size * size) {
    throw new TypeError(
      `Cannot decompose matrix: it has ${matrix.length} elements, ${size} x ${size} expected`,
    );
  }
  const bad = matrix.find((value) => !Number.isFinite(value));
  if (bad !== undefined) {
    throw new RangeError(`Cannot decompose matrix: an element is ${bad}, should be finite`);
  }
}

/** Means of the columns of some rows, and the covariance about them. */
export interface RowMoments {
  /** Mean of each column, [width]. */
  readonly mean: Float64Array;
  /** Covariance, divided by the number of rows, [width x width]. */
  readonly covariance: Float64Array;
}

/**
 * Mean and covariance of the rows of a row-major array.
 *
 * @throws {RangeError} If there is no row
 */
export function momentsOfRows(rows: ArrayLike<number>, width: number): RowMoments {
  const count = rows.length / width;
  if (!(count >= 1)) {
    throw new RangeError("Cannot take moments: there are 0 rows, should be 1 or more");
  }
  const mean = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) mean[i % width]! += rows[i]! / count;
  const covariance = new Float64Array(width * width);
  for (let start = 0; start < rows.length; start += width) {
    for (let p = 0; p < width; p++) {
      const shift = (rows[start + p]! - mean[p]!) / count;
      for (let q = 0; q <= p; q++) {
        covariance[p * width + q]! += shift * (rows[start + q]! - mean[q]!);
      }
    }
  }
  for (let p = 0; p < width; p++) {
    for (let q = 0; q < p; q++) covariance[q * width + p] = covariance[p * width + q]!;
  }
  return { mean, covariance };
}
