/**
 * What a network's interpretation says compared with the exact answers: leave-one-outs cluster by
 * cluster and by mass, saliency raw and projected, and the pull of mass with and without summing
 * over the population.
 */
import type { FaithfulnessDetails } from "../../interpretation/faithfulness/faithfulness.ts";
import type { LeaveOneOutComparison } from "../../interpretation/faithfulness/leave_one_out_score.ts";
import type { MassSlopeBin } from "../../interpretation/faithfulness/mass_slopes.ts";
import { massSlopeColumns } from "../../interpretation/faithfulness/mass_slopes.ts";
import type { PatternPixel } from "../../interpretation/faithfulness/activation_pattern.ts";
import { patternColumns } from "../../interpretation/faithfulness/activation_pattern.ts";
import { saliencyComparisonColumns } from "../../interpretation/faithfulness/saliency_score.ts";
import type { PixelLabel } from "../../interpretation/saliency.ts";
import type { Gap } from "../../interpretation/exact/gap.ts";
import { isGap } from "../../interpretation/exact/gap.ts";
import type { Box, Panel } from "../chart.ts";
import { cornerText, createPanel, drawPanel, note } from "../chart.ts";
import type { Figure } from "../figure.ts";
import { MASS_LABEL } from "../labels.ts";
import { drawLegend } from "../legend.ts";
import type { SeriesStyle } from "../marks.ts";
import { drawLine, drawPoints, drawRule, drawSegment, zipPoints } from "../marks.ts";
import type { Domain } from "../scale.ts";
import { domainOf } from "../scale.ts";
import { svgDocument } from "../svg.ts";

const LEFT: Box = { x: 88, y: 24, width: 370, height: 336 };
const RIGHT: Box = { x: 560, y: 24, width: 370, height: 336 };
const SIZE = { width: 960, height: 420 };

const EXACT: SeriesStyle = { color: "navy", width: 2.4 };
const NETWORK: SeriesStyle = { color: "purple", dash: "dashed", width: 2.2 };
const RAW: SeriesStyle = { color: "muted", dash: "dotted", width: 2 };
const ZERO: SeriesStyle = { color: "muted", dash: "dotted", width: 1 };
const LENSING: SeriesStyle = { color: "teal", dash: "dashdot", width: 2 };

const CHANGE = "Δσ_8 if one cluster is left out";

/** Most clusters of the scatter plot; more would hide each other. */
const MOST_POINTS = 1500;

/** The curves of network and exact answer by mass bin, or a note if no bin has clusters. */
function drawCurves(
  panel: Panel,
  middle: readonly number[],
  exact: readonly number[],
  network: readonly number[],
  styles: { readonly exact: SeriesStyle; readonly network: SeriesStyle } = PAIRS.lensed,
): string[] {
  return middle.length === 0 ? [note(panel, "too few clusters in every bin")] : [
    drawRule(panel, "y", 0, ZERO),
    drawLine(panel, zipPoints(middle, exact), styles.exact),
    drawLine(panel, zipPoints(middle, network), styles.network),
    drawPoints(panel, zipPoints(middle, network), styles.network),
  ];
}

/** Draws Fig. 9 next to the exact answers: mean changes by mass, and single clusters. */
export function drawExactLeaveOneOut({ score, columns }: LeaveOneOutComparison): Figure {
  const { bins } = score;
  const middle = meanMasses(bins, columns["logMass"]!);
  const exact = bins.map(({ exactMean }) => exactMean);
  const network = bins.map(({ networkMean }) => networkMean);
  const means = createPanel(
    "figure-9-exact-left",
    LEFT,
    { label: MASS_LABEL, domain: domainOf([bins.map(({ from }) => from), middle], 0.05) },
    { label: `mean ${CHANGE}`, domain: domainOf([exact, network, [0]]) },
  );
  const curves = drawCurves(means, middle, exact, network);
  return {
    svg: svgDocument(SIZE, "Leave-one-out of the network and exact, by mass and by cluster", [
      drawPanel(means, curves, {
        over: [
          drawLegend(means, [
            { label: "exact", style: EXACT },
            { label: "network", style: NETWORK },
          ], "bottom left"),
        ],
      }),
      drawSingleClusters(columns["exact"]!, columns["network"]!, score.r, score.noise),
    ]),
    columns: {
      bins: {
        from: bins.map(({ from }) => from),
        to: bins.map(({ to }) => to),
        count: bins.map(({ count }) => count),
        exactMean: exact,
        networkMean: network,
        r: bins.map(({ r }) => r ?? NaN),
      },
      clusters: columns,
    },
  };
}

/** Mean log mass of the clusters of each bin: the last bin is wide, and its clusters are at its edge. */
function meanMasses(
  bins: readonly { readonly from: number; readonly to: number }[],
  logMass: ArrayLike<number>,
): number[] {
  return bins.map(({ from, to }) => {
    const inside = Array.from(logMass).filter((mass) => mass >= from && mass < to);
    return inside.length > 0
      ? inside.reduce((sum, mass) => sum + mass, 0) / inside.length
      : (from + to) / 2;
  });
}

function drawSingleClusters(
  exact: ArrayLike<number>,
  network: ArrayLike<number>,
  r: number,
  noise: number,
): string {
  const step = Math.max(1, Math.ceil(exact.length / MOST_POINTS));
  const places = Array.from({ length: Math.floor(exact.length / step) }, (_, k) => k * step);
  const [x, y] = [places.map((i) => exact[i]!), places.map((i) => network[i]!)];
  const domain = domainOf([x, y, [0]]);
  const panel = createPanel(
    "figure-9-exact-right",
    RIGHT,
    { label: `exact ${CHANGE}`, domain, ticks: 4 },
    { label: `network's ${CHANGE}`, domain },
  );
  return drawPanel(panel, [
    drawSegment(panel, [domain[0], domain[0]], [domain[1], domain[1]], ZERO),
    drawPoints(panel, zipPoints(x, y), { color: "purple", opacity: 0.35 }),
  ], { over: [cornerText(panel, `r = ${r.toFixed(3)}, network's own noise ${noise.toFixed(4)}`)] });
}

/** Draws Fig. 11 next to the optimum: gradients by radius, and the activation pattern. */
export function drawExactSaliency(
  details: FaithfulnessDetails,
  pixels: readonly PixelLabel[],
): Figure | null {
  const { saliency, optimal, pattern } = details;
  if (isGap(saliency) || isGap(optimal)) return null;
  const columns = [...new Set(pixels.map(({ column }) => column))];
  const { gradient, spectrum } = saliencyComparisonColumns(saliency, optimal, { columns });
  const shells = pixels.flatMap(({ column, radius }, p) =>
    column === "logGasMassProfile" && radius !== null ? [p] : []
  );
  const radius = shells.map((p) => pixels[p]!.radius!);
  const pick = (values: ArrayLike<number>) => shells.map((p) => values[p]!);
  const series = [
    { label: "exact", style: EXACT, values: pick(gradient!["optimal"]!) },
    { label: "network, projected", style: NETWORK, values: pick(gradient!["projected"]!) },
    { label: "network, raw", style: RAW, values: pick(gradient!["raw"]!) },
  ];
  const left = radiusPanel("figure-11-exact-left", LEFT, radius, {
    label: "∂ terse / ∂ gas mass of the shell",
    domain: domainOf([...series.map(({ values }) => values), [0]]),
  });
  return {
    svg: svgDocument(SIZE, "Gradient of the terse value to gas mass, raw, projected and exact", [
      drawPanel(
        left,
        series.map(({ values, style }) => drawLine(left, zipPoints(radius, values), style)),
        { over: [drawLegend(left, series, "bottom right")] },
      ),
      drawPattern(pattern, shells, radius),
    ]),
    columns: {
      gradient: gradient!,
      spectrum: spectrum!,
      ...(isGap(pattern) ? {} : { pattern: patternColumns(pattern as readonly PatternPixel[]) }),
    },
  };
}

function radiusPanel(
  id: string,
  box: Box,
  radius: readonly number[],
  yAxis: { readonly label: string; readonly domain: readonly [number, number] },
): Panel {
  const [first, last] = [radius[0] ?? 0.1, radius.at(-1) ?? 1];
  const domain = [first / 1.1, last * 1.1] as const;
  return createPanel(id, box, { label: "R / R_{500}", kind: "log", domain }, yAxis);
}

function drawPattern(
  pattern: readonly PatternPixel[] | Gap,
  shells: readonly number[],
  radius: readonly number[],
): string {
  const label = "correlation within catalogs";
  if (isGap(pattern) || shells.length === 0) {
    const panel = radiusPanel("figure-11-exact-right", RIGHT, [], { label, domain: [0, 1] });
    return drawPanel(panel, [note(panel, isGap(pattern) ? pattern.gap : "no profile is seen")]);
  }
  const known = pattern as readonly PatternPixel[];
  const terse = shells.map((p) => known[p]!.terse);
  const lensing = shells.map((p) => known[p]!.weakLensing);
  const hasLensing = lensing.every(Number.isFinite);
  const panel = radiusPanel("figure-11-exact-right", RIGHT, radius, {
    label,
    domain: domainOf([terse, ...(hasLensing ? [lensing] : []), [1]]),
  });
  return drawPanel(panel, [
    drawLine(panel, zipPoints(radius, terse), NETWORK),
    ...(hasLensing ? [drawLine(panel, zipPoints(radius, lensing), LENSING)] : []),
  ], {
    title: "activation pattern: what goes with the terse value",
    over: [drawLegend(panel, [
      { label: "shell's gas mass with terse", style: NETWORK },
      ...(hasLensing ? [{ label: "with lensing mass", style: LENSING }] : []),
    ], "bottom right")],
  });
}

/** Effects of mass by a network and exactly. */
export interface MassSlopePair {
  /** The run's network, or one that sees no weak lensing masses, each with its own exact answers. */
  readonly name: "lensed" | "blind";
  /** Both by mass. */
  readonly bins: readonly MassSlopeBin[];
}

/** Styles of each pair; a single network needs no words on what it sees. */
const PAIRS = {
  lensed: { exact: EXACT, network: NETWORK, words: "" },
  blind: {
    exact: { color: "teal", width: 2.4 },
    network: { color: "lime", dash: "dashed", width: 2.2 },
    words: ", no WL",
  },
} as const satisfies Record<
  MassSlopePair["name"],
  { readonly exact: SeriesStyle; readonly network: SeriesStyle; readonly words: string }
>;

/** Values of the lightest bin that are so many times the others' would squeeze them: it is cut off. */
const MOST_OF_OTHERS = 1.5;

/** The domain of the values, without those of the lightest bin where they exceed all others by far. */
function shownDomain(pairs: readonly MassSlopePair[], kind: "Median" | "PerDex"): Domain {
  const values = (some: readonly MassSlopeBin[]) =>
    some.flatMap((bin) => [bin[`network${kind}`], bin[`exact${kind}`]]);
  const others = pairs.flatMap(({ bins }) => values(bins.slice(1)));
  const largest = Math.max(0, ...others.map(Math.abs));
  const lightest = pairs.flatMap(({ bins }) => values(bins.slice(0, 1)))
    .filter((value) => Math.abs(value) <= MOST_OF_OTHERS * largest || others.length === 0);
  return domainOf([others, lightest, [0]]);
}

/** Draws the exact answer to Fig. 12: the effect of mass per cluster, and of the population. */
export function drawExactMassSlopes(pairs: readonly MassSlopePair[]): Figure {
  const all = pairs.flatMap(({ bins }) => bins);
  const middle = ({ from, to }: MassSlopeBin) => (from + to) / 2;
  const legend = pairs.flatMap(({ name }) => {
    const { exact, network, words } = PAIRS[name];
    return [
      { label: `exact${words}`, style: exact },
      { label: `network${words}`, style: network },
    ];
  });
  const draw = (id: string, box: Box, label: string, kind: "Median" | "PerDex") => {
    const value = (whose: "network" | "exact") => (bin: MassSlopeBin) => bin[`${whose}${kind}`];
    const panel = createPanel(
      id,
      box,
      { label: MASS_LABEL, domain: domainOf([all.map(middle)], 0.05) },
      { label, domain: shownDomain(pairs, kind) },
    );
    const curves = pairs.flatMap(({ name, bins }) =>
      drawCurves(
        panel,
        bins.map(middle),
        bins.map(value("exact")),
        bins.map(value("network")),
        PAIRS[name],
      )
    );
    return drawPanel(panel, curves, { over: [drawLegend(panel, legend, "top left")] });
  };
  return {
    svg: svgDocument(SIZE, "Change of sigma8 with the mass of one cluster and of all of a mass", [
      draw("figure-12-exact-left", LEFT, "median ∂σ_8 / ∂ log M of one cluster", "Median"),
      draw("figure-12-exact-right", RIGHT, "sum of ∂σ_8 / ∂ log M in a catalog, per dex", "PerDex"),
    ]),
    columns: Object.fromEntries(pairs.map(({ name, bins }) => [
      name === "blind" ? "mass_slopes_no_weak_lensing" : "mass_slopes",
      massSlopeColumns(bins),
    ])),
  };
}
