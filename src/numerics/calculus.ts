/**
 * Calculus of functions of one variable: interpolation between samples, Gauss-Legendre quadrature
 * and roots. All arithmetic is in Float64.
 */

/**
 * The straight-line interpolation between samples.
 *
 * @param x Where the samples are, ascending
 * @param y The samples, as many as `x`
 * @param at Where to interpolate, from the first to the last `x`
 * @throws {RangeError} If `at` is outside the samples
 */
export function interpolateLinear(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  at: number,
): number {
  const i = intervalOf(x, at);
  const fraction = (at - x[i]!) / (x[i + 1]! - x[i]!);
  return y[i]! + fraction * (y[i + 1]! - y[i]!);
}

/** A cubic spline: samples and the second derivative at each; see {@linkcode fitCubicSpline}. */
export interface CubicSpline {
  /** Where the samples are, ascending. */
  readonly x: Float64Array;
  /** The samples. */
  readonly y: Float64Array;
  /** Second derivatives at `x`; zero at both ends. */
  readonly curvature: Float64Array;
}

/**
 * The natural cubic spline through samples.
 *
 * @example
 * ```ts
 * import { evaluateCubicSpline, fitCubicSpline } from "@clusters/terse/numerics";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const spline = fitCubicSpline([0, 1, 2, 3], [1, 3, 5, 7]);
 * assertAlmostEquals(evaluateCubicSpline(spline, 1.5), 4, 1e-12);
 * ```
 *
 * @param x Where the samples are, ascending, at least two
 * @param y The samples, as many as `x`
 * @throws {TypeError} If the lengths differ
 * @throws {RangeError} If `x` does not ascend
 */
export function fitCubicSpline(x: ArrayLike<number>, y: ArrayLike<number>): CubicSpline {
  const n = x.length;
  if (n !== y.length) {
    throw new TypeError(`Cannot fit a spline: x has ${n} values and y ${y.length}, should match`);
  }
  for (let i = 1; i < n; i++) {
    if (!(x[i]! > x[i - 1]!)) {
      throw new RangeError(`Cannot fit a spline: x[${i}] is ${x[i]}, should exceed ${x[i - 1]}`);
    }
  }
  const curvature = new Float64Array(n);
  const upper = new Float64Array(n); // the tridiagonal system's upper band after elimination
  for (let i = 1; i < n - 1; i++) {
    const left = x[i]! - x[i - 1]!;
    const right = x[i + 1]! - x[i]!;
    const bend = (y[i + 1]! - y[i]!) / right - (y[i]! - y[i - 1]!) / left;
    const pivot = 2 * (left + right) - left * upper[i - 1]!;
    upper[i] = right / pivot;
    curvature[i] = (6 * bend - left * curvature[i - 1]!) / pivot;
  }
  for (let i = n - 2; i > 0; i--) curvature[i] = curvature[i]! - upper[i]! * curvature[i + 1]!;
  return { x: Float64Array.from(x), y: Float64Array.from(y), curvature };
}

/** The spline's value. Throws a RangeError if `at` is outside the samples. */
export function evaluateCubicSpline(spline: CubicSpline, at: number): number {
  const { x, y, curvature } = spline;
  const i = intervalOf(x, at);
  const width = x[i + 1]! - x[i]!;
  const b = (at - x[i]!) / width;
  const a = 1 - b;
  const bend = (a ** 3 - a) * curvature[i]! + (b ** 3 - b) * curvature[i + 1]!;
  return a * y[i]! + b * y[i + 1]! + bend * width ** 2 / 6;
}

/** The spline's first derivative. Throws a RangeError if `at` is outside the samples. */
export function differentiateCubicSpline(spline: CubicSpline, at: number): number {
  const { x, y, curvature } = spline;
  const i = intervalOf(x, at);
  const width = x[i + 1]! - x[i]!;
  const b = (at - x[i]!) / width;
  const a = 1 - b;
  const bend = (3 * b * b - 1) * curvature[i + 1]! - (3 * a * a - 1) * curvature[i]!;
  return (y[i + 1]! - y[i]!) / width + bend * width / 6;
}

/** Where to evaluate an integrand over -1 to 1, and with what weights to sum it. */
export interface QuadratureRule {
  /** Nodes in -1 to 1, ascending. */
  readonly nodes: Float64Array;
  /** Weight of each node; they sum to 2. */
  readonly weights: Float64Array;
}

/** Newton steps for a node; each doubles the digits, and four are enough from the usual start. */
const NEWTON_STEPS = 10;

/**
 * The Gauss-Legendre rule with this many points, exact for polynomials up to degree 2 points - 1.
 *
 * @throws {RangeError} If `points` is not a whole number from 1 on
 */
export function gaussLegendreRule(points: number): QuadratureRule {
  if (!Number.isInteger(points) || points < 1) {
    throw new RangeError(`Cannot make a quadrature rule: points is ${points}, should be 1 or more`);
  }
  const nodes = new Float64Array(points);
  const weights = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    let x = -Math.cos(Math.PI * (i + 0.75) / (points + 0.5));
    let slope = 1;
    for (let step = 0; step < NEWTON_STEPS; step++) {
      const legendre = evaluateLegendre(points, x);
      slope = legendre.slope;
      x -= legendre.value / slope;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/**
 * The integral of `f` from `a` to `b` by one Gauss-Legendre rule.
 *
 * @example
 * ```ts
 * import { gaussLegendre } from "@clusters/terse/numerics";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(gaussLegendre((x) => x ** 5, 0, 1, 3), 1 / 6, 1e-14);
 * ```
 *
 * @param f The integrand, smooth from `a` to `b`
 * @param a Lower limit
 * @param b Upper limit
 * @param points Number of points, or a rule made before by {@linkcode gaussLegendreRule}
 */
export function gaussLegendre(
  f: (x: number) => number,
  a: number,
  b: number,
  points: number | QuadratureRule,
): number {
  const { nodes, weights } = typeof points === "number" ? gaussLegendreRule(points) : points;
  const center = (a + b) / 2;
  const half = (b - a) / 2;
  let sum = 0;
  for (let i = 0; i < nodes.length; i++) sum += weights[i]! * f(center + half * nodes[i]!);
  return sum * half;
}

/**
 * Cumulative weights of a rule. The integral of `f` from -1 to node i is the sum over j of `entry
 * [i x n + j]` times weight j times f(node j), exact for polynomials up to degree n - 1.
 */
export function cumulativeRule({ nodes }: QuadratureRule): Float64Array {
  const n = nodes.length;
  // By orthogonality, node j's polynomial is its weight times the sum over k of
  // (k + 1/2) P_k(node j) P_k(x), and P_k integrates to (P_(k+1) - P_(k-1)) / (2 k + 1).
  const legendre = Array.from(nodes, (x) => {
    const values = [1, x];
    for (let k = 1; k < n; k++) {
      values.push(((2 * k + 1) * x * values[k]! - k * values[k - 1]!) / (k + 1));
    }
    return values;
  });
  const parts = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const at = legendre[i]!;
    for (let j = 0; j < n; j++) {
      let part = (at[1]! + 1) / 2;
      for (let k = 1; k < n; k++) part += legendre[j]![k]! * (at[k + 1]! - at[k - 1]!) / 2;
      parts[i * n + j] = part;
    }
  }
  return parts;
}

/** Most steps; the bracket is halved every few steps, so this many reach any tolerance. */
const ROOT_STEPS = 200;

/**
 * A root of `f` between `a` and `b` by the Illinois variant of false position, with a bisection
 * whenever a step fails to halve the bracket.
 *
 * @param f A continuous function with opposite signs at `a` and `b`
 * @param a One end of the bracket
 * @param b The other end
 * @param tolerance Largest error of the root, in units of x
 * @throws {RangeError} If `f` has the same sign at both ends or is not a number there
 */
export function findRoot(
  f: (x: number) => number,
  a: number,
  b: number,
  tolerance: number,
): number {
  let fa = f(a);
  let fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (!(fa * fb < 0)) {
    throw new RangeError(`Cannot find a root: f is ${fa} and ${fb}, signs should be opposite`);
  }
  for (let step = 0; step < ROOT_STEPS && Math.abs(b - a) > tolerance; step++) {
    const before = Math.abs(b - a);
    for (const candidate of ["secant", "middle"] as const) {
      if (candidate === "middle" && Math.abs(b - a) < before / 2) break;
      const x = candidate === "secant" ? (a * fb - b * fa) / (fb - fa) : (a + b) / 2;
      const fx = f(x);
      if (fx === 0) return x;
      if (fx * fb < 0) {
        a = b;
        fa = fb;
      } else {
        fa /= 2; // the Illinois step: pull the end that stayed
      }
      b = x;
      fb = fx;
    }
  }
  return (a + b) / 2;
}

/** P_n and its derivative at x by the three-term recurrence. */
function evaluateLegendre(n: number, x: number): { value: number; slope: number } {
  let previous = 1;
  let value = x;
  for (let k = 2; k <= n; k++) {
    const next = ((2 * k - 1) * x * value - (k - 1) * previous) / k;
    previous = value;
    value = next;
  }
  return { value, slope: n * (previous - x * value) / (1 - x * x) };
}

/** The index i with x[i] <= at <= x[i + 1]. */
function intervalOf(x: ArrayLike<number>, at: number): number {
  const last = x.length - 1;
  if (last < 1 || !(at >= x[0]! && at <= x[last]!)) {
    throw new RangeError(
      `Cannot interpolate: x is ${at}, should be within the samples, ${x[0]} to ${x[last]}`,
    );
  }
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at < x[middle]!) high = middle;
    else low = middle;
  }
  return low;
}
