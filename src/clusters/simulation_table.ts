/**
 * The simulation's own cluster table as base sample: rows of text with the headings of the
 * Magneticum web portal (section 2.1). The table has no gas profiles; they are drawn.
 *
 * @module
 */
import { criticalDensity } from "../cosmology/cosmology.ts";
import { MAGNETICUM } from "../cosmology/cosmology.ts";
import type { Random } from "../numerics/random.ts";
import type { BaseSample } from "./base_sample.ts";
import { BASE_LOG_MASS_MIN, BASE_REDSHIFT } from "./base_sample.ts";
import type { ClusterTable } from "./cluster_table.ts";
import { drawGasProfiles } from "./gas_profile.ts";
import { fitScalingRelations } from "./scaling_relation.ts";

/** One row of a table: text by column heading. */
export type TextRow = Readonly<Record<string, string>>;

/** A base sample with the count of what its table held beyond it. */
export interface SimulationSample extends BaseSample {
  /** Rows left out because their mass is below 10^13.58 Msun/h, the base sample's limit. */
  readonly belowLimit: number;
}

const MASS = "m500c[Msol/h]";
const RADIUS = "r500c[kpc/h]";
const GAS_FRACTION = "gas_frac";
const LUMINOSITY = "Lx[1e44erg/s]";
const TEMPERATURE = "T[kev]";

/** The headings that a table must have; others are ignored but for the radius, which is checked. */
export const SIMULATION_COLUMNS: readonly string[] = [MASS, GAS_FRACTION, LUMINOSITY, TEMPERATURE];

/** The neighbor recipe falls back on the ten nearest clusters, so there must be ten. */
const LEAST_CLUSTERS = 10;

/**
 * How far r500c may be from what m500c implies, as a ratio, below the physical radius or above the
 * comoving one, which is 7% larger at z = 0.07. With masses in Msun the ratios are 0.89 and 0.95.
 */
const RADIUS_TOLERANCE = 0.03;

const DECIMAL_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads the simulation's cluster table as a base sample at the Magneticum cosmology and z = 0.07.
 *
 * Gas mass is gas fraction times M500c. Rows below the base sample's mass limit are checked, left
 * out and counted. Where a row has a radius, it must agree with the mass: a table in other units or
 * of another overdensity is refused. Profiles are drawn by the profile model.
 *
 * @param rows Text by heading, a record a row, as a CSV reader gives them
 * @param random Draws the gas profiles
 * @throws {RangeError} If there are no rows, fewer than 10 clusters above the limit, or a value is
 * not above 0, a gas fraction not below 1 or a radius not that of the mass
 * @throws {TypeError} If a column is missing
 * @throws {SyntaxError} If a value is not a decimal number
 */
export function readSimulationTable(rows: readonly TextRow[], random: Random): SimulationSample {
  checkColumns(rows);
  const logMass: number[] = [];
  const logLuminosity: number[] = [];
  const logTemperature: number[] = [];
  const logGasMass: number[] = [];
  for (const [i, row] of rows.entries()) {
    const values = readRow(row, i + 1);
    if (Math.log10(values.mass) < BASE_LOG_MASS_MIN) continue;
    logMass.push(Math.log10(values.mass));
    logLuminosity.push(Math.log10(values.luminosity));
    logTemperature.push(Math.log10(values.temperature));
    logGasMass.push(Math.log10(values.gasFraction * values.mass));
  }
  if (logMass.length < LEAST_CLUSTERS) {
    throw new RangeError(
      `Cannot read simulation table: ${logMass.length} of ${rows.length} clusters lie above ` +
        `10^${BASE_LOG_MASS_MIN} Msun/h, at least ${LEAST_CLUSTERS} are needed`,
    );
  }
  const clusters: ClusterTable = {
    count: logMass.length,
    logMass: Float64Array.from(logMass),
    logLuminosity: Float64Array.from(logLuminosity),
    logTemperature: Float64Array.from(logTemperature),
    logGasMass: Float64Array.from(logGasMass),
    ...drawGasProfiles(logGasMass, random.fork("profiles")),
  };
  return {
    cosmology: MAGNETICUM,
    redshift: BASE_REDSHIFT,
    clusters,
    relations: fitScalingRelations(clusters),
    belowLimit: rows.length - logMass.length,
  };
}

function checkColumns(rows: readonly TextRow[]): void {
  const first = rows[0];
  if (!first) {
    throw new RangeError("Cannot read simulation table: there are 0 rows, at least 10 are needed");
  }
  for (const column of SIMULATION_COLUMNS) {
    if (!(column in first)) {
      throw new TypeError(
        `Cannot read simulation table: column ${column} is missing, ` +
          `the columns are ${Object.keys(first).join(", ")}`,
      );
    }
  }
}

interface SimulationRow {
  readonly mass: number;
  readonly gasFraction: number;
  readonly luminosity: number;
  readonly temperature: number;
}

/** The values of a data row, which is counted from 1 without the heading. */
function readRow(row: TextRow, number: number): SimulationRow {
  const values = {
    mass: readPositive(row, MASS, number),
    gasFraction: readPositive(row, GAS_FRACTION, number),
    luminosity: readPositive(row, LUMINOSITY, number),
    temperature: readPositive(row, TEMPERATURE, number),
  };
  if (!(values.gasFraction < 1)) {
    throw new RangeError(problem(row, GAS_FRACTION, number, "a fraction below 1"));
  }
  if (row[RADIUS] !== undefined) checkRadius(row, values.mass, number);
  return values;
}

function readPositive(row: TextRow, column: string, number: number): number {
  const text = row[column]?.trim() ?? "";
  if (!DECIMAL_NUMBER.test(text)) {
    throw new SyntaxError(problem(row, column, number, "a decimal number"));
  }
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new RangeError(problem(row, column, number, "a finite number above 0"));
  }
  return value;
}

/** M = 4/3 pi 500 rho_crit(z) r^3, in physical kpc/h; the comoving radius is accepted too. */
function checkRadius(row: TextRow, mass: number, number: number): void {
  const density = criticalDensity(MAGNETICUM, BASE_REDSHIFT);
  const radiusKpc = 1000 * Math.cbrt(mass / (4 / 3 * Math.PI * 500 * density));
  const ratio = readPositive(row, RADIUS, number) / radiusKpc;
  if (ratio < 1 - RADIUS_TOLERANCE || ratio > (1 + BASE_REDSHIFT) * (1 + RADIUS_TOLERANCE)) {
    const expected = `about ${radiusKpc.toFixed(0)}, as ${MASS} implies`;
    throw new RangeError(problem(row, RADIUS, number, expected));
  }
}

function problem(row: TextRow, column: string, number: number, expected: string): string {
  const text = row[column];
  const found = text === undefined ? "missing" : JSON.stringify(text);
  return `Cannot read simulation table: row ${number}, column ${column} is ${found}, ` +
    `should be ${expected}`;
}
