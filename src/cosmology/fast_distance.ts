/** Comoving distances at low redshift in a few operations, for loops over clusters. */
import { type Cosmology, HUBBLE_LENGTH, hubbleE } from "./cosmology.ts";
import { gaussLegendreRule } from "../numerics/calculus.ts";

/** Quadrature rule of the distance integral, with nodes between -1 and 1. */
export const DISTANCE_RULE: ReturnType<typeof gaussLegendreRule> = gaussLegendreRule(4);

/** A flat universe's expansion rate squared as its polynomial in 1 + z. */
export interface ExpansionRate {
  /** Coefficient of (1 + z)^3. */
  readonly matter: number;
  /** Coefficient of (1 + z)^4. */
  readonly radiation: number;
  /** The remaining constant, which makes E(0) = 1. */
  readonly constant: number;
}

/**
 * The coefficients of a cosmology's squared expansion rate, taken from {@linkcode hubbleE} so that
 * the densities are defined once.
 */
export function expansionRate(cosmology: Cosmology): ExpansionRate {
  const squaredAtOne = hubbleE(cosmology, 1) ** 2;
  const matter = cosmology.omegaM;
  const radiation = (squaredAtOne - 1 - matter * 7) / 15;
  return { matter, radiation, constant: 1 - matter - radiation };
}

/** The expansion rate E(z) = H(z) / H(0). */
export function fastExpansion({ matter, radiation, constant }: ExpansionRate, z: number): number {
  const scale = 1 + z;
  const cube = scale * scale * scale;
  return Math.sqrt(matter * cube + radiation * cube * scale + constant);
}

/** Line-of-sight comoving distance in Mpc/h for z up to 0.3, with errors below 1e-7. */
export function fastComovingDistance(rate: ExpansionRate, z: number): number {
  const half = z / 2;
  let sum = 0;
  for (let i = 0; i < 4; i++) {
    sum += DISTANCE_RULE.weights[i]! / fastExpansion(rate, half + half * DISTANCE_RULE.nodes[i]!);
  }
  return HUBBLE_LENGTH * half * sum;
}
