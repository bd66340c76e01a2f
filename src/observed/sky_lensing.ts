/** The lensing masses of a stranger's table. */
import type { LensingMasses } from "../catalogs/sky/lensing.ts";
import { MISSING_ERROR } from "../catalogs/sky/missing.ts";
import type { SkySurvey } from "../catalogs/sky/survey.ts";
import type { SourceTable } from "./source_table.ts";

/** Columns of lensing masses and of the standard deviations of their logarithms. */
export const LENSING_COLUMNS = ["M_WL", "e_lnMWL"] as const;

/** An error of a logarithm that is larger than this is in per cent, or in solar masses. */
const LARGEST_ERROR = 3;

/**
 * Reads `M_WL` [1e14 Msun, h = 0.7] and `e_lnMWL`, blank where a cluster has no lensing mass.
 *
 * @param nameOf Names a row in messages
 * @returns Null if the table has no column `M_WL`
 * @throws {RangeError} If the survey has no lensing masses, a mass is not above 0, or its error is missing,
 * negative or not that of a logarithm, or a column is text
 */
export function readLensingMasses(
  { columns, count }: SourceTable,
  survey: SkySurvey,
  nameOf: (row: number) => string,
): LensingMasses | null {
  const [masses, errors] = LENSING_COLUMNS.map((name) => {
    const column = columns.find((column) => column.name === name);
    if (column === undefined || column.values !== null) return column?.values ?? null;
    throw new RangeError(`Cannot use catalog: ${name} is a column of text, should have numbers`);
  });
  if (!masses) return null;
  if (survey.lensing === undefined) {
    throw new RangeError(
      "Cannot use catalog: it has lensing masses M_WL, the survey has none: take hiflugcs-lensing, or " +
        "a survey's file with lensing { fraction, scatter, biasError }",
    );
  }
  const lnMass = new Float64Array(count);
  const lnMassError = new Float64Array(count).fill(MISSING_ERROR);
  for (let row = 0; row < count; row++) {
    const mass = masses[row]!;
    if (Number.isNaN(mass)) continue;
    if (!(mass > 0 && mass < Infinity)) {
      throw new RangeError(
        `Cannot use catalog: M_WL of ${
          nameOf(row)
        } is ${mass}, should be above 0, or blank where ` +
          "there is no lensing mass",
      );
    }
    const error = errors?.[row] ?? NaN;
    if (Number.isNaN(error)) {
      throw new RangeError(
        `Cannot use catalog: M_WL of ${
          nameOf(row)
        } has no error e_lnMWL, every lensing mass should ` +
          "have one",
      );
    }
    if (!(error >= 0 && error <= LARGEST_ERROR)) {
      throw new RangeError(
        `Cannot use catalog: e_lnMWL of ${nameOf(row)} is ${error}, should be from 0 to ` +
          `${LARGEST_ERROR}: the standard deviation of ln M_WL`,
      );
    }
    lnMass[row] = Math.log(mass);
    lnMassError[row] = error;
  }
  return { lnMass, lnMassError };
}
