/**
 * The form in which the toolkit uses every published fit of the halo mass function: the
 * multiplicity f(sigma) and the range in which it holds (section 2.2.1).
 */
import { type Cosmology, omegaMatter } from "../cosmology.ts";

/** Halo overdensity: 500 or 200 times the critical density (c) or the mean matter density (m). */
export type MassDefinition = "500c" | "200c" | "200m";

/** Each mass definition as a multiple of a density. */
export const MASS_DEFINITIONS: Readonly<
  Record<MassDefinition, { readonly overdensity: number; readonly of: "critical" | "matter" }>
> = {
  "500c": { overdensity: 500, of: "critical" },
  "200c": { overdensity: 200, of: "critical" },
  "200m": { overdensity: 200, of: "matter" },
};

/** Cosmology, mass definition and redshift at which a multiplicity function is evaluated. */
export interface MultiplicitySetting {
  /** A physical cosmology; its sigma8 is not used. */
  readonly cosmology: Cosmology;
  /** One of the fit's definitions. */
  readonly definition: MassDefinition;
  /** Redshift, from 0 to the fit's `maxRedshift`. */
  readonly redshift: number;
}

/**
 * f(sigma): the fraction of mass in halos of a unit interval of ln(1 / sigma).
 *
 * @param sigma Rms fluctuation in spheres of the halo's mass, at its redshift
 * @param logMass log10 of that mass in Msun/h, for the fits whose f depends on it explicitly
 */
export type Multiplicity = (sigma: number, logMass: number) => number;

/** A published fit of the halo mass function. */
export interface MultiplicityFit {
  /** Paper and equation. */
  readonly reference: string;
  /** Mass definitions that the fit covers. */
  readonly definitions: readonly MassDefinition[];
  /** Largest redshift of the fit, about where the simulations behind it end. */
  readonly maxRedshift: number;
  /** f(sigma) in a setting, with all that does not depend on sigma computed once. */
  readonly prepare: (setting: MultiplicitySetting) => Multiplicity;
}

/** A mass definition's overdensity over the mean matter density at that redshift. */
export function matterOverdensity(
  { cosmology, definition, redshift }: MultiplicitySetting,
): number {
  const { overdensity, of } = MASS_DEFINITIONS[definition];
  return of === "matter" ? overdensity : overdensity / omegaMatter(cosmology, redshift);
}

/** A mass definition's overdensity over the critical density at that redshift. */
export function criticalOverdensity(
  { cosmology, definition, redshift }: MultiplicitySetting,
): number {
  const { overdensity, of } = MASS_DEFINITIONS[definition];
  return of === "critical" ? overdensity : overdensity * omegaMatter(cosmology, redshift);
}
