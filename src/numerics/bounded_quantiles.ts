/** Many quantiles of one posterior of `bounded_normal.ts`, by a table. */
import { type Bend, bendPlace, solveBounded } from "./bounded_density.ts";
import { fastExp } from "./fast_exp.ts";

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
  const exponents = new Float64Array(CELLS);
  let top = -Infinity;
  for (let i = 0; i < CELLS; i++) {
    const u = bendPlace((i + 0.5) / CELLS, bend);
    exponents[i] = p * u + q * u * u;
    top = Math.max(top, exponents[i]!);
  }
  const cumulative = new Float64Array(CELLS + 1);
  for (let i = 0; i < CELLS; i++) {
    cumulative[i + 1] = cumulative[i]! + fastExp(exponents[i]! - top);
  }
  return cumulative;
}

/** The integrals asked for last: truth and points of a posterior take the same. */
const recent: { readonly of: BoundedPosterior; readonly cumulative: Float64Array }[] = [];

/** Posteriors whose integrals are kept. */
const KEPT = 2;

/** {@linkcode accumulateCells}, unless it was among the last that were asked for. */
function cellsOf(posterior: BoundedPosterior): Float64Array {
  const known = recent.find(({ of }) =>
    of.center === posterior.center && of.width === posterior.width && of.min === posterior.min &&
    of.max === posterior.max && of.coordinate === posterior.coordinate
  );
  if (known !== undefined) return known.cumulative;
  const cumulative = accumulateCells(posterior);
  if (recent.length === KEPT) recent.shift();
  recent.push({ of: { ...posterior }, cumulative });
  return cumulative;
}

/** The probability of a posterior below a value of its interval: the inverse of its quantiles. */
export function boundedProbability(posterior: BoundedPosterior, value: number): number {
  const cumulative = cellsOf(posterior);
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
  const cumulative = cellsOf(posterior);
  const total = cumulative[CELLS]!;
  const values = new Float64Array(probabilities.length);
  for (let i = 0; i < values.length; i++) {
    const target = probabilities[i]! * total;
    let low = 0;
    let high = CELLS;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! <= target) low = middle;
      else high = middle;
    }
    const mass = cumulative[high]! - cumulative[low]!;
    const part = mass > 0 ? Math.min((target - cumulative[low]!) / mass, 1) : 0.5;
    values[i] = min + (max - min) * (low + part) / CELLS;
  }
  return values;
}
