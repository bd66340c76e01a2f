/**
 * Flat cosmologies (section 2.2.1): distances, growth, power spectra and halo mass functions. Imported
 * alone as `@clusters/terse/cosmology`.
 *
 * @example How much sigma8 changes the number of massive clusters
 * ```ts
 * import { computeMassFunction, MAGNETICUM } from "@clusters/terse/cosmology";
 * import { assertGreater } from "@std/assert";
 *
 * const density = (sigma8: number) => {
 *   const cosmology = { ...MAGNETICUM, sigma8 };
 *   const plan = { cosmology, fit: "tinker08", definition: "500c", redshift: 0.07 } as const;
 *   return computeMassFunction(plan, [15]).dndlnM[0]!;
 * };
 * assertGreater(density(0.85) / density(0.8), 1.5);
 * ```
 *
 * @module
 */
export {
  angularDiameterDistance,
  comovingDistance,
  type Cosmology,
  CRITICAL_DENSITY,
  criticalDensity,
  growthFactor,
  HUBBLE_LENGTH,
  hubbleE,
  luminosityDistance,
  MAGNETICUM,
  matterDensity,
  omegaMatter,
} from "./cosmology.ts";
export { type Transfer, TRANSFER_FUNCTIONS, type TransferName } from "./transfer_function.ts";
export {
  integrateSigma,
  RADIUS_RANGE,
  SIGMA_NODES,
  type SigmaNodes,
  type SigmaTable,
  tabulateSigma,
} from "./sigma_table.ts";
export {
  computePower,
  computeSigma,
  computeSigmaOfMass,
  computeSigmaSlope,
  createPowerSpectrum,
  lagrangianRadius,
  type PowerSpectrum,
  type PowerSpectrumOptions,
  scalePowerSpectrum,
} from "./power_spectrum.ts";
export {
  computeMassFunction,
  LOG_MASS_RANGE,
  MASS_FUNCTIONS,
  type MassFunction,
  type MassFunctionName,
  type MassFunctionPlan,
} from "./mass_function.ts";
export {
  criticalOverdensity,
  MASS_DEFINITIONS,
  type MassDefinition,
  matterOverdensity,
  type Multiplicity,
  type MultiplicityFit,
  type MultiplicitySetting,
} from "./mass_functions/multiplicity.ts";
