/** Expected clusters of each mass in a survey (section 2.2.1, Eq. 3; App. A), and their draw. */
import type { Cosmology } from "../cosmology/cosmology.ts";
import type { MassFunctionName } from "../cosmology/mass_function.ts";
import { computeMassFunction } from "../cosmology/mass_function.ts";
import type { PowerSpectrum } from "../cosmology/power_spectrum.ts";
import { BOX_SIDE } from "../clusters/base_sample.ts";
import type { Random } from "../numerics/random.ts";
import type { Survey } from "./survey.ts";
import { fluxLimit, SURVEY_LOG_MASS_MAX } from "./survey.ts";

/** Width of the mass bins in which clusters are drawn [dex] (Fig. 1). */
export const MASS_BIN = 0.01;

/** Smoothing reaches this many standard deviations; 6e-7 of a Gaussian lies beyond. */
const SMOOTHING_REACH = 5;

/**
 * The mass bins of a survey: `count` from `logMassMin` up, and `below` more under it, from which
 * smoothing may carry clusters over the limit.
 */
export interface MassBins {
  /** Lower edge of bin 0, log10 [Msun/h]. */
  readonly logMassMin: number;
  /** Number of bins in which clusters are drawn. */
  readonly count: number;
  /** Number of bins under bin 0; 0 for a sharp break. */
  readonly below: number;
}

/** The mass bins in which a survey's clusters are drawn. */
export function massBins(survey: Survey): MassBins {
  return {
    logMassMin: survey.logMassMin,
    count: Math.round((SURVEY_LOG_MASS_MAX - survey.logMassMin) / MASS_BIN),
    below: Math.ceil(SMOOTHING_REACH * survey.smoothing / MASS_BIN),
  };
}

/** The middle of a bin, log10 [Msun/h]; bins below the limit have negative indices. */
export function binCenter(bins: MassBins, index: number): number {
  return bins.logMassMin + (index + 0.5) * MASS_BIN;
}

/**
 * Clusters that the survey's volume holds in each bin before selection, [below + count].
 *
 * Eq. 3 multiplies the simulation's clusters by n(M) / n_ref(M); with n_ref the model of the
 * simulation, that is V n(M).
 *
 * @param survey The survey, of which volume and redshift are read
 * @param bins The survey's mass bins
 * @param cosmology Cosmology of the catalog
 * @param fit The mass function
 * @param spectrum The cosmology's power spectrum with any sigma8, where there is one already
 * @throws {RangeError} If the mass function does not reach the survey's redshift
 */
export function volumeCounts(
  survey: Survey,
  bins: MassBins,
  cosmology: Cosmology,
  fit: MassFunctionName,
  spectrum?: PowerSpectrum,
): Float64Array {
  const logMass = Float64Array.from(
    { length: bins.below + bins.count },
    (_, i) => binCenter(bins, i - bins.below),
  );
  const { dndlnM } = computeMassFunction(
    { cosmology, fit, definition: "500c", redshift: survey.redshift },
    logMass,
    spectrum,
  );
  const volume = survey.volumeFraction * BOX_SIDE ** 3;
  return dndlnM.map((density) => density * volume * MASS_BIN * Math.LN10);
}

/** Clusters expected in each bin of the survey with the break at a given mass, [count]. */
export function selectCounts(
  survey: Survey,
  bins: MassBins,
  counts: Float64Array,
  logMassBreak: number,
): Float64Array {
  const selected = counts.map((count, i) =>
    count * fluxLimit(survey, logMassBreak, binCenter(bins, i - bins.below))
  );
  return smoothCounts(selected, survey.smoothing).subarray(bins.below);
}

/**
 * App. A: the abundance convolved with a Gaussian in log mass.
 *
 * The flux-limited branch is continued below the survey's least mass before it is smoothed, so that
 * the sharp edge there stays sharp and only the break is smoothed.
 */
function smoothCounts(counts: Float64Array, smoothing: number): Float64Array {
  if (smoothing === 0) return counts;
  const kernel = smoothingKernel(smoothing);
  const reach = (kernel.length - 1) / 2;
  return counts.map((_, i) => {
    let sum = 0;
    const first = Math.max(0, i - reach);
    const last = Math.min(counts.length - 1, i + reach);
    for (let j = first; j <= last; j++) sum += counts[j]! * kernel[j - i + reach]!;
    return sum;
  });
}

/**
 * Weights of App. A's smoothing by bin: a Gaussian cut at 5 standard deviations, of unit sum.
 *
 * @param smoothing Its standard deviation [dex], above 0
 */
export function smoothingKernel(smoothing: number): Float64Array {
  const width = smoothing / MASS_BIN;
  const reach = Math.ceil(SMOOTHING_REACH * width);
  const kernel = Float64Array.from(
    { length: 2 * reach + 1 },
    (_, i) => Math.exp(-(((i - reach) / width) ** 2) / 2),
  );
  const sum = kernel.reduce((total, value) => total + value, 0);
  return kernel.map((value) => value / sum);
}

/**
 * Draws the masses of a catalog, log10 [Msun/h], ascending by bin.
 *
 * Each bin holds a Poisson number of clusters, uniform in log mass within the bin. The paper's
 * "x < S" cannot do: n / n_ref exceeds 1, so that S is not a probability.
 *
 * @param counts Clusters expected in each bin
 * @param random One number per bin (for means below 32), then one per cluster of it
 */
export function drawMasses(bins: MassBins, counts: Float64Array, random: Random): Float64Array {
  const logMass: number[] = [];
  for (let i = 0; i < counts.length; i++) {
    const drawn = random.poisson(counts[i]!);
    for (let j = 0; j < drawn; j++) {
      logMass.push(bins.logMassMin + (i + random.uniform()) * MASS_BIN);
    }
  }
  return Float64Array.from(logMass);
}
