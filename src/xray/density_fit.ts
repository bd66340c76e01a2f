/**
 * From a brightness profile to the 3D gas density and what the catalogs need of it (section 2.1.2):
 * gas masses of shells, their total, and log slopes, with errors from the Fisher matrix.
 *
 * @module
 */
import { SHELLS } from "../clusters/cluster_table.ts";
import {
  bendSquaredDensity,
  DENSITY_PARAMETERS,
  DENSITY_PRIORS,
  expandSquaredDensity,
  fromParameters,
  type Prior,
} from "./density_parameters.ts";
import { type DensityModel, shellGasMasses, shellSlopes } from "./gas_density.ts";
import { type Expansion, minimize } from "./levenberg_marquardt.ts";
import { applyMatrix, type RadialGrid } from "./projection.ts";
import type { BrightnessProfile } from "./surface_brightness.ts";

/** A fitted density model. */
export interface DensityFit {
  /** The model at the best parameters. */
  readonly model: DensityModel;
  /** Its parameters, see {@linkcode fromParameters}. */
  readonly parameters: Float64Array;
  /** Their covariance, row-major; zero unless `converged`. */
  readonly covariance: Float64Array;
  /** Photons that the model puts into each annulus. */
  readonly expected: Float64Array;
  /** Poisson deviance, which is distributed as chi^2 where annuli hold many photons. */
  readonly deviance: number;
  /** Annuli with unmasked area. */
  readonly annuli: number;
  /** Minimizer steps, over all starts. */
  readonly steps: number;
  /** Whether the minimizer ended at a minimum. */
  readonly converged: boolean;
}

/** What turns a density into photons, and the radius that scales the model. */
export interface FitSettings {
  /** R500 [Mpc/h] */
  readonly r500: number;
  /** Photons for a unit of the volume integral of rho^2 [(Msun/h)^-2 (Mpc/h)^3] */
  readonly photonsPerEmission: number;
}

/** Where fits begin, besides the scale: a flat core, a peaked core, a cool core (Fig. 2). */
const STARTS: readonly (readonly number[])[] = [
  [-1.9, 0.3, 0.65, -0.1, 1.5, -3, -3.2, 1],
  [-2.5, 1, 0.6, -0.2, 1.5, -2, -3.2, 1],
  [-2, 0.6, 0.65, -0.2, 1.5, 2, -3.5, 1],
];

/**
 * Fits the density model to the counts of a profile by maximum likelihood for Poisson counts, with
 * the weak priors of {@linkcode DENSITY_PRIORS}; the best of three starts.
 *
 * @param profile From {@linkcode measureProfile}; annuli without area are left out
 * @param grid The grid of the profile's response
 * @returns The fit, `converged` or not; the caller decides what to do with one that is not
 * @throws {RangeError} If the profile holds no photon
 */
export function fitGasDensity(
  profile: BrightnessProfile,
  grid: RadialGrid,
  { r500, photonsPerEmission }: FitSettings,
): DensityFit {
  const n = grid.radii.length;
  const { counts, areas } = profile;
  const photons = counts.reduce((sum, c) => sum + c, 0);
  if (!(photons > 0)) {
    throw new RangeError("Cannot fit a density: the profile has 0 photons, at least 1 is needed");
  }
  const response = profile.response.map((weight) => weight * photonsPerEmission);
  const expand = (parameters: Float64Array) =>
    poissonExpansion(parameters, response, profile, { r500, grid });
  let steps = 0;
  let best: ReturnType<typeof minimize> | undefined;
  for (const shape of STARTS) {
    const unscaled = expandSquaredDensity([0, ...shape], r500, grid).subarray(0, n);
    const predicted = applyMatrix(response, unscaled, n).reduce((sum, m) => sum + m, 0);
    const end = minimize(expand, [Math.log(photons / predicted), ...shape]);
    steps += end.steps;
    const better = best === undefined || (end.converged && !best.converged) ||
      (end.converged === best.converged && end.objective < best.objective);
    if (better) best = end;
  }
  const { parameters, covariance, converged } = best!;
  const expected = applyMatrix(response, expandSquaredDensity(parameters, r500, grid), n)
    .subarray(0, counts.length);
  return {
    model: fromParameters(parameters, r500),
    parameters,
    covariance,
    expected,
    deviance: poissonDeviance(counts, expected),
    annuli: areas.reduce((sum, area) => sum + (area > 0 ? 1 : 0), 0),
    steps,
    converged,
  };
}

/** Twice the log likelihood ratio of the counts themselves to the model's. */
function poissonDeviance(counts: Float64Array, expected: Float64Array): number {
  let sum = 0;
  for (let a = 0; a < counts.length; a++) {
    const n = counts[a]!;
    const m = expected[a]!;
    sum += 2 * (m - n + (n > 0 ? n * Math.log(n / m) : 0));
  }
  return sum;
}

function poissonExpansion(
  parameters: Float64Array,
  response: Float64Array,
  { counts, areas }: BrightnessProfile,
  { r500, grid }: { readonly r500: number; readonly grid: RadialGrid },
): Expansion {
  const size = DENSITY_PARAMETERS;
  const n = grid.radii.length;
  const rows = expandSquaredDensity(parameters, r500, grid);
  const leftOver = new Float64Array(n); // misfits carried back to the radii in space
  let objective = 0;
  const gradient = new Float64Array(size);
  const curvature = new Float64Array(size * size);
  const exact = new Float64Array(size * size);
  const derivative = new Float64Array(size);
  for (let a = 0; a < counts.length; a++) {
    if (areas[a] === 0) continue;
    const expected = dot(response, a * n, rows, 0, n);
    const observed = counts[a]!;
    objective += expected - (observed > 0 ? observed * Math.log(expected / observed) : 0) -
      observed;
    const misfit = 1 - observed / expected;
    for (let k = 0; k < n; k++) leftOver[k]! += misfit * response[a * n + k]!;
    for (let p = 0; p < size; p++) derivative[p] = dot(response, a * n, rows, (p + 1) * n, n);
    for (let p = 0; p < size; p++) {
      gradient[p]! += derivative[p]! * misfit;
      for (let q = 0; q <= p; q++) {
        curvature[p * size + q]! += derivative[p]! * derivative[q]! / expected;
        exact[p * size + q]! += derivative[p]! * derivative[q]! * observed / expected ** 2;
      }
    }
  }
  for (let p = 0; p < size; p++) {
    for (let q = 0; q < p; q++) {
      curvature[q * size + p] = curvature[p * size + q]!;
      exact[q * size + p] = exact[p * size + q]!;
    }
  }
  const bend = bendSquaredDensity(parameters, r500, grid, leftOver);
  const prior = new Float64Array(size * size);
  objective += addPriors(parameters, DENSITY_PRIORS, gradient, prior);
  return {
    objective,
    gradient,
    curvature: curvature.map((value, i) => value + prior[i]!),
    hessian: exact.map((value, i) => value + bend[i]! + prior[i]!),
  };
}

/** Adds normal priors to a gradient and a curvature; returns what they add to the objective. */
export function addPriors(
  parameters: Float64Array,
  priors: readonly (Prior | undefined)[],
  gradient: Float64Array,
  curvature: Float64Array,
): number {
  let objective = 0;
  priors.forEach((prior, p) => {
    if (prior === undefined) return;
    const pull = (parameters[p]! - prior.mean) / prior.width;
    objective += pull * pull / 2;
    gradient[p]! += pull / prior.width;
    curvature[p * priors.length + p]! += 1 / prior.width ** 2;
  });
  return objective;
}

function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, n: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += a[fromA + k]! * b[fromB + k]!;
  return sum;
}

/** What a catalog needs of one cluster's gas, with one-sigma errors. */
export interface GasMeasurement {
  /** log10 gas mass of each shell [Msun/h], [SHELLS] */
  readonly logShellMasses: Float64Array;
  /** Errors of the above [dex] */
  readonly logShellMassErrors: Float64Array;
  /** dlog rho / dlog r at each shell's outer edge, [SHELLS] */
  readonly slopes: Float64Array;
  /** Errors of the above. */
  readonly slopeErrors: Float64Array;
  /** log10 Mgas(<R500) [Msun/h], the sum over the shells */
  readonly logGasMass: number;
  /** Error of the above [dex] */
  readonly logGasMassError: number;
}

/** Shell masses, slopes and total of a model: log10 masses, slopes, log10 total. */
export function describeGas(model: DensityModel, r500: number): Float64Array {
  const masses = shellGasMasses(model, r500);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return Float64Array.of(...masses.map(Math.log10), ...shellSlopes(model, r500), Math.log10(total));
}

/** Central differences of parameters of order one are good to 1e-8 with this step. */
const DIFFERENCE = 1e-4;

/**
 * The derivative of {@linkcode describeGas} against the first parameters, row-major
 * [2 SHELLS + 1 x count].
 */
export function differentiateGas(
  parameters: Float64Array,
  r500: number,
  count: number = DENSITY_PARAMETERS,
): Float64Array {
  const jacobian = new Float64Array((2 * SHELLS + 1) * count);
  for (let p = 0; p < count; p++) {
    const moved = (by: number) =>
      describeGas(fromParameters(parameters.with(p, parameters[p]! + by), r500), r500);
    const up = moved(DIFFERENCE);
    const down = moved(-DIFFERENCE);
    for (let i = 0; i < up.length; i++) {
      jacobian[i * count + p] = (up[i]! - down[i]!) / (2 * DIFFERENCE);
    }
  }
  return jacobian;
}

/**
 * Gas masses and slopes of a fit, with errors by its Fisher matrix.
 *
 * @param r500 R500 [Mpc/h]
 * @throws {RangeError} If the fit did not converge: it has no errors
 */
export function measureGas(fit: DensityFit, r500: number): GasMeasurement {
  if (!fit.converged) {
    throw new RangeError("Cannot measure the gas: the fit has not converged, should be a minimum");
  }
  const values = describeGas(fit.model, r500);
  const jacobian = differentiateGas(fit.parameters, r500);
  const size = DENSITY_PARAMETERS;
  const errors = values.map((_, i) => {
    let variance = 0;
    for (let p = 0; p < size; p++) {
      for (let q = 0; q < size; q++) {
        variance += jacobian[i * size + p]! * fit.covariance[p * size + q]! *
          jacobian[i * size + q]!;
      }
    }
    return Math.sqrt(variance);
  });
  return {
    logShellMasses: values.slice(0, SHELLS),
    logShellMassErrors: errors.slice(0, SHELLS),
    slopes: values.slice(SHELLS, 2 * SHELLS),
    slopeErrors: errors.slice(SHELLS, 2 * SHELLS),
    logGasMass: values[2 * SHELLS]!,
    logGasMassError: errors[2 * SHELLS]!,
  };
}
