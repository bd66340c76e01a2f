/**
 * Recipes.
 *
 * @module
 */

/** The ways to give a mock cluster its observables. */
export type RecipeName = "neighbor" | "prescriptive";

/** Exponents of (sigma8 / 0.809) in the prescriptive recipe; that of Y_X is T's plus gas mass's. */
export interface SigmaExponents {
  readonly luminosity: number;
  readonly temperature: number;
  readonly gasMass: number;
}
