/**
 * The Cholesky factor and what is built on it: against factors, inverses and determinants that are
 * known, and back to the matrix that was factored.
 */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createRandom, type Random } from "../mod.ts";
import {
  factorCholesky,
  fitWhitening,
  invertCholesky,
  lnDeterminant,
  multiplyLower,
  sampleImportance,
  solveCholesky,
  solveLower,
} from "../src/numerics/mod.ts";
import { minimize } from "../src/xray/mod.ts";

/** Its factor is made of whole numbers, so no step rounds. */
const WHOLE = Float64Array.of(4, 12, -16, 12, 37, -43, -16, -43, 98);

/** The Hilbert matrix 1 / (i + j + 1); its inverse and 1 / determinant are whole numbers. */
const HILBERT = Float64Array.from({ length: 16 }, (_, i) => 1 / (Math.floor(i / 4) + i % 4 + 1));

/** B B^T + 1/10, [size x size]: positive definite whatever B is. */
function drawMatrix(size: number, random: Random): Float64Array {
  const b = Float64Array.from({ length: size * size }, () => random.normal());
  return b.map((_, i) => {
    const [r, c] = [Math.floor(i / size), i % size];
    let sum = r === c ? 0.1 : 0;
    for (let k = 0; k < size; k++) sum += b[r * size + k]! * b[c * size + k]!;
    return sum;
  });
}

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    assertAlmostEquals(actual[i]!, expected[i]!, tolerance);
  }
}

Deno.test("a matrix of whole numbers has the factor that one works out by hand", () => {
  assertEquals([...factorCholesky(WHOLE, 3)!], [2, 6, 1, -8, 5, 3]);
  assertEquals([...factorCholesky([9], 1)!], [3]);
  const lower = WHOLE.map((value, i) => i % 3 > Math.floor(i / 3) ? NaN : value);
  assertEquals([...factorCholesky(lower, 3)!], [2, 6, 1, -8, 5, 3]);
});

Deno.test("solving and inverting with the factor of whole numbers is exact", () => {
  const factor = factorCholesky(WHOLE, 3)!;
  assertEquals([...multiplyLower(factor, [1, 2, 3])], [2, 8, 11]);
  assertEquals([...solveLower(factor, [2, 8, 11])], [1, 2, 3]);
  assertEquals([...solveCholesky(factor, [-20, -43, 192])], [1, 2, 3]);
  assertAlmostEquals(lnDeterminant(factor), Math.log(36), 1e-15);
});

Deno.test("the Hilbert matrix has the inverse and the determinant that are known", () => {
  const factor = factorCholesky(HILBERT, 4)!;
  const inverse = [16, -120, 240, -140, -120, 1200, -2700, 1680];
  const symmetric = [...inverse, 240, -2700, 6480, -4200, -140, 1680, -4200, 2800];
  assertNear(invertCholesky(factor), symmetric, 1e-8); // its condition number is 15514
  assertAlmostEquals(lnDeterminant(factor), -Math.log(6048000), 1e-11);
});

Deno.test("L times its transpose is the matrix, and solutions are solutions, at every size", () => {
  const random = createRandom(23);
  for (let size = 1; size <= 20; size++) {
    const matrix = drawMatrix(size, random);
    const factor = factorCholesky(matrix, size)!;
    const b = Float64Array.from({ length: size }, () => random.normal());
    const x = solveCholesky(factor, b);
    const inverse = invertCholesky(factor);
    for (let c = 0; c < size; c++) {
      const column = Float64Array.from({ length: size }, (_, r) => matrix[r * size + c]!);
      const unit = column.map((_, r) => r === c ? 1 : 0);
      // L L^T e: the columns of L^T are the rows of L.
      const row = Float64Array.from(unit, (_, k) => k <= c ? factor[c * (c + 1) / 2 + k]! : 0);
      assertNear(multiplyLower(factor, row), column, 1e-13 * size);
      assertNear(solveCholesky(factor, column), unit, 1e-10);
      assertAlmostEquals(column.reduce((sum, value, r) => sum + value * x[r]!, 0), b[c]!, 1e-10);
      assertNear(inverse.filter((_, i) => i % size === c), solveCholesky(factor, unit), 0);
    }
    assertNear(solveLower(factor, multiplyLower(factor, b)), b, 1e-10);
  }
});

Deno.test("a matrix that is singular, indefinite or not finite has no factor", () => {
  assertEquals(factorCholesky([1, 2, 2, 4], 2), null);
  assertEquals(factorCholesky([1, 2, 2, 1], 2), null);
  assertEquals(factorCholesky([-1], 1), null);
  assertEquals(factorCholesky([1, NaN, NaN, 1], 2), null);
});

Deno.test("a matrix or a vector of another size is a TypeError", () => {
  const factor = factorCholesky(WHOLE, 3)!;
  assertThrows(() => factorCholesky(WHOLE, 2), TypeError, "it has 9 elements, 2 x 2 expected");
  assertThrows(() => solveCholesky(factor, [1, 2]), TypeError, "the vector has 2 elements");
  assertThrows(() => solveLower(factor, [1, 2, 3, 4]), TypeError, "should have 3");
  assertThrows(() => multiplyLower(factor, []), TypeError, "Cannot multiply");
});

Deno.test("a degenerate covariance is refused by sampler and whitening, and gives no errors", () => {
  const degenerate = { mean: Float64Array.of(0, 0), covariance: Float64Array.of(1, 1, 1, 1) };
  const flat = () => 0;
  assertThrows(
    () => sampleImportance(flat, degenerate, [100], createRandom(1)),
    RangeError,
    "the proposal's covariance is degenerate",
  );
  assertThrows(() => fitWhitening([Float64Array.of(1, NaN)], 1), RangeError, "positive definite");
  const lost = minimize(([x]) => ({
    objective: x! ** 2,
    gradient: Float64Array.of(2 * x!, 0),
    curvature: Float64Array.of(2, 0, 0, 0),
  }), [1, 1]);
  assert(!lost.converged && lost.covariance.every((value) => value === 0));
});
