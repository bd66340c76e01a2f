/** Where catalogs pass from flux- to volume-limited, and their median masses (Fig. 12). */
import type { Catalog } from "../catalogs/catalog.ts";
import type { CatalogParameters } from "../catalogs/priors.ts";
import { median } from "../numerics/statistics.ts";

/** Least and largest value over catalogs, log10 M500c [Msun/h]: a rectangle of Fig. 12. */
export interface MassRange {
  /** Least. */
  readonly from: number;
  /** Largest. */
  readonly to: number;
}

/** The two rectangles of Fig. 12. */
export interface CatalogMassRanges {
  /** Where the catalogs pass from flux- to volume-limited. */
  readonly transition: MassRange;
  /** Median masses of the catalogs. */
  readonly median: MassRange;
}

/** log10 mass [Msun/h] at which a catalog of these parameters turns from flux- to volume-limited. */
export type TransitionMass = (parameters: CatalogParameters) => number;

/**
 * Least and largest transition mass and median mass over catalogs: the rectangles of Fig. 12.
 *
 * @param transition For mocks of a survey, `breakLogMass` with the survey and its luminosity relation
 * @throws {RangeError} If there are no catalogs, or one has no clusters
 */
export function catalogMassRanges(
  catalogs: readonly Catalog[],
  transition: TransitionMass,
): CatalogMassRanges {
  if (catalogs.length === 0) {
    throw new RangeError("Cannot find mass ranges: there are 0 catalogs, should be 1 or more");
  }
  return {
    transition: rangeOf(catalogs.map(({ parameters }) => transition(parameters))),
    median: rangeOf(catalogs.map(({ clusters }) => median(clusters.logMass))),
  };
}

function rangeOf(values: readonly number[]): MassRange {
  return {
    from: values.reduce((a, b) => Math.min(a, b)),
    to: values.reduce((a, b) => Math.max(a, b)),
  };
}
