/** Leave one out (section 5.1, Fig. 9): the change of sigma8 when one cluster is removed. */
import type { Catalog } from "../catalogs/catalog.ts";
import type { FeatureArray } from "../features/features.ts";
import type { Model } from "../model.ts";
import { gather } from "../numerics/arrays.ts";
import { fitLine, quantile, quantiles } from "../numerics/statistics.ts";
import type { FigureColumns, Headlines } from "./columns.ts";
import type { MassBinOptions, SparseBin } from "./mass_bins.ts";
import { binByMass } from "./mass_bins.ts";
import { predictWithout } from "./omission.ts";
import { checkJoin } from "./terse_table.ts";

/** Quantiles of the changes in one mass bin (Fig. 9, left). Changes are in sigma8. */
export interface ChangeBand {
  /** Lower edge, log10 M500c [Msun/h]. */
  readonly from: number;
  /** Upper edge, log10 M500c [Msun/h]. */
  readonly to: number;
  /** Number of clusters. */
  readonly count: number;
  /** The median change. */
  readonly median: number;
  /** Low end of the middle 68%: the quantile 0.16. */
  readonly low68: number;
  /** High end of the middle 68%: the quantile 0.84. */
  readonly high68: number;
  /** Low end of the middle 95%: the quantile 0.025. */
  readonly low95: number;
  /** High end of the middle 95%: the quantile 0.975. */
  readonly high95: number;
}

/** Cumulative distribution of the changes of the clusters above a mass (Fig. 9, right). */
export interface ChangeDistribution {
  /** log10 M500c [Msun/h]; `null`: all clusters. */
  readonly above: number | null;
  /** Number of clusters. */
  readonly count: number;
  /** Share of the clusters whose absence lowers sigma8, 0 to 1. */
  readonly lowered: number;
  /** Ascending, 0 to 1. */
  readonly probability: Float64Array;
  /** The change that this share of the clusters does not exceed, ascending. */
  readonly change: Float64Array;
}

/** What the absence of each cluster does to the predicted sigma8. */
export interface LeaveOneOut {
  /** Number of clusters left out, one at a time. */
  readonly count: number;
  /** Place of each cluster's catalog among those given, [count]. */
  readonly catalog: Uint32Array;
  /** Row of each cluster in its catalog's features, [count]. */
  readonly row: Uint32Array;
  /** log10 M500c [Msun/h], [count] */
  readonly logMass: Float64Array;
  /** sigma8 without the cluster minus sigma8 with it, [count]. */
  readonly change: Float64Array;
  /** sigma8 predicted from each whole catalog, [catalogs]. */
  readonly original: Float64Array;
  /** Catalogs of a single cluster, which cannot lose it; their clusters are not counted. */
  readonly skipped: number;
  /** Mass bins with enough clusters, ascending in mass. */
  readonly bands: readonly ChangeBand[];
  /** Mass bins with too few clusters to be shown, ascending in mass. */
  readonly sparse: readonly SparseBin[];
  /**
   * Distributions of all clusters, then by benchmark; benchmarks with too few clusters are left
   * out.
   */
  readonly distributions: readonly ChangeDistribution[];
  /** 68% of the changes are smaller than this, either sign; the paper's 0.003. */
  readonly halfWidth: number;
}

/** How the changes are summarized. */
export interface LeaveOneOutOptions extends MassBinOptions {
  /** log10 masses of the distributions; {@linkcode BENCHMARK_MASSES} unless given. */
  readonly benchmarks?: readonly number[];
}

/** log10 masses [Msun/h] above which Fig. 9 shows distributions, in addition to that of all clusters. */
const BENCHMARK_MASSES: readonly number[] = [14.2, 14.4, 14.6, 14.8];

/** Fewest clusters of a band or distribution: below it the 2.5% tail is less than one cluster. */
const FEWEST_CHANGES = 40;

/** Points of a cumulative distribution, every 0.5%. */
const DISTRIBUTION_POINTS = 201;

/** Share of the changes within the half width: the middle 68% of section 5.1. */
const MIDDLE = 0.68;

/**
 * Leaves out every cluster of every catalog, one at a time.
 *
 * All leave-one-outs of a catalog share one encoder pass, because a cluster's terse value does not
 * depend on its neighbors; the regression runs once for each. The arrays handed to
 * `model.regress` are overwritten when it has resolved.
 *
 * @example A model that adds up terse values loses the terse value left out
 * ```ts
 * import { leaveOneOut } from "@clusters/terse";
 * import type { Catalog, FeatureArray, Model } from "@clusters/terse";
 * import { assertEquals } from "@std/assert";
 *
 * const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
 * const model: Pick<Model, "encode" | "regress"> = {
 *   encode: (catalog) => Promise.resolve(catalog.pixels),
 *   regress: (all) => Promise.resolve(Float64Array.from(all, ({ terse }) => sum(terse))),
 * };
 * const features = {
 *   count: 2, width: 1, supplementaryWidth: 0, sigma8: 0.8,
 *   pixels: Float32Array.of(0.5, 0.25), supplementary: new Float32Array(0), rows: Uint32Array.of(1, 0),
 *   tie: new Float32Array(0),
 * } satisfies FeatureArray;
 * const clusters = { count: 2, logMass: Float64Array.of(14.5, 14.1) };
 * const catalog = { parameters: { sigma8: 0.8 }, clusters } as unknown as Catalog;
 *
 * const { logMass, change } = await leaveOneOut(model, [features], [catalog]);
 * assertEquals([...logMass], [14.1, 14.5]);
 * assertEquals([...change], [-0.5, -0.25]);
 * ```
 *
 * @param model Only `encode` and `regress` are used
 * @param features Inputs built from `catalogs`, in the same order
 * @throws {TypeError} If the features are not those of the catalogs
 * @throws {RangeError} If a catalog is empty, none has two clusters, or a prediction is not finite
 */
export async function leaveOneOut(
  model: Pick<Model, "encode" | "regress">,
  features: readonly FeatureArray[],
  catalogs: readonly Catalog[],
  options: LeaveOneOutOptions = {},
): Promise<LeaveOneOut> {
  checkJoin(features, catalogs);
  const predicted = await predictWithout(model, features);
  const kept = features.filter(({ count }) => count > 1);
  const count = kept.reduce((sum, catalog) => sum + catalog.count, 0);
  const columns = {
    catalog: new Uint32Array(count),
    row: new Uint32Array(count),
    logMass: new Float64Array(count),
    change: new Float64Array(count),
  };
  let i = 0;
  for (const [c, { rows }] of features.entries()) {
    const { whole, without } = predicted[c]!;
    const { logMass } = catalogs[c]!.clusters;
    for (let r = 0; r < without.length; r++, i++) {
      columns.catalog[i] = c;
      columns.row[i] = r;
      columns.logMass[i] = logMass[rows[r]!]!;
      columns.change[i] = without[r]! - whole;
    }
  }
  return {
    count,
    ...columns,
    original: Float64Array.from(predicted, ({ whole }) => whole),
    skipped: features.length - kept.length,
    ...summarizeChanges(columns.logMass, columns.change, options),
    halfWidth: quantile(columns.change.map(Math.abs), MIDDLE),
  };
}

function summarizeChanges(
  logMass: Float64Array,
  change: Float64Array,
  options: LeaveOneOutOptions,
): Pick<LeaveOneOut, "bands" | "sparse" | "distributions"> {
  const { benchmarks = BENCHMARK_MASSES, fewest = FEWEST_CHANGES, ...binning } = options;
  const { bins, sparse } = binByMass(logMass, { ...binning, fewest });
  const distributions = [describeAbove(null, change)];
  for (const above of benchmarks) {
    const heavy = change.filter((_, i) => logMass[i]! > above);
    if (heavy.length >= fewest) distributions.push(describeAbove(above, heavy));
  }
  return {
    bands: bins.map(({ from, to, members }) => ({
      from,
      to,
      count: members.length,
      ...describeBand(gather(change, members)),
    })),
    sparse,
    distributions,
  };
}

function describeBand(
  change: Float64Array,
): Pick<ChangeBand, "median" | "low68" | "high68" | "low95" | "high95"> {
  const [low95, low68, median, high68, high95] = quantiles(change, [0.025, 0.16, 0.5, 0.84, 0.975]);
  return { median: median!, low68: low68!, high68: high68!, low95: low95!, high95: high95! };
}

function describeAbove(above: number | null, change: Float64Array): ChangeDistribution {
  const probability = Float64Array.from(
    { length: DISTRIBUTION_POINTS },
    (_, i) => i / (DISTRIBUTION_POINTS - 1),
  );
  return {
    above,
    count: change.length,
    lowered: change.filter((value) => value < 0).length / change.length,
    probability,
    change: quantiles(change, probability),
  };
}

/**
 * The numbers of Fig. 9: panels `bands` (left), `distributions` (right, one column per benchmark) and
 * `clusters`, one row per cluster.
 */
export function leaveOneOutColumns(result: LeaveOneOut): FigureColumns {
  const { catalog, row, logMass, change, bands, distributions } = result;
  const band = (name: keyof ChangeBand) => bands.map((band) => band[name]);
  const distribution: Record<string, ArrayLike<number>> = {
    probability: distributions[0]!.probability,
  };
  for (const { above, change } of distributions) {
    distribution[above === null ? "change_all" : `change_above_${above}`] = change;
  }
  return {
    bands: {
      from: bands.map(({ from }) => from),
      to: band("to"),
      count: band("count"),
      low95: band("low95"),
      low68: band("low68"),
      median: band("median"),
      high68: band("high68"),
      high95: band("high95"),
    },
    distributions: distribution,
    clusters: { catalog, row, logMass, change },
  };
}

/** log10 mass [Msun/h] above which the paper sees the changes fall with mass (section 5.1). */
const FALL_FROM = 14.2;

/**
 * `half width`; `fall`, the slope of the band medians above 10^14.2 in sigma8 per dex, negative if
 * massive clusters matter more; and `lowered`, the share of the clusters above the highest
 * benchmark shown whose absence lowers sigma8.
 */
export function leaveOneOutHeadlines(result: LeaveOneOut): Headlines {
  const high = result.bands.filter(({ from }) => from >= FALL_FROM);
  return {
    "half width": result.halfWidth,
    fall: high.length < 2 ? null : fitLine(
      high.map(({ from, to }) => (from + to) / 2),
      high.map(({ median }) => median),
    ).slope,
    lowered: result.distributions.at(-1)!.lowered,
  };
}
