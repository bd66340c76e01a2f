/**
 * Gas profiles (section 2.1.2): a density model gives the gas mass of each shell and the log slope
 * at each shell's edge. Where no mock observation is at hand, profiles are drawn: a mean shape with
 * a cusp, a core and steep outskirts, and a smooth random departure that is wide in the core and
 * narrow near R500.
 *
 * The paper prints neither a mean profile nor its scatter. The numbers here are set to Fig. 2's
 * range of shapes and to what is known of nearby clusters (REXCESS).
 */
import { SHELL_EDGES, SHELLS } from "./cluster_table.ts";
import type { QuadratureRule } from "../numerics/calculus.ts";
import { gaussLegendre, gaussLegendreRule } from "../numerics/calculus.ts";
import type { Random } from "../numerics/random.ts";

/** A cluster's gas density against x = r / R500, above 0. */
export interface GasDensity {
  /** Natural log of the density; its zero point does not matter. */
  lnDensity(x: number): number;
  /** dlog rho / dlog r, the derivative of `lnDensity` against ln x. */
  slope(x: number): number;
}

/** Slope at the edge of the core shell, 0.088 R500: between a flat core and a cool core. */
export const CORE_SLOPE: number = -0.8;
/** Slope at R500. */
export const OUTER_SLOPE: number = -2.3;
/** Slope at the center of the mean profile. */
const CUSP_SLOPE = -0.5;

const CORE_EDGE = SHELL_EDGES[0]!;

/** The core radius squared, [R500^2], that joins the three slopes above. */
const CORE_RADIUS_SQUARED = (() => {
  const ratio = (OUTER_SLOPE - CUSP_SLOPE) / (CORE_SLOPE - CUSP_SLOPE);
  const edge = CORE_EDGE ** 2;
  return (ratio - 1) * edge / (1 - ratio * edge);
})();

/** 3 beta of a beta model: the fall of the slope from center to far outside. */
const THREE_BETA = (CUSP_SLOPE - OUTER_SLOPE) * (1 + CORE_RADIUS_SQUARED);

/** The mean profile: x^cusp (1 + x^2 / xc^2)^(-3 beta / 2), a beta model with a cusp. */
export const MEAN_GAS_DENSITY: GasDensity = {
  lnDensity: (x) =>
    CUSP_SLOPE * Math.log(x) - THREE_BETA / 2 * Math.log1p(x * x / CORE_RADIUS_SQUARED),
  slope: (x) => CUSP_SLOPE - THREE_BETA * x * x / (x * x + CORE_RADIUS_SQUARED),
};

/**
 * The scatter of log10 density, s(x) = center (1 + x^2 / radius^2)^-falloff, set so that the
 * scatter of log10 shell mass at fixed total is 0.19 dex in the core shell and 0.02 in the shell
 * that ends at 0.67 R500.
 */
const SCATTER = { center: 0.275, radius: 0.11, falloff: 0.7 } as const;

/** Radians by which the departure turns per e-fold of radius: more makes profiles wavier. */
const TURN = 0.75;

/**
 * A random departure from the mean profile: s(x) (z0 + z1 cos u + z2 sin u) / sqrt 2 with u = TURN
 * ln x and standard normal z. Log densities at two radii correlate by (1 + cos(u1 - u2)) / 2,
 * smoothly; the slope is the departure's own derivative. In about 1% of clusters the density rises
 * outward at the core edge.
 */
function drawGasDensity(random: Random): GasDensity {
  const scale = Math.LN10 * SCATTER.center / Math.SQRT2;
  const [z0, z1, z2] = [random.normal(), random.normal(), random.normal()];
  const reach = SCATTER.radius ** 2;
  const envelope = (x: number) => scale * (1 + x * x / reach) ** -SCATTER.falloff;
  const wave = (u: number) => z0 + z1 * Math.cos(u) + z2 * Math.sin(u);
  return {
    lnDensity: (x) => MEAN_GAS_DENSITY.lnDensity(x) + envelope(x) * wave(TURN * Math.log(x)),
    slope: (x) => {
      const u = TURN * Math.log(x);
      const falling = -2 * SCATTER.falloff * x * x / (x * x + reach);
      const turning = TURN * (z2 * Math.cos(u) - z1 * Math.sin(u));
      return MEAN_GAS_DENSITY.slope(x) + envelope(x) * (falling * wave(u) + turning);
    },
  };
}

/** Shell masses and slopes of one cluster or, row by row, of many. */
export interface GasProfiles {
  /** log10 gas mass of each shell [Msun/h], [count x SHELLS] */
  readonly logGasMassProfile: Float64Array;
  /** dlog rho / dlog r at each shell's outer edge, [count x SHELLS] */
  readonly gasSlopeProfile: Float64Array;
}

/** Points of the quadrature in each shell: shell masses come out to 1e-9 of themselves or better. */
const QUADRATURE: QuadratureRule = gaussLegendreRule(12);

/**
 * Shell masses and slopes of a density model.
 *
 * The mass of a shell is the integral of rho r^2 (decisions: "in spherical radial shells"); a
 * cumulative profile is the other reading. Shell masses sum to the total.
 *
 * @param density The model
 * @param logGasMass log10 Mgas(<R500) [Msun/h], to which the density is normalized
 */
export function integrateGasDensity(density: GasDensity, logGasMass: number): GasProfiles {
  const shell = (_: unknown, s: number) =>
    gaussLegendre(
      // y = sqrt x takes the kink of a cusp out of the center.
      (y) => 2 * y ** 5 * Math.exp(density.lnDensity(y * y)),
      Math.sqrt(s === 0 ? 0 : SHELL_EDGES[s - 1]!),
      Math.sqrt(SHELL_EDGES[s]!),
      QUADRATURE,
    );
  const masses = Float64Array.from({ length: SHELLS }, shell);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return {
    logGasMassProfile: masses.map((mass) => logGasMass + Math.log10(mass / total)),
    gasSlopeProfile: Float64Array.from(SHELL_EDGES, (x) => density.slope(x)),
  };
}

/**
 * Random profiles for clusters of given gas masses, the drawn stand-in for mock observations.
 *
 * @example Shell masses sum to the total
 * ```ts
 * import { createRandom } from "@clusters/terse";
 * import { drawGasProfiles } from "@clusters/terse/clusters";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { logGasMassProfile } = drawGasProfiles([13.4], createRandom(1));
 * const total = logGasMassProfile.reduce((sum, logMass) => sum + 10 ** logMass, 0);
 * assertAlmostEquals(Math.log10(total), 13.4, 1e-12);
 * ```
 *
 * @param logGasMass log10 Mgas(<R500) [Msun/h] of each cluster
 * @param random Three numbers per cluster are drawn, in order
 */
export function drawGasProfiles(logGasMass: ArrayLike<number>, random: Random): GasProfiles {
  const logGasMassProfile = new Float64Array(logGasMass.length * SHELLS);
  const gasSlopeProfile = new Float64Array(logGasMass.length * SHELLS);
  for (let i = 0; i < logGasMass.length; i++) {
    const profile = integrateGasDensity(drawGasDensity(random), logGasMass[i]!);
    logGasMassProfile.set(profile.logGasMassProfile, i * SHELLS);
    gasSlopeProfile.set(profile.gasSlopeProfile, i * SHELLS);
  }
  return { logGasMassProfile, gasSlopeProfile };
}
