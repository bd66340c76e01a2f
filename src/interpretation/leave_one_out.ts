/**
 * Leave one out (section 5.1, Fig. 9): how the predicted sigma8 of a catalog changes when one of
 * its clusters is taken away.
 *
 * @module
 */
import type { Catalog } from "../catalogs/catalog.ts";
import type { FeatureArray } from "../features/features.ts";
import type { Model } from "../model.ts";
import type { FigureColumns, Headlines } from "./columns.ts";
import type { MassBinOptions, SparseBin } from "./mass_bins.ts";

/** Quantiles of the changes in one mass bin (Fig. 9, left). Changes are in sigma8. */
export interface ChangeBand {
  /** Edges of the bin, log10 M500c [Msun/h]. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly median: number;
  /** Middle 68%: the quantiles 0.16 and 0.84. */
  readonly low68: number;
  readonly high68: number;
  /** Middle 95%: the quantiles 0.025 and 0.975. */
  readonly low95: number;
  readonly high95: number;
}

/** Cumulative distribution of the changes of the clusters above a mass (Fig. 9, right). */
export interface ChangeDistribution {
  /** log10 M500c [Msun/h]; `null`: all clusters. */
  readonly above: number | null;
  readonly count: number;
  /** Share of the clusters whose absence lowers sigma8, 0 to 1. */
  readonly lowered: number;
  /** Ascending, 0 to 1. */
  readonly probability: Float64Array;
  /** The change that this share of the clusters does not exceed, ascending. */
  readonly change: Float64Array;
}

/** What the absence of each cluster does to the predicted sigma8. */
export interface LeaveOneOut {
  /** Number of clusters left out, one at a time. */
  readonly count: number;
  /** Place of each cluster's catalog among those given, [count]. */
  readonly catalog: Uint32Array;
  /** Row of each cluster in its catalog's features, [count]. */
  readonly row: Uint32Array;
  /** log10 M500c [Msun/h], [count] */
  readonly logMass: Float64Array;
  /** sigma8 without the cluster minus sigma8 with it, [count]. */
  readonly change: Float64Array;
  /** sigma8 predicted from each whole catalog, [catalogs]. */
  readonly original: Float64Array;
  /** Catalogs of a single cluster, which cannot lose it; their clusters are not counted. */
  readonly skipped: number;
  /** Ascending in mass; bins with too few clusters are in `sparse` instead. */
  readonly bands: readonly ChangeBand[];
  readonly sparse: readonly SparseBin[];
  /** For all clusters, then by benchmark; without the benchmarks that have too few clusters. */
  readonly distributions: readonly ChangeDistribution[];
  /** 68% of the changes are smaller than this, either sign; the paper's 0.003. */
  readonly halfWidth: number;
}

/** How the changes are summarized. */
export interface LeaveOneOutOptions extends MassBinOptions {
  /** log10 masses of the distributions; {@linkcode BENCHMARK_MASSES} unless given. */
  readonly benchmarks?: readonly number[];
}

export declare const BENCHMARK_MASSES: readonly number[];

export declare function leaveOneOut(
  model: Model,
  features: readonly FeatureArray[],
  catalogs: readonly Catalog[],
  options?: LeaveOneOutOptions,
): Promise<LeaveOneOut>;

/** Panels `bands` and `distributions` of Fig. 9, and `clusters`, a row a cluster. */
export declare function leaveOneOutColumns(result: LeaveOneOut): FigureColumns;

export declare function leaveOneOutHeadlines(result: LeaveOneOut): Headlines;
