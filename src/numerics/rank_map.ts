/**
 * Maps of the ranks of posteriors: where truths fall too often at some ranks, the posterior's
 * probabilities are stretched there. With u a rank from 0 to 1, t = 2 u - 1 and P_k Legendre's
 * polynomials, ranks of density 1 + sum a_k P_k(t) become uniform by its integral, u + sum a_k
 * (P_(k+1)(t) - P_(k-1)(t)) / (2 (2 k + 1)). As |P_k| is at most 1, a map whose |a_k| add up to
 * less than 1 rises everywhere.
 */

/** The coefficients a_1, a_2, ...; empty for the identity. */
export type RankMap = readonly number[];

/** Largest sum of the |a_k| of a fitted map; no density falls by more than a factor of 2. */
const LARGEST_SUM = 0.5;

/** The sum of the |a_k| of a map. */
export function sizeOfMap(map: RankMap): number {
  return map.reduce((sum, a) => sum + Math.abs(a), 0);
}

/** The density of the ranks that a map makes uniform, which is its slope. */
export function rankDensity(rank: number, map: RankMap): number {
  const t = 2 * rank - 1;
  let before = 1;
  let value = t;
  let density = 1;
  for (let k = 1; k <= map.length; k++) {
    density += map[k - 1]! * value;
    const next = nextLegendre(k, t, before, value);
    before = value;
    value = next;
  }
  return density;
}

/** The rank to which a map moves a rank; 0 and 1 stay where they are. */
export function mapRank(rank: number, map: RankMap): number {
  if (rank <= 0 || rank >= 1) return rank;
  const t = 2 * rank - 1;
  let before = 1;
  let value = t;
  let mapped = rank;
  for (let k = 1; k <= map.length; k++) {
    const next = nextLegendre(k, t, before, value);
    mapped += map[k - 1]! * (next - before) / (2 * (2 * k + 1));
    before = value;
    value = next;
  }
  return mapped;
}

/** Legendre's P_(k+1) from P_(k-1) and P_k. */
function nextLegendre(k: number, t: number, before: number, value: number): number {
  return ((2 * k + 1) * t * value - k * before) / (k + 1);
}

/**
 * The map that makes some ranks as uniform as its number of terms allows.
 *
 * @example
 * ```ts
 * import { fitRankMap, mapRank } from "./rank_map.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * // Ranks of density 2 u, of which a fitted map may take half: 1 + 0.5 P_1.
 * const ranks = Array.from({ length: 1000 }, (_, i) => Math.sqrt((i + 0.5) / 1000));
 * const map = fitRankMap(ranks, 1);
 * assertAlmostEquals(map[0]!, 0.5, 1e-3);
 * assertAlmostEquals(mapRank(0.5, map), 0.375, 1e-3);
 * ```
 *
 * @param ranks From 0 to 1
 * @param terms Number of polynomials, not counting the constant one
 * @throws {RangeError} If there is no rank
 */
export function fitRankMap(ranks: ArrayLike<number>, terms: number): RankMap {
  if (ranks.length === 0) {
    throw new RangeError("Cannot fit a rank map: there are 0 ranks, at least 1 is needed");
  }
  const sums = new Float64Array(terms);
  for (let i = 0; i < ranks.length; i++) {
    const t = 2 * ranks[i]! - 1;
    let [before, value] = [1, t];
    for (let k = 1; k <= terms; k++) {
      sums[k - 1] = sums[k - 1]! + value;
      [before, value] = [value, nextLegendre(k, t, before, value)];
    }
  }
  const map = Array.from(sums, (sum, i) => (2 * i + 3) * sum / ranks.length);
  const share = Math.min(1, LARGEST_SUM / sizeOfMap(map));
  return map.map((a) => share * a);
}
