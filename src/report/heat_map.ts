/**
 * Color as a third axis: color scales with their bars, cells of a matrix or a plane, and hexagonal
 * 2D histograms. Cells without a value are left empty.
 */
// @ts-types="@types/d3-hexbin"
import { hexbin } from "d3-hexbin";
import type { Box, Panel } from "./chart.ts";
import { text } from "./chart.ts";
import type { Columns } from "../interpretation/columns.ts";
import type { RampName } from "./palette.ts";
import { RAMP_STEPS, rampColor, stroke } from "./palette.ts";
import type { Axis } from "./scale.ts";
import { mapAxis, ticksOf } from "./scale.ts";
import { element, formatCoordinate } from "./svg.ts";

/** A third axis, whose values are colors. */
export interface ColorScale {
  /** Label, domain and kind. */
  readonly axis: Axis;
  /** The colors from the least to the largest value. */
  readonly ramp: RampName;
}

/** The color of a value; those beyond the domain have the color of its end. */
export function colorOf(scale: ColorScale): (value: number) => string {
  const position = mapAxis(scale.axis, 0, 1);
  return (value) => rampColor(scale.ramp, position(value));
}

/** A rectangle of a heat map in the units of the panel's axes. */
export interface Cell {
  /** Left edge of the cell. */
  readonly x0: number;
  /** Right edge. */
  readonly x1: number;
  /** Lower edge. */
  readonly y0: number;
  /** Upper edge. */
  readonly y1: number;
  /** The value that the color shows; a cell that is not finite is left empty. */
  readonly value: number;
}

/** Colored cells, one path per color. */
export function drawCells(
  panel: Pick<Panel, "x" | "y">,
  cells: readonly Cell[],
  scale: ColorScale,
): string {
  const color = colorOf(scale);
  const paths = new Map<string, string>();
  for (const { x0, x1, y0, y1, value } of cells) {
    if (!Number.isFinite(value)) continue;
    const [left, right] = [panel.x(x0), panel.x(x1)];
    const [bottom, top] = [panel.y(y0), panel.y(y1)];
    const [width, height] = [right - left, bottom - top].map(formatCoordinate);
    const path = `M${formatCoordinate(left)},${
      formatCoordinate(top)
    }h${width}v${height}h-${width}z`;
    paths.set(color(value), (paths.get(color(value)) ?? "") + path);
  }
  return drawPaths(paths, { "shape-rendering": "crispEdges" });
}

function drawPaths(paths: ReadonlyMap<string, string>, attributes: Record<string, string>): string {
  return [...paths]
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([fill, d]) => element("path", { d, fill, ...attributes }))
    .join("");
}

/** A color bar to the right of a frame, with ticks and a label. */
export function drawColorBar(id: string, box: Box, scale: ColorScale): string {
  const stops = Array.from({ length: RAMP_STEPS }, (_, i) =>
    element("stop", {
      offset: (i / (RAMP_STEPS - 1)).toFixed(3),
      "stop-color": rampColor(scale.ramp, (i + 0.5) / RAMP_STEPS),
    }));
  const gradient = element(
    "linearGradient",
    { id, x1: 0, x2: 0, y1: 1, y2: 0 },
    ...stops,
  );
  const y = mapAxis(scale.axis, box.y + box.height, box.y);
  const right = box.x + box.width;
  const ticks = ticksOf(scale.axis).map(({ value, label }) =>
    element("path", { d: `M${right},${y(value).toFixed(2)}h3`, ...stroke("ink", 1) }) +
    (label === "" ? "" : text(label, right + 6, y(value) + 4, { "font-size": "11" }))
  );
  const longest = Math.max(
    0,
    ...ticksOf(scale.axis).map(({ label }) => label.replace(/[\^{}]/g, "").length),
  );
  const title = text(scale.axis.label, 0, 0, {
    transform: `translate(${(right + 24 + 6 * longest).toFixed(2)} ${
      (box.y + box.height / 2).toFixed(2)
    }) rotate(-90)`,
    "text-anchor": "middle",
  });
  const frame = { x: box.x, y: box.y, width: box.width, height: box.height };
  return element(
    "g",
    {},
    gradient,
    element("rect", { ...frame, fill: `url(#${id})` }),
    element("rect", { ...frame, ...stroke("ink", 1) }),
    ...ticks,
    title,
  );
}

/** A hexagon of a 2D histogram, in the units of the axes. */
export interface Hexagon {
  /** Center on the lower axis. */
  readonly x: number;
  /** Center on the left axis. */
  readonly y: number;
  /** Number of points inside, 1 or more. */
  readonly count: number;
}

/** The hexagons of a panel that hold a point. */
export interface HexagonalBins {
  /** Radius of a hexagon, from center to corner, in pixels. */
  readonly radius: number;
  /** Hexagons that contain points, row by row from the top left. */
  readonly hexagons: readonly Hexagon[];
}

/** Most distinct values of a column for which rows of hexagons follow the values. */
const MOST_ROWS = 40;

/** The lattice of hexagons: their radius, and a pixel through which the middle of a row passes. */
interface Lattice {
  readonly radius: number;
  readonly phase: number;
}

/**
 * Rows that fit a column: a column of few values, such as the grid of sigma8, has one row for each,
 * because rows of another distance would show stripes that are not in the data.
 */
function fitLattice(panel: Panel, y: ArrayLike<number>, radius: number): Lattice {
  const values = new Set<number>();
  for (let i = 0; i < y.length && values.size <= MOST_ROWS; i++) values.add(panel.y(y[i]!));
  if (values.size < 2 || values.size > MOST_ROWS) return { radius, phase: 0 };
  const sorted = [...values].sort((a, b) => a - b);
  const gap = sorted.slice(1).reduce((least, at, i) => Math.min(least, at - sorted[i]!), Infinity);
  // Rows of hexagons are 1.5 radii apart.
  const fitted = gap / 1.5;
  return fitted < radius / 2 || fitted > 3 * radius
    ? { radius, phase: 0 }
    : { radius: fitted, phase: sorted[0]! - panel.box.y };
}

/**
 * Counts points in hexagons of a panel with linear axes; points outside the axes are left out.
 *
 * @param radius Distance from center to corner in pixels; a column of few values sets its own
 */
export function binHexagons(
  panel: Panel,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  radius: number,
): HexagonalBins {
  const { box } = panel;
  const lattice = fitLattice(panel, y, radius);
  const places: [number, number][] = [];
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [panel.x(x[i]!) - box.x, panel.y(y[i]!) - box.y];
    if (px >= 0 && px <= box.width && py >= 0 && py <= box.height) {
      places.push([px, py - lattice.phase]);
    }
  }
  const left = mapAxis({ label: "", domain: [0, box.width] }, ...panel.xAxis.domain);
  const up = mapAxis({ label: "", domain: [box.height, 0] }, ...panel.yAxis.domain);
  const bins = hexbin<[number, number]>().radius(lattice.radius)(places);
  const hexagons = bins
    .map((bin) => ({ x: left(bin.x), y: up(bin.y + lattice.phase), count: bin.length }))
    .sort((a, b) => b.y - a.y || a.x - b.x);
  return { radius: lattice.radius, hexagons };
}

/** The numbers of a 2D histogram as the columns of a CSV file. */
export function hexagonColumns({ hexagons }: HexagonalBins, x: string, y: string): Columns {
  return {
    [x]: hexagons.map((hexagon) => hexagon.x),
    [y]: hexagons.map((hexagon) => hexagon.y),
    clusters: hexagons.map(({ count }) => count),
  };
}

/** Hexagons in the colors of their counts, one path per color. */
export function drawHexagons(
  panel: Panel,
  { radius, hexagons }: HexagonalBins,
  scale: ColorScale,
): string {
  // Slightly larger than the lattice, so that no gaps show between neighbors.
  const outline = hexbin().hexagon(radius * 1.02).replace(
    /-?[\d.]+(e-?\d+)?/g,
    (n) => formatCoordinate(Number(n)),
  );
  const color = colorOf(scale);
  const paths = new Map<string, string>();
  for (const { x, y, count } of hexagons) {
    const start = `M${formatCoordinate(panel.x(x))},${formatCoordinate(panel.y(y))}`;
    paths.set(color(count), (paths.get(color(count)) ?? "") + start + outline);
  }
  return drawPaths(paths, {});
}
