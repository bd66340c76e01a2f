/** Masses by columns: linear functions over all clusters, within catalogs, and of each catalog. */
import { assertAlmostEquals, assertThrows } from "@std/assert";
import {
  fitMassProxy,
  ownProxyScatter,
  withinCorrelation,
} from "../src/evaluation/sky/mass_proxy.ts";
import { createRandom } from "../src/numerics/random.ts";

Deno.test("a mass that two columns give with a scatter, in catalogs with offsets and slopes of their own", () => {
  const random = createRandom(4);
  const catalogs = Array.from({ length: 200 }, () => {
    const [offset, slope] = [random.normal(), 1 + 0.5 * random.normal()];
    const columns = [0, 1].map(() => Float64Array.from({ length: 30 }, () => random.normal()));
    const lnMass = columns[0]!.map((x, i) =>
      offset + slope * x - 2 * columns[1]![i]! + 0.3 * random.normal()
    );
    return { lnMass, columns };
  });
  assertAlmostEquals(ownProxyScatter(catalogs), 0.3, 0.01);
  const within = fitMassProxy(catalogs, "within catalogs");
  assertAlmostEquals(within.scatter, Math.hypot(0.3, 0.5), 0.05);
  assertAlmostEquals(within.coefficients[1]!, -2, 0.05);
  assertAlmostEquals(fitMassProxy(catalogs, "over all").scatter, Math.hypot(0.3, 0.5, 1), 0.1);
  // Of one column it is its correlation with ln M: the other column's and the slopes' part is scatter.
  const single = catalogs.map(({ lnMass, columns }) => ({ lnMass, columns: [columns[1]!] }));
  assertAlmostEquals(withinCorrelation(single), 2 / Math.hypot(2, 0.3, 0.5, 1), 0.02);
  const twice = catalogs.map(({ lnMass, columns }) => ({
    lnMass,
    columns: [columns[0]!, columns[0]!],
  }));
  assertThrows(() => fitMassProxy(twice, "over all"), RangeError, "follows from the others");
});
