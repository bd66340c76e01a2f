/** Saliency against radius and against mass (section 5.2, Figs. 11 and 12). */
import type { ColumnName } from "../features/features.ts";
import type { FigureColumns, Headlines } from "./columns.ts";
import type { PixelLabel, Saliency, SaliencyBin } from "./saliency.ts";

/** One profile of a saliency: one curve per mass bin against radius (Figs. 11 and 12, left). */
export interface SaliencyProfile {
  /** The profile's or pixel's input column. */
  readonly column: ColumnName;
  /** R / R500, ascending. */
  readonly radius: readonly number[];
  /** Median saliency at each radius, one curve per mass bin. */
  readonly curves: readonly {
    /** Lower edge, log10 M500c [Msun/h]. */
    readonly from: number;
    /** Upper edge, log10 M500c [Msun/h]. */
    readonly to: number;
    /** Number of clusters. */
    readonly count: number;
    /** Median saliency at each radius. */
    readonly median: readonly number[];
  }[];
}

/** Saliency of one pixel against mass (Fig. 12, right); all arrays have one value per mass bin. */
export interface SaliencyTrend {
  /** The profile's or pixel's input column. */
  readonly column: ColumnName;
  /** R / R500, or `null` for a single value. */
  readonly radius: number | null;
  /** Middle of the bin, log10 M500c [Msun/h]. */
  readonly logMass: readonly number[];
  /** Number of clusters. */
  readonly count: readonly number[];
  /** Mean saliency. */
  readonly mean: readonly number[];
  /** Middle 68%: the quantile 0.16. */
  readonly low: readonly number[];
  /** Middle 68%: the quantile 0.84. */
  readonly high: readonly number[];
  /** Middle of the bin with the largest mean; `null` without bins. */
  readonly peakLogMass: number | null;
}

/** Fig. 12's radius, 2/3 R500, in R / R500. */
const TREND_RADIUS = 0.67;

/**
 * Median saliency of a profile against radius, one curve per mass bin (Fig. 11; Fig. 12, left).
 *
 * @returns `null` if the encoder does not see that profile
 */
export function saliencyProfile(saliency: Saliency, column: ColumnName): SaliencyProfile | null {
  const places = findPixels(saliency, column).filter((p) => saliency.pixels[p]!.radius !== null);
  if (places.length === 0) return null;
  return {
    column,
    radius: places.map((p) => saliency.pixels[p]!.radius!),
    curves: saliency.bins.map(({ from, to, count, median }) => ({
      from,
      to,
      count,
      median: places.map((p) => median[p]!),
    })),
  };
}

/**
 * Saliency of a column against mass (Fig. 12, right), of a profile at the radius nearest to the
 * one asked for.
 *
 * @param radius R / R500; not used for a column of a single value
 * @returns `null` if the encoder does not see that column
 */
export function saliencyTrend(
  saliency: Saliency,
  column: ColumnName,
  radius: number = TREND_RADIUS,
): SaliencyTrend | null {
  const distance = (p: number) => Math.abs((saliency.pixels[p]!.radius ?? radius) - radius);
  const [place] = findPixels(saliency, column).sort((a, b) => distance(a) - distance(b));
  if (place === undefined) return null;
  const { bins } = saliency;
  const value = (name: "mean" | "low" | "high") => bins.map((bin) => bin[name][place]!);
  const mean = value("mean");
  const logMass = bins.map(middle);
  return {
    column,
    radius: saliency.pixels[place]!.radius,
    logMass,
    count: bins.map(({ count }) => count),
    mean,
    low: value("low"),
    high: value("high"),
    peakLogMass: logMass[mean.indexOf(Math.max(...mean))] ?? null,
  };
}

function findPixels({ pixels }: Saliency, column: ColumnName): number[] {
  return pixels.flatMap((pixel, p) => pixel.column === column ? [p] : []);
}

/** The middle of an edge pair, without the last digits' rounding. */
function middle({ from, to }: SaliencyBin): number {
  return Number(((from + to) / 2).toPrecision(12));
}

/** Name of a pixel: "logGasMassProfile at 0.67 R500", or the column alone for a single value. */
export function namePixel({ column, radius }: PixelLabel): string {
  return radius === null ? column : `${column} at ${radius.toFixed(2)} R500`;
}

/**
 * The numbers of Figs. 10-12: panels `pixels` (one row per pixel, in the order of the encoder's
 * columns; profiles' radii in R500, 0 for a single value), `medians` and `means` (one row per mass
 * bin, one column per pixel) and `map_<catalog>` (one row per cluster).
 */
export function saliencyColumns(saliency: Saliency): FigureColumns {
  const { pixels, maps } = saliency;
  const pixel = (name: "mean" | "median" | "low" | "high" | "signedMean") =>
    pixels.map((pixel) => pixel[name]);
  const panels: Record<string, Readonly<Record<string, ArrayLike<number>>>> = {
    pixels: {
      pixel: pixels.map((_, p) => p),
      radius: pixels.map(({ radius }) => radius ?? 0),
      mean: pixel("mean"),
      low: pixel("low"),
      median: pixel("median"),
      high: pixel("high"),
      signedMean: pixel("signedMean"),
    },
    medians: listBins(saliency, ({ median }, p) => median[p]!),
    means: listBins(saliency, ({ mean }, p) => mean[p]!),
  };
  for (const { catalog, count, width, logMass, saliency } of maps) {
    const map: Record<string, ArrayLike<number>> = { logMass };
    pixels.forEach((label, p) => {
      map[namePixel(label)] = Array.from({ length: count }, (_, r) => saliency[r * width + p]!);
    });
    panels[`map_${catalog}`] = map;
  }
  return panels;
}

function listBins(
  { bins, pixels }: Saliency,
  value: (bin: SaliencyBin, pixel: number) => number,
): Readonly<Record<string, ArrayLike<number>>> {
  const columns: Record<string, ArrayLike<number>> = {
    from: bins.map(({ from }) => from),
    to: bins.map(({ to }) => to),
    count: bins.map(({ count }) => count),
  };
  pixels.forEach((label, p) => columns[namePixel(label)] = bins.map((bin) => value(bin, p)));
  return columns;
}

/**
 * Mean saliency of the temperature, and of gas mass and slope at 0.67 R500, and the mass at which
 * that of gas mass peaks, log10 [Msun/h]. `null` for what the encoder does not see.
 */
export function saliencyHeadlines(saliency: Saliency): Headlines {
  const meanOf = (column: ColumnName) => {
    const radius = saliencyTrend(saliency, column)?.radius;
    const pixel = saliency.pixels.find((p) => p.column === column && p.radius === radius);
    return pixel?.mean ?? null;
  };
  return {
    "temperature": meanOf("logTemperature"),
    "gas mass at 0.67 R500": meanOf("logGasMassProfile"),
    "slope at 0.67 R500": meanOf("gasSlopeProfile"),
    "gas mass peak log M": saliencyTrend(saliency, "logGasMassProfile")?.peakLogMass ?? null,
  };
}
