/** How clusters scatter about the scaling relations. */
import { fastNormalProbability } from "../../numerics/fast_normal.ts";

/**
 * The scatter of mock clusters.
 *
 * - `"gaussian"`: the parameters' own, which is what the likelihood assumes.
 * - `"student"`: the same covariance, with offsets of T and gas mass at given L from a Student t of
 *   `degrees` degrees of freedom, as real clusters have a few outliers.
 * - `"library"`: offsets of other clusters, each with its own three; the parameters' scatters and
 *   correlations are not used.
 */
export type SkyOffsets =
  | { readonly kind: "gaussian" }
  | { readonly kind: "student"; readonly degrees: number }
  | { readonly kind: "library"; readonly library: OffsetLibrary };

/** Offsets of ln L, ln T and ln gas mass from the relations, one row per cluster. */
export interface OffsetLibrary {
  /** Offsets of ln L. */
  readonly luminosity: Float64Array;
  /** Offsets of ln T. */
  readonly temperature: Float64Array;
  /** Offsets of ln gas mass. */
  readonly gasMass: Float64Array;
}

/** Gaussian scatter. */
export const GAUSSIAN_OFFSETS: SkyOffsets = { kind: "gaussian" };

/** Student's t with 5 degrees of freedom, which fits real clusters' scatter of T and gas mass. */
export const STUDENT_OFFSETS: SkyOffsets = { kind: "student", degrees: 5 };

/**
 * Checks offsets.
 *
 * @throws {RangeError} If degrees are not above 2 or a library's columns are empty or unequal
 */
export function checkOffsets(offsets: SkyOffsets): void {
  if (offsets.kind === "student" && !(Number.isInteger(offsets.degrees) && offsets.degrees > 2)) {
    throw new RangeError(
      `Cannot scatter clusters: degrees of freedom are ${offsets.degrees}, should be a whole ` +
        "number above 2",
    );
  }
  if (offsets.kind === "library") {
    const { luminosity, temperature, gasMass } = offsets.library;
    const counts = [luminosity, temperature, gasMass].map((column) => column.length);
    if (counts[0] === 0 || counts.some((count) => count !== counts[0])) {
      throw new RangeError(
        `Cannot scatter clusters: the library's columns have ${counts.join(", ")} rows, should ` +
          "have as many each, one or more",
      );
    }
  }
}

/** Steps of the table in x, and its ends. */
const LIBRARY_STEP = 0.02;
const LIBRARY_REACH = 14;

/**
 * The share of a library's clusters above the limit, by the mean x of ln(flux / limit): the mean of
 * Phi((x + offset) / error), from a table.
 *
 * @param luminosity Offsets of ln L
 * @param fluxError Standard deviation of the measured ln flux, above 0
 */
export function libraryProbability(
  luminosity: Float64Array,
  fluxError: number,
): (x: number) => number {
  const count = Math.round(2 * LIBRARY_REACH / LIBRARY_STEP) + 2;
  const table = Float64Array.from({ length: count }, (_, i) => {
    const x = i * LIBRARY_STEP - LIBRARY_REACH;
    let sum = 0;
    for (const offset of luminosity) sum += fastNormalProbability((x + offset) / fluxError);
    return sum / luminosity.length;
  });
  return (x) => {
    if (x <= -LIBRARY_REACH) return 0;
    if (x >= LIBRARY_REACH) return 1;
    const at = (x + LIBRARY_REACH) / LIBRARY_STEP;
    const i = Math.floor(at);
    return table[i]! + (at - i) * (table[i + 1]! - table[i]!);
  };
}
