/**
 * From a sphere to the sky and back: the Abel integral of the squared density as a matrix on one
 * logarithmic grid of radii (section 2.1.2). Because the integral is linear in the squared density,
 * one matrix serves every cluster, every iteration of a fit, and every derivative.
 */

/** Radii r_k = first exp(k step), shared by 3D profiles and profiles on the sky. */
export interface RadialGrid {
  /** The radii, ascending [Mpc/h] */
  readonly radii: Float64Array;
  /** ln of the first radius [Mpc/h] */
  readonly lnFirst: number;
  /** Distance of neighboring radii in ln r. */
  readonly lnStep: number;
}

/** A {@linkcode RadialGrid} with the matrix that integrates along the line of sight. */
export interface Projection {
  /** Where both profiles are sampled. */
  readonly grid: RadialGrid;
  /** Row-major [radii on the sky x radii in space], in Mpc/h. */
  readonly matrix: Float64Array;
}

/** First radius [Mpc/h], a tenth of a 6" pixel at z = 0.07; the brightness within is constant. */
const FIRST_RADIUS = 5e-4;
/** Last radius [Mpc/h]; gas beyond it that falls as r^-2 adds under 1e-4 of the brightness. */
const LAST_RADIUS = 30;
/** Radii per decade; cubic interpolation over steps of 0.072 in ln r is good to 1e-5. */
const RADII_PER_DECADE = 32;
/** Trapezoid step in arccosh(r/R); the sum converges exponentially and is at 1e-9 here. */
const SIGHT_STEP = 0.05;
/** Power of r in the interpolated r^3 rho^2 and R^2 S, both of which vary little. */
const SPACE_POWER = 3;
const SKY_POWER = 2;
/** Points of the local (cubic Lagrange) interpolation. */
export const STENCIL = 4;

/** The grid from 0.5 kpc/h to 30 Mpc/h that the room works on. */
function createRadialGrid(): RadialGrid {
  const lnStep = Math.LN10 / RADII_PER_DECADE;
  const lnFirst = Math.log(FIRST_RADIUS);
  const count = Math.ceil(Math.log(LAST_RADIUS / FIRST_RADIUS) / lnStep) + 1;
  return {
    radii: Float64Array.from({ length: count }, (_, k) => Math.exp(lnFirst + k * lnStep)),
    lnFirst,
    lnStep,
  };
}

/**
 * The matrix of the Abel integral S(R) = 2 integral from R of f(r) r dr / sqrt(r^2 - R^2), with
 * r = R cosh t, by the trapezoid rule in t. Emission beyond the grid's last radius is left out.
 */
export function createProjection(grid: RadialGrid = createRadialGrid()): Projection {
  const { radii } = grid;
  const n = radii.length;
  const matrix = new Float64Array(n * n);
  const weights = new Float64Array(STENCIL);
  const last = radii[n - 1]!;
  for (let i = 0; i < n; i++) {
    const impact = radii[i]!;
    for (let step = 0;; step++) {
      const r = impact * Math.cosh(step * SIGHT_STEP);
      if (r > last) break;
      const first = stencilAt(grid, Math.log(r), weights);
      const length = (step === 0 ? 1 : 2) * SIGHT_STEP * r;
      for (let j = 0; j < STENCIL; j++) {
        const scale = (radii[first + j]! / r) ** SPACE_POWER;
        matrix[i * n + first + j]! += length * weights[j]! * scale;
      }
    }
  }
  return { grid, matrix };
}

/**
 * Samples of a function at the grid's radii.
 *
 * @param f Takes a radius [Mpc/h]
 */
export function sampleOnGrid(grid: RadialGrid, f: (radius: number) => number): Float64Array {
  return Float64Array.from(grid.radii, (radius) => f(radius));
}

/**
 * The line-of-sight integral of a squared density at every radius of the grid.
 *
 * @example A beta model stays one (Cavaliere and Fusco-Femiano 1976)
 * ```ts
 * import { createProjection, projectEmission, sampleOnGrid } from "@clusters/terse/xray";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const projection = createProjection();
 * const squared = sampleOnGrid(projection.grid, (r) => (1 + (r / 0.1) ** 2) ** -3);
 * const brightness = projectEmission(projection, squared);
 * const k = 80;
 * const at = projection.grid.radii[k]!;
 * const exact = 0.1 * Math.PI * 3 / 8 * (1 + (at / 0.1) ** 2) ** -2.5;
 * assertAlmostEquals(brightness[k]! / exact, 1, 1e-5);
 * ```
 *
 * @param squared Squared density at the grid's radii, zero or above
 * @returns Its integral along the line of sight, in units of `squared` times Mpc/h
 */
export function projectEmission(projection: Projection, squared: Float64Array): Float64Array {
  const n = projection.grid.radii.length;
  return applyMatrix(projection.matrix, squared, n);
}

/** Row-major matrix times vector; the vector has `columns` entries. */
export function applyMatrix(
  matrix: Float64Array,
  vector: Float64Array,
  columns: number,
): Float64Array {
  const result = new Float64Array(matrix.length / columns);
  for (let i = 0; i < result.length; i++) {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += matrix[i * columns + k]! * vector[k]!;
    result[i] = sum;
  }
  return result;
}

/**
 * How to read sky brightness off the grid at any radius: writes the {@linkcode STENCIL} weights and
 * returns the first grid index they belong to. Inside the first radius the brightness is constant.
 */
export function brightnessStencil(
  grid: RadialGrid,
  radius: number,
  weights: Float64Array,
): number {
  const { radii, lnFirst } = grid;
  const ln = Math.max(Math.log(radius), lnFirst);
  const first = stencilAt(grid, ln, weights);
  const inverse = 1 / Math.max(radius, radii[0]!);
  for (let j = 0; j < STENCIL; j++) {
    weights[j]! *= (radii[first + j]! * inverse) ** SKY_POWER;
  }
  return first;
}

/** Cubic Lagrange weights for a value at ln r; the four nodes are kept inside the grid. */
function stencilAt(grid: RadialGrid, ln: number, weights: Float64Array): number {
  const place = (ln - grid.lnFirst) / grid.lnStep;
  const last = grid.radii.length - STENCIL;
  const first = Math.min(Math.max(Math.floor(place) - 1, 0), last);
  const x = place - first;
  weights[0] = -(x - 1) * (x - 2) * (x - 3) / 6;
  weights[1] = x * (x - 2) * (x - 3) / 2;
  weights[2] = -x * (x - 1) * (x - 3) / 2;
  weights[3] = x * (x - 1) * (x - 2) / 6;
  return first;
}
