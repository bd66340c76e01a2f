/**
 * How well columns of a catalog determine the mass of a cluster: the scatter of ln M about a linear
 * function of them.
 */
import { factorCholesky, solveCholesky } from "../../numerics/cholesky.ts";

/** One catalog: ln M, and columns that may determine it. */
export interface ProxyCatalog {
  /** ln mass of each cluster. */
  readonly lnMass: ArrayLike<number>;
  /** The columns, each with one value per cluster. */
  readonly columns: readonly ArrayLike<number>[];
}

/** The linear function of the columns with the least scatter. */
export interface ProxyFit {
  /** Standard deviation of ln M about it. */
  readonly scatter: number;
  /** Coefficients by column. */
  readonly coefficients: Float64Array;
}

/**
 * Fits ln M by the columns over all clusters of some catalogs, in their deviations from the catalog's
 * means (`"within catalogs"`) or from the means over all clusters.
 *
 * @throws {RangeError} If a column follows from others
 */
export function fitMassProxy(
  catalogs: readonly ProxyCatalog[],
  spread: "over all" | "within catalogs",
): ProxyFit {
  const rows = catalogs.map(({ lnMass, columns }) =>
    Array.from(lnMass, (ln, i) => [...columns.map((column) => column[i]!), ln])
  );
  const groups = spread === "over all" ? [rows.flat()] : rows;
  const size = catalogs[0]!.columns.length;
  const squares = new Float64Array(size * size);
  const products = new Float64Array(size);
  let [total, count] = [0, 0];
  for (const group of groups) {
    const means = group[0]!.map((_, k) =>
      group.reduce((sum, row) => sum + row[k]!, 0) / group.length
    );
    for (const row of group) {
      const x = row.map((value, k) => value - means[k]!);
      total += x[size]! ** 2;
      count++;
      for (let k = 0; k < size; k++) {
        products[k]! += x[k]! * x[size]!;
        for (let l = 0; l < size; l++) squares[k * size + l]! += x[k]! * x[l]!;
      }
    }
  }
  const factor = factorCholesky(squares, size);
  if (factor === null) throw new RangeError("Cannot fit masses: a column follows from the others");
  const coefficients = solveCholesky(factor, products);
  const explained = coefficients.reduce((sum, c, k) => sum + c * products[k]!, 0);
  return { scatter: Math.sqrt(Math.max(0, total - explained) / count), coefficients };
}

/**
 * The scatter of ln M about the linear function that fits each catalog by itself: root mean square
 * over the clusters of all catalogs, corrected for degrees of freedom.
 *
 * @param catalogs Each of more clusters than columns and one
 */
export function ownProxyScatter(catalogs: readonly ProxyCatalog[]): number {
  let [squares, freedom] = [0, 0];
  for (const catalog of catalogs) {
    const count = catalog.lnMass.length;
    squares += fitMassProxy([catalog], "over all").scatter ** 2 * count;
    freedom += count - 1 - catalog.columns.length;
  }
  return Math.sqrt(squares / freedom);
}

/**
 * The multiple correlation of ln M and the linear function that fits best within catalogs: of one column
 * it is |r| of the deviations from the catalogs' means.
 *
 * @param catalogs Of two clusters or more in all
 */
export function withinCorrelation(catalogs: readonly ProxyCatalog[]): number {
  let [squares, count] = [0, 0];
  for (const { lnMass } of catalogs) {
    const values = Array.from(lnMass);
    const middle = values.reduce((sum, ln) => sum + ln, 0) / values.length;
    squares += values.reduce((sum, ln) => sum + (ln - middle) ** 2, 0);
    count += values.length;
  }
  const { scatter } = fitMassProxy(catalogs, "within catalogs");
  return Math.sqrt(Math.max(0, 1 - scatter ** 2 * count / squares));
}
