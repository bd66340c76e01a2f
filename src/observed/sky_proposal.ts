/**
 * Proposes which columns of a stranger's table are what `predict --survey` reads: redshift, flux
 * and what else was measured of a flux-limited sample, and the errors of their logarithms.
 */
import type { Kind, Proposal } from "./proposal.ts";
import { namesOfTarget, proposeKinds } from "./proposal.ts";
import { type Measured, sure, type Written } from "./proposed_expressions.ts";
import type { TableColumn } from "./source_table.ts";

/** A unit of mass in Msun that goes into 1e14 Msun: "/1e14", "*10", "" for 1. */
function inFourteens(factor: number): string {
  const share = factor / 1e14;
  if (Math.abs(share - 1) < 1e-9) return "";
  const inverse = 1 / share;
  return inverse > 1
    ? `/${inverse.toPrecision(6).replace(/\.?0+(e|$)/, "$1").replace("+", "")}`
    : `*${Number(share.toPrecision(6))}`;
}

/** Masses in 1e14 Msun, h of the table. */
function writeMass({ written, unit, median, isLog, column: { name } }: Measured): Written | null {
  if (isLog) {
    return median > 10 && median < 17
      ? { expression: `10^(${written}-14)`, assumed: `${name} is in Msun` }
      : null;
  }
  if (unit.kind === "Msun") return sure(`${written}${inFourteens(unit.factor)}`);
  if (unit.kind === "Msun/h") return sure(`${written}${inFourteens(unit.factor)}/h`);
  if (unit.kind !== "none") return null;
  if (median > 1e11 && median < 1e17) {
    return { expression: `${written}/1e14`, assumed: `${name} is in Msun` };
  }
  return median > 1e-3 && median < 100
    ? { expression: written, assumed: `${name} is in 1e14 Msun` }
    : null;
}

/** Fluxes in 1e-12 erg/s/cm2. */
function writeFlux({ written, median, isLog, column: { name, unit } }: Measured): Written | null {
  if (isLog) return null;
  const [, lead = "", body] = /^(.*?)[\s*.x]*(erg.*|mW.*)$/i.exec(unit) ?? [];
  if (body !== undefined) {
    const power = lead === ""
      ? 0
      : Number(/^(?:1e|10\^?[{]?|1[x*]10\^?)([+-]?\d+)[}]?$/.exec(lead)?.[1]);
    if (!/^(erg\W*s?\W*.*cm|mW\W*m)/i.test(body) || Number.isNaN(power)) return null;
    return sure(power === -12 ? written : `${written}*1e${power + 12}`);
  }
  if (unit !== "") return null;
  if (median > 1e-15 && median < 1e-8) {
    return { expression: `${written}*1e12`, assumed: `${name} is in erg/s/cm2` };
  }
  return median > 0.01 && median < 1e4
    ? { expression: written, assumed: `${name} is in 1e-12 erg/s/cm2` }
    : null;
}

function writeTemperature({ written, unit, median, column }: Measured): Written | null {
  if (unit.kind === "keV") return sure(unit.factor === 1 ? written : `${written}*${unit.factor}`);
  if (unit.kind !== "none" || !(median > 0.1 && median < 30)) return null;
  return { expression: written, assumed: `${column.name} is in keV` };
}

const KINDS: readonly Kind[] = [
  {
    target: "z",
    ...namesOfTarget("redshift"),
    write: ({ written, unit, median }) =>
      unit.kind === "none" && median > 0 && median < 10 ? sure(written) : null,
  },
  {
    target: "flux",
    names: [/^f_?x$/i, /^f_?x?_?(0\.1-2\.4|500|tot)?$/i, /^flux/i],
    ucd: /phot\.flux/i,
    write: writeFlux,
  },
  { target: "T", ...namesOfTarget("logTemperature"), write: writeTemperature },
  { target: "Mgas", ...namesOfTarget("logGasMass"), write: writeMass },
  { target: "M_WL", ...namesOfTarget("logWeakLensingMass"), write: writeMass },
];

/** Errors of logarithms by what they are of. */
const ERRORS: Readonly<Record<string, string>> = {
  flux: "e_lnL",
  T: "e_lnT",
  Mgas: "e_lnMgas",
  M_WL: "e_lnMWL",
};

/**
 * Proposes the mapping of `predict --survey`; none without a redshift and a flux or a lensing mass, which
 * a flux-limited sample has.
 */
export function proposeSkyMapping(columns: readonly TableColumn[]): Proposal[] {
  const found = proposeKinds(KINDS, columns);
  const has = (name: string) => found.some(({ target }) => target === name);
  if (!has("z") || !(has("flux") || has("M_WL"))) return [];
  const errors = found.flatMap((proposal) => proposeError(proposal, columns));
  return [...found, ...errors];
}

/** The column that has the error of another. */
function proposeError(
  { target, expression }: Proposal,
  columns: readonly TableColumn[],
): Proposal[] {
  const wanted = ERRORS[target];
  if (wanted === undefined) return [];
  const base = { target: wanted, assumed: "", others: [] };
  if (columns.some(({ name, values }) => name === wanted && values !== null)) {
    return [{ ...base, expression: `"${wanted}"`, reason: "the column of that name" }];
  }
  // The one column of the expression, without its unit.
  const value = columns.find(({ name, values }) =>
    values !== null && new RegExp(`(^|[("])${escape(name)}($|[[)"*/-])`).test(expression)
  );
  if (value === undefined) return [];
  const pattern = new RegExp(
    `^(e|err|error|sigma|sig|d|delta)_?${escape(value.name)}$|` +
      `^${escape(value.name)}_?(err|error|unc|sigma|sig)$`,
    "i",
  );
  const error = columns.find(({ name, values, width, unit }) =>
    values !== null && width === 1 && unit === value.unit && pattern.test(name)
  );
  if (error === undefined) return [];
  const quote = (name: string) => /^[A-Za-z_]\w*$/.test(name) ? name : `"${name}"`;
  const isLog = expression.startsWith("10^");
  return [{
    ...base,
    expression: isLog
      ? `${quote(error.name)}*2.302585`
      : `${quote(error.name)}/${quote(value.name)}`,
    reason: `the error of ${value.name}`,
  }];
}

const escape = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
