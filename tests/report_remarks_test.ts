/**
 * Remarks of a report on the paper's curves: each is decided by the curve, and a curve like the
 * paper's has none.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  remarkLeaveOneOut,
  remarkProxies,
  remarkSaliency,
  remarkWithoutLensing,
} from "../src/report/figure_list/remarks.ts";
import type { ReportData } from "../src/report/mod.ts";

const RADII = [0.13, 0.2, 0.3, 0.44, 0.67, 1];

/** A report of a network with these medians of the gas mass saliency, light clusters then heavy. */
function withSaliency(light: readonly number[], heavy: readonly number[]): ReportData {
  const pixels = RADII.map((radius, p) => ({
    column: "logGasMassProfile" as const,
    radius,
    median: light[p]!,
  }));
  const bins = [light, heavy].map((median, b) => ({
    from: 13.6 + b,
    to: 13.7 + b,
    count: 100,
    median,
    mean: median,
    low: median,
    high: median,
  }));
  return { interpretation: { saliency: { pixels, bins } } } as unknown as ReportData;
}

const PAPER_SHAPE = [0.1, 0.12, 0.15, 0.19, 0.22, 0.2];

Deno.test("a saliency of the paper's shape has no remark", () => {
  assertEquals(remarkSaliency(withSaliency(PAPER_SHAPE, PAPER_SHAPE.map((x) => x / 2))), []);
});

Deno.test("a saliency that rises to R500, or falls from the core, is described as it is", () => {
  const rising = [0.06, 0.07, 0.08, 0.085, 0.09, 0.1];
  const [shape, masses] = remarkSaliency(withSaliency(rising, rising));
  assertStringIncludes(shape!, "Here it is largest at 1.00 R_{500}, to which it rises all the way");
  assertStringIncludes(shape!, "in the core 60.0% of that");
  assertStringIncludes(masses!, "1.00 times that at 10^{13.65}");
  const [falling] = remarkSaliency(withSaliency(rising.toReversed(), rising));
  assertStringIncludes(falling!, "largest at 0.13 R_{500} and least at 1.00 R_{500}");
});

Deno.test("without weak lensing, a peak where the paper has it is no difference", () => {
  const at = (masses: readonly number[], mean: readonly number[]) => {
    const bins = masses.map((from, b) => ({
      from,
      to: from + 0.1,
      count: 100,
      mean: [mean[b]!],
      low: [0],
      high: [1],
      median: [mean[b]!],
    }));
    const pixels = [{ column: "logGasMassProfile", radius: 0.67, median: 0.1 }];
    return { noWeakLensing: { saliency: { pixels, bins }, masses: null } } as unknown as ReportData;
  };
  assertEquals(remarkWithoutLensing(at([13.6, 14.3, 14.8], [0.1, 0.3, 0.2])), []);
  const [flat] = remarkWithoutLensing(at([13.6, 14.3, 14.8], [0.2, 0.19, 0.18]));
  assertStringIncludes(flat!, "largest at 10^{13.65}, but nowhere below 90.0% of that");
  // A peak in its place that hardly rises above the rest is not the paper's.
  const [low] = remarkWithoutLensing(at([13.6, 14.3, 14.8], [0.19, 0.2, 0.18]));
  assertStringIncludes(low!, "largest at 10^{14.35}, but nowhere below 90.0%");
});

function withChanges(median: number, lowered: number): ReportData {
  const bands = [{ from: 14, to: 14.1, median }, { from: 14.8, to: 14.9, median: -0.004 }];
  const leaveOneOut = { bands, distributions: [{ above: null, lowered }] };
  return { interpretation: { leaveOneOut } } as unknown as ReportData;
}

Deno.test("a leave-one-out curve without a threshold is said to have none", () => {
  assertEquals(remarkLeaveOneOut(withChanges(0.0001, 0.53)), []);
  const [remark] = remarkLeaveOneOut(withChanges(-0.0011, 0.97));
  assertStringIncludes(remark!, "no threshold: at 10^{14.05} the median is −0.0011, and 97.0% of");
});

Deno.test("the scatter is called noise only where noise is most of it", () => {
  const remarkOn = (noise: number) => {
    const score = { networkRms: 0.0029, exactRms: 0.0012, noise, bins: [] };
    const details = { leaveOneOut: { score } };
    return remarkLeaveOneOut({
      ...withChanges(0, 0.5),
      faithfulness: { details },
    } as unknown as ReportData).at(-1)!;
  };
  assertStringIncludes(remarkOn(0.0026), "more than clusters really differ by");
  assertStringIncludes(remarkOn(0.0006), "the rest is what clusters really differ by (0.0012)");
});

Deno.test("proxies in the paper's order have no remark", () => {
  const withProxies = (terse: number) => {
    const entries = Object.entries({ terse, logYx: 8.6, logGasMass: 18.6 });
    const proxies = entries.map(([proxy, scatterPercent]) => ({ proxy, scatterPercent }));
    return { interpretation: { terseLayer: { proxies } } } as unknown as ReportData;
  };
  assertEquals(remarkProxies(withProxies(16)), []);
  assertStringIncludes(
    remarkProxies(withProxies(5.1))[0]!,
    "better than Y_X: 5.1%, 8.6% and 18.6%",
  );
  assertStringIncludes(remarkProxies(withProxies(24.6))[0]!, "worse than gas mass");
  for (const remark of [remarkLeaveOneOut, remarkSaliency, remarkWithoutLensing, remarkProxies]) {
    assert(remark({ title: "", facts: [] }).length === 0);
  }
});
