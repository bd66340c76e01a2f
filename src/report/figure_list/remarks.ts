/**
 * Where a curve of this run differs in shape from the paper's, in words: one sentence for each
 * difference, each decided by what was measured. A curve like the paper's has no remark.
 */
import { isGap } from "../../interpretation/exact/gap.ts";
import type { MassSlopeBin } from "../../interpretation/faithfulness/mass_slopes.ts";
import type { LeaveOneOut } from "../../interpretation/leave_one_out.ts";
import type { Saliency } from "../../interpretation/saliency.ts";
import { saliencyProfile, saliencyTrend } from "../../interpretation/saliency_trends.ts";
import type { ReportData } from "../report_data.ts";
import { showNumber, showPercent } from "./entry.ts";

/** Mass from which the paper sees an effect of leaving out a cluster, log10 [Msun/h]. */
const PAPER_THRESHOLD = 14.2;

/** Share of clusters whose absence lowers sigma8 that is no longer "slightly more than even". */
const MOST = 0.6;

/** Radii between which the paper's saliency has its peak near 0.6, in R / R500. */
const PAPER_PEAK = [0.43, 0.7] as const;

/** The paper's log masses of the largest saliency without weak lensing, a bin wide on either side. */
const PAPER_MASSES = [14.1, 14.5] as const;

/** A saliency is called flat if it is nowhere below this share of its largest value. */
const FLAT = 0.7;

/** Fig. 9: whether there is a threshold in mass, and what the scatter is. */
export function remarkLeaveOneOut({ interpretation, faithfulness }: ReportData): string[] {
  if (!interpretation) return [];
  const { bands, distributions } = interpretation.leaveOneOut;
  const below = bands.filter(({ to }) => to <= PAPER_THRESHOLD + 1e-9).at(-1);
  const lowered = distributions[0]?.lowered ?? 0;
  const remarks: string[] = [];
  const compared = faithfulness?.details.leaveOneOut;
  const exact = compared && !isGap(compared) ? compared : null;
  if (below && below.median < 0 && lowered > MOST) {
    const bin = exact?.score.bins.filter(({ to }) => to <= PAPER_THRESHOLD + 1e-9).at(-1);
    const confirmed = bin ? `. The exact answers have no threshold either: ${change(bin)}` : "";
    remarks.push(
      `In the paper, clusters below 10^{${PAPER_THRESHOLD}} have no systematic effect, and slightly ` +
        `more than half of all lower σ_8. Here the curve has no threshold: at ` +
        `10^{${middleOf(below)}} the median is ${showNumber(below.median, 4)}, and ` +
        `${showPercent(100 * lowered)} of all clusters lower σ_8${confirmed}`,
    );
  }
  if (exact) {
    const { networkRms, exactRms, noise } = exact.score;
    const isNoise = noise > exactRms;
    remarks.push(
      "The paper takes the scatter at low mass, 0.003, for the stability of its model. Of this " +
        `network's scatter of ${networkRms.toFixed(4)}, ${noise.toFixed(4)} are its own noise; ` +
        (isNoise
          ? "that is more than clusters really differ by"
          : "the rest is what clusters really differ by") +
        ` (${exactRms.toFixed(4)})`,
    );
  }
  return remarks;
}

function change(
  { from, to, exactMean }: { from: number; to: number; exactMean: number },
): string {
  return `${showNumber(exactMean, 4)} on average at 10^{${middleOf({ from, to })}}`;
}

/** Fig. 11: where the gas mass saliency is largest and least, the slopes', and heavy clusters. */
export function remarkSaliency({ interpretation, faithfulness }: ReportData): string[] {
  if (!interpretation) return [];
  const { saliency } = interpretation;
  const remarks: string[] = [];
  const shape = shapeOf(saliency);
  const judged = faithfulness?.details.saliency;
  const optimum = faithfulness?.details.optimal;
  const projected = judged && !isGap(judged) ? shapeAlong(saliency, judged.projected) : null;
  const optimal = optimum && !isGap(optimum) ? shapeAlong(saliency, optimum.gradient) : null;
  if (shape && !isPapers(shape)) {
    remarks.push(
      "In the paper, the saliency of the gas mass dips in the core, rises gently to about " +
        `0.6 R_{500} and declines beyond. Here it is ${describe(shape)}` +
        (projected
          ? `; its part along the axes in which clusters differ is ${describe(projected)}`
          : "") +
        (optimal ? `; the optimal gradient is ${describe(optimal)}` : ""),
    );
  }
  const ratio = ratioByMass(saliency);
  if (ratio && ratio.heavy > MOST_OF_LIGHT) {
    remarks.push(
      "In the paper, clusters above 10^{14.7} are less sensitive than lighter ones. Here the " +
        `saliency of all shells together at 10^{${ratio.to}} is ${showNumber(ratio.heavy, 2)} ` +
        `times that at 10^{${ratio.from}}`,
    );
  }
  const slope = slopeShare(saliency);
  if (slope !== null && slope < MOST_OF_SLOPES) {
    remarks.push(
      "In the paper, the saliency of the density slope near 0.6 R_{500} is 0.55 times that of the " +
        `gas mass. Here it is ${showNumber(slope, 2)} times`,
    );
  }
  const scores = faithfulness?.scores.weights;
  if (scores && !isGap(scores) && scores.found !== null) {
    remarks.push(
      "The paper estimates that temperature and gas mass are about equally important. Per dex, the " +
        `temperature weighs ${showNumber(scores.found, 2)} times as much here; ` +
        `${showNumber(scores.optimal, 2)} times would be best`,
    );
  }
  return remarks;
}

/** Saliency of heavy clusters over that of light ones from which it is no longer less. */
const MOST_OF_LIGHT = 0.9;

/** Saliency of the slope over that of the gas mass below which it is less than in the paper. */
const MOST_OF_SLOPES = 0.45;

/** Saliency summed over the gas mass shells of the heaviest bin over that of the lightest. */
function ratioByMass(
  saliency: Saliency,
): { readonly heavy: number; readonly from: string; readonly to: string } | null {
  const curves = saliencyProfile(saliency, "logGasMassProfile")?.curves ?? [];
  const [light, heavy] = [curves[0], curves.at(-1)];
  if (!light || !heavy || curves.length < 2) return null;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    heavy: sum(heavy.median) / sum(light.median),
    from: middleOf(light),
    to: middleOf(heavy),
  };
}

/** Mean saliency of the slope over that of the gas mass at the radius of the paper's numbers. */
function slopeShare(saliency: Saliency): number | null {
  const meanOf = (column: "logGasMassProfile" | "gasSlopeProfile") => {
    const radius = saliencyTrend(saliency, column)?.radius;
    return saliency.pixels.find((pixel) => pixel.column === column && pixel.radius === radius)
      ?.mean;
  };
  const [slope, gas] = [meanOf("gasSlopeProfile"), meanOf("logGasMassProfile")];
  return slope === undefined || gas === undefined || gas === 0 ? null : slope / gas;
}

/** Where a curve of the gas mass shells is largest and least. */
interface Shape {
  readonly largest: number;
  readonly least: number;
  /** Value in the core over the largest. */
  readonly core: number;
  readonly isRising: boolean;
}

function shapeOf(saliency: Saliency): Shape | null {
  const shells = saliency.pixels.filter(({ column, radius }) =>
    column === "logGasMassProfile" && radius !== null
  );
  return measure(shells.map(({ radius }) => radius!), shells.map(({ median }) => median));
}

/** The shape of a gradient over all pixels. */
function shapeAlong({ pixels }: Saliency, gradient: ArrayLike<number>): Shape | null {
  const shells = pixels.flatMap(({ column, radius }, p) =>
    column === "logGasMassProfile" && radius !== null
      ? [{ radius, value: Math.abs(gradient[p]!) }]
      : []
  );
  return measure(shells.map(({ radius }) => radius), shells.map(({ value }) => value));
}

function measure(radius: readonly number[], values: readonly number[]): Shape | null {
  if (values.length < 2) return null;
  const largest = values.indexOf(Math.max(...values));
  return {
    largest: radius[largest]!,
    least: radius[values.indexOf(Math.min(...values))]!,
    core: values[0]! / values[largest]!,
    isRising: values.every((value, i) => i === 0 || value >= values[i - 1]!),
  };
}

function isPapers({ largest, least, core }: Shape): boolean {
  return largest > PAPER_PEAK[0] && largest < PAPER_PEAK[1] && core < 1 && least < PAPER_PEAK[0];
}

function describe({ largest, least, core, isRising }: Shape): string {
  const share = `in the core ${showPercent(100 * core)} of that`;
  return isRising
    ? `largest at ${largest.toFixed(2)} R_{500}, to which it rises all the way (${share})`
    : `largest at ${largest.toFixed(2)} R_{500} and least at ${
      least.toFixed(2)
    } R_{500} (${share})`;
}

/** Fig. 12: where the saliency without weak lensing is largest, and what leaving out does. */
export function remarkWithoutLensing({ noWeakLensing }: ReportData): string[] {
  if (!noWeakLensing) return [];
  const remarks: string[] = [];
  const trend = saliencyTrend(noWeakLensing.saliency, "logGasMassProfile");
  const peak = trend?.peakLogMass ?? null;
  if (trend && peak !== null) {
    const least = Math.min(...trend.mean) / Math.max(...trend.mean);
    const isThere = peak >= PAPER_MASSES[0] && peak <= PAPER_MASSES[1];
    if (!isThere || least > FLAT) {
      remarks.push(
        "In the paper, the saliency without weak lensing masses has a clear peak between 10^{14.2} " +
          `and 10^{14.4}. Here it is largest at 10^{${showNumber(peak, 2)}}, but nowhere below ` +
          `${showPercent(100 * least)} of that. The next figure tells which clusters carry σ_8`,
      );
    }
  }
  const shape = shapeOf(noWeakLensing.saliency);
  if (shape && !isPapers(shape)) {
    remarks.push(
      "In the paper, the curves against radius have the shape of Fig. 11. Here the saliency is " +
        describe(shape),
    );
  }
  if (noWeakLensing.leaveOneOut) remarks.push(...remarkBlindChanges(noWeakLensing.leaveOneOut));
  return remarks;
}

function remarkBlindChanges({ bands }: LeaveOneOut): string[] {
  const heaviest = bands.at(-1);
  if (!heaviest || !(heaviest.high68 < 0)) return [];
  return [
    "In the paper, leaving out a cluster changes σ_8 systematically at no mass if there are no weak " +
    `lensing masses. Here the median change at 10^{${middleOf(heaviest)}} is ` +
    `${showNumber(heaviest.median, 4)}`,
  ];
}

/** Fig. 16: whether the proxies come in the paper's order. */
export function remarkProxies({ interpretation }: ReportData): string[] {
  const proxies = interpretation?.terseLayer.proxies ?? [];
  const of = (name: string) => proxies.find(({ proxy }) => proxy === name)?.scatterPercent;
  const [terse, yx, gas] = [of("terse"), of("logYx"), of("logGasMass")];
  if (terse === undefined || yx === undefined || gas === undefined) return [];
  if (terse > yx && terse < gas) return [];
  const place = terse <= yx ? "better than Y_X" : "worse than gas mass";
  return [
    "In the paper, the terse value (16.1%) lies between Y_X (7.3%) and gas mass (17.9%). Here it is " +
    `${place}: ${showPercent(terse)}, ${showPercent(yx)} and ${showPercent(gas)}`,
  ];
}

/** Fig. 12, exact: where the network's effect of mass is not the exact one, and what it means. */
export function remarkMassSlopes({ faithfulness, noWeakLensing }: ReportData): string[] {
  const remarks: string[] = [];
  for (
    const [name, bins] of [
      ["This network", faithfulness?.details.massSlopes],
      ["The network without weak lensing masses", noWeakLensing?.massSlopes],
    ] as const
  ) {
    if (!bins || isGap(bins) || bins.length === 0) continue;
    const known = bins as readonly MassSlopeBin[];
    const peak = largest(known, ({ exactPerDex }) => exactPerDex);
    const own = largest(known, ({ networkPerDex }) => networkPerDex);
    const single = largest(known, ({ exactMedian }) => exactMedian);
    remarks.push(
      `${name}: summed over a catalog, clusters of 10^{${
        middleOf(own)
      }} raise σ_8 most; exactly, ` +
        `those of 10^{${
          middleOf(peak)
        }}. The paper's saliency without weak lensing masses peaks at ` +
        "10^{14.2} to 10^{14.4}, but a saliency is of single clusters, and a single cluster matters " +
        `most at 10^{${middleOf(single)}}. There the network's effect is ` +
        `${showNumber(single.networkMedian, 4)} per dex, the exact one ` +
        showNumber(single.exactMedian, 4),
    );
  }
  return remarks;
}

function largest(
  bins: readonly MassSlopeBin[],
  value: (bin: MassSlopeBin) => number,
): MassSlopeBin {
  return bins.reduce((best, bin) => value(bin) > value(best) ? bin : best);
}

function middleOf({ from, to }: { readonly from: number; readonly to: number }): string {
  return ((from + to) / 2).toFixed(2);
}
