/**
 * ln of the mass function dn/dlnM on a grid of masses and redshifts. A table for one (omegaM,
 * sigma8) takes about 50 microseconds, because a likelihood of both parameters needs tens of
 * thousands of tables.
 *
 * Tinker et al. 2008 at 500 times the critical density, its parameters linear in the overdensity, in
 * a flat universe of fixed h, baryon density and spectral slope. The shape of sigma(M) is tabulated
 * by omegaM and interpolated linearly (error below 1e-5); sigma8 scales it.
 */
import { differentiateCubicSpline, evaluateCubicSpline } from "../numerics/calculus.ts";
import { type Cosmology, growthFactor, matterDensity, omegaMatterUnchecked } from "./cosmology.ts";
import { TINKER_MOST_OVERDENSITY, tinkerParameters } from "./mass_functions/tinker08.ts";
import type { CubicTable } from "../numerics/fast_normal.ts";
import { createPowerSpectrum, lagrangianRadius } from "./power_spectrum.ts";

/** Step of the mass grid in ln M. */
export const GRID_LN_STEP = 0.1;

/** Number of masses of the grid. */
export const GRID_MASSES = 93;

/** ln M [Msun/h] of the grid's masses, ascending: from 10^12.4 to 10^16.4 Msun/h. */
export const GRID_LN_MASS: Float64Array = Float64Array.from(
  { length: GRID_MASSES },
  (_, k) => 12.4 * Math.LN10 + GRID_LN_STEP * k,
);

/** The lowest omegaM at which Tinker's fit reaches 500 times the critical density at redshift 0. */
const TABLE_OMEGA_M_MIN: number = 500 / TINKER_MOST_OVERDENSITY;

/** The highest omegaM for which tables can be filled. */
const TABLE_OMEGA_M_MAX = 0.7;

/** Lowest and highest sigma8 for which tables can be filled. */
const TABLE_SIGMA8: readonly [number, number] = [0.05, 3];

/** Step between the values of omegaM for which sigma(M) is computed, when first needed. */
const OMEGA_STEP = 0.01;

/** The fixed universe at some omegaM and sigma8: h 0.7, Omega_b h^2 0.0223, ns 0.965. */
export function tableCosmology(omegaM: number, sigma8: number): Cosmology {
  return { omegaM, omegaB: 0.0223 / 0.7 ** 2, h: 0.7, ns: 0.965, sigma8 };
}

/** Linear fluctuations on the mass grid at one omegaM, for sigma8 = 1 and redshift 0. */
interface ShapeNode {
  /** ln sigma, by grid mass. */
  readonly lnSigma: Float64Array;
  /** ln of d ln(1 / sigma) / d ln M, by grid mass. */
  readonly lnSlope: Float64Array;
}

/** Shapes computed so far, by multiple of the step; a shape does not depend on who asks first. */
const SHAPES = new Map<number, ShapeNode>();

function shapeAt(multiple: number): ShapeNode {
  const known = SHAPES.get(multiple);
  if (known !== undefined) return known;
  const cosmology = tableCosmology(multiple * OMEGA_STEP, 1);
  const { shape, amplitude } = createPowerSpectrum(cosmology, { nodes: "fine" });
  const lnRadius = GRID_LN_MASS.map((ln) => Math.log(lagrangianRadius(cosmology, Math.exp(ln))));
  const made = {
    lnSigma: lnRadius.map((ln) => Math.log(amplitude) + evaluateCubicSpline(shape, ln)),
    lnSlope: lnRadius.map((ln) => Math.log(-differentiateCubicSpline(shape, ln) / 3)),
  };
  SHAPES.set(multiple, made);
  return made;
}

/**
 * Terms of ln dn/dlnM for one cosmology. At one redshift and mass it is lnAmplitude +
 * softplus(start - slope lnSigma) - cutoff inverseSquare + lnFactor.
 *
 * The arrays are overwritten by the next cosmology.
 */
export interface AbundanceTerms {
  /** ln sigma at redshift 0, [GRID_MASSES]. */
  readonly lnSigma: Float64Array;
  /** sigma^-2 at redshift 0, [GRID_MASSES]. */
  readonly inverseSquare: Float64Array;
  /** ln of density over mass and of d ln(1 / sigma) / d ln M, [GRID_MASSES]. */
  readonly lnFactor: Float64Array;
  /** ln of the fit's amplitude, [redshifts]. */
  readonly lnAmplitude: Float64Array;
  /** The fit's slope times ln of its scale at the growth to each redshift, [redshifts]. */
  readonly start: Float64Array;
  /** The fit's slope, [redshifts]. */
  readonly slope: Float64Array;
  /** The fit's cutoff at the growth to each redshift, [redshifts]. */
  readonly cutoff: Float64Array;
}

/** Makes tables of ln dn/dlnM at fixed redshifts. */
export interface AbundanceTables {
  /** The redshifts that the tables were prepared for. */
  readonly redshifts: Float64Array;
  /**
   * Fills a table of ln dn/dlnM [(Mpc/h)^-3] by redshift and grid mass.
   *
   * @param omegaM From {@linkcode TABLE_OMEGA_M_MIN} to {@linkcode TABLE_OMEGA_M_MAX}
   * @param sigma8 Within {@linkcode TABLE_SIGMA8}
   * @param out Receives the table, [redshifts x GRID_MASSES]
   * @throws {RangeError} If omegaM or sigma8 is out of range
   */
  fill(omegaM: number, sigma8: number, out: Float64Array): void;
  /** The terms of which {@linkcode fill} makes a table; arguments and errors are the same. */
  terms(omegaM: number, sigma8: number): AbundanceTerms;
}

/**
 * Prepares tables of the mass function at given redshifts.
 *
 * @param redshifts Each from 0 to 2.5
 */
export function prepareAbundance(redshifts: ArrayLike<number>): AbundanceTables {
  const nodes = Float64Array.from(redshifts);
  /** ln of the growth to each redshift, by multiple of the step in omegaM. */
  const growths = new Map<number, Float64Array>();
  const growthAt = (multiple: number): Float64Array => {
    let known = growths.get(multiple);
    if (known === undefined) {
      const cosmology = tableCosmology(multiple * OMEGA_STEP, 1);
      known = nodes.map((z) => Math.log(growthFactor(cosmology, z)));
      growths.set(multiple, known);
    }
    return known;
  };
  const byMass = () => new Float64Array(GRID_MASSES);
  const byNode = () => new Float64Array(nodes.length);
  const [lnSigma, inverseSquare, lnFactor] = [byMass(), byMass(), byMass()];
  const [lnAmplitude, start, slope, cutoff] = [byNode(), byNode(), byNode(), byNode()];
  const made = { lnSigma, inverseSquare, lnFactor, lnAmplitude, start, slope, cutoff };
  const terms = (omegaM: number, sigma8: number): AbundanceTerms => {
    checkTableCosmology(omegaM, sigma8);
    const cosmology = tableCosmology(omegaM, sigma8);
    const lower = Math.floor(omegaM / OMEGA_STEP);
    const share = omegaM / OMEGA_STEP - lower;
    const [low, high] = [shapeAt(lower), shapeAt(lower + 1)];
    const [lowGrowth, highGrowth] = [growthAt(lower), growthAt(lower + 1)];
    const lnDensity = Math.log(matterDensity(cosmology));
    const lnSigma8 = Math.log(sigma8);
    for (let k = 0; k < GRID_MASSES; k++) {
      lnSigma[k] = lnSigma8 + mix(low.lnSigma[k]!, high.lnSigma[k]!, share);
      inverseSquare[k] = Math.exp(-2 * lnSigma[k]!);
      lnFactor[k] = lnDensity + mix(low.lnSlope[k]!, high.lnSlope[k]!, share) - GRID_LN_MASS[k]!;
    }
    for (let j = 0; j < nodes.length; j++) {
      const z = nodes[j]!;
      const fit = tinkerParameters(500 / omegaMatterUnchecked(cosmology, z), z);
      const lnGrowth = mix(lowGrowth[j]!, highGrowth[j]!, share);
      lnAmplitude[j] = Math.log(fit.amplitude);
      slope[j] = fit.slope;
      start[j] = fit.slope * (Math.log(fit.b) - lnGrowth);
      cutoff[j] = fit.c * Math.exp(-2 * lnGrowth);
    }
    return made;
  };
  return {
    redshifts: nodes,
    terms,
    fill(omegaM, sigma8, out) {
      terms(omegaM, sigma8);
      for (let j = 0; j < nodes.length; j++) {
        const [ln, from, steep, cut] = [lnAmplitude[j]!, start[j]!, slope[j]!, cutoff[j]!];
        for (let k = 0; k < GRID_MASSES; k++) {
          out[j * GRID_MASSES + k] = ln + softplus(from - steep * lnSigma[k]!) -
            cut * inverseSquare[k]! + lnFactor[k]!;
        }
      }
    },
  };
}

/** Range and step of the table of ln(1 + e^x) that {@linkcode softplus} reads. */
const REACH = 20;
const STEPS = 32;
const SOFTPLUS = Float64Array.from(
  { length: 2 * REACH * STEPS + 2 },
  (_, i) => Math.log1p(Math.exp(i / STEPS - REACH)),
);
const SOFTPLUS_SLOPE = SOFTPLUS.map((_, i) => 1 / (1 + Math.exp(REACH - i / STEPS)) / STEPS);

/** ln(1 + e^x) from -reach to reach, `steps` points per unit, with slopes over a step; for WASM. */
export const SOFTPLUS_TABLE: CubicTable = {
  reach: REACH,
  steps: STEPS,
  values: SOFTPLUS,
  slopes: SOFTPLUS_SLOPE,
};

/** ln(1 + e^x), interpolated by cubics between steps of 1/32, to 1e-9. */
function softplus(x: number): number {
  if (x <= -REACH) return 0;
  if (x >= REACH) return x;
  const at = (x + REACH) * STEPS;
  const i = at | 0;
  const t = at - i;
  const low = SOFTPLUS[i]!;
  const rise = SOFTPLUS[i + 1]! - low;
  const a = SOFTPLUS_SLOPE[i]!;
  const b = SOFTPLUS_SLOPE[i + 1]!;
  return low + t * (a + t * (3 * rise - 2 * a - b + t * (a + b - 2 * rise)));
}

function mix(low: number, high: number, share: number): number {
  return low + share * (high - low);
}

/**
 * Checks that a cosmology is within the range of the tables.
 *
 * @throws {RangeError} If omegaM or sigma8 is out of range
 */
export function checkTableCosmology(omegaM: number, sigma8: number): void {
  if (!(omegaM >= TABLE_OMEGA_M_MIN && omegaM <= TABLE_OMEGA_M_MAX)) {
    throw new RangeError(
      `Cannot compute abundance: omegaM is ${omegaM}, should be from ${TABLE_OMEGA_M_MIN}, ` +
        `where Tinker's mass function begins for M500c, to ${TABLE_OMEGA_M_MAX}`,
    );
  }
  const [least, most] = TABLE_SIGMA8;
  if (!(sigma8 >= least && sigma8 <= most)) {
    throw new RangeError(
      `Cannot compute abundance: sigma8 is ${sigma8}, should be from ${least} to ${most}`,
    );
  }
}
