/** Tests whether one way to recover sigma8 scatters less than another. */
import { thereAre } from "../numerics/counted.ts";
import type { Random } from "../numerics/random.ts";
import { standardDeviation } from "../numerics/statistics.ts";
import type { Sigma8Errors } from "./errors.ts";

/** The scatter of one way to recover sigma8 over a set of catalogs. */
export interface MeasuredScatter
  extends Pick<Sigma8Errors, "count" | "scatter" | "scatterError" | "bias"> {
  /** Predicted minus true sigma8 of each catalog; if both ways have them, pairs are compared. */
  readonly errors?: ArrayLike<number>;
}

/** The difference in scatter of two ways to recover sigma8. */
export interface ScatterComparison {
  /** Scatter of the second less that of the first. */
  readonly difference: number;
  /** Error of the difference. */
  readonly error: number;
  /** difference / error. */
  readonly significance: number;
  /** "paired" if both ways were resampled together, which removes what their catalogs share. */
  readonly method: "paired" | "independent";
}

/** Relative paired error below which predictions differ by rounding only. */
const NEGLIGIBLE = 1e-9;

/** Largest relative difference of a scatter from that of its errors, which may be Float32. */
const ERRORS_TOLERANCE = 1e-4;

/** Resamples of the catalogs: the error of the difference is known to 3%. */
const RESAMPLES = 500;

/**
 * Throws unless a scatter can be compared.
 *
 * @param measured The scatter
 * @param name What the message calls the scatter
 * @throws {RangeError} If a number is not finite, the count below 2, the scatter below 0 or its
 * error not above it, or there are not as many errors as catalogs
 */
export function checkScatter(measured: MeasuredScatter, name: string): void {
  const { count, scatter, scatterError, bias, errors } = measured;
  const refuse = (what: string, expected: string) => {
    throw new RangeError(`Cannot use the scatter of ${name}: ${what}, should be ${expected}`);
  };
  if (!(Number.isInteger(count) && count >= 2)) refuse(`count is ${count}`, "2 or more");
  if (!(scatter >= 0 && scatter < Infinity)) refuse(`scatter is ${scatter}`, "0 or more");
  if (!(scatterError > 0 && scatterError < Infinity)) {
    refuse(`scatterError is ${scatterError}`, "above 0");
  }
  if (!Number.isFinite(bias)) refuse(`bias is ${bias}`, "finite");
  if (!errors) return;
  if (errors.length !== count) refuse(`${thereAre(errors.length, "error")}`, `${count}`);
  const at = Array.from(errors).findIndex((error) => !Number.isFinite(error));
  if (at >= 0) refuse(`error ${at} is ${errors[at]}`, "finite");
  const own = standardDeviation(errors);
  if (!(Math.abs(own - scatter) <= ERRORS_TOLERANCE * scatter)) {
    refuse(`it is ${scatter}`, `${own} as that of its errors`);
  }
}

/**
 * Compares two scatters: by resampling the catalogs of both together if both have as many errors,
 * else by their two error bars, as if they were independent. Errors of different catalogs may be
 * compared either way: pairs that share nothing give the same.
 *
 * @example
 * ```ts
 * import { createRandom } from "@clusters/terse";
 * import { compareScatters } from "@clusters/terse/evaluation";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const comparison = compareScatters(
 *   { count: 497, scatter: 0.0212, scatterError: 0.0003, bias: 0 },
 *   { count: 497, scatter: 0.0217, scatterError: 0.0004, bias: 0 },
 *   createRandom(1),
 * );
 * assertAlmostEquals(comparison.significance, 1, 1e-9);
 * ```
 *
 * @param first One way
 * @param second Another
 * @param random Draws the resamples
 * @throws {RangeError} If a scatter is not valid; see {@linkcode checkScatter}
 */
export function compareScatters(
  first: MeasuredScatter,
  second: MeasuredScatter,
  random: Random,
): ScatterComparison {
  checkScatter(first, "the first");
  checkScatter(second, "the second");
  const difference = second.scatter - first.scatter;
  const paired = first.errors && second.errors && first.count === second.count
    ? pairedError(first.errors, second.errors, random)
    : 0;
  const independent = Math.hypot(first.scatterError, second.scatterError);
  const isPaired = paired > NEGLIGIBLE * independent;
  const error = isPaired ? paired : independent;
  const method = isPaired ? "paired" : "independent";
  return { difference, error, significance: difference / error, method };
}

/** Standard deviation of the difference of two scatters over common resamples of the catalogs. */
function pairedError(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  random: Random,
): number {
  const count = first.length;
  const [a, b] = [new Float64Array(count), new Float64Array(count)];
  const differences = Float64Array.from({ length: RESAMPLES }, () => {
    for (let i = 0; i < count; i++) {
      const pick = random.integer(count);
      a[i] = first[pick]!;
      b[i] = second[pick]!;
    }
    return standardDeviation(b) - standardDeviation(a);
  });
  return standardDeviation(differences);
}
