/** Signs of the mass at which a catalog turns volume-limited (Fig. 13): medians of Y_X and L_X. */
import { thereAre } from "../numerics/counted.ts";
import type { Catalog } from "../catalogs/catalog.ts";
import { argsort } from "../numerics/arrays.ts";
import { histogram, mean, median } from "../numerics/statistics.ts";
import { correlateIfVaried } from "./catalog_correlation.ts";
import type { FigureColumns, Headlines } from "./columns.ts";
import { logYxOf, summarizeCatalogs } from "./self_calibration.ts";
import type { TransitionMass } from "./transition.ts";

/** The average distribution of an observable over a set of catalogs (Fig. 13). */
export interface AverageDistribution {
  /** Middles of the bins, log10 of the observable. */
  readonly center: Float64Array;
  /** Mean over catalogs of each catalog's probability density, per dex. */
  readonly density: Float64Array;
  /** Median over all clusters of the set: the arrow of Fig. 13. */
  readonly median: number;
}

/** One of the two sets of catalogs of Fig. 13. */
export interface CatalogSet {
  /** Name of the set: "low" or "high" transition mass. */
  readonly name: "low" | "high";
  /** Number of catalogs. */
  readonly count: number;
  /** Mean log10 mass [Msun/h] at which these catalogs turn from flux- to volume-limited. */
  readonly transition: number;
  /** Average distribution of log10 Y_X [keV Msun/h]. */
  readonly logYx: AverageDistribution;
  /** Average distribution of log10 L_X [1e44 erg/s]. */
  readonly logLuminosity: AverageDistribution;
}

/** Fig. 13, and how well medians stand for the transition over all catalogs. */
export interface TransitionProxies {
  /** Lowest and highest transition masses, an eighth of the catalogs each. */
  readonly sets: readonly CatalogSet[];
  /** r(median log Y_X, transition log mass) over catalogs; `null` where either does not vary. */
  readonly medianYxCorrelation: number | null;
  /** r(median log L_X, transition log mass) over catalogs; `null` where either does not vary. */
  readonly medianLuminosityCorrelation: number | null;
}

/** Share of the catalogs in each set: an eighth of 4968 is 621, Fig. 13's "~ 600". */
const SET_SHARE = 1 / 8;

/** Width of the distributions' bins in dex. */
const BIN_WIDTH = 0.05;

/** Share of a bin by which the outermost edges are moved, lest rounding leave a value outside. */
const EDGE_ROUNDING = 1e-9;

/**
 * Compares the distributions of Y_X and L_X of the catalogs with the lowest and the highest
 * transition masses, and correlates the transition with the medians over all catalogs.
 *
 * @param transition For mocks of a survey, `breakLogMass` with the survey and its luminosity relation
 * @throws {RangeError} If there are fewer than two catalogs, or one has no clusters
 */
export function compareTransitions(
  catalogs: readonly Catalog[],
  transition: TransitionMass,
): TransitionProxies {
  if (catalogs.length < 2) {
    throw new RangeError(
      `Cannot compare transitions: ${thereAre(catalogs.length, "catalog")}, should be 2 or more`,
    );
  }
  const masses = catalogs.map(({ parameters }) => transition(parameters));
  const order = argsort(masses);
  const size = Math.max(1, Math.round(catalogs.length * SET_SHARE));
  const { medianLogYx, medianLogLuminosity } = summarizeCatalogs(catalogs);
  const edges = {
    logYx: coverRange(catalogs.map(({ clusters }) => logYxOf(clusters))),
    logLuminosity: coverRange(catalogs.map(({ clusters }) => clusters.logLuminosity)),
  };
  const describe = (name: CatalogSet["name"], places: Uint32Array): CatalogSet => {
    const set = Array.from(places, (place) => catalogs[place]!.clusters);
    return {
      name,
      count: set.length,
      transition: mean(Array.from(places, (place) => masses[place]!)),
      logYx: averageDensity(set.map(logYxOf), edges.logYx),
      logLuminosity: averageDensity(
        set.map(({ logLuminosity }) => logLuminosity),
        edges.logLuminosity,
      ),
    };
  };
  return {
    sets: [describe("low", order.slice(0, size)), describe("high", order.slice(-size))],
    medianYxCorrelation: correlateIfVaried(medianLogYx, masses),
    medianLuminosityCorrelation: correlateIfVaried(medianLogLuminosity, masses),
  };
}

/** Edges at multiples of the bin width that hold all values. */
function coverRange(columns: readonly Float64Array[]): Float64Array {
  let min = Infinity;
  let max = -Infinity;
  for (const column of columns) {
    for (const value of column) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  const first = Math.floor(min / BIN_WIDTH - EDGE_ROUNDING);
  const last = Math.floor(max / BIN_WIDTH + EDGE_ROUNDING) + 1;
  return Float64Array.from({ length: last - first + 1 }, (_, i) => (first + i) * BIN_WIDTH);
}

/** Every catalog counts the same, however many clusters it has. */
function averageDensity(
  columns: readonly Float64Array[],
  edges: Float64Array,
): AverageDistribution {
  const density = new Float64Array(edges.length - 1);
  for (const column of columns) {
    const weight = 1 / (column.length * BIN_WIDTH * columns.length);
    histogram(column, edges).forEach((count, bin) => density[bin]! += count * weight);
  }
  return {
    center: density.map((_, bin) => edges[bin]! + BIN_WIDTH / 2),
    density,
    median: median(columns.flatMap((column) => [...column])),
  };
}

/** The numbers of Fig. 13: panels `logYx` and `logLuminosity`, one density per set. */
export function transitionColumns({ sets }: TransitionProxies): FigureColumns {
  const panel = (name: "logYx" | "logLuminosity") => {
    const columns: Record<string, ArrayLike<number>> = { [name]: sets[0]![name].center };
    for (const set of sets) columns[`density_${set.name}`] = set[name].density;
    return columns;
  };
  return { logYx: panel("logYx"), logLuminosity: panel("logLuminosity") };
}

/** How well the medians of Y_X and L_X follow the transition mass. */
export function transitionHeadlines(proxies: TransitionProxies): Headlines {
  return {
    "r(median log Y_X, transition)": proxies.medianYxCorrelation,
    "r(median log L_X, transition)": proxies.medianLuminosityCorrelation,
  };
}
