/**
 * Clusters as columns: one row per cluster, one typed array per property (sections 2.1 and 2.2).
 */
import { gather } from "../numerics/arrays.ts";

/** Spherical shells of a gas profile; their outer edges are {@linkcode SHELL_EDGES}. */
export const SHELLS = 7;

/**
 * Outer shell edges as fractions of R500: 1.5^-6 to 1.5^0. The paper says "log-spaced to R500" and
 * 15 = 1 + 7 + 7 columns; its 0.67 R500 and 0.13 R500 are two of these. The first shell starts at 0.
 */
export const SHELL_EDGES: readonly number[] = Array.from(
  { length: SHELLS },
  (_, i) => 1.5 ** (i + 1 - SHELLS),
);

/** Clusters as columns; profiles are row-major, [count x SHELLS]. */
export interface ClusterTable {
  /** Number of clusters. */
  readonly count: number;
  /** log10 M500c [Msun/h] */
  readonly logMass: Float64Array;
  /** log10 L_X, 0.5-2 keV [1e44 erg/s] */
  readonly logLuminosity: Float64Array;
  /** log10 T, mass-weighted [keV] */
  readonly logTemperature: Float64Array;
  /** log10 Mgas(<R500) [Msun/h] */
  readonly logGasMass: Float64Array;
  /** log10 gas mass of each shell [Msun/h], [count x SHELLS] */
  readonly logGasMassProfile: Float64Array;
  /** dlog rho / dlog r of the gas at each shell's outer edge, [count x SHELLS] */
  readonly gasSlopeProfile: Float64Array;
}

/** Clusters as a survey sees them. */
export interface ObservedClusters extends ClusterTable {
  /** log10 M_WL [Msun/h], Eq. 2 */
  readonly logWeakLensingMass: Float64Array;
}

/** The clusters in `rows`, in that order. */
export function selectClusters(table: ClusterTable, rows: ArrayLike<number>): ClusterTable {
  return {
    count: rows.length,
    logMass: gather(table.logMass, rows),
    logLuminosity: gather(table.logLuminosity, rows),
    logTemperature: gather(table.logTemperature, rows),
    logGasMass: gather(table.logGasMass, rows),
    logGasMassProfile: gather(table.logGasMassProfile, rows, SHELLS),
    gasSlopeProfile: gather(table.gasSlopeProfile, rows, SHELLS),
  };
}
