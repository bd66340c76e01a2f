/**
 * Whether some rows of a catalog hold the temperature or the gas mass of another cluster, as after
 * tables were joined by a wrong key, sorted apart, or shifted by a row.
 *
 * Measurements given luminosity and redshift are a line with Student-t scatter. Against that stands a
 * mixture: in a share of the rows T, or gas mass, or both, are those of the catalog as a whole, whatever
 * the row's luminosity. The ratio of the two likelihoods at their best is the most powerful test of such
 * damage; how large it becomes by chance is for mock catalogs to say.
 */
import { fiducialLnLuminosity } from "../../catalogs/sky/luminosity.ts";
import { MISSING_ERROR, type SkyClusters } from "../../catalogs/sky/sky_clusters.ts";
import { factorCholesky, solveCholesky } from "../../numerics/cholesky.ts";
import { mean } from "../../numerics/statistics.ts";

/** A column that may be another cluster's. */
export type JoinedColumn = "ln T" | "ln Mgas";

/** The rows of a catalog that may be mixed up. */
export interface Mismatch {
  /** ln of the likelihood with mixed-up rows over that without, each at its best; 0 or more. */
  readonly gain: number;
  /** The share of rows that are mixed up, at the best likelihood. */
  readonly share: number;
  /** Rows that are more likely mixed up than not, the likeliest first. */
  readonly rows: readonly number[];
}

/** Fewest rows that are tested. */
const FEWEST = 8;

/** Columns that are tested: both, if enough rows have both, or the one that more rows have. */
export function findJoinedColumns(clusters: SkyClusters): readonly JoinedColumn[] {
  const choices: readonly (readonly JoinedColumn[])[] = [["ln T", "ln Mgas"], ["ln T"], [
    "ln Mgas",
  ]];
  return choices.find((columns) => rowsWith(clusters, columns).length >= FEWEST) ?? [];
}

function rowsWith(clusters: SkyClusters, columns: readonly JoinedColumn[]): number[] {
  const errors = columns.map((name) =>
    name === "ln T" ? clusters.lnTemperatureError : clusters.lnGasMassError
  );
  return Array.from(clusters.redshift.keys())
    .filter((row) => errors.every((error) => error[row]! < MISSING_ERROR));
}

/**
 * Compares a catalog with one whose rows are mixed up.
 *
 * @param columns From {@linkcode findJoinedColumns}
 * @returns Null with fewer than eight rows that have the columns
 */
export function findMismatch(
  clusters: SkyClusters,
  columns: readonly JoinedColumn[],
): Mismatch | null {
  const rows = rowsWith(clusters, columns);
  if (columns.length === 0 || rows.length < FEWEST) return null;
  const lnLuminosity = fiducialLnLuminosity(clusters);
  const pick = (column: Float64Array) => {
    const taken = Float64Array.from(rows, (row) => column[row]!);
    const middle = mean(taken);
    return taken.map((value) => value - middle);
  };
  const x = [pick(lnLuminosity), pick(clusters.redshift.map(Math.log))] as const;
  const values = columns.map((name) =>
    pick(name === "ln T" ? clusters.lnTemperature : clusters.lnGasMass)
  );
  const others = densitiesOfOthers(values);
  const honest = fitLines(x, values, null);
  const mixed = fitLines(x, values, others, honest);
  const order = Array.from(rows.keys()).filter((i) => mixed.own[i]! < 0.5)
    .sort((a, b) => mixed.own[a]! - mixed.own[b]!);
  return {
    gain: Math.max(0, mixed.lnLikelihood - honest.lnLikelihood),
    share: mixed.share,
    rows: order.map((i) => rows[i]!),
  };
}

/** Densities of values that belong to any cluster of the catalog: a Gaussian of the whole. */
interface OthersDensities {
  /** Of each column by itself. */
  readonly single: readonly Float64Array[];
  /** Of all columns together, from one other cluster. */
  readonly joint: Float64Array;
}

function densitiesOfOthers(values: readonly Float64Array[]): OthersDensities {
  const [a, b = a] = values as [Float64Array, Float64Array?];
  const count = a.length;
  const product = (u: Float64Array, v: Float64Array) =>
    u.reduce((sum, value, i) => sum + value * v[i]!, 0) / count + (u === v ? LEAST_VARIANCE : 0);
  const single = values.map((column) => {
    const variance = product(column, column);
    return column.map((value) =>
      Math.exp(-value * value / (2 * variance)) / Math.sqrt(2 * Math.PI * variance)
    );
  });
  if (values.length === 1) return { single, joint: single[0]! };
  const [aa, ab, bb] = [product(a, a), product(a, b), product(b, b)];
  const determinant = aa * bb - ab * ab;
  const joint = a.map((u, i) => {
    const v = b[i]!;
    const square = (bb * u * u - 2 * ab * u * v + aa * v * v) / determinant;
    return Math.exp(-square / 2) / (2 * Math.PI * Math.sqrt(determinant));
  });
  return { single, joint };
}

/** The best lines for a catalog. */
interface LinesFit {
  readonly lnLikelihood: number;
  /** Share of rows that are mixed up. */
  readonly share: number;
  /** Probability of each row to be its own cluster's. */
  readonly own: Float64Array;
  /** Weight of each row in the tails of its own scatter. */
  readonly tails: Float64Array;
}

/** Degrees of freedom of the scatter, as of the mocks that real catalogs are compared with. */
const FREEDOM = 5;
/** Peak of the Student t of one number over its width. */
const PEAK = 8 / (3 * Math.PI * Math.sqrt(FREEDOM));
/** Steps of expectation and maximization; more change the gain by less than its noise. */
const STEPS = 20;
/** Share of mixed-up rows at first, and the largest. */
const [FIRST_SHARE, MOST_SHARE] = [0.1, 0.6];
/** Added to variances: 0.1% of a value. */
const LEAST_VARIANCE = 1e-6;
/** Added to sums of weights and of their squares. */
const LEAST_WEIGHT = 1e-9;

/**
 * Fits lines of one or two columns by expectation and maximization.
 *
 * @param x The two columns that the lines are of, with mean 0
 * @param others Densities in rows that are mixed up; null if there are none
 * @param start A fit without such rows
 */
function fitLines(
  x: readonly [Float64Array, Float64Array],
  values: readonly Float64Array[],
  others: OthersDensities | null,
  start?: LinesFit,
): LinesFit {
  const count = x[0].length;
  const isPair = values.length === 2;
  const own = new Float64Array(count).fill(1);
  const tails = start?.tails.slice() ?? new Float64Array(count).fill(1);
  let share = others === null ? 0 : FIRST_SHARE;
  let lnLikelihood = 0;
  const weights = new Float64Array(count);
  const residuals = values.map(() => new Float64Array(count));
  const [first, second = first] = residuals as [Float64Array, Float64Array?];
  const [othersA, othersB = othersA] = (others?.single ?? residuals) as [
    Float64Array,
    Float64Array?,
  ];
  for (let step = 0; step < STEPS; step++) {
    let total = 0;
    for (let i = 0; i < count; i++) {
      weights[i] = own[i]! * tails[i]!;
      total += own[i]!;
    }
    leaveResiduals(x, values, weights, residuals);
    let aa = 0;
    let ab = 0;
    let bb = 0;
    for (let i = 0; i < count; i++) {
      const weight = weights[i]!;
      aa += weight * first[i]! * first[i]!;
      ab += weight * first[i]! * second[i]!;
      bb += weight * second[i]! * second[i]!;
    }
    aa = aa / total + LEAST_VARIANCE;
    bb = bb / total + LEAST_VARIANCE;
    ab /= total;
    const determinant = isPair ? aa * bb - ab * ab : aa;
    const peak = isPair
      ? 1 / (2 * Math.PI * Math.sqrt(determinant))
      : PEAK / Math.sqrt(determinant);
    const peakA = PEAK / Math.sqrt(aa);
    const peakB = PEAK / Math.sqrt(bb);
    const isLast = step === STEPS - 1;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const a = first[i]!;
      const b = second[i]!;
      const square = isPair ? (bb * a * a - 2 * ab * a * b + aa * b * b) / determinant : a * a / aa;
      const stretch = 1 + square / FREEDOM;
      tails[i] = (1 + values.length / FREEDOM) / stretch;
      const density = peak / (stretch * stretch * stretch * (isPair ? Math.sqrt(stretch) : 1));
      let mixture = density;
      if (others !== null) {
        // Any of the ways to be mixed up, alike: all columns of one other cluster, or each of its own,
        // or one of the two alone.
        let other = others.joint[i]!;
        if (isPair) {
          const otherA = othersA[i]!;
          const otherB = othersB[i]!;
          const stretchA = 1 + a * a / (FREEDOM * aa);
          const stretchB = 1 + b * b / (FREEDOM * bb);
          const ownA = peakA / (stretchA * stretchA * stretchA);
          const ownB = peakB / (stretchB * stretchB * stretchB);
          other = (other + otherA * otherB + otherA * ownB + otherB * ownA) / 4;
        }
        mixture = (1 - share) * density + share * other;
        own[i] = (1 - share) * density / mixture;
      }
      kept += own[i]!;
      if (isLast) lnLikelihood += Math.log(mixture);
    }
    if (others !== null) share = Math.min(MOST_SHARE, Math.max(1e-4, 1 - kept / count));
  }
  return { lnLikelihood, share, own, tails };
}

/** Residuals of each column about its line with two others, by weighted least squares. */
function leaveResiduals(
  [u, v]: readonly [Float64Array, Float64Array],
  values: readonly Float64Array[],
  weights: Float64Array,
  residuals: readonly Float64Array[],
): void {
  // A catalog at one redshift, or of one luminosity, has no slope.
  let ww = LEAST_WEIGHT;
  let wu = 0;
  let uu = LEAST_WEIGHT;
  let wv = 0;
  let uv = 0;
  let vv = LEAST_WEIGHT;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    const byFirst = weight * u[i]!;
    const bySecond = weight * v[i]!;
    ww += weight;
    wu += byFirst;
    uu += byFirst * u[i]!;
    wv += bySecond;
    uv += bySecond * u[i]!;
    vv += bySecond * v[i]!;
  }
  const factor = factorCholesky([ww, wu, wv, wu, uu, uv, wv, uv, vv], 3)!;
  values.forEach((column, k) => {
    let w = 0;
    let bu = 0;
    let bv = 0;
    for (let i = 0; i < weights.length; i++) {
      const value = weights[i]! * column[i]!;
      w += value;
      bu += value * u[i]!;
      bv += value * v[i]!;
    }
    const solved = solveCholesky(factor, [w, bu, bv]);
    const level = solved[0]!;
    const slopeU = solved[1]!;
    const slopeV = solved[2]!;
    const residual = residuals[k]!;
    for (let i = 0; i < weights.length; i++) {
      residual[i] = column[i]! - level - slopeU * u[i]! - slopeV * v[i]!;
    }
  });
}
