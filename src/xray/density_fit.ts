/**
 * From a brightness profile to the 3D gas density (section 2.1.2): the projected density model is
 * fitted to the photons of the annuli by maximum likelihood.
 */
import { factorCholesky, lnDeterminant } from "../numerics/cholesky.ts";
import {
  bendSquaredDensity,
  DENSITY_PARAMETERS,
  DENSITY_PRIORS,
  expandSquaredDensity,
  fromParameters,
  MAIN_PARAMETERS,
  NO_INNER,
  type Prior,
} from "./density_parameters.ts";
import type { DensityModel } from "./gas_density.ts";
import { type Expansion, minimize, type Minimum } from "./levenberg_marquardt.ts";
import { applyMatrix, type RadialGrid } from "./projection.ts";
import type { BrightnessProfile } from "./surface_brightness.ts";

/** A model that may explain a profile. */
export interface DensityCandidate {
  /** The model at the best parameters. */
  readonly model: DensityModel;
  /** Parameters of the model, see {@linkcode fromParameters}. */
  readonly parameters: Float64Array;
  /** Covariance of the parameters, row-major; zero for an inner part that is not there. */
  readonly covariance: Float64Array;
  /** Probability from its evidence that this model is the right one; sums to 1 over candidates. */
  readonly probability: number;
}

/** A fit of the density model, with and without an inner part. */
export interface DensityFit {
  /** The candidates that converged, the most probable first. */
  readonly candidates: readonly DensityCandidate[];
  /** The most probable model, or the lowest point reached if none converged. */
  readonly model: DensityModel;
  /** Photons that `model` puts into each annulus. */
  readonly expected: Float64Array;
  /** Poisson deviance of `model`, distributed as chi^2 where annuli hold many photons. */
  readonly deviance: number;
  /** Annuli with unmasked area less fitted parameters: 6, or 9 with an inner part. */
  readonly degreesOfFreedom: number;
  /** Minimizer steps, over all starts. */
  readonly steps: number;
  /** Whether any candidate converged. */
  readonly converged: boolean;
}

/** The radius that scales the model, and the factor from density to photons. */
export interface FitSettings {
  /** R500 [Mpc/h] */
  readonly r500: number;
  /** Photons for a unit of the volume integral of rho^2 [(Msun/h)^-2 (Mpc/h)^3] */
  readonly photonsPerEmission: number;
}

/** Start values of the main part's shape: a flat core and a peaked one (Fig. 2). */
const MAIN_STARTS: readonly (readonly number[])[] = [
  [-1.9, 0.3, 0.65, -0.1, 1.5],
  [-2.5, 1, 0.6, -0.2, 1.5],
];
/** Start values of fits with an inner part: a main part that ends late, and one that ends early. */
const WHOLE_STARTS: readonly (readonly number[])[] = [
  [-2, 0.6, 0.65, -0.2, 1.5, 2, -3.5, 1],
  [-1.8, 0.4, 1, -1.2, -1.5, 2.5, -3.5, 1],
];
/** Start values of the inner part, which are added to the best main part. */
const INNER_START: readonly number[] = [1, -3.3, 1];

/**
 * Fits the density model to the counts of a profile by maximum likelihood for Poisson counts, with
 * the weak priors of {@linkcode DENSITY_PRIORS}: once without and once with an inner part. Both are
 * kept with their probabilities (Laplace's approximation of the evidence, even odds before): always
 * fitting an inner part makes plain cores too steep, for it cannot be negative, and dropping it
 * wherever photons do not demand it makes faint cool cores too flat.
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
  const predict = (parameters: ArrayLike<number>) =>
    applyMatrix(response, expandSquaredDensity(parameters, r500, grid).subarray(0, n), n);
  const scaled = (shape: readonly number[]) => {
    const predicted = predict([0, ...shape]).reduce((sum, m) => sum + m, 0);
    return [Math.log(photons / predicted), ...shape];
  };
  const expandWith = (priors: readonly (Prior | undefined)[]) => (parameters: Float64Array) =>
    poissonExpansion(parameters, response, profile, { r500, grid, priors });
  const expandMain = expandWith(DENSITY_PRIORS.map((p, i) => i < MAIN_PARAMETERS ? p : undefined));
  const main = bestOf(
    (p) => leadingBlock(expandMain(Float64Array.of(...p, ...NO_INNER)), MAIN_PARAMETERS),
    MAIN_STARTS.map((shape) => scaled([...shape, ...NO_INNER]).slice(0, MAIN_PARAMETERS)),
  );
  const whole = bestOf(
    expandWith(DENSITY_PRIORS),
    [...WHOLE_STARTS, [...main.parameters.slice(1), ...INNER_START]].map(scaled),
  );
  const candidates = weighCandidates(withoutInner(main), whole, r500);
  const best = candidates[0]?.parameters ?? whole.parameters;
  const expected = predict(best);
  const hasInner = best[MAIN_PARAMETERS]! > NO_INNER[0]!;
  return {
    candidates,
    model: fromParameters(best, r500),
    expected,
    deviance: poissonDeviance(counts, expected),
    degreesOfFreedom: areas.reduce((sum, area) => sum + (area > 0 ? 1 : 0), 0) -
      (hasInner ? DENSITY_PARAMETERS : MAIN_PARAMETERS),
    steps: main.steps + whole.steps,
    converged: candidates.length > 0,
  };
}

/** The converged minima with their probabilities, the most probable first. */
function weighCandidates(main: Minimum, whole: Minimum, r500: number): DensityCandidate[] {
  const lnOdds = lnEvidenceRatio(main, whole);
  const share = !main.converged ? 1 : !whole.converged ? 0 : 1 / (1 + Math.exp(-lnOdds));
  return [
    { minimum: main, probability: 1 - share },
    { minimum: whole, probability: share },
  ]
    .filter(({ minimum }) => minimum.converged)
    .sort((a, b) => b.probability - a.probability)
    .map(({ minimum: { parameters, covariance }, probability }) => ({
      model: fromParameters(parameters, r500),
      parameters,
      covariance,
      probability,
    }));
}

/**
 * ln of the evidence with an inner part over that without. Factors of 2 pi from the three
 * additional parameters cancel against those of their priors.
 */
function lnEvidenceRatio(main: Minimum, whole: Minimum): number {
  const priorWidths = DENSITY_PRIORS.slice(MAIN_PARAMETERS)
    .reduce((sum, prior) => sum + Math.log(prior!.width), 0);
  return main.objective - whole.objective - priorWidths +
    (lnLeadingDeterminant(whole.covariance, DENSITY_PARAMETERS, DENSITY_PARAMETERS) -
        lnLeadingDeterminant(main.covariance, DENSITY_PARAMETERS, MAIN_PARAMETERS)) / 2;
}

/** ln of the determinant of the leading block of a covariance matrix. */
function lnLeadingDeterminant(covariance: Float64Array, width: number, size: number): number {
  const block = Float64Array.from(
    { length: size * size },
    (_, i) => covariance[Math.floor(i / size) * width + i % size]!,
  );
  const factor = factorCholesky(block, size);
  return factor ? lnDeterminant(factor) : -Infinity; // not converged: its weight is not asked for
}

/** The lowest minimum found from several starts, with the steps of all; converged ones come first. */
function bestOf(
  expand: (parameters: Float64Array) => Expansion,
  starts: readonly (readonly number[])[],
): Minimum {
  const ends = starts.map((start) => minimize(expand, start));
  const converged = ends.filter((end) => end.converged);
  const best = (converged.length > 0 ? converged : ends)
    .reduce((a, b) => b.objective < a.objective ? b : a);
  return { ...best, steps: ends.reduce((sum, { steps }) => sum + steps, 0) };
}

/** The leading block of an expansion: the first parameters alone, the others held. */
function leadingBlock({ objective, gradient, curvature, hessian }: Expansion, size: number) {
  const block = (matrix: Float64Array) =>
    Float64Array.from(
      { length: size * size },
      (_, i) => matrix[Math.floor(i / size) * gradient.length + i % size]!,
    );
  return {
    objective,
    gradient: gradient.slice(0, size),
    curvature: block(curvature),
    hessian: block(hessian ?? curvature),
  };
}

/** A minimum of the main part in the form of the whole model; its inner part has no errors. */
function withoutInner(main: Minimum): Minimum {
  const covariance = new Float64Array(DENSITY_PARAMETERS ** 2);
  for (let p = 0; p < MAIN_PARAMETERS; p++) {
    const row = main.covariance.subarray(p * MAIN_PARAMETERS, (p + 1) * MAIN_PARAMETERS);
    covariance.set(row, p * DENSITY_PARAMETERS);
  }
  return { ...main, parameters: Float64Array.of(...main.parameters, ...NO_INNER), covariance };
}

/** Poisson deviance: twice the log likelihood ratio of the counts themselves to the model's. */
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
  { r500, grid, priors }: {
    readonly r500: number;
    readonly grid: RadialGrid;
    readonly priors: readonly (Prior | undefined)[];
  },
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
  objective += addPriors(parameters, priors, gradient, prior);
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
