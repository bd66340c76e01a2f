/**
 * Overspecialization (App. B, Figs. 19-21): does one cluster's terse value know sigma8?
 *
 * @module
 */
import type { FigureColumns, Headlines } from "./columns.ts";
import type { CatalogCorrelation } from "./terse_layer.ts";
import type { TerseTable } from "./terse_table.ts";

/** The numbers that a verdict rests on. */
export interface OverspecializationNumbers {
  readonly clusters: number;
  readonly catalogs: number;
  /** r(terse, sigma8); `null` if the terse value does not vary. */
  readonly sigma8: number | null;
  /** r(terse, log mass); `null` if the terse value does not vary. */
  readonly logMass: number | null;
  /** r(log mass, sigma8): what a perfect mass proxy shows. */
  readonly massSigma8: number | null;
  /** r(terse, sigma8) at fixed log mass; `null` if nothing of terse is left at fixed mass. */
  readonly partial: CatalogCorrelation | null;
  /** Share of sigma8's variance between bins of the terse value of one cluster. */
  readonly explained: number;
  /** The same between bins of the true mass of one cluster. */
  readonly explainedByMass: number;
}

/** Whether a network reads sigma8 off single clusters, and why. */
export interface Overspecialization {
  readonly overspecialized: boolean;
  /** One sentence a finding; empty for a network that passes. */
  readonly reasons: readonly string[];
  readonly numbers: OverspecializationNumbers;
}

export declare function judgeOverspecialization(table: TerseTable): Overspecialization;

/** `numbers`: one row. The 2D histograms of Fig. 21 are those of Fig. 15's `clusters`. */
export declare function overspecializationColumns(verdict: Overspecialization): FigureColumns;

export declare function overspecializationHeadlines(verdict: Overspecialization): Headlines;
