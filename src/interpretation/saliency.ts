/**
 * Encoder saliency (section 5.2, Eq. 4, Figs. 10-12): how much a cluster's terse value changes
 * with each of its normalized pixels.
 *
 * @module
 */
import type { Catalog } from "../catalogs/catalog.ts";
import type { ColumnName, FeatureArray } from "../features/features.ts";
import type { Model } from "../model.ts";
import type { FigureColumns, Headlines } from "./columns.ts";
import type { MassBinOptions, SparseBin } from "./mass_bins.ts";

/** What one pixel of a cluster is. */
export interface PixelLabel {
  readonly column: ColumnName;
  /** R / R500 of a profile's value; `null` for a single value such as the temperature. */
  readonly radius: number | null;
}

/** |d terse / d pixel| of one catalog (Fig. 10). */
export interface SaliencyMap {
  /** Place of the catalog among those given. */
  readonly catalog: number;
  readonly sigma8: number;
  readonly count: number;
  readonly width: number;
  /** [count x width], rows as in the features: ascending luminosity. */
  readonly saliency: Float32Array;
  /** log10 M500c [Msun/h] of each row. */
  readonly logMass: Float64Array;
}

/** Saliency of the clusters of one mass bin; each array is [width], a value a pixel. */
export interface SaliencyBin {
  /** Edges of the bin, log10 M500c [Msun/h]. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly median: Float64Array;
  readonly mean: Float64Array;
  /** Middle 68%: the quantiles 0.16 and 0.84. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Saliency of one pixel over all clusters (the averages quoted in section 5.2). */
export interface PixelSaliency extends PixelLabel {
  /** Mean of |d terse / d pixel|. */
  readonly mean: number;
  readonly median: number;
  /** Middle 68%: the quantiles 0.16 and 0.84. */
  readonly low: number;
  readonly high: number;
  /** Mean of d terse / d pixel with its sign: negative if a rise of the pixel lowers the terse value. */
  readonly signedMean: number;
}

/** Saliency of an encoder over the clusters of some catalogs. */
export interface Saliency {
  /** Number of clusters. */
  readonly count: number;
  /** A label a pixel, [width]; `pixels[p]` also has the pixel's averages. */
  readonly pixels: readonly PixelSaliency[];
  /** Ascending in mass; bins with too few clusters are in `sparse` instead. */
  readonly bins: readonly SaliencyBin[];
  readonly sparse: readonly SparseBin[];
  /** Of the catalogs that were asked for. */
  readonly maps: readonly SaliencyMap[];
}

/** What saliency is asked for. */
export interface SaliencyOptions extends MassBinOptions {
  /** Catalogs whose maps are kept, as places among those given; the first three unless given. */
  readonly maps?: readonly number[];
}

/** One profile of a saliency: a curve a mass bin against radius (Figs. 11 and 12, left). */
export interface SaliencyProfile {
  readonly column: ColumnName;
  /** R / R500, ascending. */
  readonly radius: readonly number[];
  /** Median saliency at each radius, a curve a mass bin. */
  readonly curves: readonly {
    readonly from: number;
    readonly to: number;
    readonly count: number;
    readonly median: readonly number[];
  }[];
}

/** Saliency of one pixel against mass (Fig. 12, right); all arrays have a value a mass bin. */
export interface SaliencyTrend {
  readonly column: ColumnName;
  readonly radius: number | null;
  /** Middle of the bin, log10 M500c [Msun/h]. */
  readonly logMass: readonly number[];
  readonly count: readonly number[];
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Middle of the bin with the largest mean; `null` without bins. */
  readonly peakLogMass: number | null;
}

export declare function measureSaliency(
  model: Model,
  features: readonly FeatureArray[],
  catalogs: readonly Catalog[],
  columns: readonly ColumnName[],
  options?: SaliencyOptions,
): Promise<Saliency>;

/** `null` if the encoder does not see that profile. */
export declare function saliencyProfile(
  saliency: Saliency,
  column: ColumnName,
): SaliencyProfile | null;

/** At the profile's radius nearest to `radius`; `null` if the encoder does not see that column. */
export declare function saliencyTrend(
  saliency: Saliency,
  column: ColumnName,
  radius?: number,
): SaliencyTrend | null;

/** `pixels` (averages), `bins` (a row a mass bin and pixel) and `map_<catalog>` for Figs. 10-12. */
export declare function saliencyColumns(saliency: Saliency): FigureColumns;

export declare function saliencyHeadlines(saliency: Saliency): Headlines;
