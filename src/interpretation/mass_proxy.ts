/**
 * Mass proxies (section 5.3, Fig. 16): lines from the terse value, gas mass and Y_X to log mass,
 * and how far they are off on the clusters of a single catalog.
 */
import type { OneNumber } from "../evaluation/one_number.ts";
import { fitLine, histogram, quantiles } from "../numerics/statistics.ts";
import { varies } from "./catalog_correlation.ts";
import type { TerseTable } from "./terse_table.ts";

/** The columns that are fitted as mass proxies. */
export type ProxyName = "terse" | "logGasMass" | "logYx";

/** Fig. 16's three proxies. */
export const MASS_PROXIES: readonly ProxyName[] = ["terse", "logGasMass", "logYx"];

/** A line from a proxy to log mass, and its error on single catalogs (Fig. 16). */
export interface MassProxy<Name extends string = ProxyName> {
  /** The proxy's column, or the name of a combination of columns. */
  readonly proxy: Name;
  /** log10 M500c = slope x proxy + intercept, fitted to all clusters together. */
  readonly slope: number;
  /** log10 M500c [Msun/h] at proxy 0. */
  readonly intercept: number;
  /** Half the middle 68% of the error in ln M, each catalog's mean error removed, in percent. */
  readonly scatterPercent: number;
  /** Middles of the bins of the error, in ln M (0.1 is 10%). */
  readonly error: Float64Array;
  /** Probability density of the error, per unit of ln M; clusters beyond the bins count as well. */
  readonly density: Float64Array;
}

/** Half the range of the error's bins, in ln M: six times the scatter of gas mass. */
const ERROR_RANGE = 1;

/** Bins of 2% each. */
const ERROR_BINS = 100;

/**
 * Fits log mass on each proxy and measures the error with each catalog's mean error removed.
 *
 * Catalogs of a single cluster take part in the fit but not in the error: without its mean
 * nothing is left of it. A proxy that does not vary is left out,
 * and all are where masses are not known.
 *
 * @throws {RangeError} If no catalog has two clusters
 */
export function fitMassProxies(table: TerseTable): readonly MassProxy[] {
  if (!varies(table.logMass)) return [];
  return MASS_PROXIES
    .filter((proxy) => varies(table[proxy]))
    .map((proxy) => fitMassProxy(table, proxy, table[proxy]));
}

/**
 * The same of the best combination of temperature and gas mass, the least scatter that a terse value
 * can have; `null` where masses are not known or it does not vary.
 *
 * @param weights Of log T and log Mgas, as `oneNumberOf` gives them
 * @throws {RangeError} If no catalog has two clusters
 */
export function fitOptimalProxy(
  table: TerseTable,
  weights: Pick<OneNumber, "temperature" | "gasMass">,
): MassProxy<"optimal"> | null {
  const { temperature, gasMass } = weights;
  const values = table.logTemperature.map((x, i) =>
    temperature * x + gasMass * table.logGasMass[i]!
  );
  return varies(table.logMass) && varies(values) ? fitMassProxy(table, "optimal", values) : null;
}

function fitMassProxy<Name extends string>(
  table: TerseTable,
  proxy: Name,
  values: Float64Array,
): MassProxy<Name> {
  const { slope, intercept, error } = fitProxyLine(values, table);
  return {
    proxy,
    slope,
    intercept,
    scatterPercent: halfWidthPercent(error),
    ...estimateDensity(error),
  };
}

/** The line of the paper from a proxy to log mass, and what it leaves. */
export interface ProxyLine {
  /** log10 M500c = slope x proxy + intercept, fitted to all clusters together. */
  readonly slope: number;
  /** log10 M500c [Msun/h] at proxy 0. */
  readonly intercept: number;
  /** Errors in ln M with each catalog's mean removed, of catalogs with two clusters or more. */
  readonly error: Float64Array;
}

/**
 * Fits one line to the clusters of all catalogs.
 *
 * @throws {RangeError} If no catalog has two clusters, or the proxy does not vary
 */
export function fitProxyLine(
  values: Float64Array,
  { logMass, catalog }: Pick<TerseTable, "logMass" | "catalog">,
): ProxyLine {
  const { slope, intercept } = fitLine(values, logMass);
  const error = values.map((value, i) => (slope * value + intercept - logMass[i]!) * Math.LN10);
  const centered = removeCatalogMeans(error, catalog);
  if (centered.length === 0) {
    throw new RangeError(
      "Cannot measure the scatter of a mass proxy: 0 catalogs have 2 clusters or more, " +
        "should be at least 1",
    );
  }
  return { slope, intercept, error: centered };
}

/** Half the middle 68% of errors in ln M, in percent. */
export function halfWidthPercent(error: Float64Array): number {
  const [low, high] = quantiles(error, [0.16, 0.84]);
  return 100 * (high! - low!) / 2;
}

/** Values minus the mean of their catalog, of the catalogs that have two clusters or more. */
export function removeCatalogMeans(values: Float64Array, catalog: Uint32Array): Float64Array {
  const catalogs = catalog.reduce((most, c) => Math.max(most, c), 0) + 1;
  const sums = new Float64Array(catalogs);
  const counts = new Uint32Array(catalogs);
  for (let i = 0; i < values.length; i++) {
    const c = catalog[i]!;
    sums[c] = sums[c]! + values[i]!;
    counts[c] = counts[c]! + 1;
  }
  const left = new Float64Array(values.length);
  let length = 0;
  for (let i = 0; i < values.length; i++) {
    const c = catalog[i]!;
    if (counts[c]! > 1) left[length++] = values[i]! - sums[c]! / counts[c]!;
  }
  return left.slice(0, length);
}

function estimateDensity(error: Float64Array): Pick<MassProxy, "error" | "density"> {
  const width = 2 * ERROR_RANGE / ERROR_BINS;
  const edges = Float64Array.from(
    { length: ERROR_BINS + 1 },
    (_, i) => (i - ERROR_BINS / 2) * width,
  );
  const counts = histogram(error, edges);
  return {
    error: Float64Array.from(counts, (_, i) => edges[i]! + width / 2),
    density: Float64Array.from(counts, (count) => count / (error.length * width)),
  };
}
