/**
 * The normal, chi-square and binomial distributions, and the one-sample test of uniformity: what a
 * test of calibration needs. All arithmetic is in Float64.
 */
import type { KolmogorovSmirnov } from "./statistics.ts";
import { kolmogorovTail } from "./statistics.ts";

/** Below this the power series of the normal distribution is used, above it the continued fraction. */
const SERIES_END = 2;

/** Terms of the fraction: at {@linkcode SERIES_END} 60 leave 1e-12, 120 nothing above rounding. */
const FRACTION_TERMS = 120;

const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

/**
 * The probability that a standard normal number is below `z`, to 14 digits in either tail
 * (Abramowitz and Stegun 1964, 26.2.11 and 26.2.14).
 *
 * @example
 * ```ts
 * import { normalProbability } from "@clusters/terse/numerics";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(normalProbability(1.959963984540054), 0.975, 1e-14);
 * ```
 *
 * @throws {RangeError} If z is NaN
 */
export function normalProbability(z: number): number {
  if (Number.isNaN(z)) {
    throw new RangeError("Cannot take a normal probability: z is NaN, should be a number");
  }
  const x = Math.abs(z);
  const density = Math.exp(-x * x / 2) / ROOT_TWO_PI;
  if (x >= SERIES_END) {
    const tail = density / tailFraction(x);
    return z < 0 ? tail : 1 - tail;
  }
  let term = x;
  let sum = 0;
  for (let k = 3; sum + term !== sum; k += 2) {
    sum += term;
    term *= x * x / k;
  }
  return z < 0 ? 0.5 - density * sum : 0.5 + density * sum;
}

/** x + 1 / (x + 2 / (x + 3 / ...)). */
function tailFraction(x: number): number {
  let value = x;
  for (let k = FRACTION_TERMS; k >= 1; k--) value = x + k / value;
  return value;
}

/** Abramowitz and Stegun 26.2.23: good to 4.5e-4, the start of Newton's method. */
const QUANTILE_START = {
  numerator: [2.515517, 0.802853, 0.010328],
  denominator: [1, 1.432788, 0.189269, 0.001308],
} as const;

/** Third-order steps take 4.5e-4 to 1e-10 and then below rounding; one more costs nothing. */
const QUANTILE_STEPS = 3;

/** Further out the density underflows. */
const LEAST_PROBABILITY = 1e-300;

/**
 * The number below which a standard normal one lies with probability `p`: the inverse of
 * {@linkcode normalProbability}.
 *
 * @throws {RangeError} If p is not between 0 and 1, or is below 1e-300
 */
export function normalQuantile(p: number): number {
  if (!(p >= LEAST_PROBABILITY && p < 1)) {
    throw new RangeError(`Cannot take a normal quantile: p is ${p}, should be between 0 and 1`);
  }
  const tail = Math.min(p, 1 - p);
  const t = Math.sqrt(-2 * Math.log(tail));
  let z = polynomial(QUANTILE_START.numerator, t) / polynomial(QUANTILE_START.denominator, t) - t;
  for (let step = 0; step < QUANTILE_STEPS; step++) {
    const newton = (normalProbability(z) - tail) * ROOT_TWO_PI * Math.exp(z * z / 2);
    z -= newton / (1 + z * newton / 2); // Halley's method; the density's log slope is -z
  }
  return p < 0.5 ? z : -z;
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}

/**
 * The probability that chi-square with `degrees` degrees of freedom is at least `chiSquare`, by its
 * closed forms (Abramowitz and Stegun 26.4.4 and 26.4.5).
 *
 * @example
 * ```ts
 * import { chiSquareTail } from "@clusters/terse/numerics";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(chiSquareTail(3, 2), Math.exp(-1.5), 1e-15);
 * ```
 *
 * @throws {RangeError} If chi-square is negative or not finite, or degrees no whole number from 1 on
 */
export function chiSquareTail(chiSquare: number, degrees: number): number {
  if (!(chiSquare >= 0 && chiSquare < Infinity) || !Number.isInteger(degrees) || degrees < 1) {
    throw new RangeError(
      `Cannot take a chi-square probability: it is ${chiSquare} with ${degrees} degrees of freedom, ` +
        "should be 0 or more with 1 or more",
    );
  }
  const root = Math.sqrt(chiSquare);
  const isOdd = degrees % 2 === 1;
  // Terms are kept with their exponential, which alone would underflow less gracefully.
  let term = isOdd ? 2 * root * Math.exp(-chiSquare / 2) / ROOT_TWO_PI : Math.exp(-chiSquare / 2);
  let sum = isOdd ? 2 * normalProbability(-root) : 0;
  for (let k = isOdd ? 3 : 2; k <= degrees; k += 2) {
    sum += term;
    term *= chiSquare / k;
  }
  return Math.min(sum, 1); // rounding can reach 1 + 1e-16
}

/**
 * The probability of `count` successes or more in independent trials, summed term by term.
 *
 * @example
 * ```ts
 * import { binomialTail } from "@clusters/terse/numerics";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(binomialTail(2, 3, 0.5), 0.5, 1e-15); // 3 / 8 + 1 / 8
 * ```
 *
 * @param count From 0 to `trials`
 * @param share Probability of a success, above 0 and below 1
 * @throws {RangeError} If an argument is not what it should be
 */
export function binomialTail(count: number, trials: number, share: number): number {
  if (!(Number.isInteger(count) && Number.isInteger(trials) && count >= 0 && count <= trials)) {
    throw new RangeError(
      `Cannot take a binomial probability: count is ${count} and trials ${trials}, should be whole and in order`,
    );
  }
  if (!(share > 0 && share < 1)) {
    throw new RangeError(
      `Cannot take a binomial probability: share is ${share}, should be between 0 and 1`,
    );
  }
  // The term of k successes in logarithms: that of none may be below the least number.
  let lnTerm = trials * Math.log1p(-share);
  let below = 0;
  let tail = 0;
  for (let k = 0; k <= trials; k++) {
    if (k < count) below += Math.exp(lnTerm);
    else tail += Math.exp(lnTerm);
    lnTerm += Math.log((trials - k) / (k + 1)) + Math.log(share) - Math.log1p(-share);
  }
  return Math.min(1, tail / (below + tail));
}

/**
 * The test of Kolmogorov and Smirnov that values are uniform from 0 to 1, with the probability at
 * Stephens's (1970) effective argument.
 *
 * @throws {RangeError} If there are no values, or one is not from 0 to 1
 */
export function testUniformity(values: ArrayLike<number>): KolmogorovSmirnov {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  if (n === 0 || !(sorted[0]! >= 0 && sorted[n - 1]! <= 1)) {
    const found = n === 0 ? "there are none" : `they run from ${sorted[0]} to ${sorted[n - 1]}`;
    throw new RangeError(`Cannot test values for uniformity: ${found}, should be from 0 to 1`);
  }
  let distance = 0;
  for (let i = 0; i < n; i++) {
    distance = Math.max(distance, (i + 1) / n - sorted[i]!, sorted[i]! - i / n);
  }
  const root = Math.sqrt(n);
  return { distance, probability: kolmogorovTail((root + 0.12 + 0.11 / root) * distance) };
}
