/** Expected clusters by mass at any parameters, read from a likelihood model's table. */
import type { MassBins } from "../catalogs/abundance.ts";
import { binCenter, MASS_BIN, selectCounts } from "../catalogs/abundance.ts";
import type { CatalogPlan } from "../catalogs/catalog.ts";
import type { CatalogParameters } from "../catalogs/priors.ts";
import { breakLogMass } from "../catalogs/survey.ts";
import type { BaseSample } from "../clusters/base_sample.ts";

/** Step of the table's nodes in sigma8; ln n(M) is then interpolated to 3e-4. */
export const SIGMA8_STEP = 0.005;

/** The part of a likelihood model that gives counts. */
export interface CountsTable {
  /** The sample from which the catalogs are drawn. */
  readonly base: BaseSample;
  /** The plan by which they are drawn. */
  readonly plan: CatalogPlan;
  /** Mass bins of {@linkcode CountsTable.lnCounts}. */
  readonly bins: MassBins;
  /** sigma8 at the nodes of {@linkcode CountsTable.lnCounts}, ascending, equally spaced. */
  readonly sigma8: Float64Array;
  /** ln of the clusters in the volume by mass bin, an array for each of `sigma8`. */
  readonly lnCounts: readonly Float64Array[];
}

/** Largest x for which exp x is computed from six terms of its series, exact to 1e-7. */
const SMALL = 0.2;

/**
 * A reader of the table: clusters expected by mass bin [bins.count], overwritten at each call; null
 * for a sigma8 outside the table.
 */
export function createCountsReader(
  { base, plan, bins, sigma8, lnCounts }: CountsTable,
): (parameters: CatalogParameters) => Float64Array | null {
  const { survey } = plan;
  const nodes = lnCounts.map((values) => values.map(Math.exp));
  const inVolume = new Float64Array(bins.below + bins.count);
  const selected = new Float64Array(bins.count);
  const lnRise = survey.slope * Math.LN10;
  // The flux limit below the break is a power of mass, up to a factor of the break.
  const power = inVolume.map((_, i) => Math.exp(lnRise * (i - bins.below) * MASS_BIN));
  const interpolate = (node: number, fraction: number) => {
    const low = lnCounts[node]!;
    const high = lnCounts[node + 1]!;
    const counts = nodes[node]!;
    for (let i = 0; i < inVolume.length; i++) {
      const x = fraction * (high[i]! - low[i]!);
      inVolume[i] = counts[i]! *
        (x < SMALL && x > -SMALL
          ? 1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5))))
          : Math.exp(x));
    }
  };
  return (parameters) => {
    const place = (parameters.sigma8 - sigma8[0]!) / SIGMA8_STEP;
    const node = Math.min(Math.floor(place), sigma8.length - 2);
    if (!(place >= 0 && place <= sigma8.length - 1)) return null;
    interpolate(node, place - node);
    const logMassBreak = breakLogMass(survey, base.relations.luminosity, parameters);
    if (survey.smoothing > 0) return selectCounts(survey, bins, inVolume, logMassBreak);
    const factor = Math.exp(lnRise * (binCenter(bins, 0) - logMassBreak));
    for (let i = 0; i < selected.length; i++) {
      const isFluxLimited = binCenter(bins, i) < logMassBreak;
      selected[i] = isFluxLimited ? inVolume[i]! * factor * power[i]! : inVolume[i]!;
    }
    return selected;
  };
}
