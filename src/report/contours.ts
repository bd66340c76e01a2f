/** Contours of a cloud of weighted points: the smallest regions that hold given shares of it. */
import type { Point } from "./marks.ts";

/** A line of constant density, as segments between two points each. */
export interface Contour {
  /** Share of the cloud within the line. */
  readonly share: number;
  /** Pieces of the line, in no order. */
  readonly segments: readonly (readonly [Point, Point])[];
}

/** Cells along each axis. */
const CELLS = 80;

/** The grid reaches this many standard deviations from the mean. */
const REACH = 4.5;

/** Smoothing ends at this many widths of its kernel. */
const KERNEL_REACH = 4;

interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

function spreadOf(values: Float64Array, weights: Float64Array): Spread {
  const mean = weights.reduce((sum, weight, i) => sum + weight * values[i]!, 0);
  const variance = weights.reduce((sum, w, i) => sum + w * (values[i]! - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(variance) };
}

/**
 * Contours of a cloud, by a histogram that is smoothed with a Gaussian of Silverman's width.
 *
 * @param x One coordinate of the points
 * @param y The other
 * @param weights Of unit sum
 * @param shares Of the cloud, such as 0.68 and 0.95
 */
export function drawContours(
  x: Float64Array,
  y: Float64Array,
  weights: Float64Array,
  shares: readonly number[],
): Contour[] {
  const [alongX, alongY] = [spreadOf(x, weights), spreadOf(y, weights)];
  const independent = 1 / weights.reduce((sum, weight) => sum + weight * weight, 0);
  /** Width of the kernel in cells; a narrow degeneracy needs less than Silverman's width. */
  const width = Math.max(independent ** (-1 / 6) * CELLS / (2 * REACH) * 0.7, 0.7);
  const step = (spread: Spread) => 2 * REACH * spread.deviation / CELLS;
  const cellOf = (value: number, spread: Spread) =>
    Math.floor((value - spread.mean) / step(spread) + CELLS / 2);
  const grid = new Float64Array(CELLS * CELLS);
  weights.forEach((weight, i) => {
    const [column, row] = [cellOf(x[i]!, alongX), cellOf(y[i]!, alongY)];
    if (column < 0 || column >= CELLS || row < 0 || row >= CELLS) return;
    grid[row * CELLS + column]! += weight;
  });
  const density = smooth(smooth(grid, width, 1), width, CELLS);
  const valueAt = (cell: number, spread: Spread) =>
    spread.mean + (cell + 0.5 - CELLS / 2) * step(spread);
  return shares.map((share) => ({
    share,
    segments: traceLevel(density, levelOf(density, share)).map(([from, to]) => [
      [valueAt(from[0], alongX), valueAt(from[1], alongY)],
      [valueAt(to[0], alongX), valueAt(to[1], alongY)],
    ]),
  }));
}

/** Smooths along one axis; `stride` is the step from a cell to the next along it. */
function smooth(grid: Float64Array, width: number, stride: number): Float64Array {
  const reach = Math.ceil(KERNEL_REACH * width);
  const kernel = Array.from(
    { length: 2 * reach + 1 },
    (_, i) => Math.exp(-(((i - reach) / width) ** 2) / 2),
  );
  const sum = kernel.reduce((a, b) => a + b);
  return grid.map((_, at) => {
    const place = stride === 1 ? at % CELLS : Math.floor(at / CELLS);
    let value = 0;
    for (let i = -reach; i <= reach; i++) {
      if (place + i < 0 || place + i >= CELLS) continue;
      value += kernel[i + reach]! / sum * grid[at + i * stride]!;
    }
    return value;
  });
}

/** The density above which cells hold a given share of the cloud. */
function levelOf(density: Float64Array, share: number): number {
  const sorted = density.toSorted().reverse();
  const total = density.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (const value of sorted) {
    sum += value;
    if (sum >= share * total) return value;
  }
  return 0;
}

/** Segments of the line at a level, by marching squares, in cells. */
function traceLevel(density: Float64Array, level: number): [Point, Point][] {
  const segments: [Point, Point][] = [];
  for (let row = 0; row < CELLS - 1; row++) {
    for (let column = 0; column < CELLS - 1; column++) {
      const corners: [number, number][] = [[column, row], [column + 1, row], [
        column + 1,
        row + 1,
      ], [column, row + 1]];
      const values = corners.map(([c, r]) => density[r * CELLS + c]! - level);
      const crossings: Point[] = [];
      for (let side = 0; side < 4; side++) {
        const [a, b] = [values[side]!, values[(side + 1) % 4]!];
        if (a > 0 === b > 0) continue;
        const part = a / (a - b);
        const [from, to] = [corners[side]!, corners[(side + 1) % 4]!];
        crossings.push([from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])]);
      }
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        segments.push([crossings[i]!, crossings[i + 1]!]);
      }
    }
  }
  return segments;
}
