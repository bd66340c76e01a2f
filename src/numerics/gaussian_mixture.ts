/**
 * Mixtures of correlated Gaussians, fitted by expectation and maximization (Dempster, Laird and
 * Rubin 1977), with the number of components chosen by the likelihood of held-out rows.
 */
import { thereAre } from "./counted.ts";
import { factorCholesky, lnDeterminant } from "./cholesky.ts";
import { fastExp } from "./fast_exp.ts";

/** One Gaussian of a mixture. */
export interface MixtureComponent {
  /** Share of the rows; the shares of a mixture sum to 1. */
  readonly weight: number;
  /** Mean, [width]. */
  readonly mean: Float64Array;
  /** Covariance, [width x width], row-major. */
  readonly covariance: Float64Array;
}

/** Rounds of expectation and maximization at most. */
const ROUNDS = 200;

/** The fit ends where a round gains less ln likelihood per row than this. */
const GAIN = 1e-6;

/** Every variance keeps at least this share of the variance of all rows. */
const FLOOR = 1e-3;

/** Fewest rows per component, for each of its dimensions. */
const ROWS_PER_DIMENSION = 4;

/** Another component must give the held-out rows this much more ln likelihood: chance gives less. */
const HELD_OUT_GAIN = 10;

/** Parts that the rows are cut into to choose the number of components. */
const FOLDS = 5;

/**
 * Fits a mixture of a given number of Gaussians. The first guess cuts the rows by their largest
 * distance from the mean, so that a tail starts as a component of its own; the result depends on
 * nothing but the rows.
 *
 * @param rows Vectors of equal length
 * @param components Number of Gaussians; 1 gives mean and covariance of the rows
 * @returns The heaviest component first, or `null` where a component ends with too few rows
 * @throws {RangeError} If there are too few rows, or they have no scatter in a direction
 */
export function fitGaussianMixture(
  rows: readonly ArrayLike<number>[],
  components: number,
): MixtureComponent[] | null {
  const width = rows[0]?.length ?? 0;
  const least = components * (width + 1) * ROWS_PER_DIMENSION;
  if (rows.length < least) {
    throw new RangeError(
      `Cannot fit a mixture of ${components} Gaussians: ${thereAre(rows.length, "row")}, ` +
        `at least ${least} are needed`,
    );
  }
  const whole = momentsOf(rows, rows.map(() => 1), null);
  const floor = Float64Array.from(
    { length: width },
    (_, k) => FLOOR * whole.covariance[k * (width + 1)]!,
  );
  if (!factorCholesky(whole.covariance, width)) {
    throw new RangeError(
      "Cannot fit a mixture: the rows have no scatter in some direction, they should scatter in all",
    );
  }
  if (components === 1) return [whole];
  let mixture = splitByDistance(rows, whole, components, floor);
  let last = -Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const { shares, lnLikelihood } = expectation(rows, mixture);
    if (shares.some((share) => sum(share) < (width + 1) * ROWS_PER_DIMENSION)) return null;
    mixture = shares.map((share) => momentsOf(rows, share, floor));
    if (lnLikelihood - last < GAIN * rows.length) break;
    last = lnLikelihood;
  }
  return mixture.sort((a, b) => b.weight - a.weight);
}

/**
 * The mixture of 1 to `most` Gaussians that gives rows held back from the fit the greatest
 * likelihood (five-fold); fewer Gaussians where more do not gain.
 *
 * @throws {RangeError} See {@linkcode fitGaussianMixture}
 */
export function chooseGaussianMixture(
  rows: readonly ArrayLike<number>[],
  most: number,
): MixtureComponent[] {
  let best = fitGaussianMixture(rows, 1)!;
  let bestHeld = heldOutLnLikelihood(rows, 1);
  for (let count = 2; count <= most; count++) {
    const held = heldOutLnLikelihood(rows, count);
    const fit = held > bestHeld + HELD_OUT_GAIN ? fitGaussianMixture(rows, count) : null;
    if (!fit) break;
    [best, bestHeld] = [fit, held];
  }
  return best;
}

/** ln likelihood of every row under fits that have not seen it; -Infinity where a fit fails. */
export function heldOutLnLikelihood(
  rows: readonly ArrayLike<number>[],
  components: number,
): number {
  const width = rows[0]?.length ?? 0;
  const least = components * (width + 1) * ROWS_PER_DIMENSION;
  if (rows.length * (FOLDS - 1) / FOLDS < least + 1) return -Infinity;
  let total = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const fit = fitGaussianMixture(rows.filter((_, i) => i % FOLDS !== fold), components);
    if (!fit) return -Infinity;
    total += mixtureLnLikelihood(fit, rows.filter((_, i) => i % FOLDS === fold));
  }
  return total;
}

/** Sum over rows of the ln density of a mixture. */
export function mixtureLnLikelihood(
  mixture: readonly MixtureComponent[],
  rows: readonly ArrayLike<number>[],
): number {
  return expectation(rows, mixture).lnLikelihood;
}

const sum = (values: ArrayLike<number>): number => {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
};

/** Share of the weights, and the weighted mean and covariance. */
function momentsOf(
  rows: readonly ArrayLike<number>[],
  weights: ArrayLike<number>,
  floor: Float64Array | null,
): MixtureComponent {
  const width = rows[0]!.length;
  const total = sum(weights);
  const mean = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const share = weights[i]! / total;
    for (let k = 0; k < width; k++) mean[k]! += share * row[k]!;
  }
  const covariance = new Float64Array(width * width);
  const offset = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const share = weights[i]! / total;
    for (let a = 0; a < width; a++) {
      offset[a] = row[a]! - mean[a]!;
      const pull = share * offset[a]!;
      for (let b = 0; b <= a; b++) covariance[a * width + b]! += pull * offset[b]!;
    }
  }
  for (let a = 0; a < width; a++) {
    for (let b = 0; b < a; b++) covariance[b * width + a] = covariance[a * width + b]!;
  }
  floor?.forEach((least, k) => covariance[k * (width + 1)]! += least);
  return { weight: total / rows.length, mean, covariance };
}

/** Components of rows that lie ever farther out: half of them, half of the rest, and so on. */
function splitByDistance(
  rows: readonly ArrayLike<number>[],
  whole: MixtureComponent,
  components: number,
  floor: Float64Array,
): MixtureComponent[] {
  const distance = lnDensities(rows, whole);
  const order = Array.from(rows, (_, i) => i).sort((a, b) => distance[b]! - distance[a]!);
  const rank = new Float64Array(rows.length);
  order.forEach((row, place) => rank[row] = place / rows.length);
  return Array.from({ length: components }, (_, c) => {
    const [from, to] = [c === 0 ? 0 : 1 - 0.1 ** c, c === components - 1 ? 1 : 1 - 0.1 ** (c + 1)];
    const inside = Array.from(rank, (r) => r >= from && r < to ? 1 : 0.02);
    return momentsOf(rows, inside, floor);
  });
}

/** ln density of each row under one Gaussian; the farther out, the lower. */
function lnDensities(
  rows: readonly ArrayLike<number>[],
  { mean, covariance }: MixtureComponent,
): Float64Array {
  const width = mean.length;
  const factor = factorCholesky(covariance, width)!;
  const constant = -0.5 * (width * Math.log(2 * Math.PI) + lnDeterminant(factor));
  const values = new Float64Array(rows.length);
  const white = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    let distance = 0;
    let entry = 0;
    for (let a = 0; a < width; a++) {
      let rest = row[a]! - mean[a]!;
      for (let b = 0; b < a; b++) rest -= factor[entry++]! * white[b]!;
      rest /= factor[entry++]!;
      white[a] = rest;
      distance += rest * rest;
    }
    values[i] = constant - 0.5 * distance;
  }
  return values;
}

/** Each component's share in each row, and the ln likelihood of all rows. */
function expectation(
  rows: readonly ArrayLike<number>[],
  mixture: readonly MixtureComponent[],
): { readonly shares: Float64Array[]; readonly lnLikelihood: number } {
  const weightTotal = mixture.reduce((total, { weight }) => total + weight, 0);
  const shares = mixture.map((component) => {
    const lnWeight = Math.log(component.weight / weightTotal);
    const values = lnDensities(rows, component);
    for (let i = 0; i < values.length; i++) values[i]! += lnWeight;
    return values;
  });
  const only = shares.length === 1 ? shares[0] : undefined;
  if (only !== undefined) {
    const lnLikelihood = sum(only);
    return { shares: [only.fill(1)], lnLikelihood };
  }
  let lnLikelihood = 0;
  for (let i = 0; i < rows.length; i++) {
    let most = -Infinity;
    for (const share of shares) most = Math.max(most, share[i]!);
    let total = 0;
    for (const share of shares) {
      const relative = fastExp(share[i]! - most);
      share[i] = relative;
      total += relative;
    }
    lnLikelihood += most + Math.log(total);
    for (const share of shares) share[i]! /= total;
  }
  return { shares, lnLikelihood };
}
