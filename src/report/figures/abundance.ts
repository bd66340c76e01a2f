/**
 * Cluster abundance: clusters per mass bin in the volume and as surveys select them (Figs. 1 and
 * 17).
 */
import { createPanel, drawPanel } from "../chart.ts";
import type { Figure } from "../figure.ts";
import { MASS_LABEL } from "../labels.ts";
import { drawLegend } from "../legend.ts";
import type { SeriesStyle } from "../marks.ts";
import { drawLine, zipPoints } from "../marks.ts";
import { domainOf, extentOf } from "../scale.ts";
import { svgDocument } from "../svg.ts";

/** Clusters expected in each mass bin for one choice of parameters. */
export interface AbundanceCurve {
  /** Label of the curve, as in "σ_8 = 0.93, b_L = 1.3", with `_` for subscripts. */
  readonly label: string;
  /** All clusters of the volume, or those that a survey selects. */
  readonly of: "volume" | "survey";
  /** Middles of the bins, log10 M500c [Msun/h]. */
  readonly logMass: ArrayLike<number>;
  /** Clusters per bin. */
  readonly counts: ArrayLike<number>;
}

/** One panel of Fig. 17; Fig. 1 is one such panel. */
export interface AbundancePanel {
  /** Title above the panel; "" for none. */
  readonly title: string;
  /** Curves: at most two of the volume and four of a survey. */
  readonly curves: readonly AbundanceCurve[];
}

const VOLUME_STYLES: readonly SeriesStyle[] = [
  { color: "purple" },
  { color: "purple", dash: "dotted", width: 2 },
];

const SURVEY_STYLES: readonly SeriesStyle[] = [
  { color: "yellow", width: 2 },
  { color: "teal", dash: "dashed", width: 2 },
  { color: "lime", dash: "dashdot", width: 2 },
  { color: "blue", dash: "dotted", width: 2.4 },
];

/** Smallest abundance that is shown, relative to the largest. */
const DEPTH = 1e-4;

const WIDTH = 560;
const PANEL_HEIGHT = 330;
const STEP = 420;

/**
 * Draws clusters per mass bin against mass, one panel below the other.
 *
 * @param name Prefix of ids and panels, as in "figure-1"
 * @param binWidth Width of the mass bins [dex]
 */
export function drawAbundance(
  name: string,
  panels: readonly AbundancePanel[],
  binWidth: number,
): Figure {
  const all = panels.flatMap(({ curves }) => curves);
  const logMass = domainOf(all.map((curve) => curve.logMass), 0);
  const largest = extentOf(...all.map(({ counts }) => counts))?.[1] ?? 1;
  const shown = massesAbove(all, largest * DEPTH);
  const children = panels.map(({ title, curves }, p) => {
    const panel = createPanel(
      `${name}-${p}`,
      { x: 78, y: 30 + p * STEP, width: WIDTH - 100, height: PANEL_HEIGHT },
      { label: MASS_LABEL, domain: [logMass[0], shown] },
      {
        label: `N (per ${binWidth} dex)`,
        kind: "log",
        domain: [largest * DEPTH, largest * 1.6],
      },
    );
    const styled = styleCurves(curves);
    const lines = styled.map(({ curve, style }) =>
      drawLine(panel, zipPoints(curve.logMass, curve.counts), style)
    );
    const legend = styled.map(({ curve, style }) => ({ label: curve.label, style }));
    return drawPanel(panel, lines, {
      ...(title === "" ? {} : { title }),
      over: [drawLegend(panel, legend, "bottom left")],
    });
  });
  return {
    svg: svgDocument(
      { width: WIDTH, height: STEP * panels.length },
      "Number of clusters per mass bin against mass",
      children,
    ),
    columns: Object.fromEntries(panels.map(({ title, curves }, p) => [
      title === "" ? "abundance" : `panel_${p + 1}`,
      {
        logMass: curves[0]?.logMass ?? [],
        ...Object.fromEntries(curves.map(({ of, label, counts }) => [`${of}: ${label}`, counts])),
      },
    ])),
  };
}

/** The largest mass at which a curve exceeds a count, so that no empty axis is drawn. */
function massesAbove(curves: readonly AbundanceCurve[], least: number): number {
  const masses = curves.flatMap(({ logMass, counts }) =>
    Array.from(logMass).filter((_, i) => counts[i]! > least)
  );
  return extentOf(masses)?.[1] ?? 16;
}

function styleCurves(
  curves: readonly AbundanceCurve[],
): { readonly curve: AbundanceCurve; readonly style: SeriesStyle }[] {
  const next = { volume: 0, survey: 0 };
  return curves.map((curve) => {
    const styles = curve.of === "volume" ? VOLUME_STYLES : SURVEY_STYLES;
    return { curve, style: styles[next[curve.of]++ % styles.length]! };
  });
}
