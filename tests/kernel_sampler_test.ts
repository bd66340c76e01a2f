/** Importance sampling with kernels: moments of densities that a single Gaussian does not describe. */
import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { weightedMoments } from "../src/numerics/importance_sampler.ts";
import { sampleKernels } from "../src/numerics/kernel_sampler.ts";
import { createRandom } from "../src/numerics/random.ts";

const DIMENSIONS = 14;
const OPTIONS = { rounds: [1500, 1500, 5000], effectiveSamples: 600, mostAdded: 4 };

/** A pilot that is off by half a width and 30% too narrow. */
const PILOT = {
  mean: new Float64Array(DIMENSIONS).fill(0.5),
  covariance: Float64Array.from(
    { length: DIMENSIONS ** 2 },
    (_, i) => i % (DIMENSIONS + 1) === 0 ? 0.5 : 0,
  ),
};

/** Width of one coordinate and independent samples, over some runs. */
function measure(lnDensity: (u: Float64Array) => number, d: number) {
  const runs = Array.from({ length: 3 }, (_, k) => {
    const cloud = sampleKernels(lnDensity, PILOT, OPTIONS, createRandom(5).fork("run", k));
    const { covariance } = weightedMoments(cloud);
    return [Math.sqrt(covariance[d * (DIMENSIONS + 1)]!), cloud.effectiveSamples] as const;
  });
  const mean = (k: 0 | 1) => runs.reduce((sum, run) => sum + run[k], 0) / runs.length;
  return { width: mean(0), samples: mean(1), least: Math.min(...runs.map((run) => run[1])) };
}

Deno.test("kernels find the width of a Gaussian in 14 dimensions, of a box and of a bent density", () => {
  const gaussian = measure((u) => -u.reduce((sum, x) => sum + x * x, 0) / 2, 13);
  assertAlmostEquals(gaussian.width, 1, 0.03);
  assert(gaussian.samples > 3000, `${gaussian.samples}`);
  const box = measure((u) => {
    if (Math.abs(u[0]!) > 1.5 || Math.abs(u[1]!) > 1) return -Infinity;
    return -u.reduce((sum, x, d) => d < 2 ? sum : sum + x * x, 0) / 2;
  }, 0);
  assertAlmostEquals(box.width / (3 / Math.sqrt(12)), 1, 0.04);
  // The second coordinate follows the square of the first: its variance is 1 + 2 / 4.
  const bent = measure((u) => {
    const shifted = u[1]! - 0.5 * (u[0]! ** 2 - 1);
    return -u.reduce((sum, x, d) => sum + (d === 1 ? shifted : x) ** 2, 0) / 2;
  }, 1);
  assertAlmostEquals(bent.width, Math.sqrt(1.5), 0.08);
  assert(bent.least > 250, `${bent.least}`);
});

Deno.test("a pilot without a volume and a density without points are refused", () => {
  const flat = { ...PILOT, covariance: new Float64Array(DIMENSIONS ** 2) };
  const random = createRandom(1);
  assertThrows(() => sampleKernels(() => 0, flat, OPTIONS, random), RangeError, "degenerate");
  const nowhere = () => -Infinity;
  assertThrows(() => sampleKernels(nowhere, PILOT, OPTIONS, random), RangeError, "none of 1500");
});
