/**
 * What single data do to a posterior mean, from weighted points of the posterior: the mean without
 * each datum (importance weights w / f, whose tail index says whether to believe it) and the mean's
 * derivative to each datum, Cov(s, d ln f / d x).
 *
 * Nothing here knows of clusters: any likelihood that is a product over data will do.
 */
import { createParetoTail } from "../../numerics/pareto_tail.ts";

/** Densities of the data at each of the points. */
export interface DatumDensities {
  /** Number of data. */
  readonly count: number;
  /** Values of one datum that its density is differentiated to. */
  readonly width: number;
  /** ln f of each datum at the point last moved to, [count]. */
  readonly lnDensity: Float64Array;
  /** d ln f / d value at that point, datum after datum, [count x width]. */
  readonly derivatives: Float64Array;
  /** Evaluates both at another point. */
  moveTo(point: number): void;
}

/** Influence of each datum on the posterior mean of s. Errors are of the sampling. */
export interface Influence {
  /** Posterior mean of s. */
  readonly mean: number;
  /** Mean without the datum minus mean with it, [count]. */
  readonly change: Float64Array;
  /** Standard error of each change, [count]. */
  readonly changeError: Float64Array;
  /** Pareto tail index of the weights without the datum, [count]; see `PARETO_LIMIT`. */
  readonly paretoK: Float64Array;
  /** d mean / d value, datum after datum, [count x width]. */
  readonly derivative: Float64Array;
  /** Standard error of each derivative, [count x width]. */
  readonly derivativeError: Float64Array;
}

/**
 * Points of less weight than this share of the largest are left out. Leaving out a datum raises
 * weights by no more than its density varies, some e^5.
 */
const LEAST_WEIGHT = 1e-8;

/**
 * Measures the influence of all data in one pass over the points.
 *
 * @param s The quantity whose mean is taken, at each point
 * @param weights Of the points, of unit sum
 * @param densities The data's densities at the points
 */
export function measureInfluence(
  s: Float64Array,
  weights: Float64Array,
  densities: DatumDensities,
): Influence {
  const largest = weights.reduce((a, b) => Math.max(a, b), 0);
  const kept = Uint32Array.from(weights.keys()).filter((p) => weights[p]! > LEAST_WEIGHT * largest);
  const total = kept.reduce((sum, p) => sum + weights[p]!, 0);
  const share = Float64Array.from(kept, (p) => weights[p]! / total);
  const value = Float64Array.from(kept, (p) => s[p]!);
  const mean = share.reduce((sum, w, k) => sum + w * value[k]!, 0);
  const { count, width, lnDensity } = densities;
  const lnRatios = new Float64Array(count * kept.length);
  const sums = createSums(count * width);
  for (let k = 0; k < kept.length; k++) {
    densities.moveTo(kept[k]!);
    const lnShare = Math.log(share[k]!);
    for (let i = 0; i < count; i++) lnRatios[i * kept.length + k] = lnShare - lnDensity[i]!;
    addPoint(sums, share[k]!, value[k]! - mean, densities.derivatives);
  }
  return { mean, ...leaveOut(lnRatios, count, share, value, mean), ...covariances(sums) };
}

/** The mean without each datum: weights w / f. */
function leaveOut(
  lnRatios: Float64Array,
  count: number,
  share: Float64Array,
  value: Float64Array,
  mean: number,
): Pick<Influence, "change" | "changeError" | "paretoK"> {
  const points = share.length;
  const change = new Float64Array(count);
  const changeError = new Float64Array(count);
  const paretoK = new Float64Array(count);
  const tail = createParetoTail();
  const ratio = new Float64Array(points);
  for (let i = 0; i < count; i++) {
    const lnRatio = lnRatios.subarray(i * points, (i + 1) * points);
    let largest = -Infinity;
    for (let p = 0; p < points; p++) largest = Math.max(largest, lnRatio[p]!);
    let total = 0;
    let sum = 0;
    for (let p = 0; p < points; p++) {
      ratio[p] = Math.exp(lnRatio[p]! - largest);
      total += ratio[p]!;
      sum += ratio[p]! * (value[p]! - mean);
    }
    const shift = sum / total;
    let squares = 0;
    for (let p = 0; p < points; p++) {
      const deviation = value[p]! - mean;
      squares += (ratio[p]! / total * (deviation - shift) - share[p]! * deviation) ** 2;
    }
    change[i] = shift;
    changeError[i] = Math.sqrt(squares);
    paretoK[i] = tail.fit(lnRatio);
  }
  return { change, changeError, paretoK };
}

/** Weighted sums over points; w is a weight, s a deviation of the quantity, d a derivative. */
interface Sums {
  /** w d */
  readonly d: Float64Array;
  /** w s d */
  readonly sd: Float64Array;
  /** w^2 s d */
  readonly wsd: Float64Array;
  /** w^2 s^2 d */
  readonly wssd: Float64Array;
  /** w^2 s^2 d^2 */
  readonly wssdd: Float64Array;
  /** w^2, w^2 s, w^2 s^2 */
  readonly plain: Float64Array;
}

function createSums(length: number): Sums {
  const zeros = () => new Float64Array(length);
  const plain = new Float64Array(3);
  return { d: zeros(), sd: zeros(), wsd: zeros(), wssd: zeros(), wssdd: zeros(), plain };
}

function addPoint(sums: Sums, w: number, s: number, derivatives: Float64Array): void {
  const { d, sd, wsd, wssd, wssdd, plain } = sums;
  const ws = w * s;
  for (let j = 0; j < d.length; j++) {
    const value = derivatives[j]!;
    const term = ws * value;
    d[j]! += w * value;
    sd[j]! += term;
    wsd[j]! += w * term;
    wssd[j]! += ws * term;
    wssdd[j]! += term * term;
  }
  plain[0]! += w * w;
  plain[1]! += w * ws;
  plain[2]! += ws * ws;
}

/** Cov(s, d) and its standard error: the root of sum w^2 (s (d - mean d) - Cov)^2. */
function covariances(sums: Sums): Pick<Influence, "derivative" | "derivativeError"> {
  const { d, sd, wsd, wssd, wssdd, plain } = sums;
  const [ww, wws, wwss] = [plain[0]!, plain[1]!, plain[2]!];
  const derivativeError = sd.map((covariance, j) => {
    const mean = d[j]!;
    const square = wssdd[j]! - 2 * mean * wssd[j]! + mean * mean * wwss -
      2 * covariance * (wsd[j]! - mean * wws) + covariance * covariance * ww;
    return Math.sqrt(Math.max(square, 0));
  });
  return { derivative: sd, derivativeError };
}
