/**
 * The rms of a field smoothed with a top hat, sigma(R), for any power spectrum (section 2.2.1): the
 * integral, and tables of it that are interpolated with cubic splines.
 */
import { type CubicSpline, fitCubicSpline } from "../numerics/calculus.ts";

/** ln sigma against ln R [Mpc/h]; see {@linkcode tabulateSigma}. */
export type SigmaTable = CubicSpline;

/** The radii in Mpc/h at which the tables may be read. */
export const RADIUS_RANGE: readonly [number, number] = [0.05, 500];

/**
 * The radii at which sigma is tabulated.
 *
 * - `"colossus"`: at those of COLOSSUS, the paper's mass function code, which are few and widen
 *   towards small radii (a factor of 3 at 10^14 Msun/h). Its spline departs from the integral by up
 *   to 0.1% in sigma, and for the rarest clusters by percents in number, so a mass function that is
 *   to be COLOSSUS's must share them.
 * - `"fine"`: every 0.05 in ln R; the spline then errs by less than 1e-5.
 */
export type SigmaNodes = "colossus" | "fine";

/** COLOSSUS's nodes in use; those from 10^-7 Mpc/h down change sigma of clusters by < 1e-6. */
const COLOSSUS_NODES = 16;

/** ln R [Mpc/h] of the nodes of each kind, ascending; they reach past {@linkcode RADIUS_RANGE}. */
export const SIGMA_NODES: Readonly<Record<SigmaNodes, Float64Array>> = {
  colossus: listColossusNodes(),
  fine: Float64Array.from({ length: 221 }, (_, i) => -4 + 0.05 * i),
};

/** 19 radii even in log10(1 + log10(R_max / R)), from R_max = 1000 Mpc/h to 1e-12 Mpc/h. */
function listColossusNodes(): Float64Array {
  const [logMax, logMin, steps] = [3, -12, 18];
  return Float64Array.from({ length: COLOSSUS_NODES }, (_, i) => {
    const j = COLOSSUS_NODES - 1 - i;
    return (logMax + 1 - (1 + logMax - logMin) ** (j / steps)) * Math.LN10;
  });
}

/** Tabulates ln sigma at the nodes, by the integral of {@linkcode integrateSigma}. */
export function tabulateSigma(sigma: (radius: number) => number, nodes: SigmaNodes): SigmaTable {
  const lnRadius = SIGMA_NODES[nodes];
  return fitCubicSpline(lnRadius, lnRadius.map((ln) => Math.log(sigma(Math.exp(ln)))));
}

/** Step in ln k: the acoustic oscillations, where they have not died out, have 15 samples each. */
const LN_STEP = 0.01;

/** ln k of the first sample; larger scales add less than 1e-6 to sigma at any radius. */
const LN_K_MIN = -12;

/** k ends at 6e8 h/Mpc, five hundred times the inverse of the smallest node. */
const K_COUNT = 3200;

/** Beyond this argument the squared window is below 1e-11. */
const WINDOW_END = 1000;

/**
 * sigma(R) by the trapezoid rule in ln k: sigma^2 is the integral of k^3 P(k) W(k R)^2 / (2 pi^2),
 * with W the transform of a top hat. The power is sampled once, for all radii.
 *
 * @example sigma of a power law P(k) = 1 / k is 3 / (sqrt(8) pi R)
 * ```ts
 * import { integrateSigma } from "@clusters/terse/cosmology";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const sigma = integrateSigma((k) => 1 / k);
 * assertAlmostEquals(sigma(8), 3 / (Math.sqrt(8) * Math.PI * 8), 1e-6);
 * ```
 *
 * @param power P(k) in (Mpc/h)^3 for k in h/Mpc, positive from 6e-6 to 6e8
 * @returns sigma for a radius in Mpc/h, from 1e-6 to 1000
 */
export function integrateSigma(power: (k: number) => number): (radius: number) => number {
  const wavenumber = Float64Array.from({ length: K_COUNT }, (_, i) => {
    return Math.exp(LN_K_MIN + i * LN_STEP);
  });
  const perStep = wavenumber.map((k) => LN_STEP * k ** 3 * power(k) / (2 * Math.PI ** 2));
  return (radius) => {
    const shift = wholeSteps(radius);
    let variance = 0;
    if (shift === null) {
      for (let i = 0; i < K_COUNT; i++) {
        const x = wavenumber[i]! * radius;
        if (x > WINDOW_END) break;
        variance += perStep[i]! * topHat(x) ** 2;
      }
    } else {
      const window = squaredWindow();
      const end = Math.min(K_COUNT, window.length - MOST_SHIFT - shift);
      for (let i = 0; i < end; i++) variance += perStep[i]! * window[MOST_SHIFT + shift + i]!;
    }
    return Math.sqrt(variance);
  };
}

/** Most steps of ln R on either side of 0 for which {@linkcode squaredWindow} holds the window. */
const MOST_SHIFT = 700;

/** A share of a step in ln R that is rounding. */
const ROUNDING = 1e-10;

/** ln R in steps of ln k, if it is a whole number of them, as it is at every fine node. */
function wholeSteps(radius: number): number | null {
  const steps = Math.log(radius) / LN_STEP;
  const whole = Math.round(steps);
  return Math.abs(steps - whole) < ROUNDING && Math.abs(whole) <= MOST_SHIFT ? whole : null;
}

let known: Float64Array | undefined;

/**
 * The squared window at the samples of ln k, from MOST_SHIFT steps before the first of them to its end:
 * radii at whole steps see the same numbers, one after the other, so that their integrals take a sine
 * and a cosine for none of them.
 */
function squaredWindow(): Float64Array {
  if (known !== undefined) return known;
  const count = Math.floor((Math.log(WINDOW_END) - LN_K_MIN) / LN_STEP) + 1;
  known = Float64Array.from(
    { length: MOST_SHIFT + count },
    (_, i) => topHat(Math.exp(LN_K_MIN + (i - MOST_SHIFT) * LN_STEP)) ** 2,
  );
  return known;
}

/** Below this argument the closed form loses digits to cancellation, so the series is used. */
const SMALL_ARGUMENT = 0.05;

/** The Fourier transform of a top hat, 3 (sin x - x cos x) / x^3. */
function topHat(x: number): number {
  if (x < SMALL_ARGUMENT) return 1 - x ** 2 / 10 + x ** 4 / 280;
  return 3 * (Math.sin(x) - x * Math.cos(x)) / x ** 3;
}
