/** A network's posteriors beside explicit ones. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { JudgedPosterior } from "../src/evaluation/mod.ts";
import { createRandom } from "../mod.ts";
import { comparePosteriors } from "../src/evaluation/mod.ts";

const WIDTHS = [0.02, 0.025, 0.015, 0.03];

/** Posteriors with the truth at 0.8, their means off by some widths. */
function makeExplicit(pulls: readonly number[], changes: Partial<JudgedPosterior> = {}) {
  return pulls.map((pull, c): JudgedPosterior => ({
    sigma8: 0.8,
    mean: 0.8 + pull * WIDTHS[c]!,
    standardDeviation: WIDTHS[c]!,
    quantiles: new Float64Array(5),
    effectiveSamples: 1000,
    lastChange: 0.01,
    ...changes,
  }));
}

const gaussians = (explicit: readonly JudgedPosterior[]) => ({
  mean: explicit.map(({ mean }) => mean),
  standardDeviation: explicit.map(({ standardDeviation }) => standardDeviation),
});

Deno.test("a network that is the explicit posterior is at no distance from it", () => {
  const explicit = makeExplicit([1, -1, 0.5, -2]);
  const found = comparePosteriors(gaussians(explicit), explicit, createRandom(1));
  assertEquals([found.count, found.distance, found.shift, found.unconverged], [4, 0, 0, 0]);
  assertAlmostEquals(found.widthRatio, 1, 1e-12);
  assertAlmostEquals(found.widthCorrelation, 1, 1e-12);
  const { scatterError: _n, ...network } = found.network;
  const { scatterError: _e, ...exact } = found.explicit;
  assertEquals(network, exact);
});

Deno.test("distance is root mean square in explicit widths, shift keeps the sign", () => {
  const explicit = makeExplicit([0, 0, 0, 0]);
  const off = [1, -1, 3, 1];
  const { standardDeviation } = gaussians(explicit);
  const network = {
    mean: off.map((pull, c) => 0.8 + pull * WIDTHS[c]!),
    standardDeviation: standardDeviation.map((width) => 2 * width),
  };
  const found = comparePosteriors(network, explicit, createRandom(1));
  assertAlmostEquals(found.distance, Math.sqrt(12 / 4), 1e-12);
  assertAlmostEquals(found.shift, 1, 1e-12);
  assertAlmostEquals(found.widthRatio, 2, 1e-12);
  assert(found.distanceError > 0 && found.distanceError < found.distance);
  assertEquals(found.explicit.scatter, 0);
  const bias = (0.02 - 0.025 + 3 * 0.015 + 0.03) / 4;
  assertAlmostEquals(found.network.bias, bias, 1e-12);
});

Deno.test("explicit posteriors that did not converge are counted", () => {
  const explicit = [...makeExplicit([0, 1, 2]), ...makeExplicit([1], { effectiveSamples: 5 })];
  assertEquals(comparePosteriors(gaussians(explicit), explicit, createRandom(1)).unconverged, 1);
});

Deno.test("posteriors of other numbers of catalogs, too few or without a width are refused", () => {
  const explicit = makeExplicit([0, 1, 2, 1]);
  const network = gaussians(explicit);
  const compare = (posteriors: typeof network, beside: readonly JudgedPosterior[]) => () =>
    comparePosteriors(posteriors, beside, createRandom(1));
  assertThrows(compare(network, explicit.slice(1)), TypeError, "are 4 and the explicit ones 3");
  const two = explicit.slice(2);
  assertThrows(compare(gaussians(two), two), RangeError, "there are 2 catalogs, at least 3");
  const flat = { ...network, standardDeviation: [0, 1, 1, 1] };
  assertThrows(compare(flat, explicit), RangeError, "Cannot compare posteriors");
});
