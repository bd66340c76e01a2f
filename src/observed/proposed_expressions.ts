/**
 * How a column of a known unit is written as what a network reads, and what has to be assumed where
 * its unit is not known.
 */
import type { TableColumn } from "./source_table.ts";
import type { MeasuredUnit } from "./units.ts";

/** An expression, and what had to be assumed for it; "" if nothing. */
export interface Written {
  readonly expression: string;
  readonly assumed: string;
}

/** A column with what is known of its unit and values. */
export interface Measured {
  readonly column: TableColumn;
  /** How the column is written in an expression. */
  readonly written: string;
  readonly unit: MeasuredUnit;
  /** A value in the middle. */
  readonly median: number;
  /** Whether the name says that it is a logarithm. */
  readonly isLog: boolean;
}

const factorText = (factor: number): string =>
  factor === 1 ? "" : `*${factor < 1e6 ? factor : factor.toExponential().replace("+", "")}`;
/** An expression that assumes nothing. */
export const sure = (expression: string): Written => ({ expression, assumed: "" });

/** log10 of a temperature in keV. */
export function writeTemperature(
  { written, unit, median, isLog, column }: Measured,
): Written | null {
  if (isLog) return unit.kind === "none" || unit.kind === "keV" ? sure(written) : null;
  if (unit.kind === "keV") return sure(`log10(${written}${factorText(unit.factor)})`);
  // k_B = 8.617333262e-8 keV/K (CODATA 2018).
  if (unit.kind === "K") return sure(`log10(${written}*${8.617333262e-8 * unit.factor})`);
  if (unit.kind !== "none" || !(median > 0.1 && median < 30)) return null;
  return { expression: `log10(${written})`, assumed: `${column.name} is in keV` };
}

/** Luminosities are counted in 1e44 erg/s. */
const LUMINOSITY = 44;

/** log10 of a luminosity in 1e44 erg/s. */
export function writeLuminosity(
  { written, unit, median, isLog, column }: Measured,
): Written | null {
  const { name } = column;
  if (isLog) {
    if (median > 38 && median < 48) return sure(`${written}-${LUMINOSITY}`);
    if (unit.kind === "erg/s" && unit.factor === 1e44) return sure(written);
    return median > -5 && median < 4
      ? { expression: written, assumed: `${name} is in 1e44 erg/s` }
      : null;
  }
  if (unit.kind === "erg/s") {
    const power = Math.log10(unit.factor) - LUMINOSITY;
    const shift = power === 0 ? "" : power > 0 ? `+${power}` : `${power}`;
    return sure(`log10(${written})${shift}`);
  }
  if (unit.kind !== "none") return null;
  if (median > 1e38 && median < 1e48) {
    return { expression: `log10(${written})-44`, assumed: `${name} is in erg/s` };
  }
  return median > 1e-4 && median < 1e3
    ? { expression: `log10(${written})`, assumed: `${name} is in 1e44 erg/s` }
    : null;
}

/** log10 of a mass in Msun/h. */
export function writeMass({ written, unit, median, isLog, column }: Measured): Written | null {
  const { name } = column;
  if (isLog) {
    return median > 10 && median < 17
      ? { expression: `${written}+log10(h)`, assumed: `${name} is in Msun` }
      : null;
  }
  const text = `${written}${factorText(unit.factor)}`;
  if (unit.kind === "Msun") return sure(`log10(${text}*h)`);
  if (unit.kind === "Msun/h") return sure(`log10(${text})`);
  if (unit.kind !== "none") return null;
  if (median > 1e10 && median < 1e17) {
    return { expression: `log10(${written}*h)`, assumed: `${name} is in Msun` };
  }
  return null;
}
