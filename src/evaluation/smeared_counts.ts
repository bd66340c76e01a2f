/**
 * Expected clusters by mass, smeared by how well one cluster's mass is known: the mass integral of
 * the catalog likelihood, done once for all clusters of a catalog.
 *
 * @module
 */
import { MASS_BIN } from "../catalogs/abundance.ts";

/** The density of clusters in apparent mass. */
export interface SmearedCounts {
  /** Clusters expected in all bins. */
  readonly total: number;
  /** ln of the clusters a dex at an apparent log mass, which may be any number. */
  lnAt(logMass: number): number;
}

/** The kernel and the tables reach this many standard deviations. */
const REACH = 5;

/** Points of the midpoint rule within a bin, for each standard deviation that the bin is wide. */
const POINTS_PER_WIDTH = 8;

/**
 * The convolution of binned counts with a Gaussian in log mass.
 *
 * The table holds ln density at bin centers out to {@linkcode REACH} widths beyond the bins, and
 * is read by parabolas; further out the Gaussian's own fall is continued.
 *
 * @param counts Clusters expected in bins of {@linkcode MASS_BIN} dex
 * @param logMassMin Lower edge of the first bin, log10 [Msun/h]
 * @param width Standard deviation of the Gaussian [dex]
 */
export function smearCounts(
  counts: Float64Array,
  logMassMin: number,
  width: number,
): SmearedCounts {
  const kernel = binnedGaussian(width);
  const reach = (kernel.length - 1) / 2;
  const table = new Float64Array(counts.length + 2 * reach);
  let total = 0;
  for (let b = 0; b < counts.length; b++) {
    const count = counts[b]!;
    total += count;
    for (let k = 0; k < kernel.length; k++) table[b + k]! += count * kernel[k]!;
  }
  for (let i = 0; i < table.length; i++) table[i] = Math.log(table[i]! / MASS_BIN);
  const first = logMassMin + (0.5 - reach) * MASS_BIN;
  const last = table.length - 1;
  return {
    total,
    lnAt(logMass) {
      const place = (logMass - first) / MASS_BIN;
      if (place < 0) return table[0]! - fall(-place, reach, width);
      if (place > last) return table[last]! - fall(place - last, reach, width);
      const i = Math.min(Math.max(Math.round(place), 1), last - 1);
      const t = place - i;
      const [left, middle, right] = [table[i - 1]!, table[i]!, table[i + 1]!];
      return middle + 0.5 * t * (right - left + t * (right - 2 * middle + left));
    },
  };
}

/** How much further a Gaussian has fallen (in ln) at `beyond` bins past `reach` bins. */
function fall(beyond: number, reach: number, width: number): number {
  return 0.5 * ((reach + beyond) ** 2 - reach ** 2) * (MASS_BIN / width) ** 2;
}

/** Shares of a Gaussian about a bin's center that fall in the bins about it, of unit sum. */
function binnedGaussian(width: number): Float64Array {
  const reach = Math.ceil(REACH * width / MASS_BIN);
  const points = Math.ceil(POINTS_PER_WIDTH * MASS_BIN / width);
  const kernel = new Float64Array(2 * reach + 1);
  let sum = 0;
  for (let k = -reach; k <= reach; k++) {
    for (let p = 0; p < points; p++) {
      const offset = (k + (p + 0.5) / points - 0.5) * MASS_BIN / width;
      const share = Math.exp(-0.5 * offset * offset);
      kernel[k + reach]! += share;
      sum += share;
    }
  }
  return kernel.map((share) => share / sum);
}
