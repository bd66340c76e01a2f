/**
 * Departures of a mock image from one round, smooth cluster (section 2.1.2): ellipticity, cool
 * cores, clumps that follow the gas, and neighbors within 50 Mpc along the line of sight. The paper
 * takes them from its simulation; here they are drawn, and each can be switched off.
 */
import type { Random } from "../numerics/random.ts";
import type { Pointing } from "./instrument.ts";
import type { SkySource } from "./photons.ts";
import type { Place } from "./ellipse.ts";

/** Departures of images from one round, smooth cluster. */
export interface SkyOptions {
  /** Mean of 1 - axis ratio on the sky; drawn for each cluster from a normal of half this width. */
  readonly ellipticity: number;
  /** Clusters with a steeper dlog rho / dlog r at 0.088 R500 have a cool core; -Infinity for none. */
  readonly coolCoreSlope: number;
  /** Mean number of clumps within 1.5 R500 of a cluster. */
  readonly clumps: number;
  /** Mean number of neighboring groups in the field, unrelated in place on the sky. */
  readonly neighbors: number;
}

/** Slope at 0.088 R500 below which a core is cool; two fifths of the base sample's clusters are. */
const COOL_CORE_SLOPE = -0.89;

/**
 * Defaults. Axis ratios about 0.85 are those of observed clusters' images (Mohr et al. 1995: 0.80 for
 * all, rounder for relaxed); two fifths have cool cores (Hudson et al. 2010: 44%); three
 * clumps and 0.5 groups: 390 (Mpc/h)^3 of field and depth hold about 0.3 groups above 10^13 Msun/h at
 * the mean density, more about a cluster.
 */
export const STANDARD_SKY: SkyOptions = {
  ellipticity: 0.15,
  coolCoreSlope: COOL_CORE_SLOPE,
  clumps: 3,
  neighbors: 0.5,
};

/** Round, smooth, alone: what the reduction assumes, but for cool cores, which it can fit. */
export const RELAXED_SKY: SkyOptions = {
  ellipticity: 0,
  coolCoreSlope: COOL_CORE_SLOPE,
  clumps: 0,
  neighbors: 0,
};

/** Least axis ratio of isophotes; axis ratios below it or above 1 are drawn again. */
const LEAST_AXIS_RATIO = 0.5;

/** The axis ratio of one cluster, from 0.5 to 1. */
export function drawAxisRatio(ellipticity: number, random: Random): number {
  if (ellipticity === 0) return 1;
  for (;;) {
    const ratio = 1 - ellipticity * (1 + random.normal() / 2);
    if (ratio >= LEAST_AXIS_RATIO && ratio <= 1) return ratio;
  }
}

/** Least and largest luminosity of a clump as a share of its cluster's; dN/dL falls as L^-1.8. */
const CLUMP_SHARE = { least: 0.001, most: 0.05, slope: 1.8 } as const;
/** Core radius of a clump [Mpc/h], for shares of 0.001 and growing as the cube root. */
const CLUMP_CORE = 0.012;
/** Clumps are stripped of their outskirts: beta of 1. */
const CLUMP_BETA = 1;
/** How far out clumps lie on the sky [R500]: evenly in radius, as mass in an isothermal sphere. */
const CLUMP_REACH = { least: 0.1, most: 1.5 } as const;

/** A power-law number from `least` to `most` with dN/dx falling as x^-slope. */
function drawPowerLaw(
  { least, most, slope }: { readonly least: number; readonly most: number; readonly slope: number },
  random: Random,
): number {
  const a = least ** (1 - slope);
  const b = most ** (1 - slope);
  return (a + (b - a) * random.uniform()) ** (1 / (1 - slope));
}

/**
 * The clumps of one cluster. Their number is Poisson; they follow the gas, at a random place angle.
 *
 * @param mean Mean number of clumps
 * @param photons Photons of the whole cluster
 * @param center The cluster's center on the image
 * @param r500 R500 [pixels]
 */
export function drawClumps(
  mean: number,
  { photons, center, r500, pixel }: {
    readonly photons: number;
    readonly center: Place;
    readonly r500: number;
    readonly pixel: number;
  },
  random: Random,
): SkySource[] {
  return Array.from({ length: random.poisson(mean) }, () => {
    const share = drawPowerLaw(CLUMP_SHARE, random);
    const { least, most } = CLUMP_REACH;
    const radius = (least + (most - least) * random.uniform()) * r500 / pixel;
    const angle = 2 * Math.PI * random.uniform();
    return {
      center: {
        x: center.x + radius * Math.cos(angle),
        y: center.y + radius * Math.sin(angle),
      },
      photons: share * photons,
      coreRadius: CLUMP_CORE * Math.cbrt(share / CLUMP_SHARE.least),
      beta: CLUMP_BETA,
      kind: "clump",
    };
  });
}

/** Luminosities of neighboring groups [1e44 erg/s]; dN/dL falls as L^-1.85 (Boehringer 2002). */
const NEIGHBOR_LUMINOSITY = { least: 0.005, most: 0.1, slope: 1.85 } as const;
/** Core radius of a group of the least luminosity [Mpc/h], growing as the cube root. */
const NEIGHBOR_CORE = 0.03;
/** Beta of groups: 0.4-0.7 within R500 (Mulchaey 2000), steeper outside; 0.8 keeps 98% inside it. */
const NEIGHBOR_BETA = 0.8;

/**
 * Groups before or behind the cluster, within 50 Mpc, anywhere in the field. At those distances the
 * change of redshift alters their photons by a few percent, which is left out.
 *
 * @param mean Mean number of groups
 * @param photonsPerLuminosity Photons for 1e44 erg/s
 */
export function drawNeighbors(
  mean: number,
  photonsPerLuminosity: number,
  { side }: Pointing,
  random: Random,
): SkySource[] {
  return Array.from({ length: random.poisson(mean) }, () => {
    const luminosity = drawPowerLaw(NEIGHBOR_LUMINOSITY, random);
    return {
      center: { x: side * random.uniform(), y: side * random.uniform() },
      photons: luminosity * photonsPerLuminosity,
      coreRadius: NEIGHBOR_CORE * Math.cbrt(luminosity / NEIGHBOR_LUMINOSITY.least),
      beta: NEIGHBOR_BETA,
      kind: "neighbor",
    };
  });
}
