/** Contours of weighted points against those of a Gaussian, which are ellipses. */
import { assert, assertAlmostEquals } from "@std/assert";
import { drawContours } from "../src/report/contours.ts";
import { createRandom } from "../src/numerics/random.ts";

Deno.test("contours of a correlated Gaussian are its ellipses", () => {
  const random = createRandom(1);
  const count = 20000;
  const z = Float64Array.from({ length: count }, () => random.normal());
  const x = z.map((value) => 3 + 2 * value);
  const y = z.map((value) => -0.6 * value + 0.8 * random.normal());
  const contours = drawContours(x, y, new Float64Array(count).fill(1 / count), [0.68, 0.95]);
  contours.forEach(({ share, segments }) => {
    assert(segments.length > 40);
    const radii = segments.map(([[px, py]]) => {
      const u = (px - 3) / 2;
      const v = (py + 0.6 * u) / 0.8;
      return Math.hypot(u, v);
    });
    const mean = radii.reduce((a, b) => a + b) / radii.length;
    assertAlmostEquals(mean, Math.sqrt(-2 * Math.log(1 - share)), 0.08);
    assert(radii.every((radius) => Math.abs(radius - mean) < 0.35));
  });
});
