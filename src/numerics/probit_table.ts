/** A table of the normal distribution by which the places of probits are found. */
import { normalProbability } from "./distributions.ts";

/** Largest |z| of a standard normal variable in double precision. */
export const FARTHEST = 8;

/**
 * Entries per unit of z in the table of the normal distribution on [-FARTHEST, FARTHEST];
 * interpolation between them is exact to 1e-11.
 */
const PLACES_PER_UNIT = 128;
const TABLE = Float64Array.from(
  { length: 2 * FARTHEST * PLACES_PER_UNIT + 1 },
  (_, i) => normalProbability(i / PLACES_PER_UNIT - FARTHEST),
);

const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

/** The standard normal density at z. */
export const density = (z: number): number => Math.exp(-z * z / 2) / ROOT_TWO_PI;
const DENSITIES = TABLE.map((_, i) => density(i / PLACES_PER_UNIT - FARTHEST));

/** The normal probability below z, by cubic interpolation of values and slopes. */
export function lookUpProbability(z: number): number {
  const place = Math.min(Math.max((z + FARTHEST) * PLACES_PER_UNIT, 0), TABLE.length - 1);
  const i = Math.min(Math.floor(place), TABLE.length - 2);
  const t = place - i;
  const rest = 1 - t;
  const values = TABLE[i]! * rest * rest * (1 + 2 * t) + TABLE[i + 1]! * t * t * (3 - 2 * t);
  const slopes = DENSITIES[i]! * rest - DENSITIES[i + 1]! * t;
  return values + t * rest * slopes / PLACES_PER_UNIT;
}
