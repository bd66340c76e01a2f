/**
 * The terse value as a mass proxy, compared with gas mass, Y_X, temperature and their best combination: by
 * the paper's one line through all catalogs, and by a slope fitted within catalogs.
 *
 * Biases of T and Mgas differ from catalog to catalog and flatten the one line, so that even the best
 * proxy has 5% by it where 3% are left within catalogs.
 */
import type { OneNumber } from "../../evaluation/one_number.ts";
import { varies } from "../catalog_correlation.ts";
import type { Gap } from "../exact/gap.ts";
import { orGap } from "../exact/gap.ts";
import { fitProxyLine, halfWidthPercent, removeCatalogMeans } from "../mass_proxy.ts";
import type { TerseTable } from "../terse_table.ts";

/** How well one proxy gives mass. Scatters are half the middle 68% of the error in ln M, in percent. */
export interface ProxyFit {
  /**
   * Scatter about one line through the clusters of all catalogs, with each catalog's mean error
   * removed.
   */
  readonly line: number;
  /** Scatter about a slope fitted to deviations from the catalogs' means. */
  readonly withinCatalogs: number;
  /** Correlation of these deviations with those of log mass. */
  readonly rWithinCatalogs: number;
}

/** Proxies that are compared. */
export type ComparedProxy = "terse" | "optimal" | "logYx" | "logGasMass" | "logTemperature";

/** The terse value as a mass proxy, and the best that T and Mgas allow. */
export interface ProxyScore extends ProxyFit {
  /** The best combination of T and Mgas by the one line: the least scatter that can be asked for. */
  readonly optimal: number;
}

/** All proxies; those that do not vary are left out. */
export type ProxyFits = Readonly<Partial<Record<ComparedProxy, ProxyFit>>>;

/**
 * Fits every proxy.
 *
 * @param weights Of the best combination, if there is one
 * @returns A gap if masses are not known or no catalog has two clusters
 */
export function compareProxies(table: TerseTable, weights: OneNumber | null): ProxyFits | Gap {
  if (!varies(table.logMass)) return { gap: "the masses of the clusters are not known" };
  const proxies: Readonly<Partial<Record<ComparedProxy, Float64Array>>> = {
    terse: table.terse,
    ...(weights && {
      optimal: table.logTemperature.map((x, i) =>
        weights.temperature * x + weights.gasMass * table.logGasMass[i]!
      ),
    }),
    logYx: table.logYx,
    logGasMass: table.logGasMass,
    logTemperature: table.logTemperature,
  };
  return orGap(() =>
    Object.fromEntries(
      Object.entries(proxies).filter(([, values]) => varies(values))
        .map(([name, values]) => [name, fitProxy(values, table)]),
    )
  );
}

function fitProxy(values: Float64Array, table: TerseTable): ProxyFit {
  const { error } = fitProxyLine(values, table);
  const x = removeCatalogMeans(values, table.catalog);
  const m = removeCatalogMeans(table.logMass, table.catalog);
  let [xx, xm, mm] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xx += x[i]! ** 2;
    xm += x[i]! * m[i]!;
    mm += m[i]! ** 2;
  }
  const slope = xx > 0 ? xm / xx : 0;
  return {
    line: halfWidthPercent(error),
    withinCatalogs: halfWidthPercent(x.map((value, i) => (slope * value - m[i]!) * Math.LN10)),
    rWithinCatalogs: xx > 0 && mm > 0 ? xm / Math.sqrt(xx * mm) : 0,
  };
}
