/**
 * The gas density model of Vikhlinin et al. (2006), Eq. 3: a cusp, two beta models and a steepening
 * at large radii. With a fixed mix of elements the squared gas density has the form of their n_p
 * n_e, so it is modeled directly. Section 2.1.2 fits it to every mock observation.
 */
import { SHELL_EDGES, SHELLS } from "../clusters/cluster_table.ts";
import { gaussLegendre, gaussLegendreRule } from "../numerics/calculus.ts";

/**
 * rho^2 = squaredScale (r/rc)^-alpha / (1 + r^2/rc^2)^(3 beta - alpha/2)
 *         / (1 + r^3/rs^3)^(epsilon/3) + innerSquaredScale / (1 + r^2/rc2^2)^(3 beta2).
 */
export interface DensityModel {
  /** Squared density scale of the main part [(Msun/h)^2 (Mpc/h)^-6], above 0 */
  readonly squaredScale: number;
  /** Core radius r_c of the main part [Mpc/h], above 0 */
  readonly coreRadius: number;
  /** Cusp alpha: rho falls as r^(-alpha/2) inside the core. */
  readonly cusp: number;
  /** Slope beta: rho falls as r^(-3 beta) outside the core. */
  readonly beta: number;
  /** Radius r_s where the profile steepens [Mpc/h], above 0 */
  readonly steepeningRadius: number;
  /** Steepening epsilon: rho falls by a further r^(-epsilon/2) outside r_s. */
  readonly steepening: number;
  /** Squared density scale of the inner part, zero or above; units as `squaredScale` */
  readonly innerSquaredScale: number;
  /** Core radius of the inner part [Mpc/h], above 0 */
  readonly innerCoreRadius: number;
  /** Slope beta of the inner part. */
  readonly innerBeta: number;
}

/** The width gamma of the steepening, which Vikhlinin et al. (2006) hold at 3 for all clusters. */
export const STEEPENING_WIDTH = 3;

/** The squared gas density [(Msun/h)^2 (Mpc/h)^-6] at a radius [Mpc/h] above 0. */
export function squaredDensity(model: DensityModel, radius: number): number {
  return mainPart(model, radius) + innerPart(model, radius);
}

function mainPart(model: DensityModel, radius: number): number {
  const { squaredScale, coreRadius, cusp, beta, steepeningRadius, steepening } = model;
  const x = radius / coreRadius;
  const y = (radius / steepeningRadius) ** STEEPENING_WIDTH;
  return squaredScale * x ** -cusp * (1 + x * x) ** (cusp / 2 - 3 * beta) *
    (1 + y) ** (-steepening / STEEPENING_WIDTH);
}

function innerPart(model: DensityModel, radius: number): number {
  const { innerSquaredScale, innerCoreRadius, innerBeta } = model;
  return innerSquaredScale * (1 + (radius / innerCoreRadius) ** 2) ** (-3 * innerBeta);
}

/** The gas density [Msun/h (Mpc/h)^-3] at a radius [Mpc/h] above 0. */
export function gasDensity(model: DensityModel, radius: number): number {
  return Math.sqrt(squaredDensity(model, radius));
}

/** dlog rho / dlog r at a radius [Mpc/h] above 0. */
export function densitySlope(model: DensityModel, radius: number): number {
  const { coreRadius, cusp, beta, steepeningRadius, steepening } = model;
  const x2 = (radius / coreRadius) ** 2;
  const y = (radius / steepeningRadius) ** STEEPENING_WIDTH;
  const z2 = (radius / model.innerCoreRadius) ** 2;
  const main = -cusp - (6 * beta - cusp) * x2 / (1 + x2) - steepening * y / (1 + y);
  const inner = -6 * model.innerBeta * z2 / (1 + z2);
  const mainWeight = mainPart(model, radius);
  const innerWeight = innerPart(model, radius);
  return (main * mainWeight + inner * innerWeight) / (mainWeight + innerWeight) / 2;
}

/** Quadrature rule of a shell, which is smooth in ln r: 16 points integrate it to 1e-10. */
const SHELL_RULE = gaussLegendreRule(16);
/** Fractions of its edge at which the innermost shell is split, for cores far inside it. */
const CORE_SPLITS: readonly number[] = [0, 0.02, 0.1, 0.35, 1];

/**
 * The integral of 4 pi r^2 f(r) over each shell of {@linkcode SHELL_EDGES}.
 *
 * @param f Function of a radius [Mpc/h]; steeper than r^-2.5 at the center, it is not integrated
 *   well
 * @param r500 R500 [Mpc/h], above 0
 * @returns One value per shell; gas masses [Msun/h] if `f` is a density
 */
export function integrateShells(f: (radius: number) => number, r500: number): Float64Array {
  const integrand = (r: number) => 4 * Math.PI * r * r * f(r);
  const masses = new Float64Array(SHELLS);
  const core = SHELL_EDGES[0]! * r500;
  for (let i = 1; i < CORE_SPLITS.length; i++) {
    masses[0]! += gaussLegendre(
      integrand,
      CORE_SPLITS[i - 1]! * core,
      CORE_SPLITS[i]! * core,
      SHELL_RULE,
    );
  }
  for (let shell = 1; shell < SHELLS; shell++) {
    masses[shell] = gaussLegendre(
      integrand,
      SHELL_EDGES[shell - 1]! * r500,
      SHELL_EDGES[shell]! * r500,
      SHELL_RULE,
    );
  }
  return masses;
}

/**
 * Gas mass [Msun/h] of each shell of {@linkcode SHELL_EDGES}.
 *
 * @example The inner slope of a cored profile is flatter than the outer one
 * ```ts
 * import { type DensityModel, densitySlope, shellGasMasses } from "@clusters/terse/xray";
 * import { assertGreater } from "@std/assert";
 *
 * const model: DensityModel = {
 *   squaredScale: 1e28, coreRadius: 0.1, cusp: 0, beta: 0.65, steepeningRadius: 0.8,
 *   steepening: 2, innerSquaredScale: 0, innerCoreRadius: 0.02, innerBeta: 1,
 * };
 * assertGreater(densitySlope(model, 0.05), densitySlope(model, 0.5));
 * assertGreater(shellGasMasses(model, 0.7)[6]!, shellGasMasses(model, 0.7)[0]!);
 * ```
 *
 * @param r500 R500 [Mpc/h], above 0
 */
export function shellGasMasses(model: DensityModel, r500: number): Float64Array {
  return integrateShells((r) => gasDensity(model, r), r500);
}

/** dlog rho / dlog r at each shell's outer edge. */
export function shellSlopes(model: DensityModel, r500: number): Float64Array {
  return Float64Array.from(SHELL_EDGES, (edge) => densitySlope(model, edge * r500));
}

/** Gas mass inside R500 [Msun/h]: the sum over the shells. */
export function totalGasMass(model: DensityModel, r500: number): number {
  return shellGasMasses(model, r500).reduce((sum, mass) => sum + mass, 0);
}
