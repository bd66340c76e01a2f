/**
 * Mass bins that leave a gap where there are too few clusters (Figs. 9, 11 and 12).
 *
 * @module
 */

/** Width of a mass bin in dex (Fig. 11). */
export const MASS_BIN_WIDTH = 0.1;

/** Fewest clusters of a bin that is shown: below it a 68% range is a handful of values. */
export const FEWEST_CLUSTERS = 10;

/** The clusters of one mass bin. */
export interface MassBin {
  /** Lower edge, log10 M500c [Msun/h]; a multiple of the width. */
  readonly from: number;
  /** Upper edge; clusters at the edge belong to the next bin. */
  readonly to: number;
  /** Places of the bin's clusters among all that were binned, ascending. */
  readonly members: Uint32Array;
}

/** A bin that is left out of a figure, and how few clusters it has (at least one). */
export interface SparseBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Bins with enough clusters, and those without, each ascending in mass. */
export interface MassBins {
  readonly bins: readonly MassBin[];
  readonly sparse: readonly SparseBin[];
}

/** How masses are binned. */
export interface MassBinOptions {
  /** Width in dex; {@linkcode MASS_BIN_WIDTH} unless given. */
  readonly width?: number;
  /** Fewest clusters of a bin that is kept; {@linkcode FEWEST_CLUSTERS} unless given. */
  readonly fewest?: number;
}

export declare function binByMass(logMass: ArrayLike<number>, options?: MassBinOptions): MassBins;
