/**
 * Conversion of a user's table to the columns of the sky survey and to its cosmology, h = 0.7 and
 * omegaM = 0.3.
 */
import { FIDUCIAL_OMEGA_M, SKY_H } from "../catalogs/sky/relations.ts";
import type { ColumnMapping } from "./column_mapping.ts";
import { readExpression } from "./expression_reader.ts";
import { LENSING_COLUMNS } from "./sky_lensing.ts";
import type { SourceTable } from "./source_table.ts";

/** The cosmology with which a table's gas masses were computed. */
export interface SourceCosmology {
  /** Hubble parameter of its distances. */
  readonly h: number;
  /** Matter density of the cosmology, which is flat; 1 is Einstein and de Sitter's universe. */
  readonly omegaM: number;
}

/** The survey's own cosmology, which needs no conversion. */
export const SURVEY_COSMOLOGY: SourceCosmology = { h: SKY_H, omegaM: FIDUCIAL_OMEGA_M };

/**
 * Slope of the isothermal beta model, and its core radius over r500, for tables that give neither.
 */
const USUAL_BETA = 2 / 3;
const USUAL_CORE = 0.15;

/** Names that a table's columns may have or be mapped to. */
export const SKY_TARGETS: readonly string[] = [
  "name",
  "z",
  "flux",
  "T",
  "Mgas",
  "e_lnL",
  "e_lnT",
  "e_lnMgas",
  "beta",
  "core",
  ...LENSING_COLUMNS,
];

/** E(z) of a flat universe of matter and Lambda. */
function expansion(omegaM: number, z: number): number {
  return Math.sqrt(omegaM * (1 + z) ** 3 + 1 - omegaM);
}

/** Comoving distance [Mpc] by Simpson's rule. */
function distance({ h, omegaM }: SourceCosmology, z: number): number {
  const steps = 64;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight / expansion(omegaM, z * i / steps);
  }
  return 2997.92458 / h * sum * z / (3 * steps);
}

/** Mass of an isothermal beta model within x core radii, up to a constant factor. */
function betaMass(beta: number, x: number): number {
  const steps = 400;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const t = x * (i + 0.5) / steps;
    sum += t * t * (1 + t * t) ** (-1.5 * beta);
  }
  return sum * x / steps;
}

/** Factors by which one cluster's masses change. */
export interface MassConversion {
  /** Distance in the survey's cosmology over that in the source's. */
  readonly distance: number;
  /** r500 in the survey's cosmology over that in the source's, at equal density profile. */
  readonly radius: number;
  /** Factor on the gas mass. */
  readonly gasMass: number;
  /** Factor on a hydrostatic M500. */
  readonly mass: number;
  /** Factor of a lensing M500. */
  readonly lensingMass: number;
}

/**
 * The factors of a cluster's masses. A lower critical density makes r500 larger, by g; gas mass goes
 * as distance^2.5 and grows with r500 as the beta model does; a hydrostatic mass goes as distance
 * and, isothermal, as r500. Shear far in front of its sources gives an isothermal sphere's velocities at
 * any distance: a lensing mass goes as r500, that is as 1 / (h E).
 *
 * @param from The source's cosmology
 * @param z Redshift
 * @param beta Slope of the gas density's beta model
 * @param core Its core radius over r500
 */
export function convertMasses(
  from: SourceCosmology,
  z: number,
  beta: number = USUAL_BETA,
  core: number = USUAL_CORE,
): MassConversion {
  const ratio = distance(SURVEY_COSMOLOGY, z) / distance(from, z);
  // r500 varies as 1 / (H0 E) at given temperature; the distances account for H0.
  const radius = expansion(from.omegaM, z) / expansion(FIDUCIAL_OMEGA_M, z);
  const growth = betaMass(beta, radius / core) / betaMass(beta, 1 / core);
  return {
    distance: ratio,
    radius,
    gasMass: ratio ** 2.5 * growth,
    mass: ratio * radius,
    lensingMass: from.h / SKY_H * radius,
  };
}

/** A table in the survey's columns and cosmology, with the conversions in words. */
export interface ConvertedTable {
  /** The converted table. */
  readonly table: SourceTable;
  /** One line for each conversion. */
  readonly notes: readonly string[];
}

/**
 * A user's table with the survey's columns, each the value of an expression where one is mapped,
 * and with gas masses in the survey's cosmology.
 *
 * @throws {SyntaxError} If an expression is not one
 * @throws {TypeError} If it names a column that is not there
 */
export function convertSkyTable(
  source: SourceTable,
  mapping: ColumnMapping,
  from: SourceCosmology,
): ConvertedTable {
  const mapped = Object.entries(mapping).filter(([target]) => target !== "name").map(
    ([target, text]) => {
      const expression = readExpression(text, source.columns, from.h);
      const values = Float64Array.from({ length: source.count }, (_, row) => {
        const value = expression.evaluate(row, 0);
        return typeof value === "number" ? value : NaN;
      });
      return { name: target, unit: "", width: 1, values };
    },
  );
  const nameColumn = mapping["name"] ?? "name";
  const hasNames = source.columns.some(({ name }) => name === nameColumn);
  const kept = source.columns.filter(({ name }) =>
    SKY_TARGETS.includes(name) && name !== "name" && !Object.hasOwn(mapping, name)
  );
  const names = hasNames ? [{ name: "name", unit: "", width: 1, values: null }] : [];
  const columns = [...names, ...kept, ...mapped];
  const notes = Object.entries(mapping).map(([target, text]) => `${target} = ${text}`);
  const textsOf = () => source.textsOf(nameColumn);
  const redshift = columns.find(({ name }) => name === "z")?.values ?? null;
  const table = { count: source.count, columns, textsOf };
  const isSame = from.h === SURVEY_COSMOLOGY.h && from.omegaM === SURVEY_COSMOLOGY.omegaM;
  const hasLensing = columns.some(({ name, values }) => name === "M_WL" && values !== null);
  if (isSame) {
    notes.push(
      `gas masses are assumed to be those of h = ${SKY_H}, omegaM = ${FIDUCIAL_OMEGA_M}`,
      ...(hasLensing
        ? [`lensing masses are taken as M500 of h = ${SKY_H}, omegaM = ${FIDUCIAL_OMEGA_M}`]
        : []),
    );
    return { table, notes };
  }
  const gas = convertGasMasses(table, redshift, from);
  const lensing = convertLensingMasses(gas.table, redshift, from);
  notes.push(...gas.notes, ...lensing.notes);
  notes.push(
    gas.notes.length + lensing.notes.length === 0
      ? "no gas masses to convert; fluxes, redshifts and temperatures need no conversion"
      : "fluxes, redshifts and temperatures need no conversion",
  );
  return { table: lensing.table, notes };
}

/** A table with one column times a factor of each row, and the range of the factors in words. */
function multiplyColumn(
  { count, columns, textsOf }: SourceTable,
  name: string,
  factors: Float64Array,
): { readonly table: SourceTable; readonly range: string } {
  const known = factors.filter((factor) => !Number.isNaN(factor)).sort();
  const range = known.length === 0
    ? "of no redshift"
    : `times ${known[0]!.toFixed(3)} to ${known.at(-1)!.toFixed(3)}`;
  const multiplied = columns.map((column) =>
    column.name === name && column.values
      ? { ...column, values: factors.map((factor, row) => factor * column.values![row]!) }
      : column
  );
  return { table: { count, columns: multiplied, textsOf }, range };
}

/** Where gas or lensing masses come from and go to. */
function sayCosmologies(from: SourceCosmology): string {
  return `from h = ${from.h}, omegaM = ${from.omegaM} to h = ${SKY_H}, omegaM = ${FIDUCIAL_OMEGA_M}`;
}

function convertGasMasses(
  table: SourceTable,
  redshift: ArrayLike<number> | null,
  from: SourceCosmology,
): ConvertedTable {
  const find = (wanted: string) => table.columns.find(({ name }) => name === wanted)?.values;
  if (!find("Mgas") || redshift === null) return { table, notes: [] };
  const [beta, core] = [find("beta"), find("core")];
  const factors = Float64Array.from(redshift, (z, row) => {
    return z > 0 ? convertMasses(from, z, beta?.[row], core?.[row]).gasMass : NaN;
  });
  const { table: converted, range } = multiplyColumn(table, "Mgas", factors);
  return {
    table: converted,
    notes: [
      `gas masses ${sayCosmologies(from)}: ${range} ` +
      `(distance^2.5, and r500 by the critical density along ${
        beta && core
          ? "each cluster's beta model"
          : `a beta model of ${USUAL_BETA.toFixed(2)} with a core of ${USUAL_CORE} r500`
      })`,
    ],
  };
}

function convertLensingMasses(
  table: SourceTable,
  redshift: ArrayLike<number> | null,
  from: SourceCosmology,
): ConvertedTable {
  const masses = table.columns.find(({ name }) => name === "M_WL")?.values;
  if (!masses || redshift === null) return { table, notes: [] };
  const factors = Float64Array.from(
    redshift,
    (z) => z > 0 ? convertMasses(from, z).lensingMass : NaN,
  );
  const { table: converted, range } = multiplyColumn(table, "M_WL", factors);
  return {
    table: converted,
    notes: [`lensing masses ${sayCosmologies(from)}: ${range} (1 / h, and r500 by 1 / E(z))`],
  };
}
