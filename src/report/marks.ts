/** Marks of a panel: lines, bands, steps, points, rules. A value that is not finite is a gap. */
// @ts-types="@types/d3-shape"
import { area, line } from "d3-shape";
import type { Panel } from "./chart.ts";
import type { ColorName, Dash } from "./palette.ts";
import { DASHES, fill, stroke } from "./palette.ts";
import { element, formatCoordinate } from "./svg.ts";

/** The style of a series. */
export interface SeriesStyle {
  /** Color of the line, points or area. */
  readonly color: ColorName;
  /** Dash of a line; "solid" if left out. */
  readonly dash?: Dash;
  /** Width of a line, in pixels. */
  readonly width?: number;
  /** Opacity of an area or of points, 0 to 1. */
  readonly opacity?: number;
}

/** A place in the units of the axes. */
export type Point = readonly [x: number, y: number];

/** Points of two columns of equal length. */
export function zipPoints(x: ArrayLike<number>, y: ArrayLike<number>): Point[] {
  return Array.from(x, (value, i) => [value, y[i]!]);
}

/** Decimals of pixels in path data. */
const PATH_DIGITS = 2;

function isShown(panel: Panel, [x, y]: Point): boolean {
  return Number.isFinite(panel.x(x)) && Number.isFinite(panel.y(y));
}

function dashOf({ dash = "solid" }: SeriesStyle): string | undefined {
  return DASHES[dash];
}

/** A line through points; one that is not finite interrupts it. */
export function drawLine(panel: Panel, points: readonly Point[], style: SeriesStyle): string {
  const path = line<Point>()
    .digits(PATH_DIGITS)
    .defined((point) => isShown(panel, point))
    .x(([x]) => panel.x(x))
    .y(([, y]) => panel.y(y))(points);
  return element("path", {
    d: path ?? "",
    ...stroke(style.color, style.width),
    "stroke-dasharray": dashOf(style),
    "stroke-linejoin": "round",
  });
}

/** A straight segment from one place to another. */
export function drawSegment(panel: Panel, from: Point, to: Point, style: SeriesStyle): string {
  return drawLine(panel, [from, to], style);
}

/** A line across the whole panel at one value of an axis. */
export function drawRule(
  panel: Panel,
  axis: "x" | "y",
  value: number,
  style: SeriesStyle,
): string {
  const [from, to] = axis === "x" ? panel.yAxis.domain : panel.xAxis.domain;
  return axis === "x"
    ? drawSegment(panel, [value, from], [value, to], style)
    : drawSegment(panel, [from, value], [to, value], style);
}

/** Low and high end of a range at a value of the lower axis. */
export type Range = readonly [x: number, low: number, high: number];

/** The area between the low and high ends. */
export function drawBand(panel: Panel, ranges: readonly Range[], style: SeriesStyle): string {
  const path = area<Range>()
    .digits(PATH_DIGITS)
    .defined(([x, low, high]) => isShown(panel, [x, low]) && isShown(panel, [x, high]))
    .x(([x]) => panel.x(x))
    .y0(([, low]) => panel.y(low))
    .y1(([, , high]) => panel.y(high))(ranges);
  return element("path", { d: path ?? "", ...fill(style.color, style.opacity ?? 0.3) });
}

/** A histogram's outline: one value between each pair of edges, down to the axis on both sides. */
export function drawSteps(
  panel: Panel,
  edges: ArrayLike<number>,
  values: ArrayLike<number>,
  style: SeriesStyle,
): string {
  const base = panel.yAxis.domain[0];
  const points: Point[] = [[edges[0]!, base]];
  for (let i = 0; i < values.length; i++) {
    points.push([edges[i]!, values[i]!], [edges[i + 1]!, values[i]!]);
  }
  points.push([edges[values.length]!, base]);
  return drawLine(panel, points, style);
}

/** Point symbols that tell series apart without color. */
export type Symbol = "dot" | "square" | "diamond" | "star";

/** Corners of the symbols about 0 with "radius" 1; a dot is a circle. */
const OUTLINES: Readonly<Record<Exclude<Symbol, "dot">, readonly Point[]>> = {
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  diamond: [[0, -1.3], [1.1, 0], [0, 1.3], [-1.1, 0]],
  star: Array.from({ length: 10 }, (_, i): Point => {
    const radius = i % 2 === 0 ? 1.7 : 0.7;
    const angle = i * Math.PI / 5;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  }),
};

/** One symbol at a pixel. */
export function drawSymbol(
  symbol: Symbol,
  [x, y]: Point,
  radius: number,
  style: SeriesStyle,
): string {
  const paint = fill(style.color, style.opacity ?? 1);
  if (symbol === "dot") return element("circle", { cx: x, cy: y, r: radius, ...paint });
  const points = OUTLINES[symbol]
    .map(([dx, dy]) => `${formatCoordinate(x + radius * dx)},${formatCoordinate(y + radius * dy)}`);
  return element("polygon", { points: points.join(" "), ...paint });
}

/** A symbol at every point that is finite. */
export function drawPoints(
  panel: Panel,
  points: readonly Point[],
  style: SeriesStyle,
  options: { readonly symbol?: Symbol; readonly radius?: number } = {},
): string {
  const { symbol = "dot", radius = 2.5 } = options;
  return points
    .filter((point) => isShown(panel, point))
    .map(([x, y]) => drawSymbol(symbol, [panel.x(x), panel.y(y)], radius, style))
    .join("");
}

/** Vertical bars from low to high. */
export function drawErrorBars(
  panel: Panel,
  ranges: readonly Range[],
  style: SeriesStyle,
): string {
  const paths = ranges
    .filter(([x, low, high]) => isShown(panel, [x, low]) && isShown(panel, [x, high]))
    .map(([x, low, high]) => {
      const px = panel.x(x).toFixed(PATH_DIGITS);
      return `M${px},${panel.y(low).toFixed(PATH_DIGITS)}V${panel.y(high).toFixed(PATH_DIGITS)}`;
    });
  return paths.length === 0
    ? ""
    : element("path", { d: paths.join(""), ...stroke(style.color, style.width ?? 1.2) });
}

/** A rectangle in the units of the axes. */
export function drawRectangle(
  panel: Panel,
  from: Point,
  to: Point,
  style: SeriesStyle & { readonly pattern?: string },
): string {
  const [x0, x1] = [panel.x(from[0]), panel.x(to[0])];
  const [y0, y1] = [panel.y(from[1]), panel.y(to[1])];
  const paint = style.pattern === undefined
    ? fill(style.color, style.opacity ?? 0.3)
    : { fill: `url(#${style.pattern})` };
  return element("rect", {
    x: Math.min(x0, x1),
    y: Math.min(y0, y1),
    width: Math.abs(x1 - x0),
    height: Math.abs(y1 - y0),
    ...paint,
  });
}

/** A diagonal hatching that {@linkcode drawRectangle} can name; ids are unique in a page. */
export function defineHatching(id: string, color: ColorName): string {
  const lines = element("path", { d: "M-2,2l4,-4M0,8l8,-8M6,10l4,-4", ...stroke(color, 1) });
  return element("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, lines);
}

/** Length of an arrow's shaft in pixels. */
const ARROW_LENGTH = 30;

/** An arrow that points down at a value of the lower axis, from `top` pixels below the frame. */
export function drawArrow(panel: Panel, x: number, top: number, style: SeriesStyle): string {
  const px = panel.x(x);
  if (!Number.isFinite(px)) return "";
  const end = panel.box.y + top + ARROW_LENGTH;
  const shaft = element("path", {
    d: `M${px.toFixed(PATH_DIGITS)},${panel.box.y + top}V${end}`,
    ...stroke(style.color, 2),
  });
  const at = (dx: number, dy: number) =>
    `${formatCoordinate(px + dx)},${formatCoordinate(end + dy)}`;
  const head = element("polygon", {
    points: [at(-4.5, -2), at(4.5, -2), at(0, 8)].join(" "),
    ...fill(style.color),
  });
  return shaft + head;
}

/** Places at the middles of runs of adjacent bins; the gap of a missing bin becomes NaN. */
export function interruptAtGaps<T extends { readonly from: number; readonly to: number }>(
  bins: readonly T[],
): (T | null)[] {
  return bins.flatMap((bin, i) => {
    const previous = bins[i - 1];
    const adjacent = previous === undefined || Math.abs(previous.to - bin.from) < 1e-6;
    return adjacent ? [bin] : [null, bin];
  });
}
