/**
 * One row per cluster of every catalog: its terse value, the truth and the observables that are
 * joined back through `FeatureArray.rows` (section 5.3).
 */
import { counted } from "../numerics/counted.ts";
import type { Catalog } from "../catalogs/catalog.ts";
import type { FeatureArray } from "../features/features.ts";
import type { Model } from "../model.ts";

/**
 * Every cluster of some catalogs, catalog after catalog, in the order of the features' rows. All
 * arrays are [count]. Leave-one-out has the same order, so that views of a cluster can be linked.
 */
export interface ClusterColumns {
  /** Number of clusters. */
  readonly count: number;
  /** Place of the cluster's catalog among those given. */
  readonly catalog: Uint32Array;
  /** Row of the cluster in its catalog's features. */
  readonly row: Uint32Array;
  /** log10 M500c [Msun/h] */
  readonly logMass: Float64Array;
  /** log10 M_WL [Msun/h] */
  readonly logWeakLensingMass: Float64Array;
  /** log10 Mgas(<R500) [Msun/h] */
  readonly logGasMass: Float64Array;
  /** log10 T [keV] */
  readonly logTemperature: Float64Array;
  /** log10 L_X [1e44 erg/s] */
  readonly logLuminosity: Float64Array;
  /** log10 Y_X = log10 (Mgas T) [keV Msun/h] */
  readonly logYx: Float64Array;
  /** Number of clusters of the cluster's catalog. */
  readonly clusterCount: Float64Array;
  /** sigma8 of the cluster's catalog. */
  readonly sigma8: Float64Array;
  /**
   * Factors that all clusters of a catalog share, drawn independently of its sigma8: ln of the biases
   * of temperature and gas mass. Left out where the catalogs' parameters are not known.
   */
  readonly shared?: readonly Float64Array[];
}

/** Clusters and their terse values. */
export interface TerseTable extends ClusterColumns {
  /** The encoder's value of each cluster, [count]. */
  readonly terse: Float64Array;
}

/**
 * Joins the clusters of catalogs to columns, in the order of the features' rows.
 *
 * @param features Inputs built from `catalogs`, in the same order
 * @throws {TypeError} If the features are not those of the catalogs: their number, their numbers of
 * clusters or their sigma8 differ
 */
export function joinClusters(
  features: readonly FeatureArray[],
  catalogs: readonly Catalog[],
): ClusterColumns {
  checkJoin(features, catalogs);
  const count = features.reduce((sum, catalog) => sum + catalog.count, 0);
  const column = () => new Float64Array(count);
  const joined = {
    count,
    catalog: new Uint32Array(count),
    row: new Uint32Array(count),
    logMass: column(),
    logWeakLensingMass: column(),
    logGasMass: column(),
    logTemperature: column(),
    logLuminosity: column(),
    logYx: column(),
    clusterCount: column(),
    sigma8: column(),
  };
  const [temperature, gasMass] = [column(), column()];
  let i = 0;
  for (const [c, { rows }] of features.entries()) {
    const { clusters, parameters } = catalogs[c]!;
    for (let r = 0; r < rows.length; r++, i++) {
      const cluster = rows[r]!;
      joined.catalog[i] = c;
      joined.row[i] = r;
      joined.logMass[i] = clusters.logMass[cluster]!;
      joined.logWeakLensingMass[i] = clusters.logWeakLensingMass[cluster]!;
      joined.logGasMass[i] = clusters.logGasMass[cluster]!;
      joined.logTemperature[i] = clusters.logTemperature[cluster]!;
      joined.logLuminosity[i] = clusters.logLuminosity[cluster]!;
      joined.logYx[i] = clusters.logGasMass[cluster]! + clusters.logTemperature[cluster]!;
      joined.clusterCount[i] = clusters.count;
      joined.sigma8[i] = parameters.sigma8;
      temperature[i] = Math.log(parameters.temperatureBias);
      gasMass[i] = Math.log(parameters.gasMassBias);
    }
  }
  return { ...joined, shared: [temperature, gasMass] };
}

/**
 * Encodes every cluster and joins truth and observables to its terse value.
 *
 * @throws {TypeError} As {@linkcode joinClusters}
 * @throws {RangeError} If a terse value is not finite
 */
export async function tabulateTerse(
  model: Pick<Model, "encode">,
  features: readonly FeatureArray[],
  catalogs: readonly Catalog[],
): Promise<TerseTable> {
  const joined = joinClusters(features, catalogs);
  const terse = new Float64Array(joined.count);
  let start = 0;
  for (const [c, catalog] of features.entries()) {
    terse.set(await encodeCatalog(model, catalog, c), start);
    start += catalog.count;
  }
  return { ...joined, terse };
}

/**
 * The terse values of one catalog, [count].
 *
 * @param place Names the catalog in an error
 * @throws {RangeError} If a terse value is not finite
 */
export async function encodeCatalog(
  model: Pick<Model, "encode">,
  catalog: FeatureArray,
  place: number,
): Promise<Float32Array> {
  const terse = await model.encode(catalog);
  const row = terse.findIndex((value) => !Number.isFinite(value));
  if (row >= 0) {
    throw new RangeError(
      `Cannot encode catalog ${place}: terse value of row ${row} is ${terse[row]}, ` +
        "should be a finite number",
    );
  }
  return terse;
}

/**
 * Throws unless each of `features` can be that of the catalog in the same place.
 *
 * @throws {TypeError} If their number, a number of clusters or a sigma8 differs
 */
export function checkJoin(
  features: readonly FeatureArray[],
  catalogs: readonly Catalog[],
): void {
  if (features.length !== catalogs.length) {
    throw new TypeError(
      `Cannot join clusters: there are features of ${features.length} catalogs and ` +
        `${catalogs.length} catalogs, should be equally many`,
    );
  }
  for (const [c, { count, sigma8 }] of features.entries()) {
    const { clusters, parameters } = catalogs[c]!;
    if (count !== clusters.count) {
      throw new TypeError(
        `Cannot join clusters: features ${c} have ${counted(count, "row")} and the catalog ` +
          `${counted(clusters.count, "cluster")}, should be equally many`,
      );
    }
    if (!Object.is(sigma8, parameters.sigma8)) {
      throw new TypeError(
        `Cannot join clusters: features ${c} have sigma8 ${sigma8} and the catalog ` +
          `${parameters.sigma8}, should be the same`,
      );
    }
  }
}
