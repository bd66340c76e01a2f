/**
 * Which base clusters a mock cluster may take its offsets from (section 2.2.2, Fig. 3): those near
 * it in mass.
 */
import { lowerBound } from "../numerics/lower_bound.ts";

/** Largest distance of a neighbor from the drawn mass [dex] (section 2.2.2). */
export const NEIGHBOR_REACH = 0.1;

/** With fewer neighbors than this (above 10^14.6 Msun/h), the nearest in mass are used instead. */
const FEWEST_NEIGHBORS = 5;

/** Number of nearest clusters that are then eligible. */
export const NEAREST_NEIGHBORS = 10;

/** Consecutive clusters of the base sample, `first` to `end - 1`. */
export interface NeighborRange {
  /** Index of the lightest. */
  readonly first: number;
  /** One past the index of the heaviest. */
  readonly end: number;
}

/**
 * The base clusters whose offsets a cluster of this mass may take: all within
 * {@linkcode NEIGHBOR_REACH}; where there are fewer than {@linkcode FEWEST_NEIGHBORS}, which the
 * paper does not treat, the {@linkcode NEAREST_NEIGHBORS} nearest.
 *
 * @param ascending Masses of the base clusters, at least one
 */
export function findNeighbors(ascending: Float64Array, logMass: number): NeighborRange {
  const first = lowerBound(ascending, logMass - NEIGHBOR_REACH);
  const end = lowerBound(ascending, logMass + NEIGHBOR_REACH);
  return end - first < FEWEST_NEIGHBORS ? findNearest(ascending, logMass) : { first, end };
}

/** The nearest clusters in mass, all if there are no more than {@linkcode NEAREST_NEIGHBORS}. */
function findNearest(ascending: Float64Array, logMass: number): NeighborRange {
  const wanted = Math.min(NEAREST_NEIGHBORS, ascending.length);
  let first = lowerBound(ascending, logMass);
  let end = first;
  while (end - first < wanted) {
    const below = first > 0 ? logMass - ascending[first - 1]! : Infinity;
    const above = end < ascending.length ? ascending[end]! - logMass : Infinity;
    if (below <= above) first--;
    else end++;
  }
  return { first, end };
}

/** The base cluster nearest in mass, of masses that ascend; at least one. */
export function findClosest(ascending: Float64Array, logMass: number): number {
  const above = lowerBound(ascending, logMass);
  if (above === 0) return 0;
  if (above === ascending.length) return above - 1;
  return ascending[above]! - logMass < logMass - ascending[above - 1]! ? above : above - 1;
}

/** Numbers of neighbors that masses find in a base sample. */
export interface NeighborCounts {
  /** Median over the base clusters. */
  readonly median: number;
  /** log10 mass [Msun/h] from which on every mass finds fewer than {@linkcode FEW_NEIGHBORS}. */
  readonly fewFrom: number | null;
}

/** Number of neighbors below which a mass has only a few offsets to draw from. */
export const FEW_NEIGHBORS = 10;

/** The number of neighbors within {@linkcode NEIGHBOR_REACH} that each base cluster finds. */
export function countNeighbors(logMass: Float64Array): NeighborCounts {
  const ascending = logMass.toSorted();
  const counts = ascending.map((m) =>
    lowerBound(ascending, m + NEIGHBOR_REACH) - lowerBound(ascending, m - NEIGHBOR_REACH) - 1
  );
  const lastFull = counts.findLastIndex((count) => count >= FEW_NEIGHBORS);
  const first = ascending[lastFull + 1];
  return { median: counts.toSorted()[counts.length >> 1]!, fewFrom: first ?? null };
}
