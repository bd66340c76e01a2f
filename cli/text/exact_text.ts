/** Exact answers in words and columns. */
import { counted } from "../../src/numerics/counted.ts";
import type { WeakLensingUse } from "../../src/evaluation/likelihood.ts";
import type { Gap } from "../../src/interpretation/exact/gap.ts";
import { isGap } from "../../src/interpretation/exact/gap.ts";
import type { ExactChoiceSummary, ExactSummary } from "../../src/interpretation/exact/summary.ts";

/** The outcome of `exact`. */
export function formatExact(weakLensing: WeakLensingUse, summary: ExactSummary | Gap): string {
  if (isGap(summary)) return `No exact answers ${weakLensing}: ${summary.gap}`;
  const { catalogs, clusters, everything, oneNumber, r, bands, gaps } = summary;
  return [
    `Exact answers ${weakLensing}, ${counted(catalogs, "catalog")}, ${
      counted(clusters, "cluster")
    }`,
    "what is read   width of sigma8  leave-one-out: mean  scatter  68% below  sampling error",
    formatChoice("everything", everything),
    formatChoice("one number", oneNumber),
    ...(r === null ? [] : [`correlation of both leave-one-outs ${r.toFixed(3)}`]),
    "log M          clusters  mean change  middle 68%          raise sigma8",
    ...bands.map(({ from, to, count, mean, low, high, raised }) =>
      [
        `${from.toFixed(1)} to ${to.toFixed(1)}`.padEnd(15),
        String(count).padStart(8),
        signed(mean).padStart(13),
        `${signed(low)} to ${signed(high)}`.padStart(21),
        `${(100 * raised).toFixed(0)}%`.padStart(9),
      ].join("")
    ),
    `${everything.unreliable} and ${oneNumber.unreliable} leave-one-outs are not reliable (Pareto k)`,
    ...gaps.map(({ catalog, gap }) => `answer ${catalog}: ${gap}`),
  ].join("\n");
}

function formatChoice(name: string, summary: ExactChoiceSummary): string {
  const { width, meanChange, changeRms, halfWidth, changeNoise } = summary;
  return [
    name.padEnd(15),
    width.toFixed(4).padStart(15),
    signed(meanChange).padStart(22),
    changeRms.toFixed(4).padStart(9),
    halfWidth.toFixed(4).padStart(11),
    changeNoise.toFixed(5).padStart(16),
  ].join("");
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(4)}`;
}
