/** The peak of a density and its Gaussian, also where the density is from a table. */
import { assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { findPeak } from "../src/numerics/peak.ts";

/** The square of x by straight lines between the nodes of a table, as likelihoods interpolate in omegaM. */
function tabulated(x: number): number {
  const low = Math.floor((x + 0.05) / 0.1) * 0.1 - 0.05;
  const share = (x - low) / 0.1;
  return low ** 2 * (1 - share) + (low + 0.1) ** 2 * share;
}

Deno.test("a table's density is flat between its nodes: its width is found over wider steps", () => {
  const lnDensity = ([x, y]: Float64Array) =>
    -tabulated(x!) / 2 - (y! - 0.5 * x!) ** 2 - 1e-4 * x! ** 2;
  const start = Float64Array.of(0, 0);
  const narrow = findPeak(lnDensity, start)!;
  assertGreater(Math.sqrt(narrow.covariance[0]!), 10);
  const { mean, covariance } = findPeak(lnDensity, start, 1.5)!;
  assertAlmostEquals(mean[0]!, 0, 0.2);
  assertAlmostEquals(Math.sqrt(covariance[0]!), 1, 0.15);
  assertAlmostEquals(covariance[1]! / covariance[0]!, 0.5, 0.05);
});

Deno.test("a peak that is wider than can be believed has no Gaussian, a usual one keeps its own", () => {
  const wide = ([x, y]: Float64Array) => -(x! ** 2) / 50 - y! ** 2 / 2;
  const start = Float64Array.of(0.5, 0.5);
  assertEquals(findPeak(wide, start, 1.5), null);
  assertAlmostEquals(findPeak(wide, start)!.covariance[0]!, 25, 0.1);
  const usual = ([x, y]: Float64Array) => -(x! ** 2) / 2 - y! ** 2 / 2;
  assertEquals(findPeak(usual, start, 1.5), findPeak(usual, start));
});

Deno.test("a direction along which the density does not fall has the largest width, the others their own", () => {
  // Two peaks along y, at -1.5 and 1.5, and the ascent ends half way between them.
  const saddle = ([x, y, z]: Float64Array) =>
    -((x! - z!) ** 2) / 0.02 - z! ** 2 / 2 + 0.2 * y! ** 2 - y! ** 4 / 20;
  const start = Float64Array.of(0, 0, 0);
  assertEquals(findPeak(saddle, start), null);
  const { mean, covariance } = findPeak(saddle, start, 1.5)!;
  assertEquals([...mean], [0, 0, 0]);
  assertAlmostEquals(covariance[4]!, 1.5 ** 2, 1e-9);
  assertAlmostEquals(covariance[8]!, 1, 1e-3);
  assertAlmostEquals(covariance[0]!, 1.01, 1e-3);
  assertAlmostEquals(covariance[2]!, 1, 1e-3);
});
