/**
 * Saliency against radius by mass bin (Fig. 11; Fig. 12, left) and against mass (Fig. 12, right).
 */
import type { Columns } from "../../interpretation/columns.ts";
import type { Saliency } from "../../interpretation/saliency.ts";
import type { SaliencyProfile, SaliencyTrend } from "../../interpretation/saliency_trends.ts";
import { saliencyProfile, saliencyTrend } from "../../interpretation/saliency_trends.ts";
import type { CatalogMassRanges } from "../../interpretation/transition.ts";
import type { Box } from "../chart.ts";
import { cornerText, createPanel, drawPanel, note } from "../chart.ts";
import type { Figure } from "../figure.ts";
import type { ColorScale } from "../heat_map.ts";
import { colorOf, drawColorBar } from "../heat_map.ts";
import { columnLabel, MASS_LABEL } from "../labels.ts";
import type { LegendEntry } from "../legend.ts";
import { drawLegend } from "../legend.ts";
import type { SeriesStyle } from "../marks.ts";
import {
  defineHatching,
  drawBand,
  drawLine,
  drawPoints,
  drawRectangle,
  zipPoints,
} from "../marks.ts";
import { stroke } from "../palette.ts";
import { domainFromZero, domainOf } from "../scale.ts";
import { element, svgDocument } from "../svg.ts";

/** Draws Fig. 11: median saliency of gas mass and of its slope, one curve per mass bin. */
export function drawSaliencyProfiles(saliency: Saliency): Figure {
  const scale = massScale(saliency);
  const gasMass = saliencyProfile(saliency, "logGasMassProfile");
  const slope = saliencyProfile(saliency, "gasSlopeProfile");
  return {
    svg: svgDocument(
      { width: 1000, height: 420 },
      "Median saliency of gas mass and of gas density slope against radius by mass",
      [
        drawProfile("figure-11-left", LEFT, gasMass, "logGasMassProfile", scale),
        drawProfile("figure-11-right", RIGHT, slope, "gasSlopeProfile", scale),
        drawColorBar("figure-11-bar", { x: 906, y: 20, width: 14, height: 340 }, scale),
      ],
    ),
    columns: {
      ...(gasMass ? { gas_mass: profileColumns(gasMass) } : {}),
      ...(slope ? { slope: profileColumns(slope) } : {}),
    },
  };
}

const LEFT: Box = { x: 78, y: 20, width: 370, height: 340 };
const RIGHT: Box = { x: 520, y: 20, width: 370, height: 340 };

function massScale({ bins }: Saliency): ColorScale {
  const domain = domainOf([bins.map(({ from }) => from), bins.map(({ to }) => to)], 0);
  return { axis: { label: MASS_LABEL, domain }, ramp: "viridis" };
}

function drawProfile(
  id: string,
  box: Box,
  profile: SaliencyProfile | null,
  column: SaliencyProfile["column"],
  scale: ColorScale,
): string {
  const curves = profile?.curves ?? [];
  const radii = profile?.radius ?? [];
  const first = radii[0] ?? 0.1;
  const last = radii.at(-1) ?? 1;
  const panel = createPanel(
    id,
    box,
    { label: "R / R_{500}", kind: "log", domain: [first / 1.1, last * 1.1] },
    { label: "median |∂terse / ∂pixel|", domain: domainFromZero(curves.map((c) => c.median)) },
  );
  const color = colorOf(scale);
  const lines = curves.map(({ from, to, median }) =>
    element("path", {
      d: radii.map((radius, i) =>
        `${i === 0 ? "M" : "L"}${panel.x(radius).toFixed(2)},${panel.y(median[i]!).toFixed(2)}`
      ).join(""),
      ...stroke("ink", 2),
      class: undefined,
      stroke: color((from + to) / 2),
    })
  );
  const reason = profile === null
    ? "the encoder does not see this profile"
    : "too few clusters in every bin";
  return drawPanel(panel, curves.length === 0 ? [note(panel, reason)] : lines, {
    over: [cornerText(panel, columnLabel(column))],
  });
}

function profileColumns({ radius, curves }: SaliencyProfile): Columns {
  return {
    radius,
    ...Object.fromEntries(curves.map(({ from, to, median }) => [`${from}-${to}`, median])),
  };
}

/** Room above the values for the legend, as a share of their range. */
const LEGEND_ROOM = 0.5;

const TRENDS = {
  standard: { label: "Standard", color: "teal" },
  noWeakLensing: { label: "No WL", color: "purple", dash: "dashed" },
} as const;

/** The two networks that Fig. 12 compares. */
export interface SaliencyPair {
  /** Saliency of the network that sees weak lensing masses; `null` if there is none. */
  readonly standard: Saliency | null;
  /** Saliency of the network that does not see weak lensing masses. */
  readonly noWeakLensing: Saliency;
  /** Masses at which catalogs become volume-limited, and their medians; `null` if not known. */
  readonly masses: CatalogMassRanges | null;
}

/** Draws Fig. 12; without a Standard network its curve is left out. */
export function drawSaliencyComparison(comparison: SaliencyPair): Figure {
  const { standard, noWeakLensing, masses } = comparison;
  const scale = massScale(noWeakLensing);
  const profile = saliencyProfile(noWeakLensing, "logGasMassProfile");
  const trends = [
    { name: "standard" as const, trend: standard && saliencyTrend(standard, "logGasMassProfile") },
    { name: "noWeakLensing" as const, trend: saliencyTrend(noWeakLensing, "logGasMassProfile") },
  ].filter((entry): entry is { name: keyof typeof TRENDS; trend: SaliencyTrend } =>
    entry.trend !== null
  );
  return {
    svg: svgDocument(
      { width: 1020, height: 420 },
      "Gas mass saliency without weak lensing, and against mass with and without it",
      [
        drawProfile("figure-12-left", LEFT, profile, "logGasMassProfile", scale),
        drawColorBar("figure-12-bar", { x: 458, y: 20, width: 14, height: 340 }, scale),
        drawTrends(trends, masses),
      ],
    ),
    columns: {
      ...(profile ? { gas_mass_no_weak_lensing: profileColumns(profile) } : {}),
      ...Object.fromEntries(trends.map(({ name, trend }) => [
        `trend_${name}`,
        {
          logMass: trend.logMass,
          count: trend.count,
          mean: trend.mean,
          low: trend.low,
          high: trend.high,
        },
      ])),
    },
  };
}

function drawTrends(
  trends: readonly { readonly name: keyof typeof TRENDS; readonly trend: SaliencyTrend }[],
  masses: CatalogMassRanges | null,
): string {
  const panel = createPanel(
    "figure-12-right",
    { x: 630, y: 30, width: 370, height: 330 },
    {
      label: MASS_LABEL,
      domain: domainOf([
        ...trends.map(({ trend }) => trend.logMass),
        ...(masses ? Object.values(masses).map(({ from, to }) => [from, to]) : []),
      ], 0.03),
    },
    {
      label: "mean |∂terse / ∂pixel|",
      domain: domainFromZero(trends.map(({ trend }) => trend.high), LEGEND_ROOM),
    },
  );
  const hatching = "figure-12-hatching";
  const [bottom, top] = panel.yAxis.domain;
  const rectangles = masses === null ? [] : [
    drawRectangle(panel, [masses.transition.from, bottom], [masses.transition.to, top], {
      color: "sky",
      opacity: 0.28,
    }),
    drawRectangle(panel, [masses.median.from, bottom], [masses.median.to, top], {
      color: "lime",
      pattern: hatching,
    }),
  ];
  const curves = trends.map(({ name, trend }) => {
    const style: SeriesStyle = { ...TRENDS[name], width: 2 };
    return drawBand(panel, trend.logMass.map((m, i) => [m, trend.low[i]!, trend.high[i]!]), {
      ...style,
      opacity: 0.16,
    }) +
      drawLine(panel, zipPoints(trend.logMass, trend.mean), style) +
      drawPoints(panel, zipPoints(trend.logMass, trend.mean), style);
  });
  const legend: LegendEntry[] = trends.map(({ name }) => ({
    label: TRENDS[name].label,
    style: { ...TRENDS[name], width: 2 },
  }));
  if (masses !== null) {
    legend.push(
      { label: "transition mass", style: { color: "sky", opacity: 0.4 }, sample: "area" },
      { label: "median mass", style: { color: "lime" }, sample: "area", pattern: hatching },
    );
  }
  const radius = trends[0]?.trend.radius;
  const title = radius == null
    ? ""
    : `${columnLabel("logGasMassProfile")} at ${radius.toFixed(2)} R_{500}`;
  return defineHatching(hatching, "lime") + drawPanel(panel, [...rectangles, ...curves], {
    title,
    over: [drawLegend(panel, legend, "top left")],
  });
}
