/**
 * The statistics by which one catalog is compared with others: of each quantity alone, of each
 * pair, and of the terse values. A statistic is one number per catalog, so that a catalog's own
 * biases, which all its clusters share, count once.
 */
import type { ObservedClusters } from "../../clusters/cluster_table.ts";
import type { ObservedField } from "../../observed/column_mapping.ts";
import { FIELD_WIDTHS } from "../../observed/column_mapping.ts";
import { maximumMeanDiscrepancy, meanOwnKernel } from "../../numerics/maximum_mean_discrepancy.ts";
import {
  correlation,
  fitLine,
  mean,
  sortedDistance,
  sortedQuantiles,
  standardDeviation,
} from "../../numerics/statistics.ts";

/** One number per cluster, in the order of the catalog. */
export interface Quantity {
  /**
   * Name of the quantity: "logTemperature", "logGasMassProfile_0" (the innermost shell) or "terse".
   */
  readonly name: string;
  /** Kind of the quantity: shells of a profile are checked one by one, and not in pairs. */
  readonly kind: "scalar" | "shell";
  /** One per cluster, [clusters]; those of a shell are copied out each time. */
  readonly values: Float64Array;
}

/** Name of the encoder's value as a quantity. */
export const TERSE = "terse";

/** Distribution of a quantity over the clusters of all reference catalogs. */
export interface Pool {
  /** Name of the quantity. */
  readonly name: string;
  /** Least value of the pool. */
  readonly min: number;
  /** Greatest value of the pool. */
  readonly max: number;
  /** Median, at which lines are compared. */
  readonly pivot: number;
  /** Equally probable values, ascending: the pool's distribution without its noise. */
  readonly sample: Float64Array;
  /** The sample's own part of the discrepancy from it; see {@linkcode kernelWidth}. */
  readonly ownKernel: number;
}

/** Families of statistics. */
export type StatisticKind = "columns" | "relations" | "terse";

/** One number of a catalog. */
export interface Statistic {
  /** Name of the statistic, as reasons give it. */
  readonly name: string;
  /** Family of the statistic. */
  readonly kind: StatisticKind;
  /**
   * Whether it is one of the statistics that are combined in one distance; distances themselves are
   * not.
   */
  readonly isJoint: boolean;
  /**
   * The side on which values are suspicious: "upper" where low values mean nothing, as for
   * distances.
   */
  readonly sides: "both" | "upper";
  /** The number itself. */
  readonly value: number;
}

/** The quantities of a catalog that a network reads, and the terse values if they vary. */
export function listQuantities(
  clusters: ObservedClusters,
  fields: readonly ObservedField[],
  terse: Float64Array | null,
): Quantity[] {
  const quantities: Quantity[] = fields.flatMap((field): Quantity[] => {
    const width = FIELD_WIDTHS[field];
    if (width === 1) return [{ name: field, kind: "scalar", values: clusters[field] }];
    return Array.from({ length: width }, (_, shell) => ({
      name: `${field}_${shell}`,
      kind: "shell",
      get values() {
        return columnOf(clusters[field], width, shell);
      },
    }));
  });
  return terse === null
    ? quantities
    : [...quantities, { name: TERSE, kind: "scalar", values: terse }];
}

/** A column of a row-major table. */
function columnOf(table: Float64Array, width: number, column: number): Float64Array {
  const values = new Float64Array(table.length / width);
  for (let i = 0; i < values.length; i++) values[i] = table[i * width + column]!;
  return values;
}

/** Points of a pool's sample: steps of half a percent, well below the noise of a single catalog. */
const POOL_POINTS = 200;

/** Pools the clusters of many catalogs. */
export function poolQuantity(name: string, parts: readonly Float64Array[]): Pool {
  const values = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  values.sort();
  const points = Float64Array.from({ length: POOL_POINTS }, (_, i) => (i + 0.5) / POOL_POINTS);
  const [min, pivot, max] = sortedQuantiles(values, [0, 0.5, 1]);
  const sample = sortedQuantiles(values, points);
  return makePool({ name, min: min!, max: max!, pivot: pivot!, sample });
}

/** A pool, completed with what follows from its sample. */
export function makePool(pool: Omit<Pool, "ownKernel">): Pool {
  return { ...pool, ownKernel: meanOwnKernel(pool.sample, kernelWidth(pool)) };
}

/** Quantiles of a quantity that are statistics; tails show where a sample is cut. */
const TAILS: readonly number[] = [0.05, 0.95];

/**
 * All statistics of a catalog, the natural log of its number of clusters first.
 *
 * @param quantities Each with two values or more that differ
 * @param pools One for each quantity
 * @param wanted Distances, which are not joint and take most of the time, are NaN where only joint
 * statistics are wanted
 */
export function measureStatistics(
  quantities: readonly Quantity[],
  pools: readonly Pool[],
  wanted: "all" | "joint" = "all",
): Statistic[] {
  const count = quantities[0]!.values.length;
  const scalars = quantities.flatMap((quantity, q) =>
    quantity.kind === "scalar" ? [{ ...quantity, pool: pools[q]! }] : []
  );
  return [
    { name: "ln N", kind: "columns", isJoint: true, sides: "both", value: Math.log(count) },
    ...quantities.flatMap((quantity, q) => describeQuantity(quantity, pools[q]!, wanted)),
    ...scalars.flatMap((y, j) => scalars.slice(0, j).flatMap((x) => describePair(x, y))),
  ];
}

function describeQuantity(
  { name, kind: shape, values }: Quantity,
  pool: Pool,
  wanted: "all" | "joint",
): Statistic[] {
  const kind = name === TERSE ? "terse" : "columns";
  const isJoint = shape === "scalar";
  const distances = wanted === "all";
  const sorted = distances || shape !== "shell" ? new Float64Array(values).sort() : values;
  const both = { kind, isJoint, sides: "both" } as const;
  const apart = { kind, isJoint: false, sides: "upper" } as const;
  const alone: Statistic[] = [
    { name: `mean of ${name}`, ...both, isJoint: true, value: mean(values) },
    { name: `width of ${name}`, ...both, value: standardDeviation(values) },
    {
      name: `KS distance of ${name}`,
      ...apart,
      value: distances ? sortedDistance(sorted, pool.sample) : NaN,
    },
  ];
  if (name === TERSE) {
    const value = distances ? discrepancyFrom(pool, values) : NaN;
    alone.push({ name: "maximum mean discrepancy of terse", ...apart, value });
  }
  if (shape === "shell") return alone;
  const [low, high] = sortedQuantiles(sorted, TAILS);
  return [
    ...alone,
    { name: `lowest 5% of ${name}`, ...both, value: low! },
    { name: `highest 5% of ${name}`, ...both, value: high! },
  ];
}

/** The maximum mean discrepancy of values from a pool. */
function discrepancyFrom(pool: Pool, values: Float64Array): number {
  const width = kernelWidth(pool);
  const square = maximumMeanDiscrepancy(values, pool.sample, width, pool.ownKernel);
  return Math.sqrt(Math.max(0, square)); // rounding may leave -1e-17
}

/** Width of the kernel: the spread of the pool's own values. */
export function kernelWidth({ sample }: Pick<Pool, "sample">): number {
  return standardDeviation(sample);
}

/** Residuals below this share of the spread are rounding: the relation is exact. */
const EXACT = 1e-5;

/**
 * Root mean square over mean absolute value of Gaussian residuals, assumed where there are none.
 */
const GAUSSIAN_TAIL = Math.sqrt(Math.PI / 2);

type Pooled = Quantity & { readonly pool: Pool };

/** The line of y on x at the pool's median, its slope, scatter and outliers. */
function describePair(x: Pooled, y: Pooled): Statistic[] {
  const kind = y.name === TERSE ? "terse" : "relations";
  const { slope, intercept, scatter } = fitLine(x.values, y.values);
  const sizes = y.values.map((value, i) => Math.abs(value - slope * x.values[i]! - intercept));
  const isExact = !(scatter > EXACT * standardDeviation(y.values));
  const pair = `${y.name} on ${x.name}`;
  const at = `${y.name} at ${x.name} ${x.pool.pivot.toFixed(2)}`;
  const joint = { kind, isJoint: true, sides: "both" } as const;
  const statistics: Statistic[] = [
    { name: at, ...joint, value: slope * x.pool.pivot + intercept },
    { name: `slope of ${pair}`, ...joint, value: slope },
    { name: `scatter of ${pair}`, ...joint, value: isExact ? 0 : scatter },
    {
      name: `outliers of ${pair} (rms over mean residual)`,
      ...joint,
      sides: "upper",
      value: isExact ? GAUSSIAN_TAIL : scatter / mean(sizes),
    },
  ];
  if (kind === "relations") return statistics;
  const r = correlation(x.values, y.values);
  return [...statistics, { name: `r(terse, ${x.name})`, ...joint, isJoint: false, value: r }];
}
