/**
 * The test that a generator and a likelihood agree: at the parameters that catalogs were drawn with,
 * the gradient of ln likelihood averages to zero. Its mean over many catalogs, times the covariance
 * of a posterior, is the bias that a disagreement causes.
 *
 * The covariance is (F + 1)^-1 in coordinates that are standard normal under the priors, with F the
 * covariance of the gradients: one combination of relations and scatters is all but free without
 * priors, and there any test would see its own rounding.
 */
import type { SkyDrawer } from "../../catalogs/sky/draw.ts";
import {
  parameterNames,
  parameterOf,
  priorCoordinate,
  priorOf,
  priorValue,
  type SkyParameters,
  type SkyPriors,
  skyPriors,
} from "../../catalogs/sky/parameters.ts";
import type { SkySurvey } from "../../catalogs/sky/survey.ts";
import { factorCholesky, invertCholesky, solveCholesky } from "../../numerics/cholesky.ts";
import type { Random } from "../../numerics/random.ts";
import { prepareSkyLikelihood } from "./likelihood.ts";

/** The bias of one parameter. */
export interface ImpliedBias {
  /** Name of the parameter. */
  readonly name: keyof SkyParameters;
  /** Implied bias over the width of one catalog's posterior. */
  readonly bias: number;
  /** Standard error of the bias, from the number of catalogs. */
  readonly error: number;
}

/**
 * Steps of the central differences: larger ones pick up the third derivative, which in catalogs of
 * 300 clusters reads as a bias of 0.3 widths.
 */
function stepOf(name: keyof SkyParameters): number {
  if (name === "S8" || name === "omegaM") return 0.0006;
  return /^(ln|slope)/.test(name) ? 0.0025 : 0.004;
}

/**
 * The implied bias of every parameter.
 *
 * @param survey The survey
 * @param drawer Draws catalogs of the survey, from `prepareSkyDrawing`
 * @param parameters Parameters of all catalogs, within the priors
 * @param count Number of catalogs
 * @param random Stream of catalog i is `fork("catalog", i)`
 */
export function testScore(
  survey: SkySurvey,
  drawer: SkyDrawer,
  parameters: SkyParameters,
  count: number,
  random: Random,
): ImpliedBias[] {
  const priors = skyPriors(survey);
  const names = parameterNames(priors);
  const size = names.length;
  const sum = new Float64Array(size);
  const squares = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const slopes = priorSlopes(parameters, priors);
  for (let catalog = 0; catalog < count; catalog++) {
    const mock = drawer.draw(parameters, random.fork("catalog", catalog));
    const likelihood = prepareSkyLikelihood(survey, mock);
    names.forEach((name, d) => {
      const step = stepOf(name);
      const at = (shift: number) =>
        likelihood.lnLikelihood({ ...parameters, [name]: parameterOf(parameters, name) + shift });
      gradient[d] = slopes[d]! * (at(step) - at(-step)) / (2 * step);
    });
    for (let d = 0; d < size; d++) {
      sum[d]! += gradient[d]! / count;
      for (let e = 0; e < size; e++) squares[d * size + e]! += gradient[d]! * gradient[e]! / count;
    }
  }
  const information = squares.map((value, at) =>
    value - sum[Math.floor(at / size)]! * sum[at % size]!
  );
  const precision = information.map((value, at) => value + (at % (size + 1) === 0 ? 1 : 0));
  const factor = factorCholesky(precision, size)!; // a covariance plus 1 is positive definite
  const bias = solveCholesky(factor, sum);
  const covariance = invertCholesky(factor);
  return names.map((name, d) => {
    const width = Math.sqrt(covariance[d * size + d]!);
    let variance = 0; // of the bias: row d of covariance times information times covariance
    for (let e = 0; e < size; e++) {
      for (let f = 0; f < size; f++) {
        variance += covariance[d * size + e]! * information[e * size + f]! *
          covariance[f * size + d]!;
      }
    }
    return { name, bias: bias[d]! / width, error: Math.sqrt(variance / count) / width };
  });
}

/** Derivatives of the parameters by the coordinates that are standard normal under the priors. */
function priorSlopes(parameters: SkyParameters, priors: SkyPriors): number[] {
  return parameterNames(priors).map((name) => {
    const prior = priorOf(priors, name);
    const u = priorCoordinate(prior, parameterOf(parameters, name));
    const step = 1e-3;
    return (priorValue(prior, u + step) - priorValue(prior, u - step)) / (2 * step);
  });
}
