/**
 * From the cosmology of a source's tables to that of the sky survey, h = 0.7 and omegaM = 0.3, and from
 * a stranger's columns to the survey's.
 *
 * @module
 */
import { FIDUCIAL_OMEGA_M, SKY_H } from "../catalogs/sky/relations.ts";
import type { ColumnMapping } from "./column_mapping.ts";
import { readExpression } from "./expression_reader.ts";
import type { SourceTable } from "./source_table.ts";

/** The cosmology that a table's gas masses were computed with. */
export interface SourceCosmology {
  /** h of its distances. */
  readonly h: number;
  /** omegaM of this cosmology; 1 is Einstein and de Sitter's universe. All are flat. */
  readonly omegaM: number;
}

/** The survey's own cosmology: nothing is converted. */
export const SURVEY_COSMOLOGY: SourceCosmology = { h: SKY_H, omegaM: FIDUCIAL_OMEGA_M };

/** Slope of the isothermal beta model and core radius over r500 where a table has neither. */
const USUAL_BETA = 2 / 3;
const USUAL_CORE = 0.15;

/** What a table's columns may be called, or mapped to. */
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
];

/** E(z) of flat matter and Lambda. */
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

/** Mass of an isothermal beta model within x core radii, up to a constant. */
function betaMass(beta: number, x: number): number {
  const steps = 400;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const t = x * (i + 0.5) / steps;
    sum += t * t * (1 + t * t) ** (-1.5 * beta);
  }
  return sum * x / steps;
}

/** What becomes of one cluster's masses. */
export interface MassConversion {
  /** Distance in the survey's cosmology over that in the source's. */
  readonly distance: number;
  /** r500 in the survey's cosmology over that in the source's, at equal density profile. */
  readonly radius: number;
  /** Factor of the gas mass. */
  readonly gasMass: number;
  /** Factor of a hydrostatic M500. */
  readonly mass: number;
}

/**
 * The factors of a cluster's masses. A lower critical density makes r500 larger, by g; gas mass goes
 * as distance^2.5 and grows with r500 as the beta model does; a hydrostatic mass goes as distance
 * and, isothermal, as r500.
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
  // r500 goes as 1 / (H0 E) at given temperature; distances take the part of H0.
  const radius = expansion(from.omegaM, z) / expansion(FIDUCIAL_OMEGA_M, z);
  const growth = betaMass(beta, radius / core) / betaMass(beta, 1 / core);
  return {
    distance: ratio,
    radius,
    gasMass: ratio ** 2.5 * growth,
    mass: ratio * radius,
  };
}

/** A table in the survey's columns and cosmology, and what was done to it, in words. */
export interface ConvertedTable {
  /** The table. */
  readonly table: SourceTable;
  /** One line for each conversion. */
  readonly notes: readonly string[];
}

/**
 * A stranger's table with the survey's columns, each the value of an expression where one is mapped,
 * and gas masses in the survey's cosmology.
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
  const gas = columns.find(({ name }) => name === "Mgas");
  const redshift = columns.find(({ name }) => name === "z")?.values;
  const isSame = from.h === SURVEY_COSMOLOGY.h && from.omegaM === SURVEY_COSMOLOGY.omegaM;
  if (isSame || !gas?.values || !redshift) {
    notes.push(
      isSame
        ? `gas masses are taken as those of h = ${SKY_H}, omegaM = ${FIDUCIAL_OMEGA_M}`
        : "no gas masses to convert; fluxes, redshifts and temperatures need no conversion",
    );
    return { table: { count: source.count, columns, textsOf }, notes };
  }
  const beta = columns.find(({ name }) => name === "beta")?.values;
  const core = columns.find(({ name }) => name === "core")?.values;
  const factors = Float64Array.from(redshift, (z, row) => {
    return z > 0 ? convertMasses(from, z, beta?.[row], core?.[row]).gasMass : NaN;
  });
  const known = factors.filter((factor) => !Number.isNaN(factor)).sort();
  notes.push(
    `gas masses from h = ${from.h}, omegaM = ${from.omegaM} to h = ${SKY_H}, omegaM = ` +
      `${FIDUCIAL_OMEGA_M}: times ${known[0]!.toFixed(3)} to ${known.at(-1)!.toFixed(3)} ` +
      `(distance^2.5, and r500 by the critical density along ${
        beta && core
          ? "each cluster's beta model"
          : `a beta model of ${USUAL_BETA.toFixed(2)} with a core of ${USUAL_CORE} r500`
      })`,
    "fluxes, redshifts and temperatures need no conversion",
  );
  const values = factors.map((factor, row) => factor * gas.values![row]!);
  return {
    table: {
      count: source.count,
      columns: columns.map((column) => column === gas ? { ...gas, values } : column),
      textsOf,
    },
    notes,
  };
}
