/** The terse layer (section 5.3, Fig. 15): what a cluster's terse value goes with. */
import type { CatalogCorrelation } from "./catalog_correlation.ts";
import { correlateAtFixed, correlateIfVaried } from "./catalog_correlation.ts";
import type { FigureColumns, Headlines } from "./columns.ts";
import type { MassProxy, ProxyName } from "./mass_proxy.ts";
import { fitMassProxies } from "./mass_proxy.ts";
import type { TerseTable } from "./terse_table.ts";

/** The columns of a terse table that Fig. 15 sets against the terse value. */
export type TerseCompanion =
  | "logMass"
  | "logWeakLensingMass"
  | "logGasMass"
  | "logTemperature"
  | "logYx"
  | "clusterCount"
  | "sigma8";

/** Fig. 15's panels in its order; Y_X, which the text describes, after the inputs. */
export const TERSE_COMPANIONS: readonly TerseCompanion[] = [
  "logMass",
  "logWeakLensingMass",
  "logGasMass",
  "logTemperature",
  "logYx",
  "clusterCount",
  "sigma8",
];

/** What the terse value goes with. */
export interface TerseLayer {
  /** Number of clusters. */
  readonly count: number;
  /** Number of catalogs that have clusters. */
  readonly catalogs: number;
  /** Pearson's r with each companion; `null` where either does not vary. */
  readonly correlations: Readonly<Record<TerseCompanion, number | null>>;
  /** Pearson's r of log mass with sigma8: what a perfect mass proxy shows. */
  readonly massSigma8: number | null;
  /** r(terse, sigma8) at fixed log mass; `null` where it is not defined. */
  readonly partial: CatalogCorrelation | null;
  /** Mass proxies: terse, gas mass and Y_X, in that order; one that does not vary is left out. */
  readonly proxies: readonly MassProxy[];
}

/**
 * Correlates the terse value and fits it as a mass proxy.
 *
 * r(terse, sigma8) of a good network is that of mass with sigma8, because massive clusters are
 * found in catalogs of high sigma8; only `partial` tells whether one cluster knows sigma8.
 *
 * @throws {RangeError} If no proxy can be fitted, because masses or catalogs are too few
 */
export function describeTerseLayer(table: TerseTable): TerseLayer {
  const { terse, logMass, sigma8, catalog, shared } = table;
  const correlations = Object.fromEntries(
    TERSE_COMPANIONS.map((name) => [name, correlateIfVaried(terse, table[name])]),
  ) as Record<TerseCompanion, number | null>;
  return {
    count: table.count,
    catalogs: new Set(catalog).size,
    correlations,
    massSigma8: correlateIfVaried(logMass, sigma8),
    partial: correlateAtFixed(terse, sigma8, logMass, catalog, shared),
    proxies: fitMassProxies(table),
  };
}

/**
 * The numbers of Figs. 15 and 16: panels `clusters` (one row per cluster), `correlations` (one row,
 * without those that are not defined) and `proxy_errors` (a density a proxy).
 */
export function terseLayerColumns(layer: TerseLayer, table: TerseTable): FigureColumns {
  const { catalog, row, terse } = table;
  const clusters: Record<string, ArrayLike<number>> = { catalog, row, terse };
  const correlations: Record<string, ArrayLike<number>> = {};
  for (const name of TERSE_COMPANIONS) {
    clusters[name] = table[name];
    const r = layer.correlations[name];
    if (r !== null) correlations[name] = [r];
  }
  if (layer.partial) {
    correlations["sigma8_at_fixed_mass"] = [layer.partial.correlation];
    correlations["sigma8_at_fixed_mass_error"] = [layer.partial.error];
  }
  const errors: Record<string, ArrayLike<number>> = {};
  for (const { proxy, error, density } of layer.proxies) {
    errors["ln_mass_error"] = error;
    errors[`density_${proxy}`] = density;
  }
  return { clusters, correlations, proxy_errors: errors };
}

const PROXY_HEADLINES: Readonly<Record<ProxyName, string>> = {
  terse: "terse scatter percent",
  logGasMass: "gas mass scatter percent",
  logYx: "Y_X scatter percent",
};

/** Correlations of the terse value with log mass and sigma8, the partial one, and proxy scatters. */
export function terseLayerHeadlines(layer: TerseLayer): Headlines {
  const headlines: Record<string, number | null> = {
    "r(terse, log M)": layer.correlations.logMass,
    "r(terse, sigma8)": layer.correlations.sigma8,
    "r(log M, sigma8)": layer.massSigma8,
    "r(terse, sigma8 | log M)": layer.partial?.correlation ?? null,
  };
  for (const [proxy, name] of Object.entries(PROXY_HEADLINES)) {
    headlines[name] = layer.proxies.find((fit) => fit.proxy === proxy)?.scatterPercent ?? null;
  }
  return headlines;
}
