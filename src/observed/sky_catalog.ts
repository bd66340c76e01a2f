/** A user's table as the clusters of a survey on the sky. */
import { counted } from "../numerics/counted.ts";
import { FIDUCIAL_SKY } from "../catalogs/sky/parameters.ts";
import { LN_FLUX_FACTOR, SKY_H } from "../catalogs/sky/relations.ts";
import {
  checkSkyClusters,
  MISSING_ERROR,
  type SkyClusters,
  takeSkyClusters,
} from "../catalogs/sky/sky_clusters.ts";
import type { SkySurvey } from "../catalogs/sky/survey.ts";
import { readLensingMasses } from "./sky_lensing.ts";
import {
  checkError,
  checkRange,
  FLUX,
  GAS_MASS,
  type MeasuredColumn,
  TEMPERATURE,
} from "./sky_measurements.ts";
import type { SourceTable } from "./source_table.ts";

/** A catalog of a survey on the sky. */
export interface SkyCatalog {
  /** The clusters. */
  readonly clusters: SkyClusters;
  /** Names of the clusters, where the table has a column `name`. */
  readonly names: readonly string[] | undefined;
  /**
   * Numbers of rows that were left out: outside the survey's redshifts, and below its flux limit.
   */
  readonly leftOut: { readonly redshift: number; readonly flux: number };
}

/** Most rows that are read, more than any survey has found; each row takes a record. */
const MOST_ROWS = 1_000_000;

/** A column by name; null where there is none. */
function findColumn({ columns }: SourceTable, name: string): ArrayLike<number> | null {
  const found = columns.filter((column) => column.name === name);
  if (found.length > 1) {
    throw new RangeError(
      `Cannot read catalog: there are ${found.length} columns ${name}, should be one`,
    );
  }
  return found[0]?.values ?? null;
}

/** A column that must exist. */
function requireColumn(table: SourceTable, name: string): ArrayLike<number> {
  const values = findColumn(table, name);
  if (values !== null) return values;
  const names = table.columns.map((column) => column.name);
  const close = names.find((other) => other.toLowerCase() === name.toLowerCase());
  throw new RangeError(
    `Cannot read catalog: there is no column of numbers ${name}, the columns are ${
      names.join(", ")
    }` + (close === undefined || close === name ? "" : `; did you mean ${close}?`),
  );
}

/** The span of values, as text. */
function spanOf(values: ArrayLike<number>): string {
  const [least, most] = Array.from(values).reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  return `${least.toPrecision(3)} to ${most.toPrecision(3)}`;
}

/**
 * What to do with rows outside the survey's redshifts or below its flux limit: "refuse" them, as a
 * catalog of the survey cannot have any, or "leave out" rows of a larger sample.
 */
export type OutsideRows = "refuse" | "leave out";

/**
 * The clusters of a table with the columns `z`, `flux` [1e-12 erg/s/cm2, 0.1-2.4 keV], `T` [keV],
 * `Mgas` [1e14 Msun; h = 0.7, distances of omegaM = 0.3], and `e_lnL`, `e_lnT`, `e_lnMgas`, the
 * standard deviations of their logarithms. `T` and `Mgas` may be missing, as columns or in single
 * rows; errors that are missing are the survey's. For a survey with lensing masses, `M_WL` [1e14 Msun;
 * h = 0.7] may be there, too, and then needs `e_lnMWL`. Other columns but `name` are not read.
 *
 * @throws {RangeError} If a column is missing, a value is not above 0 or must be in another unit, or
 * the clusters are not what the survey can have found; the message names the cluster
 */
export function readSkyCatalog(
  table: SourceTable,
  survey: SkySurvey,
  outside: OutsideRows = "refuse",
): SkyCatalog {
  if (table.count > MOST_ROWS) {
    throw new RangeError(
      `Cannot use catalog: the table has ${
        counted(table.count, "row")
      }, at most ${MOST_ROWS} are read`,
    );
  }
  const names = table.columns.some(({ name }) => name === "name")
    ? table.textsOf("name")
    : undefined;
  const nameOf = (row: number) => names?.[row] ?? `row ${row + 1}`;
  const rows = Array.from({ length: table.count }, (_, row) => row);
  const positive = (value: number, name: string, row: number): number => {
    if (value > 0 && value < Infinity) return value;
    throw new RangeError(
      `Cannot use catalog: ${name} of ${nameOf(row)} is ${
        Number.isNaN(value) ? "missing" : value === Infinity ? "infinite" : value
      }, should be above 0` + (value === Infinity ? " and finite" : ""),
    );
  };
  const redshift = Float64Array.from(requireColumn(table, "z"));
  const fluxes = requireColumn(table, "flux");
  const lnFlux = Float64Array.from(rows, (row) => {
    const flux = positive(fluxes[row]!, "flux", row);
    return Math.log(checkRange(flux, "flux", FLUX, nameOf(row)));
  });
  const measured = ([name, errorName, range]: MeasuredColumn, error: number) => {
    const values = findColumn(table, name);
    const errors = findColumn(table, errorName);
    return rows.map((row) => {
      const value = values?.[row] ?? NaN;
      if (Number.isNaN(value)) return { ln: NaN, error: MISSING_ERROR };
      const own = errors?.[row] ?? NaN;
      checkError(own, errorName, nameOf(row));
      return {
        ln: Math.log(checkRange(positive(value, name, row), name, range, nameOf(row))),
        error: Number.isNaN(own) ? error : Math.min(own, MISSING_ERROR),
      };
    });
  };
  const temperature = measured(TEMPERATURE, survey.temperatureError);
  const gasMass = measured(GAS_MASS, survey.gasMassError);
  const fluxErrors = findColumn(table, "e_lnL");
  const lensing = readLensingMasses(table, survey, nameOf);
  const clusters: SkyClusters = {
    redshift,
    lnFlux,
    lnTemperature: Float64Array.from(
      rows,
      (row) =>
        Number.isNaN(temperature[row]!.ln)
          ? usualLnTemperature(redshift[row]!, lnFlux[row]!)
          : temperature[row]!.ln,
    ),
    lnGasMass: Float64Array.from(gasMass, ({ ln }) => Number.isNaN(ln) ? 0 : ln),
    lnFluxError: Float64Array.from(rows, (row) => {
      const own = fluxErrors?.[row] ?? NaN;
      checkError(own, "e_lnL", nameOf(row), false);
      return Number.isNaN(own) ? survey.fluxError : own;
    }),
    lnTemperatureError: Float64Array.from(temperature, ({ error }) => error),
    lnGasMassError: Float64Array.from(gasMass, ({ error }) => error),
    ...(lensing && { lensing }),
  };
  if (outside === "refuse") {
    checkSkyClusters(clusters, survey, names);
    return { clusters, names, leftOut: { redshift: 0, flux: 0 } };
  }
  // Beyond the survey is for another survey; at 0 and below there is no distance.
  redshift.forEach((z, row) => z <= 0 && positive(z, "redshift", row));
  const { redshiftMin, redshiftMax, fluxLimit } = survey;
  const within = rows.filter((row) =>
    !(redshift[row]! <= redshiftMin || redshift[row]! > redshiftMax)
  );
  const kept = within.filter((row) => !(fluxes[row]! < fluxLimit));
  if (rows.length > 0 && kept.length === 0) {
    throw new RangeError(
      within.length === 0
        ? `Cannot use catalog: z is from ${spanOf(redshift)}, no cluster is within the survey's ` +
          `redshifts, ${redshiftMin} to ${redshiftMax}`
        : `Cannot use catalog: flux is from ${
          spanOf(fluxes)
        } [1e-12 erg/s/cm2], no cluster is at the ` +
          `survey's limit of ${fluxLimit} or above`,
    );
  }
  const taken = takeSkyClusters(clusters, kept);
  const takenNames = names && kept.map((row) => names[row]!);
  checkSkyClusters(taken, survey, takenNames);
  const leftOut = { redshift: rows.length - within.length, flux: within.length - kept.length };
  return { clusters: taken, names: takenNames, leftOut };
}

/**
 * ln T by the mean relations, for the K-correction of a cluster without a temperature: an error of
 * 30% in T changes K by 1%. The luminosity distance is a series to second order in z at omegaM =
 * 0.3.
 */
function usualLnTemperature(z: number, lnFlux: number): number {
  const lnDistance = Math.log(2997.92458 / SKY_H * z * (1 + 0.77 * z));
  const lnLuminosity = LN_FLUX_FACTOR + 2 * lnDistance + lnFlux;
  const m = (lnLuminosity - FIDUCIAL_SKY.lnL) / FIDUCIAL_SKY.slopeL;
  return FIDUCIAL_SKY.lnT + FIDUCIAL_SKY.slopeT * m;
}
