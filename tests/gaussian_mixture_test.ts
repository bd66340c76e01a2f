/** Gaussian mixtures: known mixtures are found again, and no component is added without a gain. */
import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import {
  chooseGaussianMixture,
  fitGaussianMixture,
  heldOutLnLikelihood,
  mixtureLnLikelihood,
} from "../src/numerics/gaussian_mixture.ts";
import { createRandom } from "../src/numerics/random.ts";

const random = createRandom(5);

/** Rows of which a share has a shifted mean and another scatter, as the tail of L_X has. */
function drawRows(count: number, share: number): number[][] {
  return Array.from({ length: count }, () => {
    const isTail = random.uniform() < share;
    const [x, y] = [random.normal(), random.normal()];
    return isTail ? [1 + 0.5 * x, 0.1 * y] : [0.1 * x, 0.06 * x + 0.08 * y];
  });
}

Deno.test("one Gaussian has the rows' mean and covariance", () => {
  const rows = drawRows(200, 0);
  const [whole] = fitGaussianMixture(rows, 1)!;
  const mean = [0, 1].map((k) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length);
  const cross = rows.reduce((sum, row) => sum + (row[0]! - mean[0]!) * (row[1]! - mean[1]!), 0);
  assertEquals(whole!.weight, 1);
  assertAlmostEquals(whole!.mean[1]!, mean[1]!, 1e-12);
  assertAlmostEquals(whole!.covariance[1]!, cross / rows.length, 1e-12);
  assertEquals(whole!.covariance[1], whole!.covariance[2]);
});

Deno.test("a tail is found with its share, mean and scatter, within the sampling error", () => {
  const [core, tail] = fitGaussianMixture(drawRows(4000, 0.06), 2)!;
  assertAlmostEquals(tail!.weight, 0.06, 0.012);
  assertAlmostEquals(core!.weight + tail!.weight, 1, 1e-9);
  assertAlmostEquals(tail!.mean[0]!, 1, 0.12);
  assertAlmostEquals(Math.sqrt(tail!.covariance[0]!), 0.5, 0.1);
  assertAlmostEquals(Math.sqrt(core!.covariance[0]!), 0.1, 0.005);
  assertAlmostEquals(
    core!.covariance[1]! / Math.sqrt(core!.covariance[0]! * core!.covariance[3]!),
    0.6,
    0.03,
  );
});

Deno.test("held-out rows choose two components where there is a tail, and one where there is none", () => {
  const [plain, tailed] = [drawRows(600, 0), drawRows(600, 0.06)];
  assertEquals(chooseGaussianMixture(plain, 3).length, 1);
  assertEquals(chooseGaussianMixture(tailed, 2).length, 2);
  assertGreater(heldOutLnLikelihood(tailed, 2), heldOutLnLikelihood(tailed, 1));
});

Deno.test("the ln likelihood of one Gaussian is the closed form", () => {
  const rows = [[0.5], [-1]];
  const mixture = [{ weight: 1, mean: Float64Array.of(0), covariance: Float64Array.of(4) }];
  const expected = -Math.log(2 * Math.PI) - Math.log(4) - 0.5 * (0.25 / 4 + 1 / 4);
  assertAlmostEquals(mixtureLnLikelihood(mixture, rows), expected, 1e-12);
});

Deno.test("too few rows, or rows without scatter in a direction, are refused", () => {
  assertThrows(() => fitGaussianMixture(drawRows(5, 0), 1), RangeError, "at least 12 are needed");
  const flat = drawRows(100, 0).map(([x]) => [x!, 2 * x!]);
  assertThrows(() => fitGaussianMixture(flat, 1), RangeError, "no scatter in some direction");
  assert(fitGaussianMixture(drawRows(100, 0), 1));
});
