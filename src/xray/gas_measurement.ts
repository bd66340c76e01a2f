/**
 * The values that catalogs need of a fitted density (section 2.1.2): gas masses of shells, their
 * total, and log slopes, with errors from the Fisher matrix.
 */
import { SHELLS } from "../clusters/cluster_table.ts";
import type { DensityFit } from "./density_fit.ts";
import { DENSITY_PARAMETERS, fromParameters } from "./density_parameters.ts";
import { type DensityModel, shellGasMasses, shellSlopes } from "./gas_density.ts";

/** Gas masses and slopes of one cluster for a catalog, with one-sigma errors. */
export interface GasMeasurement {
  /** log10 gas mass of each shell [Msun/h], [SHELLS] */
  readonly logShellMasses: Float64Array;
  /** Errors of the shell masses [dex], [SHELLS] */
  readonly logShellMassErrors: Float64Array;
  /** dlog rho / dlog r at each shell's outer edge, [SHELLS] */
  readonly slopes: Float64Array;
  /** Errors of the slopes, [SHELLS] */
  readonly slopeErrors: Float64Array;
  /** log10 Mgas(<R500) [Msun/h], the sum over the shells */
  readonly logGasMass: number;
  /** Error of the gas mass [dex] */
  readonly logGasMassError: number;
}

/** Shell masses, slopes and total of a model: log10 masses, slopes, log10 total. */
export function describeGas(model: DensityModel, r500: number): Float64Array {
  const masses = shellGasMasses(model, r500);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return Float64Array.of(...masses.map(Math.log10), ...shellSlopes(model, r500), Math.log10(total));
}

/** Step of the central differences; for parameters of order one they are good to 1e-8. */
const DIFFERENCE = 1e-4;

/** The derivative of {@linkcode describeGas} by the first parameters, [2 SHELLS + 1 x count]. */
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
 * Gas masses and slopes of a fit, with errors from its Fisher matrix. If it is uncertain whether
 * there is an inner part, both models count with their probabilities, and their difference is part
 * of the error.
 *
 * @param r500 R500 [Mpc/h]
 * @throws {RangeError} If the fit did not converge: it has no errors
 */
export function measureGas(fit: DensityFit, r500: number): GasMeasurement {
  if (!fit.converged) {
    throw new RangeError("Cannot measure the gas: the fit has not converged, should be a minimum");
  }
  const size = 2 * SHELLS + 1;
  const values = new Float64Array(size);
  const squares = new Float64Array(size); // mean squares about the values of the first candidate
  const origin = describeGas(fit.model, r500);
  for (const { model, parameters, covariance, probability } of fit.candidates) {
    if (probability < NEGLIGIBLE) continue;
    const gas = describeGas(model, r500);
    const variances = varianceOfGas(parameters, covariance, r500);
    for (let i = 0; i < size; i++) {
      const shift = gas[i]! - origin[i]!;
      values[i]! += probability * shift;
      squares[i]! += probability * (variances[i]! + shift * shift);
    }
  }
  const errors = squares.map((square, i) => Math.sqrt(square - values[i]! ** 2));
  for (let i = 0; i < size; i++) values[i]! += origin[i]!;
  return {
    logShellMasses: values.slice(0, SHELLS),
    logShellMassErrors: errors.slice(0, SHELLS),
    slopes: values.slice(SHELLS, 2 * SHELLS),
    slopeErrors: errors.slice(SHELLS, 2 * SHELLS),
    logGasMass: values[2 * SHELLS]!,
    logGasMassError: errors[2 * SHELLS]!,
  };
}

/** Least probability of a candidate that counts; others change under 1% of an error. */
const NEGLIGIBLE = 1e-6;

function varianceOfGas(
  parameters: Float64Array,
  covariance: Float64Array,
  r500: number,
): Float64Array {
  const jacobian = differentiateGas(parameters, r500);
  const size = DENSITY_PARAMETERS;
  return new Float64Array(2 * SHELLS + 1).map((_, i) => {
    let variance = 0;
    for (let p = 0; p < size; p++) {
      for (let q = 0; q < size; q++) {
        variance += jacobian[i * size + p]! * covariance[p * size + q]! * jacobian[i * size + q]!;
      }
    }
    return variance;
  });
}
