/** The names of quantities on the page. */

/** A quantity's name and unit. */
export interface Words {
  readonly label: string;
  readonly unit: string;
}

const WORDS: Readonly<Record<string, Words>> = {
  logLuminosity: { label: "Luminosity", unit: "log10 of 1e44 erg/s" },
  logTemperature: { label: "Temperature", unit: "log10 of keV" },
  logGasMass: { label: "Gas mass", unit: "log10 of Msun/h, within R500" },
  logWeakLensingMass: { label: "Weak lensing mass", unit: "log10 of Msun/h, M500c" },
  logGasMassProfile: { label: "Gas mass in seven shells", unit: "log10 of Msun/h each" },
  gasSlopeProfile: { label: "Slope of gas density in seven shells", unit: "dlog rho / dlog r" },
  redshift: { label: "Redshift", unit: "optional: rows out of range are refused" },
};

/** Name and unit of a target. */
export function wordsFor(target: string): Words {
  return WORDS[target] ?? { label: target, unit: "" };
}

/** A number with four significant digits. */
export function show(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "unknown";
}

/** A change of sigma8, with its sign. */
export function showChange(value: number): string {
  if (!Number.isFinite(value)) return "not measured";
  return `${value > 0 ? "+" : value < 0 ? "\u2212" : ""}${Math.abs(value).toFixed(5)}`;
}
