/**
 * What pixels go with the terse value, which is not what moves it: the activation pattern of Haufe
 * et al. (2014, NeuroImage 87, 96). It tells how well one pixel alone gives mass. The saliency of
 * an optimal encoder looks different, because pixels are weighed against each other there.
 */
import type { ColumnName } from "../../features/features.ts";
import type { Columns } from "../columns.ts";
import { fitProxyLine, halfWidthPercent, removeCatalogMeans } from "../mass_proxy.ts";
import { labelPixels } from "../saliency.ts";
import { varies } from "../catalog_correlation.ts";
import type { JudgedClusters } from "./judged_clusters.ts";

/** One pixel's part in the pattern; correlations are of deviations from the catalogs' means. */
export interface PatternPixel {
  /** The input column that it belongs to. */
  readonly column: ColumnName;
  /** R / R500 of a profile's value; `null` for a single value. */
  readonly radius: number | null;
  /** Covariance with the terse value over the variance of the terse value. */
  readonly pattern: number;
  /** Correlation with the terse value. */
  readonly terse: number;
  /** Correlation with log M_WL; NaN where that is not known, as below. */
  readonly weakLensing: number;
  /** Correlation with log M. */
  readonly mass: number;
  /** Scatter of the pixel alone as a mass proxy by the paper's line, in percent. */
  readonly proxyPercent: number | null;
}

/**
 * The pattern of all pixels, in the order of the encoder's columns.
 *
 * @throws {RangeError} If no catalog has two clusters
 */
export function activationPattern(judged: JudgedClusters): PatternPixel[] {
  const { table, width, pixels, columns } = judged;
  const within = (values: Float64Array) => removeCatalogMeans(values, table.catalog);
  const terse = within(table.terse);
  const lensing = within(table.logWeakLensingMass);
  const mass = within(table.logMass);
  const isMassKnown = varies(table.logMass);
  return labelPixels(columns).map(({ column, radius }, p) => {
    const values = Float64Array.from({ length: table.count }, (_, i) => pixels[i * width + p]!);
    const x = within(values);
    return {
      column,
      radius,
      pattern: ratio(product(x, terse), product(terse, terse)),
      terse: correlate(x, terse),
      weakLensing: correlate(x, lensing),
      mass: correlate(x, mass),
      proxyPercent: isMassKnown && varies(values)
        ? halfWidthPercent(fitProxyLine(values, table).error)
        : null,
    };
  });
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function correlate(a: Float64Array, b: Float64Array): number {
  return ratio(product(a, b), Math.sqrt(product(a, a) * product(b, b)));
}

/** Divides two values: 0 where the divisor is 0, NaN where a value is unknown. */
function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

/** A row per pixel. */
export function patternColumns(pattern: readonly PatternPixel[]): Columns {
  return {
    pixel: pattern.map((_, p) => p),
    radius: pattern.map(({ radius }) => radius ?? 0),
    pattern: pattern.map((pixel) => pixel.pattern),
    terse: pattern.map((pixel) => pixel.terse),
    weakLensing: pattern.map((pixel) => pixel.weakLensing),
    mass: pattern.map((pixel) => pixel.mass),
    proxyPercent: pattern.map(({ proxyPercent }) => proxyPercent ?? NaN),
  };
}
