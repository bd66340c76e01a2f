/**
 * Checks a table's R500c against its masses: the redshift, whether radii are comoving, and whether
 * Hubble parameters and overdensity are those in the headings.
 */
import type { Cosmology } from "../cosmology/cosmology.ts";
import { criticalDensity } from "../cosmology/cosmology.ts";
import { median, quantiles } from "../numerics/statistics.ts";

/** How a table states its radii. */
export type RadiusKind = "comoving" | "physical";

/** Masses and radii of one table, row by row. */
export interface MassesAndRadii {
  /** M500c [Msun/h] */
  readonly mass: ArrayLike<number>;
  /** R500c [kpc/h], comoving or physical */
  readonly radius: ArrayLike<number>;
}

/**
 * Largest relative difference of the median radius from the one that the masses imply. At z = 0.1
 * it distinguishes comoving radii of redshifts 0.008 apart, and physical ones 0.018 apart.
 */
const TOLERANCE = 0.005;

/** Largest relative spread of the radii of 90% of the rows about those that the masses imply. */
const SPREAD = 0.01;

/** Largest relative difference of a single row's radius from the one that its mass implies. */
const STRAY = 0.03;

/** Greatest redshift that is tried in the search for a table's redshift. */
const MOST_REDSHIFT = 2;

/** The physical R500c of a mass [kpc/h]: M = 4/3 pi 500 rho_crit(z) r^3 solved for r. */
export function radius500c(mass: number, cosmology: Cosmology, redshift: number): number {
  return 1000 * Math.cbrt(mass / (4 / 3 * Math.PI * 500 * criticalDensity(cosmology, redshift)));
}

/**
 * Compares a table's radii with its masses at a redshift.
 *
 * @returns Whether the radii are comoving or physical
 * @throws {RangeError} If they agree in neither, with the likeliest reason in words
 */
export function checkRadii(
  { mass, radius }: MassesAndRadii,
  cosmology: Cosmology,
  redshift: number,
): RadiusKind {
  const ratios = Float64Array.from(
    mass,
    (m, i) => radius[i]! / radius500c(m, cosmology, redshift),
  );
  const [low, high] = quantiles(ratios, [0.05, 0.95]) as unknown as [number, number];
  const middle = median(ratios);
  const action = "Cannot read simulation table: r500c";
  if (high / low - 1 > SPREAD) {
    throw new RangeError(
      `${action} lies ${percent(low)} to ${percent(high)} from what the masses imply (90% of the ` +
        "rows), should be at one ratio; are the rows of several snapshots, or of several " +
        "overdensities?",
    );
  }
  for (const [kind, expected] of [["comoving", 1 + redshift], ["physical", 1]] as const) {
    if (!isNear(middle, expected)) continue;
    refuseStray(ratios, expected);
    return kind;
  }
  throw new RangeError(
    `${action} is ${
      middle.toFixed(3)
    } times the physical radius that the masses imply at redshift ` +
      `${redshift}, should be 1 or, comoving, ${(1 + redshift).toFixed(3)}; ` +
      explainRatio(middle, cosmology, redshift),
  );
}

/** Throws if the radius of a single row disagrees with its mass. */
function refuseStray(ratios: Float64Array, expected: number): void {
  const row = ratios.findIndex((ratio) => !(Math.abs(ratio / expected - 1) <= STRAY));
  if (row < 0) return;
  throw new RangeError(
    `Cannot read simulation table: row ${row + 1}, column r500c is ` +
      `${(ratios[row]! / expected).toFixed(3)} times what its mass implies, should be 1`,
  );
}

const isNear = (ratio: number, expected: number): boolean =>
  Math.abs(ratio / expected - 1) <= TOLERANCE;

const percent = (ratio: number): string =>
  `${ratio < 1 ? "" : "+"}${(100 * (ratio - 1)).toFixed(1)}%`;

/** Faults of a table, by the factor that each puts on the radius over the implied radius. */
function listFaults({ h }: Cosmology): (readonly [factor: number, words: string])[] {
  return [
    [Math.cbrt(h), "as if masses were in Msun, without h"],
    [1 / h, "as if radii were in kpc, without h"],
    [Math.cbrt(h) / h, "as if masses and radii were in Msun and kpc, without h"],
    [Math.cbrt(500 / 200), "as if masses and radii were of overdensity 200c"],
    [Math.cbrt(500 / 2500), "as if masses and radii were of overdensity 2500c"],
    [1e-3, "as if radii were in Mpc/h"],
  ];
}

/** The likeliest explanation of a ratio: other units, another overdensity, or another redshift. */
function explainRatio(ratio: number, cosmology: Cosmology, redshift: number): string {
  const faults = listFaults(cosmology)
    .filter(([factor]) => isNear(ratio, factor) || isNear(ratio, factor * (1 + redshift)))
    .map(([, words]) => words);
  const implied = impliedRedshift(ratio, cosmology, redshift);
  const moved = implied === null
    ? []
    : [`as comoving radii have it at redshift ${implied.toFixed(3)} (--base-redshift)`];
  const reasons = [...faults, ...moved];
  return reasons.length > 0
    ? reasons.join(", or ")
    : "are masses, radii and overdensity those that the headings name?";
}

/** The redshift at which comoving radii have this ratio to the physical ones at another. */
function impliedRedshift(ratio: number, cosmology: Cosmology, redshift: number): number | null {
  const mass = 1e14;
  const wanted = ratio * radius500c(mass, cosmology, redshift);
  const excess = (z: number) => (1 + z) * radius500c(mass, cosmology, z) - wanted;
  if (excess(0) > 0 || excess(MOST_REDSHIFT) < 0) return null;
  let [low, high] = [0, MOST_REDSHIFT];
  while (high - low > 1e-4) {
    const middle = (low + high) / 2;
    if (excess(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
