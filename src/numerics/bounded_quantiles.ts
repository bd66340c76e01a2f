/** Many quantiles of one posterior of `bounded_normal.ts`, by a table. */
import { type Bend, bendPlace, solveBounded } from "./bounded_density.ts";

/** Cells of the table; a posterior of a fortieth of the interval spans 25 cells per width. */
const CELLS = 1024;

/** A posterior on an interval. */
export interface BoundedPosterior {
  /** Lower end of the interval. */
  readonly min: number;
  /** Upper end of the interval. */
  readonly max: number;
  /** Function of x in which the likelihood is a Gaussian. */
  readonly coordinate: Bend["coordinate"];
  /** Mean of the probit. */
  readonly center: number;
  /** Standard deviation of the probit. */
  readonly width: number;
}

/** The integral of the density up to each edge of the cells. */
function accumulateCells(
  { min, max, coordinate, center, width }: BoundedPosterior,
): Float64Array {
  const bend: Bend = { ratio: max / min, coordinate };
  const { p, q } = solveBounded(center, width, bend);
  const exponents = Float64Array.from({ length: CELLS }, (_, i) => {
    const u = bendPlace((i + 0.5) / CELLS, bend);
    return p * u + q * u * u;
  });
  const top = exponents.reduce((a, b) => Math.max(a, b), -Infinity);
  const cumulative = new Float64Array(CELLS + 1);
  exponents.forEach((ln, i) => cumulative[i + 1] = cumulative[i]! + Math.exp(ln - top));
  return cumulative;
}

/** The probability of a posterior below a value of its interval: the inverse of its quantiles. */
export function boundedProbability(posterior: BoundedPosterior, value: number): number {
  const cumulative = accumulateCells(posterior);
  const place = (value - posterior.min) / (posterior.max - posterior.min) * CELLS;
  const cell = Math.min(Math.max(Math.floor(place), 0), CELLS - 1);
  const [low, high] = [cumulative[cell]!, cumulative[cell + 1]!];
  return (low + (place - cell) * (high - low)) / cumulative[CELLS]!;
}

/**
 * The values below which a posterior has some probabilities, linear within cells of the interval.
 *
 * @example The quantiles of a flat density
 * ```ts
 * import { boundedQuantiles } from "./bounded_quantiles.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const flat = { min: 2, max: 6, center: 0, width: 1, coordinate: "logarithm" } as const;
 * assertAlmostEquals(boundedQuantiles(flat, [0.25])[0]!, 3, 1e-9);
 * ```
 *
 * @param posterior The posterior that the quantiles belong to
 * @param probabilities From 0 to 1, in any order
 */
export function boundedQuantiles(
  posterior: BoundedPosterior,
  probabilities: ArrayLike<number>,
): Float64Array {
  const { min, max } = posterior;
  const cumulative = accumulateCells(posterior);
  const total = cumulative[CELLS]!;
  return Float64Array.from(probabilities, (share) => {
    const target = share * total;
    let [low, high] = [0, CELLS];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! <= target) low = middle;
      else high = middle;
    }
    const mass = cumulative[high]! - cumulative[low]!;
    const part = mass > 0 ? Math.min((target - cumulative[low]!) / mass, 1) : 0.5;
    return min + (max - min) * (low + part) / CELLS;
  });
}
