/**
 * Average distributions of Y_X and L_X of catalogs with low and with high transition mass (Fig.
 * 13).
 */
import type { TransitionProxies } from "../../interpretation/transition_proxies.ts";
import { transitionColumns } from "../../interpretation/transition_proxies.ts";
import { createPanel, drawPanel } from "../chart.ts";
import type { Figure } from "../figure.ts";
import { COLUMN_LABELS } from "../labels.ts";
import { drawLegend } from "../legend.ts";
import type { SeriesStyle } from "../marks.ts";
import { drawArrow, drawLine, zipPoints } from "../marks.ts";
import { domainFromZero, extentOf } from "../scale.ts";
import { svgDocument } from "../svg.ts";

const STYLES: Readonly<Record<"low" | "high", SeriesStyle>> = {
  low: { color: "teal", width: 2 },
  high: { color: "purple", dash: "dashed", width: 2 },
};

/** Room above the values for legend and arrows, as a share of their range. */
const LEGEND_ROOM = 0.5;

/** Top of the arrows in pixels, below the legend. */
const ARROW_TOP = 54;

const PANELS = ["logYx", "logLuminosity"] as const;

/** Draws Fig. 13; arrows stand at the medians. */
export function drawTransitionProxies(proxies: TransitionProxies): Figure {
  return {
    svg: svgDocument(
      { width: 560, height: 790 },
      "Distributions of Y_X and L_X of two sets of catalogs, with their medians",
      PANELS.map((name, p) => drawDistributions(proxies, name, p)),
    ),
    columns: transitionColumns(proxies),
  };
}

function drawDistributions(
  { sets }: TransitionProxies,
  name: (typeof PANELS)[number],
  place: number,
): string {
  const filled = sets.flatMap((set) =>
    Array.from(set[name].center).filter((_, i) => set[name].density[i]! > 0)
  );
  const panel = createPanel(
    `figure-13-${place}`,
    { x: 78, y: 20 + 390 * place, width: 460, height: 310 },
    { label: COLUMN_LABELS[name], domain: extentOf(filled) ?? [0, 1] },
    { label: "PDF", domain: domainFromZero(sets.map((set) => set[name].density), LEGEND_ROOM) },
  );
  const marks = sets.map((set) =>
    drawLine(panel, zipPoints(set[name].center, set[name].density), STYLES[set.name]) +
    drawArrow(panel, set[name].median, ARROW_TOP, STYLES[set.name])
  );
  const legend = sets.map((set) => ({
    label: `${set.count} catalogs, transition ${set.transition.toFixed(2)}`,
    style: STYLES[set.name],
  }));
  return drawPanel(panel, marks, { over: [drawLegend(panel, legend, "top left")] });
}
