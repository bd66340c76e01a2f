/** Legends: a sample and a name per series, on a sheet of their own. */
import type { Panel } from "./chart.ts";
import { text } from "./chart.ts";
import type { SeriesStyle, Symbol } from "./marks.ts";
import { drawSymbol } from "./marks.ts";
import { DASHES, fill, stroke } from "./palette.ts";
import { element, labelWidth } from "./svg.ts";

/** The entry of one series in a legend. */
export interface LegendEntry {
  /** The series' name. */
  readonly label: string;
  /** Style in which the series is drawn. */
  readonly style: SeriesStyle;
  /** Kind of the sample: line, area, hatching or symbol; "line" if left out. */
  readonly sample?: "line" | "area" | Symbol;
  /** Id of the hatching of an area. */
  readonly pattern?: string;
}

/** The corner of a panel in which a legend lies. */
export type Corner = "top left" | "top right" | "bottom left" | "bottom right";

const FONT = 11;
const LINE = 17;
const SAMPLE = 24;
const PADDING = 7;
const INSET = 7;

/** A legend in a corner of a panel; `skip` pixels are left free above it (or below). */
export function drawLegend(
  { box }: Panel,
  entries: readonly LegendEntry[],
  corner: Corner,
  skip = 0,
): string {
  if (entries.length === 0) return "";
  const widest = Math.max(...entries.map(({ label }) => labelWidth(label)));
  const width = SAMPLE + 3 * PADDING + widest * FONT;
  const height = entries.length * LINE + PADDING;
  const x = corner.endsWith("left") ? box.x + INSET : box.x + box.width - width - INSET;
  const y = corner.startsWith("top")
    ? box.y + INSET + skip
    : box.y + box.height - height - INSET - skip;
  const sheet = element("rect", { x, y, width, height, rx: 3, ...fill("sheet", 0.85) });
  const lines = entries.map((entry, i) => {
    const middle = y + PADDING / 2 + (i + 0.5) * LINE;
    return drawSample(entry, x + PADDING, middle) +
      text(entry.label, x + 2 * PADDING + SAMPLE, middle + 4, { "font-size": String(FONT) });
  });
  return element("g", {}, sheet, ...lines);
}

function drawSample(
  { style, sample = "line", pattern }: LegendEntry,
  x: number,
  y: number,
): string {
  if (sample === "line") {
    return element("path", {
      d: `M${x},${y}h${SAMPLE}`,
      ...stroke(style.color, style.width),
      "stroke-dasharray": DASHES[style.dash ?? "solid"],
    });
  }
  if (sample === "area") {
    const paint = pattern === undefined
      ? fill(style.color, style.opacity ?? 0.3)
      : { fill: `url(#${pattern})` };
    return element("rect", { x, y: y - 5, width: SAMPLE, height: 10, ...paint });
  }
  return drawSymbol(sample, [x + SAMPLE / 2, y], 3.5, style);
}
