/**
 * Proposes which columns of a user's table hold the quantities that a network reads, from their
 * names, units and UCDs. A proposal gives its reason, and the unit that it had to assume.
 */
import type { Measured, Written } from "./proposed_expressions.ts";
import { sure, writeLuminosity, writeMass, writeTemperature } from "./proposed_expressions.ts";
import { placesOf } from "./table_columns.ts";
import type { TableColumn } from "./source_table.ts";
import { measureUnit } from "./units.ts";

/** One target of a mapping with the expression that is proposed for it. */
export interface Proposal {
  /** Target of the mapping, as in "logTemperature". */
  readonly target: string;
  /** Expression of the table's columns, as in "log10(T[keV])". */
  readonly expression: string;
  /** Why the expression is proposed: "T is called so and in keV". */
  readonly reason: string;
  /** What had to be assumed; "" if nothing. */
  readonly assumed: string;
  /** Other columns that could be meant. */
  readonly others: readonly string[];
}

/**
 * Patterns of the names that people give to a target's column; earlier patterns take precedence.
 */
export interface Kind {
  readonly target: string;
  readonly names: readonly RegExp[];
  readonly ucd: RegExp;
  /** The expression of a column for this target, or `null` if its unit is of another kind. */
  write(column: Measured): Written | null;
}

const KINDS: readonly Kind[] = [
  {
    target: "redshift",
    names: [
      /^redshift$/i,
      /^z$/i,
      /^z_?(cl|clus|cluster|best|spec|cmb|lambda|phot)?$/i,
      /^redshift/i,
    ],
    ucd: /src\.redshift(?!.*stat\.error)/i,
    write: ({ written, unit, median }) =>
      unit.kind === "none" && median > 0 && median < 10 ? sure(written) : null,
  },
  {
    target: "logTemperature",
    names: [
      /^(log|lg)?k?t$/i,
      /^k?t_?kev$/i,
      /^k?t_?(x|500|500c|x500)(_?kev)?$/i,
      /^k?t_?x?_?(spec|sl|mean|ci|cin)(_?kev)?$/i,
      /^(x_?ray_?)?temp(erature)?/i,
      /^k?t_?x?_?(ce|cex|ex)$/i,
      /^log_?k?t/i,
    ],
    ucd: /phys\.temperature/i,
    write: writeTemperature,
  },
  {
    target: "logLuminosity",
    names: [
      /^l_?(x|500)$/i,
      /^l_?x?_?500c?$/i,
      /^l_?x_?(cin|soft|s|0\.?[15]-2.*)?/i,
      /^l_?0\.[15]-2/i,
      /^(log|lg)_?l/i,
      /^lum(inosity)?/i,
      /^l_?bol/i,
    ],
    ucd: /phys\.luminosity/i,
    write: writeLuminosity,
  },
  {
    target: "logGasMass",
    names: [
      /^(log|lg)?_?m_?gas$/i,
      /^(log|lg)?_?m_?gas_?(500c?|x)?/i,
      /^gas_?mass/i,
      /^m_?g(500)?$/i,
    ],
    ucd: /phys\.mass.*(gas|ism)/i,
    write: writeMass,
  },
  {
    target: "logWeakLensingMass",
    names: [/^m_?(wl|lens)/i, /weak_?lens/i, /^log_?m_?wl/i],
    ucd: /phys\.mass.*lens/i,
    write: writeMass,
  },
];

/** Columns of errors, flags or references, by the prefixes of CDS and by words. */
const PREFIX = /^([eEbBflurnq]|err|d|delta|sigma|flag|ref)_|^e_?ln|^[+-]/;
const WORD =
  /(^|_)(err(or)?|unc|sig(ma)?|plus|minus|lo(wer)?|hi(gh)?|up(per)?|hierr|loerr|flag|ref|min|max)(_|$)|err$|^err/i;

/**
 * Proposes a mapping; targets for which nothing was found are left out.
 *
 * @param columns Columns of a table that was read
 */
export function proposeMapping(columns: readonly TableColumn[]): Proposal[] {
  const measured = columns.flatMap((column) => measure(column, columns));
  const found = proposeKinds(KINDS, columns);
  if (found.some(({ target }) => target === "logGasMass")) return found;
  const product = proposeFraction(measured);
  return product ? [...found, product] : found;
}

/** Proposes an expression for each kind that a table has a column of. */
export function proposeKinds(
  kinds: readonly Kind[],
  columns: readonly TableColumn[],
): Proposal[] {
  const measured = columns.flatMap((column) => measure(column, columns));
  return kinds.flatMap((kind) => proposeKind(kind, columns, measured));
}

/** The names by which people call what a target is. */
export function namesOfTarget(target: string): Pick<Kind, "names" | "ucd"> {
  const { names, ucd } = KINDS.find((kind) => kind.target === target)!;
  return { names, ucd };
}

/**
 * The expression of one column for a target, given the column's unit; `null` if the unit is of
 * another kind.
 */
export function proposeColumn(
  target: string,
  column: TableColumn,
  columns: readonly TableColumn[],
): Pick<Proposal, "expression" | "assumed"> | null {
  const kind = KINDS.find((kind) => kind.target === target);
  const [measured] = measure(column, columns);
  return kind && measured ? kind.write(measured) : null;
}

/**
 * The mapping of the fields that a network reads, and of the redshift if a column was found for it.
 *
 * @throws {TypeError} If nothing was found for a field, or a unit would have to be assumed
 */
export function chooseProposals(
  proposals: readonly Proposal[],
  fields: readonly string[],
): Proposal[] {
  const used = proposals.filter(({ target }) => target === "redshift" || fields.includes(target));
  const missing = fields.filter((field) => !used.some(({ target }) => target === field));
  if (missing.length > 0) {
    throw new TypeError(
      `Cannot map columns: auto finds no column for ${
        missing.join(", ")
      }; "terse columns" lists them`,
    );
  }
  const unsure = used.find(({ assumed }) => assumed !== "");
  if (!unsure) return used;
  throw new TypeError(
    `Cannot map columns: auto would assume that ${unsure.assumed}; if that is so, give ` +
      `--columns='${writeMapping(used)}'`,
  );
}

/** The proposal in the form of `--columns`. */
export function writeMapping(proposals: readonly Proposal[]): string {
  return proposals.map(({ target, expression }) => `${target}=${expression}`).join(", ");
}

/** A name without its unit: "T[keV]" as T, "M 500 (1e14 Msun)" as M 500, "T_keV" unchanged. */
const nameOf = (name: string): string => name.replace(/\s*[[(][^\][()]*[\])]\s*$/, "").trim();

function proposeKind(
  { target, names, ucd, write }: Kind,
  columns: readonly TableColumn[],
  measured: readonly Measured[],
): Proposal[] {
  const own = columns.find((column) => column.name === target && column.values !== null);
  if (own && placesOf(target, columns).length === 1) {
    const reason = "the column of that name";
    return [{ target, expression: `"${target}"`, reason, assumed: "", others: [] }];
  }
  const rank = ({ column }: Measured) => {
    if (PREFIX.test(column.name) || WORD.test(column.name)) return Infinity;
    if (/stat\.error|meta\.code/i.test(column.ucd)) return Infinity;
    const bare = nameOf(column.name);
    const place = names.findIndex((pattern) => pattern.test(bare));
    // A column found by UCD alone comes after every column found by name.
    return place >= 0 ? place : ucd.test(column.ucd) ? names.length : Infinity;
  };
  const candidates = measured.map((entry) => ({ entry, rank: rank(entry), written: write(entry) }))
    .filter(({ rank, written }) => rank < Infinity && written !== null)
    .sort((a, b) =>
      Number(a.written!.assumed !== "") - Number(b.written!.assumed !== "") || a.rank - b.rank
    );
  const best = candidates[0];
  if (!best) return [];
  const { column, unit } = best.entry;
  const known = unit.kind === "none" ? "" : ` and its unit`;
  const reason = best.rank === names.length ? `the UCD of ${column.name}` : `the name${known}`;
  const others = candidates.slice(1).map(({ entry }) => entry.column.name);
  return [{ target, ...best.written!, reason, others }];
}

/** Gas mass as gas fraction times mass, for tables of simulations that give these. */
function proposeFraction(measured: readonly Measured[]): Proposal | null {
  const fraction = measured.find(({ column: { name } }) =>
    /^(f_?gas|gas_?frac(tion)?)/i.test(name)
  );
  const mass = measured.find(({ column: { name } }) => /^m_?500c?\b/i.test(nameOf(name)));
  if (!fraction || !mass) return null;
  const written = writeMass({ ...mass, written: `${fraction.written}*${mass.written}` });
  if (!written) return null;
  return { target: "logGasMass", ...written, reason: "a gas fraction and a mass", others: [] };
}

/** A column of numbers with its unit; `null` for text, vectors and names that two columns share. */
function measure(column: TableColumn, columns: readonly TableColumn[]): Measured[] {
  const { name, unit, values, width } = column;
  if (values === null || width !== 1 || name.includes('"')) return [];
  if (name === "" || placesOf(name, columns).length > 1) return [];
  const inName = /[[(]([^\][()]*)[\])]\s*$/.exec(name)?.[1] ?? /_(kev|erg_?s)$/i.exec(name)?.[1];
  const isSimple = /^[A-Za-z_]\w*$/.test(name) && !/^(h|log10|ln|exp)$/.test(name);
  const checked = unit === "" ? "" : `[${unit}]`;
  const written = isSimple ? name + checked : `"${name}${checked}"`;
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  return [{
    column,
    written: unit.includes('"') ? `"${name}"` : written,
    unit: measureUnit(unit === "" ? inName ?? "" : unit),
    median: sorted[Math.floor(sorted.length / 2)] ?? NaN,
    isLog: /^(log|lg)/i.test(name) || /^(log|dex)/i.test(unit),
  }];
}
