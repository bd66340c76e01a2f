/**
 * The rms of a field smoothed with a top hat, sigma(R), tabulated for any power spectrum
 * (section 2.2.1).
 *
 * k and R lie on grids that are even in the logarithm with one step a multiple of the other, so that
 * the window at k R is looked up in one table and all radii together cost a few milliseconds.
 *
 * @module
 */
import { type CubicSpline, evaluateCubicSpline, fitCubicSpline } from "../numerics/calculus.ts";

/** ln sigma and its slope against ln R, as splines; see {@linkcode tabulateSigma}. */
export interface SigmaTable {
  /** ln sigma(R) at ln R [Mpc/h]. */
  readonly lnSigma: CubicSpline;
  /** d ln sigma / d ln R at ln R [Mpc/h]. */
  readonly slope: CubicSpline;
}

/** The radii tabulated, in Mpc/h: masses from 10^9 to 10^17 Msun/h at any omegaM allowed. */
export const RADIUS_RANGE: readonly [number, number] = [0.05, 500];

/** Step in ln k: fifteen samples an acoustic oscillation at k = 0.5 h/Mpc, where they have died out. */
const LN_STEP = 0.01;

/** ln k of the first sample; fluctuations of larger scale add less than 1e-9 to any radius. */
const LN_K_MIN = -12;

/** k runs past the inverse of the smallest radius so far that the window has fallen below 1e-9. */
const K_COUNT = 2200;

/** Radii are taken at every tenth k step: the splines then err by less than 1e-6. */
const RADIUS_STRIDE = 10;

/** First and last radius, counted in strides of ln R from zero. */
const FIRST_RADIUS = Math.floor(Math.log(RADIUS_RANGE[0]) / (RADIUS_STRIDE * LN_STEP));
const LAST_RADIUS = Math.ceil(Math.log(RADIUS_RANGE[1]) / (RADIUS_STRIDE * LN_STEP));

/**
 * Tabulates sigma(R), with sigma^2 the integral of k^3 P(k) W(k R)^2 / (2 pi^2) over ln k, and its
 * slope, by the trapezoid rule.
 *
 * @param power P(k) in (Mpc/h)^3 for k in h/Mpc, positive and smooth from 6e-6 to 2e4
 */
export function tabulateSigma(power: (k: number) => number): SigmaTable {
  const perLnK = Float64Array.from({ length: K_COUNT }, (_, i) => {
    const k = Math.exp(LN_K_MIN + i * LN_STEP);
    return LN_STEP * k ** 3 * power(k) / (2 * Math.PI ** 2);
  });
  const { squares, slopes, lnStart } = tabulateWindow();
  const count = LAST_RADIUS - FIRST_RADIUS + 1;
  const lnRadius = new Float64Array(count);
  const lnSigma = new Float64Array(count);
  const slope = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    lnRadius[j] = (FIRST_RADIUS + j) * RADIUS_STRIDE * LN_STEP;
    const offset = Math.round((LN_K_MIN + lnRadius[j]! - lnStart) / LN_STEP);
    let variance = 0;
    let derivative = 0;
    for (let i = 0; i < K_COUNT; i++) {
      variance += perLnK[i]! * squares[offset + i]!;
      derivative += perLnK[i]! * slopes[offset + i]!;
    }
    lnSigma[j] = Math.log(variance) / 2;
    slope[j] = derivative / (2 * variance);
  }
  return {
    lnSigma: fitCubicSpline(lnRadius, lnSigma),
    slope: fitCubicSpline(lnRadius, slope),
  };
}

/** sigma(R) for R in Mpc/h, within {@linkcode RADIUS_RANGE}. */
export function lookUpSigma(table: SigmaTable, radius: number): number {
  return Math.exp(evaluateCubicSpline(table.lnSigma, Math.log(radius)));
}

/** d ln sigma / d ln R for R in Mpc/h, within {@linkcode RADIUS_RANGE}. */
export function lookUpSlope(table: SigmaTable, radius: number): number {
  return evaluateCubicSpline(table.slope, Math.log(radius));
}

/** W(x)^2 and d W^2 / d ln x of the top hat on the grid of ln x = ln k + ln R, from `lnStart` on. */
function tabulateWindow(): { squares: Float64Array; slopes: Float64Array; lnStart: number } {
  const lnStart = LN_K_MIN + FIRST_RADIUS * RADIUS_STRIDE * LN_STEP;
  const length = K_COUNT + (LAST_RADIUS - FIRST_RADIUS) * RADIUS_STRIDE;
  const squares = new Float64Array(length);
  const slopes = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const x = Math.exp(lnStart + i * LN_STEP);
    const window = topHat(x);
    squares[i] = window ** 2;
    // x W' = 3 (sin(x) / x - W)
    slopes[i] = 6 * window * (Math.sin(x) / x - window);
  }
  return { squares, slopes, lnStart };
}

/** Below this the closed form loses digits to cancellation, and the series has them all. */
const SMALL_ARGUMENT = 0.05;

/** The Fourier transform of a top hat, 3 (sin x - x cos x) / x^3. */
function topHat(x: number): number {
  if (x < SMALL_ARGUMENT) return 1 - x ** 2 / 10 + x ** 4 / 280;
  return 3 * (Math.sin(x) - x * Math.cos(x)) / x ** 3;
}
