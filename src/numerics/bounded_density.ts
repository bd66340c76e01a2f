/**
 * The density of `bounded_normal.ts` from the mean and standard deviation of its probit, by
 * Newton's method on two numbers.
 */
import type { QuadratureRule } from "./calculus.ts";
import { cumulativeRule, gaussLegendreRule } from "./calculus.ts";
import { density, FARTHEST, lookUpProbability } from "./probit_table.ts";
import type { RankMap } from "./rank_map.ts";
import { rankDensity } from "./rank_map.ts";

/** The function of x in which a likelihood is a Gaussian. */
export type Coordinate = "inverse" | "logarithm";

/**
 * Quadrature rule for the places within {@linkcode REACH} widths of z: nodes up to 0.45 widths
 * apart, at which smooth integrals are exact.
 */
const CORE = gaussLegendreRule(56);

/** Quadrature rule on either side of the core, where the flat prior's tails are. */
const TAIL = gaussLegendreRule(16);

/** Half the range of the core, in widths of z. */
const REACH = 8;

/** The range of z that holds a posterior, and the coordinate of its likelihood. */
interface Range {
  /** The range of z that holds nearly all of it. */
  readonly from: number;
  readonly to: number;
  readonly bend: Bend;
}

/** An interval and a coordinate; u is linear in the coordinate, from -1 to 1 over the interval. */
export interface Bend {
  /** Upper over lower end of the interval. */
  readonly ratio: number;
  readonly coordinate: Coordinate;
}

/** The density exp(p u + q u^2). */
export interface BoundedDensity extends Range {
  readonly p: number;
  readonly q: number;
  /** The density's largest exponent, which is subtracted before exponentiation. */
  readonly top: number;
}

// Filled by each call: a solver that makes no arrays is three times as fast.
const NODES = CORE.nodes.length + 2 * TAIL.nodes.length;
const Z = new Float64Array(NODES);
/** Places in the interval, from 0 to 1. */
const X = new Float64Array(NODES);
const U = new Float64Array(NODES);
const BASE = new Float64Array(NODES);
const SUMS = new Float64Array(9);

/**
 * The value of u, from -1 to 1, at a place in the interval. x runs from 1 at place 0 to `ratio` at
 * place 1, in units of the interval's lower end.
 */
export function bendPlace(place: number, { ratio, coordinate }: Bend): number {
  const x = 1 + (ratio - 1) * place;
  return coordinate === "inverse"
    ? 2 * place * ratio / x - 1
    : 2 * Math.log(x) / Math.log(ratio) - 1;
}

/** The derivative of u by the place in the interval. */
function bendSlope(place: number, { ratio, coordinate }: Bend): number {
  const x = 1 + (ratio - 1) * place;
  return coordinate === "inverse" ? 2 * ratio / x ** 2 : 2 * (ratio - 1) / (x * Math.log(ratio));
}

/** Lays a rule's nodes from one z to another; `BASE` is the flat density's weight of each. */
function layRule(
  { nodes, weights }: QuadratureRule,
  ends: readonly [from: number, to: number],
  first: number,
  bend: Bend,
): void {
  const half = Math.max(0, ends[1] - ends[0]) / 2;
  if (half === 0) {
    // Nothing is there, and nothing is looked up.
    BASE.fill(0, first, first + nodes.length);
    U.fill(0, first, first + nodes.length);
    return;
  }
  for (let i = 0; i < nodes.length; i++) {
    const z = ends[0] + half * (1 + nodes[i]!);
    Z[first + i] = z;
    X[first + i] = lookUpProbability(z);
    U[first + i] = bendPlace(X[first + i]!, bend);
    BASE[first + i] = half * weights[i]! * density(z);
  }
}

/** Lays nodes over [low, high], densely where the posterior is. */
function layNodes(low: number, high: number, { from, to, bend }: Range): void {
  const [first, last] = [from, to].map((z) => Math.min(Math.max(z, low), high)) as [number, number];
  layRule(TAIL, [low, first], 0, bend);
  layRule(CORE, [first, last], TAIL.nodes.length, bend);
  layRule(TAIL, [last, high], TAIL.nodes.length + CORE.nodes.length, bend);
}

/** The largest exponent on the interval, where u is from -1 to 1. */
function largestExponent(p: number, q: number): number {
  if (!(q < 0)) return Math.abs(p) + q;
  const u = Math.min(Math.max(-p / (2 * q), -1), 1);
  return p * u + q * u * u;
}

/** Puts the sum of weights in `SUMS`, then means of z, z^2, u, u^2, zu, zu^2, z^2 u, z^2 u^2. */
function sumNodes(p: number, q: number): void {
  const top = largestExponent(p, q);
  let s = 0, z1 = 0, z2 = 0, u1 = 0, u2 = 0, zu = 0, zu2 = 0, z2u = 0, z2u2 = 0;
  for (let i = 0; i < NODES; i++) {
    const z = Z[i]!;
    const u = U[i]!;
    const w = BASE[i]! * Math.exp(p * u + q * u * u - top);
    const wz = w * z;
    const wu = w * u;
    s += w;
    z1 += wz;
    z2 += wz * z;
    u1 += wu;
    u2 += wu * u;
    zu += wz * u;
    zu2 += wz * u * u;
    z2u += wz * z * u;
    z2u2 += wz * z * u * u;
  }
  SUMS[0] = s;
  SUMS[1] = z1 / s;
  SUMS[2] = z2 / s;
  SUMS[3] = u1 / s;
  SUMS[4] = u2 / s;
  SUMS[5] = zu / s;
  SUMS[6] = zu2 / s;
  SUMS[7] = z2u / s;
  SUMS[8] = z2u2 / s;
}

const MOST_STEPS = 40;
const TOLERANCE = 1e-9;

/**
 * Below this distance one more step of Newton's method reaches the tolerance, since a step squares
 * the distance.
 */
const NEAR = 1e-5;

/** Squared distance of the moments from the wanted ones, in widths and in variances. */
function distance(center: number, variance: number): number {
  const [mean, own] = [SUMS[1]!, SUMS[2]! - SUMS[1]! * SUMS[1]!];
  const off = (mean - center) ** 2 / variance + ((own - variance) / variance) ** 2;
  return Number.isFinite(off) ? off : Infinity;
}

/**
 * The density whose z has this mean and standard deviation, by Newton's method with halved steps. A
 * width above 1, that of the flat prior, counts as 1. If no such density exists, the nearest that
 * was found is returned.
 */
export function solveBounded(center: number, given: number, bend: Bend): BoundedDensity {
  const width = Math.min(given, 1);
  const variance = width * width;
  const from = Math.max(-FARTHEST, Math.min(center - REACH * width, FARTHEST - width));
  const to = Math.min(FARTHEST, Math.max(center + REACH * width, width - FARTHEST));
  layNodes(-FARTHEST, FARTHEST, { from, to, bend });
  // A Gaussian of the same middle and width, less the standard normal of the flat prior.
  const place = lookUpProbability(center);
  const slope = bendSlope(place, bend) * density(center);
  const sharpness = Math.max(0, 1 / variance - 1) / (slope * slope);
  let p = sharpness * bendPlace(place, bend);
  let q = -sharpness / 2;
  sumNodes(p, q);
  let off = distance(center, variance);
  for (let step = 0; step < MOST_STEPS && off > TOLERANCE * TOLERANCE; step++) {
    // The covariances of z and z^2 with u and u^2 are how fast the moments change with p and q.
    const a = SUMS[5]! - SUMS[1]! * SUMS[3]!;
    const b = SUMS[6]! - SUMS[1]! * SUMS[4]!;
    const c = SUMS[7]! - SUMS[2]! * SUMS[3]!;
    const d = SUMS[8]! - SUMS[2]! * SUMS[4]!;
    const e1 = center - SUMS[1]!;
    const e2 = variance + center * center - SUMS[2]!;
    const determinant = a * d - b * c;
    const dp = (d * e1 - b * e2) / determinant;
    const dq = (a * e2 - c * e1) / determinant;
    if (off < NEAR * NEAR) {
      p += dp;
      q += dq;
      break;
    }
    let share = 1;
    let next = Infinity;
    while (share > 1e-4) {
      sumNodes(p + share * dp, q + share * dq);
      next = distance(center, variance);
      if (next < off) break;
      share /= 2;
    }
    if (!(next < off)) break;
    p += share * dp;
    q += share * dq;
    off = next;
  }
  return { p, q, from, to, bend, top: largestExponent(p, q) };
}

/** Weights of the nodes, and the ranks at them. */
const WEIGHTS = new Float64Array(NODES);
const RANKS = new Float64Array(NODES);

/** A weight that adds nothing to a rank; the largest weights are about 1e-2. */
const NOTHING = 1e-12;

/** The rules in the order of their nodes, with their cumulative weights. */
const RULES = [TAIL, CORE, TAIL];
const CUMULATIVE = new Map([TAIL, CORE].map((rule) => [rule, cumulativeRule(rule)]));

/**
 * Mean and mean square of the place in the interval, 0 to 1, at the nodes of {@linkcode solveBounded}.
 *
 * @param map Map of the ranks; empty for none
 */
export function momentsOfPlace(
  { p, q, top }: BoundedDensity,
  map: RankMap,
): [mean: number, square: number] {
  for (let i = 0; i < NODES; i++) {
    WEIGHTS[i] = BASE[i]! * Math.exp(p * U[i]! + q * U[i]! * U[i]! - top);
  }
  if (map.length > 0) stretchWeights(map);
  let [sum, x1, x2] = [0, 0, 0];
  for (let i = 0; i < NODES; i++) {
    const w = WEIGHTS[i]!;
    sum += w;
    x1 += w * X[i]!;
    x2 += w * X[i]! * X[i]!;
  }
  return [x1 / sum, x2 / sum];
}

/** Multiplies the weights by the slope of a map at the nodes' ranks. */
function stretchWeights(map: RankMap): void {
  let first = 0;
  let total = 0;
  for (const rule of RULES) {
    const count = rule.nodes.length;
    const parts = CUMULATIVE.get(rule)!;
    // Most nodes of a rule lie where the density is negligible.
    let [from, to] = [0, count];
    while (from < to && WEIGHTS[first + from]! < NOTHING) from++;
    while (from < to && WEIGHTS[first + to - 1]! < NOTHING) to--;
    let mass = 0;
    for (let j = from; j < to; j++) mass += WEIGHTS[first + j]!;
    for (let i = 0; i < count; i++) {
      let below = i < from ? 0 : mass;
      if (i >= from && i < to) {
        below = 0;
        for (let j = from; j < to; j++) below += parts[i * count + j]! * WEIGHTS[first + j]!;
      }
      RANKS[first + i] = total + below;
    }
    total += mass;
    first += count;
  }
  for (let i = 0; i < NODES; i++) {
    if (WEIGHTS[i]! < NOTHING) continue;
    WEIGHTS[i] = WEIGHTS[i]! * rankDensity(RANKS[i]! / total, map);
  }
}

/** The part of a density's mass from one z to another. */
function massOf(solution: BoundedDensity, low: number, high: number): number {
  const { p, q, top } = solution;
  layNodes(low, high, solution);
  let sum = 0;
  for (let i = 0; i < NODES; i++) {
    if (BASE[i] === 0) continue;
    sum += BASE[i]! * Math.exp(p * U[i]! + q * U[i]! * U[i]! - top);
  }
  return sum;
}

/** The probability below a z. */
export function probabilityOf(solution: BoundedDensity, z: number): number {
  if (z <= -FARTHEST) return 0;
  if (z >= FARTHEST) return 1;
  const below = massOf(solution, -FARTHEST, z);
  return below / (below + massOf(solution, z, FARTHEST));
}
