/** What a temperature, a gas mass and an error of a cluster can be, so that other units are refused. */

import { NOT_MEASURED } from "../catalogs/sky/missing.ts";

/** A measured column: its name, its error's, and what it can be. */
export type MeasuredColumn = readonly [name: string, error: string, range: MeasuredRange];

/** Values that clusters can have, and the unit that they are in. */
export interface MeasuredRange {
  /** Least value. */
  readonly least: number;
  /** Greatest value. */
  readonly most: number;
  /** The unit. */
  readonly unit: string;
}

/** Temperature: groups have some 0.3 keV, the hottest clusters 20 keV; eV and K are far beyond. */
export const TEMPERATURE: MeasuredColumn = ["T", "e_lnT", { least: 0.05, most: 100, unit: "keV" }];

/** Gas mass: groups have some 1e11 Msun, the richest clusters 5e14; Msun and 1e10 Msun are beyond. */
export const GAS_MASS: MeasuredColumn = [
  "Mgas",
  "e_lnMgas",
  { least: 1e-5, most: 30, unit: "1e14 Msun" },
];

/** Flux: no cluster of the sky comes near the greatest. */
export const FLUX: MeasuredRange = { least: 0, most: 1e6, unit: "1e-12 erg/s/cm2" };

/** An error of a logarithm that is larger than this is in per cent, or in the value's own unit. */
const LARGEST_ERROR = 2;

/**
 * A value that a cluster can have.
 *
 * @throws {RangeError} If it is not within the range
 */
export function checkRange(
  value: number,
  name: string,
  { least, most, unit }: MeasuredRange,
  cluster: string,
): number {
  if (value >= least && value <= most) return value;
  throw new RangeError(
    `Cannot use catalog: ${name} of ${cluster} is ${value}, should be from ${least} to ${most} ` +
      `[${unit}]: it may be in another unit`,
  );
}

/**
 * Checks the standard deviation of a logarithm, if there is one.
 *
 * @param mayBeMissing Whether a very large error may say that the value was not measured
 * @throws {RangeError} If it is negative, or larger than that of any measurement
 */
export function checkError(
  error: number,
  name: string,
  cluster: string,
  mayBeMissing = true,
): void {
  if (Number.isNaN(error) || (error >= 0 && error <= LARGEST_ERROR)) return;
  if (mayBeMissing && error >= NOT_MEASURED) return;
  throw new RangeError(
    `Cannot use catalog: ${name} of ${cluster} is ${error}, should be from 0 to ${LARGEST_ERROR}: the ` +
      "standard deviation of a logarithm, 0.05 for 5%",
  );
}
