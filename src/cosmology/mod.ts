/**
 * Flat cosmologies (section 2.2.1): distances, growth, power spectra and halo mass functions. Imported
 * alone as `@clusters/terse/cosmology`.
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
