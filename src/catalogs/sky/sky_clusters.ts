/** The clusters of a catalog of the sky as columns, and their checks against the survey. */
import type { LensingMasses } from "./lensing.ts";
import type { SkySurvey } from "./survey.ts";

/** Measured clusters, one row each. A value that is missing has {@linkcode MISSING_ERROR}. */
export interface SkyClusters {
  /** Redshift of each cluster. */
  readonly redshift: Float64Array;
  /** ln of the observed flux [1e-12 erg/s/cm2, 0.1-2.4 keV]. */
  readonly lnFlux: Float64Array;
  /** ln T [keV]. */
  readonly lnTemperature: Float64Array;
  /** ln gas mass within r500 [1e14 Msun], h = 0.7 and distances of omegaM = 0.3. */
  readonly lnGasMass: Float64Array;
  /** Standard deviation of ln flux. */
  readonly lnFluxError: Float64Array;
  /** Standard deviation of ln T. */
  readonly lnTemperatureError: Float64Array;
  /** Standard deviation of ln gas mass. */
  readonly lnGasMassError: Float64Array;
  /** Weak lensing masses, if the survey has any. */
  readonly lensing?: LensingMasses;
}

/** Clusters of a mock catalog, with what no observer knows. */
export interface SkyMock extends SkyClusters {
  /** ln M500 [Msun/h]. */
  readonly lnMass: Float64Array;
  /** Offset of the true ln L from its relation. */
  readonly luminosityOffset: Float64Array;
}

export { MISSING_ERROR } from "./missing.ts";

/** Names of the columns of {@linkcode SkyClusters}. */
const COLUMNS = [
  "redshift",
  "lnFlux",
  "lnTemperature",
  "lnGasMass",
  "lnFluxError",
  "lnTemperatureError",
  "lnGasMassError",
] as const satisfies readonly (keyof SkyClusters)[];

/** The clusters of some rows, in that order. */
export function takeSkyClusters(clusters: SkyClusters, rows: ArrayLike<number>): SkyClusters {
  const take = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!);
  const taken = Object.fromEntries(
    COLUMNS.map((name) => [name, take(clusters[name])]),
  ) as unknown as SkyClusters;
  const { lensing } = clusters;
  if (lensing === undefined) return taken;
  const { lnMass, lnMassError } = lensing;
  return { ...taken, lensing: { lnMass: take(lnMass), lnMassError: take(lnMassError) } };
}

/**
 * Checks clusters against the survey that is said to have found them.
 *
 * @param clusters The catalog
 * @param survey The survey
 * @param names A name for each row in messages; "row 1" and so on unless given
 * @throws {RangeError} If there are none, a value is not finite, an error not above 0, or a cluster
 * is outside the survey's redshifts or below its flux limit
 */
export function checkSkyClusters(
  clusters: SkyClusters,
  survey: SkySurvey,
  names?: readonly string[],
): void {
  const count = clusters.redshift.length;
  const nameOf = (row: number) => names?.[row] ?? `row ${row + 1}`;
  if (count === 0) throw new RangeError("Cannot use catalog: it has no clusters, 1 or more needed");
  checkDuplicates(clusters, names);
  if (clusters.lensing !== undefined && survey.lensing === undefined) {
    throw new RangeError(
      "Cannot use catalog: it has lensing masses, the survey has none: its record should have " +
        "lensing, with fraction, scatter and biasError",
    );
  }
  const columns: [string, Float64Array][] = COLUMNS.map((name) => [name, clusters[name]]);
  if (clusters.lensing !== undefined) {
    const { lnMass, lnMassError } = clusters.lensing;
    columns.push(["ln M_WL", lnMass], ["lnLensingMassError", lnMassError]);
  }
  for (let row = 0; row < count; row++) {
    for (const [name, values] of columns) {
      const value = values[row]!;
      const isError = name.endsWith("Error");
      if (Number.isFinite(value) && (!isError || value >= 0)) continue;
      throw new RangeError(
        `Cannot use catalog: ${name} of ${nameOf(row)} is ${value}, should be ` +
          (isError ? "0 or more" : "a number"),
      );
    }
    const z = clusters.redshift[row]!;
    if (!(z >= survey.redshiftMin && z <= survey.redshiftMax)) {
      throw new RangeError(
        `Cannot use catalog: redshift of ${nameOf(row)} is ${z}, should be within the survey's ` +
          `${survey.redshiftMin} to ${survey.redshiftMax}`,
      );
    }
    const flux = Math.exp(clusters.lnFlux[row]!);
    if (!(flux >= survey.fluxLimit * (1 - 1e-9))) {
      const inCgs = flux < 1e-6;
      throw new RangeError(
        `Cannot use catalog: flux of ${nameOf(row)} is ${
          inCgs
            ? `${flux.toPrecision(4)} [1e-12 erg/s/cm2]`
            : `${flux.toPrecision(4)}e-12 erg/s/cm2`
        }, should be at the survey's limit of ${survey.fluxLimit}e-12 or above` +
          (inCgs ? ": it may be in erg/s/cm2" : ""),
      );
    }
  }
}

/** Throws if a name, or a row of equal measurements, occurs twice. */
function checkDuplicates(clusters: SkyClusters, names?: readonly string[]): void {
  const seen = new Map<string, number>();
  for (let row = 0; row < clusters.redshift.length; row++) {
    const name = names?.[row]?.trim() ?? "";
    const { redshift, lnFlux, lnTemperature } = clusters;
    // "A 85" and "a85" are one name, and rows without a name are known by what was measured.
    const key = name === ""
      ? [redshift[row], lnFlux[row], lnTemperature[row]].join(" ")
      : `name ${name.toLowerCase().replace(/\s+/g, "")}`;
    const first = seen.get(key);
    if (first !== undefined) {
      throw new RangeError(
        `Cannot use catalog: rows ${first + 1} and ${row + 1} are the same cluster` +
          (name === "" ? "" : `, ${name}`) + ", each should be listed once",
      );
    }
    seen.set(key, row);
  }
}
