/**
 * A damped Newton minimizer (Levenberg 1944, Marquardt 1963) for any objective that is a sum over
 * data of a smooth misfit: least squares as well as the Poisson likelihood of photon counts, which
 * has no bias where bins hold few photons. Derivatives are the caller's, exact.
 */
import { factorCholesky, invertCholesky, solveCholesky } from "../numerics/cholesky.ts";

/** The second-order expansion of an objective about one point. */
export interface Expansion {
  /** Minus the log likelihood, up to a constant: half of chi^2 for least squares. */
  readonly objective: number;
  /** Gradient of the objective, [parameters]. */
  readonly gradient: Float64Array;
  /** Fisher (Gauss-Newton) matrix, row-major [parameters x parameters]. */
  readonly curvature: Float64Array;
  /** Second derivatives, row-major, for steps near the minimum; the Fisher matrix if absent. */
  readonly hessian?: Float64Array;
}

/** The point where a minimization ended. */
export interface Minimum {
  /** Parameters at the minimum. */
  readonly parameters: Float64Array;
  /** Objective at the minimum. */
  readonly objective: number;
  /** Inverse of the Fisher matrix at the minimum, row-major; all zero unless `converged`. */
  readonly covariance: Float64Array;
  /** Number of steps that were tried. */
  readonly steps: number;
  /** Whether the next step would lower the objective by less than the tolerance. */
  readonly converged: boolean;
}

/** Expected decrease of the objective that counts as converged: 0.5% of a standard error. */
const TOLERANCE = 1e-5;
/** Most steps; fits of real profiles take 10 to 40. */
const STEP_LIMIT = 150;
/** Expected decrease below which second derivatives are used for the next step. */
const NEWTON_BELOW = 1;
const FIRST_DAMPING = 1e-3;
const DAMPING_DOWN = 0.2;
const DAMPING_UP = 4;
/** Largest damping; a step with it moves nothing, so that no way down is left. */
const DAMPING_LIMIT = 1e12;
/** Longest move of a parameter in one step; all are logarithms or slopes of order one. */
const STEP_LENGTH = 1;

/**
 * Minimizes an objective from a start.
 *
 * @example A parabola in one parameter
 * ```ts
 * import { minimize } from "@clusters/terse/xray";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { parameters, covariance } = minimize(([x]) => ({
 *   objective: (x! - 3) ** 2 / 2,
 *   gradient: Float64Array.of(x! - 3),
 *   curvature: Float64Array.of(1),
 * }), [0]);
 * assertAlmostEquals(parameters[0]!, 3, 1e-2);
 * assertAlmostEquals(covariance[0]!, 1, 1e-12);
 * ```
 *
 * Far from the minimum it steps by the Fisher matrix. Near it, where two parameters nearly do the
 * same, that matrix is off by more than itself and steps would zigzag for hundreds of rounds; there
 * the second derivatives are taken, if given.
 *
 * @param expand The expansion of the objective about any parameters; a step to where it is not
 *   finite is taken back
 * @param start Parameters at which the objective is finite
 */
export function minimize(
  expand: (parameters: Float64Array) => Expansion,
  start: ArrayLike<number>,
): Minimum {
  let parameters = Float64Array.from(start);
  let here = expand(parameters);
  let near = false;
  let damping = FIRST_DAMPING;
  let steps = 0;
  let converged = false;
  while (Number.isFinite(here.objective) && steps < STEP_LIMIT && damping < DAMPING_LIMIT) {
    steps++;
    const step = dampedStep(here, near ? here.hessian ?? here.curvature : here.curvature, damping);
    if (step === undefined) {
      damping *= DAMPING_UP;
      continue;
    }
    converged = step.decrease < TOLERANCE && damping <= FIRST_DAMPING;
    const trial = parameters.map((value, i) => value + step.move[i]!);
    const there = expand(trial);
    // Rounding may hide the last, smallest decrease.
    if (there.objective <= here.objective) {
      parameters = trial;
      here = there;
      damping *= DAMPING_DOWN;
      near = step.decrease < NEWTON_BELOW;
    } else {
      damping *= DAMPING_UP;
    }
    if (converged) break;
  }
  const factor = converged ? factorCholesky(here.curvature, parameters.length) : null;
  return {
    parameters,
    objective: here.objective,
    covariance: factor ? invertCholesky(factor) : new Float64Array(parameters.length ** 2),
    steps,
    converged: factor !== null,
  };
}

/** The damped Newton step, shortened to {@linkcode STEP_LENGTH}, and its expected decrease. */
function dampedStep(
  { gradient, curvature }: Expansion,
  matrix: Float64Array,
  damping: number,
): { move: Float64Array; decrease: number } | undefined {
  const n = gradient.length;
  const damped = matrix.slice();
  for (let i = 0; i < n; i++) damped[i * n + i]! += damping * curvature[i * n + i]!;
  const factor = factorCholesky(damped, n);
  if (factor === null) return undefined;
  const move = solveCholesky(factor, gradient.map((g) => -g));
  const longest = move.reduce((most, m) => Math.max(most, Math.abs(m)), 0);
  if (!Number.isFinite(longest)) return undefined;
  if (longest > STEP_LENGTH) { for (let i = 0; i < n; i++) move[i]! *= STEP_LENGTH / longest; }
  const decrease = -0.5 * move.reduce((sum, m, i) => sum + m * gradient[i]!, 0);
  return { move, decrease };
}
