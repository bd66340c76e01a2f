/** Mass bins that leave a gap where there are too few clusters (Figs. 9, 11 and 12). */

/** Width of a mass bin in dex (Fig. 11). */
const MASS_BIN_WIDTH = 0.1;

/** Fewest clusters of a bin that is shown: below it a 68% range is a handful of values. */
export const FEWEST_CLUSTERS = 10;

/** The clusters of one mass bin. */
export interface FilledMassBin {
  /** Lower edge, log10 M500c [Msun/h]; a multiple of the width. */
  readonly from: number;
  /** Upper edge; clusters at the edge belong to the next bin. */
  readonly to: number;
  /** Places of the bin's clusters among all that were binned, ascending. */
  readonly members: Uint32Array;
}

/** A bin that is left out of a figure, and how few clusters it has (at least one). */
export interface SparseBin {
  /** Lower edge, log10 M500c [Msun/h]. */
  readonly from: number;
  /** Upper edge, log10 M500c [Msun/h]. */
  readonly to: number;
  /** Number of clusters. */
  readonly count: number;
}

/** Bins with enough clusters, and those without, each ascending in mass. */
export interface FilledMassBins {
  /** Bins with enough clusters, ascending in mass. */
  readonly bins: readonly FilledMassBin[];
  /** Mass bins with too few clusters to be shown, ascending in mass. */
  readonly sparse: readonly SparseBin[];
}

/** How masses are binned. */
export interface MassBinOptions {
  /** Width in dex; {@linkcode MASS_BIN_WIDTH} unless given. */
  readonly width?: number;
  /** Fewest clusters of a bin that is kept; {@linkcode FEWEST_CLUSTERS} unless given. */
  readonly fewest?: number;
}

/** Masses that rounding puts this share of a bin below an edge are at the edge: 14.2 / 0.1 < 142. */
const EDGE_ROUNDING = 1e-9;

/**
 * Puts clusters in mass bins whose edges are multiples of the width.
 *
 * @example
 * ```ts
 * import { binByMass } from "@clusters/terse/interpretation";
 * import { assertEquals } from "@std/assert";
 *
 * const { bins, sparse } = binByMass([14.25, 14.2, 15.01], { fewest: 2 });
 * assertEquals(bins.map(({ from, to, members }) => [from, to, ...members]), [[14.2, 14.3, 0, 1]]);
 * assertEquals(sparse, [{ from: 15, to: 15.1, count: 1 }]);
 * ```
 *
 * @param logMass log10 masses
 * @throws {RangeError} If the width is not above 0, fewest not 1 or more, or a mass not finite
 */
export function binByMass(
  logMass: ArrayLike<number>,
  options: MassBinOptions = {},
): FilledMassBins {
  const { width = MASS_BIN_WIDTH, fewest = FEWEST_CLUSTERS } = options;
  if (!(width > 0 && fewest >= 1)) {
    throw new RangeError(
      `Cannot bin by mass: width is ${width} and fewest ${fewest}, should be above 0 and 1 or more`,
    );
  }
  const members = new Map<number, number[]>();
  for (let i = 0; i < logMass.length; i++) {
    if (!Number.isFinite(logMass[i])) {
      throw new RangeError(
        `Cannot bin by mass: log mass ${i} is ${logMass[i]}, should be a finite number`,
      );
    }
    const bin = Math.floor(logMass[i]! / width + EDGE_ROUNDING);
    const others = members.get(bin);
    if (others) others.push(i);
    else members.set(bin, [i]);
  }
  const edge = (bin: number) => Number((bin * width).toPrecision(12));
  const bins: FilledMassBin[] = [];
  const sparse: SparseBin[] = [];
  for (const bin of [...members.keys()].sort((a, b) => a - b)) {
    const inside = members.get(bin)!;
    const edges = { from: edge(bin), to: edge(bin + 1) };
    if (inside.length >= fewest) bins.push({ ...edges, members: Uint32Array.from(inside) });
    else sparse.push({ ...edges, count: inside.length });
  }
  return { bins, sparse };
}
