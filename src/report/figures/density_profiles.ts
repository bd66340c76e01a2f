/**
 * Density-squared profiles of clusters with different cores, as observed and as fitted (Fig. 2).
 */
import { createPanel, drawPanel } from "../chart.ts";
import type { Figure } from "../figure.ts";
import { drawLegend } from "../legend.ts";
import type { Range, SeriesStyle } from "../marks.ts";
import { drawErrorBars, drawLine, drawPoints, zipPoints } from "../marks.ts";
import { extentOf } from "../scale.ts";
import { svgDocument } from "../svg.ts";

/** A density-squared profile with its fit, as the X-ray room's `densityProfile` makes it. */
export interface DensityProfileExample {
  /** The kind of core, as in "flat core". */
  readonly name: string;
  /** Radii of the points in R500. */
  readonly radii: ArrayLike<number>;
  /** Squared gas density [(Msun/h)^2 (Mpc/h)^-6]; 0 or below is not shown on a logarithmic axis. */
  readonly squaredDensity: ArrayLike<number>;
  /** Poisson error of the squared density. */
  readonly error: ArrayLike<number>;
  /** The fitted squared density at the same radii. */
  readonly fit: ArrayLike<number>;
}

const STYLES: readonly (SeriesStyle & { readonly symbol: "dot" | "square" | "diamond" })[] = [
  { color: "navy", symbol: "dot" },
  { color: "teal", dash: "dashed", symbol: "square" },
  { color: "lime", dash: "dashdot", symbol: "diamond" },
];

/** Lower end of error bars that reach 0, relative to the value; a logarithmic axis has no 0. */
const LEAST_SHARE = 0.05;

/** Draws Fig. 2: points with error bars and fitted curves, logarithmic in both axes. */
export function drawDensityProfiles(profiles: readonly DensityProfileExample[]): Figure {
  const positive = (columns: readonly ArrayLike<number>[]) =>
    extentOf(...columns.map((column) => Array.from(column).filter((value) => value > 0))) ??
      [0.1, 1];
  const radius = positive(profiles.map(({ radii }) => radii));
  const value = positive(profiles.map(({ squaredDensity }) => squaredDensity));
  const panel = createPanel(
    "figure-2",
    { x: 88, y: 20, width: 450, height: 360 },
    { label: "r / R_{500}", kind: "log", domain: [radius[0] / 1.3, radius[1] * 1.3] },
    {
      label: "ρ_{gas}^2 [h^4 M_⊙^2 Mpc^{−6}]",
      kind: "log",
      domain: [value[0] / 2, value[1] * 2],
    },
  );
  const marks = profiles.map((profile, p) => {
    const { symbol, ...style } = STYLES[p % STYLES.length]!;
    const points = zipPoints(profile.radii, profile.squaredDensity).filter(([, v]) => v > 0);
    return drawLine(panel, zipPoints(profile.radii, profile.fit), style) +
      drawErrorBars(panel, listRanges(profile), style) +
      drawPoints(panel, points, style, { symbol, radius: 2.8 });
  });
  const legend = profiles.map(({ name }, p) => {
    const { symbol, ...style } = STYLES[p % STYLES.length]!;
    return { label: name, style, sample: symbol };
  });
  return {
    svg: svgDocument(
      { width: 560, height: 440 },
      "Density-squared profiles of representative clusters with their fits",
      [drawPanel(panel, marks, { over: [drawLegend(panel, legend, "bottom left")] })],
    ),
    columns: Object.fromEntries(profiles.map(({ radii, squaredDensity, error, fit }, p) => [
      `profile_${p + 1}`,
      { radii, squaredDensity, error, fit },
    ])),
  };
}

function listRanges({ radii, squaredDensity, error }: DensityProfileExample): Range[] {
  return Array.from(radii, (r, i): Range => {
    const value = squaredDensity[i]!;
    return [r, Math.max(value - error[i]!, LEAST_SHARE * value), value + error[i]!];
  }).filter(([, low]) => low > 0);
}
