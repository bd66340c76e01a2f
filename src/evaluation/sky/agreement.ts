/** How close a network's posteriors are to the explicit ones of the same mock catalogs. */
import { correlation, mean, median } from "../../numerics/statistics.ts";
import {
  type JudgedCosmology,
  type JudgedNumber,
  SKY_COSMOLOGY,
  type SkyCosmologyName,
} from "./coverage.ts";

/** Posteriors of one quantity by a network, compared with the explicit ones. */
export interface SkyAgreement {
  /** Root mean square of the network's posterior mean minus truth. */
  readonly rmsError: number;
  /** Root mean square of the explicit posterior mean minus truth. */
  readonly explicitRmsError: number;
  /** Mean width of the network's posteriors over that of the explicit ones. */
  readonly widthRatio: number;
  /** Median of the ratios of widths. */
  readonly medianWidthRatio: number;
  /** Mean of the network's mean minus the explicit mean, in explicit widths. */
  readonly shift: number;
  /** Root mean square of the network's mean minus the explicit mean, in explicit widths. */
  readonly distance: number;
  /** Correlation of the widths. */
  readonly widthCorrelation: number;
}

/**
 * Compares posteriors of the same mocks, quantity by quantity.
 *
 * @param own The network's, one per mock, two or more
 * @param explicit Those of the likelihood, in the same order
 */
export function compareJudged(
  own: readonly JudgedCosmology[],
  explicit: readonly JudgedCosmology[],
): Record<SkyCosmologyName, SkyAgreement> {
  const names = Object.keys(SKY_COSMOLOGY) as SkyCosmologyName[];
  return Object.fromEntries(names.map((name) => [
    name,
    compareNumbers(own.map((mock) => mock[name]), explicit.map((mock) => mock[name])),
  ])) as Record<SkyCosmologyName, SkyAgreement>;
}

function compareNumbers(
  own: readonly JudgedNumber[],
  explicit: readonly JudgedNumber[],
): SkyAgreement {
  const widths = own.map(({ deviation }) => deviation);
  const others = explicit.map(({ deviation }) => deviation);
  const distances = own.map((x, i) => (x.mean - explicit[i]!.mean) / others[i]!);
  return {
    rmsError: root(own.map((x) => x.mean - x.truth)),
    explicitRmsError: root(explicit.map((x) => x.mean - x.truth)),
    widthRatio: mean(widths) / mean(others),
    medianWidthRatio: median(widths.map((width, i) => width / others[i]!)),
    shift: mean(distances),
    distance: root(distances),
    widthCorrelation: correlation(widths, others),
  };
}

function root(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((x) => x * x)));
}
