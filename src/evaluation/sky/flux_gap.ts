/**
 * Tests whether a catalog reaches down to its survey's flux limit: the sharpest test of a
 * flux-limited sample's units, limit and completeness.
 */
import type { SkyClusters } from "../../catalogs/sky/sky_clusters.ts";
import type { SkySurvey } from "../../catalogs/sky/survey.ts";

/** The gap between the flux limit and the faintest cluster. */
export interface FluxGap {
  /** (ln least flux - ln limit) N / mean(ln flux - ln limit): exponential with mean 1. */
  readonly value: number;
  /** Probability of a gap at least as wide. */
  readonly probability: number;
  /** Flux of the faintest cluster over the limit. */
  readonly ratio: number;
}

/** The gap of a catalog of one cluster or more at or above the limit. */
export function measureFluxGap({ lnFlux }: SkyClusters, { fluxLimit }: SkySurvey): FluxGap {
  const lnLimit = Math.log(fluxLimit);
  const excess = lnFlux.map((value) => value - lnLimit);
  const least = excess.reduce((a, b) => Math.min(a, b));
  const mean = excess.reduce((a, b) => a + b, 0) / excess.length;
  const value = mean > 0 ? Math.max(least, 0) * excess.length / mean : 0;
  return { value, probability: Math.exp(-value), ratio: Math.exp(least) };
}

/** A gap less probable than this is a mistake in unit or limit, not chance. */
const LEAST_PROBABILITY = 1e-9;

/**
 * Refuses a catalog whose fluxes are in another unit than the survey's limit, or that has another
 * limit.
 *
 * @throws {RangeError} If the probability of the flux gap is below 1e-9
 */
export function refuseFluxGap(clusters: SkyClusters, survey: SkySurvey): void {
  const { probability, ratio } = measureFluxGap(clusters, survey);
  if (probability >= LEAST_PROBABILITY) return;
  throw new RangeError(
    `Cannot use catalog: its faintest flux is ${ratio.toPrecision(3)} times the survey's limit, ` +
      `which has a probability of ${probability.toExponential(0)}; fluxes and limit should be in ` +
      "1e-12 erg/s/cm2, and the limit the catalog's own",
  );
}
