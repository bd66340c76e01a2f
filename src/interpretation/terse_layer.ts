/**
 * The terse layer (section 5.3, Figs. 15-16): what a cluster's terse value goes with, and how good
 * a mass proxy it makes.
 *
 * @module
 */
import type { FigureColumns, Headlines } from "./columns.ts";
import type { TerseTable } from "./terse_table.ts";

/** The columns of a terse table that Fig. 15 sets against the terse value. */
export type TerseCompanion =
  | "logMass"
  | "logWeakLensingMass"
  | "logGasMass"
  | "logTemperature"
  | "logYx"
  | "clusterCount"
  | "sigma8";

/** A correlation with an error that knows that clusters of one catalog are not independent. */
export interface CatalogCorrelation {
  /** -1 to 1. */
  readonly correlation: number;
  /** Its standard error, clustered by catalog. */
  readonly error: number;
  /** correlation / error. */
  readonly significance: number;
}

/** A line from a proxy to log mass, and its error on single catalogs (Fig. 16). */
export interface MassProxy {
  readonly proxy: "terse" | "logGasMass" | "logYx";
  /** log10 M500c = slope x proxy + intercept, fitted to all clusters together. */
  readonly slope: number;
  readonly intercept: number;
  /** 68% half-width of log10 M error, each catalog's mean error removed, in percent of mass. */
  readonly scatterPercent: number;
  /** Middles of the bins of the error, in ln M (0.1 is 10%). */
  readonly error: Float64Array;
  /** Probability density of the error, per unit of ln M; clusters beyond the bins count as well. */
  readonly density: Float64Array;
}

/** What the terse value goes with. */
export interface TerseLayer {
  /** Clusters, catalogs. */
  readonly count: number;
  readonly catalogs: number;
  /** Pearson's r with each companion; `null` where either does not vary. */
  readonly correlations: Readonly<Record<TerseCompanion, number | null>>;
  /** Pearson's r of log mass with sigma8: what a perfect mass proxy shows. */
  readonly massSigma8: number | null;
  /** r(terse, sigma8) at fixed log mass; `null` where it is not defined. */
  readonly partial: CatalogCorrelation | null;
  /** Of terse, gas mass and Y_X, in that order; a proxy that does not vary is left out. */
  readonly proxies: readonly MassProxy[];
}

export declare function describeTerseLayer(table: TerseTable): TerseLayer;

/** `clusters` (Fig. 15, a row a cluster), `correlations` (one row) and `proxy_errors` (Fig. 16). */
export declare function terseLayerColumns(layer: TerseLayer, table: TerseTable): FigureColumns;

export declare function terseLayerHeadlines(layer: TerseLayer): Headlines;
