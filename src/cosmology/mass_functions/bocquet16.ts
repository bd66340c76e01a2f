/**
 * The mass function of Bocquet et al. 2016 (MNRAS 456, 2361), fitted to the Magneticum simulations
 * with baryons ("hydro") and to their dark-matter-only twins ("dmo").
 */
import { omegaMatter } from "../cosmology.ts";
import type {
  MassDefinition,
  Multiplicity,
  MultiplicityFit,
  MultiplicitySetting,
} from "./multiplicity.ts";

/** A parameter's value at z = 0, and the power of (1 + z) by which it evolves. */
type Evolving = readonly [atZero: number, power: number];

/** The parameters of Eq. 1 for one mass definition. */
interface Parameters {
  readonly amplitude: Evolving;
  readonly slope: Evolving;
  readonly b: Evolving;
  readonly c: Evolving;
}

/** The parameters of Table 2 for the hydrodynamical simulations. */
const HYDRO: Readonly<Record<MassDefinition, Parameters>> = {
  "200m": {
    amplitude: [0.228, 0.285],
    slope: [2.15, -0.058],
    b: [1.69, -0.366],
    c: [1.30, -0.045],
  },
  "200c": { amplitude: [0.202, 1.147], slope: [2.21, 0.375], b: [2.00, -1.074], c: [1.57, -0.196] },
  "500c": { amplitude: [0.180, 1.088], slope: [2.29, 0.150], b: [2.44, -1.008], c: [1.97, -0.322] },
};

/** The parameters of Table 2 for dark matter only. */
const DARK_MATTER_ONLY: Readonly<Record<MassDefinition, Parameters>> = {
  "200m": {
    amplitude: [0.175, -0.012],
    slope: [1.53, -0.040],
    b: [2.55, -0.194],
    c: [1.19, -0.021],
  },
  "200c": { amplitude: [0.222, 0.269], slope: [1.71, 0.321], b: [2.24, -0.621], c: [1.46, -0.153] },
  "500c": { amplitude: [0.241, 0.370], slope: [2.18, 0.251], b: [2.35, -0.698], c: [2.02, -0.310] },
};

const COMMON = {
  reference: "Bocquet et al. 2016, MNRAS 456, 2361, Eqs. 1-2 and Table 2, appendix on conversions",
  definitions: ["500c", "200c", "200m"],
  maxRedshift: 2,
} as const;

/** Bocquet et al. 2016 with baryons: the fit to the simulation that the paper uses. */
export const BOCQUET16_HYDRO: MultiplicityFit = {
  ...COMMON,
  prepare: (setting) => prepare(HYDRO[setting.definition], setting),
};

/** Bocquet et al. 2016, dark matter only. */
export const BOCQUET16_DMO: MultiplicityFit = {
  ...COMMON,
  prepare: (setting) => prepare(DARK_MATTER_ONLY[setting.definition], setting),
};

/**
 * Eq. 1, with parameters that evolve by Eq. 2. The fits for 200c and 500c are those of the mass
 * function at fixed M200m: f is multiplied by the ratio of the masses at the mass asked for.
 */
function prepare(parameters: Parameters, setting: MultiplicitySetting): Multiplicity {
  const evolve = ([atZero, power]: Evolving) => atZero * (1 + setting.redshift) ** power;
  const amplitude = evolve(parameters.amplitude);
  const slope = evolve(parameters.slope);
  const b = evolve(parameters.b);
  const c = evolve(parameters.c);
  const ratio = MASS_RATIOS[setting.definition](
    omegaMatter(setting.cosmology, setting.redshift),
    setting.redshift,
  );
  const lnH = Math.log(setting.cosmology.h);
  return (sigma, logMass) => {
    const lnMass = logMass * Math.LN10 - lnH; // of Msun, not Msun/h
    const massRatio = ratio.constant + ratio.perLnMass * lnMass;
    if (!(massRatio > 0 && massRatio < MASS_RATIO_MAX)) {
      throw new RangeError(
        `Cannot convert mass 10^${logMass} Msun/h: its ratio to M200m is ${massRatio}, should be ` +
          `from 0 to ${MASS_RATIO_MAX}, as it is for omegaM up to 0.6`,
      );
    }
    return amplitude * ((b / sigma) ** slope + 1) * Math.exp(-c / sigma ** 2) * massRatio;
  };
}

/**
 * Largest M / M200m that is accepted. The fitted ratios reach 1.2; larger values come from the pole
 * that the ratio for 500c has near Omega_m(z) = 0.7.
 */
const MASS_RATIO_MAX = 1.5;

/** M / M200m as a linear function of ln M. */
interface MassRatio {
  readonly constant: number;
  readonly perLnMass: number;
}

/** The paper's fits of M / M200m, with M in Msun, by Omega_m(z) and z. */
const MASS_RATIOS: Readonly<Record<MassDefinition, (omegaM: number, z: number) => MassRatio>> = {
  "200m": () => ({ constant: 1, perLnMass: 0 }),
  "200c": (omegaM, z) => {
    const gamma0 = 3.54e-2 + omegaM ** 0.09;
    const gamma1 = 4.56e-2 + 2.68e-2 / omegaM;
    const gamma2 = 0.721 + 3.50e-2 / omegaM;
    const gamma3 = 0.628 + 0.164 / omegaM;
    const delta0 = -1.67e-2 + 2.18e-2 * omegaM;
    const delta1 = 6.52e-3 - 6.86e-3 * omegaM;
    return {
      constant: gamma0 + gamma1 * Math.exp(-(((gamma2 - z) / gamma3) ** 2)),
      perLnMass: delta0 + delta1 * z,
    };
  },
  "500c": (omegaM, z) => {
    const alpha0 = 0.880 + 0.329 * omegaM;
    const alpha1 = 1.00 + 4.31e-2 / omegaM;
    const alpha2 = -0.365 + 0.254 / omegaM;
    return {
      constant: alpha0 * (alpha1 * z + alpha2) / (z + alpha2),
      perLnMass: -1.70e-2 + 3.74e-3 * omegaM,
    };
  },
};
