/**
 * Posteriors of a flat prior on an interval and a likelihood that is a Gaussian in 1/x: the density of x is
 * proportional to exp(p/x + q/x^2), and none of its mass lies outside. Each is given by the mean and the
 * variance of its probit z, x = min + (max - min) Phi(z), Phi the normal distribution, which are what a
 * network learns: z runs over the whole real line, and is standard normal where nothing is known.
 *
 * The number of clusters of some mass depends on sigma8 through the height of their peaks in the density
 * field, which is as 1/sigma8. A Gaussian in z would be too heavy in its tails, since the probit
 * stretches what is near the ends; one in sigma8 would miss the longer tail upward.
 *
 * @module
 */
import type { QuadratureRule } from "./calculus.ts";
import { gaussLegendreRule } from "./calculus.ts";
import { normalProbability, normalQuantile } from "./distributions.ts";

/** Such posteriors on one interval, one entry each. */
export interface BoundedNormals {
  /** Lower end of the interval, above 0. */
  readonly min: number;
  /** Upper end of the interval. */
  readonly max: number;
  /** Means of z. */
  readonly center: ArrayLike<number>;
  /** Standard deviations of z, above 0. */
  readonly width: ArrayLike<number>;
}

/** Means and standard deviations in the interval's own units. */
export interface Moments {
  /** One entry per distribution. */
  readonly mean: Float64Array;
  /** One entry per distribution. */
  readonly standardDeviation: Float64Array;
}

/** Nodes within {@linkcode REACH} widths of z: up to 0.45 widths apart, where smooth integrals are exact. */
const CORE = gaussLegendreRule(56);

/** Nodes on either side of them, where the flat prior's tails are. */
const TAIL = gaussLegendreRule(16);

/** Half the range of the core, in widths of z. */
const REACH = 8;

/** Beyond it a standard normal z does not come, in double precision. */
const FARTHEST = 8;

/** A table of the normal distribution on [-FARTHEST, FARTHEST], exact to 1e-11 between its places. */
const PLACES_PER_UNIT = 128;
const TABLE = Float64Array.from(
  { length: 2 * FARTHEST * PLACES_PER_UNIT + 1 },
  (_, i) => normalProbability(i / PLACES_PER_UNIT - FARTHEST),
);

const density = (z: number) => Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
const DENSITIES = TABLE.map((_, i) => density(i / PLACES_PER_UNIT - FARTHEST));

/** Cubic interpolation by values and slopes. */
function lookUpProbability(z: number): number {
  const place = Math.min(Math.max((z + FARTHEST) * PLACES_PER_UNIT, 0), TABLE.length - 1);
  const i = Math.min(Math.floor(place), TABLE.length - 2);
  const t = place - i;
  const rest = 1 - t;
  const values = TABLE[i]! * rest * rest * (1 + 2 * t) + TABLE[i + 1]! * t * t * (3 - 2 * t);
  const slopes = DENSITIES[i]! * rest - DENSITIES[i + 1]! * t;
  return values + t * rest * slopes / PLACES_PER_UNIT;
}

/** Where a posterior is. */
interface Range {
  /** The range of z that holds nearly all of it. */
  readonly from: number;
  readonly to: number;
  /** Upper over lower end of its interval. */
  readonly ratio: number;
}

/** The density exp(p u + q u^2), u linear in 1/x from -1 to 1. */
interface Solution extends Range {
  readonly p: number;
  readonly q: number;
  /** Its largest exponent, which is taken off before it is exponentiated. */
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

/** u at a place in the interval, -1 to 1; linear in 1/x, with x `ratio` times as large at the end. */
function bend(place: number, ratio: number): number {
  return 2 * place * ratio / (1 + (ratio - 1) * place) - 1;
}

/** Lays a rule's nodes from one z to another; `BASE` is the flat density's weight of each. */
function layRule(
  { nodes, weights }: QuadratureRule,
  ends: readonly [from: number, to: number],
  first: number,
  ratio: number,
): void {
  const half = Math.max(0, ends[1] - ends[0]) / 2;
  for (let i = 0; i < nodes.length; i++) {
    const z = ends[0] + half * (1 + nodes[i]!);
    Z[first + i] = z;
    X[first + i] = lookUpProbability(z);
    U[first + i] = bend(X[first + i]!, ratio);
    BASE[first + i] = half * weights[i]! * density(z);
  }
}

/** Lays nodes over [low, high], densely where the posterior is. */
function layNodes(low: number, high: number, { from, to, ratio }: Range): void {
  const [first, last] = [from, to].map((z) => Math.min(Math.max(z, low), high)) as [number, number];
  layRule(TAIL, [low, first], 0, ratio);
  layRule(CORE, [first, last], TAIL.nodes.length, ratio);
  layRule(TAIL, [last, high], TAIL.nodes.length + CORE.nodes.length, ratio);
}

function largestExponent(p: number, q: number): number {
  let top = -Infinity;
  for (let i = 0; i < U.length; i++) top = Math.max(top, p * U[i]! + q * U[i]! * U[i]!);
  return top;
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

/** How far the moments are from those wanted, in widths and in variances, squared. */
function distance(center: number, variance: number): number {
  const [mean, own] = [SUMS[1]!, SUMS[2]! - SUMS[1]! * SUMS[1]!];
  const off = (mean - center) ** 2 / variance + ((own - variance) / variance) ** 2;
  return Number.isFinite(off) ? off : Infinity;
}

/**
 * The density whose z has this mean and standard deviation, by Newton's method with halved steps. A width
 * above 1, that of the flat prior, is taken for 1; where there is no such density, the nearest that was
 * found is taken.
 */
function solve(center: number, given: number, ratio: number): Solution {
  const width = Math.min(given, 1);
  const variance = width * width;
  const from = Math.max(-FARTHEST, Math.min(center - REACH * width, FARTHEST - width));
  const to = Math.min(FARTHEST, Math.max(center + REACH * width, width - FARTHEST));
  layNodes(-FARTHEST, FARTHEST, { from, to, ratio });
  // A Gaussian of the same middle and width, less the standard normal of the flat prior.
  const place = lookUpProbability(center);
  const slope = 2 * ratio / (1 + (ratio - 1) * place) ** 2 * density(center);
  const sharpness = Math.max(0, 1 / variance - 1) / (slope * slope);
  let p = sharpness * bend(place, ratio);
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
    let share = 1;
    let next = Infinity;
    while (share > 1e-4) {
      sumNodes(p + share * dp, q + share * dq);
      next = distance(center, variance);
      if (next < off) break;
      share /= 2;
    }
    if (!(next < off)) {
      sumNodes(p, q); // those of the best that was found
      break;
    }
    p += share * dp;
    q += share * dq;
    off = next;
  }
  return { p, q, from, to, ratio, top: largestExponent(p, q) };
}

/** Mean and mean square of the place in the interval, from 0 to 1, at the nodes of {@linkcode solve}. */
function momentsOfPlace({ p, q, top }: Solution): [mean: number, square: number] {
  let [sum, x1, x2] = [0, 0, 0];
  for (let i = 0; i < NODES; i++) {
    const w = BASE[i]! * Math.exp(p * U[i]! + q * U[i]! * U[i]! - top);
    sum += w;
    x1 += w * X[i]!;
    x2 += w * X[i]! * X[i]!;
  }
  return [x1 / sum, x2 / sum];
}

/** Mean of one posterior on an interval whose ends are above 0. */
export function boundedMean(center: number, width: number, min: number, max: number): number {
  return min + (max - min) * momentsOfPlace(solve(center, width, max / min))[0];
}

/**
 * Means and standard deviations; widths above 1 are taken for 1.
 *
 * @example A standard normal z is flat
 * ```ts
 * import { boundedMoments } from "./bounded_normal.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { mean, standardDeviation } = boundedMoments({ min: 2, max: 5, center: [0], width: [1] });
 * assertAlmostEquals(mean[0]!, 3.5, 1e-9);
 * assertAlmostEquals(standardDeviation[0]!, 3 / Math.sqrt(12), 1e-9);
 * ```
 */
export function boundedMoments({ min, max, center, width }: BoundedNormals): Moments {
  const count = center.length;
  const mean = new Float64Array(count);
  const standardDeviation = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const [place, square] = momentsOfPlace(solve(center[i]!, width[i]!, max / min));
    mean[i] = min + (max - min) * place;
    standardDeviation[i] = (max - min) * Math.sqrt(Math.max(0, square - place * place));
  }
  return { mean, standardDeviation };
}

/** The part of a density's mass from one z to another. */
function massOf(solution: Solution, low: number, high: number): number {
  const { p, q, top } = solution;
  layNodes(low, high, solution);
  let sum = 0;
  for (let i = 0; i < U.length; i++) {
    sum += BASE[i]! * Math.exp(p * U[i]! + q * U[i]! * U[i]! - top);
  }
  return sum;
}

function probabilityOf(solution: Solution, z: number): number {
  if (z <= -FARTHEST) return 0;
  if (z >= FARTHEST) return 1;
  const below = massOf(solution, -FARTHEST, z);
  return below / (below + massOf(solution, z, FARTHEST));
}

/** The probability that posterior `index` puts below x. */
export function boundedProbability(
  { min, max, center, width }: BoundedNormals,
  index: number,
  x: number,
): number {
  const place = (x - min) / (max - min);
  if (place <= 0) return 0;
  if (place >= 1) return 1;
  return probabilityOf(solve(center[index]!, width[index]!, max / min), normalQuantile(place));
}

/** Halvings of the range of z until it is below 1e-12. */
const HALVINGS = 44;

/**
 * The value below which posterior `index` has probability p.
 *
 * @throws {RangeError} If p is not between 0 and 1
 */
export function boundedQuantile(
  { min, max, center, width }: BoundedNormals,
  index: number,
  p: number,
): number {
  if (!(p > 0 && p < 1)) {
    throw new RangeError(`Cannot take a quantile: p is ${p}, should be between 0 and 1`);
  }
  const solution = solve(center[index]!, width[index]!, max / min);
  let [from, to] = [-FARTHEST, FARTHEST];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (from + to) / 2;
    if (probabilityOf(solution, middle) < p) from = middle;
    else to = middle;
  }
  return min + (max - min) * normalProbability((from + to) / 2);
}
