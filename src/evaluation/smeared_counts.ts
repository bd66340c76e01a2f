/**
 * Expected clusters by mass, convolved with the uncertainty of one cluster's mass: the mass
 * integral of the catalog likelihood, done once for all clusters of a catalog.
 */
import { MASS_BIN } from "../catalogs/abundance.ts";

/** The density of clusters in apparent mass. */
export interface SmearedCounts {
  /** Clusters expected in all bins. */
  readonly total: number;
  /** ln of the clusters per dex at an apparent log mass, which may be any number. */
  lnAt(logMass: number): number;
  /** Derivative of {@linkcode SmearedCounts.lnAt} to the log mass. */
  slopeAt(logMass: number): number;
}

/** Smeared counts whose arrays are used again: `smear` overwrites what the functions return. */
export interface Smearing extends SmearedCounts {
  /**
   * Convolves counts with a Gaussian.
   *
   * @param counts Clusters expected in bins of {@linkcode MASS_BIN} dex
   * @param width Standard deviation of the Gaussian [dex]
   */
  smear(counts: Float64Array, width: number): void;
}

/** Reach of the kernel and of the tables, in standard deviations. */
const REACH = 5;

/** Points of the midpoint rule within a bin, for each standard deviation that the bin is wide. */
const POINTS_PER_WIDTH = 8;

/**
 * The convolution of binned counts with a Gaussian in log mass, for counts that change, without new
 * arrays. The table holds ln density at bin centers out to {@linkcode REACH} widths beyond the bins,
 * and is read by parabolas; further out the Gaussian's own fall is continued. Entries are computed
 * when they are first read: a catalog of 80 clusters reads half of them.
 *
 * @param logMassMin Lower edge of the first bin, log10 [Msun/h]
 */
export function createSmearing(logMassMin: number): Smearing {
  let counts: Float64Array = new Float64Array(0);
  let width = 1;
  let reach = 0;
  let last = 0;
  let first = 0;
  let total = 0;
  let kernel = new Float64Array(0);
  let table = new Float64Array(0);
  /** ln density at table entry i, which is bin i - reach. */
  const entry = (i: number): number => {
    const known = table[i]!;
    if (known === known) return known;
    const from = Math.max(0, i - 2 * reach);
    const to = Math.min(counts.length - 1, i);
    let sum = 0;
    let other = 0; // two sums, so that one addition need not wait for the other
    let b = from;
    for (; b < to; b += 2) {
      sum += counts[b]! * kernel[i - b]!;
      other += counts[b + 1]! * kernel[i - b - 1]!;
    }
    if (b === to) sum += counts[b]! * kernel[i - b]!;
    return table[i] = Math.log((sum + other) / MASS_BIN);
  };
  const nearest = (place: number) => Math.min(Math.max(Math.round(place), 1), last - 1);
  return {
    get total() {
      return total;
    },
    smear(newCounts, newWidth) {
      counts = newCounts;
      width = newWidth;
      reach = Math.ceil(REACH * width / MASS_BIN);
      if (kernel.length < 2 * reach + 1) kernel = new Float64Array(2 * reach + 1);
      fillGaussian(kernel, reach, width);
      const length = counts.length + 2 * reach;
      if (table.length < length) table = new Float64Array(length);
      table.fill(NaN, 0, length);
      last = length - 1;
      first = logMassMin + (0.5 - reach) * MASS_BIN;
      let sum = 0; // `total` is the closure's: each change of it makes a new object
      for (let b = 0; b < newCounts.length; b++) sum += newCounts[b]!;
      total = sum;
    },
    lnAt(logMass) {
      const place = (logMass - first) / MASS_BIN;
      if (place < 0) return entry(0) - fall(-place, reach, width);
      if (place > last) return entry(last) - fall(place - last, reach, width);
      const i = nearest(place);
      const t = place - i;
      const left = entry(i - 1);
      const middle = entry(i);
      const right = entry(i + 1);
      return middle + 0.5 * t * (right - left + t * (right - 2 * middle + left));
    },
    slopeAt(logMass) {
      const place = (logMass - first) / MASS_BIN;
      const steepness = MASS_BIN / width ** 2;
      if (place < 0) return (reach - place) * steepness;
      if (place > last) return -(reach + place - last) * steepness;
      const i = nearest(place);
      const t = place - i;
      const left = entry(i - 1);
      const middle = entry(i);
      const right = entry(i + 1);
      return (0.5 * (right - left) + t * (right - 2 * middle + left)) / MASS_BIN;
    },
  };
}

/** How much further a Gaussian has fallen (in ln) at `beyond` bins past `reach` bins. */
function fall(beyond: number, reach: number, width: number): number {
  return 0.5 * ((reach + beyond) ** 2 - reach ** 2) * (MASS_BIN / width) ** 2;
}

/** Shares of a Gaussian about a bin's center that fall in the bins about it, of unit sum. */
function fillGaussian(kernel: Float64Array, reach: number, width: number): void {
  const points = Math.ceil(POINTS_PER_WIDTH * MASS_BIN / width);
  let sum = 0;
  for (let k = 0; k <= reach; k++) {
    let share = 0;
    for (let p = 0; p < points; p++) {
      const offset = (k + (p + 0.5) / points - 0.5) * MASS_BIN / width;
      share += Math.exp(-0.5 * offset * offset);
    }
    kernel[reach + k] = kernel[reach - k] = share;
    sum += k === 0 ? share : 2 * share;
  }
  for (let k = 0; k <= 2 * reach; k++) kernel[k]! /= sum;
}
