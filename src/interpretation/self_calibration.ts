/**
 * Self-calibration (section 5.2.1, Eqs. 5-6, Figs. 13-14; App. A, Fig. 18): what the number of
 * clusters and the median Y_X of a catalog tell of sigma8, without a network.
 *
 * @module
 */
import type { Catalog } from "../catalogs/catalog.ts";
import type { FigureColumns, Headlines } from "./columns.ts";
import type { TransitionMass } from "./transition.ts";

/** One row a catalog that has clusters. All arrays are [count]. */
export interface CatalogSummaries {
  readonly count: number;
  /** Catalogs left out because they have no cluster. */
  readonly empty: number;
  /** Place of the catalog among those given. */
  readonly catalog: Uint32Array;
  readonly clusterCount: Float64Array;
  /** Median log10 Y_X [keV Msun/h] */
  readonly medianLogYx: Float64Array;
  /** Median log10 L_X [1e44 erg/s] */
  readonly medianLogLuminosity: Float64Array;
  readonly sigma8: Float64Array;
}

/** The average distribution of an observable over a set of catalogs (Fig. 13). */
export interface AverageDistribution {
  /** Middles of the bins, log10 of the observable. */
  readonly center: Float64Array;
  /** Mean over catalogs of each catalog's probability density, per dex. */
  readonly density: Float64Array;
  /** Median over all clusters of the set: the arrow of Fig. 13. */
  readonly median: number;
}

/** One of the two sets of catalogs of Fig. 13. */
export interface CatalogSet {
  readonly name: string;
  /** Number of catalogs. */
  readonly count: number;
  /** Mean log10 mass [Msun/h] at which these catalogs turn from flux- to volume-limited. */
  readonly transition: number;
  readonly logYx: AverageDistribution;
  readonly logLuminosity: AverageDistribution;
}

/** Fig. 13, and how well medians stand for the transition over all catalogs. */
export interface TransitionProxies {
  /** Lowest and highest transition masses, an eighth of the catalogs each. */
  readonly sets: readonly CatalogSet[];
  /** r(median log Y_X, transition log mass) over catalogs; `null` where either does not vary. */
  readonly medianYxCorrelation: number | null;
  /** r(median log L_X, transition log mass) over catalogs; `null` where either does not vary. */
  readonly medianLuminosityCorrelation: number | null;
}

/** The catalogs of one bin of the (N_cluster, median Y_X) plane. */
export interface CalibrationCell {
  /** Edges in number of clusters. */
  readonly countFrom: number;
  readonly countTo: number;
  /** Edges in median log10 Y_X [keV Msun/h]. */
  readonly logYxFrom: number;
  readonly logYxTo: number;
  /** Number of catalogs. */
  readonly catalogs: number;
  /** Mean sigma8. */
  readonly mean: number;
  /** Standard deviation of sigma8 in the bin (n - 1). */
  readonly scatter: number;
}

/** A highlighted bin of Fig. 14 with the sigma8 of its catalogs. */
export interface CalibrationRegion extends CalibrationCell {
  readonly name: "A" | "B";
  readonly sigma8: Float64Array;
}

/** sigma8 over the (N_cluster, median Y_X) plane (Figs. 14 and 18). */
export interface SelfCalibration {
  /** Catalogs that have clusters. */
  readonly catalogs: number;
  /** Catalogs in bins that are left out because they hold too few. */
  readonly sparse: number;
  /** [bins + 1] */
  readonly countEdges: Float64Array;
  /** [bins + 1] */
  readonly logYxEdges: Float64Array;
  /** Bins with enough catalogs only: a bin that is not listed is a gap. */
  readonly cells: readonly CalibrationCell[];
  /** The fullest bins with mean sigma8 below (A) and above (B) the middle; fewer where there are none. */
  readonly regions: readonly CalibrationRegion[];
  /** Scatter of sigma8 in a bin, pooled over the bins by their counts; `null` without bins. */
  readonly scatter: number | null;
  /** Standard deviation of sigma8 over the same catalogs before binning. */
  readonly priorScatter: number | null;
}

/** How the plane is binned. */
export interface SelfCalibrationOptions {
  /** Bins along each axis. */
  readonly bins?: number;
  /** Fewest catalogs of a bin that is shown. */
  readonly fewest?: number;
}

export declare function summarizeCatalogs(catalogs: readonly Catalog[]): CatalogSummaries;

export declare function compareTransitions(
  catalogs: readonly Catalog[],
  transition: TransitionMass,
): TransitionProxies;

export declare function calibrateByCounts(
  summaries: CatalogSummaries,
  options?: SelfCalibrationOptions,
): SelfCalibration;

/** `sets`: columns logYx, density_<set> ... of Fig. 13. */
export declare function transitionColumns(proxies: TransitionProxies): FigureColumns;

/** `cells` and `region_A`, `region_B` of Figs. 14 and 18. */
export declare function selfCalibrationColumns(calibration: SelfCalibration): FigureColumns;

export declare function selfCalibrationHeadlines(calibration: SelfCalibration): Headlines;
