/**
 * A baseline without a network: sigma8 as a quadratic function of eleven summaries of a catalog,
 * fitted by least squares. A network that does not beat it has learned little.
 *
 * The paper has no such row. On the stand-in the prototype's scatter was 0.0209.
 */
import { thereAre } from "../numerics/counted.ts";
import type { Catalog } from "../catalogs/catalog.ts";
import { mean, median, quantiles, standardDeviation } from "../numerics/statistics.ts";

/** Y_X quantiles at the middles of eight equal shares. */
const QUANTILES: readonly number[] = Array.from({ length: 8 }, (_, i) => (i + 0.5) / 8);

/** Slope of Y_X with mass: 1.16 + 0.61 of Table 2. */
const YX_SLOPE = 1.77;

/** Number of summaries. */
export const SUMMARIES = 11;

/** Number of terms: 1, the summaries, and their pairwise products. */
const TERMS = 1 + SUMMARIES + SUMMARIES * (SUMMARIES + 1) / 2;

/** Smallest diagonal of R relative to the largest; below it, a term follows from the others. */
const LEAST_DIAGONAL = 1e-10;

/** A fitted quadratic function of scaled summaries. */
export interface SummariesBaseline {
  /** Means of the training summaries, [SUMMARIES]. */
  readonly means: Float64Array;
  /** Standard deviations of the training summaries, [SUMMARIES]. */
  readonly scales: Float64Array;
  /** Coefficients of 1, each summary, and the products (0,0), (0,1) ... (10,10), [78]. */
  readonly coefficients: Float64Array;
}

/**
 * The summaries of one catalog: ln N; median log L_X; eight quantiles of log Y_X, at 1/16 to
 * 15/16; mean of log M_WL - log Y_X / 1.77. [SUMMARIES]
 *
 * @throws {RangeError} If the catalog has no clusters
 */
export function summarizeCatalog({ clusters }: Catalog): Float64Array {
  const { count, logLuminosity, logTemperature, logGasMass, logWeakLensingMass } = clusters;
  const logYx = logGasMass.map((value, i) => value + logTemperature[i]!);
  const massRatios = logWeakLensingMass.map((value, i) => value - logYx[i]! / YX_SLOPE);
  return Float64Array.of(
    Math.log(count),
    median(logLuminosity),
    ...quantiles(logYx, QUANTILES),
    mean(massRatios),
  );
}

/**
 * Fits the quadratic function to catalogs whose sigma8 is known.
 *
 * @throws {RangeError} If there are fewer catalogs than its 78 terms, or a term follows from others
 */
export function fitSummariesBaseline(training: readonly Catalog[]): SummariesBaseline {
  if (training.length < TERMS) {
    throw new RangeError(
      `Cannot fit the summaries baseline: ${
        thereAre(training.length, "catalog")
      }, ${TERMS} are needed`,
    );
  }
  const summaries = training.map(summarizeCatalog);
  const columns = Array.from({ length: SUMMARIES }, (_, s) => summaries.map((row) => row[s]!));
  const means = Float64Array.from(columns, mean);
  const scales = Float64Array.from(columns, standardDeviation);
  const terms = summaries.map((row) => expandTerms(row, means, scales));
  const sigma8 = Float64Array.from(training, ({ parameters }) => parameters.sigma8);
  return { means, scales, coefficients: solveLeastSquares(terms, sigma8) };
}

/** Predicts each catalog's sigma8; predictions may lie outside the training range. */
export function predictFromSummaries(
  { means, scales, coefficients }: SummariesBaseline,
  catalogs: readonly Catalog[],
): Float64Array {
  return Float64Array.from(catalogs, (catalog) => {
    const terms = expandTerms(summarizeCatalog(catalog), means, scales);
    return terms.reduce((sum, term, i) => sum + term * coefficients[i]!, 0);
  });
}

/** Expands summaries to 1, the scaled summaries and their products, [TERMS]. */
function expandTerms(
  summaries: Float64Array,
  means: Float64Array,
  scales: Float64Array,
): Float64Array {
  const scaled = summaries.map((value, s) => (value - means[s]!) / scales[s]!);
  const terms = new Float64Array(TERMS);
  terms[0] = 1;
  terms.set(scaled, 1);
  let term = 1 + SUMMARIES;
  for (let i = 0; i < SUMMARIES; i++) {
    for (let j = i; j < SUMMARIES; j++) terms[term++] = scaled[i]! * scaled[j]!;
  }
  return terms;
}

/**
 * Least squares by Householder reflections, which keep twice the digits of normal equations:
 * neighboring quantiles are nearly the same.
 *
 * @param rows Rows of the matrix; overwritten
 * @param values One value per row; overwritten
 */
function solveLeastSquares(rows: readonly Float64Array[], values: Float64Array): Float64Array {
  const width = rows[0]!.length;
  const diagonal = new Float64Array(width);
  for (let k = 0; k < width; k++) diagonal[k] = reflectColumn(rows, values, k);
  const least = LEAST_DIAGONAL * Math.max(...diagonal.map(Math.abs));
  const solution = new Float64Array(width);
  for (let k = width - 1; k >= 0; k--) {
    if (!(Math.abs(diagonal[k]!) > least)) {
      throw new RangeError(
        `Cannot fit the summaries baseline: term ${k} follows from the others, all should differ`,
      );
    }
    let sum = values[k]!;
    for (let j = k + 1; j < width; j++) sum -= rows[k]![j]! * solution[j]!;
    solution[k] = sum / diagonal[k]!;
  }
  return solution;
}

/** Reflects column k onto its axis, and all columns to its right with it; returns R's diagonal. */
function reflectColumn(rows: readonly Float64Array[], values: Float64Array, k: number): number {
  let squares = 0;
  for (let i = k; i < rows.length; i++) squares += rows[i]![k]! ** 2;
  const diagonal = rows[k]![k]! > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  const pivot = rows[k]![k]! - diagonal;
  if (!(squares > 0)) return diagonal;
  rows[k]![k] = pivot;
  const scale = -1 / (diagonal * pivot); // 2 / |v|^2
  for (let j = k + 1; j < rows[k]!.length; j++) {
    let dot = 0;
    for (let i = k; i < rows.length; i++) dot += rows[i]![k]! * rows[i]![j]!;
    for (let i = k; i < rows.length; i++) rows[i]![j]! -= scale * dot * rows[i]![k]!;
  }
  let dot = 0;
  for (let i = k; i < rows.length; i++) dot += rows[i]![k]! * values[i]!;
  for (let i = k; i < rows.length; i++) values[i]! -= scale * dot * rows[i]![k]!;
  return diagonal;
}
