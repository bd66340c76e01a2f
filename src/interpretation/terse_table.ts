/**
 * One row a cluster of every catalog: its terse value, beside the truth and the observables that
 * are joined back through `FeatureArray.rows` (section 5.3).
 *
 * @module
 */
import type { Catalog } from "../catalogs/catalog.ts";
import type { FeatureArray } from "../features/features.ts";
import type { Model } from "../model.ts";

/**
 * Every cluster of some catalogs, catalog after catalog, in the order of the features' rows. All
 * arrays are [count]. Leave-one-out has the same order, so that views of a cluster can be linked.
 */
export interface ClusterColumns {
  readonly count: number;
  /** Place of the cluster's catalog among those given. */
  readonly catalog: Uint32Array;
  /** Row of the cluster in its catalog's features. */
  readonly row: Uint32Array;
  /** log10 M500c [Msun/h] */
  readonly logMass: Float64Array;
  /** log10 M_WL [Msun/h] */
  readonly logWeakLensingMass: Float64Array;
  /** log10 Mgas(<R500) [Msun/h] */
  readonly logGasMass: Float64Array;
  /** log10 T [keV] */
  readonly logTemperature: Float64Array;
  /** log10 L_X [1e44 erg/s] */
  readonly logLuminosity: Float64Array;
  /** log10 Y_X = log10 (Mgas T) [keV Msun/h] */
  readonly logYx: Float64Array;
  /** Number of clusters of the cluster's catalog. */
  readonly clusterCount: Float64Array;
  /** sigma8 of the cluster's catalog. */
  readonly sigma8: Float64Array;
}

/** Clusters and their terse values. */
export interface TerseTable extends ClusterColumns {
  /** The encoder's value of each cluster, [count]. */
  readonly terse: Float64Array;
}

/** Joins the clusters of catalogs to columns, in the order of the features' rows. */
export declare function joinClusters(
  features: readonly FeatureArray[],
  catalogs: readonly Catalog[],
): ClusterColumns;

/** Encodes every cluster and joins truth and observables to its terse value. */
export declare function tabulateTerse(
  model: Model,
  features: readonly FeatureArray[],
  catalogs: readonly Catalog[],
): Promise<TerseTable>;
