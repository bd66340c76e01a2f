/**
 * The simulation's own cluster table as base sample: rows of text with the headings of the
 * Magneticum web portal (section 2.1). The table has no gas profiles; they are drawn.
 */
import type { Cosmology } from "../cosmology/cosmology.ts";
import { MAGNETICUM } from "../cosmology/cosmology.ts";
import type { Random } from "../numerics/random.ts";
import type { BaseSample } from "./base_sample.ts";
import { BASE_LOG_MASS_MIN, BASE_REDSHIFT } from "./base_sample.ts";
import type { ClusterTable } from "./cluster_table.ts";
import { drawGasProfiles } from "./gas_profile.ts";
import { fitKnownRelations } from "./known_relations.ts";
import type { RadiusKind } from "./radius_check.ts";
import { checkRadii } from "./radius_check.ts";

/** One row of a table: text by column heading. */
export type TextRow = Readonly<Record<string, string>>;

/** An observable that a simulation's table may give. */
export type SimulationQuantity = "luminosity" | "temperature" | "gasMass";

/** A base sample, with notes on the table that it was read from. */
export interface SimulationSample extends BaseSample {
  /** Rows left out because their mass is below 10^13.58 Msun/h, the base sample's limit. */
  readonly belowLimit: number;
  /** How the table states R500c; `null` if it has none, so that nothing could be checked. */
  readonly radii: RadiusKind | null;
  /** Observables that the table lacks; their columns are NaN. */
  readonly missing: readonly SimulationQuantity[];
}

/** The output of a simulation that a table describes. */
export interface Snapshot {
  /** Redshift of the output; 0.07 if left out, the paper's. */
  readonly redshift?: number;
  /** Parameters of the simulation; those of Magneticum if left out. */
  readonly cosmology?: Cosmology;
}

const MASS = "m500c[Msol/h]";
const RADIUS = "r500c[kpc/h]";
const GAS_FRACTION = "gas_frac";
const LUMINOSITY = "Lx[1e44erg/s]";
const TEMPERATURE = "T[kev]";
const POSITION = ["x[kpc/h]", "y[kpc/h]", "z[kpc/h]"] as const;

/**
 * The headings that a table may have; positions and others are ignored. The mass must be
 * there; radii are checked; an observable that is missing leaves a gap.
 */
export const SIMULATION_COLUMNS: readonly string[] = [
  MASS,
  GAS_FRACTION,
  LUMINOSITY,
  TEMPERATURE,
  RADIUS,
];

/** The observable of each heading. */
const OBSERVABLES: Readonly<Record<string, SimulationQuantity>> = {
  [LUMINOSITY]: "luminosity",
  [TEMPERATURE]: "temperature",
  [GAS_FRACTION]: "gasMass",
};

/** Fewest clusters: the neighbor recipe may fall back on the ten nearest. */
const LEAST_CLUSTERS = 10;

const DECIMAL_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads a simulation's cluster table as a base sample.
 *
 * Gas mass is gas fraction times M500c. Rows below the base sample's mass limit are checked, left
 * out and counted. Where the table has radii, they must agree with the masses at the snapshot's
 * redshift: a table in other units, of another overdensity or of another snapshot is refused.
 * Objects that the table holds twice are refused too. Profiles are drawn by the profile model.
 *
 * @param rows Text by heading, one record per row, as a CSV reader gives them
 * @param random Draws the gas profiles
 * @param snapshot Redshift and cosmology of the simulation's output
 * @throws {RangeError} If there are no rows, fewer than 10 clusters above the limit, a value is not
 * above 0, a gas fraction not below 1, radii are not those of the masses, or an object occurs twice
 * @throws {TypeError} If the mass is missing, or all three observables are
 * @throws {SyntaxError} If a value is not a decimal number
 */
export function readSimulationTable(
  rows: readonly TextRow[],
  random: Random,
  { redshift = BASE_REDSHIFT, cosmology = MAGNETICUM }: Snapshot = {},
): SimulationSample {
  const missing = checkColumns(rows);
  const columns = new Set(Object.keys(rows[0]!));
  const values = rows.map((row, i) => readRow(row, i + 1, columns));
  const radii = values[0]!.radius === null ? null : checkRadii(
    {
      mass: values.map(({ mass }) => mass),
      radius: values.map(({ radius }) => radius!),
    },
    cosmology,
    redshift,
  );
  refuseTwins(rows, values);
  const kept = values.filter(({ mass }) => Math.log10(mass) >= BASE_LOG_MASS_MIN);
  if (kept.length < LEAST_CLUSTERS) {
    throw new RangeError(
      `Cannot read simulation table: ${kept.length} of ${rows.length} clusters lie above ` +
        `10^${BASE_LOG_MASS_MIN} Msun/h, at least ${LEAST_CLUSTERS} are needed`,
    );
  }
  const column = (get: (row: SimulationRow) => number) =>
    Float64Array.from(kept, (row) => Math.log10(get(row)));
  const logGasMass = column(({ gasFraction, mass }) => gasFraction * mass);
  const clusters: ClusterTable = {
    count: kept.length,
    logMass: column(({ mass }) => mass),
    logLuminosity: column(({ luminosity }) => luminosity),
    logTemperature: column(({ temperature }) => temperature),
    logGasMass,
    ...drawGasProfiles(logGasMass, random.fork("profiles")),
  };
  return {
    cosmology,
    redshift,
    clusters,
    relations: fitKnownRelations(clusters),
    belowLimit: rows.length - kept.length,
    radii,
    missing,
  };
}

/** The observables that a table lacks. */
function checkColumns(rows: readonly TextRow[]): SimulationQuantity[] {
  const first = rows[0];
  if (!first) {
    throw new RangeError("Cannot read simulation table: there are 0 rows, at least 10 are needed");
  }
  const missing = Object.keys(OBSERVABLES).filter((column) => !(column in first));
  const lacked = MASS in first ? missing.length === 3 ? missing : [] : [MASS];
  if (lacked.length > 0) {
    throw new TypeError(
      `Cannot read simulation table: column ${lacked.join(", ")} is missing, ` +
        `the columns are ${Object.keys(first).join(", ")}`,
    );
  }
  return missing.map((column) => OBSERVABLES[column]!);
}

/** The values of one row; NaN for an observable that the table does not have. */
interface SimulationRow {
  readonly mass: number;
  readonly gasFraction: number;
  readonly luminosity: number;
  readonly temperature: number;
  readonly radius: number | null;
}

/** The values of a data row, which is counted from 1 without the heading. */
function readRow(row: TextRow, number: number, columns: ReadonlySet<string>): SimulationRow {
  const observable = (column: string) =>
    columns.has(column) ? readPositive(row, column, number) : NaN;
  const values = {
    mass: readPositive(row, MASS, number),
    gasFraction: observable(GAS_FRACTION),
    luminosity: observable(LUMINOSITY),
    temperature: observable(TEMPERATURE),
    radius: columns.has(RADIUS) ? readPositive(row, RADIUS, number) : null,
  };
  if (values.gasFraction >= 1) {
    throw new RangeError(problem(row, GAS_FRACTION, number, "a fraction below 1"));
  }
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

/** Least distance between two clusters [kpc/h]; the smallest R500c is 400. */
const SAME_PLACE = 100;

/** Throws if an object occurs twice: at one place, or, without places, value by value. */
function refuseTwins(rows: readonly TextRow[], values: readonly SimulationRow[]): void {
  const hasPlaces = POSITION.every((column) => column in rows[0]!);
  const places = hasPlaces
    ? rows.map((row) => POSITION.map((column) => Number(row[column])))
    : null;
  const seen = new Map<string, number>();
  for (const [i, row] of values.entries()) {
    const twin = places ? findNear(places, i, seen) : findEqual(row, i, seen);
    if (twin === null) continue;
    throw new RangeError(
      `Cannot read simulation table: rows ${twin + 1} and ${i + 1} ` +
        (places ? `lie within ${SAME_PLACE} kpc/h of each other` : "have the same values") +
        ", every object should occur once; are these several snapshots?",
    );
  }
}

/** The earlier row whose values are the same, if any. */
function findEqual(row: SimulationRow, i: number, seen: Map<string, number>): number | null {
  const { mass, gasFraction, luminosity, temperature } = row;
  const key = [mass, gasFraction, luminosity, temperature].join(" ");
  const twin = seen.get(key) ?? null;
  seen.set(key, i);
  return twin;
}

/** The earlier row at the same place, if any; rows are stored by the cell that they lie in. */
function findNear(
  places: readonly (readonly number[])[],
  i: number,
  seen: Map<string, number>,
): number | null {
  const place = places[i]!;
  const cell = place.map((value) => Math.floor(value / SAME_PLACE));
  for (let n = 0; n < 27; n++) {
    const steps = [n % 3 - 1, Math.floor(n / 3) % 3 - 1, Math.floor(n / 9) - 1];
    const twin = seen.get(cell.map((value, k) => value + steps[k]!).join(" "));
    if (twin === undefined) continue;
    const other = places[twin]!;
    if (Math.hypot(...place.map((value, k) => value - other[k]!)) < SAME_PLACE) return twin;
  }
  seen.set(cell.join(" "), i);
  return null;
}

function problem(row: TextRow, column: string, number: number, expected: string): string {
  const text = row[column];
  const found = text === undefined ? "missing" : JSON.stringify(text);
  return `Cannot read simulation table: row ${number}, column ${column} is ${found}, ` +
    `should be ${expected}`;
}
