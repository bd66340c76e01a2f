/**
 * Units as catalogs write them: whether a word is a unit, and which kind of quantity it measures.
 */

/** Units without a prefix, in lowercase, as FITS, CDS and people write them. */
const BARE = new Set(
  ("k kev ev erg ergs s sec h hr min d day days yr pc cm m mm um nm deg arcmin arcsec mas rad sr jy " +
    "mag ct cts count counts ph photon photons w j hz g kg sun msun lsun rsun solmass sollum solrad " +
    "msol m_sun l_sun m☉ m⊙ h70 h50 h100 h_70 h-1 km angstrom aa pct percent % dex log logmsun crab au " +
    "lyr bin pix pixel chan adu electron").split(" "),
);

/** Units with a prefix of one letter, in their usual case. */
const PREFIXED = /^[kMGTPmunpfc](eV|pc|yr|Hz|Jy|m|g|s|W|J|K|as|arcsec|mag|erg|rad|G)$/;

/** Numbers, powers, and characters that join units. */
const JOINTS = /(?:\b\d+(?:\.\d+)?(?:e[+-]?\d+)?|\^|\*|\/|·|×|\bx\b|[\s().,{}$\\_+-]|\d)+/;

/** Whether a text is written like a unit: "keV", "10^44 erg/s", "h70-1 Mpc", "solMass". */
export function looksLikeUnit(text: string): boolean {
  const bare = text.trim().replace(/^[[(](.*)[\])]$/, "$1");
  // "M500" and "T2500" are names.
  if (bare === "" || bare.length > 40 || /[a-z]\d{3}/i.test(bare)) return false;
  if (/^'.*'$|^".*"$/.test(bare)) return looksLikeUnit(bare.slice(1, -1));
  if (isUnitWord(bare)) return true;
  const words = bare.replace(/log(10)?\b|\bper\b|mathrm|rm\b|odot/gi, " ").split(JOINTS)
    .filter((word) => word !== "");
  return words.length > 0 && words.every(isUnitWord);
}

function isUnitWord(word: string): boolean {
  if (/^["']{1,2}$|^°$/.test(word)) return true;
  return BARE.has(word.toLowerCase()) || PREFIXED.test(word) || /^"?[hdms]:[hdms:]+"?$/.test(word);
}

/** Kinds of quantities that a mapping can use. */
export type UnitKind = "keV" | "K" | "erg/s" | "W" | "Msun" | "Msun/h" | "none" | "other";

/** The kind of a unit, and the factor that converts its numbers to the kind's own unit. */
export interface MeasuredUnit {
  readonly kind: UnitKind;
  readonly factor: number;
}

/** What a unit measures: "1e44 erg/s" is erg/s with 1e44, "10^14 Msun" Msun with 1e14. */
export function measureUnit(unit: string): MeasuredUnit {
  const text = unit.trim().replace(/\s+/g, " ").replace(/\u2212/g, "-").replace(/\*\*/g, "^");
  if (/^(-*|1|none|dimensionless)$/i.test(text)) return { kind: "none", factor: 1 };
  const [, lead = "", rest = text] =
    /^((?:\d+(?:\.\d+)?(?:e[+-]?\d+)?)?\s*(?:[x×*·]?\s*10\^?[{+]?-?\d+}?)?)\s*[*.·]?\s*(.*)$/i
      .exec(text) ?? [];
  const factor = readFactor(lead.trim());
  const body = rest.replace(/[\s.*·_{}\\$]/g, "").replace(
    /mathrm|rm|odot|☉|⊙/g,
    (sun) => /odot|☉|⊙/.test(sun) ? "sun" : "",
  );
  const kind = kindOf(body);
  if (factor === null || kind === null) return { kind: "other", factor: NaN };
  return { kind: kind.kind, factor: factor * kind.factor };
}

function readFactor(lead: string): number | null {
  if (lead === "") return 1;
  const text = lead.replace(/\s/g, "").replace(/[{}]/g, "");
  if (/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) {
    // "1044" is more likely to be 10^44 without its superscript than a factor.
    return Number(text) > 10 && !/e/i.test(text) ? null : Number(text);
  }
  const match = /^(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?)?[x×*·])?10\^?\+?(-?\d+)$/i.exec(text);
  return match ? Number(match[1] ?? 1) * 10 ** Number(match[2]) : null;
}

function kindOf(body: string): MeasuredUnit | null {
  if (/^kev$/i.test(body)) return { kind: "keV", factor: 1 };
  if (body === "eV") return { kind: "keV", factor: 1e-3 };
  if (/^(K|kelvin)$/.test(body)) return { kind: "K", factor: 1 };
  if (body === "MK") return { kind: "K", factor: 1e6 };
  if (/^ergs?(\/s(ec)?|s(ec)?\^?-1)$/i.test(body)) return { kind: "erg/s", factor: 1 };
  if (/^(W|J\/s|Js-1)$/.test(body)) return { kind: "erg/s", factor: 1e7 };
  if (/^(m_?sun|solmass|msol|m)$/i.test(body) && body !== "m" && body !== "M") {
    return { kind: "Msun", factor: 1 };
  }
  if (/^(m_?sun|solmass|msol)(\/h|h\^?-1)$|^h\^?-1(m_?sun|solmass|msol)$/i.test(body)) {
    return { kind: "Msun/h", factor: 1 };
  }
  return null;
}
