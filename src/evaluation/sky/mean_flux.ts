/** The flux of clusters on the mean relations. */
import { lnLuminosityLimit } from "../../catalogs/sky/abundance.ts";
import type { SkyParameters } from "../../catalogs/sky/parameters.ts";
import { LN_PIVOT, lnKCorrection } from "../../catalogs/sky/relations.ts";
import type { SkySurvey } from "../../catalogs/sky/survey.ts";
import {
  type ExpansionRate,
  fastComovingDistance,
  fastExpansion,
} from "../../cosmology/fast_distance.ts";

/** The mean of ln(observed flux / limit) of clusters of a mass at a redshift. */
export function meanLnFluxRatio(
  survey: SkySurvey,
  parameters: SkyParameters,
  rate: ExpansionRate,
  z: number,
  lnMass: number,
): number {
  const m = lnMass - LN_PIVOT;
  const lnScale = Math.log1p(z);
  const lnE = Math.log(fastExpansion(rate, z));
  const lnT = parameters.lnT + parameters.slopeT * m + 2 / 3 * lnE;
  return parameters.lnL + parameters.slopeL * m + 2 * lnE + lnKCorrection(lnT, lnScale) -
    lnLuminosityLimit(survey.fluxLimit, fastComovingDistance(rate, z), lnScale);
}

/** ln of the mass [Msun/h] whose mean flux is the survey's limit at a redshift. */
export function leastLnMass(
  survey: SkySurvey,
  parameters: SkyParameters,
  rate: ExpansionRate,
  z: number,
): number {
  // The K-correction bends the relation by under 1%: three steps along the slope are exact.
  let lnMass = LN_PIVOT;
  for (let step = 0; step < 3; step++) {
    lnMass -= meanLnFluxRatio(survey, parameters, rate, z, lnMass) / parameters.slopeL;
  }
  return lnMass;
}
