/**
 * The rule by which a drawn mass finds its base clusters, as a table: the rule changes at certain
 * masses only, and is constant between two of them.
 */
import type { NeighborRange } from "../neighbors.ts";

/** Mass intervals in ascending order, with the base clusters eligible in each. */
export interface NeighborIntervals {
  /** Upper ends of all intervals but the last, in dex above the survey's least mass. */
  readonly ends: Float32Array;
  /** First neighbor and number of neighbors of each interval, [(ends + 1) x 2]. */
  readonly ranges: Int32Array;
  /** Cells per dex of `guide`, a power of two, so that a cell begins at an exact mass. */
  readonly cells: number;
  /** The interval in which each cell begins. */
  readonly guide: Int32Array;
}

/** Cells per interval on average, so that a search passes few intervals. */
const CELLS_AN_INTERVAL = 4;

/**
 * Tabulates a rule.
 *
 * @param logMassMin Least mass of the table, log10 [Msun/h]
 * @param span Range of the table above it [dex]
 * @param changes All masses at which the rule may change, in any order, log10 [Msun/h]
 * @param findRange The rule
 */
export function tabulateNeighbors(
  logMassMin: number,
  span: number,
  changes: readonly number[],
  findRange: (logMass: number) => NeighborRange,
): NeighborIntervals {
  const inside = changes.map((mass) => mass - logMassMin).filter((x) => x > 0 && x < span);
  const edges = [0, ...new Set(inside.sort((a, b) => a - b)), span];
  const ends: number[] = [];
  const ranges: number[] = [];
  for (let i = 1; i < edges.length; i++) {
    const { first, end } = findRange(logMassMin + (edges[i - 1]! + edges[i]!) / 2);
    const isSame = first === ranges.at(-2) && end - first === ranges.at(-1);
    if (isSame) continue;
    if (ranges.length > 0) ends.push(edges[i - 1]!);
    ranges.push(first, end - first);
  }
  const rounded = Float32Array.from(ends);
  return { ends: rounded, ranges: Int32Array.from(ranges), ...guideTo(rounded, span) };
}

/** Counts the interval ends at or below the beginning of each cell. */
function guideTo(ends: Float32Array, span: number): { cells: number; guide: Int32Array } {
  const wanted = CELLS_AN_INTERVAL * (ends.length + 1) / span;
  const cells = 2 ** Math.ceil(Math.log2(wanted));
  let passed = 0;
  const guide = Int32Array.from({ length: Math.ceil(span * cells) + 1 }, (_, cell) => {
    while (passed < ends.length && ends[passed]! <= cell / cells) passed++;
    return passed;
  });
  return { cells, guide };
}
