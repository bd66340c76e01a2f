/**
 * Self-calibration (section 5.2.1, Eqs. 5-6, Figs. 13-14; App. A, Fig. 18): what the number of
 * clusters and the median Y_X of a catalog tell of sigma8, without a network.
 */
import { thereAre } from "../numerics/counted.ts";
import type { Catalog } from "../catalogs/catalog.ts";
import { mean, median, standardDeviation } from "../numerics/statistics.ts";
import type { FigureColumns, Headlines } from "./columns.ts";

/** One row per catalog, in the order given. All arrays are [count]. */
export interface CatalogSummaries {
  /** Number of catalogs. */
  readonly count: number;
  /** Number of clusters of each. */
  readonly clusterCount: Float64Array;
  /** Median log10 Y_X [keV Msun/h] */
  readonly medianLogYx: Float64Array;
  /** Median log10 L_X [1e44 erg/s] */
  readonly medianLogLuminosity: Float64Array;
  /** The label of each. */
  readonly sigma8: Float64Array;
}

/** The catalogs of one bin of the (N_cluster, median Y_X) plane. */
export interface CalibrationCell {
  /** Lower edge in number of clusters. */
  readonly countFrom: number;
  /** Upper edge in number of clusters. */
  readonly countTo: number;
  /** Lower edge in median log10 Y_X [keV Msun/h]. */
  readonly logYxFrom: number;
  /** Upper edge in median log10 Y_X [keV Msun/h]. */
  readonly logYxTo: number;
  /** Number of catalogs. */
  readonly catalogs: number;
  /** Mean sigma8. */
  readonly mean: number;
  /** Standard deviation of sigma8 in the bin (n - 1). */
  readonly scatter: number;
}

/** A highlighted bin of Fig. 14 with the sigma8 of its catalogs. */
export interface CalibrationRegion extends CalibrationCell {
  /** A has the lower sigma8. */
  readonly name: "A" | "B";
  /** sigma8 of each of its catalogs. */
  readonly sigma8: Float64Array;
}

/** sigma8 over the (N_cluster, median Y_X) plane (Figs. 14 and 18). */
export interface SelfCalibration {
  /** Number of catalogs. */
  readonly catalogs: number;
  /** Catalogs in bins that are left out because they hold too few. */
  readonly sparse: number;
  /** Edges in number of clusters, [bins + 1]. */
  readonly countEdges: Float64Array;
  /** Edges in median log10 Y_X [keV Msun/h], [bins + 1]. */
  readonly logYxEdges: Float64Array;
  /** Bins with enough catalogs only: a bin that is not listed is a gap. */
  readonly cells: readonly CalibrationCell[];
  /** The fullest bins with mean sigma8 below (A) and above (B) the middle; fewer where there are none. */
  readonly regions: readonly CalibrationRegion[];
  /** Scatter of sigma8 in a bin, pooled over the bins by their counts; `null` without bins. */
  readonly scatter: number | null;
  /** Standard deviation (n - 1) of sigma8 over all catalogs: what is known without the plane. */
  readonly priorScatter: number;
}

/** How the plane is binned. */
export interface SelfCalibrationOptions {
  /** Bins along each axis; {@linkcode PLANE_BINS} unless given. */
  readonly bins?: number;
  /** Fewest catalogs of a bin that is shown; {@linkcode FEWEST_IN_CELL} unless given, 2 or more. */
  readonly fewest?: number;
}

/** Bins along each axis: 4968 catalogs then fill some 150 bins with 30 each. */
const PLANE_BINS = 20;

/** Fewest catalogs of a bin: the standard deviation of 5 is good to a third. */
const FEWEST_IN_CELL = 5;

/**
 * The number of clusters and the medians of each catalog: Eqs. 5 and 6's observables.
 *
 * @throws {RangeError} If a catalog has no clusters
 */
export function summarizeCatalogs(catalogs: readonly Catalog[]): CatalogSummaries {
  const column = (value: (catalog: Catalog) => number) => Float64Array.from(catalogs, value);
  return {
    count: catalogs.length,
    clusterCount: column(({ clusters }) => clusters.count),
    medianLogYx: column(({ clusters }) => median(logYxOf(clusters))),
    medianLogLuminosity: column(({ clusters }) => median(clusters.logLuminosity)),
    sigma8: column(({ parameters }) => parameters.sigma8),
  };
}

/** log10 Y_X = log10 (Mgas T) of each cluster [keV Msun/h]. */
export function logYxOf(clusters: Catalog["clusters"]): Float64Array {
  return clusters.logGasMass.map((value, i) => value + clusters.logTemperature[i]!);
}

/**
 * Bins sigma8 in the (N_cluster, median Y_X) plane: what the two tell of it together.
 *
 * The bins divide the range of the catalogs evenly, so every survey has its own plane. Region A is
 * the fullest bin with mean sigma8 below that of all catalogs, B the fullest at or above it.
 *
 * @example Where sigma8 follows from the number of clusters no scatter is left in a bin
 * ```ts
 * import { calibrateByCounts } from "@clusters/terse";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const clusterCount = Float64Array.of(50, 50, 90, 90);
 * const { scatter, priorScatter } = calibrateByCounts({
 *   count: 4,
 *   clusterCount,
 *   medianLogYx: Float64Array.of(13.1, 13.2, 13.1, 13.2),
 *   medianLogLuminosity: Float64Array.of(0, 0, 0, 0),
 *   sigma8: clusterCount.map((count) => 0.7 + count / 1000),
 * }, { bins: 1, fewest: 2 });
 * assertAlmostEquals(scatter!, priorScatter);
 * ```
 *
 * @throws {RangeError} If there are fewer than two catalogs, or an option is out of range
 */
export function calibrateByCounts(
  summaries: CatalogSummaries,
  options: SelfCalibrationOptions = {},
): SelfCalibration {
  const { bins = PLANE_BINS, fewest = FEWEST_IN_CELL } = options;
  checkPlane(summaries, bins, fewest);
  const { clusterCount, medianLogYx, sigma8 } = summaries;
  const countEdges = divideRange(clusterCount, bins);
  const logYxEdges = divideRange(medianLogYx, bins);
  const values = new Map<number, number[]>();
  for (let c = 0; c < summaries.count; c++) {
    const place = locate(clusterCount[c]!, countEdges) * bins + locate(medianLogYx[c]!, logYxEdges);
    const others = values.get(place);
    if (others) others.push(sigma8[c]!);
    else values.set(place, [sigma8[c]!]);
  }
  const filled = [...values]
    .filter(([, inside]) => inside.length >= fewest)
    .sort(([a], [b]) => a - b)
    .map(([place, inside]) => describeCell(place, inside, countEdges, logYxEdges));
  return {
    catalogs: summaries.count,
    sparse: summaries.count - filled.reduce((sum, { catalogs }) => sum + catalogs, 0),
    countEdges,
    logYxEdges,
    cells: filled.map(({ sigma8: _, ...cell }) => cell),
    regions: chooseRegions(filled, mean(sigma8)),
    scatter: poolScatter(filled),
    priorScatter: sampleDeviation(sigma8),
  };
}

type FilledCell = CalibrationCell & { readonly sigma8: Float64Array };

function describeCell(
  place: number,
  inside: readonly number[],
  countEdges: Float64Array,
  logYxEdges: Float64Array,
): FilledCell {
  const bins = countEdges.length - 1;
  const row = Math.floor(place / bins);
  const column = place % bins;
  return {
    countFrom: countEdges[row]!,
    countTo: countEdges[row + 1]!,
    logYxFrom: logYxEdges[column]!,
    logYxTo: logYxEdges[column + 1]!,
    catalogs: inside.length,
    mean: mean(inside),
    scatter: sampleDeviation(inside),
    sigma8: Float64Array.from(inside),
  };
}

function chooseRegions(cells: readonly FilledCell[], middle: number): CalibrationRegion[] {
  const fullest = (some: readonly FilledCell[]) =>
    some.reduce<FilledCell | null>(
      (best, cell) => best === null || cell.catalogs > best.catalogs ? cell : best,
      null,
    );
  const a = fullest(cells.filter((cell) => cell.mean < middle));
  const b = fullest(cells.filter((cell) => cell.mean >= middle));
  return [
    ...(a ? [{ name: "A" as const, ...a }] : []),
    ...(b ? [{ name: "B" as const, ...b }] : []),
  ];
}

/** Root mean square of the bins' scatters, weighted by n - 1: the pooled standard deviation. */
function poolScatter(cells: readonly CalibrationCell[]): number | null {
  const weight = cells.reduce((sum, { catalogs }) => sum + catalogs - 1, 0);
  if (weight === 0) return null;
  const squares = cells.reduce((sum, cell) => sum + (cell.catalogs - 1) * cell.scatter ** 2, 0);
  return Math.sqrt(squares / weight);
}

/** The standard deviation with n - 1, of two values or more. */
function sampleDeviation(values: ArrayLike<number>): number {
  return standardDeviation(values) * Math.sqrt(values.length / (values.length - 1));
}

/** Edges of equal bins from the least to the largest value; a range of nothing is one wide. */
function divideRange(values: Float64Array, bins: number): Float64Array {
  const min = values.reduce((a, b) => Math.min(a, b));
  const max = values.reduce((a, b) => Math.max(a, b));
  const width = (max > min ? max - min : 1) / bins;
  return Float64Array.from(
    { length: bins + 1 },
    (_, i) => i === bins && max > min ? max : min + i * width,
  );
}

/** The bin of a value within the edges; the last bin holds its upper edge. */
function locate(value: number, edges: Float64Array): number {
  let bin = 0;
  while (bin < edges.length - 2 && value >= edges[bin + 1]!) bin++;
  return bin;
}

/**
 * The numbers of Figs. 14 and 18: panels `cells`, one row per bin that has enough catalogs, and
 * `region_A` and `region_B`, sigma8 of their catalogs.
 */
export function selfCalibrationColumns(calibration: SelfCalibration): FigureColumns {
  const column = (name: keyof CalibrationCell) => calibration.cells.map((cell) => cell[name]);
  const panels: Record<string, Readonly<Record<string, ArrayLike<number>>>> = {
    cells: {
      countFrom: column("countFrom"),
      countTo: column("countTo"),
      logYxFrom: column("logYxFrom"),
      logYxTo: column("logYxTo"),
      catalogs: column("catalogs"),
      mean: column("mean"),
      scatter: column("scatter"),
    },
  };
  for (const { name, sigma8 } of calibration.regions) panels[`region_${name}`] = { sigma8 };
  return panels;
}

/** Scatter of sigma8 within bins, pooled and in the two regions, and its scatter before binning. */
export function selfCalibrationHeadlines(calibration: SelfCalibration): Headlines {
  const region = (name: "A" | "B") =>
    calibration.regions.find((region) => region.name === name)?.scatter ?? null;
  return {
    "scatter": calibration.scatter,
    "scatter in A": region("A"),
    "scatter in B": region("B"),
    "prior scatter": calibration.priorScatter,
  };
}

function checkPlane(summaries: CatalogSummaries, bins: number, fewest: number): void {
  if (summaries.count < 2) {
    throw new RangeError(
      `Cannot self-calibrate: ${thereAre(summaries.count, "catalog")}, should be 2 or more`,
    );
  }
  if (!(Number.isInteger(bins) && bins >= 1 && fewest >= 2)) {
    throw new RangeError(
      `Cannot self-calibrate: bins is ${bins} and fewest ${fewest}, ` +
        "should be a whole number from 1 and 2 or more",
    );
  }
}
