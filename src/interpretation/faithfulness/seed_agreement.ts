/** Whether networks that differ in their seed alone say the same of one set of catalogs. */
import { mean } from "../../numerics/statistics.ts";
import { correlateIfVaried } from "../catalog_correlation.ts";
import { cosine } from "./judged_clusters.ts";

/** What one network says. */
export interface SeedFindings {
  /** Mean of d terse / d normalized pixel over all clusters, [width]. */
  readonly meanGradient: Float64Array;
  /** Terse values of all clusters, in one order for all networks. */
  readonly terse: Float64Array;
  /** Leave-one-out changes of all clusters, in one order for all networks. */
  readonly change: Float64Array;
}

/** Mean and least of a measure over all pairs of networks. */
export interface PairSpread {
  /** Mean over pairs. */
  readonly mean: number;
  /** The pair that agrees least. */
  readonly min: number;
}

/** How far seeds agree. */
export interface SeedAgreement {
  /** Number of networks. */
  readonly networks: number;
  /** Cosine of mean gradients. */
  readonly saliency: PairSpread;
  /** Correlation of terse values. */
  readonly terse: PairSpread;
  /** Correlation of leave-one-outs. */
  readonly leaveOneOut: PairSpread;
}

/**
 * Compares all pairs; `null` for fewer than two networks. A network that is constant agrees with none:
 * its correlations are 0.
 */
export function compareSeeds(networks: readonly SeedFindings[]): SeedAgreement | null {
  if (networks.length < 2) return null;
  const pairs = networks.flatMap((a, i) => networks.slice(i + 1).map((b) => [a, b] as const));
  const spread = (measure: (a: SeedFindings, b: SeedFindings) => number): PairSpread => {
    const values = pairs.map(([a, b]) => measure(a, b));
    return { mean: mean(values), min: values.reduce((least, x) => Math.min(least, x)) };
  };
  return {
    networks: networks.length,
    saliency: spread((a, b) => cosine(a.meanGradient, b.meanGradient)),
    terse: spread((a, b) => correlateIfVaried(a.terse, b.terse) ?? 0),
    leaveOneOut: spread((a, b) => correlateIfVaried(a.change, b.change) ?? 0),
  };
}
