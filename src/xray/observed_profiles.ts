/**
 * The gas profiles of a whole base sample from mock observations, in the columns of a catalog
 * (section 2.1.2, Table 1). Clusters are independent: a cluster's observation is the same alone or
 * among 1165, in any order, on any worker.
 */
import type { BaseSample } from "../clusters/base_sample.ts";
import { type ClusterTable, selectClusters, SHELLS } from "../clusters/cluster_table.ts";
import { fitScalingRelations } from "../clusters/scaling_relation.ts";
import type { Random } from "../numerics/random.ts";
import {
  type ObservationOptions,
  type Observatory,
  observeCluster,
  prepareObservatory,
} from "./observe.ts";
import { QUALITIES, type Quality } from "./quality.ts";

/** One cluster's row of {@linkcode ObservedProfiles}. */
export interface ObservedProfile {
  /** Row of the base sample. */
  readonly row: number;
  /** How the observation ended. */
  readonly quality: Quality;
  /** Photons on the image. */
  readonly photons: number;
  /** Masked share of the field. */
  readonly maskedShare: number;
  /** Poisson deviance over degrees of freedom; 0 without a fit. */
  readonly reducedDeviance: number;
  /** Measured values and errors in the order of {@linkcode ObservedProfiles}, or none. */
  readonly values: Float64Array | undefined;
}

/**
 * Observed gas profiles as columns. Columns of measurements hold only the clusters that were
 * measured, which `rows` lists; `quality` covers every cluster of the base sample.
 */
export interface ObservedProfiles {
  /** Code of {@linkcode QUALITIES} of every cluster of the base sample, [base count] */
  readonly quality: Uint8Array;
  /** Photons on every cluster's image, [base count] */
  readonly photons: Float64Array;
  /** Masked share of every cluster's field, [base count] */
  readonly maskedShare: Float64Array;
  /** Poisson deviance over degrees of freedom of every cluster's fit; 0 without one, [base count] */
  readonly reducedDeviance: Float64Array;
  /** Rows of the base sample that were measured, ascending. */
  readonly rows: Uint32Array;
  /** log10 Mgas(<R500) [Msun/h], [rows] */
  readonly logGasMass: Float64Array;
  /** Error of the gas mass [dex], [rows] */
  readonly logGasMassError: Float64Array;
  /** log10 gas mass of each shell [Msun/h], [rows x SHELLS] */
  readonly logGasMassProfile: Float64Array;
  /** Errors of the gas masses [dex], [rows x SHELLS] */
  readonly logGasMassProfileError: Float64Array;
  /** dlog rho / dlog r at each shell's outer edge, [rows x SHELLS] */
  readonly gasSlopeProfile: Float64Array;
  /** Errors of the slopes, [rows x SHELLS] */
  readonly gasSlopeProfileError: Float64Array;
}

/** Start of each group of columns within a row of values. */
const COLUMNS = {
  logGasMass: { from: 0, width: 1 },
  logGasMassError: { from: 1, width: 1 },
  logGasMassProfile: { from: 2, width: SHELLS },
  logGasMassProfileError: { from: 2 + SHELLS, width: SHELLS },
  gasSlopeProfile: { from: 2 + 2 * SHELLS, width: SHELLS },
  gasSlopeProfileError: { from: 2 + 3 * SHELLS, width: SHELLS },
} as const;

/**
 * Observes some clusters of a table, one at a time: the share of one worker, or a progress bar's
 * source.
 *
 * @param observatory From {@linkcode prepareObservatory}
 * @param rows Rows of the clusters
 * @param random Cluster i is observed with `random.fork("observe", i)`
 * @throws {RangeError} If no density model has a row's shell masses and slopes
 */
export function* observeRows(
  observatory: Observatory,
  clusters: ClusterTable,
  rows: Iterable<number>,
  random: Random,
): Generator<ObservedProfile> {
  for (const row of rows) {
    const { quality, photons, substructure, fit, gas } = observeCluster(
      observatory,
      clusters,
      row,
      random.fork("observe", row),
    );
    yield {
      row,
      quality,
      photons: sumOf(photons),
      maskedShare: sumOf(substructure.mask) / photons.length,
      reducedDeviance: fit === undefined ? 0 : fit.deviance / fit.degreesOfFreedom,
      values: gas === undefined ? undefined : Float64Array.of(
        gas.logGasMass,
        gas.logGasMassError,
        ...gas.logShellMasses,
        ...gas.logShellMassErrors,
        ...gas.slopes,
        ...gas.slopeErrors,
      ),
    };
  }
}

/** The sum of whole numbers, of which an image has many. */
function sumOf(values: Uint32Array | Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/**
 * The rows of all clusters, in any order, as columns.
 *
 * @param count Number of clusters in the base sample
 * @throws {RangeError} If a cluster is missing or occurs twice
 */
export function collectProfiles(
  count: number,
  profiles: readonly ObservedProfile[],
): ObservedProfiles {
  const sorted = [...profiles].sort((a, b) => a.row - b.row);
  if (sorted.length !== count || sorted.some(({ row }, i) => row !== i)) {
    throw new RangeError(
      `Cannot collect profiles: ${profiles.length} lines were given, ` +
        `should be one for each of ${count} clusters`,
    );
  }
  const measured = sorted.filter(({ values }) => values !== undefined);
  const column = ({ from, width }: { readonly from: number; readonly width: number }) => {
    const result = new Float64Array(measured.length * width);
    measured.forEach(({ values }, i) =>
      result.set(values!.subarray(from, from + width), i * width)
    );
    return result;
  };
  return {
    quality: Uint8Array.from(sorted, ({ quality }) => QUALITIES[quality].code),
    photons: Float64Array.from(sorted, ({ photons }) => photons),
    maskedShare: Float64Array.from(sorted, ({ maskedShare }) => maskedShare),
    reducedDeviance: Float64Array.from(sorted, ({ reducedDeviance }) => reducedDeviance),
    rows: Uint32Array.from(measured, ({ row }) => row),
    logGasMass: column(COLUMNS.logGasMass),
    logGasMassError: column(COLUMNS.logGasMassError),
    logGasMassProfile: column(COLUMNS.logGasMassProfile),
    logGasMassProfileError: column(COLUMNS.logGasMassProfileError),
    gasSlopeProfile: column(COLUMNS.gasSlopeProfile),
    gasSlopeProfileError: column(COLUMNS.gasSlopeProfileError),
  };
}

/**
 * Observes every cluster of a base sample, about 0.15 s each. To spread the work, call
 * {@linkcode observeRows} on workers and {@linkcode collectProfiles} on what they yield: the
 * result is the same.
 *
 * @param random Cluster i is observed with `random.fork("observe", i)`
 * @throws {RangeError} If no density model has a cluster's shell masses and slopes
 */
export function observedProfiles(
  base: BaseSample,
  random: Random,
  options: ObservationOptions = {},
): ObservedProfiles {
  const observatory = prepareObservatory(base.cosmology, base.redshift, options);
  const { clusters } = base;
  const rows = Array.from({ length: clusters.count }, (_, i) => i);
  return collectProfiles(clusters.count, [...observeRows(observatory, clusters, rows, random)]);
}

/**
 * The base sample with observed profiles in place of its own (Table 1). Mass, luminosity, temperature
 * and total gas mass stay those of the simulation, as in the paper; shells and slopes are the
 * observation's, so shell masses sum to the observed total. Clusters that were not measured are
 * left out, and the relations are fitted again if there are any.
 *
 * @throws {TypeError} If the profiles are of another sample
 */
export function replaceProfiles(base: BaseSample, observed: ObservedProfiles): BaseSample {
  if (observed.quality.length !== base.clusters.count) {
    throw new TypeError(
      `Cannot replace profiles: ${observed.quality.length} clusters were observed, should be ` +
        `${base.clusters.count}, as in the base sample`,
    );
  }
  const clusters: ClusterTable = {
    ...selectClusters(base.clusters, observed.rows),
    logGasMassProfile: observed.logGasMassProfile,
    gasSlopeProfile: observed.gasSlopeProfile,
  };
  const complete = clusters.count === base.clusters.count;
  return {
    ...base,
    clusters,
    relations: complete ? base.relations : fitScalingRelations(clusters),
  };
}
