/**
 * The mass function of Despali et al. 2016 (MNRAS 456, 2486): universal in the peak height of halos
 * of virial overdensity, and rescaled from it to others.
 */
import { omegaMatter } from "../cosmology.ts";
import {
  criticalOverdensity,
  type Multiplicity,
  type MultiplicityFit,
  type MultiplicitySetting,
} from "./multiplicity.ts";

/** The mass function of Despali et al. 2016 for spherical overdensities. */
export const DESPALI16: MultiplicityFit = {
  reference: "Despali et al. 2016, MNRAS 456, 2486, Eqs. 7 and 12",
  definitions: ["500c"],
  maxRedshift: 2,
  prepare,
};

/** Linear density contrast at collapse in an Einstein-de Sitter universe, 3/20 (12 pi)^(2/3). */
const COLLAPSE_CONTRAST = 3 / 20 * (12 * Math.PI) ** (2 / 3);

function prepare(setting: MultiplicitySetting): Multiplicity {
  const omegaM = omegaMatter(setting.cosmology, setting.redshift);
  const x = Math.log10(criticalOverdensity(setting) / virialOverdensity(omegaM)); // Eq. 11
  const amplitude = -0.1362 * x + 0.3292; // Eq. 12
  const a = 0.4332 * x ** 2 + 0.2263 * x + 0.7665;
  const p = -0.1151 * x ** 2 + 0.2554 * x + 0.2488;
  const contrast = COLLAPSE_CONTRAST * omegaM ** 0.0055; // Mo, van den Bosch and White 2010
  return (sigma) => {
    const nu = a * (contrast / sigma) ** 2;
    return 2 * amplitude * Math.sqrt(nu / (2 * Math.PI)) * Math.exp(-nu / 2) * (1 + nu ** -p);
  };
}

/** The virial overdensity relative to the critical density (Bryan and Norman 1998, Eq. 6). */
function virialOverdensity(omegaM: number): number {
  const x = omegaM - 1;
  return 18 * Math.PI ** 2 + 82 * x - 39 * x ** 2;
}
