/**
 * Weak lensing masses of a survey's clusters: which clusters have one, and how it scatters about the
 * cluster's mass.
 *
 * ln M_WL = ln M500 + b + scatter. The bias b is one unknown number for all clusters of a catalog: what
 * is known of it beforehand is what the catalog knows of the absolute scale of mass.
 */
import type { Random } from "../../numerics/random.ts";
import { MISSING_ERROR } from "./missing.ts";
import { readNumbers, readOptionalNumbers } from "./record.ts";
import { LN_PIVOT } from "./relations.ts";

/** Lensing masses of a survey. Which clusters have one depends on what is seen of them alone. */
export interface SkyLensing {
  /** Share of the clusters within the limits below that have a lensing mass. */
  readonly fraction: number;
  /** Scatter of ln M_WL about ln M500 + b other than measurement errors: projection, triaxiality. */
  readonly scatter: number;
  /** Standard deviation of the measured ln M_WL of mock clusters, from the noise of shapes. */
  readonly error: number;
  /** Standard deviation of the prior of b, whose mean is 0. */
  readonly biasError: number;
  /** Least observed flux of a cluster with a lensing mass [1e-12 erg/s/cm2]; none unless given. */
  readonly fluxMin?: number;
  /** Lowest redshift of a cluster with a lensing mass; the survey's unless given. */
  readonly redshiftMin?: number;
  /** Highest redshift of a cluster with a lensing mass; the survey's unless given. */
  readonly redshiftMax?: number;
}

/** Lensing masses of a catalog, one row per cluster. */
export interface LensingMasses {
  /** ln M_WL [1e14 Msun, h = 0.7]; 0 where there is none. */
  readonly lnMass: Float64Array;
  /** Standard deviation of the measured ln M_WL; `MISSING_ERROR` where there is none. */
  readonly lnMassError: Float64Array;
}

/** ln of the pivot mass, M500 = 4e14 Msun, in the unit of lensing masses. */
export const LN_LENSING_PIVOT: number = Math.log(4);

/** Allowed least and greatest value of each field. */
const LIMITS: Readonly<Record<keyof SkyLensing, readonly [number, number]>> = {
  fraction: [0, 1],
  scatter: [0.01, 1],
  error: [0, 1],
  biasError: [0.001, 1],
  fluxMin: [0.01, 1e4],
  redshiftMin: [0.001, 0.3],
  redshiftMax: [0.001, 0.3],
};

const REQUIRED = ["fraction", "scatter", "biasError"] as const;
const FALLBACKS = { error: 0 } as const;
const OPTIONAL = ["fluxMin", "redshiftMin", "redshiftMax"] as const;

/**
 * Checks a survey's lensing masses.
 *
 * @throws {RangeError} Naming the field, its value and its range
 */
export function checkLensing(lensing: SkyLensing): void {
  for (const [name, [min, max]] of Object.entries(LIMITS)) {
    const value = lensing[name as keyof SkyLensing];
    if (value === undefined && OPTIONAL.some((optional) => optional === name)) continue;
    if (!(value! >= min && value! <= max)) {
      throw new RangeError(
        `Cannot use survey: lensing.${name} is ${value}, should be from ${min} to ${max}`,
      );
    }
  }
  const { redshiftMin = 0, redshiftMax = 1 } = lensing;
  if (!(redshiftMin < redshiftMax)) {
    throw new RangeError(
      `Cannot use survey: lensing.redshiftMin is ${redshiftMin}, should be below ` +
        `lensing.redshiftMax, ${redshiftMax}`,
    );
  }
}

/**
 * Lensing masses from a record of unknown content, such as a part of a JSON file.
 *
 * @throws {RangeError} If it is not a record, or a field is missing, unknown or not a number
 */
export function readLensing(record: unknown): SkyLensing {
  const what = "survey's lensing";
  const required = readNumbers(record, what, [...REQUIRED, "error"], FALLBACKS, OPTIONAL);
  const optional = readOptionalNumbers(record, what, OPTIONAL);
  return { ...required, ...optional } as unknown as SkyLensing;
}

/** The part of a survey's JSON Schema that describes its lensing masses. */
export function lensingSchema(): Readonly<Record<string, unknown>> {
  return {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(LIMITS).map(([name, [minimum, maximum]]) => [
        name,
        { type: "number", minimum, maximum },
      ]),
    ),
    required: [...REQUIRED],
    additionalProperties: false,
  };
}

/** Which clusters of mocks have lensing masses, and their errors, in place of the survey's. */
export interface LensingSample {
  /** Share of the clusters within the survey's limits that have one. */
  readonly fraction: number;
  /** Errors of ln M_WL, one of which each cluster takes; one or more unless the share is 0. */
  readonly errors: ArrayLike<number>;
}

/** Whether a cluster is within the limits of those that have lensing masses. */
export function mayHaveLensing(lensing: SkyLensing, redshift: number, lnFlux: number): boolean {
  const { fluxMin, redshiftMin, redshiftMax } = lensing;
  return (fluxMin === undefined || lnFlux >= Math.log(fluxMin)) &&
    (redshiftMin === undefined || redshift >= redshiftMin) &&
    (redshiftMax === undefined || redshift <= redshiftMax);
}

/** What a cluster's lensing mass is drawn from. */
export interface LensedClusters {
  /** Redshift. */
  readonly redshift: Float64Array;
  /** ln of the observed flux [1e-12 erg/s/cm2]. */
  readonly lnFlux: Float64Array;
  /** ln M500 [Msun/h]. */
  readonly lnMass: Float64Array;
}

/**
 * Draws the lensing masses of a mock catalog.
 *
 * @param bias b of all clusters
 * @param random Of this catalog and nothing else
 * @param sample The survey's fraction and error unless given
 */
export function drawLensingMasses(
  lensing: SkyLensing,
  { redshift, lnFlux, lnMass }: LensedClusters,
  bias: number,
  random: Random,
  sample: LensingSample = { fraction: lensing.fraction, errors: [lensing.error] },
): LensingMasses {
  const found = new Float64Array(lnMass.length);
  const errors = new Float64Array(lnMass.length).fill(MISSING_ERROR);
  for (let i = 0; i < lnMass.length; i++) {
    if (!mayHaveLensing(lensing, redshift[i]!, lnFlux[i]!)) continue;
    if (!(random.uniform() < sample.fraction)) continue;
    const error = sample.errors.length === 1
      ? sample.errors[0]!
      : sample.errors[random.integer(sample.errors.length)]!;
    const width = Math.hypot(lensing.scatter, error);
    found[i] = LN_LENSING_PIVOT + lnMass[i]! - LN_PIVOT + bias + width * random.normal();
    errors[i] = error;
  }
  return { lnMass: found, lnMassError: errors };
}

/** Number of clusters that have a lensing mass. */
export function countLensing(lensing: LensingMasses | undefined): number {
  return lensing?.lnMassError.reduce(
    (count, error) => count + (error < MISSING_ERROR ? 1 : 0),
    0,
  ) ?? 0;
}
