/**
 * Catalogs as the encoder sees them (Fig. 6) and their saliency maps (Fig. 10): one row per
 * cluster, in ascending order of luminosity from the top, one column per pixel.
 */
import type { PixelLabel, SaliencyMap } from "../../interpretation/saliency.ts";
import { namePixel } from "../../interpretation/saliency_trends.ts";
import type { Box, Panel } from "../chart.ts";
import { text } from "../chart.ts";
import type { Figure } from "../figure.ts";
import type { Cell, ColorScale } from "../heat_map.ts";
import { drawCells, drawColorBar } from "../heat_map.ts";
import { columnLabel } from "../labels.ts";
import { stroke } from "../palette.ts";
import { domainFromZero, extentOf, mapAxis } from "../scale.ts";
import { element, formatCoordinate, svgDocument } from "../svg.ts";

/** The encoder's input of one catalog in physical units, as in a `FeatureArray`. */
export interface InputMatrix {
  /** Number of clusters. */
  readonly count: number;
  /** The catalog's sigma8. */
  readonly sigma8: number;
  /** [count x width], rows in ascending order of luminosity. */
  readonly pixels: ArrayLike<number>;
}

/** A matrix of any kind in the form in which it is drawn. */
interface Matrix {
  readonly count: number;
  readonly sigma8: number;
  readonly values: ArrayLike<number>;
}

const COLUMN_WIDTH = 8;
const ROW_HEIGHT = 2.6;
const TOP = 34;
const LEFT = 34;
const GAP = 34;
const BAR_WIDTH = 14;

/**
 * Draws Fig. 6: each group of pixels is scaled to 0..1 over the catalogs shown, as the network's
 * inputs are over all.
 *
 * @param pixels Description of each column; `labelPixels` of the encoder's columns
 */
export function drawInputMatrices(
  matrices: readonly InputMatrix[],
  pixels: readonly PixelLabel[],
): Figure {
  const scale: ColorScale = {
    axis: { label: "input, scaled by group", domain: [0, 1] },
    ramp: "viridis",
  };
  const scaled = scaleByGroup(matrices, pixels)
    .map((values, m) => ({ ...matrices[m]!, values }));
  return {
    svg: drawMatrices("figure-6", scaled, pixels, scale, "Encoder inputs of sample catalogs"),
    columns: Object.fromEntries(matrices.map(({ count, pixels: values }, m) => [
      `catalog_${m + 1}`,
      tabulate(values, count, pixels),
    ])),
  };
}

/** Draws Fig. 10: |d terse / d pixel|, on one color scale for all maps. */
export function drawSaliencyMaps(
  maps: readonly SaliencyMap[],
  pixels: readonly PixelLabel[],
): Figure {
  const scale: ColorScale = {
    axis: {
      label: "|∂terse / ∂pixel|",
      domain: domainFromZero(maps.map(({ saliency }) => saliency), 0),
    },
    ramp: "blues",
  };
  const matrices = maps.map(({ count, sigma8, saliency }) => ({ count, sigma8, values: saliency }));
  return {
    svg: drawMatrices("figure-10", matrices, pixels, scale, "Saliency maps of sample catalogs"),
    columns: Object.fromEntries(maps.map(({ catalog, count, saliency, logMass }) => [
      `map_${catalog}`,
      { logMass, ...tabulate(saliency, count, pixels) },
    ])),
  };
}

function tabulate(
  values: ArrayLike<number>,
  count: number,
  pixels: readonly PixelLabel[],
): Record<string, number[]> {
  return Object.fromEntries(pixels.map((pixel, p) => [
    namePixel(pixel),
    Array.from({ length: count }, (_, row) => values[row * pixels.length + p]!),
  ]));
}

/** Values from 0 to 1 by input column; all shells of a profile share their scale. */
function scaleByGroup(
  matrices: readonly InputMatrix[],
  pixels: readonly PixelLabel[],
): Float64Array[] {
  const width = pixels.length;
  const extents = new Map(pixels.map(({ column }) => {
    const values = matrices.flatMap(({ pixels: all }) =>
      Array.from(all).filter((_, i) => pixels[i % width]!.column === column)
    );
    return [column, extentOf(values) ?? [0, 1]];
  }));
  return matrices.map(({ pixels: values }) =>
    Float64Array.from(values, (value, i) => {
      const [low, high] = extents.get(pixels[i % width]!.column)!;
      return high > low ? (value - low) / (high - low) : 0.5;
    })
  );
}

function drawMatrices(
  name: string,
  matrices: readonly Matrix[],
  pixels: readonly PixelLabel[],
  scale: ColorScale,
  description: string,
): string {
  const width = COLUMN_WIDTH * pixels.length;
  const tallest = Math.max(1, ...matrices.map(({ count }) => count));
  const height = ROW_HEIGHT * tallest;
  const groups = groupPixels(pixels);
  const places = matrices.map((_, m) => LEFT + m * (width + GAP));
  const bar: Box = {
    x: LEFT + matrices.length * (width + GAP) - 4,
    y: TOP,
    width: BAR_WIDTH,
    height: Math.min(height, 240),
  };
  const drawn = matrices.map((matrix, m) => {
    const box = { x: places[m]!, y: TOP, width, height: ROW_HEIGHT * matrix.count };
    return drawMatrix(matrix, box, pixels.length, scale) + drawGroups(box, groups);
  });
  const key = groups
    .map(({ label }, g) => `${g + 1}: ${label}`)
    .map((line, g) => text(line, LEFT, TOP + height + 42 + 18 * g));
  return svgDocument(
    { width: bar.x + BAR_WIDTH + 70, height: TOP + height + 40 + 18 * groups.length },
    description,
    [...drawn, drawColorBar(`${name}-bar`, bar, scale), ...key],
  );
}

function drawMatrix(matrix: Matrix, box: Box, width: number, scale: ColorScale): string {
  const { count, sigma8, values } = matrix;
  // Row 0 is at the top: the axis of rows runs downwards, unlike that of a panel.
  const plane: Pick<Panel, "x" | "y"> = {
    x: mapAxis({ label: "", domain: [0, width] }, box.x, box.x + box.width),
    y: mapAxis({ label: "", domain: [0, count] }, box.y, box.y + box.height),
  };
  const cells: Cell[] = Array.from({ length: count * width }, (_, i) => ({
    x0: i % width,
    x1: i % width + 1,
    y0: Math.floor(i / width) + 1,
    y1: Math.floor(i / width),
    value: values[i]!,
  }));
  const title = `N = ${count}` + (Number.isFinite(sigma8) ? `, σ_8 = ${sigma8.toFixed(2)}` : "");
  return drawCells(plane, cells, scale) +
    element("rect", {
      x: box.x,
      y: box.y,
      width: box.width,
      height: box.height,
      ...stroke("ink", 1),
    }) +
    text(title, box.x + box.width / 2, box.y - 8, { "font-size": "11", "text-anchor": "middle" });
}

interface PixelGroup {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

function groupPixels(pixels: readonly PixelLabel[]): PixelGroup[] {
  const groups: PixelGroup[] = [];
  pixels.forEach(({ column }, p) => {
    const label = columnLabel(column);
    const last = groups.at(-1);
    if (last?.label === label) groups[groups.length - 1] = { ...last, to: p + 1 };
    else groups.push({ label, from: p, to: p + 1 });
  });
  return groups;
}

/** Brackets with numbers below the columns of a matrix. */
function drawGroups({ x, y, height }: Box, groups: readonly PixelGroup[]): string {
  const bottom = y + height + 4;
  return groups.map(({ from, to }, g) => {
    const [left, right] = [x + from * COLUMN_WIDTH + 1, x + to * COLUMN_WIDTH - 1];
    const middle = (left + right) / 2;
    return element("path", {
      d: `M${formatCoordinate(left)},${formatCoordinate(bottom)}v4H${formatCoordinate(right)}v-4`,
      ...stroke("muted", 1),
    }) + text(String(g + 1), middle, bottom + 17, { "font-size": "11", "text-anchor": "middle" });
  }).join("");
}
