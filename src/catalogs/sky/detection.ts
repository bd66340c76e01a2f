/**
 * The probability that a cluster is found: its observed flux, scattered by relation and
 * measurement, is above the survey's limit and, where a survey has a table, is detected with a
 * probability that depends on observed flux and redshift.
 */
import { fastNormalProbability, fastNormalQuantile } from "../../numerics/fast_normal.ts";
import type { Random } from "../../numerics/random.ts";

/** Probabilities of detection by observed flux and redshift, bilinear in ln flux and redshift. */
export interface DetectionTable {
  /** Observed fluxes [1e-12 erg/s/cm2], ascending, two or more. */
  readonly flux: ArrayLike<number>;
  /** Redshifts, ascending, one or more; beyond the ends the end's row holds. */
  readonly redshift: ArrayLike<number>;
  /**
   * Probability of detection, 0 to 1, [redshifts x fluxes]; the last value holds above the last
   * flux, 0 below the first.
   */
  readonly probability: ArrayLike<number>;
}

/**
 * Checks a table.
 *
 * @throws {RangeError} If an axis does not ascend, or a probability is missing or not from 0 to 1
 */
export function checkDetectionTable({ flux, redshift, probability }: DetectionTable): void {
  const ascends = (values: ArrayLike<number>) =>
    Array.from(values).every((x, i) => x > 0 && (i === 0 || x > values[i - 1]!));
  if (flux.length < 2 || !ascends(flux)) {
    throw new RangeError("Cannot use detection table: fluxes should be two or more, ascending");
  }
  if (redshift.length < 1 || !ascends(redshift)) {
    throw new RangeError("Cannot use detection table: redshifts should be one or more, ascending");
  }
  if (probability.length !== flux.length * redshift.length) {
    throw new RangeError(
      `Cannot use detection table: it has ${probability.length} probabilities, should be ` +
        `${redshift.length} x ${flux.length}`,
    );
  }
  const wrong = Array.from(probability).find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot use detection table: a probability is ${wrong}, should be from 0 to 1`,
    );
  }
}

/** Detection at one redshift, linear between knots of ln(flux / limit). */
export interface DetectionRow {
  /** ln of flux over the limit, ascending from 0; the last probability holds beyond the last. */
  readonly knots: Float64Array;
  /** Probability at each knot. */
  readonly probability: Float64Array;
}

/** The table's row at a redshift, cut at the flux limit. */
export function detectionRow(table: DetectionTable, fluxLimit: number, z: number): DetectionRow {
  const { flux, redshift, probability } = table;
  let upper = 0;
  while (upper < redshift.length - 1 && redshift[upper]! < z) upper++;
  const lower = Math.max(upper - 1, 0);
  const span = redshift[upper]! - redshift[lower]!;
  const share = span > 0 ? Math.min(Math.max((z - redshift[lower]!) / span, 0), 1) : 0;
  const all = Array.from(flux, (f, i) => ({
    knot: Math.log(f / fluxLimit),
    p: (1 - share) * probability[lower * flux.length + i]! +
      share * probability[upper * flux.length + i]!,
  }));
  const kept = all.filter(({ knot }) => knot > 0);
  if (kept.length < all.length) {
    const below = all[all.length - kept.length - 1]!;
    const above = kept[0];
    const part = above === undefined ? 0 : -below.knot / (above.knot - below.knot);
    kept.unshift({ knot: 0, p: below.p + part * ((above?.p ?? below.p) - below.p) });
  }
  return {
    knots: Float64Array.from(kept, ({ knot }) => knot),
    probability: Float64Array.from(kept, ({ p }) => p),
  };
}

/** Density of the standard normal distribution. */
function normalDensity(z: number): number {
  return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
}

/** Probability mass of each segment between knots, the last one open; see {@linkcode detectedShare}. */
function segmentShares(row: DetectionRow, x: number, width: number): Float64Array {
  const { knots, probability } = row;
  const last = knots.length - 1;
  return knots.map((from, i) => {
    const a = (from - x) / width;
    if (i === last) return probability[i]! * fastNormalProbability(-a);
    const b = (knots[i + 1]! - x) / width;
    const slope = (probability[i + 1]! - probability[i]!) / (knots[i + 1]! - from);
    const mass = fastNormalProbability(b) - fastNormalProbability(a);
    const moment = x * mass - width * (normalDensity(b) - normalDensity(a));
    return Math.max((probability[i]! - slope * from) * mass + slope * moment, 0);
  });
}

/**
 * The share of clusters that are detected whose ln(observed flux / limit) is normal.
 *
 * @param row Detection at their redshift
 * @param x Mean of ln(observed flux / limit)
 * @param width Its standard deviation, above 0
 */
export function detectedShare(row: DetectionRow, x: number, width: number): number {
  return segmentShares(row, x, width).reduce((sum, share) => sum + share, 0);
}

/** Draws ln(observed flux / limit) of a detected cluster; arguments as {@linkcode detectedShare}'s. */
export function drawDetected(
  row: DetectionRow,
  x: number,
  width: number,
  random: Random,
): number {
  const { knots, probability } = row;
  const shares = segmentShares(row, x, width);
  const total = shares.reduce((sum, share) => sum + share, 0);
  let rest = random.uniform() * total;
  let segment = 0;
  while (segment < shares.length - 1 && rest >= shares[segment]!) rest -= shares[segment++]!;
  const from = fastNormalProbability((x - knots[segment]!) / width);
  const open = segment === knots.length - 1;
  const to = open ? 0 : fastNormalProbability((x - knots[segment + 1]!) / width);
  const most = open ? 1 : Math.max(probability[segment]!, probability[segment + 1]!);
  for (;;) {
    const tail = from - (from - to) * random.uniform();
    const value = x - width * fastNormalQuantile(Math.max(tail, 1e-300));
    if (open) return value;
    const share = (value - knots[segment]!) / (knots[segment + 1]! - knots[segment]!);
    const p = probability[segment]! + share * (probability[segment + 1]! - probability[segment]!);
    if (random.uniform() * most < p) return value;
  }
}
