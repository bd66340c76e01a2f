/**
 * Statistics of columns of numbers: moments, quantiles, line fits, correlations, histograms, the
 * bootstrap and the two-sample test of Kolmogorov and Smirnov. All arithmetic is in Float64.
 */
import { thereAre } from "./counted.ts";
import type { Random } from "./random.ts";

/** The arithmetic mean. Throws a RangeError if there are no values. */
export function mean(values: ArrayLike<number>): number {
  checkCount("take a mean", values, 1);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The population standard deviation (divided by n). Throws a RangeError if there are no values. */
export function standardDeviation(values: ArrayLike<number>): number {
  const center = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) ** 2;
  return Math.sqrt(sum / values.length);
}

/** The middle value, or the mean of the two middle ones. Throws a RangeError if there are none. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/**
 * The value below which the fraction `q` lies, with linear interpolation between the sorted values
 * (NumPy's default: position q (n - 1)). See {@linkcode quantiles}.
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  return quantiles(values, [q])[0]!;
}

/**
 * Several quantiles with one sort, as {@linkcode quantile} defines them, [qs].
 *
 * @example
 * ```ts
 * import { quantiles } from "@clusters/terse/numerics";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...quantiles([4, 1, 3, 2], [0, 0.5, 1])], [1, 2.5, 4]);
 * ```
 *
 * @throws {RangeError} If there are no values or a fraction is outside 0 to 1
 */
export function quantiles(values: ArrayLike<number>, qs: ArrayLike<number>): Float64Array {
  checkCount("take quantiles", values, 1);
  return sortedQuantiles(new Float64Array(values).sort(), qs);
}

/** As {@linkcode quantiles}, of values that are in ascending order already. */
export function sortedQuantiles(sorted: Float64Array, qs: ArrayLike<number>): Float64Array {
  return Float64Array.from(qs, (q) => {
    if (!(q >= 0 && q <= 1)) {
      throw new RangeError(`Cannot take quantiles: fraction is ${q}, should be from 0 to 1`);
    }
    const position = q * (sorted.length - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
  });
}

/** A straight line y = slope x + intercept. */
export interface LineFit {
  /** dy / dx. */
  readonly slope: number;
  /** y at x = 0. */
  readonly intercept: number;
  /** Root mean square of the residuals in y. */
  readonly scatter: number;
}

/**
 * The least-squares line of y on x, all points of equal weight.
 *
 * @example
 * ```ts
 * import { fitLine } from "@clusters/terse/numerics";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fitLine([0, 1, 2], [1, 3, 5]), { slope: 2, intercept: 1, scatter: 0 });
 * ```
 *
 * @throws {TypeError} If the lengths differ
 * @throws {RangeError} If there are fewer than two points or all x are equal
 */
export function fitLine(x: ArrayLike<number>, y: ArrayLike<number>): LineFit {
  checkPairs("fit a line", x, y);
  const { meanX, meanY, xx, xy } = centeredSums(x, y);
  if (!(xx > 0)) throw new RangeError("Cannot fit a line: all x are equal, should differ");
  const slope = xy / xx;
  const intercept = meanY - slope * meanX;
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (y[i]! - slope * x[i]! - intercept) ** 2;
  return { slope, intercept, scatter: Math.sqrt(squares / x.length) };
}

/**
 * Pearson's correlation coefficient, from -1 to 1.
 *
 * @throws {TypeError} If the lengths differ
 * @throws {RangeError} If there are fewer than two points or a column is constant
 */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  checkPairs("correlate", x, y);
  const { xx, xy, yy } = centeredSums(x, y);
  if (!(xx > 0 && yy > 0)) {
    throw new RangeError("Cannot correlate: a column is constant, both should vary");
  }
  return xy / Math.sqrt(xx * yy);
}

/**
 * Counts in the bins between ascending `edges`, [edges - 1]. A bin holds its lower edge, and the
 * last bin its upper edge too; values outside the edges are in no bin.
 *
 * @throws {RangeError} If there are fewer than two edges or they do not ascend
 */
export function histogram(values: ArrayLike<number>, edges: ArrayLike<number>): Uint32Array {
  checkCount("make a histogram", edges, 2);
  for (let i = 1; i < edges.length; i++) {
    if (!(edges[i]! > edges[i - 1]!)) {
      throw new RangeError(
        `Cannot make a histogram: edge ${i} is ${edges[i]}, should be above ${edges[i - 1]}`,
      );
    }
  }
  const counts = new Uint32Array(edges.length - 1);
  const last = edges[edges.length - 1]!;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= edges[0]! && value <= last)) continue;
    let low = 0;
    let high = counts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (value < edges[middle]!) high = middle;
      else low = middle;
    }
    counts[low] = counts[low]! + 1;
  }
  return counts;
}

/**
 * The bootstrap error of a statistic (Efron 1979): its standard deviation over resamples drawn with
 * replacement. `statistic` is handed the same array each time, overwritten.
 *
 * @param values The sample
 * @param statistic A number computed from a sample
 * @param random The stream the resamples are drawn from
 * @param resamples How many resamples, 2 or more
 * @throws {RangeError} If there are no values or fewer than two resamples
 */
export function bootstrapError(
  values: Float64Array,
  statistic: (sample: Float64Array) => number,
  random: Random,
  resamples = 200,
): number {
  checkCount("bootstrap", values, 1);
  if (!Number.isInteger(resamples) || resamples < 2) {
    throw new RangeError(`Cannot bootstrap: resamples is ${resamples}, should be 2 or more`);
  }
  const sample = new Float64Array(values.length);
  const results = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < sample.length; i++) sample[i] = values[random.integer(values.length)]!;
    results[r] = statistic(sample);
  }
  return standardDeviation(results);
}

/** The outcome of {@linkcode kolmogorovSmirnov}. */
export interface KolmogorovSmirnov {
  /** Largest difference of the two cumulative distributions, 0 to 1. */
  readonly distance: number;
  /** Probability of a distance at least this large if both samples have one parent. */
  readonly probability: number;
}

/**
 * The two-sample test of Kolmogorov and Smirnov, with the asymptotic probability at Stephens's
 * (1970) effective argument, good to a few percent from about 4 effective points on.
 *
 * @throws {RangeError} If a sample is empty or holds NaN
 */
export function kolmogorovSmirnov(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): KolmogorovSmirnov {
  checkCount("compare distributions", a, 1);
  checkCount("compare distributions", b, 1);
  const distance = sortedDistance(new Float64Array(a).sort(), new Float64Array(b).sort());
  const root = Math.sqrt(a.length * b.length / (a.length + b.length));
  return { distance, probability: kolmogorovTail((root + 0.12 + 0.11 / root) * distance) };
}

/**
 * The distance of {@linkcode kolmogorovSmirnov} between samples that are in ascending order already.
 *
 * @throws {RangeError} If a sample holds NaN
 */
export function sortedDistance(a: Float64Array, b: Float64Array): number {
  if (Number.isNaN(a.at(-1)) || Number.isNaN(b.at(-1))) {
    throw new RangeError("Cannot compare distributions: a value is NaN, all should be numbers");
  }
  let distance = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! <= value) i++;
    while (j < b.length && b[j]! <= value) j++;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  return distance;
}

/** Terms beyond this are below the rounding of the sum wherever either series is used. */
const KOLMOGOROV_TERMS = 20;

/**
 * Kolmogorov's Q(x) = 2 sum (-1)^(j-1) exp(-2 j^2 x^2), by its theta-function twin for small x: the
 * probability that a distance times the root of the number of points is at least x.
 */
export function kolmogorovTail(x: number): number {
  if (x <= 0) return 1;
  let sum = 0;
  if (x < 1) {
    for (let j = 1; j <= KOLMOGOROV_TERMS; j++) {
      sum += Math.exp(-(((2 * j - 1) * Math.PI / x) ** 2) / 8);
    }
    return 1 - Math.sqrt(2 * Math.PI) / x * sum;
  }
  for (let j = 1; j <= KOLMOGOROV_TERMS; j++) {
    sum += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * (j * x) ** 2);
  }
  return sum;
}

interface CenteredSums {
  readonly meanX: number;
  readonly meanY: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

function centeredSums(x: ArrayLike<number>, y: ArrayLike<number>): CenteredSums {
  const meanX = mean(x);
  const meanY = mean(y);
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - meanX;
    const dy = y[i]! - meanY;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  return { meanX, meanY, xx, xy, yy };
}

function checkCount(action: string, values: ArrayLike<number>, least: number): void {
  if (values.length < least) {
    throw new RangeError(
      `Cannot ${action}: ${thereAre(values.length, "value")}, should be ${least} or more`,
    );
  }
}

function checkPairs(action: string, x: ArrayLike<number>, y: ArrayLike<number>): void {
  if (x.length !== y.length) {
    throw new TypeError(
      `Cannot ${action}: x has ${x.length} values and y ${y.length}, should be equally many`,
    );
  }
  checkCount(action, x, 2);
}
