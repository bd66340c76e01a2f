/**
 * The nine parameters of a fit: the density model of gas_density.ts in unbounded coordinates
 * (logarithms of scales, radii in units of R500), with their derivatives and weak priors.
 */
import { type DensityModel, STEEPENING_WIDTH } from "./gas_density.ts";
import type { RadialGrid } from "./projection.ts";

/** Number of parameters of the density model. */
export const DENSITY_PARAMETERS = 9;

/** A normal prior on one parameter. */
export interface Prior {
  /** Mean of the prior. */
  readonly mean: number;
  /** Standard deviation of the prior. */
  readonly width: number;
}

/**
 * Priors for what photons do not determine, in the order of the parameters: ln squaredScale (free),
 * ln r_c/R500, alpha, beta, ln r_s/R500, epsilon; then, for clusters with an inner part, ln of the
 * ratio of inner to main scale, ln r_c2/R500 and beta_2. They are centered on the models of the
 * base sample and one and a half times as wide as their spread, so that on average they pull no
 * cluster to one side. Vikhlinin et al. (2006) instead bound epsilon by 5 and leave the rest free.
 */
export const DENSITY_PRIORS: readonly (Prior | undefined)[] = [
  undefined,
  { mean: -1.8, width: 0.8 },
  { mean: 0.7, width: 0.9 },
  { mean: 0.65, width: 0.35 },
  { mean: -0.95, width: 0.7 },
  { mean: 0.8, width: 2 },
  { mean: Math.log(10), width: 0.8 },
  { mean: Math.log(0.03), width: 0.5 },
  { mean: 1, width: 0.2 },
];

/** Number of parameters of the inner part, which come last. */
const INNER_PARAMETERS = 3;
/** Number of parameters of the main part, which come first. */
export const MAIN_PARAMETERS: number = DENSITY_PARAMETERS - INNER_PARAMETERS;
/** Parameters of an inner part of no density. */
export const NO_INNER: readonly number[] = [-20, Math.log(0.03), 1];

/** The model at the given parameters. */
export function fromParameters(parameters: ArrayLike<number>, r500: number): DensityModel {
  const squaredScale = Math.exp(parameters[0]!);
  return {
    squaredScale,
    coreRadius: r500 * Math.exp(parameters[1]!),
    cusp: parameters[2]!,
    beta: parameters[3]!,
    steepeningRadius: r500 * Math.exp(parameters[4]!),
    steepening: parameters[5]!,
    innerSquaredScale: squaredScale * Math.exp(parameters[6]!),
    innerCoreRadius: r500 * Math.exp(parameters[7]!),
    innerBeta: parameters[8]!,
  };
}

/**
 * The squared density and its derivative against every parameter, on a grid of radii.
 *
 * @returns Row-major [1 + DENSITY_PARAMETERS x radii]: the squared density, then its derivatives
 */
export function expandSquaredDensity(
  parameters: ArrayLike<number>,
  r500: number,
  grid: RadialGrid,
): Float64Array {
  const { radii } = grid;
  const n = radii.length;
  const model = fromParameters(parameters, r500);
  const { cusp, beta, steepening, innerBeta } = model;
  const lnScale = parameters[0]!;
  const lnInnerScale = lnScale + parameters[6]!;
  const rows = new Float64Array((1 + DENSITY_PARAMETERS) * n);
  for (let k = 0; k < n; k++) {
    const r = radii[k]!;
    const lnX = Math.log(r / model.coreRadius);
    const x2 = Math.exp(2 * lnX);
    const lnU = Math.log1p(x2);
    const y = Math.exp(STEEPENING_WIDTH * Math.log(r / model.steepeningRadius));
    const lnV = Math.log1p(y);
    const z2 = (r / model.innerCoreRadius) ** 2;
    const lnW = Math.log1p(z2);
    const main = Math.exp(
      lnScale - cusp * lnX + (cusp / 2 - 3 * beta) * lnU - steepening / STEEPENING_WIDTH * lnV,
    );
    const inner = Math.exp(lnInnerScale - 3 * innerBeta * lnW);
    rows[k] = main + inner;
    rows[n + k] = main + inner;
    rows[2 * n + k] = main * (cusp + (6 * beta - cusp) * x2 / (1 + x2));
    rows[3 * n + k] = main * (lnU / 2 - lnX);
    rows[4 * n + k] = -3 * main * lnU;
    rows[5 * n + k] = main * steepening * y / (1 + y);
    rows[6 * n + k] = -main * lnV / STEEPENING_WIDTH;
    rows[7 * n + k] = inner;
    rows[8 * n + k] = inner * 6 * innerBeta * z2 / (1 + z2);
    rows[9 * n + k] = -3 * inner * lnW;
  }
  return rows;
}

/**
 * Second derivatives of a weighted sum of the squared density over the grid: the part of a Hessian
 * that the Fisher matrix leaves out.
 *
 * @param weights One for each radius of the grid
 * @returns Row-major [DENSITY_PARAMETERS x DENSITY_PARAMETERS]
 */
export function bendSquaredDensity(
  parameters: ArrayLike<number>,
  r500: number,
  { radii }: RadialGrid,
  weights: Float64Array,
): Float64Array {
  const size = DENSITY_PARAMETERS;
  const model = fromParameters(parameters, r500);
  const { cusp, beta, steepening, innerBeta } = model;
  const lnScale = parameters[0]!;
  const lnInnerScale = lnScale + parameters[6]!;
  const result = new Float64Array(size * size);
  const add = (p: number, q: number, value: number) => {
    result[p * size + q]! += value;
    if (p !== q) result[q * size + p]! += value;
  };
  const first = new Float64Array(size); // derivatives of ln of one part
  for (let k = 0; k < radii.length; k++) {
    const r = radii[k]!;
    const lnX = Math.log(r / model.coreRadius);
    const x2 = Math.exp(2 * lnX);
    const lnU = Math.log1p(x2);
    const s = x2 / (1 + x2);
    const y = Math.exp(STEEPENING_WIDTH * Math.log(r / model.steepeningRadius));
    const lnV = Math.log1p(y);
    const t = y / (1 + y);
    const z2 = (r / model.innerCoreRadius) ** 2;
    const lnW = Math.log1p(z2);
    const w = z2 / (1 + z2);
    const main = weights[k]! * Math.exp(
      lnScale - cusp * lnX + (cusp / 2 - 3 * beta) * lnU - steepening / STEEPENING_WIDTH * lnV,
    );
    first[0] = 1;
    first[1] = cusp + (6 * beta - cusp) * s;
    first[2] = lnU / 2 - lnX;
    first[3] = -3 * lnU;
    first[4] = steepening * t;
    first[5] = -lnV / STEEPENING_WIDTH;
    for (let p = 0; p < 6; p++) {
      for (let q = 0; q <= p; q++) add(p, q, main * first[p]! * first[q]!);
    }
    add(1, 1, main * (6 * beta - cusp) * -2 * s * (1 - s));
    add(2, 1, main * (1 - s));
    add(3, 1, main * 6 * s);
    add(4, 4, main * steepening * -STEEPENING_WIDTH * t * (1 - t));
    add(5, 4, main * t);
    const inner = weights[k]! * Math.exp(lnInnerScale - 3 * innerBeta * lnW);
    first[6] = 1;
    first[7] = 6 * innerBeta * w;
    first[8] = -3 * lnW;
    for (const p of INNER) {
      for (const q of INNER) if (q <= p) add(p, q, inner * first[p]! * first[q]!);
    }
    add(7, 7, inner * 6 * innerBeta * -2 * w * (1 - w));
    add(8, 7, inner * 6 * w);
  }
  return result;
}

/** The parameters that the inner part depends on. */
const INNER: readonly number[] = [0, 6, 7, 8];
