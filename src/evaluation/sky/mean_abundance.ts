/**
 * The mass function averaged over a normal distribution of ln M at a cluster's redshift, from a
 * table by redshift and mass.
 */
import { GRID_LN_MASS, GRID_LN_STEP, GRID_MASSES } from "../../cosmology/abundance_table.ts";
import { gaussLegendreRule } from "../../numerics/calculus.ts";
import { fastExp } from "../../numerics/fast_exp.ts";

/** Where clusters are in the table, by redshift. */
export interface AbundancePlaces {
  /** Where the first of three nodes of redshift begins in the table. */
  readonly start: Int32Array;
  /** Weights of the three nodes, [clusters x 3]. */
  readonly weights: Float64Array;
}

/** Finds the places of some redshifts among the table's. */
export function placeRedshifts(redshift: Float64Array, redshifts: Float64Array): AbundancePlaces {
  const lnNodes = redshifts.map(Math.log);
  const start = new Int32Array(redshift.length);
  const weights = new Float64Array(3 * redshift.length);
  redshift.forEach((z, i) => {
    const x = Math.log(z);
    // Three nodes, the middle one nearest.
    let middle = 1;
    const last = redshifts.length - 2;
    while (middle < last && Math.abs(lnNodes[middle + 1]! - x) < Math.abs(lnNodes[middle]! - x)) {
      middle++;
    }
    start[i] = (middle - 1) * GRID_MASSES;
    const [a, b, c] = [lnNodes[middle - 1]!, lnNodes[middle]!, lnNodes[middle + 1]!];
    weights[3 * i] = (x - b) * (x - c) / ((a - b) * (a - c));
    weights[3 * i + 1] = (x - a) * (x - c) / ((b - a) * (b - c));
    weights[3 * i + 2] = (x - a) * (x - b) / ((c - a) * (c - b));
  });
  return { start, weights };
}

/** Nodes of the Gauss-Hermite rule of weight exp(-x^2 / 2), of unit sum. */
const HERMITE_NODES = Float64Array.of(
  -3.750439717725742,
  -2.366759410734541,
  -1.154405394739968,
  0,
  1.154405394739968,
  2.366759410734541,
  3.750439717725742,
);
const HERMITE_WEIGHTS = Float64Array.of(
  5.482688559722182e-4,
  0.03075712396758648,
  0.2401231786050127,
  0.4571428571428573,
  0.2401231786050127,
  0.03075712396758648,
  5.482688559722182e-4,
);

/** ln dn/dlnM at cluster i's redshift, `exact` steps along the grid of masses. */
function lnAbundanceAt(
  table: Float64Array,
  { start, weights }: AbundancePlaces,
  i: number,
  exact: number,
): number {
  const at = exact < 0 ? 0 : exact > GRID_MASSES - 1 ? GRID_MASSES - 1 : exact;
  let first = Math.floor(at) - 1;
  if (first < 0) first = 0;
  else if (first > GRID_MASSES - 4) first = GRID_MASSES - 4;
  // Cubic through the four masses about it.
  const p0 = at - first;
  const p1 = p0 - 1;
  const p2 = p0 - 2;
  const p3 = p0 - 3;
  const l0 = -p1 * p2 * p3 / 6;
  const l1 = p0 * p2 * p3 / 2;
  const l2 = -p0 * p1 * p3 / 2;
  const l3 = p0 * p1 * p2 / 6;
  const k = start[i]! + first;
  const a = k + GRID_MASSES;
  const b = a + GRID_MASSES;
  const [w0, w1, w2] = [weights[3 * i]!, weights[3 * i + 1]!, weights[3 * i + 2]!];
  return w0 * (l0 * table[k]! + l1 * table[k + 1]! + l2 * table[k + 2]! + l3 * table[k + 3]!) +
    w1 * (l0 * table[a]! + l1 * table[a + 1]! + l2 * table[a + 2]! + l3 * table[a + 3]!) +
    w2 * (l0 * table[b]! + l1 * table[b + 1]! + l2 * table[b + 2]! + l3 * table[b + 3]!);
}

/** The mean of dn/dlnM over a normal distribution of ln M, at cluster i's redshift. */
export function meanAbundance(
  table: Float64Array,
  places: AbundancePlaces,
  i: number,
  lnMass: number,
  width: number,
): number {
  const center = (lnMass - GRID_LN_MASS[0]!) / GRID_LN_STEP;
  const scale = width / GRID_LN_STEP;
  let mean = 0;
  for (let q = 0; q < 7; q++) {
    const ln = lnAbundanceAt(table, places, i, center + scale * HERMITE_NODES[q]!);
    mean += HERMITE_WEIGHTS[q]! * fastExp(ln);
  }
  return mean;
}

const LEGENDRE = gaussLegendreRule(24);

/** Widths that an integral over part of a normal distribution reaches. */
const REACH = 6;

/** The mean abundance of the masses from `least` up, the others counting as 0. */
export function meanAbundanceAbove(
  table: Float64Array,
  places: AbundancePlaces,
  i: number,
  lnMass: number,
  width: number,
  least: number,
): number {
  const from = Math.max(least, lnMass - REACH * width);
  const half = (Math.max(least, lnMass) + REACH * width - from) / 2;
  let sum = 0;
  LEGENDRE.nodes.forEach((node, q) => {
    const ln = from + half * (1 + node);
    const shift = (ln - lnMass) / width;
    const lnAbundance = lnAbundanceAt(table, places, i, (ln - GRID_LN_MASS[0]!) / GRID_LN_STEP);
    sum += LEGENDRE.weights[q]! * Math.exp(lnAbundance - shift * shift / 2);
  });
  return Math.max(sum * half / (width * Math.sqrt(2 * Math.PI)), Number.MIN_VALUE);
}
